//! What is sent of a conversation that outgrew the context.
//!
//! The oldest turns are left out, whole ones, and of them only those that a request names as earlier ones: the system
//! message and the current question always stay. Room is kept for a reply. What is left out grows in steps of a quarter of
//! the context, so that from turn to turn the prompt mostly begins as it did and the cache can be used.

use super::prompt::{ChatFormat, Prompt};
use super::tokenizer::Tokenizer;
use crate::chat::{Message, Role};
use crate::engine::{EngineError, Request};

/// The part of the context that a reply may be promised, and that turns are left out by.
const SHARE: usize = 4;

/// A prompt, and how many of the earliest turns are not in it.
pub struct Fitted {
    pub prompt: Prompt,
    pub left_out: usize,
}

/// The prompt of `request` with as few turns left out as possible. If it does not fit without any, it is still given.
pub fn fit(
    format: &ChatFormat,
    tokenizer: &Tokenizer,
    request: &Request,
    context: usize,
) -> Result<Fitted, EngineError> {
    let step = (context / SHARE).max(1);
    let most = context - request.limits.max_tokens.min(step);
    let mut prompt = format.prompt(tokenizer, request)?;
    let Some(overflow) = prompt.ids.len().checked_sub(most + 1) else {
        return Ok(Fitted { prompt, left_out: 0 });
    };
    let turns = earlier_turns(request);
    let wanted = (overflow + 1).next_multiple_of(step);
    let mut gone = 0;
    let mut left_out = 0;
    while let Some(turn) = turns.get(left_out)
        && (gone < wanted || prompt.ids.len() > most)
    {
        for message in *turn {
            gone += tokenizer.encode(&message.content, false)?.len();
        }
        left_out += 1;
        if gone >= wanted || left_out == turns.len() {
            prompt = format.prompt(tokenizer, &without(request, &turns[..left_out]))?;
        }
    }
    Ok(Fitted { prompt, left_out })
}

/// Messages from one of the user's up to the next, of those that may be left out.
fn earlier_turns(request: &Request) -> Vec<&[Message]> {
    let first = first_turn(request);
    let earlier = request
        .messages
        .get(first..first + request.earlier)
        .unwrap_or_default();
    earlier.chunk_by(|_, next| next.role != Role::User).collect()
}

/// Where the messages begin that are no system message.
fn first_turn(request: &Request) -> usize {
    usize::from(
        request
            .messages
            .first()
            .is_some_and(|first| first.role == Role::System),
    )
}

fn without(request: &Request, turns: &[&[Message]]) -> Request {
    let first = first_turn(request);
    let gone: usize = turns.iter().map(|turn| turn.len()).sum();
    let mut request = request.clone();
    request.messages.drain(first..first + gone);
    request.earlier -= gone;
    request
}
