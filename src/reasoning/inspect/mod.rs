//! Holding a trace against the constraints of its prompt: which were considered, where, and which never; how much of the
//! trace only restates the prompt; where it changed its mind.
//!
//! By rule, so that the same trace always gives the same reading, and incremental: a piece costs what the open passage
//! costs. The rules, as the help tells them:
//!
//! - A *passage* is a paragraph or a list item of the trace.
//! - A passage *deals with* a constraint when it holds at least half of what makes the constraint: the words of the stretch
//!   of the prompt that states it (without function words and words every instruction has), its numbers, and, counted
//!   double, the phrases it names.
//! - A word is *restated* when it stands in a run of four or more words that the prompt has too. The paper calls a trace
//!   that only paraphrases its instructions superficial (arXiv 2506.01413, section 3).
//! - A constraint is *planned for* when one of the passages that deal with it, less than half of it restated, says what to
//!   do: it holds one of [`INTENTIONS`](words::INTENTIONS).
//! - A *change of mind* is a sentence that begins with one of [`MARKERS`](words::MARKERS).

mod words;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use crate::constraints::Constraint;
use words::{COMMON, begins_item, begins_number, changes_of_mind, intends, passages, stem, words};

/// Words in a run that counts as restated.
const RUN: usize = 4;
/// A named phrase weighs this much, a plain word or number one.
const PHRASE_WEIGHT: u32 = 2;

/// A passage of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Bytes of the trace.
    pub range: Range<usize>,
    /// Positions of the constraints it deals with, in order.
    pub constraints: Vec<usize>,
    /// Sentences that take something back, as bytes of the trace.
    pub changes_of_mind: Vec<Range<usize>>,
    words: usize,
    restated: usize,
    intends: bool,
}

/// How the trace deals with one constraint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consideration {
    /// The passages that deal with it, by their position.
    pub passages: Vec<usize>,
    /// The share of the trace that comes before the first of them, from 0 to 1.
    pub first_at: Option<f32>,
    /// One of them says what to do about it, in words of its own.
    pub planned: bool,
}

/// Reads a trace as it grows.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    constraints: Vec<Terms>,
    prompt_runs: HashSet<u64>,
    passages: Vec<Passage>,
    /// Passages that can no longer change; the rest is read again with the next piece.
    closed: usize,
    /// Bytes that were read.
    read: usize,
}

/// What makes a constraint recognisable.
#[derive(Clone, Debug, Default)]
struct Terms {
    words: Vec<String>,
    phrases: Vec<String>,
}

impl Inspector {
    pub fn new(prompt: &str, constraints: &[Constraint]) -> Self {
        let words: Vec<String> = words(prompt).map(|(_, w)| w).collect();
        Self {
            constraints: constraints.iter().map(|c| Terms::of(prompt, c)).collect(),
            prompt_runs: words.windows(RUN).map(hash).collect(),
            passages: Vec::new(),
            closed: 0,
            read: 0,
        }
    }

    /// Reads on. `trace` is all of it so far and begins with what was read before.
    pub fn read(&mut self, trace: &str) {
        self.read = trace.len();
        self.passages.truncate(self.closed);
        let start = self.passages.last().map_or(0, |p| p.range.end);
        for range in passages(trace, start) {
            // A passage is closed when another line has begun behind it.
            let is_closed =
                range.end < trace.len() && trace[range.end..].contains(|c: char| !c.is_whitespace());
            self.passages.push(self.inspect(trace, range));
            if is_closed {
                self.closed = self.passages.len();
            }
        }
    }

    /// In the order of the trace.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// The passages that deal with a constraint.
    pub fn dealing_with(&self, constraint: usize) -> impl Iterator<Item = (usize, &Passage)> {
        self.passages
            .iter()
            .enumerate()
            .filter(move |(_, p)| p.constraints.contains(&constraint))
    }

    /// The share of the trace's words that only restate the prompt, from 0 to 1.
    pub fn restated_share(&self) -> f32 {
        let words: usize = self.passages.iter().map(|p| p.words).sum();
        let restated: usize = self.passages.iter().map(|p| p.restated).sum();
        if words == 0 {
            0.0
        } else {
            restated as f32 / words as f32
        }
    }

    pub fn changes_of_mind(&self) -> usize {
        self.passages.iter().map(|p| p.changes_of_mind.len()).sum()
    }

    pub fn consideration(&self, constraint: usize) -> Consideration {
        let mut consideration = Consideration::default();
        for (at, passage) in self.dealing_with(constraint) {
            consideration.passages.push(at);
            consideration
                .first_at
                .get_or_insert(passage.range.start as f32 / self.read.max(1) as f32);
            consideration.planned |= passage.intends && 2 * passage.restated < passage.words;
        }
        consideration
    }

    /// Constraints in the order in which the trace first deals with them.
    pub fn order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        for constraint in self.passages.iter().flat_map(|p| &p.constraints) {
            if !order.contains(constraint) {
                order.push(*constraint);
            }
        }
        order
    }

    fn inspect(&self, trace: &str, range: Range<usize>) -> Passage {
        let text = &trace[range.clone()];
        let words: Vec<String> = words(text).map(|(_, w)| w).collect();
        let mut restated = vec![false; words.len()];
        for (i, run) in words.windows(RUN).enumerate() {
            if self.prompt_runs.contains(&hash(run)) {
                restated[i..i + RUN].fill(true);
            }
        }
        // The number of a list item says nothing about a count.
        let unnumbered = if begins_item(text) {
            usize::from(begins_number(text))
        } else {
            0
        };
        let held: HashSet<String> = words.iter().skip(unnumbered).map(|w| stem(w)).collect();
        let spoken = format!(" {} ", words.join(" "));
        let deals = |(i, terms): (usize, &Terms)| terms.are_in(&held, &spoken).then_some(i);
        Passage {
            constraints: self.constraints.iter().enumerate().filter_map(deals).collect(),
            words: words.len(),
            restated: restated.iter().filter(|r| **r).count(),
            changes_of_mind: changes_of_mind(text)
                .map(|at| range.start + at.start..range.start + at.end)
                .collect(),
            intends: intends(text, &spoken),
            range,
        }
    }
}

impl Terms {
    fn of(prompt: &str, constraint: &Constraint) -> Self {
        let mut terms = Self::default();
        for value in constraint.kwargs.values() {
            let strings = match value {
                serde_json::Value::String(s) => std::slice::from_ref(s).to_vec(),
                serde_json::Value::Array(list) => list
                    .iter()
                    .filter_map(|v| v.as_str().map(str::to_owned))
                    .collect(),
                _ => Vec::new(),
            };
            // A relation is an argument, but not a phrase that the answer is about.
            let is_phrase =
                |s: &String| !matches!(s.as_str(), "at least" | "less than" | "exactly") && s.len() < 200;
            let phrase = |s: &String| words(s).map(|(_, w)| w).collect::<Vec<_>>().join(" ");
            terms.phrases.extend(
                strings
                    .iter()
                    .filter(|s| is_phrase(s))
                    .map(phrase)
                    .filter(|p| !p.is_empty()),
            );
        }
        // One that was added by hand is stated nowhere: its name says what it is about.
        let label = constraint.label();
        let span = match prompt.get(constraint.span.clone()).unwrap_or_default() {
            "" => label.as_str(),
            stated => stated,
        };
        let in_phrase = |w: &str| terms.phrases.iter().any(|p| p.split(' ').any(|part| part == w));
        let mut kept: Vec<String> = words(span)
            .map(|(_, w)| w)
            .filter(|w| !COMMON.contains(&w.as_str()) && !in_phrase(w))
            .map(|w| stem(&w))
            .collect();
        kept.sort_unstable();
        kept.dedup();
        terms.words = kept;
        terms
    }

    /// `words` are stemmed; `spoken` is the passage's words, each between spaces.
    fn are_in(&self, words: &HashSet<String>, spoken: &str) -> bool {
        let all = self.words.len() as u32 + PHRASE_WEIGHT * self.phrases.len() as u32;
        let held_words = self.words.iter().filter(|w| words.contains(*w)).count() as u32;
        let held_phrases = self
            .phrases
            .iter()
            .filter(|p| spoken.contains(&format!(" {p} ")))
            .count() as u32;
        all > 0 && 2 * (held_words + PHRASE_WEIGHT * held_phrases) >= all
    }
}

fn hash(run: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
