//! What rows of the conversation are in its source, for what the mouse selects.

use std::ops::Range;

use super::{Layout, Part};
use crate::app::State;
use crate::ui::cache::{Cache, Rows};
use crate::ui::source::{self, begins_line};

/// A row as it is drawn, and the rows that show the same line of the source.
pub struct Line {
    pub row: String,
    pub rows: Range<usize>,
}

/// The line that is shown at row `wanted` of the conversation; `None` where no text of it is.
pub fn line_at(state: &State, cache: &mut Cache, columns: usize, wanted: usize) -> Option<Line> {
    let mut first_row = 0;
    for turn in state.conversation.path() {
        let layout = Layout::new(state, turn, cache.turn(turn, columns), first_row, columns);
        first_row += layout.rows;
        if wanted >= first_row {
            continue;
        }
        let (part, at) = layout.part(wanted - layout.first_row)?;
        let made = cache.made(turn.id)?;
        let (row, rows) = match part {
            Part::Prompt => {
                let rows = made.prompt.rows();
                let row = turn.prompt.get(rows.get(at)?.shown())?.to_owned();
                (
                    row,
                    source::same_line(at, rows.len(), |at| begins_line(&turn.prompt, rows[at].start)),
                )
            }
            Part::Answer => (
                made.answer.row(at)?.text().to_owned(),
                rendered_line(made, &turn.answer, at),
            ),
            _ => return None,
        };
        let start = layout.row_of(part)?;
        return Some(Line {
            row,
            rows: start + rows.start..start + rows.end,
        });
    }
    None
}

/// The rows around row `at` of rendered Markdown that show the same line of its source.
fn rendered_line(made: &Rows, answer: &str, at: usize) -> Range<usize> {
    let start = |row: usize| made.answer.row(row)?.source_start();
    let here = start(at);
    // Only what lies between the two is looked at: an answer may be long, and this is asked for each frame.
    let same = |row: usize| match (start(row), here) {
        (Some(there), Some(here)) => {
            let between = answer.get(there.min(here)..there.max(here));
            between.is_some_and(|text| !text.contains('\n'))
        }
        _ => false,
    };
    let first = (0..at).rev().take_while(|row| same(*row)).last().unwrap_or(at);
    let last = (at + 1..made.answer.len())
        .take_while(|row| same(*row))
        .last()
        .unwrap_or(at);
    first..last + 1
}

/// The text under a stretch of rows, from a column of the first to a column of the last, as it is in the source.
pub fn source(
    state: &State,
    cache: &mut Cache,
    columns: usize,
    from: (usize, usize),
    to: (usize, usize),
) -> String {
    let mut pieces: Vec<&str> = Vec::new();
    let mut first_row = 0;
    for turn in state.conversation.path() {
        let layout = Layout::new(state, turn, cache.turn(turn, columns), first_row, columns);
        first_row += layout.rows;
        let Some(made) = cache.made(turn.id) else { continue };
        for part in [Part::Prompt, Part::Answer] {
            let Some(start) = layout.row_of(part) else {
                continue;
            };
            let (text, count) = match part {
                Part::Prompt => (turn.prompt.as_str(), made.prompt.rows().len()),
                _ => (turn.answer.as_str(), made.answer.len()),
            };
            if count == 0 || to.0 < start || from.0 >= start + count {
                continue;
            }
            // The rows of this part, and the columns where they are cut.
            let (first, left) = if from.0 < start {
                (0, 0)
            } else {
                (from.0 - start, from.1)
            };
            let (last, right) = if to.0 >= start + count {
                (count - 1, usize::MAX)
            } else {
                (to.0 - start, to.1)
            };
            let range = match part {
                Part::Prompt => source::in_wrapped(&made.prompt, text, (first, left), (last, right)),
                _ => source::in_document(&made.answer, text, (first, left), (last, right)),
            };
            pieces.extend(text.get(range).map(|piece| piece.trim_matches('\n')));
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.join("\n\n")
}
