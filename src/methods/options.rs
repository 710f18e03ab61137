//! What a user may choose about a run, and what holds where nothing was chosen.

use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize};

use crate::engine::{Limits, ModelInfo, Sampling, Thinking};

/// The user's choices, from flags or files; `None` leaves it to the model's defaults, then to ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    pub temperature: Option<f32>,
    pub top_k: Option<usize>,
    pub top_p: Option<f32>,
    pub min_p: Option<f32>,
    pub repeat_penalty: Option<f32>,
    /// `None`: a new one for each question.
    pub seed: Option<u64>,
    /// Thinking and answer together.
    pub max_tokens: Option<usize>,
    pub think_budget: Option<usize>,
    pub no_think: bool,
}

impl Options {
    /// These choices, and `others` where nothing is chosen here.
    #[must_use]
    pub fn or(self, others: &Self) -> Self {
        Self {
            temperature: self.temperature.or(others.temperature),
            top_k: self.top_k.or(others.top_k),
            top_p: self.top_p.or(others.top_p),
            min_p: self.min_p.or(others.min_p),
            repeat_penalty: self.repeat_penalty.or(others.repeat_penalty),
            seed: self.seed.or(others.seed),
            max_tokens: self.max_tokens.or(others.max_tokens),
            think_budget: self.think_budget.or(others.think_budget),
            no_think: self.no_think || (others.no_think && self.think_budget.is_none()),
        }
    }

    /// What holds of `model`: these choices, and where there are none its defaults or ours. A seed that was not chosen stays
    /// open, for each question has its own.
    #[must_use]
    pub fn in_force(&self, model: &ModelInfo) -> Self {
        let (sampling, limits) = (self.sampling(model), self.limits());
        Self {
            temperature: Some(sampling.temperature),
            top_k: Some(sampling.top_k),
            top_p: Some(sampling.top_p),
            min_p: Some(sampling.min_p),
            repeat_penalty: Some(sampling.repeat_penalty),
            seed: self.seed,
            max_tokens: Some(limits.max_tokens),
            think_budget: limits.think_budget,
            no_think: self.no_think,
        }
    }

    pub(super) fn sampling(&self, model: &ModelInfo) -> Sampling {
        let base = model.default_sampling.unwrap_or_default();
        Sampling {
            temperature: self.temperature.unwrap_or(base.temperature),
            top_k: self.top_k.unwrap_or(base.top_k),
            top_p: self.top_p.unwrap_or(base.top_p),
            min_p: self.min_p.unwrap_or(base.min_p),
            repeat_penalty: self.repeat_penalty.unwrap_or(base.repeat_penalty),
            seed: self.seed.unwrap_or_else(fresh_seed),
        }
    }

    /// Where no budget is chosen thinking gets three quarters of the tokens: reasoning models are known to circle
    /// until the limit, and a turn that ends without an answer is of no use.
    pub(super) fn limits(&self) -> Limits {
        let max_tokens = self.max_tokens.unwrap_or(Limits::default().max_tokens);
        Limits {
            max_tokens,
            think_budget: Some(self.think_budget.unwrap_or(max_tokens - max_tokens / 4)),
        }
    }

    pub(super) fn thinking(&self) -> Thinking {
        if self.no_think {
            Thinking::Skip
        } else {
            Thinking::Auto
        }
    }
}

/// Differs with each call; the hasher's keys come from the system's randomness.
fn fresh_seed() -> u64 {
    RandomState::new().hash_one(())
}
