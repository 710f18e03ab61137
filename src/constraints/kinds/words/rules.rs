//! What single words are held against.

use crate::constraints::{
    checker::Judgement,
    text::{chars::bare, syllables::syllables},
};

/// Each word begins with the letter after the last one's, `a` after `z`.
pub fn alphabet() -> impl FnMut(&str) -> Judgement + Send {
    let mut wanted: Option<u8> = None;
    move |token| {
        let word = bare(token);
        let Some(first) = word.chars().next() else {
            return Judgement::Skipped;
        };
        let letter = u8::try_from(first).ok().filter(u8::is_ascii_lowercase);
        let Some(letter) = letter.filter(|&letter| wanted.is_none_or(|wanted| wanted == letter)) else {
            return Judgement::Broken;
        };
        wanted = Some(if letter == b'z' { b'a' } else { letter + 1 });
        Judgement::Kept
    }
}

/// Words of an odd and of an even number of syllables by turns.
pub fn alternating_syllables() -> impl FnMut(&str) -> Judgement + Send {
    let mut last = None;
    move |token| {
        let word = bare(token);
        if word.is_empty() {
            return Judgement::Skipped;
        }
        let parity = syllables(&word) % 2;
        (last.replace(parity) != Some(parity)).into()
    }
}

/// Two consonants together; `y` is one.
pub fn has_cluster(token: &str) -> bool {
    let mut before = false;
    token.chars().flat_map(char::to_lowercase).any(|c| {
        let consonant = c.is_ascii_lowercase() && !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
        std::mem::replace(&mut before, consonant) && consonant
    })
}

/// Prime numbers up to 97, the largest that the published list has.
pub fn is_small_prime(number: usize) -> bool {
    (2..=97).contains(&number)
        && (2..number)
            .take_while(|d| d * d <= number)
            .all(|d| !number.is_multiple_of(d))
}

pub fn lower_without_slash(c: char) -> char {
    if c == '/' {
        return ' ';
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}
