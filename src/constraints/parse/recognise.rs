//! Runs every phrase over a sketch, and settles who has each number and quotation.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

use regex::Regex;

use super::cues::Cues;
use crate::{
    constraints::{
        kinds,
        wording::{
            need::{Need, Runs},
            pattern::{compile, expanded},
            phrase::{Found, Hit, Phrase},
            sketch::Document,
        },
    },
    says,
};

/// A phrase whose pattern is read when a prompt first holds one of its cues, and compiled when one first holds what it
/// needs: all of them at once would be felt at the first key, and held for nothing.
struct Compiled {
    phrase: &'static Phrase,
    need: OnceLock<Need>,
    regex: OnceLock<Regex>,
}

impl Compiled {
    fn can_match(&self, runs: &Runs) -> bool {
        self.need
            .get_or_init(|| Need::of(&expanded(self.phrase.pattern)))
            .is_met(runs)
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| compile(self.phrase.pattern))
    }
}

struct Book {
    phrases: Vec<Compiled>,
    cues: Cues,
    always: Vec<usize>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book {
        phrases: Vec::new(),
        cues: Cues::default(),
        always: Vec::new(),
    };
    for phrase in kinds::phrases() {
        let index = book.phrases.len();
        for cue in phrase.cues {
            book.cues.add(cue, index);
        }
        if phrase.cues.is_empty() {
            book.always.push(index);
        }
        book.phrases.push(Compiled {
            phrase,
            need: OnceLock::new(),
            regex: OnceLock::new(),
        });
    }
    book
});

/// Matches of one phrase, at most: no person states the same thing more often.
const MOST: usize = 64;

/// Everything that any phrase finds, in no order.
pub fn find(document: &Document) -> Vec<Found> {
    let book = &*BOOK;
    let mut active = vec![false; book.phrases.len()];
    for &index in &book.always {
        active[index] = true;
    }
    for word in document.text.split(|c: char| {
        c.is_ascii_whitespace() || c.is_ascii_punctuation() && c != '*' && c != '<' && c != '['
    }) {
        if word.is_ascii() {
            book.cues.activate(word, &mut active);
            continue;
        }
        // A run of letters without spaces: a cue may begin anywhere in it.
        for (start, _) in word.char_indices() {
            book.cues.activate(&word[start..], &mut active);
        }
    }
    let mut out = Vec::new();
    let explains = says!(&document.text, EXPLAINS);
    let runs = Runs::of(&document.text);
    for (index, compiled) in book
        .phrases
        .iter()
        .enumerate()
        .filter(|(index, compiled)| active[*index] && compiled.can_match(&runs))
    {
        let regex = compiled.regex();
        // The match itself is the first group.
        if regex.captures_len() == 1 {
            for (nth, found) in regex.find_iter(&document.text).take(MOST).enumerate() {
                let source = (index as u32, nth);
                if explains && only_explained(document, found.range()) {
                    continue;
                }
                let mut hit = Hit::new(
                    document,
                    found.range(),
                    compiled.phrase.rank,
                    source,
                    Vec::new(),
                    &mut out,
                );
                (compiled.phrase.read)(&mut hit);
            }
        } else {
            for (nth, found) in regex.captures_iter(&document.text).take(MOST).enumerate() {
                let captures = found
                    .iter()
                    .map(|group| group.map(|group| group.range()))
                    .collect::<Vec<_>>();
                let Some(range) = captures[0].clone() else {
                    continue;
                };
                if explains && only_explained(document, range.clone()) {
                    continue;
                }
                let mut hit = Hit::new(
                    document,
                    range,
                    compiled.phrase.rank,
                    (index as u32, nth),
                    captures,
                    &mut out,
                );
                (compiled.phrase.read)(&mut hit);
            }
        }
    }
    out
}

/// Questions about how something is done.
const EXPLAINS: &str = r"\b(?:how|what|why|whether|that)\b";

/// `how do I make a table`, `how to write a good P.S.`: the thing is the subject, not asked for.
fn only_explained(document: &Document, matched: Range<usize>) -> bool {
    let at = matched.start;
    let start = document.sentence(at).start.min(at);
    let before = &document.text[start..at];
    in_a_question(before, &document.text[matched])
        || says!(
            before,
            r"\bhow (?:to|do (?:i|you|we|people|they)|does one|can (?:i|we|you|one)|should (?:i|we|you|one)|would (?:i|we|you|one)|could (?:i|we)) (?:best |properly |correctly |actually )?(?:[a-z]+ )?(?:(?:a|an|the|my|your|good|great|proper|nice|effective|strong|simple|clean) )*$|\bwhat (?:is |are )?(?:a|an|the)? ?$"
        )
}

/// `can you explain why essays have five paragraphs`: what is asked about is so already. What is said of how to answer
/// (`… in 50 words`, `… without using lists`, `… and keep it short`) stands outside the question.
fn in_a_question(before: &str, stated: &str) -> bool {
    static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:explain|describe|tell (?:me|us|my [a-z]+)|know|understand|wonder(?:ing)?|curious|see|discuss|idea|asking|asks|remember|learn|reasons?|guess|speculate|theory|theories|figure out|decide|sure|about|on|over|argument|question|debate)(?: to [a-z ]{1,20}?| me| us)?(?: about)?,? (?:exactly )?(?:why|whether|how come|how it is that|what makes|how)\b([^,;:(\n]*)$",
        )
    });
    let Some(clause) = QUESTION.captures(before).and_then(|found| found.get(1)) else {
        return false;
    };
    let clause = clause.as_str();
    !says!(
        clause,
        r"(?:\b(?:in|within|using|with|under|into|as|to|for|by|over)) (?:(?:the|a|an|about|only|just|form|style|of|your|their|own|answer) )*$|\b(?:and|but|then|please|while)\b"
    ) && !says!(
        stated,
        r"^(?:in|with|without|using|within|as|into|under|for|keep|please|and)\b"
    )
}

/// Ids whose spans may hold statements of other constraints.
const WIDE: &[&str] = &[
    "combination:two_responses",
    "combination:repeat_prompt",
    "detectable_format:constrained_response",
    "detectable_format:multiple_sections",
    "length_constraints:number_paragraphs",
    "length_constraints:nth_paragraph_first_word",
    "detectable_format:title",
];

/// Keeps, of everything found, what does not contradict a better reading of the same words.
pub fn settle(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.rank),
            std::cmp::Reverse(found.span.len()),
            found.span.start,
        )
    });
    let mut owners: HashMap<usize, (u32, usize)> = HashMap::new();
    let mut kept: Vec<Found> = Vec::new();
    for candidate in found {
        if candidate
            .claims
            .iter()
            .any(|token| owners.get(token).is_some_and(|owner| *owner != candidate.source))
        {
            continue;
        }
        // What only repeats a part of a more special statement.
        let part = kept.iter().any(|other| {
            other.rank >= candidate.rank + 8
                && !WIDE.contains(&other.id)
                && other.source != candidate.source
                && other.span.start < candidate.span.end
                && candidate.span.start < other.span.end
                && !candidate.numbered
        });
        if part {
            continue;
        }
        let inside = candidate.claims.is_empty()
            && kept.iter().any(|other| {
                other.id == candidate.id
                    && other.source != candidate.source
                    && other.span.start < candidate.span.end
                    && candidate.span.start < other.span.end
            });
        if inside {
            continue;
        }
        for &token in &candidate.claims {
            owners.insert(token, candidate.source);
        }
        kept.push(candidate);
    }
    kept.sort_by_key(|found| (found.span.start, found.span.end));
    kept
}
