//! Words and letters that must, may or must not occur.

pub mod banned;
pub mod chinese;
mod counts;
mod letters;
pub mod phrases;
pub mod required;
mod sets;
pub mod tally;
mod words_of;

use counts::ExactCounts;
use letters::Letter;
pub use sets::{Keyword, KeywordSet};

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::{Bounds, Count},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "keywords:existence",
        reach: Reach::PartOrPresence,
        category: Category::Lexical,
        about: "mentions every keyword",
        args: &[Arg::needed("keywords", ArgType::TextList)],
        label: |args: Args| format!("mentions {}", args.show("keywords")),
        checker: |args, _, semantics| {
            let keywords = keywords("keywords", &args.texts("keywords")?, false, semantics)?;
            Ok(Box::new(KeywordSet::required(keywords)))
        },
    },
    Kind {
        id: "keywords:frequency",
        reach: Reach::PartOrPresence,
        category: Category::Lexical,
        about: "mentions a keyword at least, or less than, so many times",
        args: &[
            Arg::needed("keyword", ArgType::Text),
            Arg::needed("frequency", ArgType::Count),
            Arg::needed("relation", ArgType::Relation),
        ],
        label: |args: Args| {
            let times = args.show_count("relation", "frequency", "time", "times");
            format!(
                "“{}” {}",
                args.show("keyword"),
                if times == "no times" { "never" } else { &times }
            )
        },
        checker: |args, _, semantics| {
            let bounds = Bounds::from_args(args, "relation", "frequency")?;
            // Upstream strips the keyword here, and only here.
            let keyword = Keyword::new("keyword", args.text("keyword")?.trim(), false, semantics)?;
            Ok(Box::new(Count::new(keyword, bounds, ("time", "times"))))
        },
    },
    Kind {
        id: "keywords:forbidden_words",
        reach: Reach::Part,
        category: Category::Lexical,
        about: "avoids every forbidden word",
        args: &[Arg::needed("forbidden_words", ArgType::TextList)],
        label: |args: Args| format!("avoids {}", args.show("forbidden_words")),
        checker: |args, _, semantics| {
            let words = keywords(
                "forbidden_words",
                &args.texts("forbidden_words")?,
                true,
                semantics,
            )?;
            Ok(Box::new(KeywordSet::forbidden(words)))
        },
    },
    Kind {
        id: "keywords:letter_frequency",
        reach: Reach::PartOrPresence,
        category: Category::Lexical,
        about: "has a letter or a mark at least, or less than, so many times",
        args: &[
            Arg::needed("letter", ArgType::Text),
            Arg::needed("let_frequency", ArgType::Count),
            Arg::needed("let_relation", ArgType::Relation),
        ],
        label: |args: Args| {
            let letter = args.show("letter");
            args.show_count(
                "let_relation",
                "let_frequency",
                &format!("“{letter}”"),
                &format!("“{letter}”"),
            )
        },
        checker: |args, _, semantics| {
            let bounds = Bounds::from_args(args, "let_relation", "let_frequency")?;
            Ok(Box::new(Count::new(
                Letter::new(args.text("letter")?, semantics)?,
                bounds,
                ("time", "times"),
            )))
        },
    },
    Kind {
        id: "count:keywords_multiple",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "mentions five keywords once, twice, 3, 5 and 7 times",
        args: &[
            Arg::needed("keyword1", ArgType::Text),
            Arg::needed("keyword2", ArgType::Text),
            Arg::needed("keyword3", ArgType::Text),
            Arg::needed("keyword4", ArgType::Text),
            Arg::needed("keyword5", ArgType::Text),
        ],
        label: |args: Args| {
            let keywords =
                ["keyword1", "keyword2", "keyword3", "keyword4", "keyword5"].map(|name| args.show(name));
            format!("1, 2, 3, 5, 7 × {}", keywords.join(", "))
        },
        checker: |args, _, semantics| {
            let wanted = [
                ("keyword1", 1),
                ("keyword2", 2),
                ("keyword3", 3),
                ("keyword4", 5),
                ("keyword5", 7),
            ];
            let keywords = wanted
                .into_iter()
                .map(|(name, count)| Ok((args.text(name)?, count)));
            Ok(Box::new(ExactCounts::new(
                &keywords.collect::<Result<Vec<_>, ArgError>>()?,
                semantics,
            )))
        },
    },
    Kind {
        id: "raif:include_phrase",
        reach: Reach::PartOrPresence,
        category: Category::Lexical,
        about: "contains every phrase word for word",
        args: &[Arg::needed("phrases", ArgType::TextList)],
        label: |args: Args| format!("says “{}”", args.show("phrases")),
        checker: |args, _, _| {
            let phrases = keywords("phrases", &args.texts("phrases")?, true, Semantics::AsWorded)?;
            Ok(Box::new(KeywordSet::required(phrases)))
        },
    },
    Kind {
        id: "raif:avoid_phrase",
        reach: Reach::Part,
        category: Category::Lexical,
        about: "contains none of the phrases",
        args: &[Arg::needed("phrases", ArgType::TextList)],
        label: |args: Args| format!("avoids “{}”", args.show("phrases")),
        checker: |args, _, _| {
            let phrases = keywords("phrases", &args.texts("phrases")?, true, Semantics::AsWorded)?;
            Ok(Box::new(KeywordSet::forbidden(phrases)))
        },
    },
];

fn keywords(
    name: &'static str,
    texts: &[&str],
    whole_words: bool,
    semantics: Semantics,
) -> Result<Vec<Keyword>, ArgError> {
    texts
        .iter()
        .map(|text| Keyword::new(name, text, whole_words, semantics))
        .collect()
}
