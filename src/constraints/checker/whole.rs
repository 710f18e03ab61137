//! Checks that need the whole answer.

use super::Checker;
use crate::constraints::Verdict;

/// Runs a check over the answer as far as it goes, whenever it has grown by an eighth (and by at least 64 bytes): the
/// verdict while streaming is that of the last such length, and all runs together cost a constant times the last one.
pub struct Whole<C> {
    check: C,
    next: usize,
    /// `None`: it cannot be told.
    passes: Option<bool>,
    value: String,
    finished: bool,
}

/// How much an answer grows before it is looked at again.
const STEP: usize = 64;

impl<C, R> Whole<C>
where
    C: Fn(&str) -> (R, String) + Send,
    R: Into<Option<bool>>,
{
    /// `check` tells whether a finished answer passes (`None`: it cannot be told), and what to show for it.
    pub fn new(check: C) -> Self {
        Self {
            check,
            next: STEP,
            passes: Some(false),
            value: String::new(),
            finished: false,
        }
    }

    fn look(&mut self, answer: &str) {
        let (passes, value) = (self.check)(answer);
        (self.passes, self.value) = (passes.into(), value);
    }
}

impl<C, R> Checker for Whole<C>
where
    C: Fn(&str) -> (R, String) + Send,
    R: Into<Option<bool>>,
{
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
            self.look(&answer[..length]);
        }
    }

    fn finish(&mut self, answer: &str) {
        self.look(answer);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (self.passes, self.finished) {
            (Some(true), true) => Verdict::Met,
            (Some(false), true) => Verdict::Broken,
            (None, true) => Verdict::NotCheckable,
            (Some(true), false) => Verdict::Holding,
            (_, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        self.value.clone()
    }
}
