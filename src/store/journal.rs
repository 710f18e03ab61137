//! Appending to whichever conversation a record belongs to, whatever the disk does.

use std::time::Instant;

use super::{Loaded, Store, StoreError, Writer};
use crate::chat::Record;

/// Appends records to their conversations' transcripts.
///
/// Invariant: a record that was taken in is written or kept. What could not be written, because its transcript could not be
/// started, opened or added to, is tried again at each call, in order, also when another conversation goes on meanwhile.
#[derive(Debug)]
pub struct Journal {
    store: Store,
    /// The one that was used last is last. All others have something that is not written yet.
    transcripts: Vec<Transcript>,
}

#[derive(Debug)]
struct Transcript {
    id: String,
    /// `None` until its file could be opened.
    writer: Option<Writer>,
    /// What came before it could.
    waiting: Vec<Record>,
}

impl Journal {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            transcripts: Vec::new(),
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Takes in a record of conversation `id`. Small pieces of a stream may be held until [`Journal::due`].
    pub fn append(&mut self, id: &str, record: Record, now: Instant) -> Result<(), StoreError> {
        let mut transcript = self.take(id).unwrap_or_else(|| Transcript {
            id: id.to_owned(),
            writer: None,
            waiting: Vec::new(),
        });
        let settled = self.settle();
        transcript.waiting.push(record);
        let appended = transcript.append_waiting(&self.store, now);
        self.transcripts.push(transcript);
        appended.and(settled)
    }

    /// Reads conversation `id`, to go on with it.
    pub fn open(&mut self, id: &str) -> Result<Loaded, StoreError> {
        // Failures of other conversations were told when they happened.
        let ours = self.take(id);
        let _ = self.settle();
        if let Some(mut transcript) = ours {
            // The lock on a transcript that is already ours would refuse a second writer.
            let flushed = transcript.flush(&self.store);
            self.transcripts.push(transcript);
            flushed.and_then(|()| self.store.load(id))
        } else {
            self.store.open(id).map(|(loaded, writer)| {
                self.transcripts.push(Transcript {
                    id: id.to_owned(),
                    writer: Some(writer),
                    waiting: Vec::new(),
                });
                loaded
            })
        }
    }

    /// Deletes conversation `id` for good, with what was not written of it.
    pub fn remove(&mut self, id: &str) -> Result<(), StoreError> {
        drop(self.take(id));
        self.store.remove(id)
    }

    /// When [`Journal::flush`] must be called if nothing is appended before.
    pub fn due(&self) -> Option<Instant> {
        self.transcripts.last()?.writer.as_ref()?.due()
    }

    /// Writes what is held.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let current = self.transcripts.pop();
        let settled = self.settle();
        let Some(mut current) = current else {
            return settled;
        };
        let flushed = current.flush(&self.store);
        self.transcripts.push(current);
        flushed.and(settled)
    }

    fn take(&mut self, id: &str) -> Option<Transcript> {
        let at = self.transcripts.iter().position(|t| t.id == id)?;
        Some(self.transcripts.remove(at))
    }

    /// Closes every transcript of which everything is written.
    fn settle(&mut self) -> Result<(), StoreError> {
        let mut result = Ok(());
        let store = &self.store;
        self.transcripts.retain_mut(|transcript| {
            let flushed = transcript.flush(store);
            let failed = flushed.is_err();
            result = std::mem::replace(&mut result, Ok(())).and(flushed);
            failed
        });
        result
    }
}

impl Transcript {
    fn append_waiting(&mut self, store: &Store, now: Instant) -> Result<(), StoreError> {
        if self.writer.is_none() && !self.waiting.is_empty() {
            self.writer = Some(self.start(store)?);
        }
        let mut result = Ok(());
        if let Some(writer) = &mut self.writer {
            for record in self.waiting.drain(..) {
                // One that cannot be written is kept by the writer.
                result = result.and(writer.append(record, now));
            }
        }
        result
    }

    fn start(&self, store: &Store) -> Result<Writer, StoreError> {
        match self.waiting.first() {
            // An earlier try may have made the file and failed after that.
            Some(Record::Conversation { .. }) if !store.path(&self.id)?.exists() => store.create(&self.id),
            _ => Ok(store.open(&self.id)?.1),
        }
    }

    fn flush(&mut self, store: &Store) -> Result<(), StoreError> {
        self.append_waiting(store, Instant::now())?;
        self.writer.as_mut().map_or(Ok(()), Writer::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::TurnId;

    const FIRST: &str = "0198a3b0-0000-7000-8000-000000000001";
    const SECOND: &str = "0198a3b0-0000-7000-8000-000000000002";

    fn begin(id: &str) -> Record {
        Record::Conversation {
            version: Record::VERSION,
            id: id.into(),
            created_ms: 1,
            system: None,
        }
    }

    fn turn(prompt: &str) -> Record {
        Record::Turn {
            turn: TurnId(0),
            parent: None,
            prompt: prompt.into(),
            model: "m".into(),
            method: "io".into(),
            started_ms: 2,
            constraints: Vec::new(),
        }
    }

    fn prompts(store: &Store, id: &str) -> Vec<String> {
        let loaded = store.load(id).expect("a transcript");
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        let turns = loaded.conversation.turns();
        turns.iter().map(|turn| turn.prompt.clone()).collect()
    }

    #[test]
    fn what_could_not_be_written_is_written_when_it_can_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("conversations");
        // A file where the folder should be: nothing can be started.
        std::fs::write(&place, "in the way").expect("written");
        let store = Store::new(place.clone());
        let mut journal = Journal::new(store.clone());
        let now = Instant::now();
        assert!(journal.append(FIRST, begin(FIRST), now).is_err());
        assert!(journal.append(FIRST, turn("lost?"), now).is_err());
        // Another conversation does not push the first one out.
        assert!(journal.append(SECOND, begin(SECOND), now).is_err());
        std::fs::remove_file(&place).expect("removed");
        journal.append(SECOND, turn("second"), now).expect("written");
        assert_eq!(prompts(&store, FIRST), ["lost?"]);
        assert_eq!(prompts(&store, SECOND), ["second"]);
    }

    #[test]
    fn one_that_is_being_written_can_be_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::new(Store::new(folder.path().to_owned()));
        let now = Instant::now();
        journal.append(FIRST, begin(FIRST), now).expect("written");
        journal.append(FIRST, turn("one"), now).expect("written");
        let loaded = journal.open(FIRST).expect("it is ours");
        assert_eq!(loaded.conversation.turns().len(), 1);
        // Whoever else wants to write it is told that it is taken.
        assert!(matches!(
            journal.store().open(FIRST),
            Err(StoreError::Locked { .. })
        ));
        journal.append(SECOND, begin(SECOND), now).expect("written");
        assert!(journal.store().open(FIRST).is_ok(), "it was let go");
    }
}
