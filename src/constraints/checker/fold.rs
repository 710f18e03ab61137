//! Checks that gather figures from every unit and judge them together.

use super::{Checker, Unit, Units};
use crate::constraints::Verdict;

/// Adds every unit to a state; what the state amounts to is settled when the answer is.
pub struct Fold<S, A, J> {
    units: Units,
    state: S,
    add: A,
    judge: J,
    finished: bool,
}

impl<S, A: FnMut(&mut S, &str), J: Fn(&S) -> (bool, String)> Fold<S, A, J> {
    /// `judge` tells whether the state passes, and what to show for it.
    pub fn new(unit: Unit, state: S, add: A, judge: J) -> Self {
        Self {
            units: Units::new(unit),
            state,
            add,
            judge,
            finished: false,
        }
    }
}

impl<S, A, J> Checker for Fold<S, A, J>
where
    S: Send,
    A: FnMut(&mut S, &str) + Send,
    J: Fn(&S) -> (bool, String) + Send,
{
    fn feed(&mut self, answer: &str, piece: &str) {
        self.units.feed(answer, answer.len() - piece.len(), |place| {
            (self.add)(&mut self.state, &answer[place])
        });
    }

    fn finish(&mut self, answer: &str) {
        self.units
            .finish(answer, |place| (self.add)(&mut self.state, &answer[place]));
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match ((self.judge)(&self.state).0, self.finished) {
            (true, true) => Verdict::Met,
            (false, true) => Verdict::Broken,
            (true, false) => Verdict::Holding,
            (false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        (self.judge)(&self.state).1
    }
}

/// Judges the unit of one number, as soon as it is complete.
pub struct AtUnit<T> {
    units: Units,
    number: usize,
    test: T,
    seen: usize,
    result: Option<(bool, std::ops::Range<usize>)>,
    finished: bool,
}

impl<T: Fn(&str) -> bool> AtUnit<T> {
    /// `number` counts from one.
    pub fn new(unit: Unit, number: usize, test: T) -> Self {
        Self {
            units: Units::new(unit),
            number,
            test,
            seen: 0,
            result: None,
            finished: false,
        }
    }
}

impl<T: Fn(&str) -> bool + Send> Checker for AtUnit<T> {
    fn feed(&mut self, answer: &str, piece: &str) {
        self.units.feed(answer, answer.len() - piece.len(), |place| {
            self.seen += 1;
            if self.seen == self.number {
                self.result = Some(((self.test)(&answer[place.clone()]), place));
            }
        });
    }

    fn finish(&mut self, answer: &str) {
        self.units.finish(answer, |place| {
            self.seen += 1;
            if self.seen == self.number {
                self.result = Some(((self.test)(&answer[place.clone()]), place));
            }
        });
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.result, self.finished) {
            (Some((true, _)), _) => Verdict::Met,
            (Some((false, _)), _) | (None, true) => Verdict::Broken,
            (None, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        if self.seen < self.number {
            format!("{}/{} sentences", self.seen, self.number)
        } else {
            String::new()
        }
    }

    fn places(&self) -> Vec<std::ops::Range<usize>> {
        self.result.iter().map(|(_, place)| place.clone()).collect()
    }
}
