//! Five keywords that come once, twice, three, five and seven times: a constraint of its own, in whatever form the tally is.

use std::ops::Range;

use crate::constraints::{
    Kwargs,
    wording::{lex::TokenKind, lists, phrase::Found, sketch::Document},
};

const COUNTS: [u64; 5] = [1, 2, 3, 5, 7];

/// Tokens that a tally may take.
const LONGEST: usize = 120;

/// Finds the tally: five amounts one after the other, each with a word of its own before or behind it.
pub fn find(document: &Document, out: &mut Vec<Found>) {
    let amounts: Vec<(usize, u64)> = (0..document.lexed.tokens.len())
        .filter_map(|at| match document.lexed.tokens[at].kind {
            TokenKind::Amount(index) => Some((at, document.quantities.get(index)?.exact()?)),
            // `x3`
            _ => Some((at, document.lexed.word(at).strip_prefix('x')?.parse().ok()?)),
        })
        .collect();
    let Some(five) = amounts.windows(5).find(|five| {
        let mut counts: Vec<u64> = five.iter().map(|(_, count)| *count).collect();
        counts.sort_unstable();
        counts == COUNTS && five[4].0 - five[0].0 < LONGEST
    }) else {
        return;
    };
    let Some(mut counted) = words_before(document, five).or_else(|| words_behind(document, five)) else {
        return;
    };
    counted.sort_by_key(|(count, _)| *count);
    let mut kwargs = Kwargs::new();
    for (nth, (_, token)) in counted.iter().enumerate() {
        let word = document.quoted(*token).unwrap_or(document.lexed.source(*token));
        kwargs.insert(
            format!("keyword{}", nth + 1),
            word.trim_end_matches([',', '.']).into(),
        );
    }
    let tokens = || {
        counted
            .iter()
            .map(|(_, token)| *token)
            .chain(five.iter().map(|(at, _)| *at))
    };
    let first = tokens().min().unwrap_or(five[0].0);
    let last = tokens().max().unwrap_or(five[4].0);
    out.push(Found {
        id: "count:keywords_multiple",
        kwargs,
        span: document.lexed.tokens[first].span.start..document.lexed.tokens[last].span.end,
        rank: 92,
        numbered: true,
        claims: tokens().collect(),
        source: (u32::MAX, 1),
    });
}

type Counted = Vec<(u64, usize)>;

/// `owl 1 time, candle 2 times`: the last word in front of each amount, in the same breath.
fn words_before(document: &Document, five: &[(usize, u64)]) -> Option<Counted> {
    let mut from = five[0].0.saturating_sub(8);
    let mut counted = Counted::new();
    for &(at, count) in five {
        let token = item(document, from..at, true)?;
        let apart = (token..at).any(|between| {
            matches!(
                document.lexed.kind(between),
                Some(TokenKind::Mark(',' | ';' | '.') | TokenKind::Break { .. })
            ) || document.lexed.word(between) == "and"
        });
        if apart {
            return None;
        }
        counted.push((count, token));
        from = at + 1;
    }
    Some(counted)
}

/// `once owl, twice candle`: the first word behind each amount.
fn words_behind(document: &Document, five: &[(usize, u64)]) -> Option<Counted> {
    let ends = five[1..].iter().map(|(at, _)| *at).chain([five[4].0 + 8]);
    five.iter()
        .zip(ends)
        .map(|(&(at, count), end)| Some((count, item(document, at + 1..end, false)?)))
        .collect()
}

/// The quoted string of a stretch, else its first or last word that can be meant.
fn item(document: &Document, stretch: Range<usize>, last: bool) -> Option<usize> {
    let stretch = stretch.start..stretch.end.min(document.lexed.tokens.len());
    let mut quoted: Vec<usize> = stretch
        .clone()
        .filter(|&at| document.quoted(at).is_some())
        .collect();
    if quoted.is_empty() {
        quoted = stretch
            .filter(|&at| {
                let word = document.lexed.word(at);
                word.len() > 1 && !lists::is_common(word) && !FRAME.contains(&word)
            })
            .collect();
    }
    match last {
        true => quoted.last().copied(),
        false => quoted.first().copied(),
    }
}

/// Words around the words of a tally.
const FRAME: &[&str] = &[
    "time",
    "times",
    "once",
    "twice",
    "thrice",
    "word",
    "words",
    "keyword",
    "keywords",
    "response",
    "answer",
    "reply",
    "text",
    "story",
    "mentions",
    "mentioned",
    "used",
    "uses",
    "comes",
    "occurs",
    "gets",
    "shows",
    "turns",
    "up",
    "crops",
    "should",
    "appearing",
    "occurring",
    "finally",
    "lastly",
    "including",
    "repeat",
    "fit",
    "just",
    "precisely",
];
