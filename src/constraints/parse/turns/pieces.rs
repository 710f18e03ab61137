//! Whether a prompt comes back to an earlier piece of work: `back to the toast`, `the letter needs a title`.

use super::{
    Turn,
    said::{Deed, stands},
};
use crate::{constraints::wording::pattern::Pattern, says};

/// The earlier piece of work that a turn comes back to; `pieces` are those of the `prompts` before it.
pub(super) fn returned_to(turn: &Turn, prompts: &[&str], pieces: &[usize]) -> Option<usize> {
    static BACK: Pattern = Pattern::new(
        r"\b(?:back|return(?:ing)?|revisit(?:ing)?|circl(?:e|ing) back|go over) (?:now )?(?:to |on )?(?:the|that|my|our|your|this) (?:first |earlier |original |old )?((?:[a-z'-]+ )?[a-z]+)\b|^(?:(?:ok(?:ay)?|right|so|now|and|oh|actually|about|as for|regarding|re|on|wait)[,: ]+)+(?:the|that|my|our) ([a-z'-]+)(?: again)?(?: (?:from (?:before|earlier)|above|you wrote|you gave me))?[,:]",
    );
    static NAMED: Pattern = Pattern::new(
        r"\b(?:the|that|my|our|your) (?:(?:first|earlier|original) )?(?:[a-z'-]+ )??({piece})\b",
    );
    let current = *pieces.last()?;
    let leaves = turn.deeds.contains(&Deed::Leaves);
    turn.sentences
        .iter()
        .zip(&turn.deeds)
        .find_map(|(sentence, deed)| {
            let text = sentence.text.as_str();
            if stands(sentence) || says!(text, r"\b{ruled}\b") {
                return None;
            }
            let edited = || NAMED.captures(text).filter(|_| *deed == Deed::Edits && !leaves);
            let found = BACK.captures(text).or_else(edited)?;
            let name = found.get(1).or(found.get(2))?.as_str();
            // `the wedding toast`, `the toast please`: one of the words is the noun.
            name.split(' ').rev().find_map(|noun| {
                let of = |piece: usize| {
                    let mut prompts = prompts.iter().zip(pieces).filter(move |(_, at)| **at == piece);
                    prompts.any(|(prompt, _)| mentions(prompt, noun))
                };
                if of(current) {
                    return None;
                }
                (0..current).rev().find(|&piece| of(piece))
            })
        })
}

/// Whether a prompt has a noun, in the singular or plural.
fn mentions(prompt: &str, noun: &str) -> bool {
    let noun = noun.strip_suffix('s').unwrap_or(noun);
    noun.len() > 2
        && prompt.split(|c: char| !c.is_alphabetic()).any(|word| {
            word.to_lowercase()
                .strip_prefix(noun)
                .is_some_and(|rest| matches!(rest, "" | "s" | "es"))
        })
}
