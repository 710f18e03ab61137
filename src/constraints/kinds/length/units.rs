//! What is counted to measure an answer.

use crate::constraints::{
    checker::{CharFinder, Finder, Found},
    text::{
        chars::{is_space, is_word},
        emoji::{Sequences, Step},
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
    fn count(answer: &str, found: &mut Found) -> impl FnMut(Event) {
        move |event| {
            if let Event::Start(at) = event {
                let first = answer[at..].chars().next().map_or(0, char::len_utf8);
                found.add(at..at + first);
            }
        }
    }
}

impl Finder for SentenceStarts {
    fn feed(&mut self, answer: &str, _from: usize, found: &mut Found) {
        self.0.feed(answer, Self::count(answer, found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, Self::count(answer, found));
    }
}

/// Words as people count them: what white space and dashes separate, if there is a letter or a digit in it (`don't` and
/// `well-known` are one), and every Han character and kana by itself.
#[derive(Default)]
pub struct SpokenWords {
    inside: bool,
}

impl SpokenWords {
    /// Whether a word begins with this character.
    fn begins(&mut self, c: char) -> bool {
        if is_space(c) || matches!(c, '—' | '–' | '/' | '…') {
            self.inside = false;
            return false;
        }
        if is_ideograph(c) {
            self.inside = false;
            return true;
        }
        c.is_alphanumeric() && !std::mem::replace(&mut self.inside, true)
    }
}

impl CharFinder for SpokenWords {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if self.begins(c) {
            found.add(at..at + c.len_utf8());
        }
    }
}

/// How many words people would count.
pub fn spoken_words(text: &str) -> usize {
    let mut words = SpokenWords::default();
    text.chars().filter(|&c| words.begins(c)).count()
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Sentences as people count them: Punkt's within each paragraph and list item, those that `。！？` end, and none without a
/// letter (`1.` is no sentence).
#[derive(Default)]
pub struct PlainSentences {
    sentences: Sentences,
    /// Where the text in progress begins that no blank line and no new list item interrupts.
    start: usize,
    /// A newline in front of the next character, and whether there were two.
    newline: Option<(usize, bool)>,
}

impl PlainSentences {
    fn close(&mut self, answer: &str, end: usize, found: &mut Found) {
        let (text, start) = (&answer[self.start..end], self.start);
        self.sentences
            .feed(text, |event| Self::count(text, start, event, found));
        self.sentences
            .finish(text, |event| Self::count(text, start, event, found));
        self.sentences = Sentences::default();
        self.start = end;
    }

    fn count(text: &str, start: usize, event: Event, found: &mut Found) {
        let Event::Sentence(range) = event else { return };
        let mut at = range.start;
        for part in text[range].split_inclusive(['。', '！', '？']) {
            if part.contains(char::is_alphanumeric) && part.contains(char::is_alphabetic) {
                found.add(start + at..start + at + part.len());
            }
            at += part.len();
        }
    }
}

impl Finder for PlainSentences {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        for (offset, c) in answer[from..].char_indices() {
            let at = from + offset;
            if c == '\n' {
                self.newline = Some(self.newline.map_or((at, false), |(first, _)| (first, true)));
            } else if !is_space(c)
                && let Some((newline, blank)) = self.newline.take()
                && (blank || matches!(c, '-' | '*' | '#' | '•' | '|') || c.is_ascii_digit())
            {
                self.close(answer, newline + 1, found);
            }
        }
        // What a newline precedes waits for the first character of its line.
        let end = self.newline.map_or(answer.len(), |(newline, _)| newline + 1);
        let (text, start) = (&answer[self.start..end], self.start);
        self.sentences
            .feed(text, |event| Self::count(text, start, event, found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.close(answer, answer.len(), found);
    }
}

/// Characters as people see them, white space included but for that at the ends of the answer: an emoji is one, and so is a
/// letter with the accents that follow it.
#[derive(Default)]
pub struct Characters {
    begun: bool,
    emoji: Sequences,
    /// So much white space counts once something follows.
    waiting: usize,
}

impl CharFinder for Characters {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if is_space(c) {
            self.waiting += usize::from(self.begun);
            return;
        }
        if self.emoji.take(c) == Step::GoesOn || matches!(c, '\u{300}'..='\u{36f}' | '\u{20e3}') {
            return;
        }
        self.begun = true;
        for _ in 0..std::mem::take(&mut self.waiting) {
            found.add(at..at);
        }
        found.add(at..at + c.len_utf8());
    }
}

/// Paragraphs, separated by blank lines.
#[derive(Default)]
pub struct Paragraphs {
    inside: bool,
    newlines: usize,
}

impl CharFinder for Paragraphs {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c == '\n' {
            self.newlines += 1;
            self.inside &= self.newlines < 2;
        } else if !is_space(c) {
            self.newlines = 0;
            if !std::mem::replace(&mut self.inside, true) {
                found.add(at..at + c.len_utf8());
            }
        }
    }
}

/// Lines that are not blank.
#[derive(Default)]
pub struct FilledLines {
    inside: bool,
}

impl CharFinder for FilledLines {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c == '\n' {
            self.inside = false;
        } else if !is_space(c) && !std::mem::replace(&mut self.inside, true) {
            found.add(at..at + c.len_utf8());
        }
    }
}
