//! What a prompt asks of its answer: read from the prompt, checked against the answer while it streams.
//!
//! Owns the constraint ids (IFEval's, IFBench's and `raif:` ones), their arguments, the parser that finds them and the
//! checkers that decide them. Does not own how they are shown. Everything here is deterministic and pure.
//!
//! Each part may use those above it in this list, never one below (`tests/layers.rs` enforces it):
//!
//! | part      | owns                                                                                        |
//! |-----------|---------------------------------------------------------------------------------------------|
//! | `args`    | typed access to a constraint's arguments                                                    |
//! | `text`    | words, sentences, tokens as the published checkers count them                               |
//! | `checker` | what decides one constraint on a growing answer, and what most such deciders are made of    |
//! | `wording` | how people word a statement: tokens, amounts, the phrases matched against them              |
//! | `kinds`   | one folder a group of ids: each id's description, arguments, phrases, checker side by side  |
//! | `parse`   | prompt to [`Constraint`]s, their scopes and composition                                     |
//! | `check`   | constraints decided on an answer: live, by part, by branch, strict and loose                |

pub mod args;
pub mod check;
pub mod checker;
pub mod kinds;
pub mod parse;
pub mod text;
pub mod wording;

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Arguments by IFEval's and IFBench's own names.
pub type Kwargs = serde_json::Map<String, serde_json::Value>;

/// One requirement that the prompt puts on the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    /// `length_constraints:number_words`, `raif:word_range`, …
    pub id: String,
    #[serde(default)]
    pub kwargs: Kwargs,
    /// Byte range of the prompt that states it.
    pub span: Range<usize>,
    /// The part of the answer it binds; `None` is all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

/// A part of the answer (`the second paragraph`, `each bullet`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// `paragraph`, `sentence`, `bullet`, `line`, `section`, …
    pub part: String,
    /// A one-based number, `last`, `each`, `all`, or a name.
    pub index: String,
}

/// What is known of a constraint now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Not fulfilled yet; more text can fulfil it.
    Pending,
    /// Fulfilled so far; more text can break it.
    Holding,
    /// Fulfilled, whatever comes.
    Met,
    /// Fulfilled so far, and close to being broken.
    AtRisk,
    /// Broken, whatever comes.
    Broken,
    /// Nothing here can decide it.
    NotCheckable,
}

impl Verdict {
    /// No further text changes it.
    pub fn is_latched(self) -> bool {
        matches!(self, Self::Met | Self::Broken | Self::NotCheckable)
    }
}

/// Whose meaning of the words counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Semantics {
    /// Verdict for verdict what the published checkers give, quirks included.
    Official,
    /// What the words mean to a person.
    #[default]
    AsWorded,
}
