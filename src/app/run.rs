//! The turn that is running.

use crate::chat::TurnId;
use crate::constraints::check::LiveCheck;
use crate::reasoning::LoopGuard;

/// What the model is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Sent; nothing came back yet.
    Waiting,
    /// The prompt is being read: tokens done, of all, of which so many were there already.
    Prefill {
        done: usize,
        total: usize,
        cached: usize,
    },
    Thinking,
    Answering,
}

/// A turn between its prompt and its end.
pub struct Run {
    pub turn: TurnId,
    pub phase: Phase,
    pub started_ms: u64,
    pub first_token_ms: Option<u64>,
    pub thinking_started_ms: Option<u64>,
    /// When the first answer token came.
    pub answering_ms: Option<u64>,
    /// Tokens of the prompt, once they are counted.
    pub prompt_tokens: usize,
    pub thinking_tokens: usize,
    pub answer_tokens: usize,
    /// The reader asked it to stop.
    pub stopping: bool,
    /// The reader folded the thinking while it was live.
    pub thinking_folded: bool,
    pub(super) check: LiveCheck,
    pub(super) loop_guard: LoopGuard,
    /// The reader was told that the thinking goes in circles.
    pub(super) loop_told: bool,
}

impl Run {
    pub(super) fn new(turn: TurnId, started_ms: u64, check: LiveCheck) -> Self {
        Self {
            turn,
            phase: Phase::Waiting,
            started_ms,
            first_token_ms: None,
            thinking_started_ms: None,
            answering_ms: None,
            prompt_tokens: 0,
            thinking_tokens: 0,
            answer_tokens: 0,
            stopping: false,
            thinking_folded: false,
            check,
            loop_guard: LoopGuard::default(),
            loop_told: false,
        }
    }

    /// Decoded tokens a second so far; `None` before there are enough to say.
    pub fn tokens_per_s(&self, now_ms: u64) -> Option<f64> {
        let tokens = self.thinking_tokens + self.answer_tokens;
        let elapsed = now_ms.saturating_sub(self.first_token_ms?);
        (tokens > 1 && elapsed > 0).then(|| (tokens - 1) as f64 * 1000.0 / elapsed as f64)
    }

    pub(super) fn token_came(&mut self, now_ms: u64) {
        self.first_token_ms.get_or_insert(now_ms);
    }
}
