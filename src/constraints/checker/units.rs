//! Rules that look at one complete part of the answer after the other: tokens, lines, sentences.

use std::ops::Range;

use super::{Bounds, Checker, Finder, Found};
use crate::constraints::{
    Verdict,
    text::{
        chars::{is_space, is_word},
        punkt::{Event, Sentences},
    },
};

/// What an answer is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// What white space separates.
    Token,
    /// Runs of `\w`.
    Word,
    /// What newlines separate, blank ones included.
    Line,
    /// What blank lines separate.
    Paragraph,
    Sentence,
}

/// Cuts a growing answer into units; each is reported when it is complete.
pub struct Units {
    unit: Unit,
    start: Option<usize>,
    /// Behind the last character of a paragraph.
    end: usize,
    newlines: usize,
    sentences: Sentences,
}

impl Units {
    pub fn new(unit: Unit) -> Self {
        let start = (unit == Unit::Line).then_some(0);
        Self {
            unit,
            start,
            end: 0,
            newlines: 0,
            sentences: Sentences::default(),
        }
    }

    pub fn feed(&mut self, answer: &str, from: usize, mut complete: impl FnMut(Range<usize>)) {
        if self.unit == Unit::Sentence {
            return self.sentences.feed(answer, sentences_only(complete));
        }
        for (offset, c) in answer[from..].char_indices() {
            let at = from + offset;
            if !is_space(c) {
                self.end = at + c.len_utf8();
                self.newlines = 0;
            } else if c == '\n' {
                self.newlines += 1;
            }
            match (self.unit, self.start) {
                (Unit::Paragraph, Some(start)) if self.newlines == 2 => {
                    complete(start..self.end);
                    self.start = None;
                }
                (Unit::Paragraph, None) if !is_space(c) => self.start = Some(at),
                (Unit::Line, Some(start)) if c == '\n' => {
                    complete(start..at);
                    self.start = Some(at + 1);
                }
                (Unit::Token, Some(start)) if is_space(c) => {
                    complete(start..at);
                    self.start = None;
                }
                (Unit::Token, None) if !is_space(c) => self.start = Some(at),
                (Unit::Word, Some(start)) if !is_word(c) => {
                    complete(start..at);
                    self.start = None;
                }
                (Unit::Word, None) if is_word(c) => self.start = Some(at),
                _ => {}
            }
        }
    }

    pub fn finish(&mut self, answer: &str, mut complete: impl FnMut(Range<usize>)) {
        if self.unit == Unit::Sentence {
            return self.sentences.finish(answer, sentences_only(complete));
        }
        if let Some(start) = self.start.take() {
            complete(
                start..if self.unit == Unit::Paragraph {
                    self.end
                } else {
                    answer.len()
                },
            );
        }
    }
}

fn sentences_only(mut complete: impl FnMut(Range<usize>)) -> impl FnMut(Event) {
    move |event| {
        if let Event::Sentence(range) = event {
            complete(range);
        }
    }
}

/// What a rule says of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It keeps the rule.
    Kept,
    /// It breaks the rule, and with it the answer.
    Broken,
    /// The rule does not apply to it: a blank line, a token of punctuation.
    Skipped,
}

impl From<bool> for Judgement {
    fn from(kept: bool) -> Self {
        if kept { Self::Kept } else { Self::Broken }
    }
}

/// Every unit keeps a rule, and there are as many as there must be.
pub struct Every<R> {
    units: Units,
    rule: R,
    bounds: Bounds,
    noun: (&'static str, &'static str),
    kept: usize,
    broken: Option<Range<usize>>,
    finished: bool,
}

impl<R: FnMut(&str) -> Judgement + Send> Every<R> {
    /// `rule` sees the units in order.
    pub fn new(unit: Unit, rule: R) -> Self {
        let noun = match unit {
            Unit::Token | Unit::Word => ("word", "words"),
            Unit::Line => ("line", "lines"),
            Unit::Paragraph => ("paragraph", "paragraphs"),
            Unit::Sentence => ("sentence", "sentences"),
        };
        Self {
            units: Units::new(unit),
            rule,
            bounds: Bounds { least: 0, most: None },
            noun,
            kept: 0,
            broken: None,
            finished: false,
        }
    }

    /// How many units that keep the rule there must be.
    pub fn bounded(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// What the units are called.
    pub fn named(self, one: &'static str, many: &'static str) -> Self {
        Self {
            noun: (one, many),
            ..self
        }
    }
}

/// The closure that judges a complete unit, for both of [`Every`]'s feeding methods.
fn judge<R: FnMut(&str) -> Judgement>(
    rule: &mut R,
    answer: &str,
    kept: &mut usize,
    broken: &mut Option<Range<usize>>,
) -> impl FnMut(Range<usize>) {
    move |place| {
        if broken.is_none() {
            match rule(&answer[place.clone()]) {
                Judgement::Kept => *kept += 1,
                Judgement::Broken => *broken = Some(place),
                Judgement::Skipped => {}
            }
        }
    }
}

impl<R: FnMut(&str) -> Judgement + Send> Checker for Every<R> {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        self.units.feed(
            answer,
            from,
            judge(&mut self.rule, answer, &mut self.kept, &mut self.broken),
        );
    }

    fn finish(&mut self, answer: &str) {
        self.units.finish(
            answer,
            judge(&mut self.rule, answer, &mut self.kept, &mut self.broken),
        );
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.broken, self.bounds.verdict(self.kept, self.finished)) {
            (Some(_), _) => Verdict::Broken,
            // A later unit can still break the rule.
            (None, Verdict::Met) if !self.finished => Verdict::Holding,
            (None, verdict) => verdict,
        }
    }

    fn value(&self) -> String {
        if self.bounds.least > 0 || self.bounds.most.is_some() {
            return self.bounds.value(self.kept, self.noun);
        }
        format!(
            "{} {}",
            self.kept,
            if self.kept == 1 { self.noun.0 } else { self.noun.1 }
        )
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.broken.iter().cloned().collect()
    }
}

/// Finds the units that a predicate accepts.
pub struct UnitFinder<P> {
    units: Units,
    accepts: P,
}

impl<P: FnMut(&str) -> bool + Send> UnitFinder<P> {
    pub fn new(unit: Unit, accepts: P) -> Self {
        Self {
            units: Units::new(unit),
            accepts,
        }
    }
}

impl<P: FnMut(&str) -> bool + Send> Finder for UnitFinder<P> {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        self.units.feed(answer, from, |place| {
            if (self.accepts)(&answer[place.clone()]) {
                found.add(place);
            }
        });
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.units.finish(answer, |place| {
            if (self.accepts)(&answer[place.clone()]) {
                found.add(place);
            }
        });
    }
}
