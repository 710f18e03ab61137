//! The prompt as it is. A reasoning model thinks by itself.

use super::{Method, Question};
use crate::chat::{Message, Role};
use crate::engine::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Request};

pub(super) struct Io;

impl Method for Io {
    fn name(&self) -> &'static str {
        "io"
    }

    fn about(&self) -> &'static str {
        "the prompt as it is; a reasoning model thinks by itself"
    }

    fn answer(
        &self,
        engine: &mut dyn Engine,
        question: &Question<'_>,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let request = question.request(engine.info());
        engine.generate(&request, control, sink)
    }

    fn follow_up(&self, model: &ModelInfo, question: &Question<'_>, answer: &str) -> Option<Request> {
        let mut request = question.request(model);
        request
            .messages
            .push(Message::new(Role::Assistant, answer.trim()));
        request.messages.push(Message::new(Role::User, ""));
        request.earlier += 2;
        Some(request)
    }
}
