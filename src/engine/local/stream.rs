//! Tokens to typed events.
//!
//! Owns the way of a token: bytes, whole characters, thinking or answer, stop strings, event. Every sampled token is
//! counted in exactly one event, so the counts of the events sum to what was generated.

use super::detokenizer::Detokenizer;
use super::stop::StopStrings;
use super::tokenizer::Tokenizer;
use crate::chat::ThinkingEnd;
use crate::engine::Event;
use crate::reasoning::{Segment, Splitter};

const CLOSE: &str = "</think>";

pub struct Stream {
    detokenizer: Detokenizer,
    splitter: Splitter,
    stop: StopStrings,
    /// The prompt opened a think block, or thinking came: its end has to be told, once.
    thought: bool,
    end_told: bool,
    stopped: bool,
    /// Tokens whose text has not come out yet.
    pending: usize,
    thinking_tokens: usize,
    answer_tokens: usize,
}

impl Stream {
    pub fn new(thinking: bool, stop: &[String]) -> Self {
        Self {
            detokenizer: Detokenizer::default(),
            splitter: Splitter::new(thinking),
            stop: StopStrings::new(stop),
            thought: thinking,
            end_told: false,
            stopped: false,
            pending: 0,
            thinking_tokens: 0,
            answer_tokens: 0,
        }
    }

    pub fn is_thinking(&self) -> bool {
        self.splitter.is_thinking()
    }

    /// Tokens of thinking so far, those whose text is still held back included.
    pub fn thinking_tokens(&self) -> usize {
        self.thinking_tokens + if self.is_thinking() { self.pending } else { 0 }
    }

    pub fn answer_tokens(&self) -> usize {
        self.answer_tokens + if self.is_thinking() { 0 } else { self.pending }
    }

    /// Takes a sampled token. True if it completed a stop string: nothing follows then.
    pub fn push(&mut self, id: u32, tokenizer: &Tokenizer, sink: &mut dyn FnMut(Event)) -> bool {
        self.pending += 1;
        let bytes = tokenizer.token_bytes(id);
        if self.is_thinking() && bytes == CLOSE.as_bytes() {
            // The one token that closes, whatever the text around it looks like.
            self.end_thinking(ThinkingEnd::Model, sink);
        } else {
            let text = self.detokenizer.push(bytes);
            self.split(&text, sink);
        }
        self.stopped
    }

    /// Closes the think block without the model having written its tag as text. True if it was open: where the text that
    /// was held back turned out to close it, it was the model that did.
    pub fn end_thinking(&mut self, reason: ThinkingEnd, sink: &mut dyn FnMut(Event)) -> bool {
        let rest = self.detokenizer.finish();
        self.split(rest, sink);
        let mut segments = Vec::new();
        let was_open = self.splitter.end_thinking(&mut segments);
        self.emit(segments, if was_open { reason } else { ThinkingEnd::Model }, sink);
        was_open
    }

    /// The turn is over: what was held back comes out, an open block ends unclosed.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        let rest = self.detokenizer.finish();
        self.split(rest, sink);
        let mut segments = Vec::new();
        self.splitter.finish(&mut segments);
        self.emit(segments, ThinkingEnd::Model, sink);
        if !self.stopped {
            let held = self.stop.finish();
            self.answer(held, sink);
        }
        if self.is_thinking() {
            self.tell_end(ThinkingEnd::Unclosed, sink);
        } else if self.pending > 0 {
            self.answer_event(String::new(), sink);
        }
    }

    fn split(&mut self, text: &str, sink: &mut dyn FnMut(Event)) {
        if text.is_empty() {
            return;
        }
        let mut segments = Vec::new();
        self.splitter.push(text, &mut segments);
        self.emit(segments, ThinkingEnd::Model, sink);
    }

    fn emit(&mut self, segments: Vec<Segment>, reason: ThinkingEnd, sink: &mut dyn FnMut(Event)) {
        // What was held back behind a stop string is no part of the answer.
        if self.stopped {
            return;
        }
        for segment in segments {
            match segment {
                Segment::Thinking(text) if !text.is_empty() => self.thinking(text, sink),
                Segment::Thinking(_) => {}
                Segment::ThinkingEnded => self.tell_end(reason, sink),
                Segment::Answer(text) => {
                    let (text, hit) = self.stop.push(&text);
                    self.answer(text, sink);
                    if hit {
                        self.stopped = true;
                        return;
                    }
                }
            }
        }
    }

    fn thinking(&mut self, text: String, sink: &mut dyn FnMut(Event)) {
        let tokens = std::mem::take(&mut self.pending);
        self.thinking_tokens += tokens;
        self.thought = true;
        sink(Event::Thinking { text, tokens });
    }

    fn answer(&mut self, text: String, sink: &mut dyn FnMut(Event)) {
        if !text.is_empty() {
            self.answer_event(text, sink);
        }
    }

    fn answer_event(&mut self, text: String, sink: &mut dyn FnMut(Event)) {
        let tokens = std::mem::take(&mut self.pending);
        self.answer_tokens += tokens;
        sink(Event::Answer { text, tokens });
    }

    fn tell_end(&mut self, reason: ThinkingEnd, sink: &mut dyn FnMut(Event)) {
        if self.pending > 0 {
            // The tag itself is a token of thinking without a text.
            self.thinking(String::new(), sink);
        }
        if self.thought && !self.end_told {
            self.end_told = true;
            sink(Event::ThinkingEnded(reason));
        }
    }
}
