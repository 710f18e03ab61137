//! Checks that need the whole answer.

use super::Checker;
use crate::constraints::Verdict;

/// Runs a check over the answer as far as it goes, whenever it has grown by an eighth (and by at least 64 bytes): the
/// verdict while streaming is that of the last such length, and all runs together cost a constant times the last one.
pub struct Whole<C> {
    check: C,
    next: usize,
    passes: bool,
    value: String,
    finished: bool,
}

/// How much an answer grows before it is looked at again.
const STEP: usize = 64;

impl<C: Fn(&str) -> (bool, String) + Send> Whole<C> {
    /// `check` tells whether a finished answer passes, and what to show for it.
    pub fn new(check: C) -> Self {
        Self {
            check,
            next: STEP,
            passes: false,
            value: String::new(),
            finished: false,
        }
    }
}

impl<C: Fn(&str) -> (bool, String) + Send> Checker for Whole<C> {
    fn feed(&mut self, answer: &str, _piece: &str) {
        // The lengths looked at depend on the text alone, not on how it was cut.
        let mut due = None;
        while self.next <= answer.len() {
            due = Some(self.next);
            self.next += STEP.max(self.next / 8);
        }
        if let Some(mut length) = due {
            while !answer.is_char_boundary(length) {
                length -= 1;
            }
            (self.passes, self.value) = (self.check)(&answer[..length]);
        }
    }

    fn finish(&mut self, answer: &str) {
        (self.passes, self.value) = (self.check)(answer);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (self.passes, self.finished) {
            (true, true) => Verdict::Met,
            (false, true) => Verdict::Broken,
            (true, false) => Verdict::Holding,
            (false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        self.value.clone()
    }
}
