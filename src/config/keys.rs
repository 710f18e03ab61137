//! The table of settings: the name of each, how it is read and checked, where it is kept.

use super::Settings;
use super::value::Value;
use crate::engine::local::CacheType;
use crate::methods::{self, METHODS};

pub(super) struct Key {
    /// As in the file, with dots.
    pub name: &'static str,
    /// Gives what is expected if the value cannot be.
    pub read: fn(&mut Settings, &Value) -> Result<(), String>,
    /// Null if it is not set.
    pub show: fn(&Settings) -> serde_json::Value,
}

impl Key {
    pub(super) fn variable(&self) -> String {
        format!("RAIF_{}", self.name.replace('.', "_").to_uppercase())
    }
}

macro_rules! keys {
    ($($name:literal => $($field:ident).+: $read:expr,)+) => {
        &[$(Key {
            name: $name,
            read: |settings, value| {
                let read: fn(&Value) -> Result<_, String> = $read;
                settings.$($field).+ = read(value)?.into();
                Ok(())
            },
            show: |settings| shown(&settings.$($field).+),
        },)+]
    };
}

fn method(value: &Value) -> Result<String, String> {
    let name = value.name()?;
    let names = || METHODS.iter().map(|method| method.name()).collect::<Vec<_>>();
    let known = methods::find(&name).is_some();
    known
        .then_some(name)
        .ok_or_else(|| format!("one of {}", names().join(", ")))
}

/// Through text, so that an f32 keeps its own digits (0.6, not 0.6000000238418579).
fn shown(value: &impl serde::Serialize) -> serde_json::Value {
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// In the order of `assets/config.toml`.
pub(super) const KEYS: &[Key] = keys! {
    "model" => model: Value::name,
    "method" => method: method,
    "system" => system: Value::text,
    "threads" => threads: |v| v.count(1),
    "ctx" => ctx: |v| v.count(1),
    "kv_cache" => kv_cache: |v| v.name()?.parse::<CacheType>(),
    "data_dir" => data_dir: Value::path,
    "sampling.temperature" => options.temperature: |v| v.number(0.0..=10.0),
    "sampling.top_p" => options.top_p: |v| v.number(0.0..=1.0),
    "sampling.top_k" => options.top_k: |v| v.count(0),
    "sampling.min_p" => options.min_p: |v| v.number(0.0..=1.0),
    "sampling.repeat_penalty" => options.repeat_penalty: |v| v.number(0.1..=10.0),
    "sampling.seed" => options.seed: |v| v.count(0),
    "limits.max_tokens" => options.max_tokens: |v| v.count(1),
    "limits.think_budget" => options.think_budget: |v| v.count(0),
    "limits.no_think" => options.no_think: Value::flag,
    "screen.theme" => screen.theme: Value::name,
    "screen.mouse" => screen.mouse: Value::flag,
    "screen.animation" => screen.animation: Value::flag,
    "screen.fold_thinking" => screen.fold_thinking: Value::flag,
    "screen.show_constraints" => screen.show_constraints: Value::flag,
    "screen.bell" => screen.bell: Value::flag,
    "screen.notify" => screen.notify: Value::flag,
};
