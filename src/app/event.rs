//! What happens to the chat, from outside.

use super::input::Input;
use super::scroll::Viewport;
use crate::chat::{Conversation, TurnId};
use crate::engine::{self, ModelInfo, Outcome};

/// The instant of an event. State reads no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// Milliseconds since the program started.
    pub elapsed_ms: u64,
    /// Milliseconds since 1970.
    pub wall_ms: i64,
    /// Fresh random bits, for ids.
    pub random: [u8; 10],
}

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    Input(Input),
    /// A whole line, where there is no screen: a message, a command, or the answer to an open list.
    Line(String),
    Model(ModelEvent),
    Pull(PullEvent),
    /// A saved conversation was read, to go on with it.
    Opened(Box<Opened>),
    /// What can be chosen, for the list that asked for it.
    Models(Vec<Listed>),
    Conversations(Vec<Listed>),
    /// What is in a folder, as it was typed.
    Files {
        folder: String,
        rows: Vec<Listed>,
    },
    /// Where saved conversations have these words.
    Found {
        query: String,
        rows: Vec<Listed>,
    },
    /// A file to go out with the message.
    Attached {
        name: String,
        text: String,
    },
    /// The message as another editor left it.
    Edited(String),
    /// What was sent in earlier sessions, oldest first.
    History(Vec<String>),
    /// A saved conversation is gone.
    Deleted {
        id: String,
    },
    /// The transcript can no longer be written; the chat goes on unsaved.
    SaveFailed(String),
    /// It can be written again, and all of it is.
    Saved,
    /// Something the reader should know and need not act on at once.
    Warning(String),
    /// Something asked for by an effect could not be done.
    Failed(String),
    /// Something asked for by an effect was done, in words for the status line.
    Done(String),
    /// A frame was drawn: what it showed of each pane.
    Drawn(Geometry),
    /// The system ends the program, or the terminal is gone.
    Ends,
    /// Time passed while something on screen depends on it.
    Tick,
}

/// From the model's thread.
#[derive(Debug)]
pub enum ModelEvent {
    /// No model is on this machine; `starter` could be fetched.
    Missing {
        starter: String,
        about: String,
    },
    Loading {
        name: String,
    },
    Ready(ModelInfo),
    LoadFailed {
        message: String,
    },
    Stream {
        turn: TurnId,
        event: engine::Event,
    },
    Finished {
        turn: TurnId,
        result: Result<Outcome, String>,
    },
}

/// A model on its way to this machine.
#[derive(Clone, Debug, PartialEq)]
pub enum PullEvent {
    /// A line for the reader: which source is tried, which one did not answer.
    Note(String),
    Progress {
        done: u64,
        total: u64,
        bytes_per_s: u64,
    },
    Verifying,
    Done {
        name: String,
    },
    Cancelled,
    Failed(String),
}

/// A conversation read from disk.
#[derive(Debug)]
pub struct Opened {
    pub conversation: Conversation,
    /// What was damaged, in words.
    pub warnings: Vec<String>,
}

/// Something that can be chosen from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: String,
    pub label: String,
    pub detail: String,
}

/// What a drawn frame showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Geometry {
    pub thinking: Viewport,
    pub answer: Viewport,
    pub constraints: Viewport,
    pub overlay: Viewport,
    /// The two answers that are compared.
    pub compare: [Viewport; 2],
    /// Columns of the composer's text.
    pub composer_columns: u16,
    /// The screen areas that the mouse can point at: `(column, row, columns, rows)`.
    pub thinking_area: Area,
    pub answer_area: Area,
    pub constraints_area: Area,
    /// Where text is, within the frames: of the panes, the composer, an open list.
    pub thinking_text: Area,
    pub answer_text: Area,
    pub composer_text: Area,
    pub list: Area,
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    pub column: u16,
    pub row: u16,
    pub columns: u16,
    pub rows: u16,
}

impl Area {
    pub fn contains(self, column: u16, row: u16) -> bool {
        (self.column..self.column.saturating_add(self.columns)).contains(&column)
            && (self.row..self.row.saturating_add(self.rows)).contains(&row)
    }
}
