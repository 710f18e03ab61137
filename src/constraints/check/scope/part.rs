//! One part of an answer, alone.

use crate::constraints::{Verdict, check::is_blank, checker::Checker};

/// Makes a checker for one part.
pub type Build = Box<dyn Fn() -> Option<Box<dyn Checker>> + Send>;

/// Whether a part, taken alone, follows the constraint.
pub fn passes(build: &Build, text: &str) -> bool {
    !is_blank(text)
        && build().is_some_and(|mut checker| {
            checker.feed(text, text);
            checker.finish(text);
            checker.verdict() == Verdict::Met
        })
}

/// Which parts are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Counts from one.
    Number(usize),
    Last,
    Each,
}

impl Index {
    /// `3`, `last`, `each`, `all`.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "last" => Some(Self::Last),
            "each" | "all" => Some(Self::Each),
            number => number.parse().ok().filter(|&number| number > 0).map(Self::Number),
        }
    }
}
