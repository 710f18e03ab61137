//! Checks that need the whole answer.

use super::Checker;
use crate::constraints::Verdict;

/// When a growing answer is looked at: after 64 bytes, and whenever it has grown by an eighth (and by at least 64 bytes). All
/// looks together cost a constant times the last one, and their lengths depend on the text alone, not on how it was cut.
#[derive(Clone, Debug)]
pub struct Looks {
    next: usize,
}

/// How much an answer grows before it is looked at again.
const STEP: usize = 64;

impl Default for Looks {
    fn default() -> Self {
        Self { next: STEP }
    }
}

impl Looks {
    /// What is to be looked at now that the answer is so long, if it is time.
    pub fn due<'a>(&mut self, answer: &'a str) -> Option<&'a str> {
        let mut due = None;
        while self.next <= answer.len() {
            due = Some(self.next);
            self.next += STEP.max(self.next / 8);
        }
        let mut length = due?;
        while !answer.is_char_boundary(length) {
            length -= 1;
        }
        Some(&answer[..length])
    }
}

/// Runs a check over the answer as far as it goes, when [`Looks`] says: the verdict while streaming is that of the last look.
pub struct Whole<C> {
    check: C,
    looks: Looks,
    /// `None`: it cannot be told.
    passes: Option<bool>,
    value: String,
    finished: bool,
}

impl<C, R> Whole<C>
where
    C: Fn(&str) -> (R, String) + Send,
    R: Into<Option<bool>>,
{
    /// `check` tells whether a finished answer passes (`None`: it cannot be told), and what to show for it.
    pub fn new(check: C) -> Self {
        Self {
            check,
            looks: Looks::default(),
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
        if let Some(answer) = self.looks.due(answer) {
            self.look(answer);
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
