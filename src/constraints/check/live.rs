//! All constraints of a turn, checked on its stream.

use super::{Applies, Status, branches::Branches, checker, is_blank};
use crate::constraints::{Constraint, Semantics, Verdict, checker::Checker};

/// One checker a constraint, fed together.
pub struct LiveCheck {
    semantics: Semantics,
    constraints: Vec<Constraint>,
    prompt: String,
    /// `None`: nothing can decide it.
    checkers: Vec<Option<Box<dyn Checker>>>,
    branches: Branches,
    /// By constraint, the verdict of the other semantics on the finished answer where it is another one.
    differs: Vec<Option<Verdict>>,
    finished: bool,
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
            constraints: constraints.to_vec(),
            prompt: prompt.to_owned(),
            checkers,
            branches: Branches::of(constraints, prompt),
            differs: vec![None; constraints.len()],
            finished: false,
            blank: false,
        }
    }

    /// The answer grew by `piece` (already part of `answer`).
    pub fn feed(&mut self, answer: &str, piece: &str) {
        for checker in self.checkers.iter_mut().flatten() {
            checker.feed(answer, piece);
        }
    }

    /// The answer is complete. Also asks the other semantics.
    pub fn finish(&mut self, answer: &str) {
        self.finished = true;
        self.blank = is_blank(answer);
        for checker in self.checkers.iter_mut().flatten() {
            checker.finish(answer);
        }
        let other = match self.semantics {
            Semantics::Official => Semantics::AsWorded,
            Semantics::AsWorded => Semantics::Official,
        };
        for ((constraint, own), differs) in self.constraints.iter().zip(&self.checkers).zip(&mut self.differs)
        {
            let verdict = checker(constraint, &self.prompt, other).map(|mut checker| {
                checker.feed(answer, answer);
                checker.finish(answer);
                checker.verdict()
            });
            let own = own.as_ref().map(|checker| checker.verdict());
            *differs = verdict.filter(|_| verdict != own && !self.blank);
        }
    }

    /// One status a constraint, in their order.
    pub fn statuses(&self) -> Vec<Status> {
        let mut statuses: Vec<Status> = self
            .checkers
            .iter()
            .zip(&self.differs)
            .map(|(checker, &differs)| match checker {
                None => Status {
                    verdict: Verdict::NotCheckable,
                    value: String::new(),
                    places: Vec::new(),
                    differs: None,
                    applies: Applies::Always,
                },
                Some(checker) if self.blank => Status {
                    verdict: Verdict::Broken,
                    ..Status::of(checker.as_ref())
                },
                Some(checker) => Status {
                    differs,
                    ..Status::of(checker.as_ref())
                },
            })
            .collect();
        self.branches.apply(&mut statuses, self.finished);
        statuses
    }

    pub fn semantics(&self) -> Semantics {
        self.semantics
    }
}
