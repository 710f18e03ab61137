//! Few vowels.

use std::ops::Range;

use crate::constraints::{Verdict, checker::Checker, text::chars::is_space};

/// One paragraph with no more than three of a, e, i, o, u.
#[derive(Default)]
pub struct FewVowels {
    seen: Vec<char>,
    begun: bool,
    /// A newline that ends the text if nothing follows.
    newline: Option<usize>,
    broken: Option<Range<usize>>,
    finished: bool,
}

const MOST: usize = 3;

impl Checker for FewVowels {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            if self.broken.is_some() {
                return;
            }
            let at = from + offset;
            if is_space(c) {
                if c == '\n' && self.begun {
                    self.newline.get_or_insert(at);
                }
                continue;
            }
            self.begun = true;
            if let Some(newline) = self.newline {
                self.broken = Some(newline..newline + 1);
            }
            for lower in c
                .to_lowercase()
                .filter(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'))
            {
                if !self.seen.contains(&lower) {
                    self.seen.push(lower);
                    if self.seen.len() > MOST {
                        self.broken.get_or_insert(at..at + c.len_utf8());
                    }
                }
            }
        }
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.broken, self.finished) {
            (Some(_), _) => Verdict::Broken,
            (None, true) => Verdict::Met,
            (None, false) => Verdict::Holding,
        }
    }

    fn value(&self) -> String {
        format!("{}/{MOST} vowels", self.seen.len())
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.broken.iter().cloned().collect()
    }
}
