//! Rows of styled text that know where in the source they come from, and how to draw them.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use super::theme::{Role, Theme};
use super::width::{glyph, width};

/// What a piece of text looks like, by name: resolved against the theme when it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    pub role: Role,
    pub modifier: Modifier,
}

impl Ink {
    pub fn with(self, modifier: Modifier) -> Self {
        Self {
            modifier: self.modifier | modifier,
            ..self
        }
    }

    pub fn style(self, theme: &Theme) -> Style {
        theme.style(self.role).add_modifier(self.modifier)
    }
}

impl From<Role> for Ink {
    fn from(role: Role) -> Self {
        Self {
            role,
            modifier: Modifier::empty(),
        }
    }
}

/// A piece of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its end in the row's text.
    end: u32,
    ink: Ink,
    /// The bytes of the source it shows; empty for what is not in the source (bullets, borders).
    source: (u32, u32),
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InkRow {
    text: String,
    spans: Vec<Span>,
}

/// A stretch of the source to be marked, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub range: Range<usize>,
    pub role: Role,
}

impl InkRow {
    pub fn new(text: &str, ink: impl Into<Ink>) -> Self {
        let mut row = Self::default();
        row.push(text, ink);
        row
    }

    /// Appends text that is not in the source.
    pub fn push(&mut self, text: &str, ink: impl Into<Ink>) -> &mut Self {
        self.push_source(text, ink, 0..0)
    }

    /// Appends text that shows the bytes `source`. Where both have the same length they are the same text.
    pub fn push_source(&mut self, text: &str, ink: impl Into<Ink>, source: Range<usize>) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        self.text.push_str(text);
        self.spans.push(Span {
            end: small(self.text.len()),
            ink: ink.into(),
            source: (small(source.start), small(source.end)),
        });
        self
    }

    /// Appends all of `other`.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        for (text, span) in other.pieces() {
            let source = span.source.0 as usize..span.source.1 as usize;
            self.push_source(text, span.ink, source);
        }
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn width(&self) -> usize {
        width(&self.text)
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The first byte of the source that it shows.
    pub fn source_start(&self) -> Option<usize> {
        self.source_range().map(|range| range.start)
    }

    /// From the first to the last byte of the source that it shows.
    pub fn source_range(&self) -> Option<Range<usize>> {
        let shown = || {
            self.spans
                .iter()
                .map(|span| span.source)
                .filter(|(start, end)| start < end)
        };
        let start = shown().map(|(start, _)| start).min()?;
        let end = shown().map(|(_, end)| end).max()?;
        Some(start as usize..end as usize)
    }

    /// Whether it shows any byte of `range`.
    pub fn shows(&self, range: &Range<usize>) -> bool {
        self.spans
            .iter()
            .any(|span| (span.source.0 as usize) < range.end && range.start < span.source.1 as usize)
    }

    /// The byte of the source that is shown at a column, or the next one that is shown; `None` behind the last.
    pub fn source_at(&self, column: usize) -> Option<usize> {
        let mut before = 0;
        for (text, span) in self.pieces() {
            let (start, end) = (span.source.0 as usize, span.source.1 as usize);
            let cells = width(text);
            if start < end && column < before + cells {
                let within = super::width::fit(text, column.saturating_sub(before)).len();
                // Where text and source differ the piece is taken as a whole.
                return Some(if end - start == text.len() {
                    start + within
                } else {
                    start
                });
            }
            before += cells;
        }
        None
    }

    fn pieces(&self) -> impl Iterator<Item = (&str, Span)> {
        let mut start = 0;
        self.spans.iter().map(move |span| {
            let end = span.end as usize;
            let piece = &self.text[start..end];
            start = end;
            (piece, *span)
        })
    }

    /// Draws into the first row of `area`; returns the cells used.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme, marks: &[Mark]) -> u16 {
        let mut pen = Pen::new(area, buffer);
        for (text, span) in self.pieces() {
            let base = span.ink.style(theme);
            let source = span.source.0 as usize..span.source.1 as usize;
            if marks.is_empty() || source.is_empty() {
                pen.text(text, base);
                continue;
            }
            let exact = source.len() == text.len();
            pen.text_with(text, |at, len| {
                let place = if exact {
                    source.start + at..source.start + at + len
                } else {
                    source.clone()
                };
                marked(base, &place, marks, theme)
            });
        }
        pen.used()
    }
}

/// `base`, changed by every mark that touches `place`.
pub fn marked(base: Style, place: &Range<usize>, marks: &[Mark], theme: &Theme) -> Style {
    marks
        .iter()
        .filter(|mark| mark.range.start < place.end && place.start < mark.range.end)
        .fold(base, |style, mark| style.patch(theme.style(mark.role)))
}

/// Conversations are smaller than 4 GiB; a place beyond that maps to the end.
fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Writes text into one row of cells. The only way text reaches the screen: every grapheme goes through [`glyph`].
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    start: u16,
    x: u16,
    right: u16,
    y: u16,
}

impl<'a> Pen<'a> {
    /// Writes into the first row of `area`, never outside of it.
    pub fn new(area: Rect, buffer: &'a mut Buffer) -> Self {
        let area = area.intersection(buffer.area);
        let right = if area.height == 0 { area.x } else { area.right() };
        Self {
            start: area.x,
            x: area.x,
            right,
            y: area.y,
            buffer,
        }
    }

    pub fn text(&mut self, text: &str, style: Style) -> &mut Self {
        self.text_with(text, |_, _| style)
    }

    /// A whole row, without marks.
    pub fn row(&mut self, row: &InkRow, theme: &Theme) -> &mut Self {
        for (text, span) in row.pieces() {
            self.text(text, span.ink.style(theme));
        }
        self
    }

    pub fn used(&self) -> u16 {
        self.x - self.start
    }

    /// `style_at` is asked for each grapheme, with its byte offset and length.
    pub fn text_with(&mut self, text: &str, mut style_at: impl FnMut(usize, usize) -> Style) -> &mut Self {
        for (at, grapheme) in text.grapheme_indices(true) {
            let (symbol, cells) = glyph(grapheme);
            if cells == 0 {
                continue;
            }
            if cells > usize::from(self.right - self.x) {
                self.x = self.right;
                break;
            }
            let style = style_at(at, grapheme.len());
            if grapheme == "\t" {
                for _ in 0..cells {
                    self.put(" ", 1, style);
                }
            } else {
                self.put(symbol, cells, style);
            }
        }
        self
    }

    fn put(&mut self, symbol: &str, cells: usize, style: Style) {
        self.buffer[(self.x, self.y)].set_symbol(symbol).set_style(style);
        for hidden in 1..cells {
            let cell = &mut self.buffer[(self.x + hidden as u16, self.y)];
            cell.reset();
            cell.set_style(style);
        }
        self.x += cells as u16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        Theme::builtin("dark").expect("a built-in theme")
    }

    fn cells(buffer: &Buffer) -> String {
        buffer.content().iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn control_characters_do_not_reach_a_cell() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        let row = InkRow::new("a\u{1b}[2Jb\u{202e}\u{7}", Role::Text);
        row.draw(buffer.area, &mut buffer, &theme(), &[]);
        assert_eq!(cells(&buffer), "a[2Jb   ");
    }

    #[test]
    fn a_wide_character_that_does_not_fit_is_left_out() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 1));
        InkRow::new("你好", Role::Text).draw(buffer.area, &mut buffer, &theme(), &[]);
        assert_eq!(cells(&buffer), "你  ");
    }

    #[test]
    fn a_mark_covers_exactly_its_bytes() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        let mut row = InkRow::new("• ", Role::Muted);
        row.push_source("abcdef", Role::Text, 10..16);
        let marks = [Mark {
            range: 12..14,
            role: Role::MarkBroken,
        }];
        row.draw(buffer.area, &mut buffer, &theme(), &marks);
        let style = theme().style(Role::MarkBroken);
        let lit: Vec<bool> = buffer
            .content()
            .iter()
            .map(|cell| cell.modifier.contains(style.add_modifier))
            .collect();
        assert_eq!(lit, [false, false, false, false, true, true, false, false]);
    }

    #[test]
    fn areas_of_any_size_are_safe() {
        for area in [
            Rect::new(0, 0, 0, 0),
            Rect::new(5, 5, 10, 10),
            Rect::new(0, 0, 1, 1),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 2));
            InkRow::new("你a", Role::Text).draw(area, &mut buffer, &theme(), &[]);
        }
    }
}
