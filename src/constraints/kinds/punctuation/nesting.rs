//! Brackets and quotation marks inside each other.

use crate::constraints::checker::{CharFinder, Found};

/// A bracket closed that was part of a nest five deep. A bracket that does not match starts everything anew.
#[derive(Default)]
pub struct Brackets {
    open: Vec<(usize, char)>,
    deepest: usize,
}

const BRACKETS: usize = 5;

impl CharFinder for Brackets {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        match c {
            '(' | '[' | '{' => {
                self.open.push((at, c));
                self.deepest = self.deepest.max(self.open.len());
            }
            ')' | ']' | '}' => match self.open.pop() {
                Some((start, '(')) if c == ')' => self.close(start..at + 1, found),
                Some((start, '[')) if c == ']' => self.close(start..at + 1, found),
                Some((start, '{')) if c == '}' => self.close(start..at + 1, found),
                _ => *self = Self::default(),
            },
            _ => {}
        }
    }
}

impl Brackets {
    fn close(&self, place: std::ops::Range<usize>, found: &mut Found) {
        if self.deepest >= BRACKETS {
            found.add(place);
        }
    }
}

/// Three levels of straight quotation marks closed, single ones (and so apostrophes) as well as double ones.
#[derive(Default)]
pub struct Quotes {
    open: Vec<(usize, char)>,
    deepest: usize,
}

const QUOTES: usize = 3;

impl CharFinder for Quotes {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if !matches!(c, '"' | '\'') {
            return;
        }
        match self.open.last() {
            Some(&(start, mark)) if mark == c => {
                self.open.pop();
                if self.deepest - self.open.len() >= QUOTES {
                    found.add(start..at + 1);
                }
            }
            _ => {
                self.open.push((at, c));
                self.deepest = self.deepest.max(self.open.len());
            }
        }
    }
}
