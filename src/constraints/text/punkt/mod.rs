//! Sentences by Punkt (Kiss and Strunk 2006) with NLTK's English parameters, boundary for boundary as `sent_tokenize`.
//!
//! A place where a sentence might end is decided by the token that holds it and the next one, so the stream lags one token
//! behind the text. Newlines do not end sentences. Candidates, context and realignment follow NLTK 3.9
//! (`nltk/tokenize/punkt.py`).

mod parameters;

use std::ops::Range;

use parameters::{PARAMETERS, Parameters};

use super::chars::{is_digit, is_space, is_word};

/// What the stream reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A sentence begins at this byte: it is certain that there is one.
    Start(usize),
    /// A sentence is complete: its bytes, without white space around it (but for what precedes the first).
    Sentence(Range<usize>),
}

/// Splits a growing text into sentences.
#[derive(Clone, Debug, Default)]
pub struct Sentences {
    /// Where the sentence in progress begins; `None`: at the next character that is not white space.
    start: Option<usize>,
    /// Where the token in progress begins (tokens are what ASCII white space separates).
    token: Option<usize>,
    /// A complete token with the last place in it where a sentence may end: its start, the place.
    candidate: Option<(usize, usize)>,
    /// The first sentence keeps the white space before it, as the published code does.
    begun: bool,
    last_text: usize,
    taken: usize,
}

impl Sentences {
    /// Takes what the answer has grown by.
    pub fn feed(&mut self, answer: &str, mut event: impl FnMut(Event)) {
        let from = self.taken;
        self.taken = answer.len();
        for (offset, c) in answer[from..].char_indices() {
            let at = from + offset;
            if is_space(c) {
                if is_ascii_space(c) {
                    self.token_ends(answer, at, false, &mut event);
                }
                continue;
            }
            self.last_text = at + c.len_utf8();
            if self.start.is_none() {
                self.start = Some(if self.begun { at } else { 0 });
                self.begun = true;
                event(Event::Start(at));
            }
            self.token.get_or_insert(at);
        }
    }

    /// The text is over.
    pub fn finish(&mut self, answer: &str, mut event: impl FnMut(Event)) {
        self.token_ends(answer, answer.len(), true, &mut event);
        // Nothing follows the last token: a sentence can end inside it only, and at its first character only if that has
        // not been looked at.
        if let Some((start, place)) = self.candidate.take()
            && let Some((place, Follower::Closer(c))) = last_candidate(&answer[start..=place], false)
            && (place > 0 || !is_judged_alone(start))
        {
            let place = start + place;
            let closer = &answer[place + 1..place + 1 + c.len_utf8()];
            self.decide(answer, start..place + 1, closer, place + 1, true, &mut event);
        }
        if let Some(start) = self.start.take()
            && start < self.last_text
        {
            event(Event::Sentence(start..self.last_text));
        }
    }

    /// A token is complete: decides the candidate before it, then looks for one in it.
    fn token_ends(&mut self, answer: &str, end: usize, over: bool, event: &mut impl FnMut(Event)) {
        let Some(start) = self.token.take() else { return };
        if let Some((candidate, place)) = self.candidate.take() {
            let next = &answer[start..end];
            let next = next.split(is_space).next().unwrap_or(next);
            self.decide(answer, candidate..place + 1, next, start, over, event);
        }
        let token = &answer[start..end];
        let Some((place, follower)) = last_candidate(token, true) else {
            return;
        };
        if place > 0
            && is_judged_alone(start)
            && let Some(c) = first_candidate(token)
        {
            let closer = &answer[start + 1..start + 1 + c.len_utf8()];
            self.decide(answer, start..start + 1, closer, start + 1, over, event);
        }
        let place = start + place;
        match follower {
            Follower::EndOfToken => self.candidate = Some((start, place)),
            Follower::Closer(c) => {
                let closer = &answer[place + 1..place + 1 + c.len_utf8()];
                self.decide(answer, start..place + 1, closer, place + 1, over, event);
            }
            Follower::Text(text) => {
                let next = start + text.start;
                self.decide(
                    answer,
                    start..place + 1,
                    &answer[next..start + text.end],
                    next,
                    over,
                    event,
                );
            }
        }
    }

    /// Ends the sentence behind `token` if its context says so. The next one would begin at `next_start`, where `next` or
    /// the rest of the token stands.
    fn decide(
        &mut self,
        answer: &str,
        token: Range<usize>,
        next: &str,
        next_start: usize,
        over: bool,
        event: &mut impl FnMut(Event),
    ) {
        let place = token.end;
        if !holds_break(&answer[token], next) {
            return;
        }
        let Some(start) = self.start else { return };
        // Closing quotes and brackets in front of the next sentence belong to this one.
        let text = &answer[next_start..];
        let closers = text.len() - text.trim_start_matches(['"', '\'', ')', ']', '}']).len();
        let behind = &text[closers..];
        let realigned = closers > 0
            && match behind.chars().next() {
                None => over,
                Some(c) => is_space(c) || behind.starts_with("--"),
            };
        if !realigned {
            event(Event::Sentence(start..place));
            self.start = Some(next_start);
            event(Event::Start(next_start));
            return;
        }
        let end = next_start + closers;
        event(Event::Sentence(start..end));
        let rest = answer[end..].find(|c| !is_space(c)).map(|offset| end + offset);
        self.start = rest;
        if let Some(rest) = rest {
            event(Event::Start(rest));
        }
    }
}

/// All sentences of a finished text.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut keep = |event| {
        if let Event::Sentence(range) = event {
            found.push(range);
        }
    };
    let mut stream = Sentences::default();
    stream.feed(text, &mut keep);
    stream.finish(text, &mut keep);
    found
}

fn is_ascii_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '?' | '!')
}

/// Punctuation that is no part of a word.
fn is_non_word(c: char) -> bool {
    matches!(
        c,
        ')' | '"' | ';' | '}' | ']' | '*' | ':' | '@' | '\'' | '(' | '{' | '[' | '!' | '?'
    )
}

/// What stands behind a place where a sentence may end.
enum Follower {
    /// White space, then the next token.
    EndOfToken,
    /// Punctuation.
    Closer(char),
    /// White space that does not separate tokens (a no-break space), then this part of the token.
    Text(Range<usize>),
}

/// The last place in a token where a sentence may end. Only the last counts: an earlier one shares its context. The end of
/// the token is such a place if another token follows.
fn last_candidate(token: &str, followed: bool) -> Option<(usize, Follower)> {
    let mut follower: Option<char> = None;
    for (at, c) in token.char_indices().rev() {
        if ends_sentence(c) {
            match follower {
                None if followed => return Some((at, Follower::EndOfToken)),
                None => {}
                Some(next) if is_non_word(next) => return Some((at, Follower::Closer(next))),
                Some(next) if is_space(next) => {
                    let behind = &token[at + 1..];
                    let Some(start) = behind.find(|c| !is_space(c)) else {
                        return Some((at, Follower::EndOfToken));
                    };
                    let text = &behind[start..];
                    let length = text.find(is_space).unwrap_or(text.len());
                    let start = at + 1 + start;
                    return Some((at, Follower::Text(start..start + length)));
                }
                Some(_) => {}
            }
        }
        follower = Some(c);
    }
    None
}

/// Whether a place at the first character of a token that begins here is judged even if there is another one later: its
/// context is empty, so the later one does not share it. The published code misses that for a second character of the text.
fn is_judged_alone(start: usize) -> bool {
    start != 1
}

/// The punctuation behind the first character of a token, if a sentence may end between them.
fn first_candidate(token: &str) -> Option<char> {
    let mut chars = token.chars();
    chars.next().filter(|&c| ends_sentence(c))?;
    chars.next().filter(|&c| is_non_word(c))
}

/// A token of the context of a candidate.
#[derive(Clone, Debug)]
struct Token<'a> {
    text: &'a str,
    /// In lower case, numbers as `##number##`.
    kind: String,
    breaks: bool,
    abbreviation: bool,
    ellipsis: bool,
}

/// Whether a sentence ends inside `token` followed by `next` (and not only at its very end).
fn holds_break(token: &str, next: &str) -> bool {
    // `?` and `!` that are tokens of their own always break.
    let mut tokens: Vec<Token> = Vec::with_capacity(4);
    let parameters = &*PARAMETERS;
    for part in token.split(is_space).chain([next]) {
        tokenize(part, |text| tokens.push(Token::new(text, parameters)));
    }
    for i in 0..tokens.len().saturating_sub(1) {
        let (head, tail) = tokens.split_at_mut(i + 1);
        reconsider(&mut head[i], &tail[0], parameters);
        if head[i].breaks {
            return true;
        }
    }
    false
}

impl<'a> Token<'a> {
    fn new(text: &'a str, parameters: &Parameters) -> Self {
        let lower = text.to_lowercase();
        let stem = lower.strip_suffix('.');
        let mut token = Self {
            text,
            kind: String::new(),
            breaks: false,
            abbreviation: false,
            ellipsis: false,
        };
        if matches!(text, "." | "?" | "!") {
            token.breaks = true;
        } else if text.len() > 1 && text.bytes().all(|b| b == b'.') {
            token.ellipsis = true;
        } else if let Some(stem) = stem
            && !stem.ends_with('.')
        {
            let last = stem.rsplit('-').next().unwrap_or(stem);
            if parameters.abbreviations.contains(stem) || parameters.abbreviations.contains(last) {
                token.abbreviation = true;
            } else {
                token.breaks = true;
            }
        }
        token.kind = if is_numeric(&lower) {
            "##number##".into()
        } else {
            lower
        };
        token
    }

    fn kind_without_period(&self) -> &str {
        match self.kind.strip_suffix('.') {
            Some(stem) if !stem.is_empty() => stem,
            _ => &self.kind,
        }
    }

    /// A period that ends the sentence is no part of the word.
    fn word(&self) -> &str {
        if self.breaks {
            self.kind_without_period()
        } else {
            &self.kind
        }
    }

    /// One letter and a period.
    fn is_initial(&self) -> bool {
        let mut chars = self.text.chars();
        matches!((chars.next(), chars.next(), chars.next()),
            (Some(letter), Some('.'), None) if is_word(letter) && !is_digit(letter))
    }

    fn starts_upper(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The second pass: what the next token says about a token that ends in a period.
fn reconsider(token: &mut Token, next: &Token, parameters: &Parameters) {
    if !token.text.ends_with('.') {
        return;
    }
    let initial = token.is_initial();
    let pair = (token.kind_without_period(), next.word());
    if parameters.collocations.contains(&pair) {
        token.breaks = false;
        token.abbreviation = true;
        return;
    }
    let number = pair.0 == "##number##";
    if (token.abbreviation || token.ellipsis)
        && !initial
        && (starts_sentence(next, parameters) == Some(true)
            || next.starts_upper() && parameters.starters.contains(next.word()))
    {
        token.breaks = true;
        return;
    }
    if initial || number {
        let starts = starts_sentence(next, parameters);
        let never_lower = || !parameters.seen_lower.contains_key(next.word());
        if starts == Some(false) || starts.is_none() && initial && next.starts_upper() && never_lower() {
            token.breaks = false;
            token.abbreviation = true;
        }
    }
}

/// The orthographic heuristic: whether a token looks like the first of a sentence; `None` if it does not tell.
fn starts_sentence(token: &Token, parameters: &Parameters) -> Option<bool> {
    if matches!(token.text, ";" | ":" | "," | "." | "!" | "?") {
        return Some(false);
    }
    let seen = parameters.seen_lower.get(token.word());
    if token.starts_upper() && seen.is_some_and(|seen| !seen.upper_inside) {
        return Some(true);
    }
    if token.text.starts_with(char::is_lowercase) && seen.is_none_or(|seen| seen.lower_inside) {
        return Some(false);
    }
    None
}

/// `-3.5`, `.5`, `1,000.`: a number in whole, with a final period or not.
fn is_numeric(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let text = text.strip_prefix(['.', ',']).unwrap_or(text);
    text.starts_with(char::is_numeric)
        && text
            .chars()
            .all(|c| c.is_numeric() || matches!(c, ',' | '.' | '-'))
}

/// Punkt's word tokens of a text without white space.
fn tokenize<'a>(text: &'a str, mut token: impl FnMut(&'a str)) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let multi = multi_char(rest);
        let length = if multi > 0 {
            multi
        } else if starts_word(first) {
            rest.char_indices()
                .skip(1)
                .map(|(at, _)| at)
                .find(|&at| ends_word(&rest[at..]))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        token(&rest[..length]);
        rest = &rest[length..];
    }
}

/// Bytes of a run of two or more hyphens or periods at the beginning.
fn multi_char(text: &str) -> usize {
    let Some(first @ (b'-' | b'.')) = text.bytes().next() else {
        return 0;
    };
    match text.bytes().take_while(|&b| b == first).count() {
        1 => 0,
        run => run,
    }
}

fn starts_word(c: char) -> bool {
    !matches!(
        c,
        '(' | '"' | '`' | '{' | '[' | ':' | ';' | '&' | '#' | '*' | '@' | ')' | '}' | ']' | '-' | ','
    )
}

fn ends_word(rest: &str) -> bool {
    let boundary = |text: &str| text.chars().next().is_none_or(is_non_word) || multi_char(text) > 0;
    boundary(rest) || rest.strip_prefix(',').is_some_and(boundary)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn published_edge_cases() {
        for (text, wanted) in [
            ("1. First item\n2. Second item\n3. Third item", 4),
            ("- A.\n- B.", 2),
            ("A\n\nB\n\nC", 1),
            ("We met Dr. Smith. He left.", 2),
            ("It is 5 p.m. He left.", 2),
            ("e.g. this is one.", 2),
            ("One... two. Three.", 2),
            ("Yes!!", 2),
            ("He said \"Stop.\" Then left.", 2),
            ("Done. 🙂", 2),
            ("", 0),
            ("  \n ", 0),
        ] {
            assert_eq!(split(text).len(), wanted, "{text:?} {:?}", split(text));
        }
        assert_eq!(split("**Bold.** Next."), ["**Bold.", "** Next."]);
        assert_eq!(
            split("He said \"Stop.\" Then left."),
            ["He said \"Stop.\"", "Then left."]
        );
    }

    proptest! {
        #[test]
        fn chunking_does_not_matter(pieces in proptest::collection::vec("([aAbé.?!\"') \n\u{a0}-]|Dr|the|1|, ){0,4}", 0..30)) {
            let whole = pieces.concat();
            let (mut live, mut once) = (Vec::new(), Vec::new());
            let (mut a, mut b) = (Sentences::default(), Sentences::default());
            let mut answer = String::new();
            for piece in &pieces {
                answer.push_str(piece);
                a.feed(&answer, |event| live.push(event));
            }
            b.feed(&whole, |event| once.push(event));
            prop_assert_eq!(&live, &once);
            a.finish(&whole, |event| live.push(event));
            b.finish(&whole, |event| once.push(event));
            prop_assert_eq!(&live, &once);
            let starts = live.iter().filter(|event| matches!(event, Event::Start(_))).count();
            prop_assert_eq!(starts, live.len() - starts, "{:?}", live);
        }
    }
}
