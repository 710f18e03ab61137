//! What a turn asks for beside what its prompt states: changes by hand, and what holds on from earlier turns.
//!
//! Positions stay what they were: a dropped constraint keeps its place, an added one goes to the end, so a verdict that
//! names a position always means the same requirement.

use serde::{Deserialize, Serialize};

use super::TurnId;
use crate::constraints::{Constraint, Kwargs};

/// One change to what a prompt asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Edit {
    /// A requirement that the prompt does not state; its span is empty.
    Add { constraint: Constraint },
    /// A requirement of an earlier turn that holds on. Its span is of that turn's prompt.
    Keep { constraint: Constraint, from: TurnId },
    /// The one at this position has other arguments.
    Change { at: usize, kwargs: Kwargs },
    /// The one at this position is not asked for: it is neither checked nor counted.
    Drop { at: usize },
    /// It is asked for after all.
    Restore { at: usize },
}

impl Edit {
    /// Whether it makes the list longer.
    pub fn adds(&self) -> bool {
        matches!(self, Self::Add { .. } | Self::Keep { .. })
    }

    /// Changes the list; `false`, and nothing is changed, if there is no such position (a damaged file).
    pub fn apply(&self, constraints: &mut Vec<Constraint>) -> bool {
        match self {
            Self::Add { constraint } => {
                constraints.push(constraint.clone());
                true
            }
            Self::Keep { constraint, .. } => {
                constraints.push(Constraint {
                    span: 0..0,
                    ..constraint.clone()
                });
                true
            }
            Self::Change { at, kwargs } => match constraints.get_mut(*at) {
                Some(constraint) => {
                    constraint.kwargs.clone_from(kwargs);
                    true
                }
                None => false,
            },
            Self::Drop { at } | Self::Restore { at } => *at < constraints.len(),
        }
    }
}

/// Whether the constraint at position `at` was dropped and not brought back.
pub fn is_dropped(edits: &[Edit], at: usize) -> bool {
    let last = edits.iter().rev().find_map(|edit| match edit {
        Edit::Drop { at: dropped } if *dropped == at => Some(true),
        Edit::Restore { at: restored } if *restored == at => Some(false),
        _ => None,
    });
    last.unwrap_or(false)
}
