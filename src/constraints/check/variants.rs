//! The texts that IFEval's loose rule also accepts.

use std::borrow::Cow;

use crate::constraints::text::chars::strip;

/// The answer without its asterisks, without its first line, its last, both, and each of these without asterisks. The
/// answer itself is left out, and so is a variant that equals one before it.
pub fn others(answer: &str) -> Vec<Cow<'_, str>> {
    let first = answer.find('\n');
    let last = answer.rfind('\n');
    let without_first = first.map_or("", |at| strip(&answer[at + 1..]));
    let without_last = last.map_or("", |at| strip(&answer[..at]));
    let without_both = match (first, last) {
        (Some(first), Some(last)) if first < last => strip(&answer[first + 1..last]),
        _ => "",
    };
    let mut variants: Vec<Cow<str>> = vec![without_first.into(), without_last.into(), without_both.into()];
    for text in [answer, without_first, without_last, without_both] {
        if text.contains('*') {
            variants.push(text.replace('*', "").into());
        }
    }
    let mut kept: Vec<Cow<str>> = Vec::with_capacity(variants.len());
    for variant in variants {
        if variant != answer && !kept.contains(&variant) {
            kept.push(variant);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_others_at_most() {
        assert_eq!(
            others("a *b*\n c \nd*"),
            ["c \nd*", "a *b*\n c", "c", "a b\n c \nd", "c \nd", "a b\n c"]
        );
        assert_eq!(others("one line"), [""]);
    }
}
