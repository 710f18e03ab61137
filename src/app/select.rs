//! What the mouse selected.
//!
//! A selection lies in one pane and is told in rows and columns of that pane's text; what it means in the source is known
//! to who drew it.

/// A stretch of a pane's text, from where the button went down to where the mouse is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    pub pane: SelectedPane,
    pub unit: Unit,
    pub(super) from: Place,
    pub(super) to: Place,
}

/// What a selection is made of: its ends are in the first and the last of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    Cell,
    /// After a double click.
    Word,
    /// After a triple click: a line of the source, on however many rows.
    Line,
}

impl Unit {
    /// That of one more click.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Cell => Self::Word,
            Self::Word => Self::Line,
            Self::Line => Self::Cell,
        }
    }
}

/// A click on a pane's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clicked {
    pub(super) at_ms: u64,
    pub(super) cell: (u16, u16),
    pub(super) unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectedPane {
    Thinking,
    Answer,
}

/// A cell of a pane's text, counted from its first row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub row: usize,
    pub column: usize,
}

impl Selection {
    /// The first and the last cell.
    pub fn ends(&self) -> (Place, Place) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unit == Unit::Cell && self.from == self.to
    }
}
