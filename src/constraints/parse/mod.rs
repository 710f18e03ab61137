//! From a free prompt to constraints.
//!
//! A pipeline of small stages, each linear in the prompt:
//! [`lex`] (tokens with their bytes) → [`mask`] (quotations, pasted passages, code, rules for others: what asks nothing of the
//! answer) → [`quantity`] (numbers with their relations become amounts) → [`sketch`] (one plain line) → [`recognise`] (the
//! phrases of every id, and who has which number).
//!
//! Owns how people state things in general. What states which id is beside the id, in `kinds/*/phrases.rs`.

pub mod lex;
pub mod lists;
mod mask;
mod number;
pub mod phrase;
pub mod quantity;
mod recognise;
pub mod sketch;

use super::Constraint;

/// What was read in a prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In the order of the prompt.
    pub constraints: Vec<Constraint>,
}

/// Reads a prompt. Deterministic; the same prompt always gives the same reading.
pub fn parse(prompt: &str) -> Reading {
    let mut lexed = lex::lex(prompt);
    mask::mask(&mut lexed);
    let quantities = quantity::fold(&mut lexed);
    let document = sketch::Document::new(lexed, quantities);
    let mut found = recognise::find(&document);
    for find in super::kinds::finders() {
        find(&document, &mut found);
    }
    for assemble in super::kinds::assemblers() {
        assemble(&document, &mut found);
    }
    Reading {
        constraints: recognise::settle(found)
            .into_iter()
            .map(|found| Constraint {
                id: found.id.to_owned(),
                kwargs: found.kwargs,
                span: found.span,
                scope: None,
            })
            .collect(),
    }
}
