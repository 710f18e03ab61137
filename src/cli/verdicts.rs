//! Constraints as rows of JSON list them, and the verdicts on an answer as rows give them.

use serde::Serialize;

use crate::constraints::check::decide;
use crate::constraints::{Constraint, Kwargs, Semantics, kinds};

/// The constraints that a row lists. The error is in words.
pub fn listed(ids: Vec<String>, kwargs: Vec<Option<Kwargs>>) -> Result<Vec<Constraint>, String> {
    if !kwargs.is_empty() && kwargs.len() != ids.len() {
        return Err(format!("{} ids but {} kwargs", ids.len(), kwargs.len()));
    }
    let mut kwargs = kwargs.into_iter();
    let listed = ids.into_iter().map(|id| {
        kinds::find(&id).ok_or_else(|| format!("unknown id `{id}`"))?;
        Ok(Constraint {
            id,
            kwargs: kwargs.next().flatten().unwrap_or_default(),
            span: 0..0,
            scope: None,
        })
    });
    listed.collect()
}

/// In the order of the constraints. `None` is what cannot be checked, and never counts as followed.
#[derive(Debug, Serialize)]
pub struct Verdicts {
    pub instruction_id_list: Vec<String>,
    pub strict: Vec<Option<bool>>,
    pub loose: Vec<Option<bool>>,
    pub follow_all_strict: bool,
    pub follow_all_loose: bool,
    pub values: Vec<String>,
}

impl Verdicts {
    pub fn on(constraints: &[Constraint], prompt: &str, response: &str, semantics: Semantics) -> Self {
        let decisions: Vec<_> = constraints
            .iter()
            .map(|constraint| decide(constraint, prompt, response, semantics))
            .collect();
        let strict: Vec<_> = decisions.iter().map(|d| d.strict).collect();
        let loose: Vec<_> = decisions.iter().map(|d| d.loose).collect();
        Self {
            follow_all_strict: strict.iter().all(|&v| v == Some(true)),
            follow_all_loose: loose.iter().all(|&v| v == Some(true)),
            strict,
            loose,
            values: decisions.into_iter().map(|d| d.value).collect(),
            instruction_id_list: constraints.iter().map(|c| c.id.clone()).collect(),
        }
    }
}
