//! Amounts: a number together with the words that relate it to what is counted.
//!
//! Owns every way to say at least, at most, exactly, about and between, before the number (`no fewer than 12`), after it
//! (`12 or more`) or after its noun (`12 words or more`), in all languages read here. Folds each into one
//! [`TokenKind::Amount`] token, so that no recogniser of an id needs to know relations.

mod joined;
mod related;
mod tolerance;

use std::ops::Range;

use super::{
    lex::{Lexed, Token, TokenKind},
    number::{self, Number},
    relations::Relation,
};
use crate::says;

/// How many; bounds are inclusive.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    pub lo: Option<u64>,
    pub hi: Option<u64>,
    /// `about 300`: `lo` and `hi` are the number itself.
    pub approximate: bool,
    /// A relation is stated (`exactly three`, not `three`).
    pub related: bool,
    /// Where a relation after the noun ends, in bytes of the prompt.
    pub after: Option<usize>,
}

impl Quantity {
    pub fn exact(&self) -> Option<u64> {
        (self.lo == self.hi && !self.approximate)
            .then_some(self.lo)
            .flatten()
    }
}

/// Replaces every number, with its relation, by one token.
pub fn fold(lexed: &mut Lexed) -> Vec<Quantity> {
    let tokens = std::mem::take(&mut lexed.tokens);
    let folded = {
        let view = Lexed {
            prompt: lexed.prompt,
            words: std::mem::take(&mut lexed.words),
            tokens,
        };
        let mut folder = Folder {
            lexed: &view,
            at: 0,
            out: Vec::with_capacity(view.tokens.len()),
            quantities: Vec::new(),
            skip_after: None,
            times: Vec::new(),
        };
        folder.run();
        let (out, quantities, times) = (folder.out, folder.quantities, folder.times);
        (out, quantities, times, view.words)
    };
    let (mut out, quantities, times, mut words) = folded;
    let start = words.len();
    words.push_str("times");
    for at in times {
        out[at].kind = TokenKind::Word(start..start + 5);
    }
    lexed.words = words;
    lexed.tokens = out;
    quantities
}

struct Folder<'l, 'a> {
    lexed: &'l Lexed<'a>,
    /// The token that is looked at.
    at: usize,
    out: Vec<Token>,
    quantities: Vec<Quantity>,
    /// Tokens already used as the relation after a noun.
    skip_after: Option<Range<usize>>,
    /// Positions of `out` that stand for the noun of `twice`.
    times: Vec<usize>,
}

impl Folder<'_, '_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.lexed.tokens.len() {
            if let Some(skip) = self.skip_after.take_if(|skip| skip.start == at) {
                let span = self.lexed.tokens[at].span.start..self.lexed.tokens[skip.end - 1].span.end;
                self.out.push(Token {
                    kind: TokenKind::After,
                    span,
                    spaced: self.lexed.tokens[at].spaced,
                    capital: false,
                });
                at = skip.end;
                continue;
            }
            if let Some(number) = number::number_at(self.lexed, at).filter(|_| self.counts(at)) {
                at = self.amount(at, number);
                continue;
            }
            let mut token = self.lexed.tokens[at].clone();
            if let Some(nth) = number::ordinal_word(self.lexed.word(at)) {
                token.kind = TokenKind::Ordinal(nth);
            }
            self.out.push(token);
            at += 1;
        }
    }

    /// A Chinese numeral counts only before what it may count.
    fn counts(&self, at: usize) -> bool {
        let TokenKind::Han(_) = self.lexed.tokens[at].kind else {
            return true;
        };
        let end = at + number::number_at(self.lexed, at).map_or(0, |number| number.tokens);
        let next = match self.lexed.kind(end) {
            Some(TokenKind::Han(c)) => *c,
            Some(TokenKind::Word(_)) => return true,
            Some(TokenKind::Mark('-')) => return true,
            _ => return self.follows_count(at),
        };
        let before = at.checked_sub(1).and_then(|at| match self.lexed.tokens[at].kind {
            TokenKind::Han(c) => Some(c),
            _ => None,
        });
        // “粒子”一词至少要用五次: 一词 only says that it is a word.
        let apposition =
            next == '词' && at > 0 && matches!(self.lexed.tokens[at - 1].kind, TokenKind::Quote(_));
        if apposition {
            return false;
        }
        let counted = COUNTED_HAN.contains(next)
            // 三百来字, 一千多字
            || "来多余".contains(next) && matches!(self.lexed.kind(end + 1), Some(TokenKind::Han(c)) if COUNTED_HAN.contains(*c));
        (counted || self.follows_count(at)) && before != Some('第') && !self.denies_one(at, end)
    }

    /// 总字数不许突破三百: what is counted stands in front.
    fn follows_count(&self, at: usize) -> bool {
        let letters: String = (at.saturating_sub(10)..at)
            .filter_map(|at| match self.lexed.tokens[at].kind {
                TokenKind::Han(c) => Some(c),
                _ => None,
            })
            .collect();
        ["字数", "词数", "句数", "行数", "段数"]
            .iter()
            .any(|count| letters.contains(count))
    }

    /// 一个都不要, 一句解释也别写: not even one is none.
    fn denies_one(&self, at: usize, end: usize) -> bool {
        if !matches!(self.lexed.kind(at), Some(TokenKind::Han('一'))) || end != at + 1 {
            return false;
        }
        // 一句不多，一句不少
        if let (Some(TokenKind::Han('不')), Some(TokenKind::Han('多' | '少' | '差' | '漏'))) =
            (self.lexed.kind(end + 1), self.lexed.kind(end + 2))
        {
            return true;
        }
        let mut even = false;
        for at in end..end + 10 {
            match self.lexed.kind(at) {
                Some(TokenKind::Han('都' | '也')) => even = true,
                Some(TokenKind::Han('不' | '别' | '没' | '甭' | '勿' | '莫' | '免')) if even => {
                    return true;
                }
                Some(TokenKind::Han(_) | TokenKind::Word(_)) => {}
                _ => return false,
            }
        }
        false
    }

    fn amount(&mut self, at: usize, number: Number) -> usize {
        self.at = at;
        let (mut lo, mut hi) = (number.lo, number.hi);
        let mut next = at + number.tokens;
        next = self.restated(next, lo);
        let mut start = self.lexed.tokens[at].span.start;
        let spaced = self.lexed.tokens[at].spaced;
        let (mut relation, popped) = self.before();
        if let Some(popped) = popped {
            start = start.min(popped);
        }
        let mut range = lo != hi;
        if relation.is_none() && self.shares_limit() {
            relation = Some(Relation::AtMost);
        }
        if let Some((other, end)) = self.range(next, lo, relation) {
            let scale = self.scale(end, lo, other.hi);
            (lo, hi, next, range) = (lo.saturating_mul(scale), other.hi, end, true);
        }
        if relation == Some(Relation::Between) && !range {
            relation = None;
        }
        let mut end = self.lexed.tokens[next - 1].span.end;
        let mut after = None;
        // 控制在三百字左右: what it is kept to follows.
        let contained = relation == Some(Relation::AtMost)
            && self.lexed.prompt[start..end].starts_with(['控', '限', '卡']);
        let tolerance = self
            .tolerance(next)
            .filter(|_| !range && matches!(relation, None | Some(Relation::About | Relation::Exactly)));
        let few_more = self.lexed.word(next) == "ish"
            || matches!(self.lexed.kind(next), Some(TokenKind::Han('来' | '多' | '余')))
                && matches!(self.lexed.kind(next + 1), Some(TokenKind::Han(c)) if COUNTED_HAN.contains(*c));
        if few_more {
            end = self.lexed.tokens[next].span.end;
            next += 1;
            relation = relation.or(Some(Relation::About));
        }
        if let Some(tolerance) = &tolerance {
            let tokens = tolerance.tokens.clone();
            let said = self.lexed.tokens[tokens.end - 1].span.end;
            match tokens.start == next {
                true => (end, next) = (said, tokens.end),
                false => (after, self.skip_after) = (Some(said), Some(tokens)),
            }
        } else if let Some((found, tokens, adjacent)) = self.after(
            next,
            (relation.is_none() || contained || self.loosely(start)) && !range,
        ) {
            relation = Some(found);
            after = Some(self.lexed.tokens[tokens.end - 1].span.end);
            if adjacent {
                end = self.lexed.tokens[tokens.end - 1].span.end;
                next = tokens.end;
                after = None;
            } else {
                self.skip_after = Some(tokens);
            }
        }
        let mut quantity = bounds(relation, lo, hi);
        quantity.after = after;
        if let Some(tolerance) = tolerance {
            tolerance.widen(lo, &mut quantity);
        }
        if range {
            let bound = self.lexed.prompt[start..end].to_lowercase();
            // `no more than 3-4` says what is too much; `keep it to 3-4` says how many.
            let one_sided = !says!(
                &bound,
                r"^(?:keep|limit|stick|restrict|within|to|room|space|fit|the limit|you have|only|hold|confine|make do|inside|ration|控|限|卡)"
            );
            let most = one_sided && matches!(relation, Some(Relation::AtMost | Relation::LessThan));
            let least = one_sided && matches!(relation, Some(Relation::AtLeast | Relation::MoreThan));
            quantity.lo = (!most).then_some(lo);
            quantity.hi = (!least).then_some(hi);
            quantity.related = true;
            quantity.approximate = false;
            if lo > hi && !most && !least {
                (quantity.lo, quantity.hi) = (Some(hi), Some(lo));
            }
        }
        if self.completes(&quantity, end, next) {
            self.out.push(Token {
                kind: TokenKind::After,
                span: start..end,
                spaced,
                capital: false,
            });
            return next;
        }
        self.joined(&mut quantity, &mut start);
        self.quantities.push(quantity);
        let index = self.quantities.len() - 1;
        self.out.push(Token {
            kind: TokenKind::Amount(index),
            span: start..end,
            spaced,
            capital: false,
        });
        if number.times {
            self.times.push(self.out.len());
            self.out.push(Token {
                kind: TokenKind::After,
                span: start..end,
                spaced: true,
                capital: false,
            });
        }
        next
    }

    /// `just three words, at most`, 总共三百字左右: what stands before does not say how many.
    fn loosely(&self, start: usize) -> bool {
        let rest = &self.lexed.prompt[start..];
        let said = rest.get(..4).unwrap_or_default();
        said.eq_ignore_ascii_case("just")
            || said.eq_ignore_ascii_case("only")
            || rest.starts_with(['总', '一', '共'])
    }

    /// Skips the same number said again: `ten (10)`.
    fn restated(&self, next: usize, value: u64) -> usize {
        let kind = |offset: usize| self.lexed.kind(next + offset);
        match (kind(0), number::number_at(self.lexed, next + 1)) {
            (Some(TokenKind::Mark('(')), Some(number))
                if number.lo == value && kind(1 + number.tokens) == Some(&TokenKind::Mark(')')) =>
            {
                next + number.tokens + 2
            }
            _ => next,
        }
    }

    /// What the lower end of a range is to be multiplied by: `two to three hundred`, `2-3k`.
    fn scale(&self, end: usize, lo: u64, hi: u64) -> u64 {
        let token = &self.lexed.tokens[end - 1];
        let scale = match self.lexed.word(end - 1) {
            "hundred" => 100,
            "thousand" => 1000,
            _ if self.lexed.prompt[token.span.clone()].ends_with(['k', 'K']) => 1000,
            _ => 1,
        };
        if lo < 10 && lo.saturating_mul(scale) < hi {
            scale
        } else {
            1
        }
    }

    /// The upper end of a range that goes on at `next`.
    fn range(&self, next: usize, lo: u64, relation: Option<Relation>) -> Option<(Number, usize)> {
        let next = next + self.noun_said_again(next);
        let token = self.lexed.tokens.get(next)?;
        let word = self.lexed.word(next);
        let link = match &token.kind {
            TokenKind::Mark('-' | '~' | '～') | TokenKind::Han('到' | '至') => true,
            TokenKind::Word(_) => {
                matches!(word, "to" | "through" | "till" | "or" | "and")
                    || (word == "up" && self.lexed.word(next + 1) == "to")
            }
            _ => false,
        };
        let skip = if word == "up" { 2 } else { 1 };
        let other = link
            .then(|| number::number_at(self.lexed, next + skip))
            .flatten()?;
        let fits = match word {
            "or" => other.lo == lo.saturating_add(1),
            "and" => relation == Some(Relation::Between),
            _ => other.lo > lo,
        };
        let marks = other.tokens + next + skip;
        fits.then_some((other, marks))
    }

    /// Tokens of a noun that both ends of a range are said with: `100 words to 150 words`, 150字至200字.
    fn noun_said_again(&self, next: usize) -> usize {
        let is_noun = |at: usize| match self.lexed.kind(at) {
            Some(TokenKind::Han(c)) => COUNTED_HAN.contains(*c),
            _ => COUNTED.contains(&self.lexed.word(at)),
        };
        for length in 1..=2 {
            if !is_noun(next + length - 1) {
                break;
            }
            let other = next + length + 1;
            let again = number::number_at(self.lexed, other).map(|number| other + number.tokens);
            if again
                .is_some_and(|again| (0..length).all(|on| self.source(next + on) == self.source(again + on)))
            {
                return length;
            }
        }
        0
    }

    fn text(&self, at: usize) -> &str {
        self.text_of(self.out.get(at))
    }

    fn source(&self, at: usize) -> &str {
        self.text_of(self.lexed.tokens.get(at))
    }

    fn text_of(&self, token: Option<&Token>) -> &str {
        match token.map(|token| (&token.kind, &token.span)) {
            Some((TokenKind::Word(range), _)) => &self.lexed.words[range.clone()],
            Some((TokenKind::Han(_) | TokenKind::Mark(_), span)) => match &self.lexed.prompt[span.clone()] {
                "，" | "、" => ",",
                "。" => ".",
                "：" => ":",
                text => text,
            },
            _ => "",
        }
    }
}

/// What limits are put on in both directions.
const COUNTED: &[&str] = &[
    "words",
    "sentences",
    "characters",
    "chars",
    "lines",
    "paragraphs",
    "bullets",
    "items",
    "emojis",
    "hashtags",
    "letters",
];

/// What a Chinese numeral may stand before.
const COUNTED_HAN: &str = "个字词句段行条点次处遍回篇首种份项部分章节组到至多左以页列栏道名步幕";

/// Inclusive bounds of a related number.
fn bounds(relation: Option<Relation>, lo: u64, hi: u64) -> Quantity {
    let (low, high) = match relation {
        Some(Relation::AtLeast) => (Some(lo), None),
        Some(Relation::MoreThan) => (Some(lo.saturating_add(1)), None),
        Some(Relation::AtMost) => (None, Some(hi)),
        Some(Relation::LessThan) => (None, Some(hi.saturating_sub(1))),
        _ => (Some(lo), Some(hi)),
    };
    Quantity {
        lo: low,
        hi: high,
        approximate: relation == Some(Relation::About),
        related: relation.is_some(),
        after: None,
    }
}
