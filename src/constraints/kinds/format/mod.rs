//! The answer's form: bullets, sections, titles, JSON, templates.

mod bullets;
mod emphasis;
mod json;
mod sections;
mod title;

use bullets::Bullets;
use emphasis::Highlights;
use json::Json;
use sections::Sections;
use title::Title;

use super::{Arg, ArgType, Args, Category, Kind};
use crate::constraints::{
    check::{Bounds, Count},
    kinds::args::Relation,
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "detectable_format:number_bullet_lists",
        category: Category::Format,
        about: "has exactly so many Markdown bullet points",
        args: &[Arg::needed("num_bullets", ArgType::Count)],
        label: |args: Args| args.show_count("", "num_bullets", "bullet", "bullets"),
        checker: |args, _, _| {
            let bounds = Bounds::new(Relation::Exactly, args.count("num_bullets")?);
            Ok(Box::new(Count::new(
                Bullets::default(),
                bounds,
                ("bullet", "bullets"),
            )))
        },
    },
    Kind {
        id: "detectable_format:number_highlighted_sections",
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
        category: Category::Format,
        about: "is JSON as a whole",
        args: &[],
        label: |_| "JSON only".into(),
        checker: |_, _, _| Ok(Box::new(Json::default())),
    },
];
