//! Rules: statements whose parts stand near each other in any order.
//!
//! A puzzle is worded in so many ways that no order of words is its own; but what it is about, and what is said of that, are always
//! there: `every word`, `the next letter`, `the alphabet`. The parts are found in the sentence of what the rule is about, or, for
//! those that people spread, with the sentences beside it.

use std::ops::Range;

use regex::Regex;

use super::{
    hit::Hit,
    need::Need,
    pattern::{compile, expanded},
    sketch::Document,
};

/// A statement in parts.
pub struct Rule {
    /// Beginnings of words of which the prompt must hold one, else the rule is not tried.
    pub cues: &'static [&'static str],
    /// What it is about. Every place where this matches is tried.
    pub about: &'static str,
    /// What else must be said near it. Only these and `about` claim the numbers and quotations they hold.
    pub parts: &'static [&'static str],
    /// What makes it another statement; empty: nothing.
    pub unless: &'static str,
    /// How many sentences of the same line on each side the parts may be in.
    pub beside: usize,
    /// As of a phrase.
    pub rank: u8,
    pub read: fn(&mut Hit),
}

impl Rule {
    /// What a text must hold before all the parts can be found.
    pub fn need(&self) -> Need {
        let parts = std::iter::once(&self.about).chain(self.parts);
        Need::all(&parts.map(|part| Need::of(&expanded(part))).collect::<Vec<_>>())
    }
}

/// Places that are tried, at most.
const MOST: usize = 16;

/// A rule with its patterns compiled.
pub struct Compiled {
    about: Regex,
    parts: Vec<Regex>,
    unless: Option<Regex>,
    beside: usize,
}

impl Compiled {
    pub fn new(rule: &Rule) -> Self {
        Self {
            about: compile(rule.about),
            parts: rule.parts.iter().map(|part| compile(part)).collect(),
            unless: (!rule.unless.is_empty()).then(|| compile(rule.unless)),
            beside: rule.beside,
        }
    }

    /// Where the parts stand, what the rule is about first: once for every place where all of them are.
    pub fn find(&self, document: &Document) -> Vec<Vec<Range<usize>>> {
        self.about
            .find_iter(&document.text)
            .take(MOST)
            .filter_map(|about| self.around(document, about.range()))
            .collect()
    }

    fn around(&self, document: &Document, about: Range<usize>) -> Option<Vec<Range<usize>>> {
        let windows = windows(document, &about, self.beside);
        let (window, mut found) = windows.into_iter().find_map(|window| {
            let nearest = |part| nearest(part, &document.text, &window, &about);
            let found: Option<Vec<_>> = self.parts.iter().map(nearest).collect();
            found.map(|found| (window, found))
        })?;
        if self
            .unless
            .as_ref()
            .is_some_and(|unless| unless.is_match(&document.text[window]))
        {
            return None;
        }
        found.insert(0, about);
        Some(found)
    }
}

/// The sentence of a place, then that with more and more of those beside it, later ones first.
fn windows(document: &Document, place: &Range<usize>, beside: usize) -> Vec<Range<usize>> {
    let own = sentence(document, place);
    let mut windows = vec![own.clone()];
    let (mut before, mut after) = (own.clone(), own);
    for _ in 0..beside {
        let next = after_it(document, &after);
        let last = before_it(document, &before);
        after.end = next.unwrap_or(after.end);
        before.start = last.unwrap_or(before.start);
        windows.extend([after.clone(), before.clone(), before.start..after.end]);
    }
    windows.dedup();
    windows
}

/// The sentence of a place, to the end of the sentence that the place ends in.
fn sentence(document: &Document, place: &Range<usize>) -> Range<usize> {
    let start = document.sentence(place.start).start.min(place.start);
    let end = document.sentence(place.end).end.max(place.end);
    start..end
}

/// Where the sentence after a stretch ends, on the same line.
fn after_it(document: &Document, stretch: &Range<usize>) -> Option<usize> {
    let rest = &document.text[stretch.end..];
    let skipped = rest.trim_start_matches(['.', '!', '?', ')', ' ']);
    let start = stretch.end + (rest.len() - skipped.len());
    let goes_on = !skipped.is_empty() && !skipped.starts_with(['\n', '\u{6}']);
    goes_on.then(|| document.sentence(start).end.max(start))
}

/// Where the sentence before a stretch starts, on the same line.
fn before_it(document: &Document, stretch: &Range<usize>) -> Option<usize> {
    let text = document.text[..stretch.start].trim_end_matches(['.', '!', '?', ')', ' ']);
    let goes_on = !text.is_empty() && !text.ends_with(['\n', '\u{6}']);
    goes_on.then(|| document.sentence(text.len()).start.min(text.len()))
}

/// The match in a window that is nearest to a place.
fn nearest(part: &Regex, text: &str, window: &Range<usize>, place: &Range<usize>) -> Option<Range<usize>> {
    let distance = |found: &Range<usize>| {
        if found.start < place.start {
            place.start.saturating_sub(found.end)
        } else {
            found.start.saturating_sub(place.end)
        }
    };
    part.find_iter(&text[window.clone()])
        .map(|found| window.start + found.start()..window.start + found.end())
        .min_by_key(distance)
}
