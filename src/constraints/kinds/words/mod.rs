//! Rules that every word keeps, and words of a kind that are counted.

mod lists;
pub mod phrases;
mod rules;
mod verb;
mod vowels;

use std::collections::{HashMap, HashSet};

use lists::{CONJUNCTIONS, FIRST_PERSON, NAMES, PRONOUNS};
use vowels::FewVowels;

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    args::Relation,
    checker::{Bounds, CharFinder, Count, Every, Found, Judgement, TokenFinder, Unit, UnitFinder, Whole},
    text::chars::{bare, is_ascii_punctuation, is_digit, split, trim_punctuation},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "count:unique_word_count",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "uses at least so many different words",
        args: &[Arg::needed("N", ArgType::Count)],
        label: |args: Args| format!("at least {} different words", args.show("N")),
        checker: |args, _, semantics| {
            let mut seen = HashSet::new();
            let is_new = move |token: &str| {
                let word = trim_punctuation(&token.to_lowercase()).to_owned();
                // The published code counts a token of punctuation as one empty word.
                (semantics == Semantics::Official || !word.is_empty()) && seen.insert(word)
            };
            let bounds = Bounds::at_least(args.count("N")?);
            Ok(Box::new(Count::new(
                UnitFinder::new(Unit::Token, is_new),
                bounds,
                ("word", "words"),
            )))
        },
    },
    Kind {
        id: "count:conjunctions",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "uses at least so many different coordinating conjunctions",
        args: &[Arg::needed("small_n", ArgType::Count)],
        label: |args: Args| format!("at least {} conjunctions", args.show("small_n")),
        checker: |args, _, semantics| {
            let mut seen = HashSet::new();
            let is_new = move |token: &str| {
                let word = trim_punctuation(token).to_lowercase();
                let known = CONJUNCTIONS.contains(&word.as_str());
                // The published code takes `and`, `And` and `and,` for three.
                known
                    && seen.insert(if semantics == Semantics::Official {
                        token.to_owned()
                    } else {
                        word
                    })
            };
            let bounds = Bounds::at_least(args.count("small_n")?);
            let finder = UnitFinder::new(Unit::Token, is_new);
            Ok(Box::new(Count::new(
                finder,
                bounds,
                ("conjunction", "conjunctions"),
            )))
        },
    },
    Kind {
        id: "count:person_names",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "mentions at least so many names of a list",
        args: &[Arg::needed("N", ArgType::Count)],
        label: |args: Args| format!("at least {} names", args.show("N")),
        checker: |args, _, _| {
            let mut seen = HashSet::new();
            let is_new = move |word: &str| NAMES.contains(&word) && seen.insert(word.to_owned());
            let bounds = Bounds::at_least(args.count("N")?);
            Ok(Box::new(Count::new(
                UnitFinder::new(Unit::Word, is_new),
                bounds,
                ("name", "names"),
            )))
        },
    },
    Kind {
        id: "count:pronouns",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has at least so many pronouns",
        args: &[Arg::needed("N", ArgType::Count)],
        label: |args: Args| format!("at least {} pronouns", args.show("N")),
        checker: |args, _, _| {
            let finder =
                TokenFinder::new(|token| PRONOUNS.contains(&token)).rewriting(rules::lower_without_slash);
            Ok(Box::new(Count::new(
                finder,
                Bounds::at_least(args.count("N")?),
                ("pronoun", "pronouns"),
            )))
        },
    },
    Kind {
        id: "count:numbers",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has exactly so many numbers",
        args: &[Arg::needed("N", ArgType::Count)],
        label: |args: Args| args.show_count("", "N", "number", "numbers"),
        checker: |args, _, _| {
            let bounds = Bounds::new(Relation::Exactly, args.count("N")?);
            Ok(Box::new(Count::new(
                Numbers::default(),
                bounds,
                ("number", "numbers"),
            )))
        },
    },
    Kind {
        id: "count:words_japanese",
        reach: Reach::Whole,
        category: Category::Linguistic,
        about: "has a Japanese word in every n-th place",
        args: &[Arg::needed("N", ArgType::Count)],
        label: |args: Args| format!("every {}. word Japanese", args.show("N")),
        checker: |args, _, _| {
            let period = positive(args, "N")?;
            let mut index = 0;
            Ok(Box::new(Every::new(Unit::Token, move |token| {
                index += 1;
                let word = trim_punctuation(token);
                if index % period != 0 || word.is_empty() || word.chars().all(is_digit) {
                    return Judgement::Kept;
                }
                word.contains(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
                    .into()
            })))
        },
    },
    Kind {
        id: "words:alphabet",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "begins each word with the next letter of the alphabet",
        args: &[],
        label: |_| "words in alphabetical order".into(),
        checker: |_, _, _| {
            Ok(Box::new(
                Every::new(Unit::Token, rules::alphabet()).bounded(Bounds::at_least(1)),
            ))
        },
    },
    Kind {
        id: "words:vowel",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "is one paragraph with at most three different vowels",
        args: &[],
        label: |_| "at most 3 vowels, one paragraph".into(),
        checker: |_, _, _| Ok(Box::new(FewVowels::default())),
    },
    Kind {
        id: "words:consonants",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has two consonants together in every word",
        args: &[],
        label: |_| "a consonant cluster in every word".into(),
        checker: |_, _, semantics| {
            Ok(Box::new(Every::new(Unit::Token, move |token| {
                if semantics == Semantics::AsWorded && !token.contains(char::is_alphabetic) {
                    return Judgement::Skipped;
                }
                rules::has_cluster(token).into()
            })))
        },
    },
    Kind {
        id: "words:palindrome",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has at least ten palindromes of five characters or more",
        args: &[],
        label: |_| "at least 10 palindromes".into(),
        checker: |_, _, _| {
            let finder = UnitFinder::new(Unit::Token, |token| {
                let word: Vec<char> = bare(token).chars().collect();
                word.len() >= 5 && word.iter().eq(word.iter().rev())
            });
            Ok(Box::new(Count::new(
                finder,
                Bounds::at_least(10),
                ("palindrome", "palindromes"),
            )))
        },
    },
    Kind {
        id: "words:prime_lengths",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "uses only words whose length is a prime number",
        args: &[],
        label: |_| "word lengths are primes".into(),
        checker: |_, _, _| {
            Ok(Box::new(Every::new(Unit::Token, |token| {
                let length = token.chars().filter(|&c| !is_ascii_punctuation(c)).count();
                if length == 0 {
                    Judgement::Skipped
                } else {
                    rules::is_small_prime(length).into()
                }
            })))
        },
    },
    Kind {
        id: "words:repeats",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "uses no word more than so many times",
        args: &[Arg::needed("small_n", ArgType::Count)],
        label: |args: Args| format!("no word more than {} times", args.show("small_n")),
        checker: |args, _, _| {
            let most = args.count("small_n")?;
            let mut counts: HashMap<String, usize> = HashMap::new();
            Ok(Box::new(Every::new(Unit::Token, move |token| {
                let word = bare(token);
                if word.is_empty() {
                    return Judgement::Skipped;
                }
                let count = counts.entry(word).or_default();
                *count += 1;
                (*count <= most).into()
            })))
        },
    },
    Kind {
        id: "words:no_consecutive",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "begins no two neighbouring words with the same letter",
        args: &[],
        label: |_| "neighbours start differently".into(),
        checker: |_, _, _| {
            let mut last = None;
            Ok(Box::new(Every::new(Unit::Token, move |token| {
                match bare(token).chars().next() {
                    None => Judgement::Skipped,
                    Some(first) => (last.replace(first) != Some(first)).into(),
                }
            })))
        },
    },
    Kind {
        id: "words:odd_even_syllables",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "alternates words with odd and even numbers of syllables",
        args: &[],
        label: |_| "odd and even syllables alternate".into(),
        checker: |_, _, _| Ok(Box::new(Every::new(Unit::Token, rules::alternating_syllables()))),
    },
    Kind {
        id: "words:start_verb",
        reach: Reach::Part,
        category: Category::Linguistic,
        about: "starts with a verb",
        args: &[],
        label: |_| "starts with a verb".into(),
        checker: |_, _, semantics| {
            let passes = move |answer: &str| {
                let first = split(answer).next().unwrap_or_default();
                (verb::is_verb(trim_punctuation(first), semantics), String::new())
            };
            Ok(Box::new(Whole::new(passes)))
        },
    },
    Kind {
        id: "raif:no_first_person",
        reach: Reach::Part,
        category: Category::Stylistic,
        about: "has no I, me, my, mine, we, us, our",
        args: &[],
        label: |_| "no first person".into(),
        checker: |_, _, _| {
            let finder = UnitFinder::new(Unit::Word, |word| {
                // `US` is a country.
                word != "US" && FIRST_PERSON.contains(&word.to_lowercase().as_str())
            });
            Ok(Box::new(Count::new(
                finder,
                Bounds {
                    least: 0,
                    most: Some(0),
                },
                ("first person", "first persons"),
            )))
        },
    },
];

/// An argument that divides.
fn positive(args: Args, name: &'static str) -> Result<usize, ArgError> {
    match args.count(name)? {
        0 => Err(ArgError::Invalid {
            name,
            reason: "0 is too small".into(),
        }),
        number => Ok(number),
    }
}

/// Runs of digits once ASCII punctuation is taken out: `1,000` is one, `1-2` is one.
#[derive(Default)]
struct Numbers {
    inside: bool,
}

impl CharFinder for Numbers {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if is_ascii_punctuation(c) {
            return;
        }
        let digit = is_digit(c);
        if digit && !self.inside {
            found.add(at..at + c.len_utf8());
        }
        self.inside = digit;
    }
}
