//! The language of the answer.

pub mod chinese;
pub mod detect;
mod names;
pub mod phrases;

pub use names::code;

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::{Fold, Unit, Whole},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "language:response_language",
        reach: Reach::Part,
        category: Category::Linguistic,
        about: "is written in one language",
        args: &[Arg::needed("language", ArgType::Language)],
        label: |args: Args| format!("in {}", detect::name(&args.show("language"))),
        checker: |args, _, semantics| {
            let wanted = args.text("language")?.to_lowercase();
            if !detect::is_known(&wanted) {
                let reason = format!("no profile of the language `{wanted}`");
                return Err(ArgError::Invalid {
                    name: "language",
                    reason,
                });
            }
            Ok(Box::new(Whole::new(move |answer| {
                let (language, as_worded) = detect::reads_as(answer, &wanted);
                let passes = match semantics {
                    Semantics::Official => Some(language.is(&wanted)),
                    Semantics::AsWorded => as_worded,
                };
                let shown = passes.map_or("too short to tell".into(), |_| language.to_string());
                (passes, shown)
            })))
        },
    },
    Kind {
        id: "raif:language_mix",
        reach: Reach::Whole,
        category: Category::Linguistic,
        about: "uses each of these languages",
        args: &[Arg::needed("languages", ArgType::TextList)],
        label: |args: Args| format!("in each of {}", args.show("languages")),
        checker: |args, _, _| {
            let wanted: Vec<String> = args
                .texts("languages")?
                .into_iter()
                .map(str::to_lowercase)
                .collect();
            if let Some(unknown) = wanted.iter().find(|code| !detect::is_known(code)) {
                let reason = format!("no profile of the language `{unknown}`");
                return Err(ArgError::Invalid {
                    name: "languages",
                    reason,
                });
            }
            let used = Vec::new();
            let add = |used: &mut Vec<&'static str>, line: &str| {
                // A few letters tell no language.
                if line.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST
                    && let Some(code) = detect::language(line).code()
                    && !used.contains(&code)
                {
                    used.push(code);
                }
            };
            Ok(Box::new(Fold::new(Unit::Line, used, add, move |used| {
                let is_used = |wanted: &&String| used.iter().any(|code| detect::matches(code, wanted));
                let missing: Vec<&str> = wanted
                    .iter()
                    .filter(|w| !is_used(w))
                    .map(|w| detect::name(w))
                    .collect();
                (
                    missing.is_empty(),
                    missing
                        .iter()
                        .map(|name| format!("no {name}"))
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            })))
        },
    },
];

/// Letters that a line must have for its language to count.
const SHORTEST: usize = 8;
