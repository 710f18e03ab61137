//! All keys and commands, from the keymap.

use ratatui::layout::Rect;

use super::Canvas;
use super::picker::popup;
use crate::app::action::Group;
use crate::app::{Action, State, Viewport};
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::wrap::Wrapped;

const COLUMNS: u16 = 92;
/// Cells of the keys.
const KEYS: usize = 30;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, top: usize) -> Viewport {
    let columns = usize::from(COLUMNS.min(area.width).saturating_sub(4));
    let rows = rows(state, columns);
    let popup = popup(area, COLUMNS, u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
    canvas.clear(popup);
    let height = usize::from(popup.height.saturating_sub(2));
    let view = Viewport {
        rows: rows.len(),
        height,
        top: top.min(rows.len().saturating_sub(height)),
    };
    let pane = Pane {
        title: "help",
        info: InkRow::new("keymap.toml changes the keys", Role::Muted),
        badge: crate::ui::pane::scroll_badge(view, crate::app::Scroll::At(view.top), false),
        focused: true,
        ..Pane::default()
    };
    let inside = pane.draw(popup, canvas.buffer, canvas.theme);
    for (index, row) in rows.iter().skip(view.top).take(height).enumerate() {
        canvas.row(inside, index, row);
    }
    view
}

fn rows(state: &State, columns: usize) -> Vec<InkRow> {
    let mut rows = Vec::new();
    for group in Group::ALL {
        if !rows.is_empty() {
            rows.push(InkRow::default());
        }
        rows.push(InkRow::new(group.title(), Role::Heading));
        for action in Action::ALL.iter().filter(|action| action.group() == *group) {
            rows.extend(entry(state, *action, columns));
        }
    }
    rows
}

fn entry(state: &State, action: Action, columns: usize) -> Vec<InkRow> {
    let mut keys = state.keymap.keys_of(action);
    keys.truncate(3);
    if action.is_command() {
        let argument = action.argument().map(|argument| format!(" {argument}"));
        keys.push(format!("/{}{}", action.name(), argument.unwrap_or_default()));
    }
    let keys = keys.join("  ");
    let about = Wrapped::new(action.about(), columns.saturating_sub(KEYS + 1).max(12));
    let mut rows = Vec::new();
    for (index, row) in about.rows().iter().enumerate() {
        let mut line = InkRow::new(if index == 0 { &keys } else { "" }, Role::Accent);
        let gap = (KEYS + 1).saturating_sub(line.width()).max(2);
        line.push(&" ".repeat(gap), Role::Text);
        line.push(&action.about()[row.shown()], Role::Text);
        rows.push(line);
    }
    rows
}
