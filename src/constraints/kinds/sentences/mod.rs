//! Rules that every sentence keeps.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
