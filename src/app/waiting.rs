//! Messages that were sent while the model was not free: each becomes a turn of its own, in their order.

use super::composer::Draft;
use super::edits::DraftEdit;
use crate::chat::TurnId;

/// One of them.
#[derive(Debug)]
pub struct Waiting {
    pub(super) draft: Draft,
    /// What was changed by hand in what it asks for.
    pub(super) edits: Vec<DraftEdit>,
    /// As [`State::branch_from`](super::State::branch_from) was for it.
    pub(super) branch_from: Option<Option<TurnId>>,
}

impl Waiting {
    /// As it stood in the editor: a long paste is a token.
    pub fn shown(&self) -> &str {
        &self.draft.shown
    }
}
