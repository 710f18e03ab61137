//! The language of the answer.

mod names;
pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
