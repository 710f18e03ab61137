//! Self-DeepClaude (arXiv 2506.01413, its baseline "SDC"): a first pass thinks and only its thought is kept; a second gets
//! the request together with that thought and answers directly.

use super::cot::{self, thinking_request};
use super::{Method, Question};
use crate::chat::{Finish, Role, Stats};
use crate::engine::{Control, Engine, EngineError, Event, Outcome, Thinking};

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

/// The second pass: answers directly with `thought` at hand, whose end was told and which took `before`.
pub(super) fn answer_with_thought(
    engine: &mut dyn Engine,
    question: &Question<'_>,
    thought: &str,
    before: &Stats,
    control: &Control,
    sink: &mut dyn FnMut(Event),
) -> Result<Outcome, EngineError> {
    let mut request = question.request(engine.info());
    request.thinking = Thinking::Skip;
    let prompt = request.messages.iter_mut().rfind(|m| m.role == Role::User);
    if let Some(prompt) = prompt
        && !thought.trim().is_empty()
    {
        prompt.content = question.prompts.with_thought(&prompt.content, thought.trim());
    }
    // A model that thinks once more all the same does so in the block that is already there.
    let mut outcome = engine.generate(&request, control, &mut |event| {
        if !matches!(event, Event::ThinkingEnded(_)) {
            sink(event);
        }
    })?;
    outcome.stats = sum(before, &outcome.stats);
    Ok(outcome)
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
    let pass = Control::default();
    let mut thought = String::new();
    let mut ended = false;
    let mut answered = false;
    let mut outcome = cot::generate(engine, &request, &pass, &mut |event| {
        if control.is_stopped() {
            pass.stop();
        }
        if control.take_end_thinking() {
            pass.end_thinking();
        }
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

fn sum(first: &Stats, second: &Stats) -> Stats {
    let decode_s = first.decode_s + second.decode_s;
    let thinking_tokens = first.thinking_tokens + second.thinking_tokens;
    let answer_tokens = second.answer_tokens;
    Stats {
        prompt_tokens: first.prompt_tokens + second.prompt_tokens,
        cached_tokens: first.cached_tokens + second.cached_tokens,
        thinking_tokens,
        answer_tokens,
        left_out_turns: first.left_out_turns.max(second.left_out_turns),
        drafted_tokens: first.drafted_tokens + second.drafted_tokens,
        accepted_tokens: first.accepted_tokens + second.accepted_tokens,
        prefill_s: first.prefill_s + second.prefill_s,
        decode_s,
        ttft_s: first.ttft_s,
        tokens_per_s: if decode_s > 0.0 {
            (thinking_tokens + answer_tokens) as f64 / decode_s
        } else {
            0.0
        },
    }
}
