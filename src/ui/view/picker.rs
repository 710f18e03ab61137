//! A list over the panes, narrowed by typing: commands, models, conversations, files.

use ratatui::layout::{Position, Rect};

use super::{Canvas, line};
use crate::app::keymap::Context;
use crate::app::{Action, Picker, PickerKind, State, Viewport};
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};

const COLUMNS: u16 = 78;
/// For lists whose rows say much.
const MORE_COLUMNS: u16 = 110;
const ROWS: u16 = 18;

/// An area of at most `columns` by `rows` in the upper middle of `area`.
pub fn popup(area: Rect, columns: u16, rows: u16) -> Rect {
    let columns = columns.min(area.width);
    let rows = rows.min(area.height);
    Rect {
        x: area.x + (area.width - columns) / 2,
        y: area.y + (area.height - rows) / 3,
        width: columns,
        height: rows,
    }
}

/// Draws the list; the caret is behind what was typed.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    picker: &Picker,
) -> (Viewport, Rect, Option<Position>) {
    let count = picker.rows().len();
    let wanted = u16::try_from(count.max(1) + 4).unwrap_or(u16::MAX).min(ROWS);
    let columns = match picker.kind {
        PickerKind::Conversation | PickerKind::Delete | PickerKind::Found | PickerKind::Model => MORE_COLUMNS,
        _ => COLUMNS,
    };
    let popup = popup(area, columns, wanted);
    canvas.clear(popup);
    let pane = Pane {
        title: picker.kind.title(),
        info: if count > 0 {
            InkRow::new(&count.to_string(), Role::Muted)
        } else {
            InkRow::default()
        },
        hint: hint(state, picker.kind),
        focused: true,
        ..Pane::default()
    };
    let inside = pane.draw(popup, canvas.buffer, canvas.theme);
    let columns = usize::from(inside.width);

    let mut query = InkRow::new("› ", Role::Accent);
    // The end of a long query stays in view.
    let mut typed = picker.query.as_str();
    while width(typed) + 3 > columns && !typed.is_empty() {
        let mut chars = typed.chars();
        chars.next();
        typed = chars.as_str();
    }
    query.push(typed, Role::Text);
    canvas.row(inside, 0, &query);
    let caret = Position {
        x: inside.x + (query.width() as u16).min(inside.width.saturating_sub(1)),
        y: inside.y,
    };

    let list = Rect {
        y: inside.y + inside.height.min(2),
        height: inside.height.saturating_sub(2),
        ..inside
    };
    let height = usize::from(list.height);
    let top = (picker.selected() + 1).saturating_sub(height);
    if count == 0 {
        let words = picker.when_empty();
        canvas.row(list, 0, &InkRow::new(words, Role::Muted));
    }
    let labels = picker
        .rows()
        .map(|choice| width(&choice.label))
        .max()
        .unwrap_or(0)
        .min(match picker.kind {
            // What it means goes before what it is called.
            PickerKind::Constraint => columns * 3 / 4,
            _ => columns / 2,
        });
    for (index, choice) in picker.rows().enumerate().skip(top).take(height) {
        let selected = index == picker.selected();
        let mut row = InkRow::new(if selected { "▸ " } else { "  " }, Role::Accent);
        let label = ellipsis(&choice.label, labels);
        row.push(&label, if selected { Role::Selected } else { Role::Text });
        row.push(&" ".repeat(labels.saturating_sub(width(&label)) + 2), Role::Text);
        let key = keys(state, picker.kind, &choice.id);
        let room = columns.saturating_sub(row.width() + width(&key) + 2);
        row.push(&ellipsis(&choice.detail, room), Role::Muted);
        if !key.is_empty() {
            let spare = columns.saturating_sub(row.width() + width(&key));
            row.push(&" ".repeat(spare), Role::Text).push(&key, Role::Accent);
        }
        if let Some(target) = line(list, index - top) {
            row.draw(target, canvas.buffer, canvas.theme, &[]);
        }
    }
    let view = Viewport {
        rows: count,
        height,
        top,
    };
    (view, list, (!inside.is_empty()).then_some(caret))
}

/// What can be done here beside choosing.
fn hint(state: &State, kind: PickerKind) -> InkRow {
    let mut row = InkRow::default();
    if kind == PickerKind::Conversation
        && let Some(key) = state.keymap.key_for(Context::Overlay, Action::Delete)
    {
        row.push(&key, Role::Accent).push(" deletes", Role::Muted);
    }
    row
}

/// The key of a command.
fn keys(state: &State, kind: PickerKind, id: &str) -> String {
    let action = Action::from_name(id).filter(|_| kind == PickerKind::Command);
    action
        .and_then(|action| state.keymap.key_for(Context::Composer, action))
        .unwrap_or_default()
}
