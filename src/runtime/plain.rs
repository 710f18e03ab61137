//! The chat without a screen: lines in, lines out, nothing that moves a cursor.
//!
//! The same state and the same threads as on the screen. Where lines are typed a command acts at once and a message waits
//! for the answer before it; where they come out of a pipe each waits for what the one before it began.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{self, Receiver};

use super::works::{self, Done, Works};
use super::{Clock, EVENT_QUEUE, LAST_WORDS, Setup, TICK, saved_id};
use crate::app::input::{Input, Key, KeyCode};
use crate::app::{Effect, Event, ModelState, Overlay, Start, State};
use crate::chat::Finish;
use crate::term;
use crate::ui::plain::Plain;

/// Lines that were typed and not taken yet.
const LINE_QUEUE: usize = 64;
const INTERRUPT: Key = Key::ctrl('c');
const CLOSE: Key = Key::plain(KeyCode::Esc);

/// What became of the chat.
pub struct Outcome {
    /// The conversation, if it was saved.
    pub conversation: Option<String>,
    /// Lines came out of a pipe and the last of them was not answered.
    pub failed: bool,
}

/// Runs the chat until its input ends or the user leaves it.
pub fn run(setup: Setup) -> io::Result<Outcome> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let (events, inbox) = mpsc::channel(EVENT_QUEUE);
            let typed = io::stdin().is_terminal();
            let start = Start {
                reduced_motion: true,
                ..setup.start
            };
            let mut driver = Driver {
                state: State::new(start),
                works: Works::start(setup.loader, setup.store, setup.history, events)?,
                plain: Plain::new(!typed),
                clock: Clock::start(),
                lines: VecDeque::new(),
                typed,
                input_over: false,
                prompted: false,
                quitting: false,
            };
            for warning in setup.warnings {
                driver.handle(Event::Warning(warning))?;
            }
            driver.works.begin(setup.resume, driver.state.model_name.clone());
            driver.run(inbox, read_lines()?).await
        })
}

/// Ctrl+C as it comes.
#[cfg(unix)]
fn interrupts() -> io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(windows)]
fn interrupts() -> io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}

/// The lines of standard input, read on a thread of their own.
fn read_lines() -> io::Result<Receiver<String>> {
    let (lines, inbox) = mpsc::channel(LINE_QUEUE);
    std::thread::Builder::new().name("lines".into()).spawn(move || {
        let mut input = io::stdin().lock();
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line);
            if lines
                .blocking_send(text.trim_end_matches(['\n', '\r']).to_owned())
                .is_err()
            {
                break;
            }
            line.clear();
        }
    })?;
    Ok(inbox)
}

struct Driver {
    state: State,
    works: Works,
    plain: Plain,
    clock: Clock,
    lines: VecDeque<String>,
    /// Somebody types, and sees what they type.
    typed: bool,
    input_over: bool,
    /// The last thing on the terminal is the label before a message.
    prompted: bool,
    quitting: bool,
}

impl Driver {
    async fn run(mut self, mut inbox: Receiver<Event>, mut lines: Receiver<String>) -> io::Result<Outcome> {
        let mut interrupts = interrupts()?;
        while !self.quitting {
            self.take_lines()?;
            if self.quitting {
                break;
            }
            self.prompt()?;
            tokio::select! {
                biased;
                Some(()) = interrupts.recv() => {
                    self.handle(Event::Input(Input::Key(INTERRUPT)))?;
                }
                line = lines.recv(), if !self.input_over && self.lines.len() < LINE_QUEUE => match line {
                    Some(line) => {
                        self.prompted = false;
                        self.lines.push_back(line);
                    }
                    None => self.input_over = true,
                },
                Some(event) = inbox.recv() => self.handle(event)?,
                () = tokio::time::sleep(TICK), if self.state.is_ticking() => self.handle(Event::Tick)?,
            }
        }
        self.finish(inbox)
    }

    /// Nothing is under way that the next line could depend on.
    fn is_idle(&self) -> bool {
        let state = &self.state;
        let model = match &state.model {
            ModelState::Ready(_) => true,
            ModelState::Absent { .. } => state.pull.is_none(),
            ModelState::Starting | ModelState::Loading { .. } => false,
        };
        let list = !matches!(&state.overlay, Some(Overlay::Picker(picker)) if picker.is_waiting());
        model && list && state.run.is_none() && (state.waiting.is_empty() || !self.has_model())
    }

    fn has_model(&self) -> bool {
        !matches!(self.state.model, ModelState::Absent { .. })
    }

    fn take_lines(&mut self) -> io::Result<()> {
        while let Some(line) = self.lines.front() {
            let at_once = self.typed && (line.starts_with('/') || self.state.overlay.is_some());
            if !at_once && !self.is_idle() {
                return Ok(());
            }
            let Some(line) = self.lines.pop_front() else { break };
            if !line.trim().is_empty() || self.state.overlay.is_some() {
                self.handle(Event::Line(line))?;
            }
            if self.quitting {
                return Ok(());
            }
        }
        if self.input_over && self.is_idle() {
            // A message whose last line asked for another one.
            if !self.state.composer.is_blank() && self.has_model() && self.state.waiting.is_empty() {
                self.handle(Event::Line(String::new()))?;
            } else {
                self.quitting = true;
            }
        }
        Ok(())
    }

    /// Asks for a message, where somebody types.
    fn prompt(&mut self) -> io::Result<()> {
        if self.typed && !self.prompted && self.is_idle() && !self.input_over {
            self.prompted = true;
            let mut out = io::stdout().lock();
            out.write_all(b"you: ")?;
            out.flush()?;
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) -> io::Result<()> {
        let effects = self.state.handle(event, self.clock.now());
        self.tell()?;
        for effect in effects {
            match self.works.perform(effect) {
                Done::Begun => {}
                Done::With(event) => self.handle(event)?,
                Done::NeedsScreen(effect) => {
                    if let Some(event) = self.without_screen(effect)? {
                        self.handle(event)?;
                    }
                }
            }
        }
        // Help is told, not kept open.
        let is_told = match &self.state.overlay {
            Some(Overlay::Help { .. }) => true,
            Some(Overlay::Picker(picker)) => picker.kind == crate::app::PickerKind::Command,
            Some(Overlay::Inspect) => true,
            Some(Overlay::Compare(compare)) => compare.sides[1].is_some() && self.state.run.is_none(),
            Some(Overlay::Form(_)) | None => false,
        };
        if is_told {
            self.handle(Event::Input(Input::Key(CLOSE)))?;
        }
        Ok(())
    }

    fn tell(&mut self) -> io::Result<()> {
        let news = self.plain.news(&self.state);
        if news.is_empty() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        if std::mem::take(&mut self.prompted) {
            out.write_all(b"\n")?;
        }
        out.write_all(news.as_bytes())?;
        out.flush()
    }

    fn without_screen(&mut self, effect: Effect) -> io::Result<Option<Event>> {
        Ok(match effect {
            Effect::Copy { text, what } => Some(if term::copy_natively(&text) {
                Event::Done(format!("copied the {what}: {}", works::size(&text)))
            } else {
                Event::Failed("there is no clipboard program here (wl-copy, xclip, xsel): /export writes a file".into())
            }),
            Effect::Edit { .. } => Some(Event::Failed(
                "without the screen there is no editor: a line that ends with a backslash goes on in the next".into(),
            )),
            Effect::Notify(notify) if notify.bell && io::stdout().is_terminal() => {
                io::stdout().write_all(b"\x07")?;
                None
            }
            Effect::UseTheme { .. } => Some(Event::Done("plain lines have no colours".into())),
            Effect::Quit => {
                self.quitting = true;
                None
            }
            _ => None,
        })
    }

    fn finish(mut self, mut inbox: Receiver<Event>) -> io::Result<Outcome> {
        self.works.stop();
        let unsent = !std::mem::take(&mut self.state.waiting).is_empty();
        let deadline = Instant::now() + LAST_WORDS;
        while self.state.run.is_some() && Instant::now() < deadline {
            match inbox.try_recv() {
                Ok(event) => self.handle(event)?,
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        drop(inbox);
        let answered = self
            .state
            .head()
            .is_none_or(|turn| turn.finish != Some(Finish::Failed));
        let unanswered = !answered || !self.has_model() || unsent;
        self.state.unsaved = self.works.finish();
        if let Some(reason) = &self.state.unsaved {
            eprintln!("raif: this conversation was not saved: {reason}");
        }
        let conversation = saved_id(&self.state);
        Ok(Outcome {
            conversation,
            failed: unanswered && !self.typed,
        })
    }
}
