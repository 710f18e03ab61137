//! What the answer repeats or is made of.

use super::Kind;

pub const KINDS: &[Kind] = &[];
