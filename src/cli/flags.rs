//! Flags that every command with a model shares.

use std::path::PathBuf;

use crate::methods::Options;

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
    /// Play a recorded stream instead of running a model
    #[arg(long, value_name = "FILE", hide = true, conflicts_with = "model")]
    pub script: Option<PathBuf>,
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
    /// What they choose.
    pub fn options(&self) -> Options {
        Options {
            temperature: self.temperature,
            top_k: self.top_k,
            top_p: self.top_p,
            min_p: self.min_p,
            repeat_penalty: self.repeat_penalty,
            seed: self.seed,
            max_tokens: self.max_tokens,
            think_budget: self.think_budget,
            no_think: self.no_think,
        }
    }
}
