//! A pull as lines on standard error: one that changes in place on a terminal, a few plain ones elsewhere.

use std::io::Write;

use crate::cli::output::time_left;
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
            PullEvent::Converting(quant) => {
                self.line(&format!("converting to {}", quant.name()));
                self.tenth = None;
            }
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
        let left = time_left((total - done).div_ceil(bytes_per_s));
        text += &format!(" · {}/s · {left} left", human_bytes(bytes_per_s));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::pull::Source;

    const MB: u64 = 1_000_000;

    fn report(live: bool) -> String {
        let mut out = Vec::new();
        let mut report = Report::new(&mut out, live);
        report.show(&PullEvent::Trying(Source::Hub));
        report.show(&PullEvent::Unreachable {
            source: Source::Hub,
            why: "no answer after 5 s".into(),
        });
        for (done, bytes_per_s) in [(0, 0), (1, 0), (68, 31), (98, 31)] {
            report.show(&PullEvent::Progress {
                done: done * MB,
                total: 98 * MB,
                bytes_per_s: bytes_per_s * MB,
            });
        }
        report.show(&PullEvent::Verifying);
        report.show(&PullEvent::Done("/models/m.gguf".into()));
        report.end();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn elsewhere_than_on_a_terminal_a_tenth_is_a_line() {
        let lines = [
            "asking the hub",
            "hub: no answer after 5 s",
            "0 B of 98 MB",
            "68 MB of 98 MB · 31 MB/s · 1 s left",
            "98 MB of 98 MB",
            "checking",
            "ready: /models/m.gguf",
        ];
        assert_eq!(report(false), lines.join("\n") + "\n");
    }

    #[test]
    fn on_a_terminal_one_line_changes_in_place_and_goes() {
        let mut screen = vt100::Parser::new(10, 80, 0);
        let text = report(true).replace('\n', "\r\n");
        let erased = text.find("\r\x1b[Kchecking").unwrap();
        screen.process(&text.as_bytes()[..erased]);
        assert_eq!(
            screen.screen().contents().lines().last(),
            Some("▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰  98 MB of 98 MB")
        );
        screen.process(&text.as_bytes()[erased..]);
        assert_eq!(
            screen.screen().contents().lines().count(),
            4,
            "{}",
            screen.screen().contents()
        );
    }

    #[test]
    fn the_time_left_is_in_units_people_use() {
        assert_eq!(describe(0, 100 * MB, MB), "0 B of 100 MB · 1 MB/s · 2 min left");
        assert_eq!(describe(0, 15_200 * MB, MB), "0 B of 15.2 GB · 1 MB/s · 5 h left");
    }
}
