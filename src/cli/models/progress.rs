//! A pull as lines on standard error: one that changes in place on a terminal, a few plain ones elsewhere.

use std::io::Write;

use crate::models::human_bytes;
use crate::models::pull::PullEvent;

const BAR: u64 = 20;

pub struct Report<W> {
    out: W,
    live: bool,
    /// A line that is being changed in place is on the screen.
    open: bool,
    /// The last tenth that was said in plain lines.
    tenth: Option<u64>,
}

impl<W: Write> Report<W> {
    /// `live`: `out` is a terminal.
    pub fn new(out: W, live: bool) -> Self {
        Self {
            out,
            live,
            open: false,
            tenth: None,
        }
    }

    pub fn show(&mut self, event: &PullEvent) {
        match event {
            PullEvent::Waiting => self.line("another raif is fetching this model; waiting for it"),
            PullEvent::Trying(source) => self.line(&format!("asking the {source}")),
            PullEvent::Unreachable { source, why } => self.line(&format!("{source}: {why}")),
            PullEvent::Progress {
                done,
                total,
                bytes_per_s,
            } => self.progress(*done, *total, *bytes_per_s),
            PullEvent::Verifying => self.line("checking"),
            PullEvent::Done(path) => self.line(&format!("ready: {}", path.display())),
        }
    }

    /// Leaves the terminal at the start of a line.
    pub fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            let _ = write!(self.out, "\r\x1b[K");
        }
    }

    fn line(&mut self, text: &str) {
        self.end();
        let _ = writeln!(self.out, "{text}");
    }

    fn progress(&mut self, done: u64, total: u64, bytes_per_s: u64) {
        let text = describe(done, total, bytes_per_s);
        if self.live {
            let full = (done * BAR).checked_div(total).unwrap_or(0).min(BAR);
            let bar: String = (0..BAR).map(|i| if i < full { '▰' } else { '▱' }).collect();
            let _ = write!(self.out, "\r{bar}  {text}\x1b[K");
            let _ = self.out.flush();
            self.open = true;
        } else {
            let tenth = (done * 10).checked_div(total).unwrap_or(0);
            if self.tenth.replace(tenth) != Some(tenth) {
                self.line(&text);
            }
        }
    }
}

/// `68 of 98 MB · 31 MB/s · 1 s left`
fn describe(done: u64, total: u64, bytes_per_s: u64) -> String {
    let mut text = format!("{} of {}", human_bytes(done), human_bytes(total));
    if bytes_per_s > 0 && done < total {
        let left = (total - done).div_ceil(bytes_per_s);
        let left = match left {
            0..60 => format!("{left} s"),
            60..3600 => format!("{} min", left.div_ceil(60)),
            _ => format!("{} h", left.div_ceil(3600)),
        };
        text += &format!(" · {}/s · {left} left", human_bytes(bytes_per_s));
    }
    text
}
