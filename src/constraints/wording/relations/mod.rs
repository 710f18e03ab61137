//! The words that relate a number to what is counted.
//!
//! Owns them all: before the number one phrase a line in the files of this folder, after it or after its noun in [`AFTER`].

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

/// Phrases after a number or its noun. The flag: the phrase must end the clause, for it can also open another.
const AFTER: &[(Relation, bool, &str)] = &[
    (Relation::AtLeast, false, "or more"),
    (Relation::AtLeast, false, "or greater"),
    (Relation::AtLeast, false, "or longer"),
    (Relation::AtLeast, false, "or above"),
    (Relation::AtLeast, false, "or upwards"),
    (Relation::AtLeast, false, "or upward"),
    (Relation::AtLeast, false, "or higher"),
    (Relation::AtLeast, false, "or better"),
    (Relation::AtLeast, false, "or deeper"),
    (Relation::AtLeast, false, "and upwards"),
    (Relation::AtLeast, false, "and upward"),
    (Relation::AtLeast, false, "and more"),
    (Relation::AtLeast, false, "is the least"),
    (Relation::AtLeast, true, "the least"),
    (Relation::AtLeast, true, "the floor"),
    (Relation::AtLeast, true, "the minimum"),
    (Relation::AtLeast, true, "the bare minimum"),
    (Relation::AtLeast, true, "is the bare minimum"),
    (Relation::AtLeast, true, "upwards"),
    (Relation::AtLeast, false, "and above"),
    (Relation::AtLeast, false, "and up"),
    (Relation::AtLeast, false, "and over"),
    (Relation::AtLeast, false, "plus"),
    (Relation::AtLeast, false, "以 上"),
    (Relation::AtLeast, false, "起 步"),
    (Relation::AtLeast, true, "at least"),
    (Relation::AtLeast, true, "at the least"),
    (Relation::AtLeast, true, "at the very least"),
    (Relation::AtLeast, true, "minimum"),
    (Relation::AtLeast, true, "as a minimum"),
    (Relation::AtLeast, true, "at a minimum"),
    (Relation::AtLeast, true, "at minimum"),
    (Relation::AtLeast, true, "min"),
    (Relation::AtLeast, true, "and no fewer"),
    (Relation::AtLeast, true, "no fewer"),
    (Relation::AtLeast, true, "no less"),
    (Relation::AtLeast, true, "is the minimum"),
    (Relation::AtLeast, true, "is the floor"),
    (Relation::AtLeast, true, "being the minimum"),
    (Relation::AtLeast, true, "being the floor"),
    (Relation::AtMost, false, "or fewer"),
    (Relation::AtMost, false, "or less"),
    (Relation::AtMost, false, "or under"),
    (Relation::AtMost, false, "or below"),
    (Relation::AtMost, false, "or shorter"),
    (Relation::AtMost, false, "and under"),
    (Relation::AtMost, false, "以 内"),
    (Relation::AtMost, false, "之 内"),
    (Relation::AtMost, false, "以 下"),
    (Relation::AtMost, false, "内"),
    (Relation::AtMost, false, "封 顶"),
    (Relation::AtMost, false, "为 限"),
    (Relation::AtMost, false, "为 上 限"),
    (Relation::AtMost, true, "at most"),
    (Relation::AtMost, true, "at the most"),
    (Relation::AtMost, true, "at the very most"),
    (Relation::AtMost, true, "maximum"),
    (Relation::AtMost, false, "is the most"),
    (Relation::AtMost, true, "the most"),
    (Relation::AtMost, true, "the ceiling"),
    (Relation::AtMost, true, "the maximum"),
    (Relation::AtMost, true, "the cap"),
    (Relation::AtMost, true, "the limit"),
    (Relation::AtMost, true, "as a maximum"),
    (Relation::AtMost, true, "at maximum"),
    (Relation::AtMost, true, "at a maximum"),
    (Relation::AtMost, true, "max"),
    (Relation::AtMost, true, "tops"),
    (Relation::AtMost, true, "limit"),
    (Relation::AtMost, true, "ceiling"),
    (Relation::AtMost, true, "at the outside"),
    (Relation::AtMost, true, "at the longest"),
    (Relation::AtMost, true, "being the ceiling"),
    (Relation::AtMost, true, "being the limit"),
    (Relation::AtMost, true, "being the cap"),
    (Relation::AtMost, true, "being the maximum"),
    (Relation::AtMost, true, "is the ceiling"),
    (Relation::AtMost, true, "is the limit"),
    (Relation::AtMost, true, "is the cap"),
    (Relation::AtMost, true, "is the maximum"),
    (Relation::AtMost, true, "is my limit"),
    (Relation::AtMost, true, "is our limit"),
    (Relation::AtMost, true, "and that's your lot"),
    (Relation::AtMost, true, "and not one over"),
    (Relation::AtMost, true, "and not one more"),
    (Relation::AtMost, true, "and not a word more"),
    (Relation::AtMost, true, "and no longer"),
    (Relation::AtMost, true, "not one over"),
    (Relation::AtMost, true, "not one more"),
    (Relation::AtMost, true, "cap"),
    (Relation::AtMost, true, "and no more"),
    (Relation::AtMost, true, "and not more"),
    (Relation::AtMost, true, "no more"),
    (Relation::AtMost, true, "not more"),
    (Relation::Exactly, true, "exactly"),
    (Relation::Exactly, true, "precisely"),
    (Relation::Exactly, true, "no more and no less"),
    (Relation::Exactly, true, "no more no less"),
    (Relation::Exactly, true, "no more , no less"),
    (Relation::Exactly, true, "no more and no fewer"),
    (Relation::Exactly, true, "no more , no fewer"),
    (Relation::Exactly, true, "neither more nor fewer"),
    (Relation::Exactly, true, "neither more nor less"),
    (Relation::Exactly, true, "not one more and not one fewer"),
    (Relation::Exactly, true, "not one more , not one fewer"),
    (Relation::Exactly, true, "not one more and not one less"),
    (Relation::Exactly, true, "not one more , not one less"),
    (Relation::Exactly, true, "not one more or less"),
    (Relation::Exactly, true, "not one more or fewer"),
    (Relation::Exactly, true, "on the dot"),
    (Relation::Exactly, true, "on the nose"),
    (Relation::Exactly, true, "flat"),
    (Relation::About, false, "or so"),
    (Relation::About, false, "ish"),
    (Relation::About, false, "or thereabouts"),
    (Relation::About, false, "give or take"),
    (Relation::About, true, "approximately"),
    (Relation::About, true, "roughly"),
    (Relation::About, true, "approx"),
    (Relation::About, false, "左 右"),
    (Relation::About, false, "上 下"),
];

pub(super) type Before = (Relation, Vec<&'static str>);
pub(super) type After = (Relation, bool, Vec<&'static str>);

pub(super) struct Lexicon {
    /// By the last word, longest first.
    pub before: HashMap<&'static str, Vec<Before>>,
    /// By the first word, longest first.
    pub after: HashMap<&'static str, Vec<After>>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        before: HashMap::new(),
        after: HashMap::new(),
    };
    for (relation, lines) in BEFORE {
        for line in lines.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let Some(last) = words.last() {
                lexicon.before.entry(last).or_default().push((*relation, words));
            }
        }
    }
    for (relation, ends, line) in AFTER {
        let words: Vec<&str> = line.split_whitespace().collect();
        lexicon
            .after
            .entry(words[0])
            .or_default()
            .push((*relation, *ends, words));
    }
    lexicon
        .before
        .values_mut()
        .for_each(|phrases| phrases.sort_by_key(|(_, words)| std::cmp::Reverse(words.len())));
    lexicon
        .after
        .values_mut()
        .for_each(|phrases| phrases.sort_by_key(|(_, _, words)| std::cmp::Reverse(words.len())));
    lexicon
});
