//! The first word of a paragraph.

use std::ops::Range;

use crate::constraints::{
    Semantics, Verdict,
    args::{ArgError, Args},
    checker::Checker,
    text::chars::is_space,
};

/// So many paragraphs, one of which begins with a given word.
///
/// Officially paragraphs are what two newlines separate; blank ones do not count, yet they do when the one asked for is
/// looked up by number. As worded, any blank lines separate paragraphs and blank ones do not exist.
pub struct ParagraphStart {
    wanted: usize,
    nth: usize,
    first_word: String,
    semantics: Semantics,
    newlines: usize,
    /// Parts closed by a separator.
    closed: usize,
    /// Paragraphs with text, the one in progress included.
    filled: usize,
    has_text: bool,
    /// The first word of the paragraph asked for.
    word: Option<Range<usize>>,
    word_is_complete: bool,
    right: bool,
    /// The paragraph asked for is over and blank.
    blank: bool,
    finished: bool,
}

impl ParagraphStart {
    pub fn new(args: Args, semantics: Semantics) -> Result<Self, ArgError> {
        let nth = args.count("nth_paragraph")?;
        if nth == 0 {
            return Err(ArgError::Invalid {
                name: "nth_paragraph",
                reason: "the first paragraph is number 1".into(),
            });
        }
        Ok(Self {
            wanted: args.count("num_paragraphs")?,
            nth,
            first_word: args.text("first_word")?.to_lowercase(),
            semantics,
            newlines: 0,
            closed: 0,
            filled: 0,
            has_text: false,
            word: None,
            word_is_complete: false,
            right: false,
            blank: false,
            finished: false,
        })
    }

    fn close(&mut self) {
        if self.semantics == Semantics::AsWorded && !self.has_text {
            return;
        }
        self.closed += 1;
        self.blank |= self.closed == self.nth && !self.has_text;
        self.has_text = false;
    }

    fn complete_word(&mut self, answer: &str) {
        if let Some(place) = self.word.clone().filter(|_| !self.word_is_complete) {
            self.word_is_complete = true;
            self.right = first_word(&answer[place], self.semantics) == self.first_word;
        }
    }

    fn take(&mut self, answer: &str, at: usize, c: char) {
        if is_space(c) {
            self.complete_word(answer);
            match (c, self.semantics) {
                ('\n', _) => self.newlines += 1,
                (_, Semantics::Official) => self.newlines = 0,
                _ => {}
            }
            if self.newlines == 2 {
                self.newlines = 0;
                self.close();
            }
            return;
        }
        self.newlines = 0;
        if !self.has_text {
            self.has_text = true;
            self.filled += 1;
        }
        if self.closed + 1 == self.nth && !self.word_is_complete {
            let start = self.word.as_ref().map_or(at, |word| word.start);
            self.word = Some(start..at + c.len_utf8());
        }
    }
}

/// The word itself, without opening quotation marks, cut at the first mark behind it.
fn first_word(token: &str, semantics: Semantics) -> String {
    let token = match semantics {
        Semantics::Official => token.trim_start_matches('\'').trim_start_matches('"'),
        Semantics::AsWorded => token.trim_start_matches(|c: char| !c.is_alphanumeric()),
    };
    let word = match semantics {
        Semantics::Official => token.split(['.', ',', '?', '!', '\'', '"']).next(),
        Semantics::AsWorded => token
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')))
            .next(),
    };
    word.unwrap_or_default().to_lowercase()
}

impl Checker for ParagraphStart {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for (offset, c) in piece.char_indices() {
            self.take(answer, from + offset, c);
        }
    }

    fn finish(&mut self, answer: &str) {
        self.complete_word(answer);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let wrong_word = self.word_is_complete && !self.right;
        if self.filled > self.wanted || wrong_word || self.blank {
            return Verdict::Broken;
        }
        let right = self.filled == self.wanted && self.right;
        match (right, self.finished) {
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
        self.word
            .iter()
            .filter(|_| self.word_is_complete)
            .cloned()
            .collect()
    }
}
