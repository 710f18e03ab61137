//! Keywords: found, required, forbidden.

use std::ops::Range;

use crate::constraints::{
    Semantics, Verdict,
    args::ArgError,
    checker::{Checker, Finder, Found},
    text::{
        chars::is_word,
        literal::{Edges, Literal},
        pattern::{Pattern, is_plain},
    },
};

/// Finds a keyword, its case ignored.
pub struct Keyword {
    text: String,
    finder: Find,
}

enum Find {
    Literal(Literal),
    Pattern(Pattern),
}

impl Keyword {
    /// Officially a keyword is a regular expression that is found anywhere (`war` in `warm`), with `\b` on both sides if
    /// it is to be a whole word. As worded it is the text itself and always a whole word; a word in a script without
    /// spaces is found anywhere.
    pub fn new(
        name: &'static str,
        text: &str,
        whole_word: bool,
        semantics: Semantics,
    ) -> Result<Self, ArgError> {
        let invalid = |reason: String| ArgError::Invalid { name, reason };
        if text.is_empty() {
            return Err(invalid("an empty keyword is everywhere".into()));
        }
        let finder = match semantics {
            Semantics::AsWorded if text.chars().any(is_unspaced) => {
                Find::Literal(Literal::new(text, true, Edges::Any))
            }
            Semantics::AsWorded => Find::Literal(Literal::new(text.trim(), true, Edges::WholeWord)),
            Semantics::Official if is_plain(text) => Find::Literal(Literal::new(
                text,
                true,
                if whole_word { Edges::Boundary } else { Edges::Any },
            )),
            Semantics::Official => {
                let pattern = if whole_word {
                    format!(r"\b{text}\b")
                } else {
                    text.to_owned()
                };
                Find::Pattern(Pattern::new(&pattern, true).map_err(invalid)?)
            }
        };
        Ok(Self {
            text: text.to_owned(),
            finder,
        })
    }

    /// A text to the letter, anywhere.
    pub fn exact(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            finder: Find::Literal(Literal::new(text, false, Edges::Any)),
        }
    }

    fn feed(&mut self, answer: &str, from: usize, mut found: impl FnMut(Range<usize>)) {
        match &mut self.finder {
            Find::Literal(literal) => {
                for (offset, c) in answer[from..].char_indices() {
                    if let Some(place) = literal.take(from + offset, c) {
                        found(place);
                    }
                }
            }
            Find::Pattern(pattern) => pattern.feed(answer, found),
        }
    }

    fn finish(&mut self, answer: &str, found: impl FnMut(Range<usize>)) {
        match &mut self.finder {
            Find::Literal(literal) => literal.end().into_iter().for_each(found),
            Find::Pattern(pattern) => pattern.finish(answer, found),
        }
    }
}

/// Letters of scripts that write no space between words: Han, kana, Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    is_word(c)
        && matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl Finder for Keyword {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        self.feed(answer, from, |place| found.add(place));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.finish(answer, |place| found.add(place));
    }
}

/// Keywords that must all occur, or of which none may.
pub struct KeywordSet {
    /// With its first place.
    keywords: Vec<(Keyword, Option<Range<usize>>)>,
    forbidden: bool,
    finished: bool,
}

impl KeywordSet {
    pub fn required(keywords: Vec<Keyword>) -> Self {
        let keywords = keywords.into_iter().map(|keyword| (keyword, None)).collect();
        Self {
            keywords,
            forbidden: false,
            finished: false,
        }
    }

    pub fn forbidden(keywords: Vec<Keyword>) -> Self {
        Self {
            forbidden: true,
            ..Self::required(keywords)
        }
    }

    /// The keywords that have occurred, or those that have not.
    fn named(&self, occurred: bool) -> Vec<&str> {
        let named = self
            .keywords
            .iter()
            .filter(|(_, place)| place.is_some() == occurred);
        named.map(|(keyword, _)| keyword.text.as_str()).collect()
    }
}

impl Checker for KeywordSet {
    fn feed(&mut self, answer: &str, piece: &str) {
        for (keyword, first) in self.keywords.iter_mut().filter(|(_, first)| first.is_none()) {
            keyword.feed(answer, answer.len() - piece.len(), |place| {
                first.get_or_insert(place);
            });
        }
    }

    fn finish(&mut self, answer: &str) {
        for (keyword, first) in self.keywords.iter_mut().filter(|(_, first)| first.is_none()) {
            keyword.finish(answer, |place| {
                first.get_or_insert(place);
            });
        }
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let (all, none) = (self.named(false).is_empty(), self.named(true).is_empty());
        match (self.forbidden, self.finished) {
            (true, _) if !none => Verdict::Broken,
            (true, true) => Verdict::Met,
            (true, false) => Verdict::Holding,
            (false, _) if all => Verdict::Met,
            (false, true) => Verdict::Broken,
            (false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        let (found, missing) = (self.named(true), self.named(false));
        match (self.forbidden, found.len(), missing.len()) {
            (true, 0, _) => String::new(),
            (true, ..) => format!("says {}", found.join(", ")),
            (false, count, 0) => format!("{count}/{count}"),
            (false, count, rest) => format!("{count}/{}, missing {}", count + rest, missing.join(", ")),
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.keywords
            .iter()
            .filter_map(|(_, place)| place.clone())
            .collect()
    }
}
