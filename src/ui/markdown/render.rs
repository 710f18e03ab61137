//! The events of one stretch of Markdown to rows.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use ratatui::style::Modifier;

use super::super::ink::{Ink, InkRow};
use super::super::theme::Role;
use super::super::width::width;
use super::code::{CodeBlock, Highlighter};
use super::inline::Inline;
use super::math;
use super::table::Table;

/// What stands before the rows of a quote or a list item.
#[derive(Clone, Debug)]
struct Container {
    /// Before its first row; taken when that is made.
    first: Option<String>,
    rest: String,
    role: Role,
}

/// A block of code being collected.
#[derive(Debug, Default)]
struct Code {
    language: String,
    text: String,
    /// Where each piece of text came from: its end in `text`, its place in the source.
    pieces: Vec<(usize, Range<usize>)>,
}

/// Makes rows of one top-level block.
pub struct Renderer<'a> {
    /// The stretch being rendered, as written, and where in the document it is.
    source: &'a str,
    offset: usize,
    columns: usize,
    highlighter: &'a Highlighter,
    /// Kept by the document for the block that may still grow, one for each block of code in it.
    code_blocks: &'a mut Vec<CodeBlock>,
    codes_seen: usize,
    /// Some code is plain because its language was not ready.
    pub cold: bool,

    rows: Vec<InkRow>,
    containers: Vec<Container>,
    inline: Inline,
    inks: Vec<Ink>,
    lists: Vec<Option<u64>>,
    links: Vec<(String, usize)>,
    code: Option<Code>,
    table: Option<Table>,
    gap: bool,
}

impl<'a> Renderer<'a> {
    pub fn new(
        source: &'a str,
        offset: usize,
        columns: usize,
        highlighter: &'a Highlighter,
        code_blocks: &'a mut Vec<CodeBlock>,
    ) -> Self {
        Self {
            source,
            offset,
            columns,
            highlighter,
            code_blocks,
            codes_seen: 0,
            cold: false,
            rows: Vec::new(),
            containers: Vec::new(),
            inline: Inline::default(),
            inks: Vec::new(),
            lists: Vec::new(),
            links: Vec::new(),
            code: None,
            table: None,
            gap: false,
        }
    }

    /// Ends the block; returns its rows.
    pub fn finish(&mut self) -> Vec<InkRow> {
        self.flush();
        self.gap = false;
        self.codes_seen = 0;
        std::mem::take(&mut self.rows)
    }

    pub fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let place = self.offset + range.start..self.offset + range.end;
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => {
                    code.text.push_str(&text);
                    code.pieces.push((code.text.len(), place));
                }
                None => self.inline.push(&text, self.ink(), place),
            },
            Event::Code(text) => {
                let ink = Ink {
                    role: Role::Code,
                    ..self.ink()
                };
                let inside = self.source[range.clone()].find(&*text).map(|at| {
                    let start = place.start + at;
                    start..start + text.len()
                });
                self.inline.push(&text, ink, inside.unwrap_or(place));
            }
            Event::InlineMath(text) => {
                if math::is_formula(&text) {
                    self.inline.push(&math::to_text(&text), Role::Math, place);
                } else {
                    self.inline.push(&self.source[range], self.ink(), place);
                }
            }
            Event::DisplayMath(text) => {
                let formula = math::to_text(&text);
                if self.source[range].starts_with("\\(") {
                    self.inline.push(&formula.replace('\n', "; "), Role::Math, place);
                } else {
                    self.inline.end_line();
                    for line in formula.lines() {
                        self.inline.push("  ", Role::Math, 0..0);
                        self.inline.push(line, Role::Math, place.clone());
                        self.inline.end_line();
                    }
                }
            }
            Event::SoftBreak | Event::HardBreak => self.inline.push("\n", Role::Text, place),
            Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<br") => {
                self.inline.push("\n", Role::Text, place)
            }
            Event::Html(html) | Event::InlineHtml(html) => self.inline.push(&html, Role::Muted, place),
            Event::Rule => {
                self.open_block();
                self.row(InkRow::new(&"─".repeat(self.room()), Role::Muted));
                self.gap = true;
            }
            Event::TaskListMarker(done) => {
                let sign = if done { "☑ " } else { "☐ " };
                self.inline.push(sign, Role::Accent, place);
            }
            Event::FootnoteReference(name) => self.inline.push(&name, Role::Link, place),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open_block(),
            Tag::Heading { level, .. } => {
                self.open_block();
                let ink = match level {
                    HeadingLevel::H1 => Ink::from(Role::Heading).with(Modifier::UNDERLINED),
                    HeadingLevel::H2 => Role::Heading.into(),
                    _ => Role::Strong.into(),
                };
                self.inks.push(ink);
            }
            Tag::BlockQuote(_) => {
                self.open_block();
                self.containers.push(Container {
                    first: None,
                    rest: "▏ ".to_owned(),
                    role: Role::Quote,
                });
                self.inks.push(Role::Quote.into());
            }
            Tag::CodeBlock(kind) => {
                self.open_block();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or("").to_owned()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(Code {
                    language,
                    ..Code::default()
                });
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.is_empty() {
                    self.open_block();
                }
                self.lists.push(first);
            }
            Tag::Item => {
                self.open_block();
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => if self.lists.len() % 2 == 1 { "• " } else { "◦ " }.to_owned(),
                };
                self.containers.push(Container {
                    rest: " ".repeat(width(&marker)),
                    first: Some(marker),
                    role: Role::Accent,
                });
            }
            Tag::Table(alignments) => {
                self.open_block();
                self.table = Some(Table {
                    alignments,
                    rows: Vec::new(),
                });
            }
            Tag::TableHead => {
                self.inks.push(Role::Strong.into());
                self.table_row();
            }
            Tag::TableRow => self.table_row(),
            Tag::Emphasis => self.inks.push(self.ink_as(Role::Emphasis)),
            Tag::Strong => self.inks.push(self.ink_as(Role::Strong)),
            Tag::Strikethrough => self.inks.push(self.ink().with(Modifier::CROSSED_OUT)),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.inks.push(self.ink_as(Role::Link));
                self.links
                    .push((dest_url.into_string(), self.inline.text().len()));
            }
            Tag::HtmlBlock => self.open_block(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => {
                self.flush();
                self.gap = true;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.inks.pop();
                self.gap = true;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.containers.pop();
                self.inks.pop();
                self.gap = true;
            }
            TagEnd::CodeBlock => {
                self.end_code();
                self.gap = true;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap |= self.lists.is_empty();
            }
            TagEnd::Item => {
                self.flush();
                if self.containers.last().is_some_and(|item| item.first.is_some()) {
                    self.row(InkRow::default());
                }
                self.containers.pop();
            }
            TagEnd::Table => {
                let room = self.room();
                for row in self.table.take().map_or(Vec::new(), |table| table.render(room)) {
                    self.row(row);
                }
                self.gap = true;
            }
            TagEnd::TableHead => {
                self.inks.pop();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.inks.pop();
            }
            TagEnd::Link | TagEnd::Image => {
                self.inks.pop();
                if let Some((url, from)) = self.links.pop() {
                    let shown = &self.inline.text()[from.min(self.inline.text().len())..];
                    let bare = url.strip_prefix("mailto:").unwrap_or(&url);
                    if shown != bare && !bare.is_empty() {
                        self.inline.push(&format!(" ({url})"), Role::Muted, 0..0);
                    }
                }
            }
            _ => {}
        }
    }

    fn ink(&self) -> Ink {
        self.inks.last().copied().unwrap_or(Role::Text.into())
    }

    /// `role` inside of what is open: bold within a heading stays a heading.
    fn ink_as(&self, role: Role) -> Ink {
        let modifier = match role {
            Role::Strong => Modifier::BOLD,
            Role::Emphasis => Modifier::ITALIC,
            _ => Modifier::empty(),
        };
        match self.inks.last() {
            Some(outer) if role != Role::Link => outer.with(modifier),
            Some(outer) => Ink { role, ..*outer },
            None => role.into(),
        }
    }

    /// What a new block does first: the text before it, and an empty row if there is to be one.
    fn open_block(&mut self) {
        self.flush();
        if std::mem::take(&mut self.gap) && !self.rows.is_empty() {
            let prefix = self.prefix(false);
            self.rows.push(if prefix.is_blank() {
                InkRow::default()
            } else {
                prefix
            });
        }
    }

    /// What stands before a row. Containers that would take more than half of the width stand aside.
    fn prefix(&mut self, opens: bool) -> InkRow {
        let mut prefix = InkRow::default();
        let mut used = 0;
        for container in &mut self.containers {
            let text = match container.first.take_if(|_| opens) {
                Some(first) => first,
                None => container.rest.clone(),
            };
            used += width(&text);
            if used * 2 <= self.columns {
                prefix.push(&text, container.role);
            }
        }
        prefix
    }

    /// Cells left beside what stands before a row.
    fn room(&self) -> usize {
        let half = self.columns / 2;
        let mut used = 0;
        for container in &self.containers {
            let next = used + width(&container.rest);
            if next > half {
                break;
            }
            used = next;
        }
        (self.columns - used).max(1)
    }

    fn row(&mut self, content: InkRow) {
        let mut row = self.prefix(true);
        row.append(&content);
        self.rows.push(row);
    }

    fn flush(&mut self) {
        if self.inline.is_empty() || self.table.is_some() {
            return;
        }
        let inline = std::mem::take(&mut self.inline);
        let mut rows: Vec<InkRow> = inline.rows(self.room()).collect();
        while rows.last().is_some_and(InkRow::is_blank) {
            rows.pop();
        }
        for row in rows {
            self.row(row);
        }
    }

    fn table_row(&mut self) {
        if let Some(table) = &mut self.table {
            table.rows.push(Vec::new());
        }
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        if self.code_blocks.len() <= self.codes_seen {
            self.code_blocks.push(CodeBlock::default());
        }
        let block = &mut self.code_blocks[self.codes_seen];
        self.codes_seen += 1;
        let (tints, later) = block.tints(&code.language, &code.text, self.highlighter);
        self.cold |= later;

        if !code.language.is_empty() {
            self.row(InkRow::new(&code.language, Role::Muted));
        }
        let room = self.room().saturating_sub(2).max(1);
        let mut start = 0;
        for (number, line) in code.text.split_inclusive('\n').enumerate() {
            let mut inline = Inline::default();
            let length = line.trim_end_matches(['\n', '\r']).len();
            let whole = vec![(0..length, Role::CodeBlock)];
            let tinted = tints
                .as_ref()
                .and_then(|lines| lines.get(number))
                .filter(|line| !line.is_empty());
            for (range, role) in tinted.unwrap_or(&whole) {
                let range = range.start.min(length)..range.end.min(length);
                let place = code.place(start + range.start..start + range.end);
                inline.push(&line[range], *role, place);
            }
            for content in inline.rows(room) {
                let mut row = InkRow::new("│ ", Role::Muted);
                row.append(&content);
                self.row(row);
            }
            start += line.len();
        }
    }
}

impl Code {
    /// The source of a stretch of the text within one piece.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        let index = self.pieces.partition_point(|(end, _)| *end <= range.start);
        let Some((end, source)) = self.pieces.get(index) else {
            return 0..0;
        };
        let start = index.checked_sub(1).map_or(0, |before| self.pieces[before].0);
        if source.len() == end - start {
            source.start + range.start - start..source.start + range.end.min(*end) - start
        } else {
            source.clone()
        }
    }
}
