//! Ways to ask a model: small programs over an engine.
//!
//! Owns the methods, their prompt texts, and what a request is made of: the system message, the sampling and the budgets
//! that follow from the user's choices and the model's own defaults ([`Question::request`], the one place where they
//! meet). Does not own the conversation. A method is called and blocks until its turn is over; several questions at once are
//! `together`'s, which gives each a thread to block on.
//!
//! Invariants: a method keeps the engine's promises on its sink (`ThinkingEnded` once, the answer after it), whatever
//! number of calls it makes; what the user stops stays stopped.
//!
//! A new method is a file here and a line in [`METHODS`].

mod cot;
mod io;
mod options;
mod passes;
mod prompts;
mod sdc;
#[cfg(test)]
mod tests;
mod together;

pub use options::Options;
pub use prompts::{PromptError, Prompts};
pub use together::{Asked, Told, answer_many};

use crate::chat::{Message, Role};
use crate::engine::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Request};

/// Every method, in the order they are shown.
pub static METHODS: &[&dyn Method] = &[&io::Io, &cot::Cot, &sdc::Sdc];

/// A way to ask.
pub trait Method: Sync {
    /// As typed: `io`.
    fn name(&self) -> &'static str;

    /// One line for menus and help.
    fn about(&self) -> &'static str;

    /// Answers `question` with one or more generations, handing each piece to `sink` as it is produced.
    fn answer(
        &self,
        engine: &mut dyn Engine,
        question: &Question<'_>,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError>;

    /// The request that a next question begins with after `answer`, its prompt empty: what can be read ahead. `None` where
    /// that is not known.
    fn follow_up(&self, _model: &ModelInfo, _question: &Question<'_>, _answer: &str) -> Option<Request> {
        None
    }
}

/// The method of that name.
pub fn find(name: &str) -> Option<&'static dyn Method> {
    METHODS.iter().copied().find(|method| method.name() == name)
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The user's system message first if there is one, earlier turns without their thinking, last the prompt
    /// (`Conversation::messages`).
    pub messages: &'a [Message],
    pub options: &'a Options,
    pub prompts: &'a Prompts,
}

impl Question<'_> {
    /// The request that asks as it is: the user's choices, where there are none the model's defaults, where there are
    /// none ours.
    fn request(&self, model: &ModelInfo) -> Request {
        let mut messages = self.messages.to_vec();
        let earlier = messages
            .iter()
            .filter(|message| message.role != Role::System)
            .count();
        if let Some(system) = &model.default_system
            && messages.first().is_none_or(|first| first.role != Role::System)
        {
            messages.insert(0, Message::new(Role::System, system.clone()));
        }
        Request {
            messages,
            earlier: earlier.saturating_sub(1),
            reply_prefix: String::new(),
            thinking: self.options.thinking(),
            sampling: self.options.sampling(model),
            limits: self.options.limits(),
            stop: Vec::new(),
        }
    }
}

/// Adds `text` to what the system message says, as its last paragraph.
fn add_to_system(messages: &mut Vec<Message>, text: &str) {
    match messages.first_mut() {
        Some(first) if first.role == Role::System => {
            first.content = format!("{}\n\n{text}", first.content.trim_end());
        }
        _ => messages.insert(0, Message::new(Role::System, text)),
    }
}
