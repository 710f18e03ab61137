//! What the system sends to a program that is to end.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Terminate, hang up (the terminal is gone), and an interrupt that came from outside: the keyboard's is a key.
#[cfg(unix)]
pub struct Ends([Signal; 3]);

#[cfg(unix)]
impl Ends {
    pub fn new() -> io::Result<Self> {
        Ok(Self([
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
            signal(SignalKind::interrupt())?,
        ]))
    }

    /// Waits for one of them.
    pub async fn recv(&mut self) {
        let [terminate, hang_up, interrupt] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
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
