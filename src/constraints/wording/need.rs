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

/// Which runs of bytes a text holds. Of single bytes only those of values are asked for: they stand for themselves.
pub struct Runs([u64; RUNS / 64]);

impl Runs {
    pub fn of(text: &str) -> Self {
        let mut runs = Self([0; RUNS / 64]);
        // The last bytes, the latest lowest.
        let mut last = 0;
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            last = last << 8 | u32::from(byte);
            if byte < b' ' {
                runs.add(last, 1);
            }
            if at > 0 {
                runs.add(last, 2);
            }
            if at > 1 {
                runs.add(last, 3);
            }
        }
        runs
    }

    fn add(&mut self, bytes: u32, length: usize) {
        let at = usize::from(hash(bytes, length));
        self.0[at / 64] |= 1 << (at % 64);
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

/// What a text must hold, as one run of numbers: hundreds are asked of each prompt, and none of them is near in memory.
///
/// Nothing that is known, if it is empty. Else [`ONE`], how many strings, of each the run that fewest texts hold, of each the
/// place of its other runs, and these after their number; or [`ALL`] or [`ANY`] and needs, each after its length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Need(Vec<u16>);

const ONE: u16 = 0;
const ALL: u16 = 1;
const ANY: u16 = 2;

/// Numbers of one need, at most: what is longer costs more than the pattern.
const DEAREST: usize = 4096;

impl Need {
    /// The needs of a regular expression; nothing of one that cannot be read.
    pub fn of(pattern: &str) -> Self {
        regex_syntax::parse(pattern).map_or(Self::default(), |hir| of(&hir))
    }

    pub fn is_met(&self, runs: &Runs) -> bool {
        is_met(&self.0, runs)
    }

    /// All of some needs.
    pub fn all(needs: &[Need]) -> Self {
        Self::several(ALL, needs)
    }

    fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    fn one<'s>(strings: impl Iterator<Item = &'s [u8]>) -> Self {
        // The letters that are in every text.
        let usual = |run: &[u8]| run.iter().filter(|byte| b" etaoinshr".contains(byte)).count();
        let (mut rare, mut places, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for string in strings {
            let mut runs: Vec<&[u8]> = string.windows(string.len().min(LONGEST)).collect();
            runs.sort_by_key(|run| usual(run));
            let mut hashes = runs.into_iter().map(|run| {
                let bytes = run.iter().fold(0, |bytes, &byte| bytes << 8 | u32::from(byte));
                hash(bytes, run.len())
            });
            rare.extend(hashes.next());
            places.push(others.len() as u16);
            others.push(hashes.len() as u16);
            others.extend(hashes);
        }
        Self([vec![ONE, rare.len() as u16], rare, places, others].concat())
    }

    fn several(kind: u16, needs: &[Need]) -> Self {
        let mut all = vec![kind];
        for Self(need) in needs {
            all.push(need.len() as u16);
            all.extend(need);
        }
        Self(if all.len() > DEAREST { Vec::new() } else { all })
    }
}

fn is_met(need: &[u16], runs: &Runs) -> bool {
    let Some((&kind, need)) = need.split_first() else {
        return true;
    };
    if kind == ONE {
        let strings = usize::from(need[0]);
        let (rare, rest) = need[1..].split_at(strings);
        let (places, others) = rest.split_at(strings);
        let has_others = |&place: &u16| {
            let (&count, others) = others[usize::from(place)..].split_first()?;
            Some(others[..usize::from(count)].iter().all(|&run| runs.holds(run)))
        };
        return (rare.iter().zip(places))
            .any(|(&rare, place)| runs.holds(rare) && has_others(place) == Some(true));
    }
    let mut rest = need;
    while let Some((&length, from)) = rest.split_first() {
        let (need, after) = from.split_at(usize::from(length));
        if is_met(need, runs) == (kind == ANY) {
            return kind == ANY;
        }
        rest = after;
    }
    kind == ALL
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
                all.push(literals(&Hir::concat(ahead)).unwrap_or_else(|| inside(part)));
            }
        }
        _ => all.push(literals(hir).unwrap_or_else(|| inside(hir))),
    }
    all.retain(|need| !need.is_nothing());
    all.sort_by_key(|need| need.0.len());
    all.truncate(KEPT);
    match all.len() {
        0 => Need::default(),
        1 => all.remove(0),
        _ => Need::all(&all),
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
            match needs.iter().any(Need::is_nothing) {
                true => Need::default(),
                false => Need::several(ANY, &needs),
            }
        }
        _ => Need::default(),
    }
}

/// One of the strings that an expression begins with, where they are few and long enough to tell anything.
fn literals(hir: &Hir) -> Option<Need> {
    let mut extractor = Extractor::new();
    extractor.limit_total(48).limit_literal_len(12).limit_class(8);
    let mut strings = extractor.extract(hir);
    strings.minimize_by_preference();
    let strings = strings.literals()?;
    // A letter or a blank alone is in every text; what stands for an amount is not.
    let tells = |string: &[u8]| string.len() > 1 || string.iter().any(|&byte| byte < b' ');
    let all_tell = !strings.is_empty() && strings.iter().all(|string| tells(string.as_bytes()));
    all_tell.then(|| Need::one(strings.iter().map(|string| string.as_bytes())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;
    use crate::constraints::{
        kinds,
        wording::{
            lex::lex,
            pattern::{compile, expanded},
            quantity, rule,
            sketch::Document,
        },
    };

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
        assert!(tried * 10 < needs.len(), "{tried} of {}", needs.len());
    }

    #[test]
    fn nothing_is_missed_in_labelled_prompts() {
        let phrases: Vec<(Need, Regex)> = kinds::phrases()
            .map(|phrase| (Need::of(&expanded(phrase.pattern)), compile(phrase.pattern)))
            .collect();
        let rules: Vec<(Need, rule::Compiled)> = kinds::rules()
            .map(|rule| (rule.need(), rule::Compiled::new(rule)))
            .collect();
        let mut found = 0;
        // Every tenth, for time.
        for row in include_str!("../../../tests/data/worded_prompts.jsonl")
            .lines()
            .step_by(10)
        {
            let row: serde_json::Value = serde_json::from_str(row).expect("a row");
            let mut lexed = lex(row["prompt"].as_str().expect("a prompt"));
            let quantities = quantity::fold(&mut lexed);
            let document = Document::new(lexed, quantities);
            let phrases = phrases.iter().filter(|(_, regex)| regex.is_match(&document.text));
            let rules = rules.iter().filter(|(_, rule)| !rule.find(&document).is_empty());
            for need in phrases.map(|(need, _)| need).chain(rules.map(|(need, _)| need)) {
                assert!(document.text.meets(need), "{}", row["prompt"]);
                found += 1;
            }
        }
        assert!(found > 300, "{found} matches are too few to tell");
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
