//! All keys and commands, from the keymap.

use ratatui::layout::Rect;

use super::Canvas;
use super::picker::popup;
use crate::app::action::Group;
use crate::app::{Action, State, Viewport};
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::wrap::{Row, Wrapped};

const COLUMNS: u16 = 92;
/// Cells of the keys, and between them and what they do.
const KEYS: usize = 32;
const GAP: usize = 2;

/// Signs and figures that are not actions.
const NOTES: &[(&str, &[(&str, &str)])] = &[
    (
        "Signs of a constraint",
        &[
            ("✓ ✗", "met, broken: no further text changes it"),
            ("◌ !", "met so far; met so far and close to being broken"),
            ("…", "not met yet"),
            ("~", "no rule decides it"),
            (
                "≠",
                "what the words mean and what the published checkers of IFEval and IFBench count differ on this answer",
            ),
            ("*", "added or changed by hand"),
            ("–", "dropped by hand"),
            (
                "◂2",
                "in the thinking: this passage deals with number 2 of the list",
            ),
            (
                "one of",
                "a branch counts as taken when the answer meets all of it and breaks each other branch; else which one applies is undecided",
            ),
        ],
    ),
    (
        "Thinking against constraints",
        &[
            (
                "passage",
                "a paragraph or a list item of the thinking, counted from ¶1",
            ),
            (
                "first",
                "the passage that first deals with it and how far into the thinking that is: it holds at least half of the words, numbers and (counted double) phrases that make the constraint",
            ),
            (
                "planned",
                "a passage that deals with it says what to do (I will, I should, let me, make sure, avoid, …) and is less than half a copy of the prompt",
            ),
            ("by luck", "met, though the thinking never deals with it"),
            (
                "restates the prompt",
                "words in runs of four or more that the prompt has too",
            ),
            (
                "change of mind",
                "a sentence that begins with wait, hmm, actually, on second thought, …",
            ),
        ],
    ),
];

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
    for (title, notes) in NOTES {
        rows.push(InkRow::default());
        rows.push(InkRow::new(title, Role::Heading));
        for (what, about) in *notes {
            rows.extend(pair(what, about, columns));
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
    pair(&keys.join("  "), action.about(), columns)
}

/// Something on the left and what it is on the right.
fn pair(what: &str, about: &str, columns: usize) -> Vec<InkRow> {
    let keys = KEYS.min(columns * 2 / 5);
    let left = Wrapped::new(what, keys);
    let right = Wrapped::new(about, columns.saturating_sub(keys + GAP).max(12));
    let (left, right) = (left.rows(), right.rows());
    let mut rows = Vec::new();
    for index in 0..left.len().max(right.len()) {
        let of = |rows: &[Row], text: &str| {
            let row = rows.get(index);
            row.map_or(String::new(), |row| text[row.shown()].to_owned())
        };
        let mut line = InkRow::new(&of(left, what), Role::Accent);
        let gap = (keys + GAP).saturating_sub(line.width());
        line.push(&" ".repeat(gap), Role::Text);
        line.push(&of(right, about), Role::Text);
        rows.push(line);
    }
    rows
}
