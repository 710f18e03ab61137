//! Rules that every sentence keeps.

use super::Kind;

pub const KINDS: &[Kind] = &[];
