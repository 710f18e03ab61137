//! A prompt of a conversation as sentences of plain text, in which what stands in quotation marks says nothing.

use std::ops::Range;

use crate::{
    constraints::wording::lex::{self, TokenKind},
    says,
};

/// Longer quotations are passages, not names of something.
const LONGEST_NAME: usize = 60;

pub(super) struct Sentence {
    /// Lower case, `"` for a quotation, without the mark that ends it.
    pub text: String,
    pub question: bool,
    /// Short quotations, in lower case.
    pub quoted: Vec<String>,
    /// The byte of the prompt of every byte of `text`, and one behind them.
    offsets: Vec<usize>,
}

impl Sentence {
    /// Bytes of the prompt for bytes of the text.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        self.offsets[range.start]..self.offsets[range.end]
    }

    pub fn holds(&self, byte: usize) -> bool {
        self.source(0..self.text.len()).contains(&byte)
    }
}

/// The sentences of a prompt.
pub(super) fn split(prompt: &str) -> Vec<Sentence> {
    let lexed = lex::lex(prompt);
    let mut splitter = Splitter {
        out: Vec::new(),
        open: empty(),
    };
    let mut from = 0;
    for (nth, token) in lexed.tokens.iter().enumerate() {
        let inner = match &token.kind {
            TokenKind::Quote(inner) => inner.clone(),
            TokenKind::Fence => token.span.clone(),
            _ => continue,
        };
        splitter.plain(prompt, from..token.span.start);
        splitter.push('"', token.span.start);
        let quoted = &prompt[inner];
        if quoted.len() <= LONGEST_NAME {
            splitter.open.quoted.push(quoted.trim().to_lowercase());
        }
        let ends = quoted.ends_with(['.', '!', '?', '。', '！', '？'])
            && lexed
                .tokens
                .get(nth + 1)
                .is_some_and(|next| next.capital && next.spaced);
        if ends {
            splitter.end(token.span.end, false);
        }
        from = token.span.end;
    }
    splitter.plain(prompt, from..prompt.len());
    splitter.end(prompt.len(), false);
    splitter.out
}

fn empty() -> Sentence {
    Sentence {
        text: String::new(),
        question: false,
        quoted: Vec::new(),
        offsets: Vec::new(),
    }
}

struct Splitter {
    out: Vec<Sentence>,
    open: Sentence,
}

impl Splitter {
    fn push(&mut self, c: char, at: usize) {
        // The text begins with its first letter.
        if !(self.open.text.is_empty() && c.is_whitespace()) {
            self.open.text.push(c);
            self.open.offsets.resize(self.open.text.len(), at);
        }
    }

    fn end(&mut self, at: usize, question: bool) {
        let mut sentence = std::mem::replace(&mut self.open, empty());
        if sentence.text.is_empty() {
            return;
        }
        sentence.question = question;
        sentence.offsets.push(at);
        // `In English, please: what is …?` orders, and then asks.
        let asked = sentence.text.find(": ").map(|colon| colon + 2).filter(|&from| {
            question
                && says!(
                    &sentence.text[from..],
                    r"^(?:and |so )?(?:what|who|whose|whom|which|how|why|when|where|is|are|was|were|do|does|did|has|have|should|would|could|can)\b"
                )
        });
        if let Some(from) = asked {
            let rest = Sentence {
                text: sentence.text.split_off(from),
                question,
                quoted: sentence.quoted.clone(),
                offsets: sentence.offsets.split_off(from),
            };
            sentence.text.truncate(from - 2);
            sentence.offsets.truncate(from - 1);
            sentence.question = false;
            self.out.push(sentence);
            self.out.push(rest);
            return;
        }
        self.out.push(sentence);
    }

    fn plain(&mut self, prompt: &str, range: Range<usize>) {
        let text = &prompt[range.clone()];
        let mut skip = 0;
        for (at, c) in text.char_indices() {
            if at < skip {
                continue;
            }
            let rest = &text[at..];
            // The dots of `P.S.` end nothing.
            let marker = [("p.p.s.", "pps"), ("p.p.s", "pps"), ("p.s.", "ps"), ("p.s", "ps")]
                .into_iter()
                .find(|(marker, _)| {
                    rest.get(..marker.len())
                        .is_some_and(|said| said.eq_ignore_ascii_case(marker))
                });
            if let Some((marker, plain)) = marker {
                plain.chars().for_each(|c| self.push(c, range.start + at));
                skip = at + marker.len();
                continue;
            }
            let after = rest[c.len_utf8()..].chars().next();
            let stops = match c {
                '。' | '！' | '？' | '\n' => true,
                '.' | '!' | '?' => {
                    after.is_none_or(|next| next.is_whitespace() || matches!(next, ')' | '.' | '!' | '?'))
                }
                _ => false,
            };
            if stops {
                self.end(range.start + at, matches!(c, '?' | '？'));
            } else if c == '’' {
                self.push('\'', range.start + at);
            } else {
                c.to_lowercase().for_each(|c| self.push(c, range.start + at));
            }
        }
    }
}
