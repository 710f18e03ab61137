//! What the answer, a paragraph or a sentence begins or ends with.

use super::Kind;

pub const KINDS: &[Kind] = &[];
