//! Upper and lower case.

pub mod assemble;
pub mod chinese;
pub mod phrases;
mod whole;

use whole::{Case, EnglishCase};

use super::{Arg, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::{Bounds, Count, TokenFinder},
    text::chars::{is_all_lower, is_all_upper},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "change_case:english_lowercase",
        reach: Reach::Part,
        category: Category::Format,
        about: "is in English and has no capital letter",
        args: &[],
        label: |_| "all lowercase, English".into(),
        checker: |_, _, semantics| Ok(Box::new(EnglishCase::new(Case::Lower, semantics))),
    },
    Kind {
        id: "change_case:english_capital",
        reach: Reach::Part,
        category: Category::Format,
        about: "is in English and all in capital letters",
        args: &[],
        label: |_| "ALL CAPITALS, English".into(),
        checker: |_, _, semantics| Ok(Box::new(EnglishCase::new(Case::Upper, semantics))),
    },
    Kind {
        id: "change_case:capital_word_frequency",
        reach: Reach::PartOrPresence,
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
    Kind {
        id: "format:title_case",
        reach: Reach::Part,
        category: Category::Format,
        about: "is in title case",
        args: &[],
        label: |_| "Title Case".into(),
        checker: |_, _, semantics| {
            let finder = TokenFinder::new(move |token| breaks_title_case(token, semantics));
            Ok(Box::new(Count::new(
                finder,
                Bounds {
                    least: 0,
                    most: Some(0),
                },
                ("word without a capital", "words without a capital"),
            )))
        },
    },
];

/// Officially every word begins with a capital, small ones too; as worded articles, conjunctions and short prepositions
/// need not.
fn breaks_title_case(token: &str, semantics: Semantics) -> bool {
    const SMALL: &[&str] = &[
        "a", "an", "and", "as", "at", "but", "by", "en", "for", "from", "if", "in", "into", "n't", "nor",
        "of", "on", "onto", "or", "over", "so", "than", "the", "to", "up", "via", "vs", "with", "yet",
    ];
    let mut chars = token.chars();
    let Some(first) = chars.next().filter(|c| c.is_alphabetic()) else {
        return false;
    };
    let rest = chars.as_str();
    if !first.is_lowercase() || semantics == Semantics::AsWorded && SMALL.contains(&token) {
        return false;
    }
    rest.is_empty() || is_all_lower(rest) || is_all_upper(rest)
}
