//! What the prompt asks for, and how the answer does.
//!
//! Owns the sidebar: the list in the shape of the prompt, what is to be said of the selected row, contradictions, and how
//! far the thinking considered it all. [`strip`] is the same in one row.

mod row;
mod strip;

use ratatui::layout::Rect;

pub use strip::{draw_strip, tally, verdicts};

use super::{Canvas, paragraph};
use crate::app::event::Area;
use crate::app::keymap::Context;
use crate::app::{Action, Focus, State, Viewport};
use crate::constraints::Verdict;
use crate::ui::cache::Cache;
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;

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

/// A running value without its unit, which the name says; nothing of one that is words.
pub fn short(value: &str) -> &str {
    let first = value.split([' ', ',']).next().unwrap_or_default();
    let is_number = first.starts_with(|c: char| c.is_ascii_digit());
    if is_number { first } else { "" }
}

/// The list. Where nothing was sent yet, or a message is being written, it is what the draft asks for.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, cache: &mut Cache) -> (Viewport, Area) {
    if area.is_empty() {
        return Default::default();
    }
    let focused = state.focus == Focus::Constraints;
    let (listing, _) = state.listed();
    let columns = usize::from(area.width.saturating_sub(4));
    let height = usize::from(area.height.saturating_sub(2));
    let mut rows: Vec<InkRow> = Vec::new();
    let mut selected = 0..0;
    let looks = row::Looks::new(state);
    for index in 0..listing.rows.len() {
        let is_selected = focused && index == state.selected;
        let start = rows.len();
        rows.extend(looks.row(index, is_selected, columns));
        if is_selected {
            selected = start..rows.len();
        }
    }
    let top = selected.end.saturating_sub(height).min(selected.start);
    let below = rows.len().saturating_sub(top + height);
    let title = title(state);
    let pane = Pane {
        title: &title,
        info: tally(state),
        hint: hint(state, usize::from(area.width.saturating_sub(5))),
        badge: if below > 0 {
            InkRow::new(&format!("▼ {below}"), Role::Accent)
        } else {
            InkRow::default()
        },
        focused,
        joined: false,
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    if listing.is_empty() && listing.rows.is_empty() {
        let words = if state.is_listing_draft() {
            "What your message asks for is listed here while you type, and checked while the answer streams."
        } else {
            "This prompt asks for nothing that can be checked."
        };
        for (index, row) in paragraph(words, Role::Muted, columns, 0).iter().enumerate() {
            canvas.row(inside, index, row);
        }
    }
    for (index, row) in rows.iter().skip(top).take(height).enumerate() {
        canvas.row(inside, index, row);
    }
    // What is said of the whole stands below it as far as there is room.
    let mut at = rows.len() + 1;
    for part in [contradictions(state, columns), considered(state, cache, columns)] {
        if !part.is_empty() && at + part.len() <= height {
            for row in &part {
                canvas.row(inside, at, row);
                at += 1;
            }
            at += 1;
        }
    }
    let view = Viewport {
        rows: rows.len(),
        height,
        top,
    };
    (view, super::super::pointed(area))
}

/// What is listed, where it is not the last answer.
fn title(state: &State) -> String {
    if state.is_listing_draft() && state.head().is_some() {
        return "constraints · draft".into();
    }
    match state.shown_of() {
        Some((turn, turns)) => format!("constraints · {turn}/{turns}"),
        None => "constraints".into(),
    }
}

/// The keys that work here, as many as there is room for.
fn hint(state: &State, room: usize) -> InkRow {
    let mut row = InkRow::default();
    if state.focus != Focus::Constraints {
        return row;
    }
    let (listing, statuses) = state.listed();
    let mut keys = vec![(Action::AddConstraint, "add")];
    if !listing.constraints.is_empty() {
        keys.insert(0, (Action::EditConstraint, "edit"));
        keys.push((Action::DropConstraint, "drop"));
    }
    if !statuses.is_empty() {
        keys.insert(0, (Action::ShowPlace, "where"));
    }
    for (action, words) in keys {
        let Some(key) = state.keymap.key_for(Context::Pane, action) else {
            continue;
        };
        let key = key.replace("Enter", "⏎");
        let mut next = InkRow::new(if row.width() > 0 { "  " } else { "" }, Role::Text);
        next.push(&key, Role::Accent)
            .push(&format!(" {words}"), Role::Muted);
        if row.width() + next.width() <= room {
            row.append(&next);
        }
    }
    row
}

/// Pairs that no answer can follow together, and why.
fn contradictions(state: &State, columns: usize) -> Vec<InkRow> {
    let (listing, _) = state.listed();
    let number = |at: usize| {
        let row = listing.row_of(at)?;
        listing.number(row)
    };
    let mut rows = Vec::new();
    for conflict in &listing.conflicts {
        let [Some(a), Some(b)] = conflict.pair.map(number) else {
            continue;
        };
        let text = format!("{a} and {b} contradict each other: {}", conflict.reason);
        rows.extend(paragraph(&text, Role::Warn, columns, 0));
    }
    rows
}

/// Which of the requirements the thinking deals with: `considered in thinking 3 of 4`, `never: no commas`.
fn considered(state: &State, cache: &mut Cache, columns: usize) -> Vec<InkRow> {
    let (listing, _) = state.listed();
    let Some(turn) = state
        .shown()
        .filter(|turn| !turn.thinking.is_empty() && !turn.constraints.is_empty())
        .filter(|_| !state.is_listing_draft())
    else {
        return Vec::new();
    };
    let inspector = cache.inspect(turn, &listing.soft);
    let asked: Vec<usize> = (0..turn.constraints.len())
        .filter(|at| !listing.is_dropped(*at))
        .collect();
    let never: Vec<String> = asked
        .iter()
        .filter(|at| inspector.dealing_with(**at).next().is_none())
        .map(|at| turn.constraints[*at].label())
        .collect();
    let mut lines = vec![format!(
        "considered in thinking {} of {}",
        asked.len() - never.len(),
        asked.len()
    )];
    let is_over = turn.thinking_end.is_some();
    if is_over && !never.is_empty() {
        lines.push(format!("never: {}", never.join(" · ")));
    }
    let share = (inspector.restated_share() * 100.0).round();
    if is_over && share > 0.0 {
        lines.push(format!("{share}% of it restates the prompt"));
    }
    let rows = lines
        .iter()
        .flat_map(|line| paragraph(line, Role::Muted, columns, 0));
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn a_short_value_is_its_number_alone() {
        for (value, number) in [
            ("2/3 bullets", "2/3"),
            ("0/1, missing light", "0/1"),
            ("7", "7"),
            ("ends with “no”", ""),
        ] {
            assert_eq!(short(value), number);
        }
    }
}
