//! How far off a number may be: `250 words ±10`, `give or take 10 words`, `plus or minus 5%`.

use std::ops::Range;

use super::{COUNTED, Folder, Quantity};
use crate::constraints::wording::{lex::TokenKind, number};

pub(super) struct Tolerance {
    count: u64,
    percent: bool,
    pub(super) tokens: Range<usize>,
}

/// Percent that a number may be off which is only about right.
const ABOUT: u64 = 10;

impl Tolerance {
    /// The amount that is within this of a number.
    pub(super) fn widen(&self, number: u64, quantity: &mut Quantity) {
        let slack = match self.percent {
            true => number.saturating_mul(self.count) / 100,
            false => self.count,
        };
        quantity.approximate = self.percent && self.count == ABOUT;
        quantity.related = true;
        (quantity.lo, quantity.hi) = match quantity.approximate {
            true => (Some(number), Some(number)),
            false => (
                Some(number.saturating_sub(slack)),
                Some(number.saturating_add(slack)),
            ),
        };
    }
}

impl Folder<'_, '_> {
    /// The tolerance of a number that ends in front of `next`, said there or behind its noun.
    pub(super) fn tolerance(&self, next: usize) -> Option<Tolerance> {
        let noun = singular(self.source(next));
        let counted = COUNTED.iter().any(|counted| singular(counted) == noun);
        // `a 250-word essay, give or take 10 words`
        let behind = |start: usize| self.tolerance_at(next, start, noun);
        match counted {
            true => (next + 1..next + 4).find_map(behind),
            false => behind(next),
        }
    }

    /// The tolerance that begins at `start`, of a number that ends in front of `next` and of what it counts.
    fn tolerance_at(&self, next: usize, start: usize, noun: &str) -> Option<Tolerance> {
        let mark = |at: usize, mark: char| self.lexed.kind(at) == Some(&TokenKind::Mark(mark));
        let open = mark(start, '(');
        let sign = start + usize::from(open || mark(start, ','));
        let of = sign + self.plus_or_minus(sign)?;
        let number = number::number_at(self.lexed, of)?;
        let mut end = of + number.tokens;
        let percent = mark(end, '%') || matches!(self.source(end), "percent" | "pct");
        if percent || start > next && singular(self.source(end)) == noun {
            end += 1;
        }
        if open && mark(end, ')') {
            end += 1;
        }
        Some(Tolerance {
            count: number.lo,
            percent,
            tokens: start..end,
        })
    }

    /// Tokens of `±`, `+/-`, `give or take`, `plus or minus`.
    fn plus_or_minus(&self, at: usize) -> Option<usize> {
        let is = |on: usize, said: &str| match self.lexed.kind(at + on) {
            Some(TokenKind::Mark(mark)) => said.chars().eq([*mark]),
            _ => self.source(at + on) == said,
        };
        [
            &["±"][..],
            &["+", "/", "-"],
            &["+", "-"],
            &["give", "or", "take"],
            &["plus", "or", "minus"],
            &["plus", "/", "minus"],
            &["plus", "minus"],
        ]
        .into_iter()
        .find(|words| words.iter().enumerate().all(|(on, word)| is(on, word)))
        .map(<[_]>::len)
    }
}

fn singular(noun: &str) -> &str {
    noun.strip_suffix('s').unwrap_or(noun)
}
