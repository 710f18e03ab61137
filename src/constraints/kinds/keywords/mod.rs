//! Words and letters that must, may or must not occur.

pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
