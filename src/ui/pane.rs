//! A bordered pane: what it is on the left of its upper edge, figures on the right, where the reader is on its lower edge.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ink::{InkRow, Pen};
use super::theme::{Role, Theme};
use super::width::{ellipsis, width};
use crate::app::{Scroll, Viewport};

/// A frame around something.
#[derive(Clone, Debug, Default)]
pub struct Pane<'a> {
    pub title: &'a str,
    /// On the right of the upper edge; left out where it does not fit.
    pub info: InkRow,
    /// On the left of the lower edge.
    pub hint: InkRow,
    /// On the right of the lower edge.
    pub badge: InkRow,
    pub focused: bool,
    /// The upper edge is also the lower edge of the pane above.
    pub joined: bool,
}

impl Pane<'_> {
    /// Draws the frame; returns what is inside of it and its margin of one cell at each side. An area too small for a
    /// frame is all inside.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) -> Rect {
        let area = area.intersection(buffer.area);
        if !has_room(area) {
            return area;
        }
        let border = theme.style(if self.focused {
            Role::BorderFocused
        } else {
            Role::Border
        });
        let corners = if self.joined {
            ["├", "┤"]
        } else {
            ["╭", "╮"]
        };
        let inside = usize::from(area.width - 2);

        let title_role = if self.focused { Role::Accent } else { Role::Title };
        let title = ellipsis(self.title, inside.saturating_sub(3));
        let title_cells = if title.is_empty() { 0 } else { width(&title) + 2 };
        let mut pen = Pen::new(area, buffer);
        pen.text(corners[0], border);
        if title_cells > 0 {
            pen.text(" ", border)
                .text(&title, theme.style(title_role))
                .text(" ", border);
        }
        let room = inside.saturating_sub(title_cells);
        edge(&mut pen, &InkRow::default(), &self.info, room, border, theme);
        pen.text(corners[1], border);

        for y in area.y + 1..area.bottom() - 1 {
            for x in [area.x, area.right() - 1] {
                Pen::new(Rect::new(x, y, 1, 1), buffer).text("│", border);
            }
        }
        let mut pen = Pen::new(Rect::new(area.x, area.bottom() - 1, area.width, 1), buffer);
        pen.text("╰", border);
        edge(&mut pen, &self.hint, &self.badge, inside, border, theme);
        pen.text("╯", border);

        inside_of(area)
    }
}

fn has_room(area: Rect) -> bool {
    area.width >= 8 && area.height >= 3
}

/// What is inside of a pane drawn in `area`.
pub fn inside_of(area: Rect) -> Rect {
    if has_room(area) {
        Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
    } else {
        area
    }
}

/// A horizontal edge of `room` cells with something written into its left and right.
fn edge(
    pen: &mut Pen<'_>,
    left: &InkRow,
    right: &InkRow,
    room: usize,
    border: ratatui::style::Style,
    theme: &Theme,
) {
    let cells = |row: &InkRow| if row.is_blank() { 0 } else { row.width() + 3 };
    let right_cells = Some(cells(right)).filter(|n| *n <= room).unwrap_or(0);
    let left_cells = Some(cells(left)).filter(|n| n + right_cells <= room).unwrap_or(0);
    if left_cells > 0 {
        pen.text("─ ", border).row(left, theme).text(" ", border);
    }
    pen.text(&"─".repeat(room - left_cells - right_cells), border);
    if right_cells > 0 {
        pen.text(" ", border).row(right, theme).text(" ─", border);
    }
}

/// Where the reader is: nothing if all is in view, `▼ live` at the end of a stream, else how much is below.
pub fn scroll_badge(view: Viewport, scroll: Scroll, streaming: bool) -> InkRow {
    let below = view.rows.saturating_sub(view.top + view.height);
    if below > 0 {
        let lines = if below == 1 { "line" } else { "lines" };
        InkRow::new(&format!("▼ {below} {lines}"), Role::Accent)
    } else if streaming && scroll == Scroll::Follow {
        InkRow::new("▼ live", Role::Busy)
    } else {
        InkRow::default()
    }
}

/// One row with something on its left and on its right; the right is left out where both do not fit.
pub fn bar(area: Rect, buffer: &mut Buffer, theme: &Theme, left: &InkRow, right: &InkRow) {
    let room = usize::from(area.width);
    let cells = right.width();
    let fits = left.width() + cells < room;
    let left_area = Rect {
        width: if fits {
            area.width - cells as u16
        } else {
            area.width
        },
        ..area
    };
    left.draw(left_area, buffer, theme, &[]);
    if fits {
        let right_area = Rect {
            x: left_area.right(),
            width: cells as u16,
            ..area
        };
        right.draw(right_area, buffer, theme, &[]);
    }
}
