//! Two answers to one prompt, side by side.
//!
//! Owns which two branches are held against each other. Both are turns like any other; closing the view loses nothing.

use super::scroll::Scroll;
use crate::chat::{Turn, TurnId};
use crate::constraints::Constraint;
use crate::constraints::check::Status;

/// The two that are held against each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// The second is `None` until it has been asked for.
    pub sides: [Option<Side>; 2],
    /// The side that keys move.
    pub at: usize,
    /// The turn that was read before: closing the view comes back to it, unless an answer is still being made.
    pub(super) read: TurnId,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub turn: TurnId,
    pub scroll: Scroll,
    /// One for each constraint of the turn.
    pub statuses: Vec<Status>,
}

/// A second answer that is still to be made, or is being made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Second {
    pub(super) first: TurnId,
    pub(super) with: With,
    pub(super) stage: Stage,
}

/// What differs in the second answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum With {
    Seed,
    Method(String),
    /// Another model, and the one to go back to.
    Model {
        name: String,
        back: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The first is being answered.
    Waiting,
    /// Its model is being loaded.
    Loading,
    Asked(TurnId),
}

/// A requirement with its position on each side that has it.
pub struct Matched<'a> {
    pub constraint: &'a Constraint,
    pub at: [Option<usize>; 2],
}

/// The requirements of both, row by row: those of the first, then what only the second has. What was dropped is left out.
pub fn matched<'a>(first: &'a Turn, second: Option<&'a Turn>) -> Vec<Matched<'a>> {
    let asked = |turn: &'a Turn| {
        let all = turn.constraints.iter().enumerate();
        all.filter(|(at, _)| !turn.is_dropped(*at))
    };
    let mut rows: Vec<Matched<'a>> = asked(first)
        .map(|(at, constraint)| Matched {
            constraint,
            at: [Some(at), None],
        })
        .collect();
    for (at, constraint) in second.into_iter().flat_map(asked) {
        let same = rows.iter_mut().find(|row| {
            row.at[1].is_none()
                && row.constraint.id == constraint.id
                && row.constraint.kwargs == constraint.kwargs
        });
        match same {
            Some(row) => row.at[1] = Some(at),
            None => rows.push(Matched {
                constraint,
                at: [None, Some(at)],
            }),
        }
    }
    rows
}
