//! The conversation: a tree of turns, the records it is made of, and what of it is sent to the model.
//!
//! Owns the meaning of a transcript: a conversation *is* the fold of its records ([`Conversation::apply`]), on screen as
//! on disk. [`sanitize`] makes text of foreign origin safe to print; [`words`] reads what somebody looks for. Does not own files, models or time: instants are passed in.

mod conversation;
mod edit;
mod record;
pub mod sanitize;
mod turn;
mod words;

pub use conversation::Conversation;
pub use edit::{Edit, is_dropped};
pub use record::{CheckedConstraint, Record};
pub use turn::{Finish, Stats, ThinkingEnd, Turn, TurnId};
pub use words::words;

use serde::{Deserialize, Serialize};

/// Who said a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    System,
    User,
    Assistant,
}

/// One message as a model's template sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

impl Message {
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
        }
    }
}
