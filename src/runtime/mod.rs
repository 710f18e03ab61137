//! Performing what the chat asks for: the terminal, the threads, the clock.
//!
//! Owns the one loop of the program and the threads around it (model, transcript, pull). Takes no decision about the
//! chat: events go to [`State::handle`], and the effects that come back are done here. The only async code.
//!
//! The loop: wait for keys, events, signals or the next frame; handle everything that has come; then draw once, if
//! something changed and a frame is due. Keys come first, so a fast model never delays them.

mod frames;
mod loader;
mod model;
mod pull;
mod transcript;

pub use loader::EngineLoader;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use futures_util::StreamExt;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep_until;

use uuid::Uuid;

use crate::app::event::{Geometry, Listed, PullEvent};
use crate::app::input::{Input, Key};
use crate::app::{Effect, Event, Now, Start, State};
use crate::config::{Remembered, remember};
use crate::models::pull::Cancel;
use crate::models::{Models, human_bytes};
use crate::store::Store;
use crate::term::Terminal;
use crate::ui;
use frames::FrameLimiter;
use model::ModelThread;
use transcript::TranscriptThread;

/// Events that may wait before their sender does: a model that is faster than the screen is slowed down, not buffered.
const EVENT_QUEUE: usize = 256;
/// How often a screen that depends on time alone is looked at.
const TICK: Duration = Duration::from_millis(250);
/// How long leaving waits for the model to stop, so that its last words are saved.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// Not in the keymap: it means the same in every terminal program.
#[cfg(unix)]
const SUSPEND: Key = Key::ctrl('z');

/// What the chat runs on.
pub struct Setup {
    pub start: Start,
    pub loader: EngineLoader,
    pub store: Store,
    pub theme: ui::Theme,
    pub mouse: bool,
    /// Where the chat keeps what it remembers of its screen.
    pub remembered: PathBuf,
    /// A saved conversation to go on with: its id, or empty for the latest.
    pub resume: Option<String>,
    /// What was wrong with the configuration, to be shown once.
    pub warnings: Vec<String>,
}

/// Runs the chat until the user leaves it. The terminal is given back on every way out.
pub fn run(setup: Setup) -> io::Result<()> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let terminal = Terminal::enter(setup.mouse)?;
            let (events, inbox) = mpsc::channel(EVENT_QUEUE);
            let models = setup.loader.models.clone();
            let mut driver = Driver {
                state: State::new(setup.start),
                cache: ui::Cache::default(),
                theme: setup.theme,
                terminal,
                model: ModelThread::spawn(setup.loader, events.clone())?,
                transcripts: TranscriptThread::spawn(setup.store, events.clone())?,
                models,
                remembered: setup.remembered,
                pull: None,
                events,
                frames: FrameLimiter::default(),
                started: Instant::now(),
                quitting: false,
            };
            // The first frame comes before anything that may take time.
            driver.draw()?;
            for warning in setup.warnings {
                driver.handle(Event::Warning(warning));
            }
            if let Some(id) = setup.resume {
                driver.transcripts.open(id);
            }
            driver.model.load(driver.state.model_name.clone());
            driver.run(inbox).await
        })
}

struct Driver {
    state: State,
    cache: ui::Cache,
    theme: ui::Theme,
    terminal: Terminal,
    model: ModelThread,
    transcripts: TranscriptThread,
    models: Models,
    remembered: PathBuf,
    pull: Option<Cancel>,
    events: Sender<Event>,
    frames: FrameLimiter,
    started: Instant,
    quitting: bool,
}

impl Driver {
    async fn run(mut self, mut inbox: Receiver<Event>) -> io::Result<()> {
        let mut inputs = self.terminal.inputs();
        while !self.quitting {
            let now = Instant::now();
            let frame = self.frames.due(now);
            let wake = frame.or_else(|| {
                // Code that is shown plain becomes coloured when its language has been learned.
                let changes_by_itself = self.state.is_ticking() || self.cache.is_pending();
                changes_by_itself.then(|| now + TICK)
            });
            tokio::select! {
                biased;
                input = inputs.next() => match input {
                    Some(Ok(input)) => self.input(input)?,
                    // The terminal is gone.
                    Some(Err(error)) => return self.finish(inbox, Err(error)),
                    None => self.quitting = true,
                },
                Some(event) = inbox.recv() => {
                    self.handle(event);
                    // Everything that came meanwhile belongs to the same frame.
                    for _ in 0..EVENT_QUEUE {
                        match inbox.try_recv() {
                            Ok(event) => self.handle(event),
                            Err(_) => break,
                        }
                    }
                }
                () = sleep_until(wake.unwrap_or(now).into()), if wake.is_some() => {
                    if frame.is_some() {
                        self.draw()?;
                    } else {
                        self.handle(Event::Tick);
                    }
                }
            }
        }
        self.finish(inbox, Ok(()))
    }

    fn input(&mut self, input: Input) -> io::Result<()> {
        #[cfg(unix)]
        if input == Input::Key(SUSPEND) {
            self.terminal.suspend()?;
            self.frames.mark();
            return Ok(());
        }
        self.handle(Event::Input(input));
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        self.frames.mark();
        for effect in self.state.handle(event, self.now()) {
            self.perform(effect);
        }
    }

    fn now(&self) -> Now {
        let wall = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let random = Uuid::new_v4().into_bytes();
        let mut bits = [0; 10];
        bits.copy_from_slice(&random[..10]);
        Now {
            elapsed_ms: millis(self.started.elapsed()),
            wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX),
            random: bits,
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::LoadModel { name } => self.model.load(name),
            Effect::Pull { name } => self.start_pull(name),
            Effect::CancelPull => {
                if let Some(cancel) = &self.pull {
                    cancel.cancel();
                }
            }
            Effect::Generate(ask) => self.model.ask(ask),
            Effect::Stop => self.model.control().stop(),
            Effect::EndThinking => self.model.control().end_thinking(),
            Effect::Save { id, record } => self.transcripts.save(id, record),
            Effect::Open { id } => self.transcripts.open(id),
            Effect::ListConversations => self.transcripts.list(),
            Effect::ListModels => {
                let rows = listed_models(&self.models);
                self.handle(Event::Models(rows));
            }
            Effect::KeepScreen(preferences) => {
                let settings = Remembered {
                    fold_thinking: preferences.thinking_folded,
                    show_constraints: !preferences.sidebar_hidden,
                };
                if let Err(error) = remember(&self.remembered, settings) {
                    let path = self.remembered.display();
                    self.handle(Event::Warning(format!("{path} cannot be written: {error}")));
                }
            }
            Effect::Copy { text, what } => {
                let event = match self.terminal.copy(&text) {
                    Ok(()) => Event::Done(format!("copied the {what}")),
                    Err(error) => Event::Failed(error.to_string()),
                };
                self.handle(event);
            }
            Effect::Quit => self.quitting = true,
        }
    }

    fn start_pull(&mut self, name: String) {
        match pull::start(self.models.clone(), name, self.events.clone()) {
            Ok(cancel) => self.pull = Some(cancel),
            Err(error) => self.handle(Event::Pull(PullEvent::Failed(format!(
                "no thread for it: {error}"
            )))),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let mut geometry = Geometry::default();
        self.terminal
            .draw(|frame| geometry = ui::draw(frame, &self.state, &mut self.cache, &self.theme))?;
        self.frames.drawn(Instant::now());
        // What the frame showed is needed by the next key; it is no reason to draw again.
        let now = self.now();
        drop(self.state.handle(Event::Drawn(geometry), now));
        Ok(())
    }

    /// Lets the running turn end and everything be saved, then gives the terminal back.
    fn finish(mut self, mut inbox: Receiver<Event>, result: io::Result<()>) -> io::Result<()> {
        if let Some(cancel) = &self.pull {
            cancel.cancel();
        }
        self.model.control().stop();
        let deadline = Instant::now() + LAST_WORDS;
        while self.state.run.is_some() && Instant::now() < deadline {
            match inbox.try_recv() {
                Ok(event) => self.handle(event),
                Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(1)),
                Err(TryRecvError::Disconnected) => break,
            }
        }
        drop(inbox);
        self.transcripts.finish();
        drop(self.terminal);
        result
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What the model list shows: what is here first, then what can be fetched.
fn listed_models(models: &Models) -> Vec<Listed> {
    let installed = models.installed();
    let mut rows: Vec<Listed> = installed
        .iter()
        .map(|model| Listed {
            id: model.located.name.clone(),
            label: model.located.name.clone(),
            detail: human_bytes(model.bytes),
        })
        .collect();
    for entry in models.catalog().entries() {
        let here = installed.iter().any(|model| model.located.name == entry.name);
        if !here && entry.gguf.is_some() {
            let size = entry
                .download_size()
                .map(|bytes| format!("{} · ", human_bytes(bytes)))
                .unwrap_or_default();
            rows.push(Listed {
                id: format!("pull {}", entry.name),
                label: format!("fetch {}", entry.name),
                detail: format!("{size}{}", entry.note),
            });
        }
    }
    rows
}
