//! Continuing a prompt: the one trait that the rest of the program knows of a model.
//!
//! Owns the request, the typed stream that answers it, and the engines behind the trait. Does not own what is asked
//! (that is `methods`), nor threads (that is `runtime`): an engine is called and blocks until its turn is over.
//!
//! Invariants of every engine:
//! - the stream is typed: thinking and answer arrive on their own channel, tags removed, never half a character;
//! - `Event::ThinkingEnded` comes exactly once if any thinking text came or the prompt opened a think block;
//! - after `Control::stop` no more than one token (or one prefill chunk) is computed;
//! - text that a user typed can never become a special token.

pub mod local;
pub mod scripted;
#[cfg(test)]
pub(crate) mod testing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::chat::{Finish, Message, Stats, ThinkingEnd};

/// What continues a prompt: a model on this machine, a recorded stream, or (later) a server.
pub trait Engine: Send {
    fn info(&self) -> &ModelInfo;

    /// Answers `request`, handing each piece to `sink` as it is produced; returns when the turn is over.
    ///
    /// Being stopped is not an error: the outcome then has `Finish::Stopped`.
    fn generate(
        &mut self,
        request: &Request,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError>;

    /// Answers what `asking` asks, side by side, until it has nothing more to ask and all is answered.
    ///
    /// Each request has its own control and its own outcome: one that is stopped or fails leaves the others alone. Each is
    /// answered as [`Engine::generate`] would answer it. An engine that can do better than one after the other, as here,
    /// takes up a request while others are being answered, and interleaves their events.
    fn generate_many(&mut self, asking: &mut dyn Asking) {
        let mut place = 0;
        while let Some((request, control)) = asking.next(true) {
            let outcome = self.generate(&request, &control, &mut |event| asking.event(place, event));
            asking.over(place, outcome);
            place += 1;
        }
    }

    /// Reads ahead what a request will begin with that follows a turn, while nobody waits: until it is done or `control` is
    /// stopped. `request` is the follow-up with an empty question. It changes no answer, only how soon it begins.
    fn read_ahead(&mut self, _request: &Request, _control: &Control) {}
}

/// Who has several requests answered side by side, and is told what becomes of them. A request's place is how many came
/// before it.
pub trait Asking {
    /// The next request, with what steers it. Where nothing else is being answered (`idle`) it may be waited for, and `None`
    /// ends it all; else `None` means that there is none at the moment, and it must come at once.
    fn next(&mut self, idle: bool) -> Option<(Request, Control)>;

    fn event(&mut self, place: usize, event: Event);

    /// Nothing more comes of the request at `place`.
    fn over(&mut self, place: usize, outcome: Result<Outcome, EngineError>);
}

/// What the rest of the program must know of a loaded model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// Catalog name, or file stem.
    pub name: String,
    /// Tokens that fit, prompt and answer together.
    pub context: usize,
    pub reasoning: Reasoning,
    /// The system message this model is run with when the user sets none (`None`: the template's own).
    pub default_system: Option<String>,
    /// Its makers' sampling, where they state one.
    pub default_sampling: Option<Sampling>,
}

/// How a model comes to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reasoning {
    /// The prompt ends inside an open think block (R1 distills, RAIF).
    Opened,
    /// The model writes the tags itself when it wants to (Qwen3).
    Spontaneous,
    /// Not trained to think: only a method can ask for it.
    None,
}

/// One thing to be continued.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// System message first if there is one; earlier turns without their thinking.
    pub messages: Vec<Message>,
    /// How many messages behind the system's are of earlier turns. Where not all fit the context, the oldest of these turns
    /// are left out; nothing else ever is.
    pub earlier: usize,
    /// Text put at the start of the model's reply, part of the prompt and not of the stream: `<think>\n` opens a think
    /// block for a model that would not open one itself. Its tags are special tokens.
    pub reply_prefix: String,
    pub thinking: Thinking,
    pub sampling: Sampling,
    pub limits: Limits,
    /// Generation ends before any of these; they are not part of the answer. The model's own end tokens always end it.
    pub stop: Vec<String>,
}

/// Whether the model is to think, where its template gives the choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Thinking {
    /// As the model does by itself.
    #[default]
    Auto,
    /// Closed before it begins.
    Skip,
}

/// How the next token is chosen from the logits. `temperature == 0` is greedy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sampling {
    pub temperature: f32,
    /// 0 keeps all.
    pub top_k: usize,
    /// 1 keeps all.
    pub top_p: f32,
    /// 0 keeps all.
    pub min_p: f32,
    /// 1 penalises nothing; applied to the last 64 tokens.
    pub repeat_penalty: f32,
    pub seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.6,
            top_k: 0,
            top_p: 0.95,
            min_p: 0.0,
            repeat_penalty: 1.0,
            seed: 0,
        }
    }
}

/// Token budgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Thinking and answer together.
    pub max_tokens: usize,
    /// Thinking is closed after this many tokens and the answer begins.
    pub think_budget: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_tokens: 4096,
            think_budget: None,
        }
    }
}

/// A piece of the stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// That many of the first turns do not fit the context and are left out of the prompt.
    TurnsLeftOut(usize),
    /// Prompt tokens done, of `total`; `cached` of them were there from an earlier request.
    Prefill {
        done: usize,
        total: usize,
        cached: usize,
    },
    /// `tokens` tokens of thinking.
    Thinking {
        text: String,
        tokens: usize,
    },
    ThinkingEnded(ThinkingEnd),
    /// `tokens` tokens of answer.
    Answer {
        text: String,
        tokens: usize,
    },
}

/// How a generation ended and what it took.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub finish: Finish,
    pub stats: Stats,
}

/// Steers a running generation from another thread. Clones share their state; make a new one for each turn.
#[derive(Clone, Debug, Default)]
pub struct Control {
    stop: Arc<AtomicBool>,
    end_thinking: Arc<AtomicBool>,
    /// Of the turn that this is one generation of.
    turn: Option<Arc<Control>>,
}

impl Control {
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.turn.as_ref().is_some_and(|turn| turn.is_stopped())
    }

    /// For one of several generations of a turn: what is asked of the turn holds for it, and it can be stopped alone.
    pub fn one_generation(&self) -> Self {
        Self {
            turn: Some(Arc::new(self.clone())),
            ..Self::default()
        }
    }

    /// Closes the think block at the next token.
    pub fn end_thinking(&self) {
        self.end_thinking.store(true, Ordering::Relaxed);
    }

    /// True once for each call of [`Control::end_thinking`].
    pub fn take_end_thinking(&self) -> bool {
        self.end_thinking.swap(false, Ordering::Relaxed)
            || self.turn.as_ref().is_some_and(|turn| turn.take_end_thinking())
    }
}

/// What can go wrong between a request and its last token. Each message says what was tried, what happened, what to do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the model {path} cannot be loaded: {reason}")]
    Load { path: String, reason: String },
    #[error(
        "the prompt is {tokens} tokens and the context holds {context}: shorten it, start a new conversation, or raise --ctx if the model holds more"
    )]
    PromptTooLong { tokens: usize, context: usize },
    #[error("the chat template of the model failed: {0}")]
    Template(String),
    #[error("the prompt cannot be tokenized: {0}")]
    Tokenize(String),
    #[error("the model failed while computing: {0}")]
    Compute(String),
    #[error("the recorded stream cannot be played: {0}")]
    Script(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_a_turn_holds_for_its_generations_and_not_the_other_way_round() {
        let turn = Control::default();
        let generation = turn.one_generation();
        generation.stop();
        assert!(generation.is_stopped() && !turn.is_stopped());
        let next = turn.one_generation();
        turn.end_thinking();
        assert!(next.take_end_thinking() && !turn.take_end_thinking());
        turn.stop();
        assert!(next.is_stopped());
    }
}
