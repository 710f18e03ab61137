//! What the chat wants done. Only `runtime` does it.

use super::select::Selection;
use crate::chat::{Conversation, Message, Record, TurnId};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find a model (`None`: the one to use by default) and load it.
    LoadModel {
        name: Option<String>,
    },
    Pull {
        name: String,
    },
    CancelPull,
    /// Answer these side by side.
    Generate(Vec<Ask>),
    /// Stop what is being answered.
    Stop,
    EndThinking,
    /// Append to the transcript of the conversation `id`.
    Save {
        id: String,
        record: Record,
    },
    /// Read a saved conversation.
    Open {
        id: String,
    },
    ListModels,
    ListConversations,
    /// Draw the whole screen anew: the terminal may show what nobody drew.
    Redraw,
    /// Keep how the screen was set up for the next time.
    KeepScreen(Preferences),
    /// What is in a folder, for the list of files.
    ListFiles {
        folder: String,
    },
    /// Read a file to go out with the message.
    ReadFile {
        path: String,
    },
    /// Look for words in all saved conversations.
    Find {
        query: String,
    },
    /// Write the conversation to a new file.
    Export {
        conversation: Box<Conversation>,
        format: String,
    },
    /// Delete a saved conversation for good.
    Delete {
        id: String,
    },
    /// Keep a message for the history of later sessions.
    Remember {
        text: String,
    },
    /// Let the person write in an editor of their own, from this text.
    Edit {
        text: String,
    },
    UseTheme {
        name: String,
    },
    UseMouse(bool),
    /// Tell a person who looks elsewhere.
    Notify(Notify),
    Copy {
        text: String,
        what: &'static str,
    },
    /// Copy what the mouse selected.
    CopySelection(Selection),
    Quit,
}

/// How the reader has the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    pub thinking_folded: bool,
    pub sidebar_hidden: bool,
}

/// How somebody who looks elsewhere is told that an answer ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notify {
    /// The terminal's bell.
    pub bell: bool,
    /// A notification of the desktop, through the terminal.
    pub desktop: bool,
}

/// One turn for the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub turn: TurnId,
    pub method: String,
    pub messages: Vec<Message>,
    /// How often the same was asked of the same model before: another attempt is to be another answer.
    pub attempt: usize,
}
