//! Deciding constraints on an answer.
//!
//! Owns the drivers of [`Checker`]s: [`LiveCheck`] for a stream, [`decide`] for a finished answer (IFEval's strict and loose
//! rules), the parts of an answer that a scope names, and the branches of a prompt that an answer took.

mod branches;
mod live;
mod scope;
mod variants;

use std::ops::Range;

pub use live::LiveCheck;

use serde::Serialize;

use super::{Constraint, Semantics, Verdict, checker::Checker, kinds};

/// What a row of the sidebar shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub verdict: Verdict,
    /// `182/300 words`; empty where there is nothing to count.
    pub value: String,
    /// Byte ranges of the answer that break it (if broken) or fulfil it.
    pub places: Vec<Range<usize>>,
    /// The verdict on the finished answer by the other [`Semantics`], where it is another one.
    pub differs: Option<Verdict>,
    /// Whether the branch of the prompt that states it is the one that the answer took.
    pub applies: Applies,
}

impl Status {
    /// What a checker says now, under no condition and compared with nothing.
    fn of(checker: &dyn Checker) -> Self {
        Self {
            verdict: checker.verdict(),
            value: checker.value(),
            places: checker.places(),
            differs: None,
            applies: Applies::Always,
        }
    }
}

/// Whether a constraint counts: one under a condition (`if …, use a table; otherwise …`) may not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Applies {
    /// It stands under no condition.
    #[default]
    Always,
    /// The answer took its branch, and no other.
    Taken,
    /// The answer took another branch. Its verdict is never [`Verdict::Broken`].
    NotTaken,
    /// Only the model could tell which branch is meant. Its verdict is never [`Verdict::Broken`].
    Undecided,
}

/// The verdicts on a finished answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `None`: it cannot be decided (unknown id, no data).
    pub strict: Option<bool>,
    pub loose: Option<bool>,
    pub value: String,
}

/// What decides a constraint on the part of the answer that it binds; `None` if nothing can: its id is unknown, an argument
/// is missing or wrong, or its part of the answer cannot be found by a program.
pub fn checker(constraint: &Constraint, prompt: &str, semantics: Semantics) -> Option<Box<dyn Checker>> {
    let kind = kinds::find(&constraint.id)?;
    let Some(scope) = &constraint.scope else {
        return kind.checker(&constraint.kwargs, prompt, semantics).ok();
    };
    let (kwargs, prompt) = (constraint.kwargs.clone(), prompt.to_owned());
    let build = move || kind.checker(&kwargs, &prompt, semantics).ok();
    scope::scoped(scope, Box::new(build))
}

/// Checks a finished answer against one constraint, by IFEval's strict and loose rules.
pub fn decide(constraint: &Constraint, prompt: &str, answer: &str, semantics: Semantics) -> Decision {
    let run = |text: &str| {
        let mut checker = checker(constraint, prompt, semantics)?;
        checker.feed(text, text);
        checker.finish(text);
        let passes = match checker.verdict() {
            Verdict::Met => Some(!is_blank(text)),
            Verdict::Broken => Some(false),
            _ => None,
        };
        passes.map(|passes| (passes, checker.value()))
    };
    let Some((strict, value)) = run(answer) else {
        return Decision {
            strict: None,
            loose: None,
            value: String::new(),
        };
    };
    let loose = strict
        || variants::others(answer)
            .iter()
            .any(|text| !is_blank(text) && run(text).is_some_and(|(passes, _)| passes));
    Decision {
        strict: Some(strict),
        loose: Some(loose),
        value,
    }
}

/// A blank answer follows nothing.
fn is_blank(answer: &str) -> bool {
    super::text::chars::strip(answer).is_empty()
}
