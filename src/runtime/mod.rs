//! Performing what the chat asks for: the terminal, the threads, the clock.
//!
//! Owns the one loop of the program and the threads around it (model, transcript, pull). Takes no decision about the
//! chat: events go to [`State::handle`], and the effects that come back are done here. The only async code.
//!
//! The loop: wait for keys, events, signals or the next frame; handle everything that has come; then draw once, if
//! something changed and a frame is due. Keys come first, so a fast model never delays them. [`plain`] is the same chat
//! without a screen.

mod files;
mod frames;
mod loader;
mod model;
pub mod plain;
mod pull;
mod signals;
mod transcript;
mod works;

pub use loader::EngineLoader;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::sleep_until;

use uuid::Uuid;

use crate::app::event::Geometry;
use crate::app::input::{Input, Key};
use crate::app::{Effect, Event, Now, Start, State};
use crate::config::{Remembered, remember};
use crate::store::{History, Store};
use crate::term::{Inputs, Terminal};
use crate::ui;
use frames::FrameLimiter;
use signals::Ends;
use works::{Done, Works};

/// Events that may wait before their sender does: a model that is faster than the screen is slowed down, not buffered.
const EVENT_QUEUE: usize = 256;
/// How often a screen that depends on time alone is looked at.
const TICK: Duration = Duration::from_millis(250);
/// How long leaving waits for the model to stop, so that its last words are saved.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// Not in the keymap: it means the same in every terminal program.
#[cfg(unix)]
const SUSPEND: Key = Key::ctrl('z');

/// Finds a theme by its name, or says why there is none.
pub type FindTheme = Box<dyn Fn(&str) -> Result<ui::Theme, String>>;

/// What the chat runs on.
pub struct Setup {
    pub start: Start,
    pub loader: EngineLoader,
    pub store: Store,
    pub history: History,
    pub theme: ui::Theme,
    /// Where the chat keeps what it remembers of its screen.
    pub remembered: PathBuf,
    /// For a reader who wants another theme.
    pub find_theme: FindTheme,
    /// A saved conversation to go on with: its id, or empty for the latest.
    pub resume: Option<String>,
    /// What was wrong with the configuration, to be shown once.
    pub warnings: Vec<String>,
}

/// Runs the chat until the user leaves it. The terminal is given back on every way out. Returns the id of the conversation
/// that was on screen, if it was saved.
pub fn run(setup: Setup) -> io::Result<Option<String>> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let terminal = Terminal::enter(setup.start.mouse)?;
            let follows = setup.start.theme_follows;
            let (events, inbox) = mpsc::channel(EVENT_QUEUE);
            let mut driver = Driver {
                state: State::new(setup.start),
                cache: ui::Cache::default(),
                theme: setup.theme,
                find_theme: setup.find_theme,
                terminal,
                remembered: setup.remembered,
                works: Works::start(setup.loader, setup.store, setup.history, events)?,
                frames: FrameLimiter::default(),
                clock: Clock::start(),
                to_edit: None,
                quitting: false,
            };
            // The first frame comes before anything that may take time.
            driver.draw()?;
            if follows {
                driver.terminal.ask_background()?;
            }
            // One after the other would show the last only.
            if !setup.warnings.is_empty() {
                driver.handle(Event::Warning(setup.warnings.join("\n")));
            }
            driver.works.begin(setup.resume, driver.state.model_name.clone());
            driver.run(inbox).await
        })
}

struct Driver {
    state: State,
    cache: ui::Cache,
    theme: ui::Theme,
    find_theme: FindTheme,
    terminal: Terminal,
    remembered: PathBuf,
    works: Works,
    frames: FrameLimiter,
    clock: Clock,
    /// The message goes to the person's editor before the next key is taken.
    to_edit: Option<String>,
    quitting: bool,
}

impl Driver {
    async fn run(mut self, mut inbox: Receiver<Event>) -> io::Result<Option<String>> {
        let result = self.until_quit(&mut inbox).await;
        self.finish(inbox, result)
    }

    async fn until_quit(&mut self, inbox: &mut Receiver<Event>) -> io::Result<()> {
        let mut inputs = self.terminal.inputs()?;
        let mut ends = Ends::new()?;
        while !self.quitting {
            if let Some(text) = self.to_edit.take() {
                self.edit(&text, &mut inputs)?;
            }
            let now = Instant::now();
            let frame = self.frames.due(now);
            if frame.is_some_and(|due| due <= now) {
                self.draw()?;
                continue;
            }
            let wake = frame.or_else(|| {
                // Code that is shown plain becomes coloured when its language has been learned.
                let changes_by_itself = self.state.is_ticking() || self.cache.is_pending();
                changes_by_itself.then(|| now + TICK)
            });
            tokio::select! {
                biased;
                input = inputs.next() => match input {
                    Ok(input) => self.input(input)?,
                    // The terminal is gone.
                    Err(error) => {
                        self.handle(Event::Ends);
                        return Err(error);
                    }
                },
                () = ends.recv() => self.handle(Event::Ends),
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
                    if frame.is_none() {
                        self.handle(Event::Tick);
                    }
                }
            }
        }
        Ok(())
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

    fn edit(&mut self, text: &str, inputs: &mut Inputs) -> io::Result<()> {
        match self.terminal.edit(text, inputs)? {
            Ok(edited) => self.handle(Event::Edited(edited)),
            Err(error) => self.handle(Event::Failed(error.to_string())),
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        self.frames.mark();
        for effect in self.state.handle(event, self.clock.now()) {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        let event = match self.works.perform(effect) {
            Done::Begun => return,
            Done::With(event) => event,
            Done::NeedsScreen(effect) => match self.perform_on_screen(effect) {
                Ok(Some(event)) => event,
                Ok(None) => return,
                Err(error) => Event::Failed(error.to_string()),
            },
        };
        self.handle(event);
    }

    fn perform_on_screen(&mut self, effect: Effect) -> io::Result<Option<Event>> {
        match effect {
            Effect::Copy { text, what } => return Ok(Some(self.copy(&text, what))),
            Effect::CopySelection(selection) => {
                let text = ui::selection::text(&self.state, &mut self.cache, &selection);
                if !text.is_empty() {
                    return Ok(Some(self.copy(&text, "selected text")));
                }
            }
            Effect::Edit { text } => self.to_edit = Some(text),
            Effect::UseTheme { name } => match (self.find_theme)(&name) {
                Ok(theme) => self.theme = theme,
                Err(message) => return Ok(Some(Event::Failed(message))),
            },
            Effect::KeepScreen(preferences) => {
                let settings = Remembered {
                    fold_thinking: preferences.thinking_folded,
                    show_constraints: !preferences.sidebar_hidden,
                };
                if let Err(error) = remember(&self.remembered, settings) {
                    let path = self.remembered.display();
                    return Ok(Some(Event::Warning(format!("{path} cannot be written: {error}"))));
                }
            }
            Effect::UseMouse(mouse) => self.terminal.use_mouse(mouse)?,
            Effect::Redraw => self.terminal.redraw()?,
            Effect::Notify(notify) => self.terminal.notify(notify)?,
            Effect::Quit => self.quitting = true,
            _ => {}
        }
        Ok(None)
    }

    fn copy(&mut self, text: &str, what: &str) -> Event {
        match self.terminal.copy(text) {
            Ok(()) => Event::Done(format!("copied the {what}: {}", works::size(text))),
            Err(error) => Event::Failed(error.to_string()),
        }
    }

    fn draw(&mut self) -> io::Result<()> {
        let mut geometry = Geometry::default();
        self.terminal
            .draw(|frame| geometry = ui::draw(frame, &self.state, &mut self.cache, &self.theme))?;
        self.frames.drawn(Instant::now());
        // What the frame showed is needed by the next key; it is no reason to draw again.
        drop(self.state.handle(Event::Drawn(geometry), self.clock.now()));
        Ok(())
    }

    /// Lets the running turn end and everything be saved, then gives the terminal back.
    fn finish(mut self, mut inbox: Receiver<Event>, result: io::Result<()>) -> io::Result<Option<String>> {
        self.works.stop();
        let unsent = std::mem::take(&mut self.state.waiting).len();
        let deadline = Instant::now() + LAST_WORDS;
        while self.state.run.is_some() && Instant::now() < deadline {
            match inbox.try_recv() {
                Ok(event) => self.handle(event),
                Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(1)),
                Err(TryRecvError::Disconnected) => break,
            }
        }
        drop(inbox);
        self.state.unsaved = self.works.finish();
        drop(self.terminal);
        if let Some(reason) = &self.state.unsaved {
            eprintln!("raif: this conversation was not saved: {reason}");
        }
        match unsent {
            0 => {}
            1 => eprintln!(
                "raif: the message that waited was not sent; the next chat has it in its history (↑)"
            ),
            n => eprintln!(
                "raif: {n} messages that waited were not sent; the next chat has them in its history (↑)"
            ),
        }
        result.map(|()| saved_id(&self.state))
    }
}

/// The conversation that can be gone on with.
fn saved_id(state: &State) -> Option<String> {
    let saved = state.head().is_some() && state.unsaved.is_none();
    saved.then(|| state.conversation.id.clone())
}

/// The time of events. State reads no clock.
struct Clock {
    started: Instant,
}

impl Clock {
    fn start() -> Self {
        Self {
            started: Instant::now(),
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
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            wall_ms: i64::try_from(wall.as_millis()).unwrap_or(i64::MAX),
            random: bits,
        }
    }
}
