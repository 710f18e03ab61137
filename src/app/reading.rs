//! Which turn the panes follow, and what the sidebar lists of it.
//!
//! Owns moving through turns and through the rows of the list, and bringing what is selected into view. The turn that is
//! read is the head unless the reader went back; what runs goes on meanwhile.

use super::edits::statuses;
use super::effect::{Effect, Preferences};
use super::listing::Listing;
use super::run::{Phase, Run};
use super::scroll::Scroll;
use super::state::{Focus, NoticeKind, Overlay, Reveal, State};
use crate::chat::{Turn, TurnId};
use crate::constraints::Verdict;
use crate::constraints::check::{Applies, Status};
use crate::constraints::parse::Reading;

impl State {
    /// The turn whose thinking, answer and constraints the panes show.
    pub fn shown(&self) -> Option<&Turn> {
        self.reading
            .and_then(|id| self.conversation.turn(id))
            .or_else(|| self.head())
    }

    /// The running turn, if it is the one that is read.
    pub fn shown_run(&self) -> Option<&Run> {
        let shown = self.shown()?.id;
        self.run.as_ref().filter(|run| run.turn == shown)
    }

    /// The place of the turn that is read among those on screen, and how many there are; `None` at the head.
    pub fn shown_of(&self) -> Option<(usize, usize)> {
        let shown = self.reading?;
        let path = self.conversation.path();
        let at = path.iter().position(|turn| turn.id == shown)?;
        (at + 1 < path.len()).then_some((at + 1, path.len()))
    }

    /// The sidebar lists the draft.
    pub fn is_listing_draft(&self) -> bool {
        self.lists_draft || self.head().is_none()
    }

    /// What is listed was asked and will not be answered any more.
    pub fn is_unanswered(&self) -> bool {
        let is_over = self.shown_run().is_none() && !self.is_listing_draft();
        is_over && self.shown().is_some_and(Turn::is_unanswered)
    }

    /// What the sidebar lists, and how the answer does; no statuses where nothing was answered.
    pub fn listed(&self) -> (&Listing, &[Status]) {
        if self.is_listing_draft() {
            (&self.draft_listing, &[])
        } else {
            (&self.listing, &self.statuses)
        }
    }

    /// The position of the constraint in the selected row.
    pub fn selected_constraint(&self) -> Option<usize> {
        self.listed().0.constraint_at(self.selected)
    }

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

    /// Whether the thinking of the turn that is read is folded now: who folds it still sees it while it is live, unless it
    /// was folded then.
    pub fn is_thinking_folded(&self) -> bool {
        match self.shown_run() {
            Some(run) if run.phase != Phase::Answering => run.thinking_folded,
            _ => self.thinking_folded,
        }
    }

    pub(super) fn fold_thinking(&mut self) {
        let folded = !self.is_thinking_folded();
        self.thinking_folded = folded;
        if let Some(run) = &mut self.run {
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

    /// Requirements by verdict. What was dropped, and what stands in a branch that the answer did not take, does not count;
    /// what stands in one that may not apply is open.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        let (listing, statuses) = self.listed();
        if statuses.is_empty() {
            return tally;
        }
        for (at, status) in statuses.iter().enumerate() {
            if listing.is_dropped(at) || status.applies == Applies::NotTaken {
                continue;
            }
            *match status.verdict {
                _ if status.applies == Applies::Undecided => &mut tally.open,
                Verdict::NotCheckable => &mut tally.unchecked,
                Verdict::Met => &mut tally.met,
                Verdict::Holding => &mut tally.holding,
                Verdict::Broken => &mut tally.broken,
                Verdict::Pending | Verdict::AtRisk => &mut tally.open,
            } += 1;
        }
        tally.unchecked += listing.soft.len();
        tally
    }
}

/// How many requirements are how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub met: usize,
    /// Met so far: more text can break it.
    pub holding: usize,
    pub broken: usize,
    pub open: usize,
    /// No rule decides it.
    pub unchecked: usize,
}
