//! The words that relate a number, found around it: before it, after it, or after its noun.

use std::ops::Range;

use super::Folder;
use crate::constraints::wording::{
    lex::TokenKind,
    number,
    relations::{LEXICON, Relation},
};

/// Verbs that may stand between a Chinese relation and its number; those that others end in come later.
const VERBS: &[&str] = &[
    "出现", "使用", "包含", "包括", "提到", "提及", "用到", "用上", "写到", "写出", "说到", "列出", "给出",
    "讲到", "点到", "带到", "加上", "带上", "放上", "露面", "亮相", "只能", "可以", "必须", "应该", "需要",
    "再", "用", "写", "有", "加", "含", "提", "说", "列", "给", "讲", "要", "得", "应", "须", "能", "准",
    "许", "带", "放", "标", "打", "配", "附", "来", "分", "是", "为", "在", "到",
];

/// Verbs between a relation and its number, at most.
const MOST_VERBS: usize = 3;

/// Denials of a Chinese comparison; those that others end in come later.
const DENIALS: &[&str] = &[
    "不可以",
    "不应该",
    "不允许",
    "不得",
    "不能",
    "不要",
    "不可",
    "不许",
    "不准",
    "不应",
    "不该",
    "不宜",
    "请勿",
    "切勿",
    "别",
    "勿",
    "莫",
    "没",
    "不",
];

/// What a comparison says that is denied: not more than is at most.
fn denied(relation: Relation) -> Relation {
    match relation {
        Relation::MoreThan => Relation::AtMost,
        Relation::LessThan => Relation::AtLeast,
        other => other,
    }
}

impl Folder<'_, '_> {
    /// Takes the relation before the number off what was already put out.
    pub(super) fn before(&mut self) -> (Option<Relation>, Option<usize>) {
        let mut popped = None;
        // `of`, `a total of` and `the` carry no relation themselves.
        let mut keep = self.out.len();
        while keep > 0
            && matches!(self.text(keep - 1), "of" | "the" | "a" | "total" | "like" | "maybe" | ":" | "(" | "more" if self.filler(keep - 1))
        {
            keep -= 1;
        }
        for end in [self.out.len(), keep, self.verbs_before(self.out.len())] {
            let Some((relation, length)) = self.phrase_before(end) else {
                continue;
            };
            let denial = self.denial_before(end - length, relation);
            let from = end - length - denial;
            popped = Some(self.out[from].span.start);
            let relation = match denial {
                0 => self.negated(from, relation),
                _ => denied(relation),
            };
            self.out.truncate(from);
            return (Some(relation), popped);
        }
        (None, popped)
    }

    /// Where the Chinese verbs between a relation and its number begin: they say nothing of it (至少要提到三次).
    fn verbs_before(&self, end: usize) -> usize {
        let mut at = end;
        for _ in 0..MOST_VERBS {
            let Some(verb) = VERBS.iter().find(|verb| self.ends_in(at, verb)) else {
                break;
            };
            at -= verb.chars().count();
        }
        at
    }

    /// Tokens that deny a Chinese comparison right before it (不能超过, 别少于).
    fn denial_before(&self, end: usize, relation: Relation) -> usize {
        if !matches!(relation, Relation::MoreThan | Relation::LessThan) {
            return 0;
        }
        let denial = DENIALS.iter().find(|denial| self.ends_in(end, denial));
        denial.map_or(0, |denial| denial.chars().count())
    }

    /// Whether the tokens before `end` are these letters.
    fn ends_in(&self, end: usize, letters: &str) -> bool {
        let mut at = end;
        letters.chars().rev().all(|letter| {
            at = at.wrapping_sub(1);
            matches!(self.out.get(at).map(|token| &token.kind), Some(TokenKind::Han(c)) if *c == letter)
        })
    }

    fn filler(&self, at: usize) -> bool {
        match self.text(at) {
            ":" => matches!(
                at.checked_sub(1).map_or("", |at| self.text(at)),
                "minimum" | "maximum" | "min" | "max"
            ),
            "(" | "more" => false,
            _ => true,
        }
    }

    fn phrase_before(&self, end: usize) -> Option<(Relation, usize)> {
        self.listed_before(end).or_else(|| self.limited_before(end))
    }

    /// `limit the essay to`, `keep every paragraph to`: a verb of limiting, a few words, and `to` or `at`, which alone is taken.
    fn limited_before(&self, end: usize) -> Option<(Relation, usize)> {
        let last = end.checked_sub(1)?;
        if !matches!(self.text(last), "to" | "at" | "within") {
            return None;
        }
        for at in (end.saturating_sub(8)..last).rev() {
            match (self.text(at), self.text(last)) {
                ("limit" | "restrict" | "confine" | "limited" | "restricted" | "confined", "to")
                | ("keep" | "keeping" | "kept", "to" | "within")
                | ("cap" | "capped", "to" | "at") => return Some((Relation::AtMost, 1)),
                (word, _) if word.chars().all(char::is_alphabetic) && !word.is_empty() => {}
                _ => return None,
            }
        }
        None
    }

    fn listed_before(&self, end: usize) -> Option<(Relation, usize)> {
        let last = end.checked_sub(1)?;
        let phrases = LEXICON.before.get(self.text(last))?;
        phrases
            .iter()
            .find(|(_, words)| {
                words.len() <= end
                    && words
                        .iter()
                        .rev()
                        .enumerate()
                        .all(|(back, word)| self.text(last - back) == *word)
            })
            .map(|(relation, words)| (*relation, words.len()))
    }

    /// `never more than` is at most, `not under` at least, also when words stand between (`don't use it more than twice`).
    fn negated(&self, end: usize, relation: Relation) -> Relation {
        if !matches!(relation, Relation::MoreThan | Relation::LessThan) {
            return relation;
        }
        // `anything shorter than 250 words will not do`
        if end > 0 && matches!(self.text(end - 1), "anything" | "everything") && self.refused() {
            return denied(relation);
        }
        for at in (end.saturating_sub(9)..end).rev() {
            match self.text(at) {
                "not" | "never" | "without" | "avoid" | "refrain" | "nowhere" | "nothing" | "none"
                | "neither" | "nor" | "别" | "勿" => {
                    return denied(relation);
                }
                "no" if end - at <= 4 => {
                    return denied(relation);
                }
                "," | "." | ";" | "!" | "?" | "and" | "but" | ":" => break,
                _ if matches!(self.out[at].kind, TokenKind::Break { .. } | TokenKind::Amount(_)) => {
                    break;
                }
                _ => {}
            }
        }
        relation
    }

    /// Whether what is spoken of here is not accepted: `… will not do`, `… is too short`.
    fn refused(&self) -> bool {
        let from = self.lexed.tokens.len().min(self.at);
        (from..from + 10)
            .map_while(|at| match self.lexed.kind(at) {
                Some(TokenKind::Mark('.' | '!' | '?') | TokenKind::Break { .. }) | None => None,
                _ => Some(self.lexed.word(at)),
            })
            .any(|word| {
                matches!(
                    word,
                    "not"
                        | "too"
                        | "rejected"
                        | "refused"
                        | "fails"
                        | "unacceptable"
                        | "ignored"
                        | "cannot"
                        | "bounces"
                        | "bounced"
                        | "returned"
                        | "useless"
                        | "disqualified"
                )
            })
    }

    /// The relation after a number (`or more`) or after its noun (`words or more`): tokens, and whether it is adjacent.
    pub(super) fn after(&self, next: usize, free: bool) -> Option<(Relation, Range<usize>, bool)> {
        if !free {
            return None;
        }
        if let Some(TokenKind::Mark('+')) = self.lexed.kind(next) {
            return Some((Relation::AtLeast, next..next + 1, true));
        }
        for start in next..next + 5 {
            let token = self.lexed.tokens.get(start)?;
            if let Some((relation, _, length)) = self.phrase_after(start) {
                return Some((relation, start..start + length, start == next));
            }
            match token.kind {
                TokenKind::Word(_) | TokenKind::Han(_) | TokenKind::Quote(_) => {
                    let word = self.lexed.word(start);
                    if number::number_at(self.lexed, start).is_some()
                        || matches!(word, "and" | "or" | "but" | "with")
                    {
                        return None;
                    }
                }
                // `60 words, max`
                TokenKind::Mark(',' | '-' | '(') if self.phrase_after(start + 1).is_some() => {}
                _ => return None,
            }
        }
        None
    }

    /// The longest phrase that begins at a token: what it says, whether it must end the clause, its length.
    fn phrase_after(&self, start: usize) -> Option<(Relation, bool, usize)> {
        let phrases = LEXICON.after_by_word.get(self.source(start))?;
        phrases
            .iter()
            .filter_map(|&at| {
                let phrase = &LEXICON.after[at];
                let length = phrase.length(|on| self.source(start + on))?;
                Some((phrase.relation, phrase.ends, length))
            })
            .filter(|(_, ends, length)| !ends || self.clause_ends(start + length))
            // `2 emojis and less than 20 words`: the comparison is with what follows.
            .filter(|(_, _, length)| {
                self.source(start + length) != "than"
                    || number::number_at(self.lexed, start + length + 1).is_none()
            })
            .max_by_key(|(_, _, length)| *length)
    }

    fn clause_ends(&self, at: usize) -> bool {
        match self.lexed.kind(at) {
            None | Some(TokenKind::Mark(_) | TokenKind::Break { .. }) => true,
            Some(TokenKind::Word(_)) => matches!(
                self.lexed.word(at),
                "and"
                    | "but"
                    | "please"
                    | "pls"
                    | "in"
                    | "for"
                    | "per"
                    | "total"
                    | "each"
                    | "thanks"
                    | "so"
                    | "which"
                    | "that"
                    | "with"
                    | "saying"
                    | "then"
                    | "on"
                    | "about"
                    | "to"
                    | "explaining"
                    | "thx"
                    | "from"
                    | "until"
                    | "throughout"
                    | "instead"
                    | "now"
                    | "will"
                    | "is"
            ),
            _ => false,
        }
    }
}
