//! The language of the answer.

mod names;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
