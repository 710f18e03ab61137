//! How often a letter occurs.

use crate::constraints::{
    Semantics,
    args::ArgError,
    checker::{CharFinder, Found},
};

/// One character, its case ignored. The published code draws a random letter where the argument is no ASCII letter; here
/// the character that the prompt names counts; as worded in every form in which people write it (`！` is `!`, `’` is `'`).
pub struct Letter {
    letter: char,
    semantics: Semantics,
}

impl Letter {
    pub fn new(letter: &str, semantics: Semantics) -> Result<Self, ArgError> {
        let lower = letter.trim().to_lowercase();
        let mut chars = lower.chars();
        match (chars.next(), chars.next()) {
            (Some(letter), None) => Ok(Self {
                letter: form(letter, semantics),
                semantics,
            }),
            _ => Err(ArgError::Invalid {
                name: "letter",
                reason: format!("`{letter}` is not one character"),
            }),
        }
    }
}

/// The character that stands for all its forms.
fn form(c: char, semantics: Semantics) -> char {
    match (semantics, c) {
        (Semantics::Official, c) => c,
        (_, '’') => '\'',
        (_, '\u{ff01}'..='\u{ff5e}') => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        (_, c) => c,
    }
}

impl CharFinder for Letter {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if form(c, self.semantics)
            .to_lowercase()
            .any(|lower| lower == self.letter)
        {
            found.add(at..at + c.len_utf8());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str, letter: &str, semantics: Semantics) -> usize {
        let mut finder = Letter::new(letter, semantics).expect("one character");
        let mut found = Found::default();
        text.char_indices()
            .for_each(|(at, c)| finder.take(at, c, &mut found));
        found.count()
    }

    #[test]
    fn a_mark_counts_in_every_form() {
        assert_eq!(count("好！Go!", "！", Semantics::AsWorded), 2);
        assert_eq!(count("好！Go!", "!", Semantics::Official), 1);
        assert_eq!(count("it’s 'it'", "'", Semantics::AsWorded), 3);
        assert_eq!(count("Eve", "e", Semantics::Official), 2);
    }
}
