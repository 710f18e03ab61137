//! Patterns over the sketch: regular expressions in which `{name}` stands for an entry of `macros.txt`.
//!
//! Owns how a pattern is compiled and when it is tried. A boundary `\b` is one of ASCII words: a Chinese character beside a
//! Latin word is no part of it, and the matcher need not leave its fast path for it.

use std::{
    borrow::Cow,
    collections::HashMap,
    ops::Deref,
    sync::{LazyLock, OnceLock},
};

use regex::{Captures, Match, Regex};

use super::need::{Need, Runs};

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
    let pattern = expanded(pattern).replace(r"\b", r"(?-u:\b)");
    Regex::new(&pattern).unwrap_or_else(|error| panic!("phrase {pattern}: {error}"))
}

/// A text in which patterns are looked for.
pub trait Text {
    fn words(&self) -> &str;

    /// Its runs, where they are known.
    fn runs(&self) -> Option<&Runs> {
        None
    }
}

impl Text for str {
    fn words(&self) -> &str {
        self
    }
}

impl Text for String {
    fn words(&self) -> &str {
        self
    }
}

impl<T: Text + ?Sized> Text for &T {
    fn words(&self) -> &str {
        (**self).words()
    }

    fn runs(&self) -> Option<&Runs> {
        (**self).runs()
    }
}

/// A text that many patterns are looked for in: those that its runs rule out are not tried.
pub struct Indexed {
    text: String,
    runs: Runs,
}

impl Indexed {
    /// Whether it may match what needs this.
    pub fn meets(&self, need: &Need) -> bool {
        need.is_met(&self.runs)
    }
}

impl From<String> for Indexed {
    fn from(text: String) -> Self {
        let runs = Runs::of(&text);
        Self { text, runs }
    }
}

impl Deref for Indexed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Text for Indexed {
    fn words(&self) -> &str {
        &self.text
    }

    fn runs(&self) -> Option<&Runs> {
        Some(&self.runs)
    }
}

/// A pattern that is read when it is first looked for, and compiled when a text first holds what it needs: all of them at once
/// would be felt at the first key, and held for nothing.
pub struct Pattern {
    source: Cow<'static, str>,
    need: OnceLock<Need>,
    regex: OnceLock<Regex>,
}

impl Pattern {
    pub const fn new(source: &'static str) -> Self {
        Self::of(Cow::Borrowed(source))
    }

    pub const fn of(source: Cow<'static, str>) -> Self {
        Self {
            source,
            need: OnceLock::new(),
            regex: OnceLock::new(),
        }
    }

    pub fn is_in(&self, text: &(impl Text + ?Sized)) -> bool {
        self.tried(text).is_some_and(|regex| regex.is_match(text.words()))
    }

    pub fn find<'t>(&self, text: &'t (impl Text + ?Sized)) -> Option<Match<'t>> {
        self.tried(text)?.find(text.words())
    }

    /// The first match that begins at a byte or behind it; what stands before is seen by the pattern's boundaries.
    pub fn find_at<'t>(&self, text: &'t (impl Text + ?Sized), from: usize) -> Option<Match<'t>> {
        self.tried(text)?.find_at(text.words(), from)
    }

    pub fn find_iter<'t>(&self, text: &'t (impl Text + ?Sized)) -> impl Iterator<Item = Match<'t>> {
        let found = self.tried(text).map(|regex| regex.find_iter(text.words()));
        found.into_iter().flatten()
    }

    pub fn captures<'t>(&self, text: &'t (impl Text + ?Sized)) -> Option<Captures<'t>> {
        self.tried(text)?.captures(text.words())
    }

    pub fn captures_iter<'t>(&self, text: &'t (impl Text + ?Sized)) -> impl Iterator<Item = Captures<'t>> {
        let found = self.tried(text).map(|regex| regex.captures_iter(text.words()));
        found.into_iter().flatten()
    }

    /// The compiled pattern, unless the text lacks what it needs.
    pub fn tried(&self, text: &(impl Text + ?Sized)) -> Option<&Regex> {
        let need = || Need::of(&expanded(&self.source));
        let may_match = text
            .runs()
            .is_none_or(|runs| self.need.get_or_init(need).is_met(runs));
        may_match.then(|| self.regex.get_or_init(|| compile(&self.source)))
    }
}

/// Whether a text matches a pattern given once, for readers that look around a match.
#[macro_export]
macro_rules! says {
    ($text:expr, $pattern:expr) => {{
        static PATTERN: $crate::constraints::wording::pattern::Pattern =
            $crate::constraints::wording::pattern::Pattern::new($pattern);
        PATTERN.is_in($text)
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
