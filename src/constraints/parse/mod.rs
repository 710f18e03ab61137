//! From a free prompt to constraints.
//!
//! A pipeline of small stages, each linear in the prompt:
//! [`lex`] (tokens with their bytes) → [`mask`] (pasted passages, rules for others, plain questions: what asks nothing of the
//! answer) → [`quantity`] (numbers with their relations become amounts) → [`sketch`] (one plain line) → [`recognise`] (the
//! phrases of every id, and who has which number) → [`scope`] (of which part) → [`tree`] (sequence and condition) → [`soft`], [`conflicts`].
//! [`turns`] follows constraints through a conversation.
//!
//! Owns what a prompt asks for as a whole. How a statement is worded is [`super::wording`]'s; what states which id is beside the
//! id, in `kinds/*/phrases.rs`.

mod conditions;
pub mod conflicts;
mod cues;
mod markers;
mod mask;
mod recognise;
pub mod scope;
pub mod soft;
mod steps;
pub mod tree;
pub mod turns;

pub use conflicts::Conflict;
pub use soft::Soft;
pub use tree::{Node, NodeKind};
pub use turns::{Active, follow};

use super::{
    Constraint, kinds,
    wording::{lex, quantity, sketch},
};

/// What was read in a prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In the order of the prompt.
    pub constraints: Vec<Constraint>,
    /// How they combine. Atoms are indices of `constraints`.
    pub tree: Node,
    /// What is asked and no program can decide.
    pub soft: Vec<Soft>,
    /// Pairs that no answer can follow together.
    pub conflicts: Vec<Conflict>,
}

/// Reads a prompt. Deterministic; the same prompt always gives the same reading.
pub fn parse(prompt: &str) -> Reading {
    let mut lexed = lex::lex(prompt);
    mask::mask(&mut lexed);
    let quantities = quantity::fold(&mut lexed);
    let document = sketch::Document::new(lexed, quantities);
    let mut found = recognise::find(&document);
    for find in kinds::finders() {
        find(&document, &mut found);
    }
    for assemble in kinds::assemblers() {
        assemble(&document, &mut found);
    }
    let mut constraints: Vec<Constraint> = recognise::settle(found)
        .into_iter()
        .map(|found| Constraint {
            id: found.id.to_owned(),
            kwargs: found.kwargs,
            span: found.span,
            scope: None,
        })
        .collect();
    let scopes: Vec<_> = constraints
        .iter()
        .map(|constraint| scope::find(&document, constraint, &constraints))
        .collect();
    for (constraint, scope) in constraints.iter_mut().zip(scopes) {
        constraint.scope = scope;
    }
    let (mut tree, mut dropped) = tree::compose(&document, &constraints);
    // What is said twice is one constraint, unless it is said of different branches or steps.
    for later in 1..constraints.len() {
        dropped[later] |= (0..later).any(|at| {
            !dropped[at]
                && constraints[at].id == constraints[later].id
                && constraints[at].kwargs == constraints[later].kwargs
                && constraints[at].scope == constraints[later].scope
                && !tree.apart(at, later)
        });
    }
    if dropped.contains(&true) {
        let mut keep = dropped.iter().map(|dropped| !dropped);
        constraints.retain(|_| keep.next().unwrap_or(true));
        tree = tree::compose(&document, &constraints).0;
    }
    tree.share_scopes(&mut constraints);
    let soft = soft::find(&document, &constraints);
    let conflicts = conflicts::find(&constraints, &tree);
    Reading {
        constraints,
        tree,
        soft,
        conflicts,
    }
}
