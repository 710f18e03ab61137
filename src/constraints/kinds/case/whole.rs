//! An answer all in one case, in English.

use std::ops::Range;

use crate::constraints::{
    Semantics, Verdict, checker::Checker, kinds::language::detect, text::chars::is_title_case,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Upper,
    Lower,
}

/// `islower()` or `isupper()`, and English. The language is looked at when the answer is complete; as worded its letters are
/// small for that, which detection is made for, and a text too short to tell is not held against it.
pub struct EnglishCase {
    case: Case,
    semantics: Semantics,
    cased: bool,
    wrong: Option<Range<usize>>,
    /// Whether it is English, and what it reads as.
    language: Option<(bool, detect::Answer)>,
}

impl EnglishCase {
    pub fn new(case: Case, semantics: Semantics) -> Self {
        Self {
            case,
            semantics,
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
        self.language = Some(match self.semantics {
            Semantics::Official => {
                let language = detect::language(answer);
                (language.is("en"), language)
            }
            Semantics::AsWorded => {
                let answer = answer.to_lowercase();
                let (language, english) = detect::reads_as(&answer, "en");
                (english.unwrap_or(true), language)
            }
        });
    }

    fn verdict(&self) -> Verdict {
        match (&self.wrong, &self.language) {
            (Some(_), _) => Verdict::Broken,
            (None, Some((true, _))) if self.cased => Verdict::Met,
            (None, Some(_)) => Verdict::Broken,
            (None, None) if self.cased => Verdict::Holding,
            (None, None) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        match &self.language {
            Some((false, language)) if self.wrong.is_none() => format!("reads as {language}"),
            _ => String::new(),
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.wrong.iter().cloned().collect()
    }
}
