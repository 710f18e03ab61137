//! The transcript's thread: the only writer of conversations.
//!
//! Records are appended in the order they come; small pieces of a stream are held for a moment (the writer's policy). When
//! the disk fails the chat goes on and is told once; what could not be written is kept (the journal's policy) and tried
//! again until it is written, which is told too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use crate::app::Event;
use crate::app::event::{Listed, Opened};
use crate::chat::Record;
use crate::store::{History, Journal, Store, StoreError};

/// How soon a write that failed is tried again, if nothing else is to be written.
const RETRY: Duration = Duration::from_secs(3);

enum Command {
    Save {
        id: String,
        record: Box<Record>,
    },
    Open {
        id: String,
    },
    List,
    Delete {
        id: String,
    },
    /// Keep a message for later sessions.
    Remember {
        text: String,
    },
    ReadHistory,
}

/// The handle of the transcript's thread.
pub struct TranscriptThread {
    commands: Option<mpsc::Sender<Command>>,
    /// Ends with why not everything could be saved.
    thread: Option<JoinHandle<Option<String>>>,
}

impl TranscriptThread {
    pub fn spawn(store: Store, history: History, events: Sender<Event>) -> std::io::Result<Self> {
        let (commands, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("transcript".into())
            .spawn(move || {
                let mut transcripts = Transcripts {
                    journal: Journal::new(store),
                    history,
                    failed: None,
                    events,
                };
                loop {
                    let command = match transcripts.due() {
                        Some(wait) => inbox.recv_timeout(wait),
                        None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    };
                    match command {
                        Ok(command) => {
                            // Whatever happens to one command, the next is still performed.
                            let performed = catch_unwind(AssertUnwindSafe(|| transcripts.perform(command)));
                            if performed.is_err() {
                                let message =
                                    "saving failed unexpectedly; `raif sessions show` tells what is there";
                                transcripts.send(Event::SaveFailed(message.into()));
                            }
                        }
                        Err(RecvTimeoutError::Timeout) => transcripts.flush(),
                        Err(RecvTimeoutError::Disconnected) => break,
                    }
                }
                transcripts.journal.flush().err().map(|error| error.to_string())
            })?;
        Ok(Self {
            commands: Some(commands),
            thread: Some(thread),
        })
    }

    pub fn save(&self, id: String, record: Record) {
        self.command(Command::Save {
            id,
            record: Box::new(record),
        });
    }

    pub fn open(&self, id: String) {
        self.command(Command::Open { id });
    }

    pub fn list(&self) {
        self.command(Command::List);
    }

    pub fn delete(&self, id: String) {
        self.command(Command::Delete { id });
    }

    pub fn remember(&self, text: String) {
        self.command(Command::Remember { text });
    }

    pub fn read_history(&self) {
        self.command(Command::ReadHistory);
    }

    /// The thread ends only when this is dropped, so sending cannot fail before.
    fn command(&self, command: Command) {
        if let Some(commands) = &self.commands {
            drop(commands.send(command));
        }
    }

    /// Writes everything that was sent, then ends. Tells why not everything could be written.
    pub fn finish(mut self) -> Option<String> {
        self.commands = None;
        let ended = self.thread.take()?.join();
        ended.unwrap_or_else(|_| Some("what saves them has failed".into()))
    }
}

struct Transcripts {
    journal: Journal,
    history: History,
    /// When the last write failed; the chat was told.
    failed: Option<Instant>,
    events: Sender<Event>,
}

impl Transcripts {
    fn due(&self) -> Option<Duration> {
        let retry = self.failed.map(|failed| failed + RETRY);
        let due = self.journal.due().into_iter().chain(retry).min()?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    fn perform(&mut self, command: Command) {
        match command {
            Command::Save { id, record } => {
                let result = self.journal.append(&id, *record, Instant::now());
                self.report(result);
            }
            Command::Open { id } => {
                let event = match self.open(&id) {
                    Ok(opened) => Event::Opened(Box::new(opened)),
                    Err(error) => Event::Failed(error.to_string()),
                };
                self.send(event);
            }
            Command::List => {
                let event = match self.journal.store().list() {
                    Ok(listing) => Event::Conversations(listing.summaries.iter().map(listed).collect()),
                    Err(error) => Event::Failed(error.to_string()),
                };
                self.send(event);
            }
            Command::Delete { id } => {
                let event = match self.delete(&id) {
                    Ok(()) => Event::Deleted { id },
                    Err(error) => Event::Failed(error.to_string()),
                };
                self.send(event);
            }
            Command::Remember { text } => {
                if let Err(error) = self.history.append(&text) {
                    self.send(Event::Warning(format!("the history is not being kept: {error}")));
                }
            }
            Command::ReadHistory => {
                let messages = self.history.read();
                self.send(Event::History(messages));
            }
        }
    }

    fn delete(&mut self, id: &str) -> Result<(), StoreError> {
        let id = self.journal.store().find(id)?;
        self.journal.remove(&id)
    }

    fn open(&mut self, wanted: &str) -> Result<Opened, StoreError> {
        let store = self.journal.store();
        let id = match wanted {
            "" => store.latest()?.ok_or(StoreError::Empty)?,
            wanted => store.find(wanted)?,
        };
        let loaded = self.journal.open(&id)?;
        let warnings = loaded.warnings.iter().map(ToString::to_string).collect();
        Ok(Opened {
            conversation: loaded.conversation,
            warnings,
        })
    }

    fn flush(&mut self) {
        let result = self.journal.flush();
        self.report(result);
    }

    fn report(&mut self, result: Result<(), StoreError>) {
        match result {
            Ok(()) => {
                if self.failed.take().is_some() {
                    self.send(Event::Saved);
                }
            }
            Err(error) => {
                if self.failed.replace(Instant::now()).is_none() {
                    self.send(Event::SaveFailed(error.to_string()));
                }
            }
        }
    }

    /// Nobody listening any more means the program is ending.
    fn send(&self, event: Event) {
        drop(self.events.blocking_send(event));
    }
}

fn listed(summary: &crate::store::Summary) -> Listed {
    Listed {
        id: summary.id.clone(),
        label: summary
            .title
            .clone()
            .unwrap_or_else(|| summary.first_prompt.clone()),
        // What gives way to little room stands last.
        detail: format!(
            "{} · {} · {}",
            when(summary.modified_ms),
            summary.length(),
            summary.model
        ),
    }
}

/// A moment as a reader of lists wants it, in local time.
fn when(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms)
        .map(|t| {
            t.to_zoned(jiff::tz::TimeZone::system())
                .strftime("%-d %b %Y %H:%M")
                .to_string()
        })
        .unwrap_or_default()
}
