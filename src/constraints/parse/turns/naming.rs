//! How people name a rule: by what it is about (`topics.txt`) or by words of its own.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::constraints::{
    Constraint,
    parse::conflicts::bounds,
    wording::pattern::{Pattern, compile},
};

/// Rules that say what must not be.
pub(super) fn forbids(rule: &Constraint) -> bool {
    match rule.id.as_str() {
        "punctuation:no_comma"
        | "keywords:forbidden_words"
        | "raif:avoid_phrase"
        | "raif:no_first_person"
        | "raif:no_markdown"
        | "raif:plain_text"
        | "format:no_whitespace" => true,
        "raif:emoji" | "raif:hashtags" if rule.kwargs.contains_key("forbidden") => true,
        _ => bounds(rule).is_some_and(|bounds| bounds.hi == 0),
    }
}

pub(super) fn limits_length(rule: &Constraint) -> bool {
    bounds(rule).is_some_and(|bounds| {
        matches!(
            bounds.what.as_str(),
            "words" | "sentences" | "characters" | "lines"
        )
    })
}

/// What rules of some ids are called.
pub(super) struct Topic {
    pub names: Regex,
    ids: Vec<&'static str>,
}

pub(super) fn topics() -> &'static [Topic] {
    static TOPICS: LazyLock<Vec<Topic>> = LazyLock::new(|| {
        include_str!("topics.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "))
            .map(|(names, ids)| Topic {
                names: compile(&bounded(names)),
                ids: ids.split(' ').collect(),
            })
            .collect()
    });
    &TOPICS
}

/// Alternatives of which an English one is a whole word; Chinese has no space around a word.
fn bounded(names: &str) -> String {
    let (chinese, english): (Vec<&str>, Vec<&str>) = names.split('|').partition(|name| !name.is_ascii());
    let mut all = chinese;
    let english = format!(r"\b(?:{})\b", english.join("|"));
    all.push(&english);
    all.join("|")
}

pub(super) fn by_topic(text: &str, rule: &Constraint) -> bool {
    topics()
        .iter()
        .any(|topic| topic.ids.iter().any(|id| rule.id.starts_with(id)) && topic.names.is_match(text))
}

/// Whether a text speaks of a rule: by what it is about, or by words of its own.
pub(super) fn names(text: &str, quoted: &[String], rule: &Constraint) -> bool {
    by_topic(text, rule) || literal(text, quoted, rule)
}

/// Whether a text holds a word or phrase that a rule is about.
pub(super) fn literal(text: &str, quoted: &[String], rule: &Constraint) -> bool {
    rule.kwargs
        .values()
        .flat_map(|value| match value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
            Value::String(word) => vec![word.as_str()],
            _ => Vec::new(),
        })
        .filter(|word| !matches!(*word, "at least" | "less than" | "exactly"))
        .any(|word| holds(text, quoted, word) || mark(word).is_some_and(|name| text.contains(name)))
}

/// What a punctuation mark is called.
fn mark(letter: &str) -> Option<&'static str> {
    Some(match letter {
        "!" => "exclamation",
        "?" => "question mark",
        ";" => "semicolon",
        ":" => "colon",
        "-" => "hyphen",
        "—" | "–" => "dash",
        "&" => "ampersand",
        "'" => "apostrophe",
        "(" => "parenthes",
        "." => "full stop",
        _ => return None,
    })
}

/// Whether a text names a word. A letter is named with its noun, or where it is no word of its own.
pub(super) fn holds(text: &str, quoted: &[String], word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.is_empty() {
        return false;
    }
    if quoted
        .iter()
        .any(|quoted| quoted.trim_matches(|c: char| !c.is_alphanumeric()) == word)
    {
        return true;
    }
    if matches!(word, "a" | "i") {
        return [
            format!("letter {word}"),
            format!("{word} rule"),
            format!("{word} ban"),
        ]
        .iter()
        .any(|named| text.contains(named.as_str()));
    }
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        // One of them or several.
        let after = after
            .strip_prefix('s')
            .filter(|_| word.len() > 1)
            .unwrap_or(after);
        !word.is_ascii() || !letter(text[..at].chars().next_back()) && !letter(after.chars().next())
    })
}

/// Whether a rule is about the items of a list, which have numbers too.
fn lists(rule: &Constraint) -> bool {
    matches!(
        rule.id.as_str(),
        "detectable_format:number_bullet_lists" | "raif:list_items" | "raif:numbered_list"
    )
}

/// Positions of rules that are named by their number: `the first rule is off now`.
pub(super) fn numbered(text: &str, rules: &[&Constraint], numbers: &[usize]) -> Vec<usize> {
    static NTH: Pattern = Pattern::new(
        r"\b(?:(first|1st|second|2nd|third|3rd|fourth|last|latest|newest|most recent) {ruled}|{ruled} (?:number |no\.? |#)?\(?(one|two|three|four|[1-9])(?:(?:,| and|, and| &| or| plus) (?:{ruled} )?(?:number |no\.? |#)?(one|two|three|four|[1-9]))?|\bthe (first|second|third|fourth|last)(?: one)?(?: of (?:them|those|these))? (?:can|may|is|are|no longer|doesn't|does not|goes|has|too|now|also)|\b(?:points?|items?|clauses?|numbers?|no\.|#) ?\(?(one|two|three|four|[1-9]))\b",
    );
    let found = NTH.captures_iter(text).flat_map(|found| {
        // `Drop point 2`, `the second one can go` of a list is no rule.
        let point = (4..6)
            .find_map(|group| found.get(group))
            .filter(|_| !rules.iter().any(|rule| lists(rule)));
        // `Rules 1 and 3`
        [found.get(1).or(found.get(2)).or(point), found.get(3)]
            .into_iter()
            .flatten()
    });
    let place = |number: usize| numbers.iter().position(|known| *known == number);
    let nth = found.filter_map(|name| match name.as_str() {
        "first" | "1st" | "one" | "1" => place(0),
        "second" | "2nd" | "two" | "2" => place(1),
        "third" | "3rd" | "three" | "3" => place(2),
        "fourth" | "four" | "4" => place(3),
        _ => rules.len().checked_sub(1),
    });
    let mut named: Vec<usize> = nth.collect();
    named.sort_unstable();
    named.dedup();
    named
}
