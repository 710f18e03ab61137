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
