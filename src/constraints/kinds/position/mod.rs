//! What the answer, a paragraph or a sentence begins or ends with.

pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
