//! What the system sends to a program that is to end.

use std::io;
#[cfg(unix)]
use std::sync::Arc;

#[cfg(unix)]
use rustix::event::{PollFd, PollFlags, poll};
#[cfg(unix)]
use rustix::io::Errno;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(unix)]
use tokio::sync::Notify;

/// Terminate, hang up, an interrupt that came from outside (the keyboard's is a key), and a terminal that is gone.
#[cfg(unix)]
pub struct Ends {
    signals: [Signal; 3],
    gone: Arc<Notify>,
}

#[cfg(unix)]
impl Ends {
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            signals: [
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
                signal(SignalKind::interrupt())?,
            ],
            gone: watch_terminal()?,
        })
    }

    /// Waits for one of them.
    pub async fn recv(&mut self) {
        let [terminate, hang_up, interrupt] = &mut self.signals;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = interrupt.recv() => {}
            () = self.gone.notified() => {}
        }
    }
}

/// A program that the terminal does not control gets no signal when it goes, and the reader of keys, who would read its
/// end over and over, tells nobody. The thread ends with the program.
#[cfg(unix)]
fn watch_terminal() -> io::Result<Arc<Notify>> {
    let gone = Arc::new(Notify::new());
    let tell = Arc::clone(&gone);
    let watch = move || {
        let stdin = io::stdin();
        let mut terminal = [PollFd::new(&stdin, PollFlags::empty())];
        while poll(&mut terminal, None) == Err(Errno::INTR) {}
        // A system that cannot watch a terminal answers something else.
        if terminal[0].revents().contains(PollFlags::HUP) {
            tell.notify_one();
        }
    };
    std::thread::Builder::new().name("terminal".into()).spawn(watch)?;
    Ok(gone)
}

#[cfg(windows)]
pub struct Ends(tokio::signal::windows::CtrlClose);

#[cfg(windows)]
impl Ends {
    pub fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_close().map(Self)
    }

    pub async fn recv(&mut self) {
        let _ = self.0.recv().await;
    }
}
