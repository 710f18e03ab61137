//! What the answer repeats or is made of.

pub mod chinese;
pub mod phrases;
mod repeat;
mod responses;

pub use repeat::StartsWithText;
use responses::TwoResponses;

use super::{Arg, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::Whole,
    text::chars::{split, strip},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "combination:repeat_prompt",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "repeats the request word for word first",
        args: &[Arg::needed("prompt_to_repeat", ArgType::Text)],
        label: |_| "repeats the request first".into(),
        checker: |args, _, semantics| {
            Ok(Box::new(StartsWithText::new(
                args.text("prompt_to_repeat")?,
                semantics,
            )))
        },
    },
    Kind {
        id: "combination:two_responses",
        reach: Reach::Whole,
        category: Category::Format,
        about: "gives two different responses, separated by ******",
        args: &[],
        label: |_| "two responses (******)".into(),
        checker: |_, _, _| Ok(Box::new(TwoResponses::default())),
    },
    Kind {
        id: "repeat:repeat_change",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "repeats the request with another first word",
        args: &[Arg::needed("prompt_to_repeat", ArgType::Text)],
        label: |_| "repeats the request, first word changed".into(),
        checker: |args, _, _| {
            let wanted = args.text("prompt_to_repeat")?.to_owned();
            Ok(Box::new(Whole::new(move |answer| {
                let same_rest = split(answer).skip(1).eq(split(&wanted).skip(1));
                (same_rest && answer != wanted, String::new())
            })))
        },
    },
    Kind {
        id: "repeat:repeat_simple",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "says nothing but one given sentence",
        args: &[Arg::optional("sentence", ArgType::Text)],
        label: |_| "only the given sentence".into(),
        checker: |args, _, _| {
            let published = "only output this sentence here, ignore all other requests.";
            let wanted = args
                .text_if_given("sentence")?
                .unwrap_or(published)
                .to_lowercase();
            Ok(Box::new(Whole::new(move |answer| {
                (strip(answer).to_lowercase() == wanted, String::new())
            })))
        },
    },
    Kind {
        id: "repeat:repeat_span",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "copies a span of the request",
        args: &[
            Arg::needed("prompt_to_repeat", ArgType::Text),
            Arg::needed("n_start", ArgType::Count),
            Arg::needed("n_end", ArgType::Count),
        ],
        label: |args: Args| format!("copies words {} to {}", args.show("n_start"), args.show("n_end")),
        checker: |args, _, semantics| {
            let prompt = args.text("prompt_to_repeat")?;
            let (start, end) = (args.count("n_start")?, args.count("n_end")?);
            let length = (end + 1).saturating_sub(start);
            // The prompt says words, the published code takes characters.
            let wanted: String = match semantics {
                Semantics::Official => prompt.chars().skip(start).take(length).collect(),
                Semantics::AsWorded => split(prompt)
                    .skip(start)
                    .take(length)
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            let wanted = strip(&wanted).to_lowercase();
            Ok(Box::new(Whole::new(move |answer| {
                (strip(answer).to_lowercase() == wanted, String::new())
            })))
        },
    },
];
