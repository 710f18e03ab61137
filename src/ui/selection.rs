//! What the mouse selected: how it looks, and what it is in the source.
//!
//! What is copied is the source between the first and the last cell: Markdown as the model wrote it, without frames,
//! bullets that were drawn, or line breaks that only the width of a pane made.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_segmentation::UnicodeSegmentation;

use super::cache::{Cache, trace};
use super::source::{begins_line, in_wrapped, same_line};
use super::view::answer::{self, Line};
use super::width::width;
use crate::app::select::{Place, SelectedPane, Unit};
use crate::app::{Selection, State, Viewport};

/// Reverses the selected cells of a pane that was drawn: of the thinking, or of the answer.
pub fn highlight(
    buffer: &mut Buffer,
    state: &State,
    cache: &mut Cache,
    [thinking, answer]: [(Rect, Viewport); 2],
) {
    let Some(selection) = &state.selection else { return };
    let (area, view) = match selection.pane {
        SelectedPane::Thinking => thinking,
        SelectedPane::Answer => answer,
    };
    let (from, to) = ends(state, cache, selection, usize::from(area.width));
    let area = area.intersection(buffer.area);
    for (row, y) in (view.top..).zip(area.top()..area.bottom()) {
        if row < from.row || to.row < row {
            continue;
        }
        let start = if row == from.row { from.column } else { 0 };
        let end = if row == to.row {
            to.column
        } else {
            usize::from(area.width)
        };
        for x in (area.left()..area.right())
            .skip(start)
            .take(end.saturating_sub(start))
        {
            buffer[(x, y)].modifier.toggle(Modifier::REVERSED);
        }
    }
}

/// The text that is selected, as it is in the source.
pub fn text(state: &State, cache: &mut Cache, selection: &Selection) -> String {
    let columns = usize::from(match selection.pane {
        SelectedPane::Answer => state.geometry.answer_text.columns,
        SelectedPane::Thinking => state.geometry.thinking_text.columns,
    });
    let (from, to) = ends(state, cache, selection, columns);
    let (from, to) = ((from.row, from.column), (to.row, to.column));
    match selection.pane {
        SelectedPane::Answer => answer::source(state, cache, columns, from, to),
        SelectedPane::Thinking => {
            let Some(turn) = state.shown() else {
                return String::new();
            };
            let range = in_wrapped(cache.thinking(turn, columns), trace(turn), from, to);
            trace(turn)
                .get(range)
                .unwrap_or_default()
                .trim_matches('\n')
                .to_owned()
        }
    }
}

/// The first and the last cell that are selected, in a pane of `columns`: whole words or lines where those were clicked.
fn ends(state: &State, cache: &mut Cache, selection: &Selection, columns: usize) -> (Place, Place) {
    let (mut from, mut to) = selection.ends();
    let mut line = |row| match selection.pane {
        SelectedPane::Answer => answer::line_at(state, cache, columns, row),
        SelectedPane::Thinking => thinking_line(state, cache, columns, row),
    };
    match selection.unit {
        Unit::Cell => {}
        Unit::Word => {
            if let Some(first) = line(from.row) {
                from.column = word_at(&first.row, from.column).start;
            }
            if let Some(last) = line(to.row) {
                to.column = word_at(&last.row, to.column).end;
            }
        }
        Unit::Line => {
            from.column = 0;
            from.row = line(from.row).map_or(from.row, |line| line.rows.start);
            to.column = columns;
            to.row = line(to.row).map_or(to.row, |line| line.rows.end.saturating_sub(1));
        }
    }
    (from, to)
}

fn thinking_line(state: &State, cache: &mut Cache, columns: usize, row: usize) -> Option<Line> {
    let turn = state.shown()?;
    let text = trace(turn);
    let rows = cache.thinking(turn, columns).rows();
    Some(Line {
        row: text.get(rows.get(row)?.shown())?.to_owned(),
        rows: same_line(row, rows.len(), |row| begins_line(text, rows[row].start)),
    })
}

/// The cells of the word at a column of a row, as Unicode divides words (UAX 29); behind the last there is none.
fn word_at(row: &str, column: usize) -> Range<usize> {
    let mut start = 0;
    for word in row.split_word_bounds() {
        let end = start + width(word);
        if column < end {
            return start..end;
        }
        start = end;
    }
    start..start
}
