//! From a prompt to its typed stream.
//!
//! Owns the loop of one turn: prefill in chunks, then sample, decode, split, until something ends it. Does not own the
//! arithmetic ([`Decoder`]), nor what a token means ([`Tokenizer`]).

use std::time::{Duration, Instant};

use super::Decoder;
use super::prompt::Prompt;
use super::sampler::Sampler;
use super::stream::Stream;
use super::tokenizer::Tokenizer;
use crate::chat::{Finish, Stats, ThinkingEnd};
use crate::engine::{Control, EngineError, Event, Outcome, Request};

/// Prompt tokens between two looks at the stop flag.
const PREFILL_CHUNK: usize = 64;

/// What closes a think block when the model does not (DeepSeek-R1 issue 565 names the remedy).
const END_THINKING: &str = "\n</think>\n\n";

/// A decoder together with the tokens its cache holds, so that the next prompt need not begin anew.
pub struct Cached {
    decoder: Box<dyn Decoder>,
    tokens: Vec<u32>,
    logits: Vec<f32>,
}

impl Cached {
    pub fn new(decoder: Box<dyn Decoder>) -> Self {
        Self {
            decoder,
            tokens: Vec::new(),
            logits: Vec::new(),
        }
    }

    pub fn context(&self) -> usize {
        self.decoder.context()
    }

    /// Keeps what the cache shares with `prompt`, at most all but its last token, and returns how much that is.
    fn reuse(&mut self, prompt: &[u32]) -> usize {
        let common = self.tokens.iter().zip(prompt).take_while(|(a, b)| a == b).count();
        let kept = common.min(prompt.len().saturating_sub(1));
        self.decoder.truncate(kept);
        self.tokens.truncate(kept);
        kept
    }

    fn has_room(&self, tokens: usize) -> bool {
        self.tokens.len() + tokens <= self.context()
    }

    fn append(&mut self, ids: &[u32]) -> Result<(), EngineError> {
        let done = self.decoder.forward(ids, &mut self.logits);
        match done {
            Ok(()) => self.tokens.extend_from_slice(ids),
            // How far it got is not known.
            Err(_) => {
                self.decoder.truncate(0);
                self.tokens.clear();
            }
        }
        done
    }
}

/// Continues `prompt` until something ends it. `started` is when the request came.
pub fn generate(
    model: &mut Cached,
    tokenizer: &Tokenizer,
    prompt: &Prompt,
    request: &Request,
    control: &Control,
    started: Instant,
    sink: &mut dyn FnMut(Event),
) -> Result<Outcome, EngineError> {
    if prompt.ids.len() >= model.context() {
        return Err(EngineError::PromptTooLong {
            tokens: prompt.ids.len(),
            context: model.context(),
        });
    }
    let mut turn = Turn {
        model,
        tokenizer,
        request,
        control,
        stream: Stream::new(prompt.thinking, &request.stop),
        stats: Stats {
            prompt_tokens: prompt.ids.len(),
            ..Stats::default()
        },
        started,
    };
    let finish = match turn.prefill(&prompt.ids, sink) {
        Ok(true) => turn.decode(sink),
        Ok(false) => Ok(Finish::Stopped),
        Err(error) => Err(error),
    };
    // However it ended, what was held back is text and an open block is over.
    turn.stream.finish(sink);
    let finish = finish?;
    let mut stats = turn.stats;
    stats.thinking_tokens = turn.stream.thinking_tokens();
    stats.answer_tokens = turn.stream.answer_tokens();
    Ok(Outcome { finish, stats })
}

struct Turn<'a> {
    model: &'a mut Cached,
    tokenizer: &'a Tokenizer,
    request: &'a Request,
    control: &'a Control,
    stream: Stream,
    stats: Stats,
    started: Instant,
}

impl Turn<'_> {
    /// False if it was stopped on the way.
    fn prefill(&mut self, prompt: &[u32], sink: &mut dyn FnMut(Event)) -> Result<bool, EngineError> {
        let begun = Instant::now();
        let total = prompt.len();
        let cached = self.model.reuse(prompt);
        self.stats.cached_tokens = cached;
        let mut done = cached;
        sink(Event::Prefill { done, total, cached });
        for chunk in prompt[cached..].chunks(PREFILL_CHUNK) {
            if self.control.is_stopped() {
                self.stats.prefill_s = begun.elapsed().as_secs_f64();
                return Ok(false);
            }
            self.model.append(chunk)?;
            done += chunk.len();
            sink(Event::Prefill { done, total, cached });
        }
        self.stats.prefill_s = begun.elapsed().as_secs_f64();
        Ok(true)
    }

    fn decode(&mut self, sink: &mut dyn FnMut(Event)) -> Result<Finish, EngineError> {
        let begun = Instant::now();
        let mut sampler = Sampler::new(self.request.sampling);
        // Chosen, but not yet in the cache.
        let mut pending: Vec<u32> = Vec::new();
        let mut sampled = 0;
        let finish = loop {
            if self.control.is_stopped() {
                break Finish::Stopped;
            }
            if sampled >= self.request.limits.max_tokens {
                break Finish::Length;
            }
            if let Some(reason) = self.end_of_thinking() {
                self.stream.end_thinking(reason, sink);
                pending.extend(self.tokenizer.encode(END_THINKING, true)?);
            }
            if !pending.is_empty() {
                if !self.model.has_room(pending.len()) {
                    break Finish::ContextFull;
                }
                self.model.append(&pending)?;
                pending.clear();
            }
            let id = sampler
                .sample(&mut self.model.logits, &self.model.tokens)
                .ok_or_else(|| {
                    EngineError::Compute("none of the logits is a number; the file may be damaged".into())
                })?;
            if sampled == 0 {
                self.stats.ttft_s = self.started.elapsed().as_secs_f64();
            }
            if self.tokenizer.is_end(id) {
                break Finish::Stop;
            }
            sampled += 1;
            pending.push(id);
            if self.stream.push(id, self.tokenizer, sink) {
                break Finish::Stop;
            }
        };
        self.stats.decode_s = begun.elapsed().as_secs_f64();
        self.stats.tokens_per_s = rate(sampled, begun.elapsed());
        Ok(finish)
    }

    /// Whether someone other than the model ends its thinking now.
    fn end_of_thinking(&mut self) -> Option<ThinkingEnd> {
        let asked = self.control.take_end_thinking();
        let budget = self.request.limits.think_budget;
        if !self.stream.is_thinking() {
            None
        } else if asked {
            Some(ThinkingEnd::User)
        } else {
            budget
                .is_some_and(|budget| self.stream.thinking_tokens() >= budget)
                .then_some(ThinkingEnd::Budget)
        }
    }
}

fn rate(tokens: usize, time: Duration) -> f64 {
    let seconds = time.as_secs_f64();
    if seconds > 0.0 {
        tokens as f64 / seconds
    } else {
        0.0
    }
}
