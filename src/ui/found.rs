//! What a search found, as marks on rows.

use std::ops::Range;

use super::ink::Mark;
use super::theme::Role;
use crate::app::State;
use crate::app::search::Part;
use crate::chat::TurnId;

/// The hits in one text, by their start. `skipped` bytes at its beginning are not shown.
pub fn marks(state: &State, turn: TurnId, part: Part, skipped: usize) -> Vec<Mark> {
    let Some(search) = &state.search else {
        return Vec::new();
    };
    let mark = |(index, hit): (usize, &crate::app::search::Hit)| Mark {
        range: hit.range.start.saturating_sub(skipped)..hit.range.end.saturating_sub(skipped),
        role: if index == search.at {
            Role::MarkCurrent
        } else {
            Role::MarkFound
        },
    };
    search.within(turn, part).map(mark).collect()
}

/// Those that touch a row: marks do not overlap, so they are in one stretch.
pub fn on<'a>(marks: &'a [Mark], row: &Range<usize>) -> &'a [Mark] {
    let first = marks.partition_point(|mark| mark.range.end <= row.start);
    let end = marks.partition_point(|mark| mark.range.start < row.end);
    &marks[first.min(end)..end]
}

/// The hit that is to be brought into view, if it is in this text.
pub fn sought(state: &State, turn: TurnId, part: Part) -> Option<Range<usize>> {
    let search = state.search.as_ref().filter(|search| search.seek)?;
    let hit = search.hit().filter(|hit| hit.turn == turn && hit.part == part)?;
    Some(hit.range.clone())
}

/// The top row that shows `row`: where it is if that is in view already, else with some of what is before it.
pub fn bring_into_view(row: usize, top: usize, rows: usize, height: usize) -> usize {
    if (top..top + height).contains(&row) {
        top
    } else {
        row.saturating_sub(height / 3).min(rows.saturating_sub(height))
    }
}
