//! Flags that every command with a model shares.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::config::Settings;
use crate::dirs::Dirs;
use crate::engine::local::{CacheType, LoadOptions, LocalEngine};
use crate::engine::scripted::ScriptedEngine;
use crate::engine::{Engine, EngineError};
use crate::methods::{METHODS, Options};
use crate::models::Models;
use crate::models::pull::PullError;

/// Which model, and how it is run.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ModelFlags {
    /// A catalog name, a GGUF file, a folder of safetensors, or owner/name on the hub [default: the first of the catalog
    /// that is here]
    #[arg(long, short)]
    pub model: Option<String>,
    /// Threads [default: physical cores]
    #[arg(long, short = 't', value_parser = count_from(1))]
    pub threads: Option<usize>,
    /// Context length in tokens [default: the model's, at most 8192]
    #[arg(long, value_parser = count_from(1))]
    pub ctx: Option<usize>,
    /// What the context's cache is stored in: f16, or q8_0 for half its memory [default: f16]
    #[arg(long, value_name = "TYPE", value_parser = cache_type())]
    pub kv_cache: Option<CacheType>,
    /// Play a recorded stream instead of running a model
    #[arg(long, value_name = "FILE", hide = true, conflicts_with = "model")]
    pub script: Option<PathBuf>,
}

/// Why no model can be run.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Models(#[from] PullError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl ModelFlags {
    /// What they leave open as the settings have it.
    pub fn or(&self, settings: &Settings) -> Self {
        let flags = self.clone();
        Self {
            model: flags.model.or_else(|| settings.model.clone()),
            threads: flags.threads.or(settings.threads),
            ctx: flags.ctx.or(settings.ctx),
            kv_cache: flags.kv_cache.or(Some(settings.kv_cache)),
            script: flags.script,
        }
    }

    /// The model they name, loaded.
    pub fn open(&self, dirs: &Dirs) -> Result<Box<dyn Engine>, OpenError> {
        if let Some(script) = &self.script {
            return Ok(Box::new(ScriptedEngine::open(script)?));
        }
        let models = Models::open(dirs).map_err(PullError::from)?;
        let located = super::models::obtain(&models, self.model.as_deref())?;
        let options = LoadOptions {
            kv_cache: self.kv_cache.unwrap_or_default(),
            ..LoadOptions::of(&located, self.ctx, self.threads)
        };
        Ok(Box::new(LocalEngine::load(&located.path, &options)?))
    }
}

fn number_in(range: RangeInclusive<f32>) -> impl Fn(&str) -> Result<f32, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| format!("not a number from {} to {}", range.start(), range.end()))
    }
}

pub fn count_from(least: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let count = text.parse().ok().filter(|count| *count >= least);
        count.ok_or_else(|| format!("not a whole number from {least}"))
    }
}

/// The values that `--kv-cache` takes.
pub fn cache_type() -> impl TypedValueParser<Value = CacheType> {
    PossibleValuesParser::new(CacheType::ALL.map(CacheType::name)).try_map(|name| name.parse::<CacheType>())
}

/// The values that `--method` takes.
pub fn method_names() -> PossibleValuesParser {
    let names = METHODS.iter();
    PossibleValuesParser::new(names.map(|method| PossibleValue::new(method.name()).help(method.about())))
}

/// How tokens are chosen and when to end.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct SamplingFlags {
    /// 0 is greedy and reproducible [default: the model's own]
    #[arg(long, value_parser = number_in(0.0..=10.0))]
    pub temperature: Option<f32>,
    /// Sample from the likeliest tokens that sum to this probability
    #[arg(long, value_parser = number_in(0.0..=1.0))]
    pub top_p: Option<f32>,
    /// Sample from this many of the likeliest tokens (0: all)
    #[arg(long)]
    pub top_k: Option<usize>,
    /// Drop tokens below this share of the likeliest one's probability
    #[arg(long, value_parser = number_in(0.0..=1.0))]
    pub min_p: Option<f32>,
    /// Make repeating the last 64 tokens less likely (1: off)
    #[arg(long, value_parser = number_in(0.1..=10.0))]
    pub repeat_penalty: Option<f32>,
    /// Same seed, same text [default: a new one each time]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Thinking and answer together
    #[arg(long, value_parser = count_from(1))]
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
