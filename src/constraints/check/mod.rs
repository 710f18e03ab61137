//! Deciding constraints on a growing answer.
//!
//! Owns the checker trait, the adapters that most checkers are made of, and the drivers: [`LiveCheck`] for a stream,
//! [`decide`] for a finished answer (IFEval's strict and loose rules). What an id means is in [`super::kinds`].

mod branches;
mod count;
mod fold;
mod live;
mod parts;
mod scope;
mod tokens;
mod units;
mod variants;
mod whole;

use std::ops::Range;

pub use count::{Bounds, CharFinder, Count, Finder, Found};
pub use fold::{AtUnit, Fold};
pub use live::LiveCheck;
pub use tokens::TokenFinder;
pub use units::{Every, Judgement, Unit, UnitFinder, Units};
pub use whole::Whole;

use serde::Serialize;

use super::{Constraint, Semantics, Verdict, kinds};

/// Decides one constraint incrementally. A piece costs what the piece costs, not what the answer costs.
///
/// Laws (property tests): the state after any chunking of a text is the state after feeding it whole; a latched verdict
/// never changes; the verdict after `finish` is [`Verdict::Met`] or [`Verdict::Broken`], or [`Verdict::NotCheckable`] where the
/// part of the answer that is bound is not there to be found.
pub trait Checker: Send {
    /// Takes the next piece of the answer. `answer` is everything so far, the piece included (its last `piece.len()`
    /// bytes), so that a checker need not keep a copy.
    fn feed(&mut self, answer: &str, piece: &str);

    /// The answer is complete: settles what waited for more text.
    fn finish(&mut self, answer: &str);

    fn verdict(&self) -> Verdict;

    /// `182/300 words`; empty where there is nothing to count.
    fn value(&self) -> String {
        String::new()
    }

    /// Byte ranges of the answer that break it (if broken) or fulfil it: the first few, where there are many.
    fn places(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    fn status(&self) -> Status {
        Status {
            verdict: self.verdict(),
            value: self.value(),
            places: self.places(),
            differs: None,
            applies: Applies::Always,
        }
    }
}

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
