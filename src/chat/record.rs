//! What happens in a conversation, one record a fact, in the order it happened.

use serde::{Deserialize, Serialize};

use super::{Edit, Finish, Stats, ThinkingEnd, TurnId};
use crate::constraints::{Constraint, Verdict};

/// One line of a transcript. Unknown kinds of later versions are kept out by the reader, with a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// First line of every transcript.
    Conversation {
        version: u32,
        id: String,
        /// Milliseconds since 1970.
        created_ms: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        system: Option<String>,
    },
    Title {
        title: String,
    },
    /// A prompt was sent. It becomes the head.
    Turn {
        turn: TurnId,
        parent: Option<TurnId>,
        prompt: String,
        model: String,
        method: String,
        started_ms: i64,
        constraints: Vec<Constraint>,
    },
    /// A piece of thinking, to be appended.
    Thinking {
        turn: TurnId,
        text: String,
    },
    ThinkingEnded {
        turn: TurnId,
        end: ThinkingEnd,
        #[serde(deserialize_with = "super::turn::null_is_zero")]
        seconds: f32,
    },
    /// A piece of answer, to be appended.
    Answer {
        turn: TurnId,
        text: String,
    },
    End {
        turn: TurnId,
        finish: Finish,
        stats: Stats,
        checked: Vec<CheckedConstraint>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// A requirement of a turn was changed by hand.
    Edit {
        turn: TurnId,
        edit: Edit,
        /// The verdicts under the changed list, where the answer was finished before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        checked: Vec<CheckedConstraint>,
    },
    /// The reader moved to another branch (`None`: before the first turn).
    Head {
        turn: Option<TurnId>,
    },
}

impl Record {
    /// The version of the format that is written.
    pub const VERSION: u32 = 1;

    /// What `type` can be.
    pub const KINDS: [&str; 9] = [
        "conversation",
        "title",
        "turn",
        "thinking",
        "thinking_ended",
        "answer",
        "end",
        "edit",
        "head",
    ];
}

/// A constraint's verdict on a finished answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedConstraint {
    /// Position in the turn's constraints.
    pub constraint: usize,
    pub verdict: Verdict,
    /// Official semantics; `None` where it cannot be decided.
    pub strict: Option<bool>,
    pub loose: Option<bool>,
    /// The running value as shown (`182/300 words`).
    pub value: String,
}
