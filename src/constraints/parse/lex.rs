//! A prompt as tokens: words, numbers, quoted strings, code, marks. Every token knows its bytes in the prompt.
//!
//! Owns what one token is: contractions are undone (`don't` is `do` `not`), curly quotes are quotes, `P.P.S.` is a word.
//! Does not own what tokens mean together. Linear in the prompt: a search for a closing mark that failed is remembered.

use std::ops::Range;

/// What a token is. Values that need the prompt's own spelling are ranges into it.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// Lower-cased; a range of [`Lexed::words`].
    Word(Range<usize>),
    /// A letter of a script without spaces between words.
    Han(char),
    Number(u64),
    /// `2nd`, `second`; one-based.
    Ordinal(u64),
    /// A quoted string or inline code; the range is what is inside.
    Quote(Range<usize>),
    /// A fenced code block.
    Fence,
    /// `<<title>>`.
    Angle,
    /// `[name]`.
    Square,
    /// A run of asterisks that is not emphasis.
    Stars(usize),
    /// The mark that opens an item of a list: `-`, `*`, `1.`, `a)`.
    Bullet,
    Mark(char),
    /// The end of a line.
    Break {
        blank: bool,
    },
    /// An amount with its relation: an index of the prompt's quantities. Made by the quantity stage.
    Amount(usize),
    /// The relation that follows an amount's noun (`50 words or fewer`). Made by the quantity stage.
    After,
    /// What does not ask anything of the answer. Made by the masking stage.
    Masked,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: TokenKind,
    /// Bytes of the prompt.
    pub span: Range<usize>,
    /// White space, a hyphen or a line break comes before it.
    pub spaced: bool,
    /// Begins with an upper-case letter.
    pub capital: bool,
}

pub struct Lexed<'a> {
    pub prompt: &'a str,
    pub words: String,
    pub tokens: Vec<Token>,
}

impl Lexed<'_> {
    /// The lower-cased word of a token, or "".
    pub fn word(&self, at: usize) -> &str {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Word(range)) => &self.words[range.clone()],
            _ => "",
        }
    }

    pub fn source(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.prompt[token.span.clone()])
    }
}

/// The longest quoted string, in bytes: beyond it a quotation mark is taken to be a stray one.
const LONGEST_QUOTE: usize = 20_000;

pub fn lex(prompt: &str) -> Lexed<'_> {
    let mut lexer = Lexer {
        prompt,
        at: 0,
        spaced: false,
        line_start: true,
        closers: Default::default(),
        out: Lexed {
            prompt,
            words: String::with_capacity(prompt.len()),
            tokens: Vec::with_capacity(prompt.len() / 4),
        },
    };
    lexer.run();
    lexer.out
}

/// Where the next closing mark of one sort was found, for all positions in a range.
#[derive(Clone, Copy, Default)]
struct Closer {
    from: usize,
    to: usize,
    found: bool,
    known: bool,
}

struct Lexer<'a> {
    prompt: &'a str,
    at: usize,
    spaced: bool,
    line_start: bool,
    /// By sort of mark: straight double, curly double, single, backtick, fence, angle, corner bracket.
    closers: [Closer; 7],
    out: Lexed<'a>,
}

const STRAIGHT: usize = 0;
const CURLY: usize = 1;
const SINGLE: usize = 2;
const TICK: usize = 3;
const FENCE: usize = 4;
const ANGLE: usize = 5;
const CORNER: usize = 6;

impl<'a> Lexer<'a> {
    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if c == '\n' {
                self.line_break();
                continue;
            }
            if c.is_whitespace() {
                self.at += c.len_utf8();
                self.spaced = true;
                continue;
            }
            if self.line_start && self.bullet(c) {
                continue;
            }
            self.line_start = false;
            self.one(c);
        }
    }

    fn one(&mut self, c: char) {
        match c {
            '`' => self.code(),
            '"' => self.quoted(c, STRAIGHT),
            '“' | '”' | '„' => self.quoted(c, CURLY),
            '「' | '『' | '《' => self.quoted(c, CORNER),
            '\'' | '‘' => self.single(c),
            '<' => self.angle(),
            '[' => self.square(),
            '*' => self.stars(),
            '0'..='9' => self.number(),
            '-' | '–' | '—' | '‐' | '‑' => self.dash(c),
            '_' | '#' => self.marks(c),
            c if is_han(c) => self.push(TokenKind::Han(c), c.len_utf8()),
            c if c.is_alphanumeric() => self.word(),
            c => self.push(TokenKind::Mark(fold(c)), c.len_utf8()),
        }
    }

    fn rest(&self) -> &'a str {
        &self.prompt[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn previous(&self) -> Option<char> {
        self.prompt[..self.at].chars().next_back()
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let span = self.at..self.at + length;
        self.at = span.end;
        let capital = self.prompt[span.clone()]
            .chars()
            .next()
            .is_some_and(char::is_uppercase);
        self.out.tokens.push(Token {
            kind,
            span,
            spaced: self.spaced,
            capital,
        });
        self.spaced = false;
    }

    fn line_break(&mut self) {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start().len();
        let blank = rest[..length].bytes().filter(|&b| b == b'\n').count() > 1;
        self.push(TokenKind::Break { blank }, length);
        self.spaced = true;
        self.line_start = true;
    }

    /// The mark that opens a list item, at the start of a line.
    fn bullet(&mut self, c: char) -> bool {
        let rest = self.rest();
        let length = match c {
            '-' | '*' | '+' | '•' | '●' | '▪' | '·' | '–' | '—' => c.len_utf8(),
            '0'..='9' => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                match rest.as_bytes().get(digits) {
                    Some(b'.' | b')') if digits <= 2 => digits + 1,
                    _ => return false,
                }
            }
            '(' => {
                let inner = rest[1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
                if !(1..=2).contains(&inner) || rest.as_bytes().get(1 + inner) != Some(&b')') {
                    return false;
                }
                inner + 2
            }
            'a'..='z' | 'A'..='Z' if rest.as_bytes().get(1) == Some(&b')') => 2,
            _ => return false,
        };
        if !rest[length..].starts_with([' ', '\t', '\u{a0}']) {
            return false;
        }
        self.push(TokenKind::Bullet, length);
        self.line_start = false;
        true
    }

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

    fn code(&mut self) {
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

    fn quoted(&mut self, open: char, sort: usize) {
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

    fn single(&mut self, open: char) {
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

    fn angle(&mut self) {
        if !self.rest().starts_with("<<") {
            return self.push(TokenKind::Mark('<'), 1);
        }
        match self.closing(ANGLE, &[], self.at + 2, false) {
            Some(close) if close - self.at < 200 => self.push(TokenKind::Angle, close + 2 - self.at),
            _ => self.push(TokenKind::Angle, 2),
        }
    }

    fn square(&mut self) {
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

    fn stars(&mut self) {
        let count = self.rest().bytes().take_while(|&b| b == b'*').count();
        let before = self.previous().is_some_and(char::is_alphanumeric);
        let after = self.prompt[self.at + count..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric);
        if count < 3 && (before != after) {
            self.at += count;
        } else {
            self.push(TokenKind::Stars(count), count);
        }
    }

    /// Headings and emphasis are skipped: `## `, `_word_`.
    fn marks(&mut self, c: char) {
        let count = self.rest().chars().take_while(|&d| d == c).count();
        let heading = c == '#' && self.prompt[self.at + count..].starts_with(' ');
        if heading || c == '_' {
            self.at += count;
            self.spaced = true;
        } else {
            self.push(TokenKind::Mark(c), count);
        }
    }

    fn dash(&mut self, c: char) {
        let word_before = !self.spaced && self.previous().is_some_and(char::is_alphanumeric);
        let length = c.len_utf8();
        let next = self.prompt[self.at + length..].chars().next();
        let number_before = matches!(
            self.out.tokens.last(),
            Some(Token {
                kind: TokenKind::Number(_),
                ..
            })
        );
        let number_after = next.is_some_and(|next| next.is_ascii_digit());
        if word_before
            && next.is_some_and(char::is_alphanumeric)
            && !(number_before && number_after)
            && c != '—'
        {
            self.at += length;
            self.spaced = true;
        } else {
            self.push(TokenKind::Mark('-'), length);
        }
    }

    fn number(&mut self) {
        let bytes = self.rest().as_bytes();
        let (mut length, mut value) = (0, 0u64);
        while let Some(&b) = bytes.get(length) {
            let digit_next = bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
            match b {
                b'0'..=b'9' => value = value.saturating_mul(10).saturating_add(u64::from(b - b'0')),
                b',' if thousands(&bytes[length..]) => {}
                b'.' if digit_next => {
                    length += 1 + bytes[length + 1..]
                        .iter()
                        .take_while(|b| b.is_ascii_digit())
                        .count();
                    break;
                }
                _ => break,
            }
            length += 1;
        }
        let rest = &self.prompt[self.at + length..];
        if rest.starts_with(['k', 'K']) && !rest[1..].starts_with(|c: char| c.is_alphanumeric()) {
            return self.push(TokenKind::Number(value.saturating_mul(1000)), length + 1);
        }
        let suffix = rest.strip_prefix('-').unwrap_or(rest);
        let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| {
            suffix.get(..2).is_some_and(|s| s.eq_ignore_ascii_case(end))
                && !suffix[2..].starts_with(|c: char| c.is_alphanumeric())
        });
        if ordinal {
            let hyphen = rest.len() - suffix.len();
            return self.push(TokenKind::Ordinal(value), length + hyphen + 2);
        }
        self.push(TokenKind::Number(value), length);
        if self
            .peek()
            .is_some_and(|next| next.is_alphabetic() && !is_han(next))
        {
            self.spaced = true;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        if let Some(length) = acronym(self.rest()) {
            let begin = self.out.words.len();
            for c in self.prompt[start..start + length]
                .chars()
                .filter(|&c| c != '.' && c != ' ')
            {
                self.out.words.extend(c.to_lowercase());
            }
            let word = begin..self.out.words.len();
            return self.push(TokenKind::Word(word), length);
        }
        let rest = self.rest();
        let mut length = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let inside = c.is_alphanumeric() && !is_han(c)
                || (matches!(c, '\'' | '’') && chars.peek().is_some_and(|&(_, next)| next.is_alphabetic()));
            let joined = c == '_' && chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric());
            if !inside && !joined && !is_mark(c) {
                break;
            }
            length = at + c.len_utf8();
        }
        let begin = self.out.words.len();
        for c in rest[..length.max(1)].chars() {
            match c {
                '’' => self.out.words.push('\''),
                c => self.out.words.extend(c.to_lowercase()),
            }
        }
        self.contraction(begin, length);
    }

    /// Pushes the word that starts at `begin` of the word buffer, as two where it is a negation.
    fn contraction(&mut self, begin: usize, length: usize) {
        let word = &self.out.words[begin..];
        let stem = match word {
            "dont" | "don't" => Some("do"),
            "cannot" | "can't" | "cant" => Some("can"),
            "won't" | "wont" => Some("will"),
            "shan't" => Some("shall"),
            "doesnt" => Some("does"),
            "shouldnt" => Some("should"),
            "mustnt" => Some("must"),
            "isnt" => Some("is"),
            "arent" => Some("are"),
            "didnt" => Some("did"),
            _ => word.strip_suffix("n't"),
        };
        let Some(stem) = stem.map(str::to_owned) else {
            let word = begin..self.out.words.len();
            return self.push(TokenKind::Word(word), length);
        };
        self.out.words.truncate(begin);
        self.out.words.push_str(&stem);
        let middle = self.out.words.len();
        self.out.words.push_str("not");
        let end = self.out.words.len();
        let at = self.at;
        self.push(TokenKind::Word(begin..middle), length);
        self.at = at;
        self.spaced = true;
        self.push(TokenKind::Word(middle..end), length);
    }
}

/// `P.S.`, `e.g.`, `U.S.`: letters each with a full stop; also `P. S.`.
fn acronym(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut letters) = (0, 0);
    while bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && bytes.get(at + 1) == Some(&b'.') {
        letters += 1;
        at += 2;
        let next = if bytes.get(at) == Some(&b' ') && matches!(bytes[0], b'P' | b'p') {
            at + 1
        } else {
            at
        };
        if bytes
            .get(next)
            .is_some_and(|b| matches!(b, b's' | b'S' | b'p' | b'P'))
            && bytes.get(next + 1) == Some(&b'.')
        {
            at = next;
        }
    }
    // The last letter may lack its full stop: P.P.S
    let last = bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
        && !bytes
            .get(at + 1)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    if letters >= 1 && last {
        at += 1;
        letters += 1;
    }
    (letters >= 2).then_some(at)
}

/// `,123` and no further digit.
fn thousands(bytes: &[u8]) -> bool {
    bytes.len() >= 4
        && bytes[1..4].iter().all(u8::is_ascii_digit)
        && !bytes.get(4).is_some_and(u8::is_ascii_digit)
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

/// Letters of scripts that are written without spaces.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{200c}' | '\u{200d}')
}

/// Full-width and typographic marks as plain ones.
fn fold(c: char) -> char {
    match c {
        '’' | '′' | '´' => '\'',
        '”' | '“' | '″' => '"',
        '，' | '、' => ',',
        '。' => '.',
        '！' => '!',
        '？' => '?',
        '：' => ':',
        '；' => ';',
        '（' => '(',
        '）' => ')',
        '≥' | '≧' => '≥',
        '…' => '.',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(prompt: &str) -> Vec<String> {
        let lexed = lex(prompt);
        (0..lexed.tokens.len())
            .filter(|&at| matches!(lexed.tokens[at].kind, TokenKind::Word(_)))
            .map(|at| lexed.word(at).to_owned())
            .collect()
    }

    #[test]
    fn contractions_are_two_words_of_one_span() {
        assert_eq!(
            words("Don’t, cant or isn't"),
            ["do", "not", "can", "not", "or", "is", "not"]
        );
        let lexed = lex("don't");
        assert_eq!(lexed.tokens[0].span, lexed.tokens[1].span);
    }

    #[test]
    fn postscripts_and_abbreviations_are_words() {
        assert_eq!(
            words("P.P.S, P.S. and P. S. i.e. e.g."),
            ["pps", "ps", "and", "ps", "ie", "eg"]
        );
    }

    #[test]
    fn an_apostrophe_is_no_quotation_mark() {
        let quotes = |prompt| {
            lex(prompt)
                .tokens
                .iter()
                .filter_map(|token| match &token.kind {
                    TokenKind::Quote(inner) => Some(prompt[inner.clone()].to_owned()),
                    _ => None,
                })
                .collect::<Vec<String>>()
        };
        assert_eq!(quotes("daughter's 'don't stop' teachers' room"), ["don't stop"]);
        assert_eq!(
            quotes("”My answer is yes.\" or “no”"),
            ["My answer is yes.", "no"]
        );
        assert!(quotes("5' 10\" tall").is_empty());
    }

    #[test]
    fn numbers_are_read_with_their_separators() {
        let numbers = |prompt| {
            lex(prompt)
                .tokens
                .iter()
                .filter_map(|token| match token.kind {
                    TokenKind::Number(n) | TokenKind::Ordinal(n) => Some(n),
                    _ => None,
                })
                .collect::<Vec<u64>>()
        };
        assert_eq!(
            numbers("1,200 words, 4.0, 2k, 22-nd, 30-line, 5,7"),
            [1200, 4, 2000, 22, 30, 5, 7]
        );
    }
}
