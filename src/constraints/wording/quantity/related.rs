//! The words that relate a number, found around it: before it, after it, or after its noun.

use std::ops::Range;

use super::Folder;
use crate::constraints::wording::{
    lex::TokenKind,
    number,
    relations::{LEXICON, Relation},
};

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
        for end in [self.out.len(), keep] {
            let Some((relation, length)) = self.phrase_before(end) else {
                continue;
            };
            popped = Some(self.out[end - length].span.start);
            let relation = self.negated(end - length, relation);
            self.out.truncate(end - length);
            return (Some(relation), popped);
        }
        (None, popped)
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
        for at in (end.saturating_sub(9)..end).rev() {
            match self.text(at) {
                "not" | "never" | "without" | "avoid" | "refrain" | "nowhere" | "nothing" | "none"
                | "neither" | "nor" | "别" | "勿" => {
                    return if relation == Relation::MoreThan {
                        Relation::AtMost
                    } else {
                        Relation::AtLeast
                    };
                }
                "no" if end - at <= 4 => {
                    return if relation == Relation::MoreThan {
                        Relation::AtMost
                    } else {
                        Relation::AtLeast
                    };
                }
                "," | "." | ";" | "!" | "?" | "and" | "but" | ":" => break,
                _ if matches!(self.out[at].kind, TokenKind::Break { .. } | TokenKind::Amount(_)) => break,
                _ => {}
            }
        }
        relation
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
            if let Some((relation, ends, length)) = self.phrase_after(start)
                && (!ends || self.clause_ends(start + length))
            {
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

    fn phrase_after(&self, start: usize) -> Option<(Relation, bool, usize)> {
        let phrases = LEXICON.after.get(self.source(start))?;
        phrases
            .iter()
            .find(|(_, _, words)| {
                words
                    .iter()
                    .enumerate()
                    .all(|(on, word)| self.source(start + on) == *word)
            })
            .map(|(relation, ends, words)| (*relation, *ends, words.len()))
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
