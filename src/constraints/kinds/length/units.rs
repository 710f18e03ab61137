//! What is counted to measure an answer.

use crate::constraints::{
    check::{CharFinder, Finder, Found},
    text::{
        chars::is_word,
        punkt::{Event, Sentences},
    },
};

/// Runs of `\w`: `don't` is two, `3.14` is two, `a_b` is one. Counted when they begin.
#[derive(Default)]
pub struct Words {
    inside: bool,
}

impl CharFinder for Words {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        let word = is_word(c);
        if word && !self.inside {
            found.add(at..at + c.len_utf8());
        }
        self.inside = word;
    }
}

/// Sentences, counted when it is certain that one begins.
#[derive(Default)]
pub struct SentenceStarts(Sentences);

impl SentenceStarts {
    fn count(found: &mut Found) -> impl FnMut(Event) {
        |event| {
            if let Event::Start(at) = event {
                found.add(at..at + 1);
            }
        }
    }
}

impl Finder for SentenceStarts {
    fn feed(&mut self, answer: &str, _from: usize, found: &mut Found) {
        self.0.feed(answer, Self::count(found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, Self::count(found));
    }
}
