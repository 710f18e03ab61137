//! Moving through turns and through the rows of the sidebar's list, and bringing what is selected into view. The turn that is
//! read is the head unless the reader went back; what runs goes on meanwhile.

use crate::app::edits::statuses;
use crate::app::effect::{Effect, Preferences};
use crate::app::focus::Focus;
use crate::app::listing::Listing;
use crate::app::scroll::Scroll;
use crate::app::state::{NoticeKind, Overlay, Reveal, State};
use crate::chat::TurnId;
use crate::constraints::parse::Reading;

impl State {
    /// Goes `step` turns on among those on screen; behind the last stands the draft, if there is one.
    pub(super) fn step_turn(&mut self, step: isize) {
        let path: Vec<TurnId> = self.conversation.path().iter().map(|turn| turn.id).collect();
        let Some(last) = path.len().checked_sub(1) else {
            return;
        };
        let here = self
            .shown()
            .and_then(|turn| path.iter().position(|id| *id == turn.id))
            .unwrap_or(last);
        if self.lists_draft && step < 0 {
            self.show_draft(false);
            return;
        }
        if here == last && step > 0 {
            if self.composer.is_blank() {
                self.answer_scroll = Scroll::Follow;
            } else {
                self.show_draft(true);
            }
            return;
        }
        let there = here.saturating_add_signed(step).min(last);
        if there == here && step < 0 {
            self.say(NoticeKind::Info, "this is the first turn");
        }
        self.read_turn(path[there]);
    }

    /// The panes show turn `id` of the branch on screen.
    pub(super) fn read_turn(&mut self, id: TurnId) {
        let is_head = self.head().is_some_and(|head| head.id == id);
        self.reading = (!is_head).then_some(id);
        self.lists_draft = false;
        self.thinking_scroll = if is_head { Scroll::Follow } else { Scroll::At(0) };
        self.refresh();
        if is_head {
            self.answer_scroll = Scroll::Follow;
        } else {
            self.reveal = Some(Reveal::Turn(id));
        }
    }

    pub(super) fn show_draft(&mut self, draft: bool) {
        if self.lists_draft != draft {
            self.lists_draft = draft;
            self.select_first();
        }
    }

    /// The list and the verdicts of the turn that is read, anew.
    pub(super) fn refresh(&mut self) {
        self.relist();
        self.select_first();
        self.reveal = None;
    }

    /// As [`State::refresh`], with the selection where it is.
    pub(super) fn relist(&mut self) {
        self.listing = self.shown().map(Listing::of_turn).unwrap_or_default();
        self.recheck();
    }

    fn recheck(&mut self) {
        self.statuses = match (self.shown_run(), self.shown()) {
            (Some(run), _) => run.check.statuses(),
            (None, Some(turn)) => statuses(turn, self.semantics),
            (None, None) => Vec::new(),
        };
    }

    /// The panes show the head, a turn that was just sent.
    pub(super) fn show_sent(&mut self, reading: Reading) {
        self.reading = None;
        self.lists_draft = false;
        self.listing = match self.head() {
            Some(turn) => Listing::of_reading(reading, turn),
            None => Listing::default(),
        };
        self.recheck();
        self.select_first();
        self.reveal = None;
    }

    pub(super) fn select_first(&mut self) {
        self.selected = self.listed().0.first();
        self.place = 0;
    }

    /// Selects a row and brings what it is about into view.
    pub(super) fn select(&mut self, row: usize) {
        self.selected = row;
        self.place = 1;
        self.reveal = self.places().into_iter().next();
        self.reveal_passage = true;
    }

    /// The next place of the selected constraint: where the answer decides it, then where the prompt states it.
    pub(super) fn show_place(&mut self) {
        let places = self.places();
        if self.focus == Focus::Constraints && !places.is_empty() {
            self.reveal = Some(places[self.place % places.len()].clone());
            self.place = (self.place + 1) % places.len();
        }
    }

    pub(super) fn fold_thinking(&mut self) {
        let folded = !self.is_thinking_folded();
        self.thinking_folded = folded;
        for run in self.runs() {
            run.thinking_folded = folded;
        }
    }

    pub(super) fn remember(&self, effects: &mut Vec<Effect>) {
        effects.push(Effect::KeepScreen(Preferences {
            thinking_folded: self.thinking_folded,
            sidebar_hidden: self.sidebar_hidden,
        }));
    }

    /// Opens the view of the thinking against the constraints of the turn that is read.
    pub(super) fn inspect(&mut self) {
        match self.shown() {
            Some(turn) if !turn.thinking.is_empty() => {
                self.show_draft(false);
                self.overlay = Some(Overlay::Inspect);
            }
            Some(_) => self.say(NoticeKind::Info, "this answer came without thinking"),
            None => self.say(NoticeKind::Info, "there is no thinking to inspect yet"),
        }
    }

    /// Closes that view at the passages of its selected row.
    pub(super) fn show_inspected(&mut self) {
        self.sidebar_hidden = false;
        self.thinking_folded = false;
        self.zoomed = false;
        self.focus = Focus::Constraints;
        self.select(self.selected);
    }

    /// What there is to see of the selected row.
    fn places(&self) -> Vec<Reveal> {
        if self.is_listing_draft() {
            return Vec::new();
        }
        let in_answer = self
            .selected_constraint()
            .and_then(|at| self.statuses.get(at))
            .map_or(&[][..], |status| status.places.as_slice());
        let mut places: Vec<Reveal> = in_answer.iter().cloned().map(Reveal::Answer).collect();
        places.extend(self.listing.stated(self.selected).map(Reveal::Prompt));
        places
    }
}
