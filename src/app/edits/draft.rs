//! Changes to a draft, which is read anew with every key: they name what they change by its id and words. When the draft
//! is sent they become [`Edit`]s of its turn, by position.

use super::State;
use crate::app::listing::Listing;
use crate::app::state::LIVE_DRAFT_BYTES;
use crate::chat::{Edit, Turn, TurnId};
use crate::constraints::parse::{follow, parse};
use crate::constraints::{Constraint, Kwargs};

/// A change to what a draft asks for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) enum DraftEdit {
    Add(Constraint),
    Change {
        of: Stated,
        kwargs: Kwargs,
    },
    Drop {
        of: Stated,
    },
    /// One of an earlier turn does not hold on.
    Forget {
        id: String,
        kwargs: Kwargs,
    },
}

/// A requirement by what it is and how the prompt says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Stated {
    id: String,
    words: String,
}

impl Stated {
    fn new(constraint: &Constraint, prompt: &str) -> Self {
        Self {
            id: constraint.id.clone(),
            words: prompt.get(constraint.span.clone()).unwrap_or_default().into(),
        }
    }
}

/// The changes by their positions in what was read of `prompt`; those about words that are gone are left out. What holds on
/// from earlier turns, `kept`, comes behind what was added.
pub(in crate::app) fn positioned(
    edits: &[DraftEdit],
    read: &[Constraint],
    prompt: &str,
    kept: Vec<Edit>,
) -> Vec<Edit> {
    let position = |of: &Stated| read.iter().position(|c| Stated::new(c, prompt) == *of);
    let added = edits
        .iter()
        .filter(|edit| matches!(edit, DraftEdit::Add(_)))
        .count();
    let forgotten = |edit: &Edit| match edit {
        Edit::Keep { constraint, .. } => edits.iter().any(|edit| match edit {
            DraftEdit::Forget { id, kwargs } => *id == constraint.id && *kwargs == constraint.kwargs,
            _ => false,
        }),
        _ => false,
    };
    let dropped: Vec<Edit> = kept
        .iter()
        .enumerate()
        .filter(|(_, edit)| forgotten(edit))
        .map(|(nth, _)| Edit::Drop {
            at: read.len() + added + nth,
        })
        .collect();
    let by_hand = edits.iter().filter_map(|edit| {
        Some(match edit {
            DraftEdit::Forget { .. } => return None,
            DraftEdit::Add(constraint) => Edit::Add {
                constraint: constraint.clone(),
            },
            DraftEdit::Change { of, kwargs } => Edit::Change {
                at: position(of)?,
                kwargs: kwargs.clone(),
            },
            DraftEdit::Drop { of } => Edit::Drop { at: position(of)? },
        })
    });
    by_hand.chain(kept).chain(dropped).collect()
}

/// The changes by hand to a turn, as changes to a draft that begins with its prompt.
fn as_draft(turn: &Turn) -> Vec<DraftEdit> {
    let read = turn.as_read.as_ref().unwrap_or(&turn.constraints);
    let mut edits = Vec::new();
    for (at, (constraint, was)) in turn.constraints.iter().zip(read).enumerate() {
        let of = || Stated::new(was, &turn.prompt);
        if constraint.kwargs != was.kwargs {
            let kwargs = constraint.kwargs.clone();
            edits.push(DraftEdit::Change { of: of(), kwargs });
        }
        if turn.is_dropped(at) {
            edits.push(DraftEdit::Drop { of: of() });
        }
    }
    let added = turn.edits.iter().filter(|edit| edit.adds());
    for ((nth, edit), constraint) in added.enumerate().zip(turn.constraints.iter().skip(read.len())) {
        let dropped = turn.is_dropped(read.len() + nth);
        match edit {
            Edit::Add { .. } if !dropped => edits.push(DraftEdit::Add(constraint.clone())),
            Edit::Keep { .. } if dropped => edits.push(DraftEdit::Forget {
                id: constraint.id.clone(),
                kwargs: constraint.kwargs.clone(),
            }),
            _ => {}
        }
    }
    edits
}

impl State {
    /// The message begins with a turn's prompt, and with what was changed by hand in what it asks for.
    pub(in crate::app) fn take_edits_of(&mut self, turn: TurnId) {
        self.draft_edits = self.conversation.turn(turn).map(as_draft).unwrap_or_default();
    }

    /// What `prompt` asks for by itself where it follows `parent`, and what holds on from the turns before it.
    pub(in crate::app) fn followed(
        &self,
        parent: Option<TurnId>,
        prompt: &str,
    ) -> (Vec<Constraint>, Vec<Edit>) {
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
    pub(in crate::app) fn draft_parent(&self) -> Option<TurnId> {
        self.branch_from
            .unwrap_or_else(|| self.conversation.head().map(|turn| turn.id))
    }

    /// The draft is read: its list follows, and the sidebar shows it unless an answer is being made.
    pub(in crate::app) fn list_draft(&mut self) {
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
        let kept = if !blank && before + text.len() <= LIVE_DRAFT_BYTES {
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
