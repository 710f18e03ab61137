//! The turn as one JSON object.

use std::fmt;

use serde::Serialize;

use crate::chat::{Finish, Stats};
use crate::constraints::check::{LiveCheck, decide};
use crate::constraints::{Constraint, Kwargs, Semantics, Verdict};
use crate::engine::{EngineError, Outcome};

/// What came of a run.
pub struct Run<'a> {
    pub model: &'a str,
    pub method: &'a str,
    pub prompt: &'a str,
    pub thinking: &'a str,
    pub answer: &'a str,
    pub outcome: Outcome,
    pub constraints: Vec<Constraint>,
}

/// `--json`: these fields, in this order.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    model: &'a str,
    method: &'a str,
    prompt: &'a str,
    thinking: &'a str,
    answer: &'a str,
    pub finish: Finish,
    constraints: Vec<Checked<'a>>,
    stats: Stats,
}

/// A constraint and what the answer made of it.
#[derive(Debug, Serialize)]
pub struct Checked<'a> {
    id: String,
    kwargs: Kwargs,
    /// The words of the prompt that state it.
    span: &'a str,
    /// As a person would read the words.
    verdict: Verdict,
    /// As the published checkers decide; null where they cannot.
    strict: Option<bool>,
    loose: Option<bool>,
    value: String,
}

impl<'a> Report<'a> {
    pub fn new(run: Run<'a>) -> Self {
        let mut live = LiveCheck::new(&run.constraints, run.prompt, Semantics::AsWorded);
        live.feed(run.answer, run.answer);
        live.finish(run.answer);
        let mut statuses = live.statuses().into_iter();
        let constraints = run.constraints.into_iter().map(|constraint| {
            let decision = decide(&constraint, run.prompt, run.answer, Semantics::Official);
            let status = statuses.next();
            Checked {
                span: run.prompt.get(constraint.span).unwrap_or_default(),
                id: constraint.id,
                kwargs: constraint.kwargs,
                verdict: status.as_ref().map_or(Verdict::NotCheckable, |s| s.verdict),
                strict: decision.strict,
                loose: decision.loose,
                value: status.map(|s| s.value).unwrap_or_default(),
            }
        });
        Self {
            model: run.model,
            method: run.method,
            prompt: run.prompt,
            thinking: run.thinking,
            answer: run.answer,
            finish: run.outcome.finish,
            constraints: constraints.collect(),
            stats: run.outcome.stats,
        }
    }

    pub fn broken(&self) -> impl Iterator<Item = &Checked<'a>> {
        self.constraints.iter().filter(|c| c.verdict == Verdict::Broken)
    }
}

impl fmt::Display for Checked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broken: \"{}\" ({}", self.span, self.id)?;
        if !self.value.is_empty() {
            write!(f, ", {}", self.value)?;
        }
        write!(f, ")")
    }
}

/// A generation that failed has an outcome too: what came before stays.
pub fn outcome_or_failure(result: Result<Outcome, EngineError>) -> (Outcome, Option<EngineError>) {
    match result {
        Ok(outcome) => (outcome, None),
        Err(error) => {
            let outcome = Outcome {
                finish: Finish::Failed,
                stats: Stats::default(),
            };
            (outcome, Some(error))
        }
    }
}
