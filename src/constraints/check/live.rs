//! All constraints of a turn, checked on its stream.

use super::{Checker, Status, checker, is_blank};
use crate::constraints::{Constraint, Semantics, Verdict};

/// One checker a constraint, fed together.
pub struct LiveCheck {
    semantics: Semantics,
    /// `None`: nothing can decide it.
    checkers: Vec<Option<Box<dyn Checker>>>,
    /// The answer ended without a character: nothing is followed.
    blank: bool,
}

impl LiveCheck {
    pub fn new(constraints: &[Constraint], prompt: &str, semantics: Semantics) -> Self {
        let checkers = constraints
            .iter()
            .map(|constraint| checker(constraint, prompt, semantics))
            .collect();
        Self {
            semantics,
            checkers,
            blank: false,
        }
    }

    /// The answer grew by `piece` (already part of `answer`).
    pub fn feed(&mut self, answer: &str, piece: &str) {
        for checker in self.checkers.iter_mut().flatten() {
            checker.feed(answer, piece);
        }
    }

    pub fn finish(&mut self, answer: &str) {
        self.blank = is_blank(answer);
        for checker in self.checkers.iter_mut().flatten() {
            checker.finish(answer);
        }
    }

    /// One status a constraint, in their order.
    pub fn statuses(&self) -> Vec<Status> {
        self.checkers
            .iter()
            .map(|checker| match checker {
                None => Status {
                    verdict: Verdict::NotCheckable,
                    value: String::new(),
                    places: Vec::new(),
                },
                Some(checker) if self.blank => Status {
                    verdict: Verdict::Broken,
                    ..checker.status()
                },
                Some(checker) => checker.status(),
            })
            .collect()
    }

    pub fn semantics(&self) -> Semantics {
        self.semantics
    }
}
