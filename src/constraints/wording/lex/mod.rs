//! A prompt as tokens: words, numbers, quoted strings, code, marks. Every token knows its bytes in the prompt.
//!
//! Owns what one token is: contractions are undone (`don't` is `do` `not`), curly quotes are quotes, `P.P.S.` is a word.
//! Does not own what tokens mean together. Linear in the prompt: a search for a closing mark that failed is remembered.

mod quotes;
mod words;

use std::ops::Range;

use quotes::{CORNER, CURLY, Closer, STRAIGHT};

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
    pub fn kind(&self, at: usize) -> Option<&TokenKind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    /// The lower-cased word of a token, or "".
    pub fn word(&self, at: usize) -> &str {
        match self.kind(at) {
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

pub fn lex(prompt: &str) -> Lexed<'_> {
    let mut lexer = Lexer {
        prompt,
        at: 0,
        spaced: false,
        line_start: true,
        tagged: prompt.contains("</"),
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

struct Lexer<'a> {
    prompt: &'a str,
    at: usize,
    spaced: bool,
    line_start: bool,
    /// A tag is closed somewhere.
    tagged: bool,
    /// By sort of mark: straight double, curly double, single, backtick, fence, angle, corner bracket.
    closers: [Closer; 7],
    out: Lexed<'a>,
}

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
            // `Length -> 70 to 90 words`
            '-' | '=' if self.rest()[1..].starts_with('>') => self.push(TokenKind::Mark(':'), 2),
            '→' | '⇒' => self.push(TokenKind::Mark(':'), c.len_utf8()),
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
        let before = self.prompt[..self.at].trim_end_matches([' ', '\t']);
        let opens = before.is_empty() || before.ends_with('\n');
        let heading = c == '#' && opens && self.prompt[self.at + count..].starts_with(' ');
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
