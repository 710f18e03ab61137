//! Ids that belong to one prompt each.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
