//! Commas, quotation marks, brackets.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
