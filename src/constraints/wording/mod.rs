//! How people word a statement, before it is known what they state.
//!
//! [`lex`] (tokens with their bytes) → [`quantity`] ([`number`]s with their [`relations`] become amounts) → [`sketch`] (one plain
//! line) → [`pattern`]s matched against it, of which [`need`] tells cheaply that they cannot match. A [`phrase`] is a pattern with
//! a reader, a [`rule`] several in any order; a [`hit`] is what a reader sees of a match (of a rule's: [`parts`]), the [`lists`] of
//! words behind it included. Only phrases and rules name a hit.
//!
//! Does not own any id: what states which is in `kinds/*/phrases.rs`.

mod hit;
pub mod lex;
pub mod lists;
pub mod need;
mod number;
mod parts;
pub mod pattern;
pub mod phrase;
pub mod quantity;
mod relations;
pub mod rule;
pub mod sketch;

pub use number::count_of;
