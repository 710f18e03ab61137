//! Words, sentences and tokens, as the published checkers count them.
//!
//! Owns text primitives, each in a form that takes an answer piece by piece. Knows nothing of constraints. What ends a
//! piece of text (a sentence, a token) may depend on what follows; everything here waits for it, so that what has been
//! reported never changes.

pub mod chars;
pub mod csv;
pub mod emoji;
pub mod json;
pub mod literal;
pub mod pattern;
pub mod punkt;
pub mod stopwords;
pub mod syllables;
pub mod treebank;
