//! Parts that are cut off as the answer grows: paragraphs, sentences, lines, items. Each is checked when it is complete, as if
//! it were the whole answer.

use std::ops::Range;

use super::part::{Build, Index, passes};
use crate::constraints::{
    Verdict,
    check::is_blank,
    checker::{Checker, Unit, Units},
    kinds::format::lists,
};

impl Units {
    /// What cuts an answer into parts of that name, and whether only items of lists are meant; `None` for other parts.
    pub fn of(part: &str) -> Option<(Unit, bool)> {
        Some(match part {
            "paragraph" | "stanza" => (Unit::Paragraph, false),
            "sentence" => (Unit::Sentence, false),
            "line" => (Unit::Line, false),
            "bullet" | "item" => (Unit::Line, true),
            _ => return None,
        })
    }
}

/// Checks the parts that an index names, each when it is complete.
pub(super) struct Cut {
    units: Units,
    items_only: bool,
    index: Index,
    build: Build,
    seen: usize,
    /// The verdict on the last part that counts, and where it stands.
    last: Option<(bool, Range<usize>)>,
    broken: Option<Range<usize>>,
    finished: bool,
}

impl Cut {
    pub(super) fn new(unit: Unit, items_only: bool, index: &str, build: Build) -> Option<Self> {
        build()?;
        Some(Self {
            units: Units::new(unit),
            items_only,
            index: Index::read(index)?,
            build,
            seen: 0,
            last: None,
            broken: None,
            finished: false,
        })
    }

    fn part(&mut self, answer: &str, place: Range<usize>) {
        let text = &answer[place.clone()];
        let text = if self.items_only {
            lists::item(text)
        } else {
            Some(text).filter(|text| !is_blank(text))
        };
        let Some(text) = text else { return };
        self.seen += 1;
        if matches!(self.index, Index::Number(number) if number != self.seen) {
            return;
        }
        let passes = passes(&self.build, text);
        if !passes && self.index != Index::Last {
            self.broken.get_or_insert(place.clone());
        }
        self.last = Some((passes, place));
    }

    /// Reports the parts that `cut` completes.
    fn cut(&mut self, answer: &str, cut: impl FnOnce(&mut Units, &mut Vec<Range<usize>>)) {
        let mut complete = Vec::new();
        cut(&mut self.units, &mut complete);
        for place in complete {
            self.part(answer, place);
        }
    }
}

impl Checker for Cut {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        self.cut(answer, |units, complete| {
            units.feed(answer, from, |place| complete.push(place))
        });
    }

    fn finish(&mut self, answer: &str) {
        self.cut(answer, |units, complete| {
            units.finish(answer, |place| complete.push(place))
        });
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let passes = self.last.as_ref().is_some_and(|(passes, _)| *passes);
        match (self.index, passes, self.finished) {
            _ if self.broken.is_some() => Verdict::Broken,
            (Index::Number(_), true, _) | (_, true, true) => Verdict::Met,
            (_, false, true) => Verdict::Broken,
            (_, true, false) => Verdict::Holding,
            (_, false, false) => Verdict::Pending,
        }
    }

    /// `3 paragraphs` that were looked at.
    fn value(&self) -> String {
        if self.index == Index::Each && self.broken.is_none() && self.seen > 0 {
            return format!("{} checked", self.seen);
        }
        String::new()
    }

    fn places(&self) -> Vec<Range<usize>> {
        match (&self.broken, &self.last) {
            (Some(place), _) | (None, Some((_, place))) => vec![place.clone()],
            (None, None) => Vec::new(),
        }
    }
}
