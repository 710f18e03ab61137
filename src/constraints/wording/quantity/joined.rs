//! Two amounts that are one: bounds said one after the other, a limit shared, a noun that is not said again.

use super::{COUNTED, Folder, Quantity};
use crate::constraints::wording::lex::TokenKind;

impl Folder<'_, '_> {
    /// `at least 100 but no more than 150`: one range of two amounts.
    pub(super) fn joined(&mut self, quantity: &mut Quantity, start: &mut usize) {
        let mut at = self.out.len();
        while at > 0 && matches!(self.text(at - 1), "," | "and" | "but" | "yet" | "-") {
            at -= 1;
        }
        let Some(TokenKind::Amount(index)) = at.checked_sub(1).map(|at| &self.out[at].kind) else {
            return;
        };
        if at == self.out.len() {
            return;
        }
        let earlier = &self.quantities[*index];
        let (lo, hi) = match (earlier.lo, earlier.hi, quantity.lo, quantity.hi) {
            (Some(lo), None, None, Some(hi)) | (None, Some(hi), Some(lo), None) => (lo, hi),
            _ => return,
        };
        if *index + 1 != self.quantities.len() {
            return;
        }
        *start = self.out[at - 1].span.start;
        self.out.truncate(at - 1);
        self.quantities.pop();
        quantity.lo = Some(lo);
        quantity.hi = Some(hi);
    }

    /// `do not exceed 3 lines or 20 words`: the limit before is one on this as well.
    pub(super) fn shares_limit(&self) -> bool {
        let Some(at) = self.out.len().checked_sub(3) else {
            return false;
        };
        let TokenKind::Amount(index) = self.out[at].kind else {
            return false;
        };
        let limit = &self.quantities[index];
        self.text(at + 2) == "or"
            && COUNTED.contains(&self.text(at + 1))
            && limit.lo.is_none()
            && limit.related
    }

    /// `under 100 words and over 50`: the other bound of the amount before, whose noun is not said again.
    pub(super) fn completes(&mut self, quantity: &Quantity, end: usize, next: usize) -> bool {
        let noun_follows = match self.lexed.kind(next) {
            Some(TokenKind::Word(_)) => !matches!(
                self.lexed.word(next),
                "for" | "in" | "at" | "is" | "will" | "please" | "overall" | "total" | "though" | "so"
            ),
            kind => matches!(
                kind,
                Some(TokenKind::Han(_) | TokenKind::Quote(_) | TokenKind::Number(_))
            ),
        };
        let mut at = self.out.len();
        while at > 0 && matches!(self.text(at - 1), "," | "and" | "but" | "yet" | "also") {
            at -= 1;
        }
        if noun_follows || at == self.out.len() || quantity.lo.is_some() == quantity.hi.is_some() {
            return false;
        }
        // `30 words is the least they print and 45 the most`
        let said = (at.saturating_sub(7)..at)
            .rev()
            .take_while(|&at| matches!(self.out[at].kind, TokenKind::Word(_) | TokenKind::After))
            .last();
        at = said.map_or(at, |said| said + 1);
        if at < 2 || !(self.counts_things(at - 1) || self.counts_things(at)) {
            return false;
        }
        let TokenKind::Amount(index) = self.out[at - 2].kind else {
            return false;
        };
        let earlier = &mut self.quantities[index];
        let bounds = match (earlier.lo, earlier.hi, quantity.lo, quantity.hi) {
            (Some(lo), None, None, Some(hi)) | (None, Some(hi), Some(lo), None) => (Some(lo), Some(hi)),
            _ => return false,
        };
        if bounds.0 > bounds.1 {
            return false;
        }
        (earlier.lo, earlier.hi) = bounds;
        earlier.after = Some(end);
        true
    }

    /// Whether a word is what limits are put on, or any other noun in the plural (`at least 3 bullet points and no more than 5`).
    fn counts_things(&self, at: usize) -> bool {
        let word = self.text(at);
        COUNTED.contains(&word) || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
    }
}
