//! What the message being written asks for.

use crate::app::edits::{DraftEdit, Stated, as_draft, positioned};
use crate::app::listing::Listing;
use crate::app::state::State;
use crate::chat::{Edit, TurnId};
use crate::constraints::Constraint;
use crate::constraints::parse::{Reading, follow, parse};

/// Drafts longer than this are read when they are sent, not at every key.
pub(super) const LIVE_DRAFT_BYTES: usize = 16 * 1024;

impl State {
    pub(super) fn read_draft(&mut self) {
        let text = self.composer.readable_text(LIVE_DRAFT_BYTES);
        self.draft = if text.len() <= LIVE_DRAFT_BYTES {
            parse(&text)
        } else {
            Reading::default()
        };
        self.list_draft();
    }

    /// The message begins with a turn's prompt, and with what was changed by hand in what it asks for.
    pub(super) fn take_edits_of(&mut self, turn: TurnId) {
        self.draft_edits = self.conversation.turn(turn).map(as_draft).unwrap_or_default();
    }

    /// What `prompt` asks for by itself where it follows `parent`, and what holds on from the turns before it.
    pub(super) fn followed(&self, parent: Option<TurnId>, prompt: &str) -> (Vec<Constraint>, Vec<Edit>) {
        let path = self.conversation.path_to(parent);
        let short = |prompt: &str| prompt.len() <= LIVE_DRAFT_BYTES;
        // A prompt of that size is a text to work on, not one that sets rules.
        let mut prompts: Vec<&str> = path
            .iter()
            .map(|turn| {
                if short(&turn.prompt) {
                    turn.prompt.as_str()
                } else {
                    ""
                }
            })
            .collect();
        if prompts.is_empty() || !short(prompt) {
            return (parse(prompt).constraints, Vec::new());
        }
        prompts.push(prompt);
        let mut stated = Vec::new();
        let mut kept = Vec::new();
        for active in follow(&prompts).pop().unwrap_or_default() {
            match path.get(active.from_turn - 1) {
                Some(turn) => kept.push(Edit::Keep {
                    constraint: active.constraint,
                    from: turn.id,
                }),
                None => stated.push(active.constraint),
            }
        }
        (stated, kept)
    }

    /// The turn that the message being written will follow.
    pub(super) fn draft_parent(&self) -> Option<TurnId> {
        self.branch_from
            .unwrap_or_else(|| self.conversation.head().map(|turn| turn.id))
    }

    /// The draft is read: its list follows, and the sidebar shows it unless an answer is being made.
    pub(super) fn list_draft(&mut self) {
        let blank = self.composer.is_blank();
        if blank {
            self.draft_edits.clear();
        }
        let text = self.composer.readable_text(LIVE_DRAFT_BYTES);
        let before: usize = self
            .conversation
            .path_to(self.draft_parent())
            .iter()
            .map(|t| t.prompt.len())
            .sum();
        // Where nothing was said before, what holds is what the draft was just read to state.
        let kept = if !blank && before > 0 && before + text.len() <= LIVE_DRAFT_BYTES {
            let (stated, kept) = self.followed(self.draft_parent(), &text);
            self.draft_stated = stated;
            kept
        } else {
            self.draft_stated.clone_from(&self.draft.constraints);
            Vec::new()
        };
        let edits = positioned(&self.draft_edits, &self.draft_stated, &text, kept);
        self.draft_listing = Listing::of_draft(&self.draft, &self.draft_stated, &edits);
        let shows = !blank && self.run.is_none() && !self.draft_listing.is_empty();
        self.show_draft(shows);
        let last = self.listed().0.rows.len().saturating_sub(1);
        self.selected = self.selected.min(last);
    }

    pub(super) fn change_draft(&mut self, edit: Edit) {
        let prompt = self.composer.readable_text(LIVE_DRAFT_BYTES);
        let read = self.draft_stated.len();
        let behind = read
            + self
                .draft_edits
                .iter()
                .filter(|e| matches!(e, DraftEdit::Add(_)))
                .count();
        let of_earlier = |at: usize| {
            let constraint = self.draft_listing.constraints.get(at)?;
            Some(DraftEdit::Forget {
                id: constraint.id.clone(),
                kwargs: constraint.kwargs.clone(),
            })
        };
        let stated = |at: usize| Stated::new(&self.draft_stated[at], &prompt);
        // Position among the added ones, of a position behind what was read.
        let added = |edits: &[DraftEdit], at: usize| {
            let mut places = edits
                .iter()
                .enumerate()
                .filter(|(_, e)| matches!(e, DraftEdit::Add(_)));
            places.nth(at - read).map(|(place, _)| place)
        };
        match edit {
            Edit::Drop { at } if at >= behind => {
                let forget = of_earlier(at);
                self.draft_edits.extend(forget);
            }
            Edit::Restore { at } if at >= behind => {
                let forget = of_earlier(at);
                self.draft_edits.retain(|edit| Some(edit) != forget.as_ref());
            }
            // Another one takes its place.
            Edit::Change { at, kwargs } if at >= behind => {
                let forget = of_earlier(at);
                let changed = self
                    .draft_listing
                    .constraints
                    .get(at)
                    .map(|constraint| Constraint {
                        kwargs,
                        ..constraint.clone()
                    });
                self.draft_edits.extend(forget);
                self.draft_edits.extend(changed.map(DraftEdit::Add));
            }
            Edit::Keep { .. } => {}
            Edit::Add { constraint } => self.draft_edits.push(DraftEdit::Add(constraint)),
            Edit::Change { at, kwargs } if at < read => {
                let of = stated(at);
                self.draft_edits
                    .retain(|e| !matches!(e, DraftEdit::Change { of: other, .. } if *other == of));
                self.draft_edits.push(DraftEdit::Change { of, kwargs });
            }
            Edit::Change { at, kwargs } => {
                if let Some(place) = added(&self.draft_edits, at)
                    && let DraftEdit::Add(constraint) = &mut self.draft_edits[place]
                {
                    constraint.kwargs = kwargs;
                }
            }
            Edit::Drop { at } if at < read => {
                let of = stated(at);
                self.draft_edits.push(DraftEdit::Drop { of });
            }
            Edit::Drop { at } => {
                if let Some(place) = added(&self.draft_edits, at) {
                    self.draft_edits.remove(place);
                }
            }
            Edit::Restore { at } if at < read => {
                let of = stated(at);
                self.draft_edits
                    .retain(|e| !matches!(e, DraftEdit::Drop { of: other } if *other == of));
            }
            Edit::Restore { .. } => {}
        }
        self.list_draft();
    }
}
