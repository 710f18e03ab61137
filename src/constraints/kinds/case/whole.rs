//! An answer all in one case, in English.

use std::ops::Range;

use crate::constraints::{Verdict, checker::Checker, kinds::language::detect, text::chars::is_title_case};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Upper,
    Lower,
}

/// `islower()` or `isupper()`, and English. The language is looked at when the answer is complete.
pub struct EnglishCase {
    case: Case,
    cased: bool,
    wrong: Option<Range<usize>>,
    language: Option<detect::Answer>,
}

impl EnglishCase {
    pub fn new(case: Case) -> Self {
        Self {
            case,
            cased: false,
            wrong: None,
            language: None,
        }
    }
}

impl Checker for EnglishCase {
    fn feed(&mut self, answer: &str, piece: &str) {
        if self.wrong.is_some() {
            return;
        }
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            let (upper, lower) = (c.is_uppercase(), c.is_lowercase());
            let (right, wrong) = if self.case == Case::Upper {
                (upper, lower)
            } else {
                (lower, upper)
            };
            self.cased |= right;
            if wrong || is_title_case(c) {
                self.wrong = Some(from + offset..from + offset + c.len_utf8());
                return;
            }
        }
    }

    fn finish(&mut self, answer: &str) {
        self.language = Some(detect::language(answer));
    }

    fn verdict(&self) -> Verdict {
        match (&self.wrong, &self.language) {
            (Some(_), _) => Verdict::Broken,
            (None, Some(language)) if self.cased && language.is("en") => Verdict::Met,
            (None, Some(_)) => Verdict::Broken,
            (None, None) if self.cased => Verdict::Holding,
            (None, None) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        match &self.language {
            Some(language) if self.wrong.is_none() && !language.is("en") => format!("reads as {language}"),
            _ => String::new(),
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.wrong.iter().cloned().collect()
    }
}
