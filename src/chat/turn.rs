//! One prompt with its thinking, answer, verdicts and statistics.

use serde::{Deserialize, Serialize};

use super::{CheckedConstraint, Edit, Record, is_dropped};
use crate::constraints::Constraint;

/// The position of a turn in its conversation's list: ids are given in order and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnId(pub u32);

/// One prompt and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turn {
    pub id: TurnId,
    /// The turn whose answer this prompt follows; `None` for a first prompt.
    pub parent: Option<TurnId>,
    pub prompt: String,
    pub model: String,
    pub method: String,
    /// Milliseconds since 1970.
    pub started_ms: i64,
    /// What the prompt asks for: as read when it was sent, with the changes by hand.
    pub constraints: Vec<Constraint>,
    /// What was read, where it was changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_read: Option<Vec<Constraint>>,
    /// Changes by hand, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    pub thinking: String,
    pub answer: String,
    pub thinking_end: Option<ThinkingEnd>,
    /// Seconds from the first thinking token to the end of thinking.
    pub thinking_s: Option<f32>,
    /// `None` while it runs, and for a turn whose process was killed.
    pub finish: Option<Finish>,
    pub error: Option<String>,
    pub stats: Stats,
    /// The verdicts on the finished answer.
    pub checked: Vec<CheckedConstraint>,
}

impl Turn {
    /// Whether the constraint at this position was dropped by hand.
    pub fn is_dropped(&self, at: usize) -> bool {
        is_dropped(&self.edits, at)
    }

    /// No answer came, and the model did not choose to say nothing: there is nothing to hold the constraints against. True
    /// too while the turn runs and nothing came yet.
    pub fn is_unanswered(&self) -> bool {
        self.answer.trim().is_empty() && self.finish != Some(Finish::Stop)
    }

    /// Takes in how it ended.
    pub(super) fn end(
        &mut self,
        finish: Finish,
        stats: Stats,
        checked: &[CheckedConstraint],
        error: Option<&String>,
    ) {
        self.finish = Some(finish);
        self.stats = stats;
        self.error = error.cloned();
        self.check(checked);
    }

    /// Verdicts on an answer that never came are none, whatever an earlier version wrote.
    fn check(&mut self, checked: &[CheckedConstraint]) {
        self.checked = if self.is_unanswered() {
            Vec::new()
        } else {
            checked.to_vec()
        };
    }

    /// Takes in a change by hand; `false` if it names a position that is not there.
    pub(super) fn edit(&mut self, edit: &Edit, checked: &[CheckedConstraint]) -> bool {
        let before = self.constraints.clone();
        if !edit.apply(&mut self.constraints) {
            return false;
        }
        self.as_read.get_or_insert(before);
        self.edits.push(edit.clone());
        // A turn that is not finished has its verdicts in its end.
        if self.finish.is_some() {
            self.check(checked);
        }
        true
    }

    /// The fewest records that fold to this turn.
    pub(super) fn records(&self) -> Vec<Record> {
        let turn = self.id;
        let mut records = vec![Record::Turn {
            turn,
            parent: self.parent,
            prompt: self.prompt.clone(),
            model: self.model.clone(),
            method: self.method.clone(),
            started_ms: self.started_ms,
            constraints: self.as_read.as_ref().unwrap_or(&self.constraints).clone(),
        }];
        records.extend(self.edits.iter().map(|edit| Record::Edit {
            turn,
            edit: edit.clone(),
            checked: Vec::new(),
        }));
        if !self.thinking.is_empty() {
            let text = self.thinking.clone();
            records.push(Record::Thinking { turn, text });
        }
        if let (Some(end), Some(seconds)) = (self.thinking_end, self.thinking_s) {
            records.push(Record::ThinkingEnded { turn, end, seconds });
        }
        if !self.answer.is_empty() {
            let text = self.answer.clone();
            records.push(Record::Answer { turn, text });
        }
        if let Some(finish) = self.finish {
            records.push(Record::End {
                turn,
                finish,
                stats: self.stats,
                checked: self.checked.clone(),
                error: self.error.clone(),
            });
        }
        records
    }
}

/// Why thinking ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinkingEnd {
    /// The model closed its block.
    Model,
    Budget,
    /// The user ended it with a key.
    User,
    /// Generation ended inside the block.
    Unclosed,
}

/// Why a generation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model ended its turn, or a stop string came.
    Stop,
    /// `max_tokens` was reached.
    Length,
    /// The context is full.
    ContextFull,
    /// The user stopped it.
    Stopped,
    /// It failed; the turn has the message.
    Failed,
}

/// What a turn took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    pub prompt_tokens: usize,
    /// Of those, how many were not computed again.
    pub cached_tokens: usize,
    pub thinking_tokens: usize,
    pub answer_tokens: usize,
    /// Earlier turns of the conversation that did not fit the context and were left out of the prompt.
    pub left_out_turns: usize,
    /// Guesses of what comes next that were computed ahead, and how many of them were right.
    pub drafted_tokens: usize,
    pub accepted_tokens: usize,
    #[serde(deserialize_with = "null_is_zero")]
    pub prefill_s: f64,
    #[serde(deserialize_with = "null_is_zero")]
    pub decode_s: f64,
    /// From the request to the first token.
    #[serde(deserialize_with = "null_is_zero")]
    pub ttft_s: f64,
    /// Decoded tokens over decode time.
    #[serde(deserialize_with = "null_is_zero")]
    pub tokens_per_s: f64,
}

/// JSON has no infinity: a rate over no time is written as `null`, and must not make its record unreadable.
pub(super) fn null_is_zero<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
