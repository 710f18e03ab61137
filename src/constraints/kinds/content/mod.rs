//! What must be in the answer: placeholders, postscripts, fixed phrases.

use super::Kind;

pub const KINDS: &[Kind] = &[];
