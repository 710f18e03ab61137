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
//!   do: it holds one of [`INTENTIONS`].
//! - A *change of mind* is a sentence that begins with one of [`MARKERS`].

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::constraints::Constraint;

/// Words in a run that counts as restated.
const RUN: usize = 4;
/// A named phrase weighs this much, a plain word or number one.
const PHRASE_WEIGHT: u32 = 2;

/// How a sentence begins that takes something back.
const MARKERS: &[&str] = &[
    "wait",
    "hmm",
    "actually",
    "alternatively",
    "hold on",
    "on second thought",
    "scratch that",
    "no, wait",
    "but wait",
    "oh wait",
    "let me reconsider",
    "let me rethink",
    "let me re-",
    "等等",
    "不对",
    "等一下",
];

/// What says that something is going to be done.
const INTENTIONS: &[&str] = &[
    "i will",
    "i'll",
    "i should",
    "i need",
    "i must",
    "i can",
    "i could",
    "i would",
    "i'd",
    "i have to",
    "i want",
    "i'm going",
    "we will",
    "we'll",
    "we should",
    "we need",
    "we must",
    "we can",
    "we could",
    "we have to",
    "let me",
    "let's",
    "let us",
    "going to",
    "make sure",
    "need to",
    "have to",
    "must",
    "should",
    "plan",
    "avoid",
];

/// The same in a language without spaces between words.
const INTENTIONS_UNSPACED: &[&str] = &[
    "我会",
    "我要",
    "我需要",
    "我应该",
    "应该",
    "需要",
    "必须",
    "确保",
    "避免",
    "打算",
    "先",
];

/// Words that say nothing about which constraint is meant.
const COMMON: &[&str] = &[
    "a", "about", "all", "also", "an", "and", "answer", "any", "anywhere", "are", "as", "at", "be", "but",
    "by", "can", "do", "does", "don", "ensure", "entire", "for", "from", "have", "i", "if", "in", "include",
    "is", "it", "its", "just", "keep", "make", "must", "my", "need", "of", "on", "only", "or", "output",
    "please", "put", "reply", "response", "should", "so", "sure", "t", "that", "the", "them", "then",
    "there", "this", "to", "use", "using", "want", "whole", "will", "with", "write", "you", "your",
];

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

/// Lower-case words with their places; numbers written out become digits, so that `three` is `3`.
fn words(text: &str) -> impl Iterator<Item = (usize, String)> {
    text.unicode_word_indices().map(|(at, word)| {
        let lower = word.to_lowercase().replace('’', "'");
        let number = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        let digits = number.iter().position(|n| *n == lower).map(|n| n.to_string());
        (at, digits.unwrap_or(lower))
    })
}

/// Takes a plural off.
fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    }
}

fn hash(run: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

/// Paragraphs and list items from `start` on, without the blank space around them.
fn passages(trace: &str, start: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = start;
    for line in trace[start..].split_inclusive('\n') {
        let text = line.trim();
        let begin = at + (line.len() - line.trim_start().len());
        let end = begin + text.len();
        at += line.len();
        if text.is_empty() {
            open = false;
            continue;
        }
        match found.last_mut() {
            Some(last) if open && !begins_item(text) => last.end = end,
            _ => found.push(begin..end),
        }
        open = true;
    }
    found
}

fn begins_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn begins_item(line: &str) -> bool {
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after_number.len() < line.len() && after_number.starts_with(['.', ')']);
    numbered || ["- ", "* ", "• "].iter().any(|mark| line.starts_with(mark))
}

/// Sentences that take something back.
fn changes_of_mind(text: &str) -> impl Iterator<Item = Range<usize>> {
    let begins_with_marker = |sentence: &str| {
        let lower: String = sentence.chars().take(24).flat_map(char::to_lowercase).collect();
        MARKERS.iter().any(|marker| {
            lower.strip_prefix(marker).is_some_and(|rest| {
                !marker.is_ascii() || marker.ends_with('-') || !rest.starts_with(char::is_alphanumeric)
            })
        })
    };
    let mut end = 0;
    text.split_inclusive(['.', '!', '?', '\n', '。', '！', '？'])
        .map(move |sentence| {
            let start = end + (sentence.len() - sentence.trim_start().len());
            end += sentence.len();
            start..end
        })
        .filter(move |range| begins_with_marker(&text[range.start.min(range.end)..range.end]))
}

/// `spoken` is the passage's words, each between spaces.
fn intends(text: &str, spoken: &str) -> bool {
    let says = |words: &&str| spoken.contains(&format!(" {words} "));
    INTENTIONS.iter().any(says) || INTENTIONS_UNSPACED.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const PROMPT: &str = "Write a product description for a solar lantern. Use exactly 3 bullet points, no commas, and \
                          end with \"Light your way.\"";

    fn constraint(text: &str, kwargs: serde_json::Value) -> Constraint {
        let start = PROMPT.find(text).unwrap();
        let serde_json::Value::Object(kwargs) = kwargs else {
            panic!("an object")
        };
        Constraint {
            id: "any".into(),
            kwargs,
            span: start..start + text.len(),
            scope: None,
        }
    }

    fn constraints() -> Vec<Constraint> {
        vec![
            constraint("exactly 3 bullet points", json!({"num_bullets": 3})),
            constraint("no commas", json!({})),
            constraint(
                "end with \"Light your way.\"",
                json!({"end_phrase": "Light your way."}),
            ),
        ]
    }

    fn inspect(trace: &str) -> Inspector {
        let mut inspector = Inspector::new(PROMPT, &constraints());
        inspector.read(trace);
        inspector
    }

    #[test]
    fn passages_are_linked_to_what_they_deal_with() {
        let trace = "The user wants a lantern text.\n\n1. three bullet points\n2. No comma anywhere\n\nI finish with \
                     light your way on its own line.";
        let inspector = inspect(trace);
        let linked: Vec<_> = inspector
            .passages()
            .iter()
            .map(|p| p.constraints.clone())
            .collect();
        assert_eq!(linked, [vec![], vec![0], vec![1], vec![2]]);
    }

    #[test]
    fn what_is_never_mentioned_is_never_linked() {
        let inspector = inspect("Lanterns are nice.\n\nI will describe the battery.");
        assert!((0..3).all(|c| inspector.dealing_with(c).next().is_none()));
    }

    #[test]
    fn copying_the_prompt_is_restating_it() {
        assert!(inspect(PROMPT).restated_share() > 0.99);
        assert_eq!(
            inspect("Sunlight fills the small glass dome until evening.").restated_share(),
            0.0
        );
        assert_eq!(inspect("").restated_share(), 0.0);
    }

    #[test]
    fn planning_is_more_than_repeating_the_prompt() {
        let planned = |trace: &str| inspect(trace).consideration(1).planned;
        assert!(!planned(
            "Use exactly 3 bullet points, no commas, and end with that."
        ));
        assert!(!planned("There is something about no commas."));
        assert!(planned("No commas: I will join with \"and\" instead."));
        assert!(
            !planned("I will write three bullet points."),
            "that is another one"
        );
    }

    #[test]
    fn the_number_of_an_item_is_not_a_count() {
        let linked = |trace: &str| inspect(trace).consideration(0).passages.len();
        assert_eq!(linked("3. a bullet somewhere"), 0);
        assert_eq!(linked("1. 3 bullet points"), 1);
    }

    #[test]
    fn the_first_consideration_has_its_place_and_order() {
        let inspector = inspect("No commas then.\n\nNothing here.\n\nthree bullet points and no comma");
        let commas = inspector.consideration(1);
        assert_eq!((commas.passages, commas.first_at), (vec![0, 2], Some(0.0)));
        assert!(inspector.consideration(0).first_at.is_some_and(|at| at > 0.4));
        assert_eq!(inspector.consideration(2), Consideration::default());
        assert_eq!(inspector.order(), [1, 0]);
    }

    #[test]
    fn changes_of_mind_begin_a_sentence() {
        let trace = "I need a list. Wait, that has a comma. Actually it is fine. The waiter waits. Hmm. 等等，再看一遍。";
        let inspector = inspect(trace);
        assert_eq!(inspector.changes_of_mind(), 4);
        let first = inspector.passages()[0].changes_of_mind[0].clone();
        assert_eq!(&trace[first], "Wait, that has a comma.");
    }

    proptest! {
        #[test]
        fn reading_in_pieces_is_reading_at_once(
            trace in "([a-c3 ]{0,8}|no commas|three bullet points|wait, |\n|\n\n|- |1\\. |é|等等){0,24}",
            cuts in prop::collection::vec(0usize..400, 0..8),
        ) {
            let mut cuts: Vec<usize> =
                cuts.into_iter().map(|c| c.min(trace.len())).filter(|c| trace.is_char_boundary(*c)).collect();
            cuts.sort_unstable();
            let mut pieces = Inspector::new(PROMPT, &constraints());
            cuts.iter().for_each(|cut| pieces.read(&trace[..*cut]));
            pieces.read(&trace);
            let at_once = inspect(&trace);
            prop_assert_eq!(pieces.passages(), at_once.passages());
        }
    }
}
