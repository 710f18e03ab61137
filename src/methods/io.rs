//! The prompt as it is. A reasoning model thinks by itself.

use super::{Method, Question};
use crate::engine::{Control, Engine, EngineError, Event, Outcome};

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
}
