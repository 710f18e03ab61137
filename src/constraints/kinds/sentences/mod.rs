//! Rules that every sentence, line or paragraph keeps.

pub mod phrases;
mod placed;
mod rules;

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    args::Relation,
    checker::{AtUnit, Bounds, Every, Unit, Whole},
    text::{
        literal::{self, Edges},
        punkt, treebank,
    },
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "sentence:keyword",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has a keyword in the n-th sentence",
        args: &[
            Arg::needed("word", ArgType::Text),
            Arg::needed("N", ArgType::Count),
        ],
        label: |args: Args| format!("“{}” in sentence {}", args.show("word"), args.show("N")),
        checker: |args, _, _| {
            let keyword = args.text("word")?.to_owned();
            let number = ordinal(args, "N")?;
            Ok(Box::new(AtUnit::new(Unit::Sentence, number, move |sentence| {
                literal::contains(sentence, &keyword, true, Edges::Boundary)
            })))
        },
    },
    Kind {
        id: "words:keywords_specific_position",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has a keyword as the m-th word of the n-th sentence",
        args: &[
            Arg::needed("keyword", ArgType::Text),
            Arg::needed("n", ArgType::Count),
            Arg::needed("m", ArgType::Count),
        ],
        label: |args: Args| {
            format!(
                "“{}” is word {} of sentence {}",
                args.show("keyword"),
                args.show("m"),
                args.show("n")
            )
        },
        checker: |args, _, _| {
            let keyword = args.text("keyword")?.trim().to_lowercase();
            let (number, word) = (ordinal(args, "n")?, ordinal(args, "m")?);
            Ok(Box::new(AtUnit::new(Unit::Sentence, number, move |sentence| {
                let words = word_tokens(sentence);
                let mut words = words.iter().filter(|token| token.contains(char::is_alphanumeric));
                words
                    .nth(word - 1)
                    .is_some_and(|token| token.to_lowercase() == keyword)
            })))
        },
    },
    Kind {
        id: "words:words_position",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has a keyword as the second and the second to last word",
        args: &[Arg::needed("keyword", ArgType::Text)],
        label: |args: Args| format!("“{}” second and second to last", args.show("keyword")),
        checker: |args, _, _| {
            let keyword = args.text("keyword")?.trim().to_lowercase();
            Ok(Box::new(Whole::new(move |answer| {
                (
                    rules::stands_second(&word_tokens(answer), &keyword),
                    String::new(),
                )
            })))
        },
    },
    Kind {
        id: "sentence:increment",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has so many words more in every sentence",
        args: &[Arg::needed("small_n", ArgType::Count)],
        label: |args: Args| format!("each sentence {} words longer", args.show("small_n")),
        checker: |args, _, _| {
            let step = args.count("small_n")?;
            Ok(Box::new(Every::new(Unit::Sentence, rules::longer_by(step))))
        },
    },
    Kind {
        id: "sentence:alliteration_increment",
        reach: Reach::Whole,
        category: Category::Stylistic,
        about: "has longer alliterations in every sentence",
        args: &[],
        label: |_| "growing alliterations".into(),
        checker: |_, _, _| {
            Ok(Box::new(Every::new(
                Unit::Sentence,
                rules::growing_alliteration(),
            )))
        },
    },
    Kind {
        id: "words:last_first",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "begins each sentence with the last word of the one before",
        args: &[],
        label: |_| "last word starts the next sentence".into(),
        checker: |_, _, _| Ok(Box::new(Every::new(Unit::Sentence, rules::chained()))),
    },
    Kind {
        id: "words:paragraph_last_first",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "ends each paragraph with the word it begins with",
        args: &[],
        label: |_| "paragraphs end as they start".into(),
        checker: |_, _, _| Ok(Box::new(Every::new(Unit::Line, rules::ends_as_it_starts))),
    },
    Kind {
        id: "format:emoji",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has an emoji at the end of every sentence",
        args: &[],
        label: |_| "an emoji after every sentence".into(),
        checker: |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                let sentences: Vec<_> = punkt::sentences(answer)
                    .into_iter()
                    .map(|range| &answer[range])
                    .collect();
                (rules::emoji_at_ends(&sentences), String::new())
            })))
        },
    },
    Kind {
        id: "ratio:sentence_words",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "is three sentences of equally many characters",
        args: &[],
        label: |_| "3 sentences, equally long".into(),
        checker: |_, _, _| {
            let rule = rules::equally_long();
            Ok(Box::new(
                Every::new(Unit::Sentence, rule).bounded(Bounds::new(Relation::Exactly, 3)),
            ))
        },
    },
];

/// A number that counts from one.
fn ordinal(args: Args, name: &'static str) -> Result<usize, ArgError> {
    match args.count(name)? {
        0 => Err(ArgError::Invalid {
            name,
            reason: "the first is number 1".into(),
        }),
        number => Ok(number),
    }
}

/// `nltk.word_tokenize`.
pub fn word_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for sentence in punkt::sentences(text) {
        treebank::tokens(&text[sentence], |token| tokens.push(token.to_owned()));
    }
    tokens
}
