//! How much: words, sentences, paragraphs, lines, characters.

use super::Kind;

pub const KINDS: &[Kind] = &[];
