//! The answer's form: bullets, sections, titles, JSON, templates.

mod bullets;
pub mod chinese;
pub mod choices;
mod emphasis;
mod json;
pub mod labels;
mod lines;
pub mod lists;
mod options;
pub mod phrases;
pub mod puzzles;
mod sections;
mod title;

use bullets::{AnyBullets, Bullets};
use emphasis::Highlights;
use json::Json;
use options::Options;
use sections::Sections;
use title::Title;

use super::{Arg, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    Semantics,
    args::Relation,
    checker::{Bounds, CharFinder, Count, Every, Found, Judgement, Unit, UnitFinder, Whole},
    kinds::{
        keywords::{Keyword, KeywordSet},
        length::spoken_words,
    },
    text::{
        chars::is_space,
        literal::{Edges, Literal},
        punkt,
    },
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "detectable_format:number_bullet_lists",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "has exactly so many Markdown bullet points",
        args: &[Arg::needed("num_bullets", ArgType::Count)],
        label: |args: Args| args.show_count("", "num_bullets", "bullet", "bullets"),
        checker: |args, _, semantics| {
            let bounds = Bounds::new(Relation::Exactly, args.count("num_bullets")?);
            let noun = ("bullet", "bullets");
            Ok(match semantics {
                Semantics::Official => Box::new(Count::new(Bullets::default(), bounds, noun)),
                Semantics::AsWorded => Box::new(Count::new(AnyBullets::default(), bounds, noun)),
            })
        },
    },
    Kind {
        id: "detectable_format:number_highlighted_sections",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "highlights at least so many parts with asterisks",
        args: &[Arg::needed("num_highlights", ArgType::Count)],
        label: |args: Args| format!("at least {} *highlighted*", args.show("num_highlights")),
        checker: |args, _, _| {
            let bounds = Bounds::at_least(args.count("num_highlights")?);
            Ok(Box::new(Count::new(
                Highlights::default(),
                bounds,
                ("highlight", "highlights"),
            )))
        },
    },
    Kind {
        id: "detectable_format:multiple_sections",
        reach: Reach::Presence,
        category: Category::Format,
        about: "has at least so many numbered sections",
        args: &[
            Arg::needed("section_spliter", ArgType::Text),
            Arg::needed("num_sections", ArgType::Count),
        ],
        label: |args: Args| {
            format!(
                "at least {} × {} X",
                args.show("num_sections"),
                args.show("section_spliter")
            )
        },
        checker: |args, _, semantics| {
            let bounds = Bounds::at_least(args.count("num_sections")?);
            let sections = Sections::new(args.text("section_spliter")?, semantics)?;
            Ok(Box::new(Count::new(sections, bounds, ("section", "sections"))))
        },
    },
    Kind {
        id: "detectable_format:title",
        reach: Reach::Presence,
        category: Category::Format,
        about: "has a title in double angular brackets",
        args: &[],
        label: |_| "a <<title>>".into(),
        checker: |_, _, _| {
            Ok(Box::new(Count::new(
                Title::default(),
                Bounds::at_least(1),
                ("title", "titles"),
            )))
        },
    },
    Kind {
        id: "detectable_format:json_format",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is JSON as a whole",
        args: &[],
        label: |_| "JSON only".into(),
        checker: |_, _, _| Ok(Box::new(Json::default())),
    },
    Kind {
        id: "format:options",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "is one of the options",
        args: &[Arg::needed("options", ArgType::Text)],
        label: |args: Args| format!("one of {}", args.show("options")),
        checker: |args, _, _| {
            let options = Options::published(args.text("options")?);
            Ok(Box::new(Whole::new(move |answer| {
                (options.accept(answer), String::new())
            })))
        },
    },
    Kind {
        id: "raif:one_of",
        reach: Reach::Whole,
        category: Category::Semantic,
        about: "is one of the options",
        args: &[Arg::needed("options", ArgType::TextList)],
        label: |args: Args| format!("one of {}", args.show("options")),
        checker: |args, _, _| {
            let options = Options::new(&args.texts("options")?);
            Ok(Box::new(Whole::new(move |answer| {
                (options.accept(answer), String::new())
            })))
        },
    },
    Kind {
        id: "format:newline",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has one word a line",
        args: &[],
        label: |_| "one word a line".into(),
        checker: |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lines::one_word_each(answer), String::new())
            })))
        },
    },
    Kind {
        id: "format:line_indent",
        reach: Reach::Whole,
        category: Category::Format,
        about: "indents each line more than the one before",
        args: &[],
        label: |_| "stairs of indented lines".into(),
        checker: |_, _, semantics| {
            Ok(match semantics {
                Semantics::Official => Box::new(Whole::new(|answer| {
                    (lines::are_stairs_as_published(answer), String::new())
                })),
                Semantics::AsWorded => Box::new(Every::new(Unit::Line, lines::stairs())),
            })
        },
    },
    Kind {
        id: "format:list",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is a list with its own marker for items",
        args: &[Arg::needed("sep", ArgType::Text)],
        label: |args: Args| format!("a list with {}", args.show("sep")),
        checker: |args, _, _| {
            let marker = Marker(Literal::new(args.text("sep")?, false, Edges::Any));
            Ok(Box::new(Count::new(
                marker,
                Bounds::at_least(2),
                ("item", "items"),
            )))
        },
    },
    Kind {
        id: "format:sub-bullets",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has a sub-bullet - under every bullet *",
        args: &[],
        label: |_| "sub-bullets (-) under bullets (*)".into(),
        checker: |_, _, semantics| {
            Ok(Box::new(Whole::new(move |answer| {
                (lines::have_sub_bullets(answer, semantics), String::new())
            })))
        },
    },
    Kind {
        id: "format:no_bullets_bullets",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has two sentences or more, then two bullets or more",
        args: &[],
        label: |_| "sentences, then bullets".into(),
        checker: |_, _, semantics| {
            Ok(Box::new(Whole::new(move |answer| {
                (lines::sentences_then_bullets(answer, semantics), String::new())
            })))
        },
    },
    Kind {
        id: "format:output_template",
        reach: Reach::Whole,
        category: Category::Format,
        about: "fills in a template",
        args: &[],
        label: |_| "My Answer: … My Conclusion: … Future Outlook: …".into(),
        checker: |_, _, _| {
            let labels = ["My Answer:", "My Conclusion:", "Future Outlook:"];
            Ok(Box::new(KeywordSet::required(labels.map(Keyword::exact).into())))
        },
    },
    Kind {
        id: "format:no_whitespace",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has no white space",
        args: &[],
        label: |_| "no white space".into(),
        checker: |_, _, semantics| {
            let spaces = Spaces {
                semantics,
                begun: false,
                waiting: None,
            };
            Ok(Box::new(Count::new(
                spaces,
                Bounds {
                    least: 0,
                    most: Some(0),
                },
                ("space", "spaces"),
            )))
        },
    },
    Kind {
        id: "raif:numbered_list",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "has a numbered list, of so many items",
        args: &[Arg::optional("num_items", ArgType::Count)],
        label: |args: Args| match args.get("num_items") {
            Some(_) if args.show("num_items") == "0" => "no numbered list".into(),
            Some(_) => format!("numbered list of {}", args.show("num_items")),
            None => "a numbered list".into(),
        },
        checker: |args, _, _| {
            let bounds = match args.count_if_given("num_items")? {
                Some(items) => Bounds::new(Relation::Exactly, items),
                None => Bounds::at_least(1),
            };
            Ok(Box::new(Count::new(
                UnitFinder::new(Unit::Line, lists::is_numbered),
                bounds,
                ("item", "items"),
            )))
        },
    },
    Kind {
        id: "raif:list_items",
        reach: Reach::PartOrPresence,
        category: Category::Format,
        about: "lists so many items, by bullets or numbers",
        args: &[
            Arg::needed("num_items", ArgType::Count),
            Arg::optional("relation", ArgType::Relation),
        ],
        label: |args: Args| args.show_count("relation", "num_items", "list item", "list items"),
        checker: |args, _, _| {
            let bounds = Bounds::exactly_by_default(args, "num_items")?;
            let is_item = |line: &str| lists::item(line).is_some();
            Ok(Box::new(Count::new(
                UnitFinder::new(Unit::Line, is_item),
                bounds,
                ("item", "items"),
            )))
        },
    },
    Kind {
        id: "raif:sentence_per_item",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has no more than so many sentences in a list item",
        args: &[Arg::needed("max", ArgType::Count)],
        label: |args: Args| format!("at most {} sentences an item", args.show("max")),
        checker: |args, _, _| {
            let most = args.count("max")?;
            Ok(Box::new(
                Every::new(Unit::Line, move |line| match lists::item(line) {
                    None => Judgement::Skipped,
                    Some(text) => (punkt::sentences(text).len() <= most).into(),
                })
                .bounded(Bounds::at_least(1))
                .named("item", "items"),
            ))
        },
    },
    Kind {
        id: "raif:words_per_item",
        reach: Reach::Whole,
        category: Category::Numerical,
        about: "has no more than so many words in a list item",
        args: &[Arg::needed("max", ArgType::Count)],
        label: |args: Args| format!("at most {} words an item", args.show("max")),
        checker: |args, _, _| {
            let most = args.count("max")?;
            Ok(Box::new(
                Every::new(Unit::Line, move |line| match lists::item(line) {
                    None => Judgement::Skipped,
                    Some(text) => (spoken_words(text) <= most).into(),
                })
                .bounded(Bounds::at_least(1))
                .named("item", "items"),
            ))
        },
    },
];

/// A list marker, to the letter, anywhere.
struct Marker(Literal);

impl CharFinder for Marker {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if let Some(place) = self.0.take(at, c) {
            found.add(place);
        }
    }
}

/// White space. As worded that at the ends of the answer does not count.
struct Spaces {
    semantics: Semantics,
    begun: bool,
    waiting: Option<usize>,
}

impl CharFinder for Spaces {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        match (is_space(c), self.semantics) {
            (true, Semantics::Official) => found.add(at..at + c.len_utf8()),
            (true, Semantics::AsWorded) if self.begun => {
                self.waiting.get_or_insert(at);
            }
            (true, Semantics::AsWorded) => {}
            (false, _) => {
                self.begun = true;
                if let Some(space) = self.waiting.take() {
                    found.add(space..at);
                }
            }
        }
    }
}
