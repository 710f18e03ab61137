//! The two ends of the answer.

use std::ops::Range;

use crate::constraints::{Semantics, Verdict, checker::Checker, text::chars::is_space};

/// The first and the last character are quotation marks. Officially straight ones only.
pub struct Quoted {
    semantics: Semantics,
    first: Option<(usize, char)>,
    last: Option<(usize, char)>,
    finished: bool,
}

impl Quoted {
    pub fn new(semantics: Semantics) -> Self {
        Self {
            semantics,
            first: None,
            last: None,
            finished: false,
        }
    }

    fn opens(&self, c: char) -> bool {
        c == '"' || self.semantics == Semantics::AsWorded && matches!(c, '“' | '„' | '«' | '「' | '『' | '”')
    }

    fn closes(&self, c: char) -> bool {
        c == '"' || self.semantics == Semantics::AsWorded && matches!(c, '”' | '“' | '»' | '」' | '』')
    }
}

impl Checker for Quoted {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices().filter(|&(_, c)| !is_space(c)) {
            self.first.get_or_insert((from + offset, c));
            self.last = Some((from + offset, c));
        }
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let (Some((start, first)), Some((end, last))) = (self.first, self.last) else {
            return if self.finished {
                Verdict::Broken
            } else {
                Verdict::Pending
            };
        };
        match (self.opens(first), end > start && self.closes(last), self.finished) {
            (false, ..) | (true, false, true) => Verdict::Broken,
            (true, true, true) => Verdict::Met,
            (true, true, false) => Verdict::Holding,
            (true, false, false) => Verdict::Pending,
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        let (Some((start, first)), Some((end, last))) = (self.first, self.last) else {
            return Vec::new();
        };
        let range = |at: usize, c: char| at..at + c.len_utf8();
        match (self.opens(first), self.verdict()) {
            (false, _) => vec![range(start, first)],
            (true, Verdict::Broken) => vec![range(end, last)],
            _ => vec![range(start, first), range(end, last)],
        }
    }
}

/// The answer ends with a phrase, its case, white space and straight quotation marks behind it ignored. As worded, closing
/// marks of emphasis and curly quotation marks behind it do not matter either, nor does punctuation if the phrase has none.
pub struct EndsWith {
    phrase: Vec<char>,
    semantics: Semantics,
    /// The phrase says itself which punctuation ends it.
    punctuated: bool,
    /// Where the text begins, quotation marks left out.
    start: Option<usize>,
    /// Where the text ends, white space left out.
    end: usize,
    /// Where the marks in front of `end` begin.
    marks: Option<usize>,
    place: Option<Range<usize>>,
    finished: bool,
}

impl EndsWith {
    pub fn new(phrase: &str, semantics: Semantics) -> Self {
        let mut ends = Self {
            phrase: Vec::new(),
            semantics,
            punctuated: true,
            start: None,
            end: 0,
            marks: None,
            place: None,
            finished: false,
        };
        let phrase = phrase.trim_matches(is_space);
        let phrase = match semantics {
            Semantics::Official => phrase,
            Semantics::AsWorded => phrase.trim_end_matches(|c| ends.is_mark(c)),
        };
        ends.punctuated = !phrase.ends_with(char::is_alphanumeric);
        ends.phrase = phrase.chars().flat_map(char::to_lowercase).collect();
        ends
    }

    fn is_mark(&self, c: char) -> bool {
        c == '"'
            || self.semantics == Semantics::AsWorded
                && (matches!(c, '*' | '_' | '”' | '“' | '`' | '»') || !self.punctuated && closes(c))
    }

    /// Where the phrase stands if the answer ends here. Costs no more than the phrase is long.
    fn find(&self, answer: &str) -> Option<Range<usize>> {
        let start = self.start?;
        let end = self.marks.unwrap_or(self.end).max(start);
        let mut rest = self.phrase.iter().rev();
        let mut place = end;
        for (at, c) in answer[start..end].char_indices().rev() {
            if rest.len() == 0 {
                break;
            }
            let lower: Vec<char> = c.to_lowercase().collect();
            for lower in lower.iter().rev() {
                if rest.next().is_some_and(|wanted| wanted != lower) {
                    return None;
                }
            }
            place = start + at;
        }
        (rest.len() == 0).then_some(place..end)
    }
}

/// Punctuation and quotation marks that may stand behind the last word.
fn closes(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | ','
            | ';'
            | ':'
            | '…'
            | ')'
            | ']'
            | '\''
            | '’'
            | '」'
            | '』'
            | '。'
            | '！'
            | '？'
            | '）'
    )
}

impl Checker for EndsWith {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        let mut spaced = self.end < from;
        for (offset, c) in piece.char_indices() {
            let at = from + offset;
            if is_space(c) {
                spaced = true;
                continue;
            }
            if self.is_mark(c) {
                if spaced || self.marks.is_none() {
                    self.marks = Some(at);
                }
            } else {
                self.start.get_or_insert(at);
                self.marks = None;
            }
            self.end = at + c.len_utf8();
            spaced = false;
        }
        self.place = self.find(answer);
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (self.place.is_some(), self.finished) {
            (true, true) => Verdict::Met,
            (true, false) => Verdict::Holding,
            (false, true) => Verdict::Broken,
            (false, false) => Verdict::Pending,
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.place.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(phrase: &str, answer: &str, semantics: Semantics) -> Verdict {
        let mut ends = EndsWith::new(phrase, semantics);
        ends.feed(answer, answer);
        ends.finish(answer);
        ends.verdict()
    }

    #[test]
    fn punctuation_behind_the_phrase_matters_officially_only() {
        for (phrase, answer) in [
            ("done", "all done."),
            ("Bye", "Bye!"),
            ("Bye", "He said “bye.”"),
            ("end", "(the end)."),
        ] {
            assert_eq!(
                verdict(phrase, answer, Semantics::AsWorded),
                Verdict::Met,
                "{answer}"
            );
            assert_eq!(
                verdict(phrase, answer, Semantics::Official),
                Verdict::Broken,
                "{answer}"
            );
        }
        for (phrase, answer) in [
            ("Bye.", "Bye!"),
            ("Bye!", "Bye"),
            ("done", "done, then"),
            ("Why?", "Why."),
        ] {
            assert_eq!(
                verdict(phrase, answer, Semantics::AsWorded),
                Verdict::Broken,
                "{answer}"
            );
        }
    }
}
