//! Tables that fit their width: columns give way to each other, cells wrap, and where even that does not fit each row
//! is shown as lines of `heading: cell`.

use pulldown_cmark::Alignment;
use ratatui::style::Modifier;

use super::super::ink::{Ink, InkRow};
use super::super::theme::Role;
use super::super::width::width;
use super::inline::Inline;

/// Between two columns.
const GAP: &str = " │ ";
const CROSS: &str = "─┼─";
/// A column narrower than this is not worth reading.
const NARROWEST: usize = 6;

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub alignments: Vec<Alignment>,
    /// The first row is the head.
    pub rows: Vec<Vec<Inline>>,
}

impl Table {
    pub fn render(&self, columns: usize) -> Vec<InkRow> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if count == 0 {
            return Vec::new();
        }
        match self.widths(count, columns) {
            Some(widths) => self.grid(&widths),
            None => self.list(columns),
        }
    }

    /// The width of each column, or `None` if they cannot all be had.
    fn widths(&self, count: usize, columns: usize) -> Option<Vec<usize>> {
        let room = columns.checked_sub(GAP.chars().count() * (count - 1))?;
        let mut widths = vec![1; count];
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                let natural = cell.text().lines().map(width).max().unwrap_or(0);
                widths[column] = widths[column].max(natural);
            }
        }
        // The widest gives way first, so that short columns stay whole.
        let mut excess = widths.iter().sum::<usize>().saturating_sub(room);
        while excess > 0 {
            let widest = *widths.iter().max()?;
            if widest <= NARROWEST {
                return None;
            }
            let second = widths.iter().copied().filter(|w| *w < widest).max().unwrap_or(0);
            let sharing = widths.iter().filter(|w| **w == widest).count();
            let step = (widest - second.max(NARROWEST))
                .max(1)
                .min(excess.div_ceil(sharing));
            for column in widths.iter_mut().filter(|w| **w == widest) {
                let given = step.min(excess);
                *column -= given;
                excess -= given;
            }
        }
        Some(widths)
    }

    fn grid(&self, widths: &[usize]) -> Vec<InkRow> {
        let mut rows = Vec::new();
        for (index, cells) in self.rows.iter().enumerate() {
            let wrapped: Vec<Vec<InkRow>> = widths
                .iter()
                .enumerate()
                .map(|(column, columns)| {
                    cells
                        .get(column)
                        .map_or(Vec::new(), |cell| cell.rows(*columns).collect())
                })
                .collect();
            let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
            for line in 0..height {
                let mut row = InkRow::default();
                for (column, columns) in widths.iter().enumerate() {
                    if column > 0 {
                        row.push(GAP, Role::Muted);
                    }
                    let cell = wrapped[column].get(line);
                    let spare = columns.saturating_sub(cell.map_or(0, InkRow::width));
                    let before = match self.alignments.get(column) {
                        Some(Alignment::Right) => spare,
                        Some(Alignment::Center) => spare / 2,
                        _ => 0,
                    };
                    let last = column + 1 == widths.len();
                    row.push(&" ".repeat(before), Role::Table);
                    if let Some(cell) = cell {
                        row.append(cell);
                    }
                    if !last {
                        row.push(&" ".repeat(spare - before), Role::Table);
                    }
                }
                rows.push(row);
            }
            if index == 0 {
                let rule: Vec<String> = widths.iter().map(|w| "─".repeat(*w)).collect();
                rows.push(InkRow::new(&rule.join(CROSS), Role::Muted));
            }
        }
        rows
    }

    fn list(&self, columns: usize) -> Vec<InkRow> {
        let mut rows = Vec::new();
        let Some((head, body)) = self.rows.split_first() else {
            return rows;
        };
        for (index, cells) in body.iter().enumerate() {
            if index > 0 {
                rows.push(InkRow::default());
            }
            for (column, cell) in cells.iter().enumerate() {
                let mut line = Inline::default();
                if let Some(name) = head.get(column).filter(|name| !name.is_empty()) {
                    let label = Ink::from(Role::Muted).with(Modifier::BOLD);
                    line.push(&format!("{}: ", name.text().replace('\n', " ")), label, 0..0);
                }
                line.append(cell);
                rows.extend(line.rows(columns));
            }
        }
        if body.is_empty() {
            rows.extend(head.iter().flat_map(|cell| cell.rows(columns)));
        }
        rows
    }
}
