//! Self-DeepClaude (arXiv 2506.01413, its baseline "SDC"): a first pass thinks and only its thought is kept; a second gets
//! the request together with that thought and answers directly.

use super::passes::{answer_with_thought, think_aloud, thinking_request};
use super::{Method, Question};
use crate::chat::Finish;
use crate::engine::{Control, Engine, EngineError, Event, Outcome};

pub(super) struct Sdc;

impl Method for Sdc {
    fn name(&self) -> &'static str {
        "sdc"
    }

    fn about(&self) -> &'static str {
        "two passes: one thinks, the next answers with that thought at hand"
    }

    fn answer(
        &self,
        engine: &mut dyn Engine,
        question: &Question<'_>,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let first = think(engine, question, control, sink)?;
        if first.answered || control.is_stopped() {
            return Ok(first.outcome);
        }
        answer_with_thought(
            engine,
            question,
            &first.thought,
            &first.outcome.stats,
            control,
            sink,
        )
    }
}

struct FirstPass {
    thought: String,
    /// There was no thought: the model answered at once, and its answer was passed on.
    answered: bool,
    outcome: Outcome,
}

/// Passes thinking on and ends where it ends.
fn think(
    engine: &mut dyn Engine,
    question: &Question<'_>,
    control: &Control,
    sink: &mut dyn FnMut(Event),
) -> Result<FirstPass, EngineError> {
    let request = thinking_request(question, engine.info());
    // The pass is ended from here as well as by the user, and only the user's stop ends the turn.
    let pass = control.one_generation();
    let mut thought = String::new();
    let mut ended = false;
    let mut answered = false;
    let mut outcome = think_aloud(engine, &request, &pass, &mut |event| {
        match &event {
            Event::Thinking { text, .. } => thought.push_str(text),
            Event::ThinkingEnded(_) => {
                ended = true;
                pass.stop();
            }
            Event::Answer { .. } if ended => return,
            Event::Answer { .. } => answered = true,
            Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
        }
        sink(event);
    })?;
    if ended {
        outcome.stats.answer_tokens = 0;
        outcome.finish = Finish::Stopped;
    }
    Ok(FirstPass {
        thought,
        answered,
        outcome,
    })
}
