//! What a reader changes by hand in what a prompt asks for: the arguments ([`form`]), the changes to a message that is not
//! sent yet ([`draft`]), and the verdicts under the changed list.

mod draft;
mod form;

use crate::chat::{CheckedConstraint, Turn};
use crate::constraints::Semantics;
use crate::constraints::check::{LiveCheck, Status, decide};
pub(super) use draft::{DraftEdit, Stated, as_draft, positioned};
pub(super) use form::Target;
pub use form::{Field, Form};

/// The verdicts on a turn that is over; none where nothing was answered.
pub(super) fn statuses(turn: &Turn, semantics: Semantics) -> Vec<Status> {
    if turn.is_unanswered() {
        return Vec::new();
    }
    let mut check = LiveCheck::new(&turn.constraints, &turn.prompt, semantics);
    check.feed(&turn.answer, &turn.answer);
    check.finish(&turn.answer);
    check.statuses()
}

/// What the verdicts of a finished answer are, by both meanings. What was dropped has none.
pub(super) fn checked(turn: &Turn, statuses: &[Status]) -> Vec<CheckedConstraint> {
    let mut checked = Vec::new();
    for (at, (constraint, status)) in turn.constraints.iter().zip(statuses).enumerate() {
        if turn.is_dropped(at) {
            continue;
        }
        let official = decide(constraint, &turn.prompt, &turn.answer, Semantics::Official);
        checked.push(CheckedConstraint {
            constraint: at,
            verdict: status.verdict,
            strict: official.strict,
            loose: official.loose,
            value: status.value.clone(),
        });
    }
    checked
}
