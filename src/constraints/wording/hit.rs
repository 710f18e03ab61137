//! A phrase or a rule that matched: what a reader takes from the match, and the constraints it finds there.
//!
//! Owns how much of a prompt one statement claims: its numbers, its quotations, the list or the rest of the sentence that
//! belongs to it.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{
    lex::TokenKind,
    lists,
    quantity::Quantity,
    sketch::{AMOUNT, Document, ORDINAL, QUOTE},
};
use crate::{constraints::Kwargs, says};

/// Something stated, before it is weighed against what else was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: &'static str,
    pub kwargs: Kwargs,
    /// Bytes of the prompt.
    pub span: Range<usize>,
    pub rank: u8,
    /// A number of its own states it.
    pub numbered: bool,
    /// The tokens of numbers and quotations that state it: no other constraint can be stated by them.
    pub claims: Vec<usize>,
    /// Which match it came from: constraints of one match share their claims.
    pub source: (u32, usize),
}

/// A pattern that matched.
pub struct Hit<'d, 'p> {
    pub document: &'d Document<'p>,
    /// Bytes of the sketch.
    pub range: Range<usize>,
    pub(super) rank: u8,
    pub(super) source: (u32, usize),
    pub(super) captures: Vec<Option<Range<usize>>>,
    /// The parts of the match that state it: all of a phrase, the parts of a rule.
    pub(super) stated: Vec<Range<usize>>,
    pub(super) out: &'d mut Vec<Found>,
    claimed: Vec<usize>,
    free: bool,
    pub(super) end: usize,
}

impl<'d, 'p> Hit<'d, 'p> {
    pub fn new(
        document: &'d Document<'p>,
        range: Range<usize>,
        rank: u8,
        source: (u32, usize),
        captures: Vec<Option<Range<usize>>>,
        out: &'d mut Vec<Found>,
    ) -> Self {
        Self {
            end: range.end,
            document,
            stated: vec![range.clone()],
            range,
            rank,
            source,
            captures,
            out,
            claimed: Vec::new(),
            free: false,
        }
    }

    pub fn text(&self) -> &'d str {
        &self.document.text[self.range.clone()]
    }

    /// The token that the match ends in.
    fn last_token(&self) -> usize {
        let matched = self.text().trim_end_matches(' ').len().max(1);
        self.document.token_at(self.range.start + matched - 1)
    }

    /// How many groups there are, the match itself included.
    pub fn groups(&self) -> usize {
        self.captures.len()
    }

    /// What the n-th group matched, as sketch text.
    pub fn group(&self, nth: usize) -> Option<&'d str> {
        let range = self.captures.get(nth)?.clone()?;
        Some(&self.document.text[range])
    }

    /// What the n-th group matched, as it stands in the prompt.
    pub fn group_source(&self, nth: usize) -> Option<&'p str> {
        let range = self.captures.get(nth)?.clone()?;
        Some(&self.document.lexed.prompt[self.document.source(range)])
    }

    /// The sentence of the match, before it.
    pub fn before(&self) -> &'d str {
        let sentence = self.document.sentence(self.range.start);
        &self.document.text[sentence.start.min(self.range.start)..self.range.start]
    }

    /// The sentence of the match, after it.
    pub fn after(&self) -> &'d str {
        let sentence = self.document.sentence(self.range.end);
        &self.document.text[self.range.end..sentence.end.max(self.range.end)]
    }

    pub fn sentence(&self) -> &'d str {
        let start = self
            .document
            .sentence(self.range.start)
            .start
            .min(self.range.start);
        let end = self.document.sentence(self.range.end).end.max(self.range.end);
        &self.document.text[start..end]
    }

    fn marked(&self, mark: u8) -> impl Iterator<Item = usize> + use<'d, 'p> {
        let document = self.document;
        self.stated
            .clone()
            .into_iter()
            .flatten()
            .filter(move |&at| document.text.as_bytes()[at] == mark)
            .map(move |at| document.token_at(at))
    }

    /// The n-th amount of the match.
    pub fn amount(&self, nth: usize) -> Option<&'d Quantity> {
        self.amounts().nth(nth)
    }

    /// The amounts of the match; of a rule, part by part.
    pub fn amounts(&self) -> impl Iterator<Item = &'d Quantity> + use<'d, 'p> {
        let document = self.document;
        self.marked(AMOUNT)
            .filter_map(move |token| match document.lexed.tokens[token].kind {
                TokenKind::Amount(index) => document.quantities.get(index),
                _ => None,
            })
    }

    pub fn ordinal(&self, nth: usize) -> Option<u64> {
        self.marked(ORDINAL)
            .nth(nth)
            .and_then(|token| match self.document.lexed.tokens[token].kind {
                TokenKind::Ordinal(value) => Some(value),
                _ => None,
            })
    }

    /// The quoted strings of the match, as they stand in the prompt.
    pub fn quotes(&self) -> Vec<&'p str> {
        self.marked(QUOTE)
            .filter_map(|token| self.document.quoted(token))
            .collect()
    }

    pub fn quote(&self) -> Option<&'p str> {
        self.quotes().first().copied()
    }

    /// The list of words or quoted strings that follows the match, which then is part of it.
    pub fn list(&mut self) -> Vec<String> {
        // `the following words in your story: …`
        let place = says!(
            self.after(),
            r"^ (?:in|within|into|throughout|somewhere|anywhere|at least)\b[a-z\x01 ]{0,40}: ?"
        );
        let from = match self.after().find(':') {
            Some(colon) if place => self.document.token_at(self.range.end + colon) + 1,
            _ => self.last_token() + 1,
        };
        self.list_from(from)
    }

    /// The list that begins with the last quoted string of the match.
    pub fn list_at_quote(&mut self) -> Vec<String> {
        let first = self.marked(QUOTE).next();
        match first {
            Some(token) => self.list_from(token),
            None => Vec::new(),
        }
    }

    pub fn list_from(&mut self, token: usize) -> Vec<String> {
        let list = lists::read(self.document, token);
        if let Some(end) = list.end {
            self.claimed.extend(token..end);
            self.end = self.end.max(self.document.position(end));
        }
        list.items
    }

    /// The names that follow the match, which then are part of it: words with capital letters, with commas or `or` between.
    pub fn capitalised(&mut self) -> Vec<String> {
        let document = self.document;
        let tokens = &document.lexed.tokens;
        let (mut at, mut names, mut open) = (self.last_token() + 1, Vec::<Range<usize>>::new(), true);
        while let Some(token) = tokens.get(at) {
            let word = document.lexed.word(at);
            let links = match token.kind {
                TokenKind::Word(_) if token.capital && word != "i" => {
                    match names.last_mut() {
                        Some(last) if !open => last.end = token.span.end,
                        _ => names.push(token.span.clone()),
                    }
                    self.end = self.end.max(document.position(at + 1));
                    false
                }
                TokenKind::Word(_) => matches!(word, "or" | "and" | "nor"),
                TokenKind::Mark(',' | '/' | '&') => true,
                _ => false,
            };
            if names.is_empty() || !(links || token.capital) {
                break;
            }
            open = links;
            at += 1;
        }
        names
            .into_iter()
            .map(|name| document.lexed.prompt[name].to_owned())
            .collect()
    }

    /// The byte of the prompt behind the match.
    pub fn source_end(&self) -> usize {
        self.document.lexed.tokens[self.last_token()].span.end
    }

    /// The prompt up to this byte is part of the match.
    pub fn extend_to(&mut self, byte: usize) {
        let tokens = &self.document.lexed.tokens;
        let after = tokens.partition_point(|token| token.span.start < byte);
        self.end = self.end.max(self.document.position(after));
    }

    /// The numbers in the match belong to others: only what a list of it holds is claimed.
    pub fn claim_no_numbers(&mut self) -> &mut Self {
        self.free = true;
        self
    }

    /// What was found before this, in no order.
    pub fn found(&self) -> &[Found] {
        self.out
    }

    /// The sentence of the match with the one before it and the one after it.
    pub fn context(&self) -> &'d str {
        let start = self.document.sentence(self.range.start).start;
        let before = self.document.sentence(start.saturating_sub(2)).start.min(start);
        let end = self.document.sentence(self.range.end).end.max(self.range.end);
        let after = self
            .document
            .sentence((end + 2).min(self.document.text.len()))
            .end
            .max(end);
        &self.document.text[before..after]
    }

    /// Bytes of the sketch that the n-th group matched.
    pub fn captures_range(&self, nth: usize) -> Option<Range<usize>> {
        self.captures.get(nth)?.clone()
    }

    fn last_range(&self) -> Option<Range<usize>> {
        self.captures.iter().skip(1).rev().find_map(Clone::clone)
    }

    /// What the last group that matched anything matched.
    pub fn last_group(&self) -> Option<&'d str> {
        self.last_range().map(|range| &self.document.text[range])
    }

    /// The same as it stands in the prompt.
    pub fn last_group_source(&self) -> Option<&'p str> {
        self.last_range()
            .map(|range| &self.document.lexed.prompt[self.document.source(range)])
    }

    /// From the start of the last group to the next white space of the prompt, without the full stop of the sentence.
    pub fn word_from_last_group(&self) -> Option<&'p str> {
        let start = self.document.source(self.last_range()?).start;
        let rest = &self.document.lexed.prompt[start..];
        let word = rest.split_whitespace().next()?;
        // Of dots alone the last one ends the sentence.
        match word.trim_end_matches('.') {
            "" if word.len() > 1 => Some(&word[..word.len() - 1]),
            "" => Some(word),
            bare => Some(bare),
        }
    }

    /// The ordinal that stands before `paragraph`.
    pub fn paragraph_ordinal(&self) -> Option<u64> {
        let at = self
            .text()
            .find("\u{4} paragraph")
            .or_else(|| self.text().find("\u{4} and only paragraph"))
            .or_else(|| self.text().find("\u{4} one"))?;
        match self.document.lexed.tokens[self.document.token_at(self.range.start + at)].kind {
            TokenKind::Ordinal(value) => Some(value),
            _ => None,
        }
    }

    /// The last amount of `noun` (a pattern) before the match.
    pub fn earlier_amount(&self, noun: &str) -> Option<&'d Quantity> {
        let text = &self.document.text[..self.range.start];
        let mut end = text.len();
        while let Some(at) = text[..end].rfind('\u{1}') {
            let noun_follows = text[at + 1..]
                .trim_start_matches([' ', '\u{3}'])
                .starts_with(noun.trim_end_matches('?').trim_end_matches('s'));
            if let TokenKind::Amount(index) = self.document.lexed.tokens[self.document.token_at(at)].kind
                && noun_follows
            {
                return self.document.quantities.get(index);
            }
            end = at;
        }
        None
    }

    /// The number that the prompt begins with: how many things it asks for.
    pub fn first_amount(&self) -> Option<u64> {
        let at = self.document.text[..self.range.start].find('\u{1}')?;
        match self.document.lexed.tokens[self.document.token_at(at)].kind {
            TokenKind::Amount(index) => self.document.quantities.get(index)?.exact(),
            _ => None,
        }
    }

    /// The prompt's own spelling of the match.
    pub fn spelling(&self) -> &'p str {
        &self.document.lexed.prompt[self.document.source(self.range.clone())]
    }

    /// What follows the match up to the end of its sentence or line, as it stands in the prompt; then part of the match.
    pub fn rest_of_sentence(&mut self) -> Option<&'p str> {
        let start = self.source_end();
        let prompt = self.document.lexed.prompt;
        let rest = &prompt[start..];
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let trimmed = trimmed.strip_prefix(['\n']).unwrap_or(trimmed).trim_start();
        let line = trimmed.split('\n').next()?;
        // A full stop ends it where a new sentence begins after it.
        let mut end = line.len();
        let bytes = line.as_bytes();
        for at in 0..bytes.len().min(2000) {
            if matches!(bytes[at], b'.' | b'!' | b'?')
                && bytes.get(at + 1) == Some(&b' ')
                && line[at + 1..].trim_start().starts_with(char::is_uppercase)
                && !initial(&line[..at])
            {
                end = at + 1;
                break;
            }
        }
        let text = line[..end].trim();
        let stop = start + (rest.len() - trimmed.len()) + end;
        let last = self
            .document
            .lexed
            .tokens
            .partition_point(|token| token.span.end <= stop);
        self.end = self.end.max(self.document.position(last));
        (!text.is_empty()).then_some(text)
    }

    /// A constraint with the span of the match.
    pub fn emit(&mut self, id: &'static str, kwargs: Kwargs) {
        let mut claims = self.claimed.clone();
        if !self.free {
            claims.extend(self.marked(AMOUNT).chain(self.marked(QUOTE)));
        }
        // The mark that ends what stands before is not part of the statement.
        let marks = [' ', '\n', '.', '?', '!', ',', ';', ':', ')', '\u{6}'];
        let stated = self.text().trim_start_matches(marks).len().max(1);
        let start = self.range.end - stated.min(self.range.len());
        let mut span = self.document.source(start..self.end.max(self.range.end));
        for &token in &claims {
            if let Some(TokenKind::Amount(index)) = self.document.lexed.kind(token)
                && let Some(after) = self.document.quantities[*index].after
            {
                span.end = span.end.max(after);
            }
        }
        let numbered = claims
            .iter()
            .any(|&token| matches!(self.document.lexed.kind(token), Some(TokenKind::Amount(_))));
        self.out.push(Found {
            numbered,
            id,
            kwargs,
            span,
            rank: self.rank,
            claims,
            source: self.source,
        });
    }

    /// `at least`/`less than` constraints for an amount: two where it is bounded on both sides.
    pub fn emit_bounds(
        &mut self,
        id: &'static str,
        number: &str,
        relation: &str,
        quantity: &Quantity,
        rest: &Kwargs,
    ) {
        let mut one = |name: &str, value: u64| {
            let mut kwargs = rest.clone();
            kwargs.insert(relation.into(), name.into());
            kwargs.insert(number.into(), value.into());
            self.emit(id, kwargs);
        };
        if let Some(lo) = quantity.lo {
            one("at least", lo);
        }
        if let Some(hi) = quantity.hi {
            one("less than", hi.saturating_add(1));
        }
    }

    /// As [`Self::emit_bounds`], but an exact amount is one constraint with the relation `exactly`.
    pub fn emit_counted(&mut self, id: &'static str, number: &str, quantity: &Quantity) {
        match quantity.exact() {
            Some(value) => self.emit(
                id,
                kwargs([(number, value.into()), ("relation", "exactly".into())]),
            ),
            None => self.emit_bounds(id, number, "relation", quantity, &Map::new()),
        }
    }
}

/// Whether a text ends in an initial or a title, after which a full stop ends nothing.
fn initial(text: &str) -> bool {
    let word = text.rsplit([' ', '\n']).next().unwrap_or_default();
    word.chars().count() == 1 && word.chars().all(char::is_uppercase)
        || matches!(word, "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Prof")
}

pub fn kwargs<const N: usize>(entries: [(&str, Value); N]) -> Kwargs {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
