//! Deciding one constraint on a growing answer.
//!
//! Owns the checker trait and the adapters that most checkers are made of: counts, folds over units of text, what waits for the
//! whole answer. What an id means is in `kinds`, which build their checkers of these; what drives them is `check`.

mod count;
mod fold;
mod tokens;
mod units;
mod whole;

use std::ops::Range;

pub use count::{Bounds, CharFinder, Count, Finder, Found};
pub use fold::{AtUnit, Fold};
pub use tokens::TokenFinder;
pub use units::{Every, Judgement, Unit, UnitFinder, Units};
pub use whole::{Looks, Whole};

use super::Verdict;

/// Decides one constraint incrementally. A piece costs what the piece costs, not what the answer costs.
///
/// Laws (property tests): the state after any chunking of a text is the state after feeding it whole; a latched verdict
/// never changes; the verdict after `finish` is [`Verdict::Met`] or [`Verdict::Broken`], or [`Verdict::NotCheckable`] where the
/// part of the answer that is bound is not there to be found, or the answer is too short to tell.
pub trait Checker: Send {
    /// Takes the next piece of the answer. `answer` is everything so far, the piece included (its last `piece.len()`
    /// bytes), so that a checker need not keep a copy.
    fn feed(&mut self, answer: &str, piece: &str);

    /// The answer is complete: settles what waited for more text.
    fn finish(&mut self, answer: &str);

    fn verdict(&self) -> Verdict;

    /// `182/300 words`; empty where there is nothing to count.
    fn value(&self) -> String {
        String::new()
    }

    /// Byte ranges of the answer that break it (if broken) or fulfil it: the first few, where there are many.
    fn places(&self) -> Vec<Range<usize>> {
        Vec::new()
    }
}
