//! Errors, what is not saved, a model on its way to this machine, and messages that wait, above the composer.

use ratatui::layout::Rect;

use super::{Canvas, duration, gauge};
use crate::app::{Notice, NoticeKind, Pull, State};
use crate::chat::sanitize::one_line;
use crate::models::human_bytes;
use crate::ui::ink::InkRow;
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};
use crate::ui::wrap::Wrapped;

/// Rows of an error that are shown.
const MOST_ROWS: usize = 6;
const GAUGE: usize = 16;
/// What becomes of what is not saved.
const TRIED_AGAIN: &str = "This window has the only copy; saving is tried again every few seconds.";
/// Messages that wait are listed up to this many.
const MOST_WAITING: usize = 3;

/// The rows to be shown.
pub fn rows(state: &State, columns: u16) -> Vec<InkRow> {
    let columns = usize::from(columns.saturating_sub(4)).max(1);
    let mut rows = Vec::new();
    // Before anything was said the pull has the whole screen to tell about itself.
    if let Some(pull) = state.pull.as_ref().filter(|_| state.head().is_some()) {
        rows.push(indented(&progress(pull)));
    }
    if let Some(notice) = state
        .notice
        .as_ref()
        .filter(|notice| notice.kind == NoticeKind::Error)
    {
        marked(" ✗ ", Role::Bad, &notice.text, Role::Text, columns, &mut rows);
    }
    if let Some(notice) = state
        .notice
        .as_ref()
        .filter(|notice| is_long_warning(notice, columns))
    {
        marked(" ! ", Role::Warn, &notice.text, Role::Text, columns, &mut rows);
    }
    if let Some(reason) = &state.unsaved {
        let text = format!(
            "This conversation is not saved: {}. {TRIED_AGAIN}",
            one_line(reason)
        );
        marked(" ! ", Role::Bad, &text, Role::Bad, columns, &mut rows);
    }
    waiting(state, columns, &mut rows);
    rows
}

/// What has to be read to its end and does not fit the status line, which has `columns` and a little more.
pub fn is_long_warning(notice: &Notice, columns: usize) -> bool {
    notice.kind == NoticeKind::Warning && (width(&notice.text) > columns || notice.text.contains('\n'))
}

/// A text behind a mark.
fn marked(mark: &str, of_mark: Role, text: &str, of_text: Role, columns: usize, rows: &mut Vec<InkRow>) {
    let wrapped = Wrapped::new(text, columns);
    for (index, row) in wrapped.rows().iter().take(MOST_ROWS).enumerate() {
        let mut line = InkRow::new(if index == 0 { mark } else { "   " }, of_mark);
        line.push(&text[row.shown()], of_text);
        rows.push(line);
    }
}

/// What goes out next, a row each.
fn waiting(state: &State, columns: usize, rows: &mut Vec<InkRow>) {
    for waiting in state.waiting.iter().take(MOST_WAITING) {
        let text = one_line(waiting.shown());
        let mut row = InkRow::new(" … waits  ", Role::Busy);
        row.push(&ellipsis(&text, columns.saturating_sub(row.width())), Role::Muted);
        rows.push(row);
    }
    if let Some(more) = state.waiting.len().checked_sub(MOST_WAITING).filter(|n| *n > 0) {
        rows.push(InkRow::new(&format!("   and {more} more"), Role::Muted));
    }
}

fn indented(row: &InkRow) -> InkRow {
    let mut indented = InkRow::new(" ", Role::Text);
    indented.append(row);
    indented
}

/// `fetching NAME  ▰▰▰▱▱  68 MB of 98 MB · 31 MB/s · 1 s left`.
pub fn progress(pull: &Pull) -> InkRow {
    let mut row = InkRow::new(
        if pull.verifying { "checking " } else { "fetching " },
        Role::Muted,
    );
    row.push(&pull.name, Role::Text).push("  ", Role::Text);
    let share = if pull.total > 0 {
        pull.done as f64 / pull.total as f64
    } else {
        0.0
    };
    row.append(&gauge(share, GAUGE, Role::Accent));
    let mut parts = Vec::new();
    if pull.total > 0 {
        parts.push(format!(
            "{} of {}",
            human_bytes(pull.done),
            human_bytes(pull.total)
        ));
    } else if pull.done > 0 {
        parts.push(human_bytes(pull.done));
    }
    if pull.bytes_per_s > 0 && !pull.verifying {
        parts.push(format!("{}/s", human_bytes(pull.bytes_per_s)));
        let left = pull.total.saturating_sub(pull.done);
        if left > pull.bytes_per_s {
            parts.push(format!("{} left", duration((left / pull.bytes_per_s) as f64)));
        }
    }
    row.push(&format!("  {}", parts.join(" · ")), Role::Muted);
    row
}

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, rows: &[InkRow]) {
    for (index, row) in rows.iter().enumerate() {
        canvas.row(area, index, row);
    }
}
