//! Upper and lower case.

mod whole;

use whole::{Case, EnglishCase};

use super::{Arg, ArgType, Args, Category, Kind};
use crate::constraints::{
    check::{Bounds, Count, TokenFinder},
    text::chars::is_all_upper,
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "change_case:english_lowercase",
        category: Category::Format,
        about: "is in English and has no capital letter",
        args: &[],
        label: |_| "all lowercase, English".into(),
        checker: |_, _, _| Ok(Box::new(EnglishCase::new(Case::Lower))),
    },
    Kind {
        id: "change_case:english_capital",
        category: Category::Format,
        about: "is in English and all in capital letters",
        args: &[],
        label: |_| "ALL CAPITALS, English".into(),
        checker: |_, _, _| Ok(Box::new(EnglishCase::new(Case::Upper))),
    },
    Kind {
        id: "change_case:capital_word_frequency",
        category: Category::Format,
        about: "has at least, or less than, so many words in all capital letters",
        args: &[
            Arg::needed("capital_frequency", ArgType::Count),
            Arg::needed("capital_relation", ArgType::Relation),
        ],
        label: |args: Args| {
            args.show_count(
                "capital_relation",
                "capital_frequency",
                "word in CAPITALS",
                "words in CAPITALS",
            )
        },
        checker: |args, _, _| {
            let bounds = Bounds::from_args(args, "capital_relation", "capital_frequency")?;
            Ok(Box::new(Count::new(
                TokenFinder::new(is_all_upper),
                bounds,
                ("word", "words"),
            )))
        },
    },
];
