//! Clicks, and what the mouse selects.

use crate::app::effect::Effect;
use crate::app::event::{Area, Geometry};
use crate::app::focus::Focus;
use crate::app::scroll::{Scroll, Viewport};
use crate::app::select::{Clicked, Place, SelectedPane, Selection, Unit};
use crate::app::state::{Overlay, State};

/// Rows a drag beyond the edge of a pane moves it.
const DRAG_LINES: isize = 2;

/// A click within this time of the one before it, on the same cell, belongs to it.
const TOGETHER_MS: u64 = 400;

fn pane(drawn: &Geometry, pane: SelectedPane) -> (Area, Viewport) {
    match pane {
        SelectedPane::Thinking => (drawn.thinking_text, drawn.thinking),
        SelectedPane::Answer => (drawn.answer_text, drawn.answer),
    }
}

/// The cell that the mouse points at, or the nearest one in view.
fn place(area: Area, view: Viewport, column: u16, row: u16) -> Place {
    let last = usize::from(area.rows)
        .min(view.rows.saturating_sub(view.top))
        .saturating_sub(1);
    Place {
        row: view.top + usize::from(row.saturating_sub(area.row)).min(last),
        column: usize::from(column.saturating_sub(area.column)).min(usize::from(area.columns)),
    }
}

impl State {
    pub(super) fn click(&mut self, column: u16, row: u16, effects: &mut Vec<Effect>) {
        self.selection = None;
        let drawn = self.geometry;
        if let Some(overlay) = &mut self.overlay {
            let Overlay::Picker(picker) = overlay else {
                self.overlay = None;
                return;
            };
            if drawn.list.contains(column, row) {
                let pointed = drawn.overlay.top + usize::from(row - drawn.list.row);
                let again = picker.selected() == pointed;
                if picker.point(pointed) && again {
                    self.choose_from_overlay(effects);
                }
            }
            return;
        }
        let areas = [
            (drawn.thinking_area, Focus::Thinking),
            (drawn.answer_area, Focus::Answer),
            (drawn.constraints_area, Focus::Constraints),
        ];
        let hit = areas.iter().find(|(area, _)| area.contains(column, row));
        self.focus = hit.map_or(Focus::Composer, |(_, focus)| *focus);
        let pressed = match self.focus {
            Focus::Thinking => SelectedPane::Thinking,
            Focus::Answer => SelectedPane::Answer,
            Focus::Composer if drawn.composer_text.contains(column, row) => {
                let area = drawn.composer_text;
                let (top, _) = self.composer.area().scroll_offset();
                let row = usize::from(top) + usize::from(row - area.row);
                self.composer.point(row, usize::from(column - area.column));
                return;
            }
            _ => return,
        };
        let (area, view) = pane(&drawn, pressed);
        if area.contains(column, row) {
            let from = place(area, view, column, row);
            self.selection = Some(Selection {
                pane: pressed,
                unit: self.count_click((column, row)),
                from,
                to: from,
            });
        }
    }

    /// What this click selects by: the second in a row a word, the third a line.
    fn count_click(&mut self, cell: (u16, u16)) -> Unit {
        let now = self.now.elapsed_ms;
        let before = self
            .clicked
            .filter(|before| before.cell == cell && now.saturating_sub(before.at_ms) <= TOGETHER_MS);
        let unit = before.map_or(Unit::Cell, |before| before.unit.next());
        self.clicked = Some(Clicked {
            at_ms: now,
            cell,
            unit,
        });
        unit
    }

    pub(super) fn drag(&mut self, column: u16, row: u16) {
        let Some(mut selection) = self.selection else {
            return;
        };
        // What follows a drag is not its second click.
        self.clicked = self.clicked.filter(|clicked| clicked.cell == (column, row));
        let (area, view) = pane(&self.geometry, selection.pane);
        let lines = if row < area.row {
            -DRAG_LINES
        } else if row >= area.row.saturating_add(area.rows) {
            DRAG_LINES
        } else {
            0
        };
        let scroll = self.selected_scroll(selection.pane);
        // While something is selected the pane does not move by itself.
        *scroll = Scroll::At(view.top);
        scroll.by(lines, view);
        selection.to = place(area, view, column, row);
        self.selection = Some(selection);
    }

    fn selected_scroll(&mut self, pane: SelectedPane) -> &mut Scroll {
        match pane {
            SelectedPane::Thinking => &mut self.thinking_scroll,
            SelectedPane::Answer => &mut self.answer_scroll,
        }
    }

    pub(super) fn release(&mut self, effects: &mut Vec<Effect>) {
        match self.selection {
            Some(selection) if selection.is_empty() => self.selection = None,
            Some(selection) => {
                // A pane that still stands at its end follows it again.
                let view = pane(&self.geometry, selection.pane).1;
                if view.top >= view.last_top() {
                    *self.selected_scroll(selection.pane) = Scroll::Follow;
                }
                effects.push(Effect::CopySelection(selection));
            }
            None => {}
        }
    }
}
