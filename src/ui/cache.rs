//! Rows that were made before.
//!
//! Every turn's rows are kept by width. Text of a turn only ever grows, so a longer text is rendered on from where it
//! was. Nothing here is the truth: all of it can be thrown away at any time.

use std::collections::HashMap;

use super::markdown::{Document, Highlighter};
use super::wrap::Wrapped;
use crate::app::Scroll;
use crate::chat::{Turn, TurnId};
use crate::constraints::Constraint;
use crate::constraints::parse::Soft;
use crate::reasoning::Inspector;

/// What [`draw`](super::draw) keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Cache {
    pub highlighter: Highlighter,
    conversation: String,
    turns: HashMap<TurnId, Rows>,
    thinking: HashMap<TurnId, Wrapped>,
    inspection: Option<Inspection>,
    pub answer_place: Place,
}

/// A trace held against its prompt's constraints, as far as it has come.
#[derive(Debug)]
struct Inspection {
    turn: TurnId,
    constraints: Vec<Constraint>,
    soft: Vec<Soft>,
    read: usize,
    inspector: Inspector,
}

/// The rows of a turn in the answer pane.
#[derive(Debug, Default)]
pub struct Rows {
    pub prompt: Wrapped,
    pub answer: Document,
}

/// Keeps the reader's place when the rows under it change: `shown` is what a scroll position of the state stands for
/// until the state changes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    columns: usize,
    scroll: Scroll,
    shown: usize,
    /// What was at the top: a turn, and a byte of its answer or a row of what is before that.
    anchor: Option<(TurnId, Anchor)>,
}

/// A place within a turn that does not depend on the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Prompt(usize),
    Answer(usize),
}

impl Place {
    /// The top row for `scroll` at a width; `find` gives the row of the anchor there.
    pub fn top(
        &mut self,
        scroll: Scroll,
        columns: usize,
        rows: usize,
        height: usize,
        find: impl FnOnce(TurnId, Anchor) -> Option<usize>,
    ) -> usize {
        let wanted = match scroll {
            Scroll::At(_) if scroll == self.scroll && columns == self.columns => Scroll::At(self.shown),
            Scroll::At(row) if scroll == self.scroll => {
                let found = self.anchor.and_then(|(turn, anchor)| find(turn, anchor));
                Scroll::At(found.unwrap_or(row))
            }
            _ => scroll,
        };
        let top = wanted.top(rows, height);
        (self.columns, self.scroll, self.shown) = (columns, scroll, top);
        top
    }

    pub fn at(&mut self, anchor: Option<(TurnId, Anchor)>) {
        self.anchor = anchor;
    }
}

impl Cache {
    /// Shows no code plain at first: for pictures and tests.
    pub fn waiting() -> Self {
        Self {
            highlighter: Highlighter::waiting(),
            ..Self::default()
        }
    }

    /// A later frame of the same state will show more (code that becomes coloured).
    pub fn is_pending(&self) -> bool {
        self.highlighter.is_learning()
    }

    /// Forgets the rows of another conversation.
    pub fn open(&mut self, conversation: &str) {
        if self.conversation != conversation {
            self.conversation = conversation.to_owned();
            self.turns.clear();
            self.thinking.clear();
            self.inspection = None;
            self.answer_place = Place::default();
        }
    }

    /// The rows of a turn's prompt and answer.
    pub fn turn(&mut self, turn: &Turn, columns: usize) -> &Rows {
        let rows = self.turns.entry(turn.id).or_default();
        if rows.prompt.columns() != columns.max(1) {
            rows.prompt = Wrapped::new(&turn.prompt, columns);
        }
        rows.answer.update(&turn.answer, columns, &self.highlighter);
        rows
    }

    /// The rows of a turn that were made in this frame.
    pub fn made(&self, turn: TurnId) -> Option<&Rows> {
        self.turns.get(&turn)
    }

    /// The rows of a turn's thinking. One trace is kept at a time: only one is shown.
    pub fn thinking(&mut self, turn: &Turn, columns: usize) -> &Wrapped {
        self.thinking.retain(|id, _| *id == turn.id);
        let text = trace(turn);
        let wrapped = self.thinking.entry(turn.id).or_default();
        if wrapped.columns() != columns.max(1) {
            *wrapped = Wrapped::new(text, columns);
        }
        wrapped.update(text);
        wrapped
    }

    /// The trace of a turn, [`trace`], held against what its prompt asks for: its constraints, then what is `soft`.
    pub fn inspect(&mut self, turn: &Turn, soft: &[Soft]) -> &Inspector {
        let fits = |known: &Inspection| {
            known.turn == turn.id && known.constraints == turn.constraints && known.soft == soft
        };
        let mut inspection = self.inspection.take().filter(fits).unwrap_or_else(|| {
            let stated = soft.iter().map(|soft| Constraint {
                id: String::new(),
                kwargs: Default::default(),
                span: soft.span.clone(),
                scope: None,
            });
            let all: Vec<Constraint> = turn.constraints.iter().cloned().chain(stated).collect();
            Inspection {
                turn: turn.id,
                constraints: turn.constraints.clone(),
                soft: soft.to_vec(),
                read: 0,
                inspector: Inspector::new(&turn.prompt, &all),
            }
        });
        let trace = trace(turn);
        if trace.len() != inspection.read {
            inspection.inspector.read(trace);
            inspection.read = trace.len();
        }
        &self.inspection.insert(inspection).inspector
    }
}

/// The thinking of a turn as it is shown: without the empty lines before it.
pub fn trace(turn: &Turn) -> &str {
    turn.thinking.trim_start_matches(['\n', '\r', ' '])
}
