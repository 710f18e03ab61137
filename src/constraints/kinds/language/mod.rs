//! The language of the answer.

use super::Kind;

pub const KINDS: &[Kind] = &[];
