//! How much: words, sentences, paragraphs, lines, characters.

pub mod assemble;
pub mod chinese;
mod paragraphs;
pub mod phrases;
mod said_of;
pub mod separators;
mod units;

use paragraphs::StarredParagraphs;
pub use units::spoken_words;
use units::{Characters, FilledLines, Paragraphs, PlainSentences, SentenceStarts, SpokenWords, Words};

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    args::Relation,
    checker::{Bounds, Checker, Count},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "length_constraints:number_words",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has at least, or less than, so many words",
        args: &[
            Arg::needed("num_words", ArgType::Count),
            Arg::needed("relation", ArgType::Relation),
        ],
        label: |args| args.show_count("relation", "num_words", "word", "words"),
        checker: |args, _, semantics| {
            let bounds = Bounds::from_args(args, "relation", "num_words")?;
            Ok(words(bounds, semantics))
        },
    },
    Kind {
        id: "length_constraints:number_sentences",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has at least, or less than, so many sentences",
        args: &[
            Arg::needed("num_sentences", ArgType::Count),
            Arg::needed("relation", ArgType::Relation),
        ],
        label: |args| args.show_count("relation", "num_sentences", "sentence", "sentences"),
        checker: |args, _, semantics| {
            let bounds = Bounds::from_args(args, "relation", "num_sentences")?;
            Ok(sentences(bounds, semantics))
        },
    },
    Kind {
        id: "length_constraints:number_paragraphs",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has exactly so many paragraphs, separated by ***",
        args: &[Arg::needed("num_paragraphs", ArgType::Count)],
        label: |args: Args| format!("{} paragraphs (***)", args.show("num_paragraphs")),
        checker: |args, _, _| Ok(Box::new(StarredParagraphs::new(args.count("num_paragraphs")?))),
    },
    Kind {
        id: "count:word_count_range",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has from so many to so many words",
        args: &[
            Arg::needed("min_words", ArgType::Count),
            Arg::needed("max_words", ArgType::Count),
        ],
        label: |args: Args| format!("{} to {} words", args.show("min_words"), args.show("max_words")),
        checker: |args, _, semantics| {
            let bounds = Bounds {
                least: args.count("min_words")?,
                most: Some(args.count("max_words")?),
            };
            Ok(words(bounds, semantics))
        },
    },
    Kind {
        id: "raif:word_range",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has from so many to so many words",
        args: &[
            Arg::needed("min", ArgType::Count),
            Arg::needed("max", ArgType::Count),
        ],
        label: |args: Args| format!("{} to {} words", args.show("min"), args.show("max")),
        checker: |args, _, semantics| {
            Ok(words(
                Bounds {
                    least: args.count("min")?,
                    most: Some(args.count("max")?),
                },
                semantics,
            ))
        },
    },
    Kind {
        id: "raif:word_approx",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has about so many words",
        args: &[
            Arg::needed("num_words", ArgType::Count),
            Arg::optional("tolerance_pct", ArgType::Count),
        ],
        label: |args: Args| format!("about {} words", args.show("num_words")),
        checker: |args, _, _| Ok(words(near(args, 10)?, Semantics::AsWorded)),
    },
    Kind {
        id: "raif:exact_words",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has exactly so many words (about, with a tolerance)",
        args: &[
            Arg::needed("num_words", ArgType::Count),
            // Of a number that is only named: `a 200-word story`.
            Arg::optional("tolerance_pct", ArgType::Count),
        ],
        label: |args: Args| match args.get("tolerance_pct") {
            Some(_) => format!("about {} words", args.show("num_words")),
            None => args.show_count("", "num_words", "word", "words"),
        },
        checker: |args, _, semantics| Ok(words(near(args, 0)?, semantics)),
    },
    Kind {
        id: "raif:exact_sentences",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has exactly so many sentences",
        args: &[Arg::needed("num_sentences", ArgType::Count)],
        label: |args: Args| args.show_count("", "num_sentences", "sentence", "sentences"),
        checker: |args, _, semantics| {
            Ok(sentences(
                Bounds::new(Relation::Exactly, args.count("num_sentences")?),
                semantics,
            ))
        },
    },
    Kind {
        id: "raif:char_limit",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has at most, or at least, so many characters",
        args: &[
            Arg::optional("max_chars", ArgType::Count),
            Arg::optional("min_chars", ArgType::Count),
            // Of a number that is only named: 写一篇500字的短文.
            Arg::optional("tolerance_pct", ArgType::Count),
        ],
        label: |args: Args| match (args.get("min_chars"), args.get("max_chars")) {
            (None, _) => format!("at most {} characters", args.show("max_chars")),
            (Some(_), None) => format!("at least {} characters", args.show("min_chars")),
            (Some(least), Some(most)) if least == most => {
                let how = args.get("tolerance_pct").map_or("exactly", |_| "about");
                format!("{how} {} characters", args.show("max_chars"))
            }
            _ => format!(
                "{} to {} characters",
                args.show("min_chars"),
                args.show("max_chars")
            ),
        },
        checker: |args, prompt, _| {
            let most = args.count_if_given("max_chars")?;
            let least = args.count_if_given("min_chars")?;
            if most.is_none() && least.is_none() {
                return Err(ArgError::Missing("max_chars"));
            }
            let tolerance = args.count_if_given("tolerance_pct")?.unwrap_or(0);
            let slack = |count: usize| count.saturating_mul(tolerance) / 100;
            let bounds = Bounds {
                least: least.map_or(0, |least| least.saturating_sub(slack(least))),
                most: most.map(|most| most.saturating_add(slack(most))),
            };
            let noun = ("character", "characters");
            // 字 are Han characters; punctuation is none, a word in Latin letters or a number is one.
            Ok(if prompt.contains('字') {
                Box::new(Count::new(SpokenWords::default(), bounds, noun))
            } else {
                Box::new(Count::new(Characters::default(), bounds, noun))
            })
        },
    },
    Kind {
        id: "raif:paragraph_count",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has so many paragraphs, separated by blank lines",
        args: &[
            Arg::needed("num", ArgType::Count),
            Arg::optional("relation", ArgType::Relation),
        ],
        label: |args: Args| args.show_count("relation", "num", "paragraph", "paragraphs"),
        checker: |args, _, _| {
            let bounds = Bounds::exactly_by_default(args, "num")?;
            Ok(Box::new(Count::new(
                Paragraphs::default(),
                bounds,
                ("paragraph", "paragraphs"),
            )))
        },
    },
    Kind {
        id: "raif:num_lines",
        reach: Reach::Part,
        category: Category::Numerical,
        about: "has so many lines, blank ones left out",
        args: &[
            Arg::needed("num", ArgType::Count),
            Arg::optional("relation", ArgType::Relation),
        ],
        label: |args: Args| args.show_count("relation", "num", "line", "lines"),
        checker: |args, _, _| {
            let bounds = Bounds::exactly_by_default(args, "num")?;
            Ok(Box::new(Count::new(
                FilledLines::default(),
                bounds,
                ("line", "lines"),
            )))
        },
    },
];

/// `num_words`, give or take `tolerance_pct` of it, else the tolerance given here.
fn near(args: Args, tolerance: usize) -> Result<Bounds, ArgError> {
    let wanted = args.count("num_words")?;
    let tolerance = args.count_if_given("tolerance_pct")?.unwrap_or(tolerance);
    let slack = wanted.saturating_mul(tolerance) / 100;
    Ok(Bounds {
        least: wanted.saturating_sub(slack),
        most: Some(wanted.saturating_add(slack)),
    })
}

fn words(bounds: Bounds, semantics: Semantics) -> Box<dyn Checker> {
    match semantics {
        Semantics::Official => Box::new(Count::new(Words::default(), bounds, ("word", "words"))),
        Semantics::AsWorded => Box::new(Count::new(SpokenWords::default(), bounds, ("word", "words"))),
    }
}

fn sentences(bounds: Bounds, semantics: Semantics) -> Box<dyn Checker> {
    match semantics {
        Semantics::Official => Box::new(Count::new(
            SentenceStarts::default(),
            bounds,
            ("sentence", "sentences"),
        )),
        Semantics::AsWorded => Box::new(Count::new(
            PlainSentences::default(),
            bounds,
            ("sentence", "sentences"),
        )),
    }
}
