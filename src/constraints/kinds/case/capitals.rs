//! Words in all capital letters.

use std::ops::Range;

use crate::constraints::{
    check::{Finder, Found},
    text::{
        chars::is_all_upper,
        punkt::{Event, Sentences},
        treebank,
    },
};

/// Tokens in upper case (`I`, `U.S.`, `COVID-19`), counted when their sentence is complete: what a token is may depend on
/// where the sentence ends.
#[derive(Default)]
pub struct CapitalWords(Sentences);

impl Finder for CapitalWords {
    fn feed(&mut self, answer: &str, _from: usize, found: &mut Found) {
        self.0.feed(answer, |event| count(answer, event, found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, |event| count(answer, event, found));
    }
}

fn count(answer: &str, event: Event, found: &mut Found) {
    let Event::Sentence(Range { start, end }) = event else {
        return;
    };
    let sentence = &answer[start..end];
    if !sentence.contains(char::is_uppercase) {
        return;
    }
    let mut cursor = start;
    treebank::tokens(sentence, |token| {
        if let Some(at) = answer[cursor..end].find(token) {
            cursor += at + token.len();
        }
        if is_all_upper(token) {
            found.add(cursor - token.len()..cursor);
        }
    });
}
