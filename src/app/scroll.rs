//! Where a pane is scrolled to.
//!
//! A pane follows its end until the reader moves up, and follows again only when the reader goes back down to the end.
//! New text never moves a pane that the reader scrolled.

/// A pane's position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scroll {
    /// The last row is in view.
    #[default]
    Follow,
    /// This row is the first in view.
    At(usize),
}

/// What a frame showed of a pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Viewport {
    /// Rows there are.
    pub rows: usize,
    /// Rows in view.
    pub height: usize,
    /// The first row in view.
    pub top: usize,
}

impl Viewport {
    /// The top row when the last row is in view.
    pub fn last_top(self) -> usize {
        self.rows.saturating_sub(self.height)
    }
}

impl Scroll {
    /// The first row in view, of `rows` with `height` in view.
    pub fn top(self, rows: usize, height: usize) -> usize {
        let last = rows.saturating_sub(height);
        match self {
            Self::Follow => last,
            Self::At(row) => row.min(last),
        }
    }

    /// Moves by `lines` (up is negative) from what `view` shows.
    pub fn by(&mut self, lines: isize, view: Viewport) {
        let top = view.top.saturating_add_signed(lines);
        *self = if lines > 0 && top >= view.last_top() {
            Self::Follow
        } else {
            Self::At(top.min(view.last_top()))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Viewport = Viewport {
        rows: 100,
        height: 10,
        top: 90,
    };

    #[test]
    fn moving_up_lets_go_and_only_the_end_follows_again() {
        let mut scroll = Scroll::Follow;
        scroll.by(-3, VIEW);
        assert_eq!(scroll, Scroll::At(87));
        // Fifty rows stream in: the view stays.
        assert_eq!(scroll.top(150, 10), 87);
        scroll.by(
            2,
            Viewport {
                rows: 150,
                height: 10,
                top: 87,
            },
        );
        assert_eq!(scroll, Scroll::At(89));
        scroll.by(
            1000,
            Viewport {
                rows: 150,
                height: 10,
                top: 89,
            },
        );
        assert_eq!(scroll, Scroll::Follow);
    }

    #[test]
    fn a_pane_that_shows_everything_follows() {
        let view = Viewport {
            rows: 4,
            height: 10,
            top: 0,
        };
        let mut scroll = Scroll::Follow;
        scroll.by(1, view);
        assert_eq!(scroll, Scroll::Follow);
        scroll.by(-1, view);
        assert_eq!(scroll.top(4, 10), 0);
    }
}
