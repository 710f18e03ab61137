//! The words that relate a number to what is counted.
//!
//! Owns them all: one phrase a line, before the number in the files of this folder, after it or after its noun in those of
//! `after/`.

use std::{collections::HashMap, sync::LazyLock};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Relation {
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    Exactly,
    About,
    Between,
}

/// Phrases before a number, one a line.
const BEFORE: &[(Relation, &str)] = &[
    (Relation::AtLeast, include_str!("at_least.txt")),
    (Relation::MoreThan, include_str!("more_than.txt")),
    (Relation::AtMost, include_str!("at_most.txt")),
    (Relation::LessThan, include_str!("less_than.txt")),
    (Relation::Exactly, include_str!("exactly.txt")),
    (Relation::About, include_str!("about.txt")),
    (Relation::Between, include_str!("between.txt")),
];

/// Phrases after a number or its noun, one a line.
const AFTER: &[(Relation, &str)] = &[
    (Relation::AtLeast, include_str!("after/at_least.txt")),
    (Relation::AtMost, include_str!("after/at_most.txt")),
    (Relation::Exactly, include_str!("after/exactly.txt")),
    (Relation::About, include_str!("after/about.txt")),
];

pub(super) type Before = (Relation, Vec<&'static str>);

/// A phrase after a number, word by word.
pub(super) struct After {
    pub relation: Relation,
    /// The phrase must end the clause, for it can also open another.
    pub ends: bool,
    slots: Vec<Slot>,
}

/// One word of a phrase: any of these, or none where it may be missing.
struct Slot {
    words: Vec<&'static str>,
    optional: bool,
}

impl After {
    /// `is|being the? limit .`: words with their alternatives, `?` behind what may be missing, a full stop behind what must
    /// end the clause.
    fn read(relation: Relation, line: &'static str) -> Self {
        let ends = line.ends_with(" .");
        let slots = line
            .trim_end_matches(" .")
            .split_whitespace()
            .map(|slot| Slot {
                words: slot.trim_end_matches('?').split('|').collect(),
                optional: slot.ends_with('?'),
            })
            .collect();
        Self {
            relation,
            ends,
            slots,
        }
    }

    /// How many words of `at(0)`, `at(1)`, … the phrase takes.
    pub fn length<'t>(&self, at: impl Fn(usize) -> &'t str) -> Option<usize> {
        let mut length = 0;
        for slot in &self.slots {
            if slot.words.contains(&at(length)) {
                length += 1;
            } else if !slot.optional {
                return None;
            }
        }
        Some(length)
    }

    fn first_words(&self) -> impl Iterator<Item = &'static str> {
        let open = self.slots.iter().take_while(|slot| slot.optional).count();
        self.slots
            .iter()
            .take(open + 1)
            .flat_map(|slot| slot.words.iter().copied())
    }
}

pub(super) struct Lexicon {
    /// By the last word, longest first.
    pub before: HashMap<&'static str, Vec<Before>>,
    pub after: Vec<After>,
    /// Positions in `after`, by each word that can be the first.
    pub after_by_word: HashMap<&'static str, Vec<usize>>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        before: HashMap::new(),
        after: Vec::new(),
        after_by_word: HashMap::new(),
    };
    for (relation, lines) in BEFORE {
        for line in lines.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let Some(last) = words.last() {
                lexicon.before.entry(last).or_default().push((*relation, words));
            }
        }
    }
    for (relation, lines) in AFTER {
        for line in lines.lines() {
            let phrase = After::read(*relation, line);
            for word in phrase.first_words() {
                lexicon
                    .after_by_word
                    .entry(word)
                    .or_default()
                    .push(lexicon.after.len());
            }
            lexicon.after.push(phrase);
        }
    }
    lexicon
        .before
        .values_mut()
        .for_each(|phrases| phrases.sort_by_key(|(_, words)| std::cmp::Reverse(words.len())));
    lexicon
});
