//! How much: words, sentences, paragraphs, lines, characters.

mod paragraphs;
mod units;

use paragraphs::StarredParagraphs;
use units::{SentenceStarts, Words};

use super::{Arg, ArgType, Args, Category, Kind};
use crate::constraints::check::{Bounds, Count};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "length_constraints:number_words",
        category: Category::Numerical,
        about: "has at least, or less than, so many words",
        args: &[
            Arg::needed("num_words", ArgType::Count),
            Arg::needed("relation", ArgType::Relation),
        ],
        label: |args| args.show_count("relation", "num_words", "word", "words"),
        checker: |args, _, _| {
            let bounds = Bounds::from_args(args, "relation", "num_words")?;
            Ok(Box::new(Count::new(Words::default(), bounds, ("word", "words"))))
        },
    },
    Kind {
        id: "length_constraints:number_sentences",
        category: Category::Numerical,
        about: "has at least, or less than, so many sentences",
        args: &[
            Arg::needed("num_sentences", ArgType::Count),
            Arg::needed("relation", ArgType::Relation),
        ],
        label: |args| args.show_count("relation", "num_sentences", "sentence", "sentences"),
        checker: |args, _, _| {
            let bounds = Bounds::from_args(args, "relation", "num_sentences")?;
            Ok(Box::new(Count::new(
                SentenceStarts::default(),
                bounds,
                ("sentence", "sentences"),
            )))
        },
    },
    Kind {
        id: "length_constraints:number_paragraphs",
        category: Category::Numerical,
        about: "has exactly so many paragraphs, separated by ***",
        args: &[Arg::needed("num_paragraphs", ArgType::Count)],
        label: |args: Args| format!("{} paragraphs (***)", args.show("num_paragraphs")),
        checker: |args, _, _| Ok(Box::new(StarredParagraphs::new(args.count("num_paragraphs")?))),
    },
];
