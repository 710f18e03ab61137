//! Requirements changed by hand.
//!
//! Positions stay what they were: a dropped constraint keeps its place, an added one goes to the end, so a verdict that
//! names a position always means the same requirement.

use serde::{Deserialize, Serialize};

use crate::constraints::{Constraint, Kwargs};

/// One change by hand to what a prompt asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Edit {
    /// A requirement that the prompt does not state; its span is empty.
    Add { constraint: Constraint },
    /// The one at this position has other arguments.
    Change { at: usize, kwargs: Kwargs },
    /// The one at this position is not asked for: it is neither checked nor counted.
    Drop { at: usize },
    /// It is asked for after all.
    Restore { at: usize },
}

impl Edit {
    /// Changes the list; `false`, and nothing is changed, if there is no such position (a damaged file).
    pub fn apply(&self, constraints: &mut Vec<Constraint>) -> bool {
        match self {
            Self::Add { constraint } => {
                constraints.push(constraint.clone());
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
