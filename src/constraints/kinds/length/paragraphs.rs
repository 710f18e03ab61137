//! Paragraphs separated by `***`.

use std::ops::Range;

use crate::constraints::{Verdict, checker::Checker, text::chars::is_space};

/// Splits at every three asterisks in a row (so `****` leaves one for the next part). A part of white space fails the
/// whole answer, except the first and the last, which do not count.
pub struct StarredParagraphs {
    wanted: usize,
    stars: usize,
    /// Parts closed by a separator, blank or not.
    closed: usize,
    /// Parts with text, the one in progress included.
    filled: usize,
    has_text: bool,
    blank_inside: Option<Range<usize>>,
    too_many: Option<Range<usize>>,
    finished: bool,
}

impl StarredParagraphs {
    pub fn new(wanted: usize) -> Self {
        Self {
            wanted,
            stars: 0,
            closed: 0,
            filled: 0,
            has_text: false,
            blank_inside: None,
            too_many: None,
            finished: false,
        }
    }

    fn text(&mut self, place: Range<usize>) {
        if !self.has_text {
            self.has_text = true;
            self.filled += 1;
            if self.filled > self.wanted {
                self.too_many.get_or_insert(place);
            }
        }
    }

    fn take(&mut self, at: usize, c: char) {
        if c == '*' {
            self.stars += 1;
            if self.stars == 3 {
                if !self.has_text && self.closed > 0 {
                    self.blank_inside.get_or_insert(at - 2..at + 1);
                }
                self.closed += 1;
                self.has_text = false;
                self.stars = 0;
            }
            return;
        }
        if self.stars > 0 || !is_space(c) {
            self.text(at - self.stars..at + c.len_utf8());
            self.stars = 0;
        }
    }
}

impl Checker for StarredParagraphs {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            self.take(from + offset, c);
        }
    }

    fn finish(&mut self, answer: &str) {
        if self.stars > 0 {
            self.text(answer.len() - self.stars..answer.len());
        }
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        if self.blank_inside.is_some() || self.too_many.is_some() {
            return Verdict::Broken;
        }
        match (self.filled == self.wanted, self.finished) {
            (true, true) => Verdict::Met,
            (true, false) => Verdict::Holding,
            (false, true) => Verdict::Broken,
            (false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        format!("{}/{} paragraphs", self.filled, self.wanted)
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.blank_inside.iter().chain(&self.too_many).cloned().collect()
    }
}
