//! Phrases: patterns over the sketch, and what they state.
//!
//! A pattern ([`super::pattern`]) matches words only; amounts and quoted strings are single characters whose values a reader
//! takes from the [`Hit`]. Phrases are written in the `phrases.rs` of the ids they state.

pub use super::hit::{Found, Hit, kwargs};

/// One way to state something.
pub struct Phrase {
    /// Beginnings of words of which the prompt must hold one, else the pattern is not tried. Empty: always tried.
    pub cues: &'static [&'static str],
    pub pattern: &'static str,
    /// Of two phrases that claim the same number or quotation, the higher rank has it; then the longer match.
    pub rank: u8,
    pub read: fn(&mut Hit),
}
