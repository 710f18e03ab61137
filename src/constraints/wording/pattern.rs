//! Patterns over the sketch: regular expressions in which `{name}` stands for an entry of `macros.txt`.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

/// The named parts of patterns.
static MACROS: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let mut macros = HashMap::<&str, String>::new();
    for line in include_str!("macros.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if let Some((name, pattern)) = line.split_once(" = ") {
            let pattern = expand(pattern, &macros);
            macros.insert(name, pattern);
        }
    }
    macros
});

fn expand(pattern: &str, macros: &HashMap<&str, String>) -> String {
    let mut out = String::with_capacity(pattern.len() * 4);
    let mut rest = pattern;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        match from.split_once('}') {
            Some((name, after)) if macros.contains_key(name) => {
                out.push_str(&macros[name]);
                rest = after;
            }
            _ => {
                out.push('{');
                rest = from;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A pattern with its macros written out.
pub fn expanded(pattern: &str) -> String {
    expand(pattern, &MACROS)
}

/// A pattern with its macros, compiled.
///
/// # Panics
/// If the pattern is wrong, which a test rules out for every phrase there is.
pub fn compile(pattern: &str) -> Regex {
    let pattern = expanded(pattern);
    Regex::new(&pattern).unwrap_or_else(|error| panic!("phrase {pattern}: {error}"))
}

/// Whether a sketch text matches a pattern given once, for readers that look around a match.
#[macro_export]
macro_rules! says {
    ($text:expr, $pattern:expr) => {{
        static PATTERN: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::constraints::wording::pattern::compile($pattern));
        PATTERN.is_match($text)
    }};
}

/// The pattern of an amount of something, given as a pattern for its noun: `eighteen different pronouns`, `pronouns: eighteen`,
/// `the number of pronouns is eighteen`, `pronouns, eighteen of them`.
#[macro_export]
macro_rules! counted {
    ($noun:literal) => {
        concat!(
            r"{n}{post}(?: of(?: the| these| those)?(?: {n})?)?(?: {kind},?)*(?: [\p{L}'-]+)?(?: (?:kinds?|types?|sorts?|instances?|occurrences?|uses) of)?(?: {kind},?)* ",
            $noun,
            r"\b(?: {post})?|\b",
            $noun,
            r"\b(?: (?:count|total|tally|quota|minimum|needed|required|please|too|also|as well|in there|in it|used))*",
            r"(?:,? (?:should|must|needs? to|has to|have to|is|are|be|to be|comes? to|numbers?|totals?|at|of|reach(?:es)?|hits?|stands? at|amounts? to|adds? up to))*",
            r"(?: ?[:=,;(-]+)? ?{n}{post}|\b(?:number|count|total|tally|amount) of (?:{kind} )*",
            $noun,
            r"\b{w}{n}|\b",
            $noun,
            r"\b[^.!?\n\x01]{0,60}?{n}{post}(?: {kind})*(?: ones| of (?:them|those|these|'em))\b|\b",
            $noun,
            r"\b[^.!?\n\x01]{0,60}?(?:[,;:(][a-z' ]{0,30}|\b(?:put|use|have|want|need|include|make|be|is|are|get|see|to)\b)(?: in| out| up)? ?{n}{post}(?:[.,;!)\n]|$)"
        )
    };
}
