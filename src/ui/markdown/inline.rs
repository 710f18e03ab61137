//! A paragraph's text with its inks, and its rows.

use std::ops::Range;

use super::super::ink::{Ink, InkRow};
use super::super::wrap::Wrapped;

/// Running text, in pieces of one ink, each with the bytes of the source it shows.
#[derive(Clone, Debug, Default)]
pub struct Inline {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    end: usize,
    ink: Ink,
    source: Range<usize>,
}

impl Inline {
    pub fn push(&mut self, text: &str, ink: impl Into<Ink>, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        self.pieces.push(Piece {
            end: self.text.len(),
            ink: ink.into(),
            source,
        });
    }

    pub fn append(&mut self, other: &Self) {
        let mut start = 0;
        for piece in &other.pieces {
            self.push(&other.text[start..piece.end], piece.ink, piece.source.clone());
            start = piece.end;
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Ends the line, unless it is empty.
    pub fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.push("\n", super::super::theme::Role::Text, 0..0);
        }
    }

    /// The rows at `columns` cells, each without anything before it.
    pub fn rows(&self, columns: usize) -> impl Iterator<Item = InkRow> + '_ {
        let wrapped = Wrapped::new(&self.text, columns);
        let ranges: Vec<Range<usize>> = wrapped.rows().iter().map(|row| row.shown()).collect();
        ranges.into_iter().map(|range| self.slice(range))
    }

    fn slice(&self, range: Range<usize>) -> InkRow {
        let mut row = InkRow::default();
        let first = self.pieces.partition_point(|piece| piece.end <= range.start);
        let mut start = first.checked_sub(1).map_or(0, |before| self.pieces[before].end);
        for piece in &self.pieces[first..] {
            if start >= range.end {
                break;
            }
            let (from, to) = (start.max(range.start), piece.end.min(range.end));
            let source = if piece.source.len() == piece.end - start {
                piece.source.start + (from - start)..piece.source.start + (to - start)
            } else {
                piece.source.clone()
            };
            row.push_source(&self.text[from..to], piece.ink, source);
            start = piece.end;
        }
        row
    }
}
