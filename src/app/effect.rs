//! What the chat wants done. Only `runtime` does it.

use crate::chat::{Message, Record, TurnId};

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
    Generate(Ask),
    /// Stop the running turn.
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
    /// Keep how the screen was set up for the next time.
    KeepScreen(Preferences),
    Copy {
        text: String,
        what: &'static str,
    },
    Quit,
}

/// How the reader has the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    pub thinking_folded: bool,
    pub sidebar_hidden: bool,
}

/// One turn for the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub turn: TurnId,
    pub method: String,
    pub messages: Vec<Message>,
}
