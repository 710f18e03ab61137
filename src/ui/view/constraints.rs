//! What the prompt asks for, and how the answer does.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::Canvas;
use crate::app::event::Area;
use crate::app::{Action, Focus, State, Viewport};
use crate::chat::Turn;
use crate::constraints::check::Status;
use crate::constraints::{Constraint, Verdict, kinds};
use crate::ui::cache::Cache;
use crate::ui::ink::{Ink, InkRow};
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};
use crate::ui::wrap::Wrapped;

/// The sign of a verdict, which tells it without its colour.
pub fn sign(verdict: Verdict) -> (&'static str, Role) {
    match verdict {
        Verdict::Pending => ("…", Role::Pending),
        Verdict::Holding => ("◌", Role::Good),
        Verdict::Met => ("✓", Role::Good),
        Verdict::AtRisk => ("!", Role::Warn),
        Verdict::Broken => ("✗", Role::Bad),
        Verdict::NotCheckable => ("~", Role::Judged),
    }
}

/// The short name of a constraint. One of a kind that is not known goes by its id.
pub fn label(constraint: &Constraint) -> String {
    let name = match kinds::find(&constraint.id) {
        Some(kind) => kind.label(&constraint.kwargs),
        None => constraint.id.clone(),
    };
    let scope = constraint
        .scope
        .as_ref()
        .map(|scope| format!(" · {} {}", scope.part, scope.index));
    format!("{name}{}", scope.unwrap_or_default())
}

/// Verdicts by kind: `3 ✓ 1 ✗ 2 …`.
pub fn tally(state: &State) -> InkRow {
    let [good, bad, open, unchecked] = state.tally();
    let mut row = InkRow::default();
    for (n, sign, role) in [
        (good, "✓", Role::Good),
        (bad, "✗", Role::Bad),
        (open, "…", Role::Pending),
        (unchecked, "~", Role::Judged),
    ] {
        if n > 0 {
            let gap = if row.width() == 0 { "" } else { " " };
            row.push(&format!("{gap}{n} "), Role::Muted).push(sign, role);
        }
    }
    row
}

/// The list. Where nothing was sent yet it is what the draft asks for.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, cache: &mut Cache) -> (Viewport, Area) {
    if area.is_empty() {
        return Default::default();
    }
    let focused = state.focus == Focus::Constraints;
    let constraints = state.constraints();
    let mut hint = InkRow::default();
    if focused && !constraints.is_empty() {
        if let Some(key) = state.keymap.keys_of(Action::ShowPlace).first() {
            hint.push(key, Role::Accent).push(" show where", Role::Muted);
        }
    }
    let columns = usize::from(area.width.saturating_sub(4));
    let height = usize::from(area.height.saturating_sub(2));
    let mut rows: Vec<InkRow> = Vec::new();
    let mut selected = 0..0;
    for (index, constraint) in constraints.iter().enumerate() {
        let is_selected = focused && index == state.selected;
        let start = rows.len();
        rows.extend(entry(constraint, state.statuses.get(index), is_selected, columns));
        if is_selected {
            selected = start..rows.len();
        }
    }
    let top = selected.end.saturating_sub(height).min(selected.start);
    let below = rows.len().saturating_sub(top + height);
    let pane = Pane {
        title: "constraints",
        info: tally(state),
        hint,
        badge: if below > 0 {
            InkRow::new(&format!("▼ {below}"), Role::Accent)
        } else {
            InkRow::default()
        },
        focused,
        joined: false,
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    if constraints.is_empty() {
        let words = if state.head().is_some() {
            "This prompt asks for nothing that can be checked."
        } else {
            "What your message asks for is listed here while you type, and checked while the answer streams."
        };
        let wrapped = Wrapped::new(words, usize::from(inside.width));
        for (index, row) in wrapped.rows().iter().enumerate() {
            canvas.row(inside, index, &InkRow::new(&words[row.shown()], Role::Muted));
        }
    }
    for (index, row) in rows.iter().skip(top).take(height).enumerate() {
        canvas.row(inside, index, row);
    }
    let considered = considered(state, cache, columns);
    if rows.len() + 1 + considered.len() <= height {
        for (index, row) in considered.iter().enumerate() {
            canvas.row(inside, rows.len() + 1 + index, row);
        }
    }
    let view = Viewport {
        rows: rows.len(),
        height,
        top,
    };
    (view, super::super::pointed(area))
}

/// Which of the constraints the thinking deals with: `considered in thinking 3 of 4`, `never: no commas`.
fn considered(state: &State, cache: &mut Cache, columns: usize) -> Vec<InkRow> {
    let Some(turn) = state
        .head()
        .filter(|turn| !turn.thinking.is_empty() && !turn.constraints.is_empty())
    else {
        return Vec::new();
    };
    let inspector = cache.inspect(turn);
    let never: Vec<String> = (0..turn.constraints.len())
        .filter(|index| inspector.dealing_with(*index).next().is_none())
        .map(|index| label(&turn.constraints[index]))
        .collect();
    let all = turn.constraints.len();
    let mut lines = vec![format!("considered in thinking  {} of {all}", all - never.len())];
    let is_over = turn.thinking_end.is_some();
    if is_over && !never.is_empty() {
        lines.push(format!("never: {}", never.join(" · ")));
    }
    let share = (inspector.restated_share() * 100.0).round();
    if is_over && share > 0.0 {
        lines.push(format!("{share}% of it restates the prompt"));
    }
    let mut rows = Vec::new();
    for line in &lines {
        let wrapped = Wrapped::new(line, columns.max(1));
        rows.extend(
            wrapped
                .rows()
                .iter()
                .map(|row| InkRow::new(&line[row.shown()], Role::Muted)),
        );
    }
    rows
}

/// The rows of one constraint: one, or as many as its name needs if it is selected.
fn entry(constraint: &Constraint, status: Option<&Status>, selected: bool, columns: usize) -> Vec<InkRow> {
    let (sign, role) = sign(status.map_or(Verdict::Pending, |status| status.verdict));
    let value = status.map_or("", |status| status.value.as_str());
    let name_ink = match (selected, role) {
        (true, _) => Ink::from(Role::Selected),
        (false, Role::Judged) => Role::Judged.into(),
        (false, _) => Role::Text.into(),
    };
    let name = label(constraint);
    let value = ellipsis(value, columns / 2);
    let value_cells = if value.is_empty() { 0 } else { width(&value) + 1 };
    let room = columns.saturating_sub(4);
    let first_room = room.saturating_sub(value_cells);

    let names: Vec<String> = if selected && width(&name) > first_room {
        let wrapped = Wrapped::new(&name, first_room.max(8));
        wrapped
            .rows()
            .iter()
            .map(|row| name[row.shown()].to_owned())
            .collect()
    } else {
        vec![ellipsis(&name, first_room)]
    };
    let mut rows = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let mut row = InkRow::default();
        if index == 0 {
            row.push(if selected { "▸" } else { " " }, Role::Accent);
            row.push(sign, role).push(" ", Role::Text);
        } else {
            row.push("   ", Role::Text);
        }
        row.push(name, name_ink);
        if index == 0 && value_cells > 0 {
            let spare = columns.saturating_sub(row.width() + width(&value));
            row.push(&" ".repeat(spare), Role::Text);
            row.push(&value, if role == Role::Bad { Role::Bad } else { Role::Muted });
        }
        rows.push(row);
    }
    rows
}

/// All verdicts in one row, for where there is no room for the list.
pub fn draw_strip(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    if area.is_empty() {
        return;
    }
    let verdicts =
        state
            .constraints()
            .iter()
            .enumerate()
            .map(|(index, constraint)| match state.statuses.get(index) {
                Some(status) => (constraint, status.verdict, status.value.as_str()),
                None => (constraint, Verdict::Pending, ""),
            });
    let room = usize::from(area.width).saturating_sub(2);
    let row = one_row(verdicts, room).unwrap_or_else(|| tally(state));
    let mut strip = InkRow::new(" ", Role::Text);
    strip.append(&row);
    canvas.row(area, 0, &strip);
}

/// The verdicts of a finished turn, in one row.
pub fn verdicts(turn: &Turn, columns: usize) -> InkRow {
    let checked = turn.checked.iter().filter_map(|checked| {
        let constraint = turn.constraints.get(checked.constraint)?;
        Some((constraint, checked.verdict, checked.value.as_str()))
    });
    one_row(checked.clone(), columns).unwrap_or_else(|| {
        let mut row = InkRow::default();
        for (_, verdict, _) in checked {
            let (sign, role) = sign(verdict);
            row.push(sign, role);
        }
        row
    })
}

/// `✓ 3 bullets 3/3 · ✗ commas 1`; without names of what is fulfilled if that is too long, `None` if even that is.
fn one_row<'a>(
    verdicts: impl Iterator<Item = (&'a Constraint, Verdict, &'a str)> + Clone,
    room: usize,
) -> Option<InkRow> {
    let mut row = InkRow::default();
    for (constraint, verdict, value) in verdicts {
        if row.width() > 0 {
            row.push(" · ", Role::Muted);
        }
        let (sign, role) = sign(verdict);
        row.push(sign, role).push(" ", Role::Text);
        let ink = if verdict == Verdict::Broken {
            Ink::from(Role::Text).with(Modifier::BOLD)
        } else {
            Role::Text.into()
        };
        row.push(&ellipsis(&label(constraint), 24), ink);
        if !value.is_empty() {
            row.push(" ", Role::Text).push(value, Role::Muted);
        }
        if row.width() > room {
            return None;
        }
    }
    Some(row)
}
