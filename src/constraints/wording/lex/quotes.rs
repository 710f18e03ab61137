//! What stands between a pair of marks: quotations, code, `<<titles>>`, `[placeholders]`, `<tags>`.

use super::{Lexer, TokenKind};

/// The longest quoted string, in bytes: beyond it a quotation mark is taken to be a stray one.
const LONGEST_QUOTE: usize = 20_000;

/// Names of tags that are labels (`<length>`), not markup (`<b>`), in bytes.
const SHORTEST_TAG: usize = 4;
const LONGEST_TAG: usize = 32;

pub(super) const STRAIGHT: usize = 0;
pub(super) const CURLY: usize = 1;
pub(super) const SINGLE: usize = 2;
pub(super) const TICK: usize = 3;
pub(super) const FENCE: usize = 4;
pub(super) const ANGLE: usize = 5;
pub(super) const CORNER: usize = 6;

/// Where the next closing mark of one sort was found, for all positions in a range.
#[derive(Clone, Copy, Default)]
pub(super) struct Closer {
    from: usize,
    to: usize,
    found: bool,
    known: bool,
}

impl Lexer<'_> {
    /// The next `mark` at or after `from`, unless a blank line or [`LONGEST_QUOTE`] comes first.
    fn closing(&mut self, sort: usize, marks: &[char], from: usize, whole_text: bool) -> Option<usize> {
        let known = self.closers[sort];
        if known.known && known.from <= from && from <= known.to {
            return known.found.then_some(known.to);
        }
        let text = &self.prompt[from..];
        let mut end = if whole_text {
            text.len()
        } else {
            text.len().min(LONGEST_QUOTE)
        };
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let mut end = text.len();
        let mut found = match sort {
            FENCE => text.find("```"),
            ANGLE => text.find(">>"),
            SINGLE => closing_single(text),
            _ => text.find(marks),
        };
        if !whole_text && let Some(blank) = found.and_then(|at| text[..at].find("\n\n")) {
            (found, end) = (None, blank);
        }
        let to = from + found.unwrap_or(end);
        self.closers[sort] = Closer {
            from,
            to,
            found: found.is_some(),
            known: true,
        };
        found.map(|_| to)
    }

    pub(super) fn code(&mut self) {
        let ticks = self.rest().bytes().take_while(|byte| *byte == b'`').count();
        if ticks >= 3 {
            let from = self.at + ticks;
            // A longer fence encloses shorter ones.
            let close = if ticks == 3 {
                self.closing(FENCE, &[], from, true)
            } else {
                self.prompt[from..].find(&"`".repeat(ticks)).map(|at| from + at)
            };
            let end = close.map_or(from, |close| close + ticks);
            return self.push(TokenKind::Fence, end - self.at);
        }
        match self.closing(TICK, &['`', '\n'], self.at + 1, false) {
            Some(close) if self.prompt[close..].starts_with('`') && close > self.at + 1 => {
                let inner = self.at + 1..close;
                self.push(TokenKind::Quote(inner), close + 1 - self.at);
            }
            _ => self.push(TokenKind::Mark('`'), 1),
        }
    }

    pub(super) fn quoted(&mut self, open: char, sort: usize) {
        let from = self.at + open.len_utf8();
        let (first, second): (&[char], &[char]) = match (sort, open) {
            (STRAIGHT, _) => (&['"'], &['”']),
            (CORNER, '「') => (&['」'], &['」']),
            (CORNER, '『') => (&['』'], &['』']),
            (CORNER, _) => (&['》'], &['》']),
            _ => (&['”'], &['"']),
        };
        let mut close = self.closing(sort, first, from, false);
        if sort == CURLY && close.is_none_or(|close| self.prompt[from..close].contains('“')) {
            close = self.closing(STRAIGHT, second, from, false).or(close);
        }
        match close {
            Some(close) if close > from => {
                let length = self.prompt[close..].chars().next().map_or(0, char::len_utf8);
                self.push(TokenKind::Quote(from..close), close + length - self.at);
            }
            Some(close) => {
                let length = self.prompt[close..].chars().next().map_or(0, char::len_utf8);
                self.push(TokenKind::Mark('"'), close + length - self.at);
            }
            None => self.push(TokenKind::Mark('"'), open.len_utf8()),
        }
    }

    pub(super) fn single(&mut self, open: char) {
        let from = self.at + open.len_utf8();
        let opens = !self.previous().is_some_and(char::is_alphanumeric)
            && self.prompt[from..]
                .chars()
                .next()
                .is_some_and(|next| !next.is_whitespace());
        match if opens {
            self.closing(SINGLE, &[], from, false)
        } else {
            None
        } {
            Some(close) if close > from => {
                let length = self.prompt[close..].chars().next().map_or(0, char::len_utf8);
                self.push(TokenKind::Quote(from..close), close + length - self.at);
            }
            _ => self.push(TokenKind::Mark('\''), open.len_utf8()),
        }
    }

    pub(super) fn angle(&mut self) {
        if !self.rest().starts_with("<<") {
            return self.tag();
        }
        match self.closing(ANGLE, &[], self.at + 2, false) {
            Some(close) if close - self.at < 200 => self.push(TokenKind::Angle, close + 2 - self.at),
            _ => self.push(TokenKind::Angle, 2),
        }
    }

    /// `<length>` names what follows as `length:` does; `</length>` ends it as a blank line does.
    fn tag(&mut self) {
        let rest = self.rest();
        let closing = usize::from(rest.as_bytes().get(1) == Some(&b'/'));
        let name = rest[1 + closing..]
            .bytes()
            .take(LONGEST_TAG)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        let whole = 1 + closing + name;
        if !self.tagged || name < SHORTEST_TAG || rest.as_bytes().get(whole) != Some(&b'>') {
            return self.push(TokenKind::Mark('<'), 1);
        }
        if closing == 1 {
            self.push(TokenKind::Break { blank: true }, whole + 1);
            self.line_start = true;
        } else {
            self.at += 1;
            let begin = self.out.words.len();
            for c in rest[1..1 + name].chars() {
                self.out
                    .words
                    .push(if c == '_' { ' ' } else { c.to_ascii_lowercase() });
            }
            let word = begin..self.out.words.len();
            self.push(TokenKind::Word(word), name);
            self.push(TokenKind::Mark(':'), 1);
        }
        self.spaced = true;
    }

    pub(super) fn square(&mut self) {
        let rest = self.rest();
        let inside = rest[1..]
            .bytes()
            .take(60)
            .take_while(|b| !matches!(b, b']' | b'[' | b'\n' | b'"' | b'\'' | b','))
            .count();
        if rest.as_bytes().get(1 + inside) == Some(&b']') && inside > 0 {
            self.push(TokenKind::Square, inside + 2);
        } else {
            self.push(TokenKind::Mark('['), 1);
        }
    }
}

/// A closing single quote: not inside a word, not after white space.
fn closing_single(text: &str) -> Option<usize> {
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\n' {
            return None;
        }
        if matches!(c, '\'' | '’')
            && !before.is_whitespace()
            && !chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric())
        {
            return Some(at);
        }
        before = c;
    }
    None
}
