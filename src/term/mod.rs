//! The terminal: taken over, drawn to, read from, and given back on every way out.
//!
//! Owns escape sequences and the mapping of the terminal's events to [`Input`]. Does not own what is drawn (`ui`) nor when
//! (`runtime`).
//!
//! Invariants:
//! - a terminal that was taken over is given back when [`Terminal`] is dropped and when any thread panics;
//! - a frame is one write inside a synchronized update, so no half of it is ever seen;
//! - nothing is asked of the terminal that it would have to answer: a slow or mute one delays nothing.

mod clipboard;
mod input;

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, EventStream,
    KeyboardEnhancementFlags, PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use futures_util::{Stream, StreamExt};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

use crate::app::input::Input;

/// Room for one whole frame, so that it leaves in one write.
const FRAME_BYTES: usize = 256 * 1024;

/// Some terminal is taken over, and whether its mouse is.
static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours.
pub struct Terminal {
    screen: ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal over: alternate screen, raw keys, bracketed paste, and the mouse if wanted.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(io::Error::other(
                "the chat needs a terminal to draw on; for pipes and scripts there is `raif ask`",
            ));
        }
        give_back_on_panic();
        take(mouse)?;
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout()));
        match ratatui::Terminal::new(backend) {
            Ok(screen) => Ok(Self { screen, mouse }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Draws one frame and shows it at once.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        self.screen.draw(paint)?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)
    }

    /// Keys, pastes, mouse and size changes as they come.
    pub fn inputs(&self) -> impl Stream<Item = io::Result<Input>> + Unpin + use<> {
        Box::pin(EventStream::new().filter_map(|event| async { event.map(input::from_event).transpose() }))
    }

    /// Puts `text` on the clipboard of the terminal that the person sits at, also through SSH.
    pub fn copy(&mut self, text: &str) -> Result<(), clipboard::CopyError> {
        clipboard::copy(self.screen.backend_mut(), text)
    }

    /// Gives the terminal back and stops the process, as Ctrl+Z does elsewhere; takes it again when it continues.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        take(self.mouse)?;
        self.screen.clear()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    MOUSE.store(mouse, Ordering::SeqCst);
    let mut out = io::stdout();
    // Terminals that do not know the keyboard protocol ignore the request.
    let keys = PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES);
    let taken = execute!(out, EnterAlternateScreen, EnableBracketedPaste, keys).and_then(|()| {
        if mouse {
            execute!(out, EnableMouseCapture)
        } else {
            Ok(())
        }
    });
    if taken.is_err() {
        give_back();
    }
    taken
}

/// Undoes [`take`], once. There is nobody to tell if the terminal is gone.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    if MOUSE.load(Ordering::SeqCst) {
        let _ = execute!(out, DisableMouseCapture);
    }
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        PopKeyboardEnhancementFlags,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// A panic on any thread gives the terminal back before its message is printed, unless it is one that the runtime
/// catches: the model's thread reports its own.
fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() == Some(CAUGHT_THREAD) && TAKEN.load(Ordering::SeqCst) {
                return;
            }
            give_back();
            previous(info);
        }));
    });
}

/// The name of the thread whose panics are caught and shown as a failed turn.
pub const CAUGHT_THREAD: &str = "model";
