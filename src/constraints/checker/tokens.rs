//! Treebank tokens of a growing answer.

use super::{Finder, Found};
use crate::constraints::text::{
    chars::is_space,
    punkt::{Event, Sentences},
    treebank,
};

/// Finds the tokens that a predicate accepts. They are counted when their sentence is complete: what a token is may depend
/// on where the sentence ends.
pub struct TokenFinder<P> {
    sentences: Sentences,
    rewrite: Option<fn(char) -> char>,
    /// The answer with every character rewritten; kept only if there is something to rewrite.
    rewritten: String,
    accepts: P,
}

impl<P: FnMut(&str) -> bool + Send> TokenFinder<P> {
    pub fn new(accepts: P) -> Self {
        Self {
            sentences: Sentences::default(),
            rewrite: None,
            rewritten: String::new(),
            accepts,
        }
    }

    /// Rewrites every character before the text is cut. The replacement must be as long in bytes, else it is not used.
    pub fn rewriting(self, rewrite: fn(char) -> char) -> Self {
        Self {
            rewrite: Some(rewrite),
            ..self
        }
    }

    fn run(&mut self, answer: &str, from: usize, over: bool, found: &mut Found) {
        let text = match self.rewrite {
            None => answer,
            Some(rewrite) => {
                self.rewritten.extend(answer[from..].chars().map(|c| {
                    let other = rewrite(c);
                    if other.len_utf8() == c.len_utf8() {
                        other
                    } else {
                        c
                    }
                }));
                &self.rewritten
            }
        };
        let accepts = &mut self.accepts;
        let mut count = |event| {
            let Event::Sentence(sentence) = event else { return };
            let mut cursor = sentence.start;
            treebank::tokens(&text[sentence.clone()], |token| {
                let start = sentence.end - text[cursor..sentence.end].trim_start_matches(is_space).len();
                cursor = start + written_length(&text[start..sentence.end], token);
                if accepts(token) {
                    found.add(start..cursor);
                }
            });
        };
        if over {
            self.sentences.finish(text, &mut count);
        } else {
            self.sentences.feed(text, &mut count);
        }
    }
}

impl<P: FnMut(&str) -> bool + Send> Finder for TokenFinder<P> {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        self.run(answer, from, false, found);
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.run(answer, answer.len(), true, found);
    }
}

/// How many bytes a token takes where it stands: quotation marks become other marks when a sentence is cut.
fn written_length(text: &str, token: &str) -> usize {
    match token {
        _ if text.starts_with(token) => token.len(),
        "``" | "''" if text.starts_with('"') => 1,
        "``" if text.starts_with("''") => 2,
        _ => 0,
    }
}
