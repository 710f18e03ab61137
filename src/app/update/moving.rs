//! Moving about the screen: which pane has the keys, and scrolling by keys and by the wheel.

use crate::app::focus::Focus;
use crate::app::scroll::{Scroll, Viewport};
use crate::app::state::{Overlay, State};

/// Rows a page keeps of the page before.
const PAGE_OVERLAP: usize = 2;

/// Rows that a page moves through a view.
pub(super) fn page_of(view: Viewport) -> isize {
    view.height.saturating_sub(PAGE_OVERLAP).max(1) as isize
}

impl State {
    pub(super) fn move_focus(&mut self, step: isize) {
        let mut ring = vec![
            Focus::Composer,
            Focus::Thinking,
            Focus::Answer,
            Focus::Constraints,
        ];
        if self.sidebar_hidden {
            ring.pop();
        }
        if self.shown_run().is_none() && self.shown().is_some_and(|turn| turn.thinking.is_empty()) {
            ring.retain(|focus| *focus != Focus::Thinking);
        }
        let at = ring.iter().position(|f| *f == self.focus).unwrap_or(0);
        let next = (at as isize + step).rem_euclid(ring.len() as isize);
        self.focus = ring[next as usize];
    }

    /// The pane that scrolls: the focused one; while writing, the answer.
    fn scroll_target(&mut self) -> Option<(&mut Scroll, Viewport)> {
        match self.focus {
            Focus::Thinking => Some((&mut self.thinking_scroll, self.geometry.thinking)),
            Focus::Answer | Focus::Composer => Some((&mut self.answer_scroll, self.geometry.answer)),
            Focus::Constraints => None,
        }
    }

    pub(super) fn page(&self) -> isize {
        let view = match self.focus {
            Focus::Thinking => self.geometry.thinking,
            Focus::Constraints => self.geometry.constraints,
            Focus::Answer | Focus::Composer => self.geometry.answer,
        };
        page_of(view)
    }

    pub(super) fn scroll(&mut self, lines: isize) {
        match self.scroll_target() {
            Some((scroll, view)) => scroll.by(lines, view),
            None => {
                let row = self.listed().0.step(self.selected, lines);
                self.select(row);
            }
        }
    }

    pub(super) fn wheel(&mut self, column: u16, row: u16, lines: i32) {
        let lines = lines as isize;
        if let Some(overlay) = &mut self.overlay {
            match overlay {
                Overlay::Picker(picker) => picker.step(lines.signum()),
                Overlay::Form(form) => form.step(lines.signum()),
                Overlay::Inspect => self.selected = self.listing.step(self.selected, lines.signum()),
                Overlay::Compare(_) => self.scroll_comparison(lines),
                Overlay::Help { top } => {
                    *top = top
                        .saturating_add_signed(lines)
                        .min(self.geometry.overlay.last_top());
                }
            }
        } else if self.geometry.thinking_area.contains(column, row) {
            self.thinking_scroll.by(lines, self.geometry.thinking);
        } else if self.geometry.answer_area.contains(column, row) {
            self.answer_scroll.by(lines, self.geometry.answer);
        }
    }
}
