//! Flags that every command with a model shares.

use crate::engine::{Limits, Sampling};

/// Which model, and how it is run.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ModelFlags {
    /// A catalog name, a GGUF file, or owner/name on the hub [default: the model used last, else the starter]
    #[arg(long, short)]
    pub model: Option<String>,
    /// Threads [default: physical cores]
    #[arg(long, short = 't')]
    pub threads: Option<usize>,
    /// Context length in tokens [default: the model's, at most 8192]
    #[arg(long)]
    pub ctx: Option<usize>,
}

/// How tokens are chosen and when to end.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct SamplingFlags {
    /// 0 is greedy and reproducible [default: the model's own]
    #[arg(long)]
    pub temperature: Option<f32>,
    /// Sample from the likeliest tokens that sum to this probability
    #[arg(long)]
    pub top_p: Option<f32>,
    /// Sample from this many of the likeliest tokens (0: all)
    #[arg(long)]
    pub top_k: Option<usize>,
    /// Drop tokens below this share of the likeliest one's probability
    #[arg(long)]
    pub min_p: Option<f32>,
    /// Make repeating the last 64 tokens less likely (1: off)
    #[arg(long)]
    pub repeat_penalty: Option<f32>,
    /// Same seed, same text [default: a new one each time]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Thinking and answer together
    #[arg(long)]
    pub max_tokens: Option<usize>,
    /// Close thinking after this many tokens and go on to the answer
    #[arg(long)]
    pub think_budget: Option<usize>,
    /// Do not think
    #[arg(long, conflicts_with = "think_budget")]
    pub no_think: bool,
}

impl SamplingFlags {
    /// `base` with what the flags change.
    pub fn sampling(&self, base: Sampling) -> Sampling {
        Sampling {
            temperature: self.temperature.unwrap_or(base.temperature),
            top_k: self.top_k.unwrap_or(base.top_k),
            top_p: self.top_p.unwrap_or(base.top_p),
            min_p: self.min_p.unwrap_or(base.min_p),
            repeat_penalty: self.repeat_penalty.unwrap_or(base.repeat_penalty),
            seed: self.seed.unwrap_or(base.seed),
        }
    }

    /// `base` with what the flags change.
    pub fn limits(&self, base: Limits) -> Limits {
        Limits {
            max_tokens: self.max_tokens.unwrap_or(base.max_tokens),
            think_budget: self.think_budget.or(base.think_budget),
        }
    }
}
