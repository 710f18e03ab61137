//! How often a letter occurs.

use crate::constraints::{
    args::ArgError,
    checker::{CharFinder, Found},
};

/// One character, its case ignored. The published code draws a random letter where the argument is no ASCII letter; here
/// the character that the prompt names counts.
pub struct Letter(char);

impl Letter {
    pub fn new(letter: &str) -> Result<Self, ArgError> {
        let lower = letter.trim().to_lowercase();
        let mut chars = lower.chars();
        match (chars.next(), chars.next()) {
            (Some(letter), None) => Ok(Self(letter)),
            _ => Err(ArgError::Invalid {
                name: "letter",
                reason: format!("`{letter}` is not one character"),
            }),
        }
    }
}

impl CharFinder for Letter {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c.to_lowercase().any(|lower| lower == self.0) {
            found.add(at..at + c.len_utf8());
        }
    }
}
