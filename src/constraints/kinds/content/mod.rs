//! What must be in the answer: placeholders, postscripts, fixed phrases.

mod postscript;

use postscript::Postscript;

use super::{Arg, ArgType, Args, Category, Kind};
use crate::constraints::{
    check::{Bounds, CharFinder, Count, Found},
    text::literal::{Edges, Literal},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "detectable_content:number_placeholders",
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
];

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
