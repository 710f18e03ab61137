//! What the mouse selected: how it looks, and what it is in the source.
//!
//! What is copied is the source between the first and the last cell: Markdown as the model wrote it, without frames,
//! bullets that were drawn, or line breaks that only the width of a pane made.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::cache::{Cache, trace};
use super::markdown::Document;
use super::view::answer;
use super::width::fit;
use super::wrap::Wrapped;
use crate::app::select::SelectedPane;
use crate::app::{Selection, State, Viewport};

/// Reverses the selected cells of a pane that was drawn.
pub fn highlight(buffer: &mut Buffer, state: &State, thinking: (Rect, Viewport), answer: (Rect, Viewport)) {
    let Some(selection) = &state.selection else { return };
    let (area, view) = match selection.pane {
        SelectedPane::Thinking => thinking,
        SelectedPane::Answer => answer,
    };
    let (from, to) = selection.ends();
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
    let (from, to) = selection.ends();
    let (from, to) = ((from.row, from.column), (to.row, to.column));
    match selection.pane {
        SelectedPane::Answer => {
            let columns = usize::from(state.geometry.answer_text.columns);
            answer::source(state, cache, columns, from, to)
        }
        SelectedPane::Thinking => {
            let Some(turn) = state.shown() else {
                return String::new();
            };
            let columns = usize::from(state.geometry.thinking_text.columns);
            let range = in_wrapped(cache.thinking(turn, columns), trace(turn), from, to);
            trace(turn)
                .get(range)
                .unwrap_or_default()
                .trim_matches('\n')
                .to_owned()
        }
    }
}

/// Bytes from a row and column to a row and column of wrapped text.
pub fn in_wrapped(wrapped: &Wrapped, text: &str, from: (usize, usize), to: (usize, usize)) -> Range<usize> {
    let place = |(row, column): (usize, usize)| match wrapped.rows().get(row) {
        Some(row) => row.start + fit(&text[row.shown()], column).len(),
        None => text.len(),
    };
    place(from)..place(to)
}

/// Bytes from a row and column to a row and column of rendered Markdown. From the first row to behind the last it is all
/// of it.
pub fn in_document(
    document: &Document,
    text: &str,
    from: (usize, usize),
    to: (usize, usize),
) -> Range<usize> {
    let row = |row| document.row(row);
    let last = document.len().saturating_sub(1);
    let rows = || from.0..=to.0.min(last);
    let start = if from == (0, 0) {
        0
    } else {
        let within = row(from.0).and_then(|r| r.source_at(from.1));
        let after = || rows().skip(1).find_map(|r| row(r)?.source_start());
        within.or_else(after).unwrap_or(text.len())
    };
    let end = if to.0 >= last && row(last).is_some_and(|r| to.1 >= r.width()) {
        text.len()
    } else {
        let within = row(to.0).and_then(|r| r.source_at(to.1));
        let before = || rows().rev().find_map(|r| Some(row(r)?.source_range()?.end));
        within.or_else(before).unwrap_or(start)
    };
    start.min(end)..end
}
