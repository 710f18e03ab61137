//! Words and numbers.

use super::{Lexer, TokenKind, is_han, is_mark};

impl Lexer<'_> {
    pub(super) fn number(&mut self) {
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
        // `1.5k`
        if rest.starts_with(['k', 'K'])
            && !rest[1..].starts_with(|c: char| c.is_alphanumeric())
            && let Ok(thousands) = self.prompt[self.at..self.at + length].parse::<f64>()
        {
            return self.push(TokenKind::Number((thousands * 1000.0).round() as u64), length + 1);
        }
        if rest.starts_with(['k', 'K']) && !rest[1..].starts_with(|c: char| c.is_alphanumeric()) {
            return self.push(TokenKind::Number(value.saturating_mul(1000)), length + 1);
        }
        // `the 90s`
        if rest.starts_with('s') && !rest[1..].starts_with(|c: char| c.is_alphanumeric()) {
            let begin = self.out.words.len();
            self.out
                .words
                .push_str(&self.prompt[self.at..self.at + length + 1]);
            let word = begin..self.out.words.len();
            return self.push(TokenKind::Word(word), length + 1);
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

    pub(super) fn word(&mut self) {
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
        if let Some(meant) = meant(&self.out.words[begin..]) {
            self.out.words.truncate(begin);
            self.out.words.push_str(meant);
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

/// The word that a common misspelling or abbreviation stands for.
fn meant(word: &str) -> Option<&'static str> {
    Some(match word {
        "para" | "paragragh" | "paragrah" | "paragraf" | "pargraph" | "paragrpah" => "paragraph",
        "paras" | "paragraghs" | "paragrahs" | "paragrafs" | "pargraphs" | "paragrpahs" | "paragraps" => {
            "paragraphs"
        }
        "sentance" | "sentense" | "sentece" | "setence" | "sentnce" => "sentence",
        "sentances" | "sentenses" | "senteces" | "setences" | "sentnces" | "sents" => "sentences",
        "wrod" | "wrd" => "word",
        "wrods" | "wrds" | "wods" | "owrds" => "words",
        "charachter" | "charcter" | "caracter" | "charater" => "character",
        "charachters" | "charcters" | "caracters" | "charaters" => "characters",
        "bulet" | "bullit" | "bulletpoint" => "bullet",
        "bulets" | "bullits" | "bulletpoints" => "bullets",
        "emojies" | "emojy" | "emojie" => "emojis",
        "hastag" => "hashtag",
        "hastags" => "hashtags",
        "maximun" | "maxium" | "maxmimum" => "maximum",
        "minimun" | "minium" | "mininum" => "minimum",
        "exaclty" | "excatly" | "exactley" | "exacly" => "exactly",
        "aproximately" | "approximatly" | "approximatley" | "aprox" => "approximately",
        "seperate" => "separate",
        "seperated" => "separated",
        "seperately" => "separately",
        "lenght" => "length",
        "tittle" => "title",
        "begining" => "beginning",
        "inlcude" | "inclue" | "includ" => "include",
        "mentoin" | "menton" => "mention",
        _ => return None,
    })
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
