//! Printing results and failures.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write, stderr};
use std::process::ExitCode;

use crate::chat::sanitize::sanitize;

/// Prints to standard output. A reader that has had enough (`| head`) is no failure.
pub fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => failed(&format_args!("could not print: {e}")),
        _ => ExitCode::SUCCESS,
    }
}

/// Says on standard error what went wrong.
pub fn failed(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("raif: {error}");
    ExitCode::FAILURE
}

/// A line about the run on standard error.
pub fn note(text: &str) {
    let text = printable(text, stderr().is_terminal());
    let _ = writeln!(stderr(), "raif: {text}");
}

/// A file gets every byte; a terminal nothing that could steer it.
pub fn printable(text: &str, terminal: bool) -> Cow<'_, str> {
    if terminal {
        sanitize(text)
    } else {
        Cow::Borrowed(text)
    }
}

/// `40 s`, `2 min`, `5 h`.
pub fn time_left(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}
