//! The message being written, with the terminal's own cursor at the caret.

use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use ratatui_textarea::TextArea;

use super::Canvas;
use crate::app::listing::Origin;
use crate::app::{Focus, ModelState, Search, State};
use crate::ui::ink::InkRow;
use crate::ui::pane::Pane;
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, glyph, width};
use crate::ui::wrap::Wrapped;

/// The composer grows to this many rows of text.
const MOST_ROWS: u16 = 8;

/// Rows that the text needs, at most what the composer grows to. Looks at no more of the text than that.
pub fn rows(state: &State, columns: u16) -> u16 {
    if state.is_searching() {
        return 1;
    }
    let columns = usize::from(columns.saturating_sub(4).max(1));
    let mut rows = 0;
    for text in state.composer.area().lines() {
        let most = text.floor_char_boundary(columns * 4 * usize::from(MOST_ROWS));
        // One cell more, for the caret behind the text.
        rows += Wrapped::new(&text[..most], columns.saturating_sub(1).max(1))
            .rows()
            .len();
        if rows >= usize::from(MOST_ROWS) {
            return MOST_ROWS;
        }
    }
    rows.max(1) as u16
}

/// Draws the composer; returns its text's columns and where the caret is.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> (u16, Option<Position>) {
    if area.is_empty() {
        return (0, None);
    }
    if let Some(search) = state.search.as_ref().filter(|search| search.typing) {
        return draw_search(canvas, area, search, state.overlay.is_none());
    }
    let focused = state.focus == Focus::Composer && state.overlay.is_none();
    let pane = Pane {
        title: if state.branch_from.is_some() {
            "message · new branch"
        } else {
            "message"
        },
        info: waiting(state),
        badge: draft(state, usize::from(area.width) / 2),
        focused,
        ..Pane::default()
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    let text = state.composer.area();
    text.render(inside, canvas.buffer);
    clean(canvas, inside);

    let place = caret(text, inside);
    if text.is_empty() {
        canvas.row(inside, 0, &InkRow::new(placeholder(state), Role::Muted));
    }
    (inside.width, focused.then_some(place))
}

/// The words that are looked for, in the place of the message.
fn draw_search(
    canvas: &mut Canvas<'_>,
    area: Rect,
    search: &Search,
    focused: bool,
) -> (u16, Option<Position>) {
    let found = match search.hits.len() {
        0 if search.query.is_empty() => String::new(),
        0 => "nothing here has this".into(),
        hits => format!("{} of {hits}", search.at + 1),
    };
    let pane = Pane {
        title: "find in this conversation",
        info: InkRow::new(&found, Role::Muted),
        focused: true,
        ..Pane::default()
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    canvas.row(inside, 0, &InkRow::new(&search.query, Role::Text));
    let column = u16::try_from(width(&search.query)).unwrap_or(u16::MAX);
    let place = Position {
        x: inside
            .x
            .saturating_add(column)
            .min(inside.right().saturating_sub(1)),
        y: inside.y,
    };
    (inside.width, focused.then_some(place))
}

/// Where the caret is. The widget counts cells by characters, the terminal by what they make together.
fn caret(text: &TextArea<'_>, inside: Rect) -> Position {
    let row = text.screen_cursor().row;
    let first = text.screen_to_data(row, 0);
    let (start, at) = (first.1, text.cursor().1);
    let before: String = text.lines().get(first.0).map_or(String::new(), |line| {
        line.chars().skip(start).take(at.saturating_sub(start)).collect()
    });
    let (top, _) = text.scroll_offset();
    let column = u16::try_from(width(&before)).unwrap_or(u16::MAX);
    let row = u16::try_from(row).unwrap_or(u16::MAX).saturating_sub(top);
    Position {
        x: inside
            .x
            .saturating_add(column)
            .min(inside.right().saturating_sub(1)),
        y: inside
            .y
            .saturating_add(row)
            .min(inside.bottom().saturating_sub(1)),
    }
}

/// Pasted text may hold anything: the widget keeps control characters out, this keeps out what reorders a row. The caret
/// that the widget paints goes too; the terminal has one.
fn clean(canvas: &mut Canvas<'_>, area: Rect) {
    for position in area.intersection(canvas.buffer.area).positions() {
        let cell = &mut canvas.buffer[position];
        cell.modifier.remove(Modifier::REVERSED);
        if cell.symbol().len() > 1 && glyph(cell.symbol()).1 == 0 {
            cell.set_symbol(" ");
        }
    }
}

fn placeholder(state: &State) -> &'static str {
    match &state.model {
        ModelState::Ready(_) if state.run.is_some() => "You can write the next message already.",
        ModelState::Ready(_) if state.head().is_some() => "",
        ModelState::Ready(_) => "Write a message. Enter sends it, Alt+Enter starts a new line.",
        ModelState::Absent { .. } if state.pull.is_none() => "There is no model yet to send a message to.",
        _ => "You can already type; it is sent when the model is ready.",
    }
}

fn waiting(state: &State) -> InkRow {
    let what = match state.waiting.len() {
        0 => return InkRow::default(),
        1 => "1 message waits".to_owned(),
        n => format!("{n} messages wait"),
    };
    let until = match &state.model {
        _ if state.run.is_some() => "for this answer",
        ModelState::Absent { .. } if state.pull.is_none() => "until there is a model",
        _ => "for the model",
    };
    InkRow::new(&format!("{what} {until}"), Role::Busy)
}

/// What the draft asks for.
fn draft(state: &State, room: usize) -> InkRow {
    let listing = &state.draft_listing;
    if listing.constraints.is_empty() || state.composer.is_blank() {
        return InkRow::default();
    }
    let asked = listing.constraints.iter().enumerate();
    let names: Vec<String> = asked
        .filter(|(at, _)| !listing.is_dropped(*at) && !matches!(listing.origin(*at), Origin::Earlier(_)))
        .map(|(_, constraint)| constraint.label())
        .collect();
    let kept = match listing.kept() {
        0 => String::new(),
        n => format!("keeps {n} earlier"),
    };
    let gap = if kept.is_empty() || names.is_empty() {
        ""
    } else {
        " · "
    };
    let named = ellipsis(&names.join(" · "), room.saturating_sub(kept.len() + gap.len()));
    InkRow::new(&format!("{named}{gap}{kept}"), Role::Muted)
}
