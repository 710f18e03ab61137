//! A word that stands in a sentence with a number: `"oats" in the opening sentence`, `the fifth word of sentence three is lantern`.

use std::ops::Range;

use crate::{
    constraints::wording::{
        lists,
        pattern::Pattern,
        phrase::{Hit, kwargs},
    },
    says,
};

/// A sentence by its number.
pub const SENTENCE: &str = r"(?:\x04|\b(?:opening|initial)) sentence\b|\bsentence (?:number |no\.? |#)?(?:{n}|\x04)|\bin(?:to)? the \x04(?: one\b|[.,;)\n]|$| and\b)";

/// A word that is named: in quotation marks, or as what a word is.
const NAMED: &str = r"{q}|\b(?:key ?word|word|term) [\p{L}][\p{L}'-]*";

/// The same where it is known that one word is meant.
const NAMED_ALONE: &str = r"{q}|\b(?:key ?word|word|term) [\p{L}][\p{L}'-]*|(?:\b(?:is|be|being|reads?)|[:=]) ?(?:the word )?[\p{L}][\p{L}'-]*(?:[.,;!)\n]|$)";

/// Which word of the sentence it is.
const INDEX: &str = r"\x04(?: [a-z]+)? word\b|\b(?:opening|initial) word\b|\bword (?:number |no\.? |#)?(?:{n}|\x04)|\b(?:position|place|slot) (?:number )?{n}|\x04 (?:position|place|slot)\b";

pub fn read(hit: &mut Hit) {
    static INDICES: Pattern = Pattern::new(INDEX);
    let place = hit.part(0);
    // `and "right" in the fifth` goes on with sentences.
    let goes_on = hit.document.text[place.clone()].starts_with("in the ")
        || hit.document.text[place.clone()].starts_with("into the ");
    if goes_on && !says!(hit.sentence(), r"\bsentences?\b") {
        return;
    }
    let index = places(hit, &INDICES)
        .into_iter()
        .filter(|index| gap(index, &place).len() < 40)
        .min_by_key(|index| gap(index, &place).len());
    let Some(name) = name(hit, &place, index.is_some()) else {
        return;
    };
    let (Some(nth), Some(word)) = (number(hit, &place), word_in(hit, name.clone())) else {
        return;
    };
    let start = hit.document.sentence(place.start).start;
    let before = &hit.document.text[start.min(place.start).min(name.start)..place.start.min(name.start)];
    let between = hit.document.text[gap(&place, &name)].trim();
    let alone = index.is_none() && !goes_on && says!(between, r"^(?:of|from|:|is|reads|says|about|,)?$");
    if alone || is_other(before, between) {
        return;
    }
    hit.also_stated(name);
    let Some(index) = index else {
        return hit.emit(
            "sentence:keyword",
            kwargs([("word", word.into()), ("N", nth.into())]),
        );
    };
    if let Some(m) = number(hit, &index) {
        hit.also_stated(index);
        hit.emit(
            "words:keywords_specific_position",
            kwargs([("keyword", word.into()), ("n", nth.into()), ("m", m.into())]),
        );
    }
}

/// The word that belongs to a sentence: either all sentences are named before their words, or all behind them.
fn name(hit: &Hit, place: &Range<usize>, alone: bool) -> Option<Range<usize>> {
    static SENTENCES: Pattern = Pattern::new(SENTENCE);
    static NAMES: Pattern = Pattern::new(NAMED);
    static NAMES_ALONE: Pattern = Pattern::new(NAMED_ALONE);
    let mut names = places(hit, if alone { &NAMES_ALONE } else { &NAMES });
    names.retain(|name| word_in(hit, name.clone()).is_some());
    let first = places(hit, &SENTENCES)
        .first()
        .map_or(place.start, |sentence| sentence.start);
    match names.first()?.start > first {
        true => names.into_iter().find(|name| name.start >= place.end),
        false => names.into_iter().rfind(|name| name.end <= place.start),
    }
}

/// Where a pattern matches in the sentence of what the rule is about.
fn places(hit: &Hit, pattern: &Pattern) -> Vec<Range<usize>> {
    let about = hit.part(0);
    let document = hit.document;
    let start = document.sentence(about.start).start.min(about.start);
    let end = document.sentence(about.end).end.max(about.end);
    pattern
        .find_iter(&document.text[start..end])
        .map(|found| start + found.start()..start + found.end())
        .collect()
}

/// The number of a sentence or a word.
fn number(hit: &Hit, place: &Range<usize>) -> Option<u64> {
    match says!(&hit.document.text[place.clone()], r"^(?:opening|initial)") {
        true => Some(1),
        false => hit.number_in(place.clone()),
    }
}

/// It is not said that the word stands in the sentence.
fn is_other(before: &str, between: &str) -> bool {
    between.len() > 90
        || says!(
            between,
            r"\b(?:begin|begins|beginning|start|starts|starting|opens|end|ends|ending|finish|finishes|close|closes|conclude|concludes|sign|replace|fix|delete|remove|change|rewrite|rhymes?|not|never|without|avoid|avoiding|before|after|except|translate)\b"
        )
        || says!(
            before,
            r"\b(?:not|never|without|avoid|avoiding|replace|fix|delete|remove|change|explain|translate|rewrite)\b[^.;,:\n]{0,40}$"
        )
        // `all end with an emoji and the word "den" is in sentence 4`
        || says!(
            before.rsplit(" and ").next().unwrap_or_default(),
            r"\b(?:begin|start|end|finish|close)\b[^.;,:\n]{0,40}$"
        )
}

/// What stands between two places.
fn gap(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    let (start, end) = (one.end.min(other.end), one.start.max(other.start));
    start..end.max(start)
}

/// The word that a place names: in quotation marks, else its last one, unless that can hardly be meant.
pub fn word_in(hit: &Hit, place: Range<usize>) -> Option<String> {
    let document = hit.document;
    if let Some(at) = document.text[place.clone()].find('\u{2}') {
        let quoted = document.quoted(document.token_at(place.start + at))?;
        return Some(quoted.trim_end_matches([',', '.']).to_owned());
    }
    let text = document.text[place.clone()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = text.rfind([' ', ':', '=']).map_or(0, |at| at + 1);
    if lists::is_common(&text[start..])
        || matches!(
            &text[start..],
            "there" | "has" | "present" | "included" | "number" | "no"
        )
    {
        return None;
    }
    let source = document.source(place.start + start..place.start + text.len());
    Some(document.lexed.prompt[source].to_owned())
}
