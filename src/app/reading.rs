//! Which turn the panes show, and what the sidebar lists of it. Changes nothing.

use super::listing::Listing;
use super::run::{Phase, Run};
use super::state::State;
use crate::chat::{Turn, TurnId};
use crate::constraints::Verdict;
use crate::constraints::check::{Applies, Status};

impl State {
    /// The turn whose thinking, answer and constraints the panes show.
    pub fn shown(&self) -> Option<&Turn> {
        self.reading
            .and_then(|id| self.conversation.turn(id))
            .or_else(|| self.head())
    }

    /// The running turn, if it is the one that is read.
    pub fn shown_run(&self) -> Option<&Run> {
        self.run_of(self.shown()?.id)
    }

    /// The run of a turn that is being answered.
    pub fn run_of(&self, turn: TurnId) -> Option<&Run> {
        let runs = [&self.run, &self.beside];
        runs.into_iter().flatten().find(|run| run.turn == turn)
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

    /// Whether the thinking of the turn that is read is folded now: who folds it still sees it while it is live, unless it
    /// was folded then.
    pub fn is_thinking_folded(&self) -> bool {
        match self.shown_run() {
            Some(run) if run.phase != Phase::Answering => run.thinking_folded,
            _ => self.thinking_folded,
        }
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
