//! Constraints that bind a part of the answer only.
//!
//! Parts that are cut off as the answer grows are checked each when it is complete (`cut`); the others are looked for in what
//! there is of the answer (`found`).

mod cut;
mod found;
mod part;

use self::{cut::Cut, found::Found, part::Build};
use crate::constraints::{
    Scope,
    checker::{Checker, Units},
};

/// A checker for a scope; `None` if no program can find that part: a step, a speaker, a tone.
pub fn scoped(scope: &Scope, build: Build) -> Option<Box<dyn Checker>> {
    match Units::of(&scope.part) {
        Some((unit, items_only)) => Some(Box::new(Cut::new(unit, items_only, &scope.index, build)?)),
        None => Some(Box::new(Found::new(scope, build)?)),
    }
}
