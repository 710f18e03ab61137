//! Constraints that bind a part of the answer only.

use std::ops::Range;

use super::{Checker, Unit, Units, is_blank};
use crate::constraints::{Scope, Verdict, kinds::format::lists};

/// Makes a checker for one part.
type Build = Box<dyn Fn() -> Option<Box<dyn Checker>> + Send>;

/// Checks the parts that a scope names, each when it is complete, as if it were the whole answer.
pub struct Scoped {
    units: Units,
    items_only: bool,
    parts: Parts,
    build: Build,
    seen: usize,
    /// The verdict on the last part that counts, and where it stands.
    last: Option<(bool, Range<usize>)>,
    broken: Option<Range<usize>>,
    finished: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parts {
    Number(usize),
    Last,
    Each,
}

impl Scoped {
    /// `None` if nothing here can find that part: a section, a speaker, a column.
    pub fn new(scope: &Scope, build: Build) -> Option<Self> {
        let (unit, items_only) = match scope.part.as_str() {
            "paragraph" => (Unit::Paragraph, false),
            "sentence" => (Unit::Sentence, false),
            "line" => (Unit::Line, false),
            "bullet" | "item" => (Unit::Line, true),
            _ => return None,
        };
        let parts = match scope.index.as_str() {
            "last" => Parts::Last,
            "each" | "all" => Parts::Each,
            number => Parts::Number(number.parse().ok().filter(|&number| number > 0)?),
        };
        build()?;
        let units = Units::new(unit);
        Some(Self {
            units,
            items_only,
            parts,
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
        if matches!(self.parts, Parts::Number(number) if number != self.seen) {
            return;
        }
        let passes = (self.build)().is_some_and(|mut checker| {
            checker.feed(text, text);
            checker.finish(text);
            checker.verdict() == Verdict::Met
        });
        if !passes && self.parts != Parts::Last {
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

impl Checker for Scoped {
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
        match (self.parts, passes, self.finished) {
            _ if self.broken.is_some() => Verdict::Broken,
            (Parts::Number(_), true, _) | (_, true, true) => Verdict::Met,
            (_, false, true) => Verdict::Broken,
            (_, true, false) => Verdict::Holding,
            (_, false, false) => Verdict::Pending,
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        match (&self.broken, &self.last) {
            (Some(place), _) | (None, Some((_, place))) => vec![place.clone()],
            (None, None) => Vec::new(),
        }
    }
}
