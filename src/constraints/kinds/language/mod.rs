//! The language of the answer.

pub mod detect;

use super::{Arg, ArgType, Args, Category, Kind};
use crate::constraints::check::Whole;

pub const KINDS: &[Kind] = &[Kind {
    id: "language:response_language",
    category: Category::Linguistic,
    about: "is written in one language",
    args: &[Arg::needed("language", ArgType::Language)],
    label: |args: Args| format!("in {}", detect::name(&args.show("language"))),
    checker: |args, _, _| {
        let wanted = args.text("language")?.to_lowercase();
        Ok(Box::new(Whole::new(move |answer| {
            let language = detect::language(answer);
            (language.is(&wanted), language.to_string())
        })))
    },
}];
