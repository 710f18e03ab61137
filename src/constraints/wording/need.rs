//! What a text must hold before a pattern can match it: nine of ten patterns need not be tried.
//!
//! Owns a sound test only: where it says no, the pattern does not match; where it says yes, the pattern decides. It compares
//! runs of one to three bytes by hash, read from the pattern's own syntax, so that nobody has to keep a list beside a pattern
//! (Cox, “Regular Expression Matching with a Trigram Index”, 2012).

use regex_syntax::hir::{Hir, HirKind, literal::Extractor};

/// Hashes of runs, at most. Long texts hold nearly all; then the patterns decide alone.
const RUNS: usize = 1 << 13;
/// Bytes of the longest run.
const LONGEST: usize = 3;

/// Which runs of bytes a text holds.
pub struct Runs([u64; RUNS / 64]);

impl Runs {
    pub fn of(text: &str) -> Self {
        let mut runs = Self([0; RUNS / 64]);
        // The last bytes, the latest lowest.
        let mut last = 0;
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            last = last << 8 | u32::from(byte);
            for length in 1..=LONGEST.min(at + 1) {
                let at = usize::from(hash(last, length));
                runs.0[at / 64] |= 1 << (at % 64);
            }
        }
        runs
    }

    fn holds(&self, run: u16) -> bool {
        let at = usize::from(run);
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
}

/// The hash of the last `length` of some bytes.
fn hash(bytes: u32, length: usize) -> u16 {
    // Multiplicative hashing (Knuth); zero bytes above the run tell its length, for no text of a sketch holds one.
    let run = bytes << (8 * (4 - length)) >> (8 * (4 - length));
    (run.wrapping_mul(0x9E37_79B1) >> (32 - RUNS.ilog2())) as u16
}

/// What a text must hold.
#[derive(Debug, PartialEq)]
pub enum Need {
    /// Nothing that is known.
    Nothing,
    /// One of some strings.
    One(Strings),
    All(Vec<Need>),
    Any(Vec<Need>),
}

/// Strings by their runs, one behind the other, each after how many it has.
#[derive(Debug, PartialEq)]
pub struct Strings(Vec<u16>);

impl Strings {
    fn of<'s>(strings: impl Iterator<Item = &'s [u8]>) -> Self {
        let mut all = Vec::new();
        for string in strings {
            let length = string.len().min(LONGEST);
            all.push((string.len() - length + 1) as u16);
            all.extend(string.windows(length).map(|run| {
                let bytes = run.iter().fold(0, |bytes, &byte| bytes << 8 | u32::from(byte));
                hash(bytes, length)
            }));
        }
        Self(all)
    }

    fn iter(&self) -> impl Iterator<Item = &[u16]> {
        let mut rest = &self.0[..];
        std::iter::from_fn(move || {
            let (&length, from) = rest.split_first()?;
            let (string, after) = from.split_at(usize::from(length));
            rest = after;
            Some(string)
        })
    }
}

impl Need {
    /// The needs of a regular expression; nothing of one that cannot be read.
    pub fn of(pattern: &str) -> Self {
        regex_syntax::parse(pattern).map_or(Self::Nothing, |hir| of(&hir))
    }

    pub fn is_met(&self, runs: &Runs) -> bool {
        match self {
            Self::Nothing => true,
            Self::One(strings) => strings
                .iter()
                .any(|string| string.iter().all(|&run| runs.holds(run))),
            Self::All(needs) => needs.iter().all(|need| need.is_met(runs)),
            Self::Any(needs) => needs.iter().any(|need| need.is_met(runs)),
        }
    }

    /// How many strings it asks about.
    fn size(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(strings) => strings.iter().count(),
            Self::All(needs) | Self::Any(needs) => needs.iter().map(Self::size).sum(),
        }
    }
}

/// Parts of a sequence that are read together: literals grow over their borders.
const AHEAD: usize = 4;
/// Needs of a sequence that are kept: the shortest exclude most for their price.
const KEPT: usize = 3;

fn of(hir: &Hir) -> Need {
    let mut all = Vec::new();
    match hir.kind() {
        HirKind::Concat(parts) => {
            for (at, part) in parts.iter().enumerate() {
                if matches!(part.kind(), HirKind::Look(_)) {
                    continue;
                }
                let ahead = parts[at..parts.len().min(at + AHEAD)].to_vec();
                match literals(&Hir::concat(ahead)) {
                    Need::Nothing => all.push(inside(part)),
                    strings => all.push(strings),
                }
            }
        }
        _ => match literals(hir) {
            Need::Nothing => all.push(inside(hir)),
            strings => all.push(strings),
        },
    }
    all.retain(|need| *need != Need::Nothing);
    all.sort_by_key(Need::size);
    all.truncate(KEPT);
    match all.len() {
        0 => Need::Nothing,
        1 => all.remove(0),
        _ => Need::All(all),
    }
}

/// What the parts of an expression need, each for itself.
fn inside(hir: &Hir) -> Need {
    match hir.kind() {
        HirKind::Capture(group) => of(&group.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => of(&repeated.sub),
        HirKind::Concat(_) => of(hir),
        HirKind::Alternation(branches) => {
            let needs: Vec<Need> = branches.iter().map(of).collect();
            match needs.contains(&Need::Nothing) {
                true => Need::Nothing,
                false => Need::Any(needs),
            }
        }
        _ => Need::Nothing,
    }
}

/// One of the strings that an expression begins with, where they are few and long enough to tell anything.
fn literals(hir: &Hir) -> Need {
    let mut extractor = Extractor::new();
    extractor.limit_total(48).limit_literal_len(12).limit_class(8);
    let mut strings = extractor.extract(hir);
    strings.minimize_by_preference();
    let Some(strings) = strings.literals() else {
        return Need::Nothing;
    };
    // A letter or a blank alone is in every text; what stands for an amount is not.
    let tells = |string: &[u8]| string.len() > 1 || string.iter().any(|&byte| byte < b' ');
    if strings.is_empty() || !strings.iter().all(|string| tells(string.as_bytes())) {
        return Need::Nothing;
    }
    Need::One(Strings::of(strings.iter().map(|string| string.as_bytes())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;
    use crate::constraints::{kinds, wording::pattern::expanded};

    #[test]
    fn what_a_match_needs() {
        let met = |pattern: &str, text: &str| Need::of(pattern).is_met(&Runs::of(text));
        assert!(met(r"\b(?:no|without) commas?\b", "write it without commas"));
        assert!(!met(r"\b(?:no|without) commas?\b", "write it with semicolons"));
        assert!(!met(r"\x01 words\b", "a few words"));
        assert!(met(r"a*", ""));
        assert!(met(r"(?:ab|)c?", "x"));
    }

    #[test]
    fn most_phrases_are_not_tried_on_a_text_that_states_nothing() {
        let runs = Runs::of("tell me what the moons of jupiter are called and who saw them first.");
        let needs: Vec<Need> = kinds::phrases()
            .map(|phrase| Need::of(&expanded(phrase.pattern)))
            .collect();
        let tried = needs.iter().filter(|need| need.is_met(&runs)).count();
        assert!(tried * 20 < needs.len(), "{tried} of {}", needs.len());
    }

    proptest! {
        /// No match is ever missed: texts made of the patterns themselves.
        #[test]
        fn what_matches_has_what_it_needs(
            nth in 0..kinds::phrases().count(),
            text in "[a-z \\x01\\x02\\x04.,*:]{0,60}",
            from in 0..400usize,
        ) {
            let pattern = expanded(kinds::phrases().nth(nth).expect("a phrase").pattern);
            // Words of the pattern itself, so that some texts come close.
            let words: String = pattern.chars().filter(|c| c.is_alphabetic() || *c == ' ').skip(from).take(60).collect();
            let text = format!("{text} {words}\u{1} {words}");
            let regex = Regex::new(&pattern).expect("a pattern");
            if regex.is_match(&text) {
                prop_assert!(Need::of(&pattern).is_met(&Runs::of(&text)));
            }
        }
    }
}
