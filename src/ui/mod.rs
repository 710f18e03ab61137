//! State to cells.
//!
//! Owns the looks: layout, wrapping, Markdown, themes, and the caches that make a frame cheap. Takes no decision: reads
//! the state, changes nothing but its own caches. Source text is the truth; rows are made from it and thrown away.
//!
//! - [`theme`]: what each [`theme::Role`] looks like; nothing else names a colour;
//! - [`width`], [`wrap`], [`ink`]: text to cells; every grapheme passes one gate;
//! - [`markdown`]: an answer to rows, block by block, while it streams;
//! - [`layout`]: where everything is; [`view`]: one file a part of the screen;
//! - [`cache`]: the rows of every turn;
//! - [`selection`]: what the mouse selected, in the source;
//! - [`svg`]: a frame as a picture for documents;
//! - [`plain`]: the state as lines that are only appended, without a screen.

pub mod cache;
mod found;
pub mod ink;
pub mod layout;
pub mod markdown;
pub mod pane;
pub mod plain;
pub mod selection;
mod source;
pub mod svg;
pub mod theme;
pub mod view;
pub mod width;
pub mod wrap;

use ratatui::Frame;
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::{Position, Rect};

pub use self::cache::Cache;
use self::layout::{Layout, Wants};
pub use self::theme::Theme;
use self::view::{
    Canvas, answer, compare, composer, constraints, form, header, help, inspect, messages, picker, status,
    thinking,
};
use crate::app::event::{Area, Geometry};
use crate::app::{Overlay, State};

/// Draws the state. What was shown where goes back to the state, so that keys and the mouse mean what is seen.
pub fn draw(frame: &mut Frame<'_>, state: &State, cache: &mut Cache, theme: &Theme) -> Geometry {
    let area = frame.area();
    let (geometry, caret) = paint(frame.buffer_mut(), area, state, cache, theme);
    draw_behind_clusters(frame.buffer_mut());
    if let Some(caret) = caret {
        frame.set_cursor_position(caret);
    }
    geometry
}

/// Marks what stands behind a cluster of characters (a flag, a family) to be sent with every frame. Terminals disagree about
/// how wide a cluster is: one that takes more cells than ours would leave its end on cells that are not sent again.
fn draw_behind_clusters(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        // A character takes at most four bytes.
        let cluster = row.iter().position(|cell| cell.symbol().len() > 4);
        for cell in row.iter_mut().skip(cluster.map_or(columns, |at| at + 1)) {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
}

/// [`draw`] into any buffer; also returns where the caret is.
pub fn paint(
    buffer: &mut Buffer,
    area: Rect,
    state: &State,
    cache: &mut Cache,
    theme: &Theme,
) -> (Geometry, Option<Position>) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Default::default();
    }
    cache.open(&state.conversation.id);
    let messages = messages::rows(state, area.width);
    let wants = Wants {
        thinking: thinking::is_wanted(state),
        thinking_rows: match area.width {
            layout::MEDIUM..layout::WIDE => thinking::rows(state, cache, area.width),
            _ => None,
        },
        composer_rows: composer::rows(state, area.width),
        message_rows: messages.len() as u16,
        has_constraints: !state.listed().0.is_empty(),
    };
    let layout = Layout::new(area, state, wants);
    let titles = Titles::new(state, &layout, wants.thinking);

    let canvas = &mut Canvas { buffer, theme };
    if !layout.header.is_empty() {
        header::draw(canvas, layout.header, state);
    }
    let mut geometry = Geometry::default();
    if let Some(Overlay::Compare(compare)) = &state.overlay {
        geometry.compare = compare::draw(canvas, layout.body, state, cache, compare);
    } else {
        (geometry.thinking, geometry.thinking_area) =
            thinking::draw(canvas, layout.thinking, state, cache, &titles.thinking);
        (geometry.constraints, geometry.constraints_area) =
            constraints::draw(canvas, layout.constraints, state, cache);
        (geometry.answer, geometry.answer_area) =
            answer::draw(canvas, layout.answer, state, cache, &titles.answer, layout.joined);
        let thinking_text = pane::inside_of(layout.thinking);
        let answer_text = pane::inside_of(layout.answer);
        selection::highlight(
            canvas.buffer,
            state,
            cache,
            [(thinking_text, geometry.thinking), (answer_text, geometry.answer)],
        );
        (geometry.thinking_text, geometry.answer_text) = (pointed(thinking_text), pointed(answer_text));
        constraints::draw_strip(canvas, layout.strip, state);
    }
    messages::draw(canvas, layout.messages, &messages);
    let (composer_columns, mut caret) = composer::draw(canvas, layout.composer, state);
    if !layout.status.is_empty() {
        status::draw(canvas, layout.status, state);
    }
    let mut list_area = Rect::default();
    let overlay = match &state.overlay {
        None | Some(Overlay::Compare(_)) => Default::default(),
        Some(Overlay::Help { top }) => help::draw(canvas, area, state, *top),
        Some(Overlay::Picker(list)) => {
            let (view, rows, place) = picker::draw(canvas, area, state, list);
            (list_area, caret) = (rows, place);
            view
        }
        Some(Overlay::Form(form)) => {
            let (view, place) = form::draw(canvas, area, form);
            caret = place;
            view
        }
        Some(Overlay::Inspect) => inspect::draw(canvas, area, state, cache),
    };
    geometry.overlay = overlay;
    geometry.composer_columns = composer_columns;
    geometry.composer_text = pointed(pane::inside_of(layout.composer));
    geometry.list = pointed(list_area);
    (geometry, caret)
}

/// What the panes are called: where there is one at a time it names the others.
struct Titles {
    thinking: String,
    answer: String,
}

impl Titles {
    fn new(state: &State, layout: &Layout, thinks: bool) -> Self {
        let read = state
            .shown_of()
            .map(|(turn, turns)| format!(" · turn {turn} of {turns}"))
            .unwrap_or_default();
        let (thinking, answer) = match (layout.single, thinks) {
            (false, _) => ("thinking", "answer"),
            (true, true) => (
                "thinking · answer · constraints",
                "answer · thinking · constraints",
            ),
            (true, false) => ("thinking · answer · constraints", "answer · constraints"),
        };
        Self {
            thinking: format!("{thinking}{read}"),
            answer: answer.into(),
        }
    }
}

/// An area as the state knows it.
fn pointed(area: Rect) -> Area {
    Area {
        column: area.x,
        row: area.y,
        columns: area.width,
        rows: area.height,
    }
}
