//! What the answer repeats or is made of.

mod repeat;
mod responses;

use repeat::StartsWithText;
use responses::TwoResponses;

use super::{Arg, ArgType, Category, Kind};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "combination:repeat_prompt",
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
        category: Category::Format,
        about: "gives two different responses, separated by ******",
        args: &[],
        label: |_| "two responses (******)".into(),
        checker: |_, _, _| Ok(Box::new(TwoResponses::default())),
    },
];
