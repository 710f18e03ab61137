//! One file a part of the screen. Each is a function of the state (and the cache) to cells.

pub mod answer;
pub mod compare;
pub mod composer;
pub mod constraints;
pub mod form;
pub mod header;
pub mod help;
pub mod inspect;
pub mod messages;
pub mod picker;
pub mod status;
pub mod thinking;
pub mod welcome;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ink::InkRow;
use super::theme::{Role, Theme};
use super::width::width;
use super::wrap::Wrapped;

/// Where views draw, and in what colours.
pub struct Canvas<'a> {
    pub buffer: &'a mut Buffer,
    pub theme: &'a Theme,
}

impl Canvas<'_> {
    /// Draws `row` as row `index` of `area`.
    pub fn row(&mut self, area: Rect, index: usize, row: &InkRow) {
        if let Some(line) = line(area, index) {
            row.draw(line, self.buffer, self.theme, &[]);
        }
    }

    /// Makes `area` empty, for what lies over other things.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            self.buffer[position].reset();
        }
        // A wide character that reached into the area goes as a whole.
        for y in area.top()..area.bottom() {
            let left = area.x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)));
            if let Some(cell) = left.filter(|cell| width(cell.symbol()) > 1) {
                cell.set_symbol(" ");
            }
        }
    }
}

/// Row `index` of `area`.
pub fn line(area: Rect, index: usize) -> Option<Rect> {
    let index = u16::try_from(index).ok().filter(|index| *index < area.height)?;
    Some(Rect {
        y: area.y + index,
        height: 1,
        ..area
    })
}

/// `text` as rows of `columns`, indented by `indent`.
pub fn paragraph(text: &str, role: Role, columns: usize, indent: usize) -> Vec<InkRow> {
    let wrapped = Wrapped::new(text, columns.saturating_sub(indent).max(1));
    let rows = wrapped.rows().iter().map(|row| {
        let mut line = InkRow::new(&" ".repeat(indent), Role::Text);
        line.push(&text[row.shown()], role);
        line
    });
    rows.collect()
}

/// `12 s`, `3 min 05 s`.
pub fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0);
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 60.0 {
        format!("{seconds:.0} s")
    } else {
        format!("{} min {:02} s", seconds as u64 / 60, seconds as u64 % 60)
    }
}

/// `842`, `1.2k`, `13k`: for figures that are read at a glance.
pub fn count(n: usize) -> String {
    match n {
        0..1000 => n.to_string(),
        1000..9950 => format!("{:.1}k", n as f64 / 1000.0),
        _ => format!("{}k", n.div_ceil(1000).max(10)),
    }
}

/// A bar of `cells` cells, filled to `share` of one.
pub fn gauge(share: f64, cells: usize, filled: Role) -> InkRow {
    let full = ((share.clamp(0.0, 1.0) * cells as f64).round() as usize).min(cells);
    let mut row = InkRow::default();
    row.push(&"▰".repeat(full), filled)
        .push(&"▱".repeat(cells - full), Role::Muted);
    row
}
