//! A raw stream of text to thinking and answer.
//!
//! A stream cannot be taken back, so every decision is made as early as it is certain and never revised:
//!
//! - A think block opens where the prompt left it open, or at a `<think>` that comes before any text of the answer. Later
//!   it is ordinary text. Several blocks before the answer are all thinking: the answer follows the last `</think>`.
//! - A `</think>` ends thinking; one with no block to end is dropped, and what came before it stays answer.
//! - `<answer>` at the start of the answer is dropped at once, for an answer cut short must not show it; from then on the
//!   first `</answer>` is dropped too. What follows that is still answer. An `</answer>` alone is text.
//! - Tags in Markdown code are text. A tag in an inline span waits for the end of the span or of the line; a `</think>`
//!   in a fence inside thinking waits for the end of the fence. If that never comes, the fence was left open by the model
//!   and the tag was real.
//! - Blank lines before thinking and before the answer are dropped, and so is space between a tag and the text after it.
//!
//! Nothing else is lost or changed, and the segments, joined by kind, do not depend on how the stream was cut.

use super::code::{CodeTracker, Place};

/// A piece of the stream, tags removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    Thinking(String),
    /// The think block was closed. Comes once at most, even where several blocks follow one another, and not for a
    /// block that the model opened and left empty.
    ThinkingEnded,
    Answer(String),
}

/// Splits a stream that arrives in pieces of any size.
#[derive(Clone, Debug)]
pub struct Splitter {
    thinking: bool,
    /// A block was open or had text: its end is worth telling.
    thought: bool,
    ended: bool,
    /// No text of the current block yet, only the whitespace in `lead`.
    blank: bool,
    lead: String,
    /// A tag stands right before `lead`.
    after_tag: bool,
    answer_tag: AnswerTag,
    code: CodeTracker,
    /// What is not decided yet: empty, or begins with `<`.
    waiting: String,
    /// How far beyond a tag in code the end of that code has been looked for.
    ahead: Option<Ahead>,
    /// Bytes of `waiting` known to be in code.
    code_until: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerTag {
    None,
    Open,
    Closed,
}

#[derive(Clone, Debug)]
struct Ahead {
    code: CodeTracker,
    /// Bytes of `waiting` read.
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    ThinkOpen,
    ThinkClose,
    AnswerOpen,
    AnswerClose,
}

impl Tag {
    fn text(self) -> &'static str {
        match self {
            Self::ThinkOpen => "<think>",
            Self::ThinkClose => "</think>",
            Self::AnswerOpen => "<answer>",
            Self::AnswerClose => "</answer>",
        }
    }
}

/// What a `<` begins.
enum Match {
    Text,
    Tag(Tag),
    /// More text decides.
    Open,
}

impl Splitter {
    /// `inside`: the rendered prompt ends within an open think block.
    pub fn new(inside: bool) -> Self {
        Self {
            thinking: inside,
            thought: inside,
            ended: false,
            blank: true,
            lead: String::new(),
            after_tag: inside,
            answer_tag: AnswerTag::None,
            code: CodeTracker::new(),
            waiting: String::new(),
            ahead: None,
            code_until: 0,
        }
    }

    pub fn is_thinking(&self) -> bool {
        self.thinking
    }

    /// Takes the next piece; what is certain of it goes to `out`, what may be the start of a tag waits.
    pub fn push(&mut self, text: &str, out: &mut Vec<Segment>) {
        self.waiting.push_str(text);
        self.scan(false, out);
    }

    /// The stream is over: what waited is text. An unclosed block stays thinking.
    pub fn finish(&mut self, out: &mut Vec<Segment>) {
        self.scan(true, out);
    }

    /// Ends thinking where the stream stands, as a budget or a key does: what waited is decided, and what is pushed from
    /// now on is answer. True if the block had to be closed: whoever generates the stream then tells the model by writing
    /// the close into its context. What waited may have held the model's own.
    pub fn end_thinking(&mut self, out: &mut Vec<Segment>) -> bool {
        if !self.thinking {
            return false;
        }
        self.scan(true, out);
        let open = self.thinking;
        if open {
            self.apply(Tag::ThinkClose, out);
        }
        open
    }

    /// Decides as much of `waiting` as is certain; all of it if it is the `last`.
    fn scan(&mut self, last: bool, out: &mut Vec<Segment>) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut at = 0;
        while at < waiting.len() {
            let rest = &waiting[at..];
            let plain = rest.find('<').unwrap_or(rest.len());
            if plain > 0 {
                self.emit(&rest[..plain], out);
                at += plain;
                continue;
            }
            match self.tag_at(&waiting, at, last) {
                Match::Text => {
                    self.emit("<", out);
                    at += 1;
                }
                Match::Tag(tag) => {
                    self.apply(tag, out);
                    at += tag.text().len();
                }
                Match::Open => break,
            }
        }
        self.code_until = self.code_until.saturating_sub(at);
        if let Some(ahead) = &mut self.ahead {
            ahead.at -= at;
        }
        self.waiting = waiting;
        self.waiting.drain(..at);
    }

    fn tag_at(&mut self, waiting: &str, at: usize, last: bool) -> Match {
        let rest = &waiting[at..];
        let Some(tag) = self.tags().find(|tag| rest.starts_with(tag.text())) else {
            let open = !last && self.tags().any(|tag| tag.text().starts_with(rest));
            return if open { Match::Open } else { Match::Text };
        };
        let place = self.code.place();
        if place == Place::Text {
            return Match::Tag(tag);
        }
        if at < self.code_until || (place == Place::Fence && !self.thinking) {
            return Match::Text;
        }
        let mut ahead = self.ahead.take().unwrap_or_else(|| Ahead {
            code: self.code.clone(),
            at,
        });
        for c in waiting[ahead.at..].chars() {
            if place == Place::Span && c == '\n' {
                return Match::Tag(tag);
            }
            ahead.code.step(c);
            ahead.at += c.len_utf8();
            // A run of marks means something only when it is over, which `place` would take for granted.
            if !matches!(c, '`' | '~') && ahead.code.place() == Place::Text {
                self.code_until = ahead.at;
                return Match::Text;
            }
        }
        if last {
            return match (place, ahead.code.place()) {
                (_, Place::Text) => Match::Text,
                _ => Match::Tag(tag),
            };
        }
        self.ahead = Some(ahead);
        Match::Open
    }

    /// The tags that would mean something here.
    fn tags(&self) -> impl Iterator<Item = Tag> + use<> {
        let blank_answer = !self.thinking && self.blank;
        [
            (Tag::ThinkClose, true),
            (Tag::ThinkOpen, self.blank),
            (
                Tag::AnswerOpen,
                blank_answer && self.answer_tag == AnswerTag::None,
            ),
            (
                Tag::AnswerClose,
                !self.thinking && self.answer_tag == AnswerTag::Open,
            ),
        ]
        .into_iter()
        .filter_map(|(tag, here)| here.then_some(tag))
    }

    fn apply(&mut self, tag: Tag, out: &mut Vec<Segment>) {
        self.ahead = None;
        match tag {
            Tag::ThinkOpen => {
                self.thinking = true;
                self.start_block();
            }
            Tag::ThinkClose if self.thinking => {
                self.thinking = false;
                if self.thought && !self.ended {
                    self.ended = true;
                    out.push(Segment::ThinkingEnded);
                }
                self.start_block();
            }
            Tag::AnswerOpen => {
                self.answer_tag = AnswerTag::Open;
                self.start_block();
            }
            Tag::AnswerClose => self.answer_tag = AnswerTag::Closed,
            Tag::ThinkClose if self.blank => self.start_block(),
            Tag::ThinkClose => {}
        }
    }

    fn start_block(&mut self) {
        self.blank = true;
        self.after_tag = true;
        self.lead.clear();
        self.code = CodeTracker::new();
    }

    fn emit(&mut self, text: &str, out: &mut Vec<Segment>) {
        text.chars().for_each(|c| self.code.step(c));
        if !self.blank {
            return self.show(text, out);
        }
        self.lead.push_str(text);
        let Some(first) = self.lead.find(|c: char| !c.is_whitespace()) else {
            return;
        };
        self.blank = false;
        let lead = std::mem::take(&mut self.lead);
        let start = match lead[..first].rfind('\n') {
            Some(newline) => newline + 1,
            None if self.after_tag => first,
            None => 0,
        };
        self.show(&lead[start..], out);
    }

    fn show(&mut self, text: &str, out: &mut Vec<Segment>) {
        if self.thinking {
            self.thought = true;
        }
        match (out.last_mut(), self.thinking) {
            (Some(Segment::Thinking(shown)), true) | (Some(Segment::Answer(shown)), false) => {
                shown.push_str(text)
            }
            (_, true) => out.push(Segment::Thinking(text.to_owned())),
            (_, false) => out.push(Segment::Answer(text.to_owned())),
        }
    }
}
