//! The generations that methods are made of: one that thinks, and one that answers with a thought at hand.

use super::{Question, add_to_system};
use crate::chat::{Role, Stats};
use crate::engine::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Reasoning, Request, Thinking};

/// Thinking tokens a model gets that was not trained to think. What it has to say is a plan of a few lines; it seldom
/// closes the block itself, and on a processor each hundred tokens are seconds of waiting.
const THINK_BUDGET: usize = 256;

/// How the reply begins. Left with the bare tag, a small model goes on with more tags.
const OPENING: &str = "<think>\nThe user asks";

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

/// Generates; the words that were put into the model's mouth are the beginning of its thinking.
pub(super) fn think_aloud(
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
    request.limits.max_tokens = request
        .limits
        .max_tokens
        .saturating_sub(before.thinking_tokens)
        .max(1);
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
