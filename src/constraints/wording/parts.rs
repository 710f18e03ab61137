//! What a reader sees of a rule that matched: its parts, and what stands between them.

use std::ops::Range;

use super::{
    hit::{Found, Hit},
    lex::TokenKind,
    pattern::Pattern,
    sketch::{AMOUNT, Document, ORDINAL},
};
use crate::says;

impl<'d, 'p> Hit<'d, 'p> {
    /// A rule that matched in these parts, of which there is one at least.
    pub fn of_parts(
        document: &'d Document<'p>,
        parts: Vec<Range<usize>>,
        rank: u8,
        source: (u32, usize),
        out: &'d mut Vec<Found>,
    ) -> Self {
        let start = parts.iter().map(|part| part.start).min().unwrap_or(0);
        let end = parts.iter().map(|part| part.end).max().unwrap_or(0);
        let mut hit = Self::new(document, start..end, rank, source, Vec::new(), out);
        hit.stated = parts;
        hit
    }

    /// The n-th part of a rule; what it is about is the first.
    pub fn part(&self, nth: usize) -> Range<usize> {
        self.stated.get(nth).cloned().unwrap_or(0..0)
    }

    /// `a story about a poet who used only three vowels`: it is said of someone in the text.
    pub fn is_of_someone(&self) -> bool {
        let start = self.part(0).start;
        let before = &self.document.text[self.document.sentence(start).start.min(start)..start];
        says!(
            before,
            r"\babout (?:an?|the|my|{n}|two|some|someone|somebody|people) ?(?:[a-z]+ ){0,3}?who(?: [a-z']+){1,8} ?$"
        ) && !says!(before, r"\bwho\b[^.!?]*\b(?:using|with|in|but)\b[^.!?]*$")
    }

    /// `his logo with seven words`, `her poem of 40 lines`: what somebody's text or thing has, unless it is what is asked for.
    pub fn is_of_a_thing(&self) -> bool {
        static THING: Pattern = Pattern::new(
            r"\b(?:(?:his|her|their|whose|someone's|somebody's|customer's|client's|friend's|boss's|neighbou?r's|student's)(?: [a-z]{3,}){1,3}|(?:an? |the |that |this )(?:[a-z]+ )?(?:logos?|posters?|signs?|tattoos?|cakes?|mugs?|t ?shirts?|shirts?|banners?|stickers?|plaques?|badges?|billboards?|headstones?|gravestones?|number plates?|licen[cs]e plates?|keyrings?|cushions?))(?: that| which)? (?:with|of|has|have|had|having|saying|bearing|containing)(?: only| just| about| over| some| more than| at least)* $",
        );
        let before = self.before();
        let links = [
            "with ",
            "of ",
            "has ",
            "have ",
            "had ",
            "having ",
            "saying ",
            "bearing ",
            "containing ",
            "only ",
            "just ",
            "about ",
            "over ",
            "some ",
            "than ",
            "least ",
        ];
        if !links.iter().any(|link| before.ends_with(link)) {
            return false;
        }
        THING.find(before).is_some_and(|thing| {
            !says!(
                &before[..thing.start()],
                r"\b(?:write|make|design|create|draft|give|send|need|want|compose|produce|do|text|me|us) $"
            )
        })
    }

    /// What stands between the parts of a rule states it too.
    pub fn claim_between(&mut self) -> &mut Self {
        self.stated = vec![self.range.clone()];
        self
    }

    /// A stretch of the sketch that a reader found to be part of the statement.
    pub fn also_stated(&mut self, stretch: Range<usize>) {
        self.range = self.range.start.min(stretch.start)..self.range.end.max(stretch.end);
        self.end = self.end.max(self.range.end);
        self.stated.push(stretch);
    }

    /// The first number in a stretch of the sketch: an exact amount or an ordinal.
    pub fn number_in(&self, stretch: Range<usize>) -> Option<u64> {
        let document = self.document;
        stretch
            .filter(|&at| matches!(document.text.as_bytes()[at], AMOUNT | ORDINAL))
            .find_map(|at| match document.lexed.tokens[document.token_at(at)].kind {
                TokenKind::Amount(index) => document.quantities.get(index)?.exact(),
                TokenKind::Ordinal(value) => Some(value),
                _ => None,
            })
    }
}
