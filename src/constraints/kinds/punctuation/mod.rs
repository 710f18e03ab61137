//! Commas, quotation marks, brackets.

use super::{Category, Kind};
use crate::constraints::check::{Bounds, CharFinder, Count, Found};

pub const KINDS: &[Kind] = &[Kind {
    id: "punctuation:no_comma",
    category: Category::Format,
    about: "uses no comma",
    args: &[],
    label: |_| "no commas".into(),
    checker: |_, _, _| {
        Ok(Box::new(Count::new(
            Commas,
            Bounds {
                least: 0,
                most: Some(0),
            },
            ("comma", "commas"),
        )))
    },
}];

/// The ASCII comma only: `，` and `、` pass.
struct Commas;

impl CharFinder for Commas {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c == ',' {
            found.add(at..at + 1);
        }
    }
}
