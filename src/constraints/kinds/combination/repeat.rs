//! Repeating a text at the beginning.

use std::ops::Range;

use crate::constraints::{Semantics, Verdict, checker::Checker, text::chars::is_space};

/// The answer begins with a text, its case ignored. As worded, white space, quotation marks and emphasis do not matter.
pub struct StartsWithText {
    wanted: Vec<char>,
    semantics: Semantics,
    matched: usize,
    begun: Option<usize>,
    /// The bytes of the match, or of the first difference.
    place: Option<Range<usize>>,
    broken: bool,
    finished: bool,
}

impl StartsWithText {
    pub fn new(text: &str, semantics: Semantics) -> Self {
        let counts = |c: &char| semantics == Semantics::Official || !is_ornament(*c);
        let wanted = text
            .trim_matches(is_space)
            .chars()
            .filter(counts)
            .flat_map(char::to_lowercase)
            .collect();
        Self {
            wanted,
            semantics,
            matched: 0,
            begun: None,
            place: None,
            broken: false,
            finished: false,
        }
    }

    fn is_done(&self) -> bool {
        self.matched == self.wanted.len()
    }
}

/// What does not change the words.
fn is_ornament(c: char) -> bool {
    is_space(c) || matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’' | '*' | '_' | '>' | '`')
}

impl Checker for StartsWithText {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            if self.is_done() || self.broken {
                return;
            }
            let skipped = match self.semantics {
                Semantics::Official => self.begun.is_none() && is_space(c),
                Semantics::AsWorded => is_ornament(c),
            };
            if skipped {
                continue;
            }
            let at = from + offset;
            let start = *self.begun.get_or_insert(at);
            for lower in c.to_lowercase() {
                match self.wanted.get(self.matched) {
                    Some(&wanted) if wanted == lower => self.matched += 1,
                    Some(_) => {
                        self.broken = true;
                        self.place = Some(at..at + c.len_utf8());
                        return;
                    }
                    None => {}
                }
            }
            self.place = Some(start..at + c.len_utf8());
        }
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (self.broken, self.is_done(), self.finished) {
            (true, ..) | (false, false, true) => Verdict::Broken,
            (false, true, _) => Verdict::Met,
            (false, false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        let share = self.matched * 100 / self.wanted.len().max(1);
        match (self.broken, self.is_done()) {
            (true, _) if share == 0 => "begins otherwise".into(),
            (true, _) => format!("differs after {share}%"),
            (false, true) => "word for word".into(),
            (false, false) => format!("{share}% of it so far"),
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.place.iter().cloned().collect()
    }
}
