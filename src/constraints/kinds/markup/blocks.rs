//! Blocks of Markdown.

use crate::constraints::{
    checker::{Finder, Found, Unit, Units},
    text::chars::strip,
};

/// The only thing in the answer is a fenced block: its language and content.
pub fn only_block(answer: &str) -> Option<(&str, &str)> {
    let inside = strip(answer).strip_prefix("```")?;
    let (lang, rest) = inside.split_once('\n')?;
    let content = rest.strip_suffix("```")?;
    let closes_once = content.is_empty() || content.ends_with('\n');
    let has_fence = content.lines().any(|line| line.trim_start().starts_with("```"));
    (closes_once && !has_fence).then_some((strip(lang), content))
}

/// Whether a block's language is the one asked for; any will do if none was.
pub fn is_language(lang: &str, wanted: Option<&str>) -> bool {
    let short = |name: &str| {
        let name = name.trim().to_lowercase();
        let name = name
            .split([' ', ',', '{', ':'])
            .next()
            .unwrap_or_default()
            .to_owned();
        match name.as_str() {
            "py" | "python3" => "python".into(),
            "js" | "node" => "javascript".into(),
            "ts" => "typescript".into(),
            "rs" => "rust".into(),
            "sh" | "shell" | "zsh" | "console" => "bash".into(),
            "c++" | "cxx" => "cpp".into(),
            "c#" => "csharp".into(),
            "golang" => "go".into(),
            "rb" => "ruby".into(),
            "yml" => "yaml".into(),
            _ => name,
        }
    };
    wanted.is_none_or(|wanted| short(wanted) == short(lang))
}

/// Whether a line opens or closes a fenced block: its language, or nothing.
fn fence(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("```")
        .or_else(|| line.strip_prefix("~~~"))
        .map(|lang| strip(lang.trim_matches('`')))
}

/// Fenced blocks that are closed.
pub struct CodeBlocks {
    lines: Units,
    wanted: Option<String>,
    /// Where the open block begins, if it is of the right language.
    open: Option<Option<usize>>,
}

impl CodeBlocks {
    pub fn new(wanted: Option<&str>) -> Self {
        Self {
            lines: Units::new(Unit::Line),
            wanted: wanted.map(str::to_owned),
            open: None,
        }
    }
}

impl Finder for CodeBlocks {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        let Self { lines, wanted, open } = self;
        lines.feed(answer, from, |line| {
            Self::line(wanted.as_deref(), open, answer, line, found)
        });
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        let Self { lines, wanted, open } = self;
        lines.finish(answer, |line| {
            Self::line(wanted.as_deref(), open, answer, line, found)
        });
    }
}

impl CodeBlocks {
    fn line(
        wanted: Option<&str>,
        open: &mut Option<Option<usize>>,
        answer: &str,
        line: std::ops::Range<usize>,
        found: &mut Found,
    ) {
        let Some(lang) = fence(&answer[line.clone()]) else {
            return;
        };
        *open = match open.take() {
            None => Some(is_language(lang, wanted).then_some(line.start)),
            Some(start) => {
                if let Some(start) = start {
                    found.add(start..line.end);
                }
                None
            }
        };
    }
}

/// Headings outside code: `#` to `######` and a space.
pub struct Headings {
    lines: Units,
    in_code: bool,
}

impl Default for Headings {
    fn default() -> Self {
        Self {
            lines: Units::new(Unit::Line),
            in_code: false,
        }
    }
}

impl Headings {
    fn line(in_code: &mut bool, answer: &str, line: std::ops::Range<usize>, found: &mut Found) {
        let text = &answer[line.clone()];
        if fence(text).is_some() {
            *in_code = !*in_code;
        } else if !*in_code && is_heading(text) {
            found.add(line);
        }
    }
}

pub fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - rest.len())) && rest.starts_with(' ') && !strip(rest).is_empty()
}

impl Finder for Headings {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        let Self { lines, in_code } = self;
        lines.feed(answer, from, |line| Self::line(in_code, answer, line, found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        let Self { lines, in_code } = self;
        lines.finish(answer, |line| Self::line(in_code, answer, line, found));
    }
}

/// Tables: a row of cells with a row of dashes under it.
pub struct Tables {
    lines: Units,
    columns: Option<usize>,
    /// The line before, and how many cells it has.
    above: Option<(usize, usize)>,
}

impl Tables {
    pub fn new(columns: Option<usize>) -> Self {
        Self {
            lines: Units::new(Unit::Line),
            columns,
            above: None,
        }
    }

    fn line(
        columns: Option<usize>,
        above: &mut Option<(usize, usize)>,
        answer: &str,
        line: std::ops::Range<usize>,
        found: &mut Found,
    ) {
        let text = strip(&answer[line.clone()]);
        let cells: Vec<&str> = if text.contains('|') {
            text.trim_matches('|').split('|').map(strip).collect()
        } else {
            Vec::new()
        };
        let is_rule = !cells.is_empty()
            && cells
                .iter()
                .all(|cell| cell.contains('-') && cell.trim_matches(':').chars().all(|c| c == '-'));
        if let Some((start, width)) = *above
            && is_rule
            && width == cells.len()
            && columns.is_none_or(|wanted| wanted == width)
        {
            found.add(start..line.end);
        }
        *above = (!cells.is_empty() && !is_rule).then_some((line.start, cells.len()));
    }
}

impl Finder for Tables {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        let Self {
            lines,
            columns,
            above,
        } = self;
        lines.feed(answer, from, |line| {
            Self::line(*columns, above, answer, line, found)
        });
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        let Self {
            lines,
            columns,
            above,
        } = self;
        lines.finish(answer, |line| Self::line(*columns, above, answer, line, found));
    }
}
