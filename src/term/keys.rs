//! Reading what the terminal sends, all of it, as it comes together.
//!
//! Owns the one thread that reads, and tells what was pasted from what was typed ([`burst`]). Does not own the terminal's
//! modes (`term`) nor what a key means (`app`).
//!
//! The thread waits without a limit and reads until nothing more is there, so a terminal that sends much at once is never
//! left with a rest that waits for the next key. Crossterm's reader does that only with its feature `use-dev-tty`.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::background::Listener;
use super::burst;
use super::input::from_event;
use crate::app::input::Input;

/// Bursts that may wait before the reader does, and with it the terminal.
const QUEUE: usize = 4;
/// "Without a limit", for a reader that wants one.
const FOREVER: Duration = Duration::from_secs(24 * 60 * 60);
/// A key that comes sooner after another than this was not typed.
const TOGETHER: Duration = Duration::from_millis(2);
/// A burst of more than this is a paste, whose pieces may come with pauses.
const LARGE: usize = 512;
const TOGETHER_IN_PASTE: Duration = Duration::from_millis(20);
/// What came is handed on at this size, even if there is more: a file that is piped into a terminal may not end.
const MOST: usize = 256 * 1024;
/// How long the reader may take to let go of the terminal.
const LET_GO: Duration = Duration::from_millis(50);

/// Keys, pastes, mouse and size changes as they come.
pub struct Inputs {
    reader: Option<Reader>,
    to_here: Sender<io::Result<Vec<Event>>>,
    bursts: Receiver<io::Result<Vec<Event>>>,
    /// What has come and was not asked for yet.
    ready: VecDeque<Input>,
    listener: Listener,
}

/// The thread that reads, until this is dropped.
struct Reader {
    ends: Arc<AtomicBool>,
    /// Reads nothing: dropping it wakes the thread.
    waker: Option<EventStream>,
    thread: JoinHandle<()>,
}

impl Inputs {
    pub(super) fn start() -> io::Result<Self> {
        let (to_here, bursts) = mpsc::channel(QUEUE);
        Ok(Self {
            reader: Some(Reader::start(to_here.clone())?),
            to_here,
            bursts,
            ready: VecDeque::new(),
            listener: Listener::default(),
        })
    }

    /// The next one. Nothing is lost when this is not waited for.
    pub async fn next(&mut self) -> io::Result<Input> {
        loop {
            if let Some(input) = self.ready.pop_front() {
                return Ok(input);
            }
            match self.bursts.recv().await {
                Some(burst) => self.take(burst?),
                None => return Err(io::Error::other("the reader of keys has ended")),
            }
        }
    }

    fn take(&mut self, events: Vec<Event>) {
        let inputs = events.into_iter().filter_map(from_event);
        let heard: Vec<Input> = inputs.flat_map(|input| self.listener.take(input)).collect();
        self.ready.extend(burst::pastes_of(heard));
    }

    /// Leaves the terminal to another program. What was read before stays.
    pub fn pause(&mut self) {
        self.reader = None;
    }

    pub fn resume(&mut self) -> io::Result<()> {
        if self.reader.is_none() {
            self.reader = Some(Reader::start(self.to_here.clone())?);
        }
        Ok(())
    }
}

impl Reader {
    fn start(to: Sender<io::Result<Vec<Event>>>) -> io::Result<Self> {
        let ends = Arc::new(AtomicBool::new(false));
        // Made first: it needs the lock that the thread holds while it waits.
        let waker = Some(EventStream::new());
        let told = Arc::clone(&ends);
        let read = move || {
            while !told.load(Ordering::SeqCst) {
                // Nobody else would see that it ended: the chat would be deaf.
                let burst = std::panic::catch_unwind(burst)
                    .unwrap_or_else(|_| Err(io::Error::other("what the terminal sent could not be read")));
                let sent = match burst {
                    Ok(events) if events.is_empty() => continue,
                    Ok(events) => to.blocking_send(Ok(events)),
                    Err(error) => {
                        let _ = to.blocking_send(Err(error));
                        return;
                    }
                };
                if sent.is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("keys".into()).spawn(read)?;
        Ok(Self { ends, waker, thread })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        self.waker = None;
        // It may be in the midst of a sequence whose end never comes.
        let given_up = Instant::now() + LET_GO;
        while !self.thread.is_finished() && Instant::now() < given_up {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// What comes together next; nothing if the reader was woken.
fn burst() -> io::Result<Vec<Event>> {
    let mut events = Vec::new();
    let mut patience = FOREVER;
    while events.len() < MOST && crossterm::event::poll(patience)? {
        let event = crossterm::event::read()?;
        let is_key = matches!(event, Event::Key(_));
        events.push(event);
        // The mouse may go on for ever.
        if !is_key {
            break;
        }
        patience = if events.len() > LARGE {
            TOGETHER_IN_PASTE
        } else {
            TOGETHER
        };
    }
    Ok(events)
}
