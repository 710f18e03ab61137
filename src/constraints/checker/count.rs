//! Counting something and holding the number against its limits.

use std::ops::Range;

use super::Checker;
use crate::constraints::{
    Verdict,
    args::{ArgError, Args, Relation},
};

/// How many places of a count are kept for the screen.
const PLACES: usize = 64;

/// Finds what is counted. What has been reported stays: a finder waits where more text could take it back.
pub trait Finder: Send {
    /// The answer grew; its bytes from `from` are new.
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found);

    /// No more text comes.
    fn finish(&mut self, _answer: &str, _found: &mut Found) {}
}

/// A finder that looks at one character after the other.
pub trait CharFinder: Send {
    fn take(&mut self, at: usize, c: char, found: &mut Found);

    fn end(&mut self, _length: usize, _found: &mut Found) {}
}

impl<T: CharFinder> Finder for T {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        for (offset, c) in answer[from..].char_indices() {
            self.take(from + offset, c, found);
        }
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.end(answer.len(), found);
    }
}

/// What a finder has found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    count: usize,
    most: Option<usize>,
    first: Vec<Range<usize>>,
    excess: Vec<Range<usize>>,
}

impl Found {
    pub fn add(&mut self, place: Range<usize>) {
        let places = if self.most.is_some_and(|most| self.count >= most) {
            &mut self.excess
        } else {
            &mut self.first
        };
        if places.len() < PLACES {
            places.push(place);
        }
        self.count += 1;
    }

    pub fn count(&self) -> usize {
        self.count
    }
}

/// From how many to how many, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub least: usize,
    pub most: Option<usize>,
}

impl Bounds {
    pub fn new(relation: Relation, number: usize) -> Self {
        match relation {
            Relation::AtLeast => Self::at_least(number),
            // Fewer than none is impossible.
            Relation::LessThan if number == 0 => Self {
                least: 1,
                most: Some(0),
            },
            Relation::LessThan => Self {
                least: 0,
                most: Some(number - 1),
            },
            Relation::Exactly => Self {
                least: number,
                most: Some(number),
            },
        }
    }

    pub fn at_least(number: usize) -> Self {
        Self {
            least: number,
            most: None,
        }
    }

    /// Reads a relation and a number from the arguments of those names.
    pub fn from_args(args: Args, relation: &'static str, number: &'static str) -> Result<Self, ArgError> {
        Ok(Self::new(args.relation(relation)?, args.count(number)?))
    }

    /// As [`Self::from_args`]; without a relation the number is meant exactly.
    pub fn exactly_by_default(args: Args, number: &'static str) -> Result<Self, ArgError> {
        Ok(Self::new(
            args.relation_or_exactly("relation")?,
            args.count(number)?,
        ))
    }

    pub fn verdict(&self, count: usize, finished: bool) -> Verdict {
        match self.most {
            Some(most) if count > most => Verdict::Broken,
            _ if count < self.least => {
                if finished {
                    Verdict::Broken
                } else {
                    Verdict::Pending
                }
            }
            None => Verdict::Met,
            Some(_) if finished => Verdict::Met,
            // Within the last twentieth before the limit. Small limits leave no room for a warning.
            Some(most) if count >= self.least && most >= 20 && count * 20 >= most * 19 => Verdict::AtRisk,
            Some(_) => Verdict::Holding,
        }
    }

    /// `182/300 words`, `182 of 100-300 words`.
    pub fn value(&self, count: usize, (one, many): (&str, &str)) -> String {
        let named = |target: usize| format!("{count}/{target} {}", if target == 1 { one } else { many });
        match self.most {
            Some(0) => format!("{count} {}", if count == 1 { one } else { many }),
            Some(most) if self.least == most || self.least == 0 => named(most),
            Some(most) => format!("{count} of {}-{most} {many}", self.least),
            None => named(self.least),
        }
    }
}

/// Counts with a finder.
pub struct Count<F> {
    finder: F,
    found: Found,
    bounds: Bounds,
    /// Singular and plural of what is counted.
    noun: (&'static str, &'static str),
    finished: bool,
}

impl<F: Finder> Count<F> {
    pub fn new(finder: F, bounds: Bounds, noun: (&'static str, &'static str)) -> Self {
        let found = Found {
            most: bounds.most,
            ..Found::default()
        };
        Self {
            finder,
            found,
            bounds,
            noun,
            finished: false,
        }
    }
}

impl<F: Finder> Checker for Count<F> {
    fn feed(&mut self, answer: &str, piece: &str) {
        self.finder
            .feed(answer, answer.len() - piece.len(), &mut self.found);
    }

    fn finish(&mut self, answer: &str) {
        self.finder.finish(answer, &mut self.found);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        self.bounds.verdict(self.found.count, self.finished)
    }

    fn value(&self) -> String {
        self.bounds.value(self.found.count, self.noun)
    }

    fn places(&self) -> Vec<Range<usize>> {
        if self.verdict() == Verdict::Broken && !self.found.excess.is_empty() {
            self.found.excess.clone()
        } else {
            self.found.first.clone()
        }
    }
}
