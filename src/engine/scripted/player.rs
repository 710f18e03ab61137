//! Playing one reply: its words through the splitter, against the request's limits and its control.

use std::time::Duration;

use super::Step;
use crate::chat::{Finish, Stats, ThinkingEnd};
use crate::engine::{Control, EngineError, Event, ModelInfo, Outcome, Reasoning, Request, Thinking};
use crate::reasoning::{Segment, Splitter};

const CLOSE: &str = "</think>";
const TAGS: [&str; 4] = ["<think>", CLOSE, "<answer>", "</answer>"];
/// Prompt tokens between two progress events.
const PREFILL_CHUNK: usize = 64;
/// The longest a stop goes unnoticed.
const NAP: Duration = Duration::from_millis(5);

/// Why a reply is not played to its end.
enum End {
    Early(Finish),
    Failed(String),
}

/// One generation.
pub(super) struct Player<'a> {
    request: &'a Request,
    control: &'a Control,
    sink: &'a mut dyn FnMut(Event),
    context: usize,
    splitter: Splitter,
    segments: Vec<Segment>,
    /// Tokens whose text the splitter holds back.
    held: usize,
    /// Thinking text came, or the prompt opened the block, and its end is not told yet.
    end_owed: bool,
    /// The user asked that thinking ends: also a block that is opened once more.
    end_asked: bool,
    /// The script is played silently up to its next `</think>`.
    skipping: bool,
    stats: Stats,
}

impl<'a> Player<'a> {
    pub(super) fn new(
        info: &ModelInfo,
        request: &'a Request,
        control: &'a Control,
        sink: &'a mut dyn FnMut(Event),
    ) -> Self {
        let skip = request.thinking == Thinking::Skip;
        let inside = !skip
            && (info.reasoning == Reasoning::Opened
                || request.reply_prefix.rfind("<think>") > request.reply_prefix.rfind(CLOSE));
        Self {
            request,
            control,
            sink,
            context: info.context,
            splitter: Splitter::new(inside),
            segments: Vec::new(),
            held: 0,
            end_owed: inside,
            end_asked: false,
            skipping: skip && info.reasoning != Reasoning::None,
            stats: Stats {
                prompt_tokens: request.messages.iter().map(|m| tokens(&m.content).count()).sum(),
                ..Stats::default()
            },
        }
    }

    pub(super) fn play(mut self, reply: &[Step]) -> Result<Outcome, EngineError> {
        let finish = match reply.iter().try_for_each(|step| self.step(step)) {
            Ok(()) => Ok(Finish::Stop),
            Err(End::Early(finish)) => Ok(finish),
            Err(End::Failed(message)) => Err(EngineError::Compute(message)),
        };
        // However it ended, what was held back is text and an open block is over.
        self.splitter.finish(&mut self.segments);
        self.send(ThinkingEnd::Model);
        if self.end_owed {
            (self.sink)(Event::ThinkingEnded(ThinkingEnd::Unclosed));
        }
        if self.stats.decode_s > 0.0 {
            self.stats.tokens_per_s = self.decoded() as f64 / self.stats.decode_s;
        }
        Ok(Outcome {
            finish: finish?,
            stats: self.stats,
        })
    }

    fn step(&mut self, step: &Step) -> Result<(), End> {
        match step {
            Step::Prefill { tokens, ms } => self.prefill(*tokens, *ms),
            Step::Text { text, ms } => tokens(text).try_for_each(|token| self.token(token, *ms)),
            Step::Loop { text, ms } => {
                for token in tokens(text).collect::<Vec<_>>().into_iter().cycle() {
                    self.token(token, *ms)?;
                    if self.skipping {
                        break;
                    }
                }
                Ok(())
            }
            Step::Fail { message } => Err(End::Failed(message.clone())),
        }
    }

    fn prefill(&mut self, total: usize, ms: u64) -> Result<(), End> {
        self.stats.prompt_tokens = total;
        let chunks = total.div_ceil(PREFILL_CHUNK).max(1);
        for chunk in 1..=chunks {
            let took = ms / chunks as u64;
            self.wait(took)?;
            self.stats.prefill_s += took as f64 / 1000.0;
            (self.sink)(Event::Prefill {
                done: (chunk * PREFILL_CHUNK).min(total),
                total,
                cached: 0,
            });
        }
        Ok(())
    }

    fn token(&mut self, token: &str, ms: u64) -> Result<(), End> {
        if self.skipping {
            self.skipping = token != CLOSE;
            return Ok(());
        }
        let decoded = self.decoded();
        if decoded >= self.request.limits.max_tokens {
            return Err(End::Early(Finish::Length));
        }
        if self.stats.prompt_tokens + decoded >= self.context {
            return Err(End::Early(Finish::ContextFull));
        }
        let budget = self.request.limits.think_budget.unwrap_or(usize::MAX);
        let asked = self.control.take_end_thinking();
        if self.splitter.is_thinking() {
            self.end_asked |= asked;
            let spent = self.stats.thinking_tokens + self.held >= budget;
            let end = match (spent, self.end_asked) {
                (true, _) => Some(ThinkingEnd::Budget),
                (false, true) => Some(ThinkingEnd::User),
                (false, false) => None,
            };
            if let Some(end) = end {
                if self.splitter.end_thinking(&mut self.segments) {
                    self.send(end);
                    self.skipping = token != CLOSE;
                    return Ok(());
                }
                self.send(ThinkingEnd::Model);
            }
        }
        self.wait(ms)?;
        if decoded == 0 {
            self.stats.ttft_s = self.stats.prefill_s + ms as f64 / 1000.0;
        }
        self.stats.decode_s += ms as f64 / 1000.0;
        self.held += 1;
        self.splitter.push(token, &mut self.segments);
        self.send(ThinkingEnd::Model);
        Ok(())
    }

    fn decoded(&self) -> usize {
        self.stats.thinking_tokens + self.stats.answer_tokens + self.held
    }

    /// Hands on what the splitter decided; `end` is why thinking ended if it did.
    fn send(&mut self, end: ThinkingEnd) {
        for segment in self.segments.drain(..) {
            let event = match segment {
                Segment::Thinking(text) => {
                    self.end_owed = true;
                    let tokens = std::mem::take(&mut self.held);
                    self.stats.thinking_tokens += tokens;
                    Event::Thinking { text, tokens }
                }
                Segment::ThinkingEnded => {
                    self.end_owed = false;
                    if self.held > 0 {
                        // The tag is a token without text.
                        let tokens = std::mem::take(&mut self.held);
                        self.stats.thinking_tokens += tokens;
                        (self.sink)(Event::Thinking {
                            text: String::new(),
                            tokens,
                        });
                    }
                    Event::ThinkingEnded(end)
                }
                Segment::Answer(text) => {
                    let tokens = std::mem::take(&mut self.held);
                    self.stats.answer_tokens += tokens;
                    Event::Answer { text, tokens }
                }
            };
            (self.sink)(event);
        }
    }

    fn wait(&self, ms: u64) -> Result<(), End> {
        let mut left = Duration::from_millis(ms);
        while !self.control.is_stopped() {
            if left.is_zero() {
                return Ok(());
            }
            let nap = left.min(NAP);
            std::thread::sleep(nap);
            left -= nap;
        }
        Err(End::Early(Finish::Stopped))
    }
}

/// Words with the white space before them; a tag is a token of its own.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let tag = TAGS.iter().find(|tag| rest.starts_with(**tag));
        let end = tag.map_or_else(|| word_end(rest), |tag| tag.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

fn word_end(text: &str) -> usize {
    let word = text.len() - text.trim_start().len();
    let space = text[word..]
        .find(char::is_whitespace)
        .map_or(text.len(), |at| word + at);
    TAGS.iter()
        .filter_map(|tag| text[..space].find(tag))
        .fold(space, usize::min)
}
