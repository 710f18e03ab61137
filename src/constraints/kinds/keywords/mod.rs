//! Words and letters that must, may or must not occur.

use super::Kind;

pub const KINDS: &[Kind] = &[];
