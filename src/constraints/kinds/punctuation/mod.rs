//! Commas, quotation marks, brackets.

pub mod chinese;
mod nesting;
pub mod phrases;
mod quotes;

use nesting::{Brackets, Quotes};

use super::{Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::{Bounds, CharFinder, Count, Found, Whole},
};

const NONE: Bounds = Bounds {
    least: 0,
    most: Some(0),
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "punctuation:no_comma",
        reach: Reach::Part,
        category: Category::Format,
        about: "uses no comma",
        args: &[],
        label: |_| "no commas".into(),
        checker: |_, _, semantics| Ok(Box::new(Count::new(Commas(semantics), NONE, ("comma", "commas")))),
    },
    Kind {
        id: "count:punctuation",
        reach: Reach::Whole,
        category: Category::Format,
        about: "uses every standard punctuation mark and an interrobang",
        args: &[],
        label: |_| "every punctuation mark".into(),
        checker: |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (has_every_mark(answer), String::new())
            })))
        },
    },
    Kind {
        id: "format:parentheses",
        reach: Reach::Whole,
        category: Category::Format,
        about: "nests brackets at least five levels deep",
        args: &[],
        label: |_| "brackets 5 deep".into(),
        checker: |_, _, _| {
            Ok(Box::new(Count::new(
                Brackets::default(),
                Bounds::at_least(1),
                ("nest", "nests"),
            )))
        },
    },
    Kind {
        id: "format:quotes",
        reach: Reach::Whole,
        category: Category::Format,
        about: "nests quotation marks at least three levels deep",
        args: &[],
        label: |_| "quotes 3 deep".into(),
        checker: |_, _, _| {
            Ok(Box::new(Count::new(
                Quotes::default(),
                Bounds::at_least(1),
                ("nest", "nests"),
            )))
        },
    },
    Kind {
        id: "format:quote_unquote",
        reach: Reach::Whole,
        category: Category::Format,
        about: "explains every quoted phrase without quotation marks",
        args: &[],
        label: |_| "quotes are explained".into(),
        checker: |_, _, semantics| {
            Ok(Box::new(Whole::new(move |answer| {
                (quotes::are_explained(answer, semantics), String::new())
            })))
        },
    },
];

/// Officially the ASCII comma only; as worded those of other scripts too.
struct Commas(Semantics);

impl CharFinder for Commas {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c == ',' || self.0 == Semantics::AsWorded && matches!(c, '，' | '、' | '،' | '﹐' | '､') {
            found.add(at..at + c.len_utf8());
        }
    }
}

/// An interrobang, and every other mark even if one of its spellings (the first `?!`, else the first `!?`) is taken out.
fn has_every_mark(answer: &str) -> bool {
    let spelled = answer.find("?!").or_else(|| answer.find("!?"));
    if spelled.is_none() && !answer.contains('‽') {
        return false;
    }
    let is_outside = |at: usize| spelled.is_none_or(|start| !(start..start + 2).contains(&at));
    ['.', ',', '!', '?', ';', ':']
        .iter()
        .all(|&mark| answer.match_indices(mark).any(|(at, _)| is_outside(at)))
}
