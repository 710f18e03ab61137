//! Shares of the answer: stop words, sentence types, overlaps.

use super::Kind;

pub const KINDS: &[Kind] = &[];
