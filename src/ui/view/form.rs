//! The arguments of a requirement, being written.

use ratatui::layout::{Position, Rect};

use super::picker::popup;
use super::{Canvas, paragraph};
use crate::app::{Form, Viewport};
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::width::width;

const COLUMNS: u16 = 78;

/// Draws the form; the caret is behind what was typed.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, form: &Form) -> (Viewport, Option<Position>) {
    let columns = usize::from(COLUMNS.min(area.width).saturating_sub(4)).max(1);
    let about = format!("An answer that follows it {}.", form.about);
    let mut rows: Vec<InkRow> = paragraph(&about, Role::Muted, columns, 0);
    rows.push(InkRow::default());
    let first = rows.len();
    let names = form.fields.iter().map(|f| width(f.name)).max().unwrap_or(0);
    let mut caret = None;
    for (at, field) in form.fields.iter().enumerate() {
        let here = at == form.at;
        let mut row = InkRow::new(if here { "▸ " } else { "  " }, Role::Accent);
        let name = field.name.replace('_', " ");
        row.push(&name, if here { Role::Accent } else { Role::Label });
        row.push(&" ".repeat(names.saturating_sub(width(&name)) + 2), Role::Text);
        let hint = if field.optional && field.text.is_empty() {
            format!("{}; may be left out", field.hint())
        } else {
            field.hint().to_owned()
        };
        // The end of what is typed stays in view.
        let room = columns.saturating_sub(row.width() + 1).max(8);
        let mut typed = field.text.as_str();
        while width(typed) > room && !typed.is_empty() {
            let mut chars = typed.chars();
            chars.next();
            typed = chars.as_str();
        }
        row.push(typed, Role::Text);
        if here {
            caret = Some((row.width(), first + at));
        }
        if row.width() + 3 + width(&hint) <= columns {
            row.push("   ", Role::Text).push(&hint, Role::Muted);
        }
        rows.push(row);
    }
    if let Some(problem) = &form.problem {
        rows.push(InkRow::default());
        rows.extend(paragraph(problem, Role::Bad, columns, 0));
    }
    let popup = popup(area, COLUMNS, u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
    canvas.clear(popup);
    let pane = Pane {
        title: if form.is_new() {
            "add a requirement"
        } else {
            "change a requirement"
        },
        info: InkRow::new(form.id, Role::Muted),
        focused: true,
        ..Pane::default()
    };
    let inside = pane.draw(popup, canvas.buffer, canvas.theme);
    for (index, row) in rows.iter().enumerate() {
        canvas.row(inside, index, row);
    }
    let caret = caret.map(|(column, row)| Position {
        x: inside
            .x
            .saturating_add(u16::try_from(column).unwrap_or(u16::MAX))
            .min(inside.right().saturating_sub(1)),
        y: inside
            .y
            .saturating_add(u16::try_from(row).unwrap_or(u16::MAX))
            .min(inside.bottom().saturating_sub(1)),
    });
    (Viewport::default(), caret.filter(|_| !inside.is_empty()))
}
