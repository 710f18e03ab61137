//! Deciding constraints on a growing answer.
//!
//! Owns the checker trait, its driver for a whole answer (strict and loose) and for a stream.

use std::ops::Range;

use super::{Constraint, Semantics, Verdict};

/// Decides one constraint incrementally. A piece costs what the piece costs, not what the answer costs.
///
/// Laws (property tests): the state after any chunking of a text is the state after feeding it whole; a latched verdict
/// never changes; `finish` agrees with the batch check.
pub trait Checker: Send {
    /// Takes the next piece of the answer. `answer` is everything so far, the piece included (its last `piece.len()`
    /// bytes), so that a checker need not keep a copy.
    fn feed(&mut self, answer: &str, piece: &str);
    /// The answer is complete: settles what waited for more text.
    fn finish(&mut self, answer: &str);
    fn status(&self) -> Status;
}

/// What a row of the sidebar shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub verdict: Verdict,
    /// `182/300 words`; empty where there is nothing to count.
    pub value: String,
    /// Byte ranges of the answer that break it (if broken) or fulfil it.
    pub places: Vec<Range<usize>>,
}

/// All constraints of a turn, checked on its stream.
pub struct LiveCheck {
    semantics: Semantics,
}

impl LiveCheck {
    pub fn new(_constraints: &[Constraint], _prompt: &str, semantics: Semantics) -> Self {
        Self { semantics }
    }

    /// The answer grew by `piece` (already part of `answer`).
    pub fn feed(&mut self, _answer: &str, _piece: &str) {}

    pub fn finish(&mut self, _answer: &str) {}

    /// One status a constraint, in their order.
    pub fn statuses(&self) -> Vec<Status> {
        Vec::new()
    }

    pub fn semantics(&self) -> Semantics {
        self.semantics
    }
}

/// The verdicts on a finished answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `None`: it cannot be decided (unknown id, no data).
    pub strict: Option<bool>,
    pub loose: Option<bool>,
    pub value: String,
}

/// Checks a finished answer against one constraint, by IFEval's strict and loose rules.
pub fn decide(_constraint: &Constraint, _prompt: &str, _answer: &str, _semantics: Semantics) -> Decision {
    Decision {
        strict: None,
        loose: None,
        value: String::new(),
    }
}
