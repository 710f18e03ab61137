//! How much: words, sentences, paragraphs, lines, characters.

pub mod assemble;
pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
