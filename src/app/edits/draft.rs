//! Changes to a draft, which is read anew with every key: they name what they change by its id and words. When the draft
//! is sent they become [`Edit`]s of its turn, by position.

use crate::chat::{Edit, Turn};
use crate::constraints::{Constraint, Kwargs};

/// A change to what a draft asks for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::app) enum DraftEdit {
    Add(Constraint),
    Change {
        of: Stated,
        kwargs: Kwargs,
    },
    Drop {
        of: Stated,
    },
    /// One of an earlier turn does not hold on.
    Forget {
        id: String,
        kwargs: Kwargs,
    },
}

/// A requirement by what it is and how the prompt says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Stated {
    id: String,
    words: String,
}

impl Stated {
    pub(in crate::app) fn new(constraint: &Constraint, prompt: &str) -> Self {
        Self {
            id: constraint.id.clone(),
            words: prompt.get(constraint.span.clone()).unwrap_or_default().into(),
        }
    }
}

/// The changes by their positions in what was read of `prompt`; those about words that are gone are left out. What holds on
/// from earlier turns, `kept`, comes behind what was added.
pub(in crate::app) fn positioned(
    edits: &[DraftEdit],
    read: &[Constraint],
    prompt: &str,
    kept: Vec<Edit>,
) -> Vec<Edit> {
    let position = |of: &Stated| read.iter().position(|c| Stated::new(c, prompt) == *of);
    let added = edits
        .iter()
        .filter(|edit| matches!(edit, DraftEdit::Add(_)))
        .count();
    let forgotten = |edit: &Edit| match edit {
        Edit::Keep { constraint, .. } => edits.iter().any(|edit| match edit {
            DraftEdit::Forget { id, kwargs } => *id == constraint.id && *kwargs == constraint.kwargs,
            _ => false,
        }),
        _ => false,
    };
    let dropped: Vec<Edit> = kept
        .iter()
        .enumerate()
        .filter(|(_, edit)| forgotten(edit))
        .map(|(nth, _)| Edit::Drop {
            at: read.len() + added + nth,
        })
        .collect();
    let by_hand = edits.iter().filter_map(|edit| {
        Some(match edit {
            DraftEdit::Forget { .. } => return None,
            DraftEdit::Add(constraint) => Edit::Add {
                constraint: constraint.clone(),
            },
            DraftEdit::Change { of, kwargs } => Edit::Change {
                at: position(of)?,
                kwargs: kwargs.clone(),
            },
            DraftEdit::Drop { of } => Edit::Drop { at: position(of)? },
        })
    });
    by_hand.chain(kept).chain(dropped).collect()
}

/// The changes by hand to a turn, as changes to a draft that begins with its prompt.
pub(in crate::app) fn as_draft(turn: &Turn) -> Vec<DraftEdit> {
    let read = turn.as_read.as_ref().unwrap_or(&turn.constraints);
    let mut edits = Vec::new();
    for (at, (constraint, was)) in turn.constraints.iter().zip(read).enumerate() {
        let of = || Stated::new(was, &turn.prompt);
        if constraint.kwargs != was.kwargs {
            let kwargs = constraint.kwargs.clone();
            edits.push(DraftEdit::Change { of: of(), kwargs });
        }
        if turn.is_dropped(at) {
            edits.push(DraftEdit::Drop { of: of() });
        }
    }
    let added = turn.edits.iter().filter(|edit| edit.adds());
    for ((nth, edit), constraint) in added.enumerate().zip(turn.constraints.iter().skip(read.len())) {
        let dropped = turn.is_dropped(read.len() + nth);
        match edit {
            Edit::Add { .. } if !dropped => edits.push(DraftEdit::Add(constraint.clone())),
            Edit::Keep { .. } if dropped => edits.push(DraftEdit::Forget {
                id: constraint.id.clone(),
                kwargs: constraint.kwargs.clone(),
            }),
            _ => {}
        }
    }
    edits
}
