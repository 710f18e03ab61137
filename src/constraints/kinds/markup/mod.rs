//! Tables, headings, code, YAML, XML, CSV, HTML: what a parser decides.

mod blocks;
pub mod chinese;
pub mod phrases;
mod plain;
mod tags;
mod yaml;

use super::{Arg, ArgType, Args, Category, Kind, Reach};
use crate::constraints::{
    checker::{Bounds, Checker, Count, Whole},
    text::{chars::strip, csv, json},
};

pub const KINDS: &[Kind] = &[
    Kind {
        id: "format:thesis",
        reach: Reach::Whole,
        category: Category::Format,
        about: "has a thesis in HTML italics, and text behind it",
        args: &[],
        label: |_| "a thesis in <i>italics</i>".into(),
        checker: |_, _, _| Ok(whole(tags::has_thesis)),
    },
    Kind {
        id: "raif:table",
        reach: Reach::Presence,
        category: Category::Format,
        about: "has a Markdown table, of so many columns",
        args: &[Arg::optional("columns", ArgType::Count)],
        label: |args: Args| match args.get("columns") {
            Some(_) => format!("table of {} columns", args.show("columns")),
            None => "a table".into(),
        },
        checker: |args, _, _| {
            let tables = blocks::Tables::new(args.count_if_given("columns")?);
            Ok(Box::new(Count::new(
                tables,
                Bounds::at_least(1),
                ("table", "tables"),
            )))
        },
    },
    Kind {
        id: "raif:heading_count",
        reach: Reach::Presence,
        category: Category::Format,
        about: "has so many Markdown headings",
        args: &[
            Arg::needed("num", ArgType::Count),
            Arg::optional("relation", ArgType::Relation),
        ],
        label: |args: Args| args.show_count("relation", "num", "heading", "headings"),
        checker: |args, _, _| {
            let bounds = Bounds::exactly_by_default(args, "num")?;
            Ok(Box::new(Count::new(
                blocks::Headings::default(),
                bounds,
                ("heading", "headings"),
            )))
        },
    },
    Kind {
        id: "raif:code_block",
        reach: Reach::Presence,
        category: Category::Format,
        about: "has a fenced code block, of a language",
        args: &[Arg::optional("lang", ArgType::Text)],
        label: |args: Args| match args.get("lang") {
            Some(_) => format!("a {} code block", args.show("lang")),
            None => "a code block".into(),
        },
        checker: |args, _, _| {
            let blocks = blocks::CodeBlocks::new(args.text_if_given("lang")?);
            Ok(Box::new(Count::new(
                blocks,
                Bounds::at_least(1),
                ("block", "blocks"),
            )))
        },
    },
    Kind {
        id: "raif:code_only",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is nothing but one fenced code block, of a language",
        args: &[Arg::optional("lang", ArgType::Text)],
        label: |args: Args| match args.get("lang") {
            Some(_) => format!("only {} code", args.show("lang")),
            None => "only code".into(),
        },
        checker: |args, _, _| {
            let wanted = args.text_if_given("lang")?.map(str::to_owned);
            Ok(whole(move |answer| {
                blocks::only_block(answer)
                    .is_some_and(|(lang, _)| blocks::is_language(lang, wanted.as_deref()))
            }))
        },
    },
    Kind {
        id: "raif:json_keys",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is a JSON object with these keys",
        args: &[Arg::needed("keys", ArgType::TextList)],
        label: |args: Args| format!("JSON with {}", args.show("keys")),
        checker: |args, _, _| {
            let keys: Vec<String> = args.texts("keys")?.into_iter().map(str::to_owned).collect();
            Ok(whole(move |answer| {
                let mut value = json::Value::default();
                let parses = content(answer).chars().all(|c| value.take(c)) && value.may_end();
                parses && keys.iter().all(|key| value.keys().contains(key))
            }))
        },
    },
    Kind {
        id: "raif:yaml_format",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is a YAML mapping or sequence",
        args: &[],
        label: |_| "YAML".into(),
        checker: |_, _, _| Ok(whole(|answer| yaml::is_document(content(answer)))),
    },
    Kind {
        id: "raif:xml_format",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is well-formed XML",
        args: &[],
        label: |_| "XML".into(),
        checker: |_, _, _| Ok(whole(|answer| tags::is_xml(content(answer)))),
    },
    Kind {
        id: "raif:html_format",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is HTML",
        args: &[],
        label: |_| "HTML".into(),
        checker: |_, _, _| Ok(whole(|answer| tags::is_html(content(answer)))),
    },
    Kind {
        id: "raif:csv_format",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is CSV: rows of equally many fields",
        args: &[],
        label: |_| "CSV".into(),
        checker: |_, _, _| Ok(whole(|answer| is_csv(content(answer)))),
    },
    Kind {
        id: "raif:no_markdown",
        reach: Reach::Whole,
        category: Category::Format,
        about: "uses no Markdown",
        args: &[],
        label: |_| "no Markdown".into(),
        checker: |_, _, _| Ok(no_markdown()),
    },
    Kind {
        id: "raif:plain_text",
        reach: Reach::Whole,
        category: Category::Format,
        about: "is plain text: no Markdown, no HTML",
        args: &[],
        label: |_| "plain text".into(),
        checker: |_, _, _| Ok(no_markdown()),
    },
];

fn whole(passes: impl Fn(&str) -> bool + Send + 'static) -> Box<dyn Checker> {
    Box::new(Whole::new(move |answer| (passes(answer), String::new())))
}

fn no_markdown() -> Box<dyn Checker> {
    Box::new(Count::new(
        plain::Markdown::default(),
        Bounds {
            least: 0,
            most: Some(0),
        },
        ("mark", "marks"),
    ))
}

/// The answer, or what is in the one code block that it consists of.
fn content(answer: &str) -> &str {
    blocks::only_block(answer).map_or_else(|| strip(answer), |(_, content)| strip(content))
}

/// At least two rows, all with as many fields, at least two.
fn is_csv(text: &str) -> bool {
    [',', ';', '\t'].into_iter().any(|delimiter| {
        let Some(rows) = csv::rows(text, delimiter) else {
            return false;
        };
        let width = rows.first().map_or(0, Vec::len);
        rows.len() >= 2 && width >= 2 && rows.iter().all(|row| row.len() == width)
    })
}
