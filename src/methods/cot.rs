//! Chain of thought: a model that does not reason by itself is asked to, and its reply is opened inside a think block, for
//! small models seldom write the tag. A model that was trained to reason is left alone: a trigger lowers its answers.

use super::{Method, Question, add_to_system};
use crate::engine::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Reasoning, Request, Thinking};

/// Thinking tokens a model gets that was not trained to think. What it has to say is a plan of a few lines; it seldom
/// closes the block itself, and on a processor each hundred tokens are seconds of waiting.
const THINK_BUDGET: usize = 256;

/// How the reply begins. Left with the bare tag, a small model goes on with more tags.
const OPENING: &str = "<think>\nThe user asks";

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
        generate(engine, &request, control, sink)
    }
}

/// Generates; the words that were put into the model's mouth are the beginning of its thinking.
pub(super) fn generate(
    engine: &mut dyn Engine,
    request: &Request,
    control: &Control,
    sink: &mut dyn FnMut(Event),
) -> Result<Outcome, EngineError> {
    let mut opening = request.reply_prefix.strip_prefix("<think>\n").unwrap_or_default();
    engine.generate(request, control, &mut |event| match event {
        Event::Thinking { text, tokens } if !opening.is_empty() => {
            // The space between was dropped as leading white space.
            let space = if text.starts_with(char::is_alphanumeric) {
                " "
            } else {
                ""
            };
            let text = format!("{}{space}{text}", std::mem::take(&mut opening));
            sink(Event::Thinking { text, tokens });
        }
        event => sink(event),
    })
}

/// The request under which any model thinks, unless the user wants no thinking.
pub(super) fn thinking_request(question: &Question<'_>, model: &ModelInfo) -> Request {
    let mut request = question.request(model);
    if model.reasoning == Reasoning::None && request.thinking == Thinking::Auto {
        add_to_system(&mut request.messages, &question.prompts.cot);
        request.reply_prefix = OPENING.to_owned();
        if question.options.think_budget.is_none() {
            request.limits.think_budget = request.limits.think_budget.map(|most| most.min(THINK_BUDGET));
        }
    }
    request
}
