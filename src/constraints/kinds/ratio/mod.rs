//! Shares of the answer: stop words, sentence types, overlaps.

mod overlap;
pub mod phrases;

use overlap::Overlap;

use super::{Arg, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    checker::{Fold, Unit},
    text::stopwords::is_stop_word,
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "ratio:stop_words",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "has no larger share of stop words than so many per cent",
        args: &[Arg::needed("percentage", ArgType::Count)],
        label: |args: Args| format!("at most {}% stop words", args.show("percentage")),
        checker: |args, _, _| {
            let most = args.number("percentage")?;
            let add = |(stop, all): &mut (usize, usize), word: &str| {
                *all += 1;
                *stop += usize::from(is_stop_word(&word.to_lowercase()));
            };
            Ok(Box::new(Fold::new(
                Unit::Word,
                (0, 0),
                add,
                move |&(stop, all)| {
                    let share = stop as f64 / all.max(1) as f64 * 100.0;
                    (
                        all > 0 && share <= most,
                        format!("{share:.0}% of at most {most}%"),
                    )
                },
            )))
        },
    },
    Kind {
        id: "ratio:sentence_type",
        reach: Reach::Whole,
        category: Category::Stylistic,
        about: "has twice as many statements as questions",
        args: &[],
        label: |_| "2 statements a question".into(),
        checker: |_, _, semantics| {
            let add = move |ends: &mut Ends, sentence: &str| ends.add(sentence, semantics);
            Ok(Box::new(Fold::new(
                Unit::Sentence,
                Ends::default(),
                add,
                |ends| {
                    let passes = ends.statements == 2 * ends.questions;
                    (
                        passes,
                        format!("{} statements, {} questions", ends.statements, ends.questions),
                    )
                },
            )))
        },
    },
    Kind {
        id: "ratio:sentence_balance",
        reach: Reach::Whole,
        category: Category::Stylistic,
        about: "has as many statements as questions as exclamations",
        args: &[],
        label: |_| "sentence types balanced".into(),
        checker: |_, _, semantics| {
            let add = move |ends: &mut Ends, sentence: &str| ends.add(sentence, semantics);
            Ok(Box::new(Fold::new(
                Unit::Sentence,
                Ends::default(),
                add,
                |ends| {
                    let passes = ends.statements == ends.questions && ends.questions == ends.exclamations;
                    (
                        passes,
                        format!(
                            "{} . {} ? {} !",
                            ends.statements, ends.questions, ends.exclamations
                        ),
                    )
                },
            )))
        },
    },
    Kind {
        id: "ratio:overlap",
        reach: Reach::Whole,
        category: Category::Lexical,
        about: "shares so many per cent of its trigrams with a text",
        args: &[
            Arg::needed("reference_text", ArgType::Text),
            Arg::needed("percentage", ArgType::Count),
        ],
        label: |args: Args| format!("{}% overlap", args.show("percentage")),
        checker: |args, _, _| {
            Ok(Box::new(Overlap::new(
                args.text("reference_text")?,
                args.number("percentage")?,
            )))
        },
    },
];

/// How sentences end.
#[derive(Default)]
struct Ends {
    statements: usize,
    questions: usize,
    exclamations: usize,
}

impl Ends {
    /// Officially the last character tells, as worded the last but for quotation marks, brackets and emphasis.
    fn add(&mut self, sentence: &str, semantics: Semantics) {
        let sentence = match semantics {
            Semantics::Official => sentence,
            Semantics::AsWorded => {
                sentence.trim_end_matches(['"', '\'', '”', '’', ')', ']', '*', '_', ' ', '»'])
            }
        };
        match sentence.chars().next_back() {
            Some('.' | '。') => self.statements += 1,
            Some('?' | '？') => self.questions += 1,
            Some('!' | '！') => self.exclamations += 1,
            _ => {}
        }
    }
}
