//! What the answer, a paragraph or a sentence begins or ends with.

pub mod chinese;
mod ends;
mod paragraph;
pub mod phrases;

use ends::{EndsWith, Quoted};
use paragraph::ParagraphStart;

use super::{Arg, ArgType, Args, Category, Kind, Reach, combination::StartsWithText};
use crate::constraints::Semantics;

pub const KINDS: &[Kind] = &[
    Kind {
        id: "startend:quotation",
        reach: Reach::Part,
        category: Category::Format,
        about: "is wrapped in double quotation marks",
        args: &[],
        label: |_| "wrapped in quotation marks".into(),
        checker: |_, _, semantics| Ok(Box::new(Quoted::new(semantics))),
    },
    Kind {
        id: "startend:end_checker",
        reach: Reach::Part,
        category: Category::Format,
        about: "ends with an exact phrase",
        args: &[Arg::needed("end_phrase", ArgType::Text)],
        label: |args: Args| format!("ends with “{}”", args.show("end_phrase")),
        checker: |args, _, semantics| Ok(Box::new(EndsWith::new(args.text("end_phrase")?, semantics))),
    },
    Kind {
        id: "length_constraints:nth_paragraph_first_word",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has so many paragraphs, and one of them begins with a word",
        args: &[
            Arg::needed("num_paragraphs", ArgType::Count),
            Arg::needed("nth_paragraph", ArgType::Count),
            Arg::needed("first_word", ArgType::Text),
        ],
        label: |args: Args| {
            let [count, nth, word] =
                ["num_paragraphs", "nth_paragraph", "first_word"].map(|name| args.show(name));
            format!("{count} paragraphs, number {nth} starts with “{word}”")
        },
        checker: |args, _, semantics| Ok(Box::new(ParagraphStart::new(args, semantics)?)),
    },
    Kind {
        id: "raif:starts_with",
        reach: Reach::Part,
        category: Category::Lexical,
        about: "begins with a phrase",
        args: &[Arg::needed("phrase", ArgType::Text)],
        label: |args: Args| format!("starts with “{}”", args.show("phrase")),
        checker: |args, _, _| {
            Ok(Box::new(StartsWithText::new(
                args.text("phrase")?,
                Semantics::AsWorded,
            )))
        },
    },
];
