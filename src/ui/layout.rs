//! Where everything is.

use ratatui::layout::Rect;

use crate::app::{Focus, State};

/// From here on the three panes stand side by side.
pub const WIDE: u16 = 120;
/// From here on thinking stands above the answer; below, there is one pane.
pub const MEDIUM: u16 = 80;
/// Below this there are no frames.
const TINY_COLUMNS: u16 = 24;
const TINY_ROWS: u16 = 9;

/// The areas of a frame; empty ones are not drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub header: Rect,
    pub thinking: Rect,
    pub answer: Rect,
    pub constraints: Rect,
    /// The verdicts in one row, where the constraints have no pane.
    pub strip: Rect,
    /// All of the panes and the strip: what takes their place is drawn here.
    pub body: Rect,
    /// Errors and pulls.
    pub messages: Rect,
    pub composer: Rect,
    pub status: Rect,
    /// The answer's upper edge is the lower edge of the pane above it.
    pub joined: bool,
    /// One pane at a time: its title names the others.
    pub single: bool,
    pub framed: bool,
}

/// What the layout has to know beside the state.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    /// Thinking has something to show, or will have.
    pub thinking: bool,
    /// Rows it takes at the full width; `None` while it grows.
    pub thinking_rows: Option<usize>,
    /// Rows of the composer's text.
    pub composer_rows: u16,
    pub message_rows: u16,
    pub has_constraints: bool,
}

impl Layout {
    pub fn new(area: Rect, state: &State, wants: Wants) -> Self {
        let mut layout = Self {
            framed: area.width >= TINY_COLUMNS && area.height >= TINY_ROWS,
            ..Self::default()
        };
        let frame = if layout.framed { 2 } else { 0 };
        let mut rest = area;
        if layout.framed {
            layout.header = take_top(&mut rest, 1);
            layout.status = take_bottom(&mut rest, 1);
        } else if rest.height >= 4 {
            layout.status = take_bottom(&mut rest, 1);
        }
        let most = (rest.height / 2).max(1 + frame);
        layout.composer = take_bottom(&mut rest, (wants.composer_rows + frame).min(most));
        let most = rest.height / 2;
        layout.messages = take_bottom(&mut rest, wants.message_rows.min(most));
        layout.body = rest;
        layout.panes(area.width, rest, state, wants);
        layout
    }

    fn panes(&mut self, columns: u16, mut body: Rect, state: &State, wants: Wants) {
        let sidebar = !state.sidebar_hidden;
        let on_constraints = sidebar && state.focus == Focus::Constraints;
        let strip = sidebar && wants.has_constraints && !on_constraints;
        if state.zoomed || columns < MEDIUM {
            if strip && body.height > 3 {
                self.strip = take_bottom(&mut body, 1);
            }
            self.single = true;
            let pane = match single_pane(state, wants) {
                Focus::Thinking => &mut self.thinking,
                Focus::Constraints => &mut self.constraints,
                Focus::Answer | Focus::Composer => &mut self.answer,
            };
            *pane = body;
        } else if columns >= WIDE {
            if sidebar {
                self.constraints = take_right(&mut body, (columns / 4).clamp(33, 44));
            }
            if wants.thinking {
                let share = u32::from(body.width) * 9 / 20;
                self.thinking = take_left(&mut body, share as u16);
            }
            self.answer = body;
        } else {
            if strip {
                self.strip = take_bottom(&mut body, 1);
            }
            if (on_constraints || wants.thinking) && body.height >= 8 {
                let share = match state.focus {
                    Focus::Thinking | Focus::Constraints => body.height * 3 / 5,
                    _ => body.height * 2 / 5,
                };
                // Short thinking that is over takes no more than it needs.
                let needed = match wants.thinking_rows {
                    Some(rows) if !on_constraints => u16::try_from(rows + 2).unwrap_or(u16::MAX),
                    _ => u16::MAX,
                };
                let upper = take_top(&mut body, share.min(needed).max(4));
                *(if on_constraints {
                    &mut self.constraints
                } else {
                    &mut self.thinking
                }) = upper;
                // The frames share a row.
                body.y -= 1;
                body.height += 1;
                self.joined = true;
            }
            self.answer = body;
        }
    }
}

/// The pane that is shown when there is room for one: the focused one; while writing, the one that is being streamed.
fn single_pane(state: &State, wants: Wants) -> Focus {
    match state.focus {
        Focus::Composer => {
            let thinks = state
                .shown_run()
                .is_some_and(|run| run.phase == crate::app::Phase::Thinking);
            if thinks && wants.thinking && !state.zoomed {
                Focus::Thinking
            } else {
                Focus::Answer
            }
        }
        focus => focus,
    }
}

fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let taken = Rect {
        height: rows,
        ..*rest
    };
    rest.y += rows;
    rest.height -= rows;
    taken
}

fn take_bottom(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    rest.height -= rows;
    Rect {
        y: rest.bottom(),
        height: rows,
        ..*rest
    }
}

fn take_left(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    let taken = Rect {
        width: columns,
        ..*rest
    };
    rest.x += columns;
    rest.width -= columns;
    taken
}

fn take_right(rest: &mut Rect, columns: u16) -> Rect {
    let columns = columns.min(rest.width);
    rest.width -= columns;
    Rect {
        x: rest.right(),
        width: columns,
        ..*rest
    }
}
