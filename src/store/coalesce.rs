//! When a piece of a stream is worth a line of its own. Pure: instants are passed in.
//!
//! A token is a few bytes and its record some forty more, so pieces that follow each other on one channel of one turn
//! are joined, for at most [`HOLD`] and up to [`FULL`] bytes. Any other record lets out what is held first: order is kept.

use std::time::{Duration, Instant};

use crate::chat::Record;

/// The longest that a piece waits, and so the most that a killed process loses.
pub(super) const HOLD: Duration = Duration::from_millis(200);
/// Held text of this many bytes is let out at once.
const FULL: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Coalescer {
    held: Option<(Record, Instant)>,
}

impl Coalescer {
    /// Takes in a record that came at `now`; gives the records to be written now, in order.
    pub(super) fn push(&mut self, record: Record, now: Instant) -> impl Iterator<Item = Record> + use<> {
        let mut out = [None, None];
        match self.held.as_mut() {
            Some((held, _)) if joins(held, &record) => {
                if let (Some(text), Some(piece)) = (text_mut(held), text(&record)) {
                    text.push_str(piece);
                }
            }
            _ => {
                out[0] = self.take();
                if text(&record).is_some() {
                    self.held = Some((record, now));
                } else {
                    out[1] = Some(record);
                }
            }
        }
        if let Some((held, since)) = &self.held
            && (text(held).map_or(0, str::len) >= FULL || now.saturating_duration_since(*since) >= HOLD)
        {
            out[1] = self.take();
        }
        out.into_iter().flatten()
    }

    /// When what is held must be let out.
    pub(super) fn due(&self) -> Option<Instant> {
        self.held.as_ref().map(|(_, since)| *since + HOLD)
    }

    /// What is held.
    pub(super) fn take(&mut self) -> Option<Record> {
        self.held.take().map(|(record, _)| record)
    }
}

fn joins(held: &Record, next: &Record) -> bool {
    match (held, next) {
        (Record::Thinking { turn: a, .. }, Record::Thinking { turn: b, .. })
        | (Record::Answer { turn: a, .. }, Record::Answer { turn: b, .. }) => a == b,
        _ => false,
    }
}

fn text(record: &Record) -> Option<&str> {
    match record {
        Record::Thinking { text, .. } | Record::Answer { text, .. } => Some(text),
        _ => None,
    }
}

fn text_mut(record: &mut Record) -> Option<&mut String> {
    match record {
        Record::Thinking { text, .. } | Record::Answer { text, .. } => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::{Conversation, TurnId};
    use crate::store::testing::records;

    fn piece(text: &str) -> Record {
        Record::Answer {
            turn: TurnId(0),
            text: text.to_owned(),
        }
    }

    #[test]
    fn small_pieces_become_one_line() {
        let mut coalescer = Coalescer::default();
        let start = Instant::now();
        for word in ["a", "b", "c"] {
            assert_eq!(coalescer.push(piece(word), start).count(), 0);
        }
        assert_eq!(coalescer.due(), Some(start + HOLD));
        let late: Vec<_> = coalescer.push(piece("d"), start + HOLD).collect();
        assert_eq!(late, [piece("abcd")]);
        assert_eq!(coalescer.due(), None);
    }

    #[test]
    fn a_large_piece_does_not_wait() {
        let mut coalescer = Coalescer::default();
        let large = piece(&"x".repeat(FULL));
        let out: Vec<_> = coalescer.push(large.clone(), Instant::now()).collect();
        assert_eq!(out, [large]);
    }

    proptest! {
        #[test]
        fn joining_changes_no_conversation(records in records(), steps in prop::collection::vec(0u64..150, 0..80)) {
            let mut coalescer = Coalescer::default();
            let mut now = Instant::now();
            let mut plain = Conversation::default();
            let mut joined = Conversation::default();
            let mut steps = steps.into_iter().cycle();
            for record in records {
                plain.apply(&record);
                now += Duration::from_millis(steps.next().unwrap_or(1));
                for out in coalescer.push(record, now) {
                    joined.apply(&out);
                }
                prop_assert!(coalescer.due().is_none_or(|due| due > now));
            }
            if let Some(rest) = coalescer.take() {
                joined.apply(&rest);
            }
            prop_assert_eq!(plain, joined);
        }
    }
}
