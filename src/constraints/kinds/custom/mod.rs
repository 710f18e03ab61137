//! Ids that belong to one prompt each.

use super::Kind;

pub const KINDS: &[Kind] = &[];
