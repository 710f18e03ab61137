//! What must be in the answer: placeholders, postscripts, fixed phrases.

pub mod assemble;
pub mod chinese;
pub mod phrases;
mod postscript;

use postscript::Postscript;

use super::{Arg, ArgError, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    checker::{Bounds, CharFinder, Count, Found},
    text::{
        chars::is_word,
        emoji::{Sequences, Step},
        literal::{Edges, Literal},
    },
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "detectable_content:number_placeholders",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "has at least so many placeholders in square brackets",
        args: &[Arg::needed("num_placeholders", ArgType::Count)],
        label: |args: Args| format!("at least {} [placeholders]", args.show("num_placeholders")),
        checker: |args, _, _| {
            let bounds = Bounds::at_least(args.count("num_placeholders")?);
            Ok(Box::new(Count::new(
                Placeholders::default(),
                bounds,
                ("placeholder", "placeholders"),
            )))
        },
    },
    Kind {
        id: "detectable_content:postscript",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has a postscript",
        args: &[Arg::needed("postscript_marker", ArgType::Text)],
        label: |args: Args| format!("a postscript ({})", args.show("postscript_marker")),
        checker: |args, _, semantics| {
            let marker = Postscript::new(args.text("postscript_marker")?, semantics)?;
            Ok(Box::new(Count::new(
                marker,
                Bounds::at_least(1),
                ("postscript", "postscripts"),
            )))
        },
    },
    Kind {
        id: "detectable_format:constrained_response",
        reach: Reach::Presence,
        category: Category::Semantic,
        about: "says that the answer is yes, no or maybe",
        args: &[],
        label: |_| "“My answer is yes/no/maybe.”".into(),
        checker: |_, _, _| {
            Ok(Box::new(Count::new(
                YesNoMaybe::default(),
                Bounds::at_least(1),
                ("answer", "answers"),
            )))
        },
    },
    Kind {
        id: "raif:hashtags",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "has so many hashtags, or none",
        args: COUNT_OR_NONE,
        label: |args: Args| label(args, "hashtag", "hashtags"),
        checker: |args, _, _| {
            Ok(Box::new(Count::new(
                Hashtags::default(),
                bounds(args)?,
                ("hashtag", "hashtags"),
            )))
        },
    },
    Kind {
        id: "raif:emoji",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "has so many emoji, or none",
        args: COUNT_OR_NONE,
        label: |args: Args| label(args, "emoji", "emoji"),
        checker: |args, _, _| {
            Ok(Box::new(Count::new(
                Emoji::default(),
                bounds(args)?,
                ("emoji", "emoji"),
            )))
        },
    },
];

const COUNT_OR_NONE: &[Arg] = &[
    Arg::optional("num", ArgType::Count),
    Arg::optional("relation", ArgType::Relation),
    Arg::optional("forbidden", ArgType::Flag),
];

fn label(args: Args, one: &str, many: &str) -> String {
    if args.flag("forbidden") {
        format!("no {many}")
    } else {
        args.show_count("relation", "num", one, many)
    }
}

fn bounds(args: Args) -> Result<Bounds, ArgError> {
    if args.flag("forbidden") {
        Ok(Bounds {
            least: 0,
            most: Some(0),
        })
    } else {
        Bounds::exactly_by_default(args, "num")
    }
}

/// `#` in front of a letter, and no word character before it.
#[derive(Default)]
struct Hashtags {
    in_word: bool,
    mark: Option<usize>,
}

impl CharFinder for Hashtags {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if let Some(start) = self.mark.take().filter(|_| c.is_alphabetic()) {
            found.add(start..at + c.len_utf8());
        }
        self.mark = (c == '#' && !self.in_word).then_some(at);
        self.in_word = is_word(c) || c == '#' || c == '&';
    }
}

/// Emoji; a sequence (joined ones, a skin tone, a flag) is one.
#[derive(Default)]
struct Emoji(Sequences);

impl CharFinder for Emoji {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if self.0.take(c) == Step::Begins {
            found.add(at..at + c.len_utf8());
        }
    }
}

/// `[…]` on one line, empty ones, links and check boxes included.
#[derive(Default)]
struct Placeholders {
    open: Option<usize>,
}

impl CharFinder for Placeholders {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        match c {
            '[' => drop(self.open.get_or_insert(at)),
            '\n' => self.open = None,
            ']' => {
                if let Some(start) = self.open.take() {
                    found.add(start..at + 1);
                }
            }
            _ => {}
        }
    }
}

/// One of three sentences, to the letter, anywhere.
struct YesNoMaybe([Literal; 3]);

impl Default for YesNoMaybe {
    fn default() -> Self {
        let sentences = ["My answer is yes.", "My answer is no.", "My answer is maybe."];
        Self(sentences.map(|sentence| Literal::new(sentence, false, Edges::Any)))
    }
}

impl CharFinder for YesNoMaybe {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        for sentence in &mut self.0 {
            if let Some(place) = sentence.take(at, c) {
                found.add(place);
            }
        }
    }
}
