//! One turn, from its prompt to its last token.
//!
//! Owns what is fed next, which token is chosen, and when the turn is over. Does not own the arithmetic, nor which turns are
//! computed together: that is the loop's (`generate`), which asks [`Turn::next`] and hands the logits to [`Turn::take`].

use std::time::{Duration, Instant};

use super::SequenceId;
use super::draft::{Costs, Drafter};
use super::fit::Fitted;
use super::sampler::Sampler;
use super::stream::Stream;
use super::tokenizer::Tokenizer;
use crate::chat::{Finish, Stats, ThinkingEnd};
use crate::engine::{Control, EngineError, Event, Outcome, Request};

/// Prompt tokens between two looks at the stop flag.
pub const PREFILL_CHUNK: usize = 64;

/// What closes a think block when the model does not (DeepSeek-R1 issue 565 names the remedy).
const END_THINKING: &str = "\n</think>\n\n";
/// What follows the close.
const AFTER_THINKING: &str = "\n\n";

/// What a turn is given.
pub struct Given<'a> {
    pub tokenizer: &'a Tokenizer,
    pub request: Request,
    pub control: Control,
    /// When the request came.
    pub started: Instant,
    /// Positions that fit the cache.
    pub context: usize,
}

/// A turn under way.
pub struct Turn<'a> {
    given: Given<'a>,
    pub sequence: SequenceId,
    /// The tokens in the sequence's cache.
    held: Vec<u32>,
    /// Chosen, but not yet in the cache.
    pending: Vec<u32>,
    /// A guess of what follows `pending`, to be computed along with it.
    draft: Vec<u32>,
    drafter: Drafter,
    /// Length of the prompt, while it is not all in the cache.
    prefilling: Option<usize>,
    stream: Stream,
    sampler: Sampler,
    sampled: usize,
    /// The user asked that thinking ends.
    end_asked: bool,
    stats: Stats,
    /// When the prompt was begun, then when decoding was.
    begun: Instant,
}

/// What a turn wants.
pub enum Next {
    /// Tokens to be computed.
    Feed(Feed),
    Over(Finish),
}

pub struct Feed {
    pub ids: Vec<u32>,
    /// Of how many of the last of them it wants the logits.
    pub logits: usize,
}

impl<'a> Turn<'a> {
    /// Begins a turn in `sequence`, whose cache holds `held`: the beginning of the prompt, and not all of it.
    pub fn begin(
        given: Given<'a>,
        Fitted { prompt, left_out }: &Fitted,
        (sequence, held): (SequenceId, Vec<u32>),
        sink: &mut dyn FnMut(Event),
    ) -> Self {
        let (total, cached) = (prompt.ids.len(), held.len());
        if *left_out > 0 {
            sink(Event::TurnsLeftOut(*left_out));
        }
        sink(Event::Prefill {
            done: cached,
            total,
            cached,
        });
        Self {
            sequence,
            pending: prompt.ids[cached..].to_vec(),
            held,
            draft: Vec::new(),
            drafter: Drafter::default(),
            prefilling: Some(total),
            stream: Stream::new(prompt.thinking, &given.request.stop),
            sampler: Sampler::new(given.request.sampling),
            sampled: 0,
            end_asked: false,
            stats: Stats {
                prompt_tokens: total,
                cached_tokens: cached,
                left_out_turns: *left_out,
                ..Stats::default()
            },
            begun: Instant::now(),
            given,
        }
    }

    pub fn is_prefilling(&self) -> bool {
        self.prefilling.is_some()
    }

    /// What the cache holds.
    pub fn held(&self) -> &[u32] {
        &self.held
    }

    /// What is to be computed next. With `costs` some of it may be a guess.
    pub fn next(&mut self, costs: Option<&Costs>, sink: &mut dyn FnMut(Event)) -> Result<Next, EngineError> {
        self.draft.clear();
        if self.given.control.is_stopped() {
            return Ok(Next::Over(Finish::Stopped));
        }
        if self.prefilling.is_some() {
            let ids = &self.pending[..self.pending.len().min(PREFILL_CHUNK)];
            return Ok(Next::Feed(Feed {
                ids: ids.to_vec(),
                logits: usize::from(ids.len() == self.pending.len()),
            }));
        }
        let left = self.given.request.limits.max_tokens.saturating_sub(self.sampled);
        if left == 0 {
            return Ok(Next::Over(Finish::Length));
        }
        if let Some(reason) = self.end_of_thinking() {
            // A second close would be one too many; still there must be something to compute.
            let close = match self.stream.end_thinking(reason, sink) {
                true => Some(END_THINKING),
                false => self.pending.is_empty().then_some(AFTER_THINKING),
            };
            if let Some(text) = close {
                self.pending.extend(self.given.tokenizer.encode(text, true)?);
            }
        }
        let known = self.held.len() + self.pending.len();
        let Some(room) = self.given.context.checked_sub(known) else {
            return Ok(Next::Over(Finish::ContextFull));
        };
        if let Some(costs) = costs {
            let known = [&self.held[..], &self.pending].concat();
            self.draft = self.drafter.draft(&known, room.min(left - 1), costs);
        }
        Ok(Next::Feed(Feed {
            ids: [&self.pending[..], &self.draft].concat(),
            logits: 1 + self.draft.len(),
        }))
    }

    /// Takes in that the last [`Feed`] was computed, with the logits that were wanted, and chooses what follows. After it
    /// the cache is to be cut to [`Turn::held`]. Says how the turn ended, if it did.
    pub fn take(
        &mut self,
        logits: &mut [f32],
        sink: &mut dyn FnMut(Event),
    ) -> Result<Option<Finish>, EngineError> {
        if let Some(total) = self.prefilling {
            let chunk = self.pending.len().min(PREFILL_CHUNK);
            self.held.extend(self.pending.drain(..chunk));
            sink(Event::Prefill {
                done: self.held.len(),
                total,
                cached: self.stats.cached_tokens,
            });
            if !self.pending.is_empty() {
                return Ok(None);
            }
            self.end_prefill();
        } else {
            self.held.append(&mut self.pending);
        }
        let draft = std::mem::take(&mut self.draft);
        let before = self.held.len();
        let mut over = None;
        for (place, logits) in logits.chunks_exact_mut(logits_len(logits, &draft)).enumerate() {
            if self.is_interrupted() {
                break;
            }
            let id = self.choose(logits)?;
            if self.given.tokenizer.is_end(id) {
                over = Some(Finish::Stop);
                break;
            }
            self.sampled += 1;
            if draft.get(place) == Some(&id) {
                self.held.push(id);
            } else {
                self.pending.push(id);
            }
            if self.stream.push(id, self.given.tokenizer, sink) {
                over = Some(Finish::Stop);
            }
            if over.is_some() || !self.pending.is_empty() {
                break;
            }
        }
        let accepted = self.held.len() - before;
        self.drafter.verified(draft.len(), accepted);
        self.stats.drafted_tokens += draft.len();
        self.stats.accepted_tokens += accepted;
        Ok(over)
    }

    fn choose(&mut self, logits: &mut [f32]) -> Result<u32, EngineError> {
        let id = self.sampler.sample(logits, &self.held).ok_or_else(|| {
            EngineError::Compute("none of the logits is a number; the file may be damaged".into())
        })?;
        if self.sampled == 0 {
            self.stats.ttft_s = self.given.started.elapsed().as_secs_f64();
        }
        Ok(id)
    }

    fn end_prefill(&mut self) {
        self.prefilling = None;
        self.stats.prefill_s = self.begun.elapsed().as_secs_f64();
        self.begun = Instant::now();
    }

    /// Something other than the next token is to happen.
    fn is_interrupted(&mut self) -> bool {
        self.given.control.is_stopped()
            || self.sampled >= self.given.request.limits.max_tokens
            || self.end_of_thinking().is_some()
    }

    /// Whether someone other than the model ends its thinking now.
    fn end_of_thinking(&mut self) -> Option<ThinkingEnd> {
        let asked = self.given.control.take_end_thinking();
        let budget = self.given.request.limits.think_budget;
        if !self.stream.is_thinking() {
            return None;
        }
        // Also of a block that the model opens once more.
        self.end_asked |= asked;
        if self.end_asked {
            Some(ThinkingEnd::User)
        } else {
            budget
                .is_some_and(|budget| self.stream.thinking_tokens() >= budget)
                .then_some(ThinkingEnd::Budget)
        }
    }

    /// The turn is over: what was held back is told, and what it leaves in its sequence's cache is given back.
    pub fn end(
        mut self,
        finish: Result<Finish, EngineError>,
        sink: &mut dyn FnMut(Event),
    ) -> (Result<Outcome, EngineError>, Vec<u32>) {
        // However it ended, what was held back is text and an open block is over.
        self.stream.finish(sink);
        let mut stats = self.stats;
        if self.prefilling.is_some() {
            stats.prefill_s = self.begun.elapsed().as_secs_f64();
        } else {
            stats.decode_s = self.begun.elapsed().as_secs_f64();
            stats.tokens_per_s = rate(self.sampled, self.begun.elapsed());
        }
        stats.thinking_tokens = self.stream.thinking_tokens();
        stats.answer_tokens = self.stream.answer_tokens();
        (finish.map(|finish| Outcome { finish, stats }), self.held)
    }
}

/// Logits of one token, where there are those of a token and its draft.
fn logits_len(logits: &[f32], draft: &[u32]) -> usize {
    (logits.len() / (1 + draft.len())).max(1)
}

fn rate(tokens: usize, time: Duration) -> f64 {
    let seconds = time.as_secs_f64();
    if seconds > 0.0 {
        tokens as f64 / seconds
    } else {
        0.0
    }
}
