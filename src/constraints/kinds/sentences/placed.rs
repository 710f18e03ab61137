//! A word that stands in a sentence with a number: `"oats" in the opening sentence`, `the fifth word of sentence three is lantern`.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::{
    constraints::wording::{
        lists,
        pattern::compile,
        phrase::{Hit, kwargs},
    },
    says,
};

/// A sentence by its number.
pub const SENTENCE: &str = r"(?:\x04|\b(?:opening|initial)) sentence\b|\bsentence (?:number |no\.? |#)?(?:{n}|\x04)|\bin(?:to)? the \x04(?: one\b|[.,;)\n]|$| and\b)";

/// A word that is named: in quotation marks, or as what a word is.
const NAMED: &str = r"{q}|\b(?:key ?word|word|term) ([\p{L}][\p{L}'-]*)";

/// The same where it is known that one word is meant.
const NAMED_ALONE: &str = r"{q}|\b(?:key ?word|word|term) ([\p{L}][\p{L}'-]*)|(?:\b(?:is|be|being|reads?)|[:=]) ?(?:the word )?([\p{L}][\p{L}'-]*)(?:[.,;!)\n]|$)";

/// Which word of the sentence it is.
const INDEX: &str = r"\x04(?: [a-z]+)? word\b|\b(?:opening|initial) word\b|\bword (?:number |no\.? |#)?(?:{n}|\x04)|\b(?:position|place|slot) (?:number )?{n}|\x04 (?:position|place|slot)\b";

pub fn read(hit: &mut Hit) {
    static SENTENCES: LazyLock<Regex> = LazyLock::new(|| compile(SENTENCE));
    static INDICES: LazyLock<Regex> = LazyLock::new(|| compile(INDEX));
    static NAMES: LazyLock<Regex> = LazyLock::new(|| compile(NAMED));
    static NAMES_ALONE: LazyLock<Regex> = LazyLock::new(|| compile(NAMED_ALONE));
    let text = &hit.document.text;
    let place = hit.part(0);
    let whole = hit.document.sentence(place.start).start.min(place.start)
        ..hit.document.sentence(place.end).end.max(place.end);
    let all = |regex: &Regex| -> Vec<Range<usize>> {
        regex
            .find_iter(&text[whole.clone()])
            .map(|found| whole.start + found.start()..whole.start + found.end())
            .collect()
    };
    // `and "right" in the fifth` goes on with sentences.
    if text[place.clone()].starts_with("in") && !says!(hit.sentence(), r"\bsentences?\b") {
        return;
    }
    let sentences = all(&SENTENCES);
    let index = all(&INDICES)
        .into_iter()
        .filter(|index| gap(index, &place).len() < 40)
        .min_by_key(|index| gap(index, &place).len());
    let mut names = all(if index.is_some() { &NAMES_ALONE } else { &NAMES });
    names.retain(|name| text[name.clone()].contains('\u{2}') || word_in(hit, name.clone()).is_some());
    // Either all sentences stand before their words, or all behind them.
    let first = sentences.first().map_or(place.start, |sentence| sentence.start);
    let name = match names.first().is_some_and(|name| name.start > first) {
        true => names.into_iter().find(|name| name.start >= place.end),
        false => names.into_iter().rfind(|name| name.end <= place.start),
    };
    let Some(name) = name else { return };
    let between = text[gap(&place, &name)].trim();
    let before = &text[whole.start..place.start.min(name.start)];
    let nth = match says!(&text[place.clone()], r"^(?:opening|initial)") {
        true => Some(1),
        false => hit.number_in(place.clone()),
    };
    let (Some(nth), Some(word)) = (nth, word_in(hit, name.clone())) else {
        return;
    };
    let alone = index.is_none()
        && !text[place.clone()].starts_with("in")
        && says!(between, r"^(?:of|from|:|is|reads|says|about|,)?$");
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
    let m = match says!(&text[index.clone()], r"^(?:opening|initial)") {
        true => Some(1),
        false => hit.number_in(index.clone()),
    };
    if let Some(m) = m {
        hit.also_stated(index);
        hit.emit(
            "words:keywords_specific_position",
            kwargs([("keyword", word.into()), ("n", nth.into()), ("m", m.into())]),
        );
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
            r"\b(?:not|never|without|avoid|avoiding|replace|fix|delete|remove|change|explain|translate|rewrite|begin|start|end|finish|close)\b[^.;,:\n]{0,40}$"
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
