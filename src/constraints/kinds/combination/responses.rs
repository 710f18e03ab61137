//! Two responses to one request.

use std::ops::Range;

use crate::constraints::{
    Verdict,
    checker::Checker,
    text::chars::{is_space, strip},
};

/// Two parts with text, separated by six asterisks, that are not the same. A blank part between separators fails the
/// answer, a blank first or last part does not count.
#[derive(Default)]
pub struct TwoResponses {
    stars: usize,
    closed: usize,
    /// The parts with text, from their first to behind their last character that is not white space.
    parts: Vec<Range<usize>>,
    has_text: bool,
    /// So many bytes of the second part equal the first; `None` once they differ.
    common: Option<usize>,
    broken: Option<Range<usize>>,
    finished: bool,
}

/// Asterisks of a separator.
const SEPARATOR: usize = 6;

impl TwoResponses {
    fn text(&mut self, place: Range<usize>) {
        if self.has_text {
            if let Some(part) = self.parts.last_mut() {
                part.end = place.end;
            }
            return;
        }
        self.has_text = true;
        match self.parts.len() {
            2 => drop(self.broken.get_or_insert(place)),
            1 => {
                self.parts.push(place);
                self.common = Some(0);
            }
            _ => self.parts.push(place),
        }
    }

    fn take(&mut self, at: usize, c: char) {
        if c == '*' {
            self.stars += 1;
            if self.stars == SEPARATOR {
                if !self.has_text && self.closed > 0 {
                    self.broken.get_or_insert(at + 1 - SEPARATOR..at + 1);
                }
                self.closed += 1;
                self.has_text = false;
                self.stars = 0;
            }
            return;
        }
        if self.stars > 0 {
            self.text(at - self.stars..at);
            self.stars = 0;
        }
        if !is_space(c) {
            self.text(at..at + c.len_utf8());
        }
    }

    /// Goes on comparing the second part with the first.
    fn compare(&mut self, answer: &str) {
        if let (Some(common), [first, second]) = (self.common, self.parts.as_slice()) {
            let first = &answer.as_bytes()[first.clone()];
            let second = &answer.as_bytes()[second.clone()];
            let same = first
                .iter()
                .zip(second)
                .skip(common)
                .take_while(|(a, b)| a == b)
                .count();
            let reached = common + same;
            let differs = reached < first.len().min(second.len()) || second.len() > first.len();
            self.common = (!differs).then_some(reached);
        }
    }

    fn differs(&self) -> bool {
        match self.parts.as_slice() {
            [first, second] => self.common.is_none() || first.len() != second.len(),
            _ => false,
        }
    }
}

impl Checker for TwoResponses {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            // What comes after changes nothing, however the answer is cut into pieces.
            if self.broken.is_some() {
                return;
            }
            self.take(from + offset, c);
        }
        self.compare(answer);
    }

    fn finish(&mut self, answer: &str) {
        if self.stars > 0 && self.broken.is_none() {
            self.text(answer.len() - self.stars..answer.len());
        }
        debug_assert!(
            self.parts
                .iter()
                .all(|part| strip(&answer[part.clone()]).len() == part.len())
        );
        self.compare(answer);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.broken, self.differs(), self.finished) {
            (Some(_), ..) | (None, false, true) => Verdict::Broken,
            (None, true, true) => Verdict::Met,
            (None, true, false) => Verdict::Holding,
            (None, false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        format!("{}/2 responses", self.parts.len())
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.broken
            .clone()
            .map_or_else(|| self.parts.clone(), |place| vec![place])
    }
}
