//! Chain of thought: a model that does not reason by itself is asked to, and its reply is opened inside a think block, for
//! small models seldom write the tag. One that ends its turn inside the block is asked for the answer with that thought at
//! hand. A model that was trained to reason is left alone: a trigger lowers its answers.

use super::passes::{answer_with_thought, think_aloud, thinking_request};
use super::{Method, Question};
use crate::chat::{Finish, ThinkingEnd};
use crate::engine::{Control, Engine, EngineError, Event, Outcome};

pub(super) struct Cot;

impl Method for Cot {
    fn name(&self) -> &'static str {
        "cot"
    }

    fn about(&self) -> &'static str {
        "asks a model that does not reason by itself to think first"
    }

    fn answer(
        &self,
        engine: &mut dyn Engine,
        question: &Question<'_>,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let request = thinking_request(question, engine.info());
        if request.reply_prefix.is_empty() {
            return engine.generate(&request, control, sink);
        }
        let mut thought = String::new();
        let mut unclosed = false;
        let first = think_aloud(engine, &request, control, &mut |event| {
            match &event {
                Event::Thinking { text, .. } => thought.push_str(text),
                Event::ThinkingEnded(ThinkingEnd::Unclosed) => {
                    unclosed = true;
                    return;
                }
                _ => {}
            }
            sink(event);
        });
        let ended_inside = unclosed && first.as_ref().is_ok_and(|first| first.finish == Finish::Stop);
        if !ended_inside {
            if unclosed {
                sink(Event::ThinkingEnded(ThinkingEnd::Unclosed));
            }
            return first;
        }
        // The model took its thought for the whole reply.
        sink(Event::ThinkingEnded(ThinkingEnd::Model));
        answer_with_thought(engine, question, &thought, &first?.stats, control, sink)
    }
}
