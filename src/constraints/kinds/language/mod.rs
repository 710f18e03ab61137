//! The language of the answer.

pub mod detect;

use super::{Arg, ArgError, ArgType, Args, Category, Kind};
use crate::constraints::check::Whole;

pub const KINDS: &[Kind] = &[Kind {
    id: "language:response_language",
    category: Category::Linguistic,
    about: "is written in one language",
    args: &[Arg::needed("language", ArgType::Language)],
    label: |args: Args| format!("in {}", detect::name(&args.show("language"))),
    checker: |args, _, _| {
        let wanted = args.text("language")?.to_lowercase();
        if !detect::is_known(&wanted) {
            let reason = format!("no profile of the language `{wanted}`");
            return Err(ArgError::Invalid {
                name: "language",
                reason,
            });
        }
        Ok(Box::new(Whole::new(move |answer| {
            let language = detect::language(answer);
            (language.is(&wanted), language.to_string())
        })))
    },
}];
