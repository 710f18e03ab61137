//! From drawn cells back to the bytes of the text that they show.

use std::ops::Range;

use super::markdown::Document;
use super::width::fit;
use super::wrap::Wrapped;

/// Whether a line of `text` begins at byte `at`.
pub fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n')
}

/// The rows of `all` around `row` of which only the first `begins` a line.
pub fn same_line(row: usize, all: usize, begins: impl Fn(usize) -> bool) -> Range<usize> {
    let first = (0..=row).rev().find(|row| begins(*row)).unwrap_or(0);
    let end = (row + 1..all).find(|row| begins(*row)).unwrap_or(all);
    first..end
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
