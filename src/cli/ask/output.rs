//! What a turn writes while it streams.

use std::borrow::Cow;
use std::io::{IsTerminal, Stderr, Stdout, Write, stderr, stdout};

use serde::Serialize;

use crate::chat::sanitize::escape_json;
use crate::cli::output::printable;

/// Standard output for the answer, standard error for the thinking. Keeps the first failure of standard output and
/// writes nothing after it; thinking that cannot be written is let go.
pub struct Output {
    out: Stdout,
    /// The answer is written as it streams.
    streams: bool,
    out_is_terminal: bool,
    thinking: Option<Stderr>,
    err_is_terminal: bool,
    /// Whether a line is begun on either.
    out_line: bool,
    err_line: bool,
    error: Option<std::io::Error>,
}

impl Output {
    pub fn new(streams: bool, show_thinking: bool) -> Self {
        Self {
            out: stdout(),
            streams,
            out_is_terminal: stdout().is_terminal(),
            thinking: show_thinking.then(stderr),
            err_is_terminal: stderr().is_terminal(),
            out_line: false,
            err_line: false,
            error: None,
        }
    }

    pub fn thinking(&mut self, text: &str) {
        if let Some(err) = &mut self.thinking
            && !text.is_empty()
        {
            let _ = err.write_all(printable(text, self.err_is_terminal).as_bytes());
            self.err_line = !text.ends_with('\n');
        }
    }

    pub fn end_thinking(&mut self) {
        if let Some(err) = &mut self.thinking {
            let end = if self.err_line { "\n" } else { "" };
            // On one screen an empty line parts them; a file that thinking goes to does not need it.
            let gap = if self.err_is_terminal { "\n" } else { "" };
            let _ = err.write_all(format!("{end}{gap}").as_bytes());
            self.err_line = false;
        }
    }

    pub fn answer(&mut self, text: &str) {
        if self.streams && !text.is_empty() {
            let text = printable(text, self.out_is_terminal);
            self.out_line = !text.ends_with('\n');
            self.write(text.as_bytes());
        }
    }

    /// The turn is over: begun lines end.
    pub fn end(&mut self) {
        if self.err_line {
            self.end_thinking();
        }
        if self.out_line {
            self.write(b"\n");
            self.out_line = false;
        }
    }

    pub fn json(&mut self, report: &impl Serialize) {
        let json = serde_json::to_string(report).expect("strings and finite numbers");
        let json = if self.out_is_terminal {
            escape_json(&json)
        } else {
            Cow::Borrowed(&*json)
        };
        self.write(format!("{json}\n").as_bytes());
    }

    /// Nobody reads any more, or nothing can be written.
    pub fn is_closed(&self) -> bool {
        self.error.is_some()
    }

    pub fn into_error(self) -> Option<std::io::Error> {
        self.error
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.error.is_none() {
            self.error = self.out.write_all(bytes).and_then(|()| self.out.flush()).err();
        }
    }
}
