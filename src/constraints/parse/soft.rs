//! Requirements that no program can decide: tone, audience, persona, focus, quality.
//!
//! Owns their phrases and the category of each. Precision first: a phrase must be asked of the answer, not be its subject.

use std::{ops::Range, sync::LazyLock};

use serde::Serialize;

use crate::constraints::{
    Constraint,
    kinds::Category,
    wording::{pattern::Pattern, sketch::Document},
};

/// A requirement that is listed and never checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Soft {
    pub text: String,
    pub category: Category,
    /// Bytes of the prompt.
    #[serde(skip)]
    pub span: Range<usize>,
}

static PHRASES: LazyLock<Vec<(Category, Pattern)>> = LazyLock::new(|| {
    [
        (Category::Stylistic, include_str!("soft/stylistic.txt")),
        (Category::Semantic, include_str!("soft/semantic.txt")),
        (Category::Linguistic, include_str!("soft/linguistic.txt")),
        (Category::Numerical, include_str!("soft/numerical.txt")),
        (Category::Lexical, include_str!("soft/lexical.txt")),
        (Category::Format, include_str!("soft/format.txt")),
        (Category::Stylistic, include_str!("soft/stylistic_zh.txt")),
        (Category::Lexical, include_str!("soft/lexical_zh.txt")),
    ]
    .into_iter()
    .map(|(category, lines)| {
        // An English phrase begins a word; a value begins none, and neither does a Chinese character.
        let alternatives: Vec<String> = lines
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| match line.trim_start_matches("(?:").chars().next() {
                Some(first) if first.is_ascii_alphabetic() => format!(r"\b(?:{line})"),
                _ => line.to_owned(),
            })
            .collect();
        (category, Pattern::of(alternatives.join("|").into()))
    })
    .collect()
});

/// Soft requirements in the order of the prompt, none of which overlaps a constraint.
pub fn find(document: &Document, constraints: &[Constraint]) -> Vec<Soft> {
    let mut out: Vec<Soft> = Vec::new();
    for (category, pattern) in PHRASES.iter() {
        for found in pattern.find_iter(&document.text) {
            let span = document.source(found.range());
            let taken = constraints
                .iter()
                .map(|constraint| &constraint.span)
                .chain(out.iter().map(|soft| &soft.span));
            if taken
                .into_iter()
                .any(|other| other.start < span.end && span.start < other.end)
            {
                continue;
            }
            out.push(Soft {
                text: document.lexed.prompt[span.clone()]
                    .trim()
                    .trim_start_matches([',', '.', '!', '?', ';', ':', ' ', '\n'])
                    .to_owned(),
                category: *category,
                span,
            });
            if out.len() >= 64 {
                break;
            }
        }
    }
    out.sort_by_key(|soft| soft.span.start);
    out
}
