//! Quoted phrases.

use crate::constraints::{
    Semantics,
    text::chars::{is_ascii_punctuation, is_space},
};

/// No quoted phrase follows another without a word between, and none ends the answer. Officially curly quotation marks do
/// not count.
pub fn are_explained(answer: &str, semantics: Semantics) -> bool {
    let curly = |c: char| semantics == Semantics::AsWorded && matches!(c, '“' | '”');
    let mut text: String = answer
        .replace("'\"'", "")
        .chars()
        .filter(|&c| !is_space(c))
        .collect();
    if semantics == Semantics::AsWorded {
        text = text.chars().map(|c| if curly(c) { '"' } else { c }).collect();
    }
    let ends = |c: char| c.is_ascii_digit() || is_ascii_punctuation(c) && c != '"';
    !text.contains("\"\"") && !text.trim_matches(ends).ends_with('"')
}
