//! One prompt with its thinking, answer, verdicts and statistics.

use serde::{Deserialize, Serialize};

use super::CheckedConstraint;
use crate::constraints::Constraint;

/// The position of a turn in its conversation's list: ids are given in order and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub u32);

/// One prompt and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    pub id: TurnId,
    /// The turn whose answer this prompt follows; `None` for a first prompt.
    pub parent: Option<TurnId>,
    pub prompt: String,
    pub model: String,
    pub method: String,
    /// Milliseconds since 1970.
    pub started_ms: i64,
    /// What was read in the prompt when it was sent.
    pub constraints: Vec<Constraint>,
    pub thinking: String,
    pub answer: String,
    pub thinking_end: Option<ThinkingEnd>,
    /// Seconds from the first thinking token to the end of thinking.
    pub thinking_s: Option<f32>,
    /// `None` while it runs, and for a turn whose process was killed.
    pub finish: Option<Finish>,
    pub error: Option<String>,
    pub stats: Stats,
    /// The verdicts on the finished answer.
    pub checked: Vec<CheckedConstraint>,
}

/// Why thinking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingEnd {
    /// The model closed its block.
    Model,
    Budget,
    /// The user ended it with a key.
    User,
    /// Generation ended inside the block.
    Unclosed,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model ended its turn, or a stop string came.
    Stop,
    /// `max_tokens` was reached.
    Length,
    /// The context is full.
    ContextFull,
    /// The user stopped it.
    Stopped,
    /// It failed; the turn has the message.
    Failed,
}

/// What a turn took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    pub prompt_tokens: usize,
    /// Of those, how many were not computed again.
    pub cached_tokens: usize,
    pub thinking_tokens: usize,
    pub answer_tokens: usize,
    pub prefill_s: f64,
    pub decode_s: f64,
    /// From the request to the first token.
    pub ttft_s: f64,
    /// Decoded tokens over decode time.
    pub tokens_per_s: f64,
}
