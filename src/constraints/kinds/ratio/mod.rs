//! Shares of the answer: stop words, sentence types, overlaps.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
