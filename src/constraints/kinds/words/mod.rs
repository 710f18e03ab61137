//! Rules that every word keeps.

use super::Kind;

pub const KINDS: &[Kind] = &[];
