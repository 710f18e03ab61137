//! NLTK's English parameters.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What the training text showed of a word that occurred in lower case.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Capitalised inside a sentence.
    pub upper_inside: bool,
    /// Capitalised somewhere, or never in lower case at the start of a sentence.
    pub lower_inside: bool,
}

pub struct Parameters {
    pub abbreviations: HashSet<&'static str>,
    pub starters: HashSet<&'static str>,
    pub collocations: HashSet<(&'static str, &'static str)>,
    pub seen_lower: HashMap<&'static str, Seen>,
}

pub static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let mut parameters = Parameters {
        abbreviations: HashSet::new(),
        starters: HashSet::new(),
        collocations: HashSet::new(),
        seen_lower: HashMap::new(),
    };
    let mut section = "";
    for line in include_str!("../../../../assets/punkt/english.txt").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
            continue;
        }
        match section {
            "abbreviations" => drop(parameters.abbreviations.insert(line)),
            "starters" => drop(parameters.starters.insert(line)),
            "collocations" => drop(
                line.split_once('\t')
                    .map(|pair| parameters.collocations.insert(pair)),
            ),
            words => {
                let seen = Seen {
                    upper_inside: words.contains("upper-inside"),
                    lower_inside: words.contains("lower-inside"),
                };
                parameters.seen_lower.insert(line, seen);
            }
        }
    }
    parameters
});
