//! What must be in the answer: placeholders, postscripts, fixed phrases.

pub mod assemble;
pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
