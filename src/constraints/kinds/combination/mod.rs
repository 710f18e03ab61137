//! What the answer repeats or is made of.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
