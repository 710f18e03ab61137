//! Every constraint id, one folder a group.
//!
//! A folder holds all there is of its ids: the [`Kind`]s (id, category, one-line description, arguments, row label, how a
//! checker is built) in its `mod.rs`, the checkers and their tests beside it, and the phrases and rules that state them in
//! `phrases.rs`. A new id is one `Kind` in one folder's `KINDS`; a new group is one folder and one line in [`GROUPS`].

mod apart;
pub mod case;
pub mod combination;
pub mod content;
pub mod custom;
mod denied;
pub mod format;
pub mod keywords;
pub mod language;
pub mod length;
pub mod markup;
pub mod position;
pub mod punctuation;
pub mod ratio;
pub mod sentences;
pub mod words;

use std::{collections::HashMap, sync::LazyLock};

pub use super::args::{Arg, ArgError, ArgType, Args};
use serde::{Deserialize, Serialize};

use super::{
    Constraint, Kwargs, Semantics,
    checker::Checker,
    wording::{
        phrase::{Found, Phrase},
        rule::Rule,
        sketch::Document,
    },
};

/// One constraint id.
pub struct Kind {
    /// `length_constraints:number_words`, `raif:word_range`, …
    pub id: &'static str,
    /// Of which part of an answer it can be said.
    pub reach: Reach,
    pub category: Category,
    /// One line for lists and help: what an answer must do to follow it.
    pub about: &'static str,
    pub args: &'static [Arg],
    /// Short name of a row of the sidebar: `no commas`, `exactly 3 bullets`. Never fails: a bad argument shows as `?`.
    pub label: fn(Args) -> String,
    /// Builds what decides it. The `&str` is the prompt, without which some ids have nothing to compare with.
    pub checker: Build,
}

/// What of an answer a constraint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of it, or it names its part itself.
    Whole,
    /// All of it or a part (`the second paragraph`), which decides the verdict.
    Part,
    /// Something is there: an answer that has it has it wherever it stands.
    Presence,
    /// As [`Self::Presence`], and it can be said of a part.
    PartOrPresence,
}

impl Reach {
    pub fn has_parts(self) -> bool {
        matches!(self, Self::Part | Self::PartOrPresence)
    }

    pub fn is_presence(self) -> bool {
        matches!(self, Self::Presence | Self::PartOrPresence)
    }
}

/// Builds a checker from arguments, prompt and semantics.
pub type Build = fn(Args, &str, Semantics) -> Result<Box<dyn Checker>, ArgError>;

impl Kind {
    pub fn label(&self, kwargs: &Kwargs) -> String {
        (self.label)(Args(kwargs))
    }

    pub fn checker(
        &self,
        kwargs: &Kwargs,
        prompt: &str,
        semantics: Semantics,
    ) -> Result<Box<dyn Checker>, ArgError> {
        (self.checker)(Args(kwargs), prompt, semantics)
    }
}

/// The taxonomy of the RAIF paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Lexical,
    Numerical,
    Format,
    Semantic,
    Stylistic,
    Linguistic,
}

impl Constraint {
    /// A short name for a row: `no commas`, `exactly 3 bullets · paragraph 2`. One of a kind that is not known goes by
    /// its id.
    pub fn label(&self) -> String {
        let name = match find(&self.id) {
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

/// The groups, in the order in which lists show them.
const GROUPS: &[&[Kind]] = &[
    length::KINDS,
    keywords::KINDS,
    punctuation::KINDS,
    case::KINDS,
    position::KINDS,
    format::KINDS,
    markup::KINDS,
    content::KINDS,
    combination::KINDS,
    language::KINDS,
    words::KINDS,
    sentences::KINDS,
    ratio::KINDS,
    custom::KINDS,
];

/// Every kind, group by group.
pub fn all() -> impl Iterator<Item = &'static Kind> {
    GROUPS.iter().copied().flatten()
}

/// The kind of an id; `None` if nobody knows it.
pub fn find(id: &str) -> Option<&'static Kind> {
    static BY_ID: LazyLock<HashMap<&'static str, &'static Kind>> =
        LazyLock::new(|| all().map(|kind| (kind.id, kind)).collect());
    BY_ID.get(id).copied()
}

/// How the ids of each group are stated in prompts.
const PHRASES: &[&[Phrase]] = &[
    length::phrases::PHRASES,
    length::separators::PHRASES,
    keywords::phrases::PHRASES,
    keywords::required::PHRASES,
    keywords::banned::PHRASES,
    punctuation::phrases::PHRASES,
    case::phrases::PHRASES,
    position::phrases::PHRASES,
    format::phrases::PHRASES,
    format::choices::PHRASES,
    format::puzzles::PHRASES,
    markup::phrases::PHRASES,
    content::phrases::PHRASES,
    combination::phrases::PHRASES,
    language::phrases::PHRASES,
    words::phrases::PHRASES,
    length::chinese::PHRASES,
    combination::chinese::PHRASES,
    keywords::chinese::PHRASES,
    case::chinese::PHRASES,
    position::chinese::PHRASES,
    format::chinese::PHRASES,
    content::chinese::PHRASES,
    language::chinese::PHRASES,
    punctuation::chinese::PHRASES,
    markup::chinese::PHRASES,
    apart::PHRASES,
    denied::PHRASES,
];

/// Every phrase, group by group.
pub fn phrases() -> impl Iterator<Item = &'static Phrase> {
    PHRASES.iter().copied().flatten()
}

/// What states ids in several parts.
const RULES: &[&[Rule]] = &[
    combination::phrases::RULES,
    punctuation::phrases::RULES,
    format::puzzles::RULES,
    words::phrases::RULES,
    sentences::phrases::RULES,
    ratio::phrases::RULES,
    custom::phrases::RULES,
];

/// Every rule, group by group.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten()
}

/// What makes one constraint of several statements, or drops what another implies.
pub fn assemblers() -> &'static [fn(&Document, &mut Vec<Found>)] {
    &[
        length::assemble::assemble,
        case::assemble::assemble,
        content::assemble::assemble,
        ratio::phrases::assemble,
        sentences::phrases::assemble,
        custom::phrases::assemble,
    ]
}

/// What phrases cannot express.
pub fn finders() -> &'static [fn(&Document, &mut Vec<Found>)] {
    &[
        format::labels::find,
        keywords::tally::find,
        custom::phrases::capitals,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        assert_eq!(
            all().count(),
            all()
                .map(|kind| kind.id)
                .collect::<std::collections::HashSet<_>>()
                .len()
        );
    }

    #[test]
    fn phrases_compile() {
        for phrase in phrases() {
            crate::constraints::wording::pattern::compile(phrase.pattern);
        }
        for rule in rules() {
            crate::constraints::wording::rule::Compiled::new(rule);
        }
    }
}
