//! Rules that every word keeps.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
