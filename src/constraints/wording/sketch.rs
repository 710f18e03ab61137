//! The prompt as one line of plain text that phrases are matched against.
//!
//! Lower case, single spaces, contractions undone, markdown emphasis gone; what has a value is one control character:
//! an amount [`AMOUNT`], a quoted string [`QUOTE`], an ordinal [`ORDINAL`]. What does not ask anything of the answer is
//! one [`MASKED`]. Every byte knows its token, so that a match has a span in the prompt.

use std::ops::Range;

use super::{
    lex::{Lexed, TokenKind},
    pattern::Indexed,
    quantity::Quantity,
};

/// In bytes.
const LONGEST_SENTENCE: usize = 4000;
/// A line that was wrapped is at least so long, in bytes.
const SHORTEST_WRAPPED: usize = 40;
/// How far the ends of a sentence are looked for, in bytes.
const LONGEST_LOOK: usize = 2000;

pub const AMOUNT: u8 = 1;
pub const QUOTE: u8 = 2;
pub const AFTER: u8 = 3;
pub const ORDINAL: u8 = 4;
pub const FENCE: u8 = 5;
pub const MASKED: u8 = 6;

/// A prompt, lexed, its amounts folded, and its sketch.
pub struct Document<'a> {
    pub lexed: Lexed<'a>,
    pub quantities: Vec<Quantity>,
    pub text: Indexed,
    /// The token of every byte of `text`.
    owners: Vec<u32>,
    /// Where sentences of `text` end, ascending.
    stops: Vec<usize>,
}

impl<'a> Document<'a> {
    pub fn new(lexed: Lexed<'a>, quantities: Vec<Quantity>) -> Self {
        let mut line = Line {
            lexed: &lexed,
            text: String::with_capacity(lexed.prompt.len() + 16),
            owners: Vec::with_capacity(lexed.prompt.len() + 16),
        };
        line.render();
        let Line { text, owners, .. } = line;
        Self {
            stops: stops(text.as_bytes()),
            text: text.into(),
            owners,
            lexed,
            quantities,
        }
    }

    /// The token that a byte of the sketch stands for.
    pub fn token_at(&self, at: usize) -> usize {
        self.owners
            .get(at)
            .map_or(self.lexed.tokens.len(), |&token| token as usize)
    }

    /// Bytes of the prompt for bytes of the sketch.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        let first = &self.lexed.tokens[self.token_at(range.start)];
        let last = &self.lexed.tokens[self.token_at(range.end - 1)];
        first.span.start..last.span.end.max(first.span.end)
    }

    /// First byte of the sketch of a token or of what follows it.
    pub fn position(&self, token: usize) -> usize {
        self.owners
            .partition_point(|&owner| (owner as usize) < token)
            .min(self.text.len())
    }

    /// What a quoted token holds, without the white space around it.
    pub fn quoted(&self, token: usize) -> Option<&'a str> {
        match &self.lexed.tokens.get(token)?.kind {
            TokenKind::Quote(inner) => Some(self.lexed.prompt[inner.clone()].trim()),
            _ => None,
        }
    }

    /// The sentence around a byte of the sketch; what is further away than [`LONGEST_LOOK`] is not part of it.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let length = self.text.len();
        let next = self.stops.partition_point(|&stop| stop < at);
        let near = |&stop: &usize| stop.abs_diff(at) <= LONGEST_LOOK;
        let start = next
            .checked_sub(1)
            .map(|last| self.stops[last])
            .filter(near)
            .map_or(at.saturating_sub(LONGEST_LOOK), |stop| stop + 1);
        let end = self
            .stops
            .get(next)
            .copied()
            .filter(|&stop| stop < at + LONGEST_LOOK)
            .unwrap_or(length.min(at + LONGEST_LOOK));
        self.floor(start)..self.floor(end)
    }

    fn floor(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// The sketch while it is written.
struct Line<'l, 'a> {
    lexed: &'l Lexed<'a>,
    text: String,
    owners: Vec<u32>,
}

impl Line<'_, '_> {
    fn put(&mut self, text: &str, token: usize) {
        self.text.push_str(text);
        self.owners.resize(self.text.len(), token as u32);
    }

    fn render(&mut self) {
        let mut sentence_start = 0;
        for at in 0..self.lexed.tokens.len() {
            let token = &self.lexed.tokens[at];
            let spaced = token.spaced
                && !self.text.is_empty()
                && !self.text.ends_with([' ', '\n'])
                && !matches!(token.kind, TokenKind::Break { .. });
            if matches!(token.kind, TokenKind::Masked) && self.text.ends_with(MASKED as char) {
                continue;
            }
            // A sentence without an end is cut, so that no phrase looks further than this.
            if self.text.ends_with(['.', '!', '?', '\n']) {
                sentence_start = self.text.len();
            } else if self.text.len() - sentence_start > LONGEST_SENTENCE {
                self.put("\n", at);
                sentence_start = self.text.len();
            } else if spaced {
                self.put(" ", at);
            }
            if spaced && self.text.ends_with(['.', '!', '?']) {
                self.put(" ", at);
            }
            match self.lexed.tokens[at].kind.clone() {
                TokenKind::Word(range) => {
                    let word = self.lexed.words[range].to_owned();
                    self.put(&word, at);
                }
                TokenKind::Han(c) => self.put(c.encode_utf8(&mut [0; 4]), at),
                TokenKind::Number(_) | TokenKind::Amount(_) => self.put("\u{1}", at),
                TokenKind::Ordinal(_) => self.put("\u{4}", at),
                TokenKind::Quote(inner) => {
                    self.put("\u{2}", at);
                    if self.sentence_ends_in(inner, at) {
                        self.put(".", at);
                    }
                }
                TokenKind::Fence => self.put("\u{5}", at),
                TokenKind::Angle => self.put("<<>>", at),
                TokenKind::Square => self.put("[]", at),
                TokenKind::Stars(count) => self.put(&"********"[..count.min(8)], at),
                TokenKind::Bullet => self.put("•", at),
                TokenKind::Mark(c) => self.put(c.encode_utf8(&mut [0; 4]), at),
                TokenKind::Break { blank } => {
                    let text = if !blank && self.wraps(at) { " " } else { "\n" };
                    self.put(text, at);
                }
                TokenKind::After => self.put("\u{3}", at),
                TokenKind::Masked => self.put("\u{6}", at),
            }
        }
    }

    /// A quotation that ends in a full stop ends the sentence where a capital follows.
    fn sentence_ends_in(&self, inner: Range<usize>, at: usize) -> bool {
        self.lexed.prompt[inner].ends_with(['.', '!', '?', '。', '！', '？'])
            && self
                .lexed
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.capital && next.spaced && matches!(next.kind, TokenKind::Word(_)))
    }

    /// A line break in the middle of a sentence: a short line was not wrapped, it ended.
    fn wraps(&self, at: usize) -> bool {
        let lower = self
            .lexed
            .tokens
            .get(at + 1)
            .is_some_and(|next| matches!(next.kind, TokenKind::Word(_)) && !next.capital);
        let open = at.checked_sub(1).is_some_and(|at| {
            matches!(
                self.lexed.tokens[at].kind,
                TokenKind::Word(_) | TokenKind::Amount(_) | TokenKind::Mark(',')
            )
        });
        lower && open && self.line_length(at) >= SHORTEST_WRAPPED
    }

    /// Bytes of the line that ends at a token.
    fn line_length(&self, at: usize) -> usize {
        let line = &self.lexed.prompt[..self.lexed.tokens[at].span.start];
        line.len() - line.rfind('\n').map_or(0, |end| end + 1)
    }
}

/// Where sentences end: at a mark that white space or another mark follows, at line breaks and masked passages.
fn stops(text: &[u8]) -> Vec<usize> {
    let ends = |&at: &usize| match text[at] {
        b'\n' | MASKED => true,
        b'.' | b'!' | b'?' => text
            .get(at + 1)
            .is_none_or(|next| matches!(next, b' ' | b'\n' | b'.' | b')' | b'!' | b'?')),
        _ => false,
    };
    (0..text.len()).filter(ends).collect()
}
