//! Printing results and failures.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

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
