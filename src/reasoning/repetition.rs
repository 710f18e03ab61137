//! Noticing that a trace goes in circles, as R1 distills do until their limit (DeepSeek-R1 issues 533, 565).

use std::collections::{HashMap, VecDeque};

/// Characters, white space not counted, that must come again: about forty tokens, more than a trace repeats on purpose.
const WINDOW: usize = 160;
/// A passage is a loop when it is there this often. A trace may well copy its draft once or twice.
const OCCURRENCES: u32 = 4;
/// Every so many characters a window is kept to be found again: any loop repeats those that lie in it.
const STRIDE: usize = 16;
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Watches thinking as it streams. Takes no decision: a loop is a reason to *offer* ending the thinking.
///
/// Costs a hash lookup a character, and memory for a sixteenth of them.
#[derive(Clone, Debug, Default)]
pub struct LoopGuard {
    window: VecDeque<char>,
    /// Rolling hash of `window`.
    hash: u64,
    /// How often the kept windows have been seen.
    seen: HashMap<u64, u32>,
    read: usize,
    looping: bool,
}

impl LoopGuard {
    pub fn push(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            self.step(c);
        }
    }

    /// The same passage has come [four times](OCCURRENCES). Stays true.
    pub fn is_looping(&self) -> bool {
        self.looping
    }

    fn step(&mut self, c: char) {
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(c.into());
        self.window.push_back(c);
        if self.window.len() > WINDOW
            && let Some(gone) = self.window.pop_front()
        {
            let weight = BASE.wrapping_pow(WINDOW as u32);
            self.hash = self.hash.wrapping_sub(weight.wrapping_mul(gone.into()));
        }
        self.read += 1;
        if self.read < WINDOW {
            return;
        }
        if let Some(times) = self.seen.get_mut(&self.hash) {
            *times += 1;
            self.looping |= *times >= OCCURRENCES;
        } else if self.read.is_multiple_of(STRIDE) {
            self.seen.insert(self.hash, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loops(text: &str) -> bool {
        let mut guard = LoopGuard::default();
        guard.push(text);
        guard.is_looping()
    }

    #[test]
    fn a_passage_said_three_times_is_no_loop() {
        let passage = "So the answer needs three bullets, no commas, and the closing phrase. Let me check each of them. \
            First the bullets: there are three of them, each on a line of its own. Then the commas: I see none. Last the \
            phrase: it is there, word for word, with its full stop.\n";
        assert!(!loops(&passage.repeat(3)));
        assert!(loops(&passage.repeat(6)));
    }

    #[test]
    fn counting_up_is_no_loop() {
        let text: String = (0..5000).map(|n| format!("Wait, step {n}: add {n}. ")).collect();
        assert!(!loops(&text));
    }

    proptest! {
        #[test]
        fn any_loop_is_noticed(start in "[a-z ]{0,300}", passage in "[a-z]{1,40}( [a-z日本]{1,9}){0,40}") {
            let counted = passage.chars().filter(|c| !c.is_whitespace()).count();
            let turns = 5 + (WINDOW + STRIDE) / counted + 1;
            let text = format!("{start} {}", format!("{passage} ").repeat(turns));
            prop_assert!(loops(&text));
        }

        #[test]
        fn the_cut_of_the_stream_does_not_matter(passage in "[a-z ]{50,200}", turns in 1usize..8, size in 1usize..50) {
            let text: Vec<char> = passage.repeat(turns).chars().collect();
            let mut guard = LoopGuard::default();
            for piece in text.chunks(size) {
                guard.push(&piece.iter().collect::<String>());
            }
            prop_assert_eq!(guard.is_looping(), loops(&passage.repeat(turns)));
        }
    }
}
