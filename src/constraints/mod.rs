//! What a prompt asks of its answer: read from the prompt, checked against the answer while it streams.
//!
//! Owns the constraint ids (IFEval's, IFBench's and `raif:` ones), their arguments, the parser that finds them and the
//! checkers that decide them. Does not own how they are shown. Everything here is deterministic and pure.
//!
//! - [`parse`]: prompt to [`Constraint`]s;
//! - [`check`]: [`check::Checker`]s fed with the answer piece by piece;
//! - [`text`]: words, sentences, tokens as the published checkers count them;
//! - [`kinds`]: one folder a group of ids, each id's description, arguments, phrases, checker and tests side by side.

pub mod check;
pub mod kinds;
pub mod parse;
pub mod text;

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

impl Constraint {
    /// A short name for a row: `no commas`, `exactly 3 bullets · paragraph 2`. One of a kind that is not known goes by
    /// its id.
    pub fn label(&self) -> String {
        let name = match kinds::find(&self.id) {
            Some(kind) => kind.label(&self.kwargs),
            None => self.id.clone(),
        };
        let scope = self
            .scope
            .as_ref()
            .map(|scope| format!(" · {} {}", scope.part, scope.index));
        format!("{name}{}", scope.unwrap_or_default())
    }
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
