//! The tree of turns, folded from records.

use serde::Serialize;

use super::{Message, Record, Role, Stats, Turn, TurnId};

/// A conversation. `turns` holds every branch; `head` is the turn being read, and its ancestors are the path on screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Conversation {
    pub id: String,
    pub created_ms: i64,
    pub title: Option<String>,
    pub system: Option<String>,
    turns: Vec<Turn>,
    head: Option<TurnId>,
}

impl Conversation {
    /// Takes in one record. A record that names a turn that is not there (a damaged file) changes nothing and gives
    /// `false`.
    pub fn apply(&mut self, record: &Record) -> bool {
        match record {
            Record::Conversation {
                id,
                created_ms,
                system,
                ..
            } => {
                self.id.clone_from(id);
                self.created_ms = *created_ms;
                self.system.clone_from(system);
                true
            }
            Record::Title { title } => {
                self.title = Some(title.clone());
                true
            }
            Record::Turn {
                turn,
                parent,
                prompt,
                model,
                method,
                started_ms,
                constraints,
            } => {
                let known_parent = parent.is_none_or(|p| self.turn(p).is_some());
                if turn.0 as usize != self.turns.len() || !known_parent {
                    return false;
                }
                self.turns.push(Turn {
                    id: *turn,
                    parent: *parent,
                    prompt: prompt.clone(),
                    model: model.clone(),
                    method: method.clone(),
                    started_ms: *started_ms,
                    constraints: constraints.clone(),
                    as_read: None,
                    edits: Vec::new(),
                    thinking: String::new(),
                    answer: String::new(),
                    thinking_end: None,
                    thinking_s: None,
                    finish: None,
                    error: None,
                    stats: Stats::default(),
                    checked: Vec::new(),
                });
                self.head = Some(*turn);
                true
            }
            Record::Thinking { turn, text } => self.with(*turn, |t| t.thinking.push_str(text)),
            Record::ThinkingEnded { turn, end, seconds } => self.with(*turn, |t| {
                t.thinking_end = Some(*end);
                t.thinking_s = Some(*seconds);
            }),
            Record::Answer { turn, text } => self.with(*turn, |t| t.answer.push_str(text)),
            Record::End {
                turn,
                finish,
                stats,
                checked,
                error,
            } => self.with(*turn, |t| t.end(*finish, *stats, checked, error.as_ref())),
            Record::Edit { turn, edit, checked } => match self.turns.get_mut(turn.0 as usize) {
                Some(turn) => turn.edit(edit, checked),
                None => false,
            },
            Record::Head { turn } => {
                let known = turn.is_none_or(|t| self.turn(t).is_some());
                if known {
                    self.head = *turn;
                }
                known
            }
        }
    }

    fn with(&mut self, id: TurnId, change: impl FnOnce(&mut Turn)) -> bool {
        self.turns.get_mut(id.0 as usize).map(change).is_some()
    }

    /// The fewest records that fold to this conversation.
    pub fn records(&self) -> Vec<Record> {
        let mut records = vec![Record::Conversation {
            version: Record::VERSION,
            id: self.id.clone(),
            created_ms: self.created_ms,
            system: self.system.clone(),
        }];
        records.extend(self.title.clone().map(|title| Record::Title { title }));
        records.extend(self.turns.iter().flat_map(Turn::records));
        if self.head != self.turns.last().map(|t| t.id) {
            records.push(Record::Head { turn: self.head });
        }
        records
    }

    /// Turns without an end: the one that runs, and those of processes that were killed.
    pub fn unfinished(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|t| t.finish.is_none())
    }

    pub fn turn(&self, id: TurnId) -> Option<&Turn> {
        self.turns.get(id.0 as usize)
    }

    /// Every turn of every branch, oldest first.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    pub fn head(&self) -> Option<&Turn> {
        self.head.and_then(|id| self.turn(id))
    }

    /// The id the next turn gets.
    pub fn next_id(&self) -> TurnId {
        TurnId(u32::try_from(self.turns.len()).expect("a conversation of four thousand million turns"))
    }

    /// From the first turn to `last`, along parents.
    pub fn path_to(&self, last: Option<TurnId>) -> Vec<&Turn> {
        let mut path = Vec::new();
        let mut next = last;
        while let Some(turn) = next.and_then(|id| self.turn(id)) {
            path.push(turn);
            next = turn.parent;
        }
        path.reverse();
        path
    }

    /// The turns on screen.
    pub fn path(&self) -> Vec<&Turn> {
        self.path_to(self.head)
    }

    /// The turns that start from the same point as `id`, itself included, oldest first.
    pub fn siblings(&self, id: TurnId) -> Vec<TurnId> {
        let parent = self.turn(id).map(|t| t.parent);
        self.turns
            .iter()
            .filter(|t| Some(t.parent) == parent)
            .map(|t| t.id)
            .collect()
    }

    /// The newest turn at or below `id`: where a reader who goes to that branch arrives.
    pub fn latest_below(&self, id: TurnId) -> TurnId {
        let mut below = vec![false; self.turns.len()];
        let mut latest = id;
        // A child always has a greater id than its parent, so one pass finds the whole branch.
        for turn in &self.turns {
            let inside = turn.id == id || turn.parent.is_some_and(|p| below[p.0 as usize]);
            below[turn.id.0 as usize] = inside;
            if inside {
                latest = turn.id;
            }
        }
        latest
    }

    /// What the model is sent to answer turn `id`: the system message, earlier prompts and answers without their
    /// thinking, and the turn's own prompt. An earlier turn without an answer (stopped at once, failed) sends nothing.
    pub fn messages(&self, id: TurnId) -> Vec<Message> {
        let mut messages = Vec::new();
        if let Some(system) = &self.system {
            messages.push(Message::new(Role::System, system.clone()));
        }
        for turn in self.path_to(Some(id)) {
            let answer = turn.answer.trim();
            if turn.id == id {
                messages.push(Message::new(Role::User, turn.prompt.clone()));
            } else if !answer.is_empty() {
                messages.push(Message::new(Role::User, turn.prompt.clone()));
                messages.push(Message::new(Role::Assistant, answer));
            }
        }
        messages
    }
}
