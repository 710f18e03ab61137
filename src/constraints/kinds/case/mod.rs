//! Upper and lower case.

use super::Kind;

pub const KINDS: &[Kind] = &[];
