//! The terminal: taken over, drawn to, read from, and given back on every way out.
//!
//! Owns escape sequences, the programs that are started for the person (editor, clipboard), and the mapping of the
//! terminal's events to [`Input`]. Does not own what is drawn (`ui`) nor when (`runtime`).
//!
//! Invariants:
//! - a terminal that was taken over is given back when [`Terminal`] is dropped and when the thread that took it panics; of
//!   other threads a panic is caught where they run and shown on the screen;
//! - a frame is one write inside a synchronized update, so no half of it is ever seen;
//! - nothing waits for an answer of the terminal: a slow or mute one delays nothing. What it is asked is answered among
//!   the keys ([`background`]).

mod background;
mod burst;
mod clipboard;
mod editor;
mod input;
mod keys;

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate,
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Frame;
use ratatui::backend::CrosstermBackend;

use crate::app::effect::Notify;
pub use clipboard::copy_natively;
pub use editor::EditError;
pub use keys::Inputs;

/// Presses, releases and drags, by cells: not every movement, so that a mouse that only passes by wakes nobody.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";

/// Room for one whole frame, so that it leaves in one write.
const FRAME_BYTES: usize = 256 * 1024;

/// Some terminal is taken over, and whether its mouse is.
static TAKEN: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);

type Screen = ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal while it is ours.
pub struct Terminal {
    screen: Screen,
    mouse: bool,
}

impl Terminal {
    /// Takes the terminal over: alternate screen, raw keys, bracketed paste, and the mouse if wanted.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
            return Err(io::Error::other(
                "the chat needs a terminal to draw on; for pipes and scripts there are `raif --plain` and `raif ask`",
            ));
        }
        if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
            return Err(io::Error::other(
                "this terminal (TERM=dumb) cannot be drawn on; `raif --plain` chats in plain lines",
            ));
        }
        give_back_on_panic();
        take(mouse)?;
        match blank() {
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
    pub fn inputs(&self) -> io::Result<Inputs> {
        Inputs::start()
    }

    /// Puts `text` on the clipboard of the terminal that the person sits at, also through SSH, and on that of the desktop.
    pub fn copy(&mut self, text: &str) -> Result<(), clipboard::CopyError> {
        let native = clipboard::copy_natively(text);
        match clipboard::copy(self.screen.backend_mut(), text) {
            Err(clipboard::CopyError::TooLong(_)) if native => Ok(()),
            result => result,
        }
    }

    /// Asks what the background is; the answer comes among the inputs, if at all.
    pub fn ask_background(&mut self) -> io::Result<()> {
        // The Linux console would print a part of the question.
        if std::env::var_os("TERM").is_some_and(|term| term == "linux") {
            return Ok(());
        }
        background::ask(self.screen.backend_mut())
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn use_mouse(&mut self, mouse: bool) -> io::Result<()> {
        self.mouse = mouse;
        MOUSE.store(mouse, Ordering::SeqCst);
        execute!(
            self.screen.backend_mut(),
            Print(if mouse { MOUSE_ON } else { MOUSE_OFF })
        )
    }

    /// Tells somebody who looks elsewhere that an answer is there. Says nothing that a model wrote.
    pub fn notify(&mut self, notify: Notify) -> io::Result<()> {
        const WORDS: &str =
            "\x1b]9;raif: the answer is ready\x1b\\\x1b]777;notify;raif;the answer is ready\x1b\\";
        let bell = if notify.bell { "\x07" } else { "" };
        let words = if notify.desktop { WORDS } else { "" };
        execute!(self.screen.backend_mut(), Print(bell), Print(words))
    }

    /// Gives the terminal to the person's own editor with `text` in it; returns what it was changed to.
    pub fn edit(&mut self, text: &str, inputs: &mut Inputs) -> io::Result<Result<String, EditError>> {
        // Or they would take the editor's keys.
        inputs.pause();
        give_back();
        let edited = editor::edit(text);
        take(self.mouse)?;
        self.screen = blank()?;
        inputs.resume()?;
        Ok(edited)
    }

    /// Gives the terminal back and stops the process, as Ctrl+Z does elsewhere; takes it again when it continues.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        take(self.mouse)?;
        self.redraw()
    }

    /// Forgets what is on the screen: all of it is drawn next.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.screen = blank()?;
        Ok(())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// A screen of which nothing is drawn yet: the terminal's may still show what an earlier program left there. Clearing it by
/// ratatui would ask the terminal where its cursor is.
fn blank() -> io::Result<Screen> {
    execute!(io::stdout(), Clear(ClearType::All))?;
    ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(
        FRAME_BYTES,
        io::stdout(),
    )))
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    MOUSE.store(mouse, Ordering::SeqCst);
    let mut out = io::stdout();
    // Terminals that do not know the keyboard protocol ignore the request.
    let keys = PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES);
    // Without line wrap a cluster that is wider than its cells does not reach the next row.
    let taken = execute!(
        out,
        EnterAlternateScreen,
        DisableLineWrap,
        EnableBracketedPaste,
        keys
    )
    .and_then(|()| {
        if mouse {
            execute!(out, Print(MOUSE_ON))
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
        let _ = execute!(out, Print(MOUSE_OFF));
    }
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        PopKeyboardEnhancementFlags,
        DisableBracketedPaste,
        EnableLineWrap,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// A panic of the thread that takes the terminal gives it back before its message is printed.
fn give_back_on_panic() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let owner = std::thread::current().id();
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().id() != owner && TAKEN.load(Ordering::SeqCst) {
                return;
            }
            give_back();
            previous(info);
        }));
    });
}
