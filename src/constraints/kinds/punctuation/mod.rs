//! Commas, quotation marks, brackets.

use super::Kind;

pub const KINDS: &[Kind] = &[];
