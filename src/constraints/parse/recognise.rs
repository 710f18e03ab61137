//! Runs every phrase and rule over a sketch, and settles who has each number and quotation.

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
            lex::TokenKind,
            need::Need,
            pattern::Pattern,
            phrase::{Found, Hit, Phrase},
            rule::{self, Rule},
            sketch::{AMOUNT, Document},
        },
    },
    says,
};

/// A phrase or a rule, whose patterns are read when a prompt first holds one of its cues.
enum Entry {
    Phrase(&'static Phrase, Pattern),
    Rule(&'static Rule, OnceLock<Need>, OnceLock<rule::Compiled>),
}

impl Entry {
    fn cues(&self) -> &'static [&'static str] {
        match self {
            Self::Phrase(phrase, _) => phrase.cues,
            Self::Rule(rule, ..) => rule.cues,
        }
    }
}

struct Book {
    entries: Vec<Entry>,
    cues: Cues,
    always: Vec<usize>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let phrases = kinds::phrases().map(|phrase| Entry::Phrase(phrase, Pattern::new(phrase.pattern)));
    let rules = kinds::rules().map(|rule| Entry::Rule(rule, OnceLock::new(), OnceLock::new()));
    let mut book = Book {
        entries: phrases.chain(rules).collect(),
        cues: Cues::default(),
        always: Vec::new(),
    };
    for (index, entry) in book.entries.iter().enumerate() {
        for cue in entry.cues() {
            book.cues.add(cue, index);
        }
        if entry.cues().is_empty() {
            book.always.push(index);
        }
    }
    book
});

/// Matches of one phrase, at most: no person states the same thing more often.
const MOST: usize = 64;

/// Everything that any phrase or rule finds, in no order.
pub fn find(document: &Document) -> Vec<Found> {
    let book = &*BOOK;
    let mut active = vec![false; book.entries.len()];
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
    for (index, entry) in book
        .entries
        .iter()
        .enumerate()
        .filter(|(index, _)| active[*index])
    {
        let source = |nth| (index as u32, nth);
        let bound = |range: Range<usize>| {
            !(explains && only_explained(document, range.clone()) || numbers_a_part(document, range))
        };
        match entry {
            Entry::Phrase(phrase, pattern) => {
                let Some(regex) = pattern.tried(&document.text) else {
                    continue;
                };
                for (nth, (range, captures)) in matches(regex, &document.text).enumerate() {
                    if bound(range.clone()) {
                        let mut hit = Hit::new(document, range, phrase.rank, source(nth), captures, &mut out);
                        (phrase.read)(&mut hit);
                    }
                }
            }
            Entry::Rule(rule, need, compiled) => {
                if !document.text.meets(need.get_or_init(|| rule.need())) {
                    continue;
                }
                let compiled = compiled.get_or_init(|| rule::Compiled::new(rule));
                for (nth, parts) in compiled.find(document).into_iter().enumerate() {
                    if bound(parts[0].clone()) {
                        let mut hit = Hit::of_parts(document, parts, rule.rank, source(nth), &mut out);
                        if !hit.is_of_someone() {
                            (rule.read)(&mut hit);
                        }
                    }
                }
            }
        }
    }
    out
}

/// A match and its groups.
type Match = (Range<usize>, Vec<Option<Range<usize>>>);

/// The matches of a pattern and their groups, the match itself first; no groups where it has none of its own.
fn matches<'t>(regex: &'t Regex, text: &'t str) -> Box<dyn Iterator<Item = Match> + 't> {
    if regex.captures_len() == 1 {
        return Box::new(
            regex
                .find_iter(text)
                .take(MOST)
                .map(|found| (found.range(), Vec::new())),
        );
    }
    Box::new(regex.captures_iter(text).take(MOST).filter_map(|found| {
        let groups: Vec<_> = found
            .iter()
            .map(|group| group.map(|group| group.range()))
            .collect();
        Some((groups[0].clone()?, groups))
    }))
}

/// `part 2 paragraph 3`, `chapter one sentence two`: the number is of what stands before it and counts nothing.
fn numbers_a_part(document: &Document, matched: Range<usize>) -> bool {
    let text = &document.text;
    let singular = |text: &str| says!(text, r"^\x01 (?:{part}|word|character|bullet)$");
    if text.as_bytes()[matched.start] != AMOUNT || !singular(&text[matched.clone()]) {
        return false;
    }
    let TokenKind::Amount(index) = document.lexed.tokens[document.token_at(matched.start)].kind else {
        return false;
    };
    let quantity = &document.quantities[index];
    let before = &text[document.sentence(matched.start).start.min(matched.start)..matched.start];
    !quantity.related
        // `in the last line one word`
        && (quantity.exact() != Some(1) || says!(&text[matched.end..], r"^ \x01"))
        && says!(
            before,
            r"\b(?:{part}|page|act|scene|book|volume|figure|step|question|column|appendix|article|clause|version|level|unit|lesson|exercise|day|week|worker|thread|draft) $"
        )
}

/// Questions about how something is done.
const EXPLAINS: &str = r"\b(?:how|what|why|whether|that|explain|define|discuss|about|where|which)\b";

/// `how do I make a table`, `how to write a good P.S.`: the thing is the subject, not asked for.
fn only_explained(document: &Document, matched: Range<usize>) -> bool {
    let at = matched.start;
    let start = document.sentence(at).start.min(at);
    let before = &document.text[start..at];
    let after = &document.text[matched.end..document.sentence(matched.end).end.max(matched.end)];
    let end = matched.end + after.len();
    in_a_question(before, &document.text[matched])
        // `vowels: why do some languages have only three vowels?`
        || document.text[end..].starts_with('?')
            && says!(
                before,
                r"[:,] ?(?:why|how come|how|what|which|who|when|where) (?:do|does|did|is|are|was|were|has|have)\b[^,;:]*$"
            )
        // `explain title case`, `explain the game where you …`, `a printer that …`
        || says!(
            before,
            r"\b(?:explain|define|discuss|teach me(?: about)?|tell me about|talk about)(?: to me)?(?: (?:the|a|an|what|use of|rules? of))* $|\b(?:explain|describe|discuss|what is|tell me about|define) (?:[a-z']+ ){0,4}?(?:game|trick|rule|technique|form|device|exercise|puzzle|custom|tradition|practice|concept)s? (?:where|in which|that|whereby)\b[^:;]*$|\b(?:printer|app|tool|machine|program|script|editor|function|bot|website|plugin|software|gadget|robot|parser|toy|font)s? (?:that|which) (?:[a-z]+ ){0,3}$"
        )
        || says!(
            before,
            r"\bhow (?:to|do (?:i|you|we|people|they)|does one|can (?:i|we|you|one)|should (?:i|we|you|one)|would (?:i|we|you|one)|could (?:i|we)) (?:best |properly |correctly |actually )?(?:[a-z]+ )?(?:(?:a|an|the|my|your|good|great|proper|nice|effective|strong|simple|clean) )*$|\bwhat (?:is |are )?(?:a|an|the)? ?$"
        )
}

/// `can you explain why essays have five paragraphs`: what is asked about is so already. What is said of how to answer
/// (`… in 50 words`, `… without using lists`, `… and keep it short`) stands outside the question.
fn in_a_question(before: &str, stated: &str) -> bool {
    static QUESTION: Pattern = Pattern::new(
        r"\b(?:explain|describe|tell (?:me|us|my [a-z]+)|know|understand|wonder(?:ing)?|curious|see|discuss|idea|asking|asks|remember|learn|figure out|decide|sure|about|on|over|reasons?|as)(?: to [a-z ]{1,20}?| me| us)?(?: about)?,? (?:exactly )?(?:why|whether|how come|how it is that|what makes|how)\b([^,;:(\n]*)$",
    );
    let Some(clause) = QUESTION.captures(before).and_then(|found| found.get(1)) else {
        return false;
    };
    let clause = clause.as_str();
    !says!(
        clause,
        r"(?:\b(?:in|within|using|with|under|into|as|to|at|for|by|over)) (?:(?:the|a|an|about|only|just|form|style|of|your|their|own|answer) )*$|\b(?:and|but|then|please|while)\b"
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
