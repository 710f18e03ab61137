//! How far a run is, on standard error: a line that changes in place on a terminal, elsewhere one now and then.

use std::io::Write;
use std::time::{Duration, Instant};

use super::score::{Score, percent};
use crate::cli::output::time_left;

/// Between two looks of the line that changes, and between two lines elsewhere.
const LIVE: Duration = Duration::from_millis(200);
const PLAIN: Duration = Duration::from_secs(10);

pub struct Progress<W> {
    out: W,
    /// The terminal's columns, where it is one.
    live: Option<usize>,
    started: Instant,
    shown: Option<Instant>,
    /// Prompts there are, and those that were answered before.
    prompts: usize,
    before: usize,
    tokens: usize,
}

impl<W: Write> Progress<W> {
    pub fn new(out: W, live: Option<usize>, prompts: usize, before: usize) -> Self {
        Self {
            out,
            live,
            started: Instant::now(),
            shown: None,
            prompts,
            before,
            tokens: 0,
        }
    }

    pub fn tokens(&self) -> usize {
        self.tokens
    }

    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Tokens came.
    pub fn came(&mut self, tokens: usize, score: &Score) {
        self.tokens += tokens;
        if self.live.is_some() {
            self.show(score, LIVE);
        }
    }

    /// An answer is over.
    pub fn answered(&mut self, score: &Score) {
        let least = if self.live.is_some() { LIVE } else { PLAIN };
        self.show(score, least);
    }

    /// Leaves the terminal at the start of an empty line.
    pub fn end(&mut self) {
        if self.live.is_some() && self.shown.is_some() {
            let _ = write!(self.out, "\r\x1b[K");
        }
    }

    fn show(&mut self, score: &Score, least: Duration) {
        if self.shown.is_some_and(|shown| shown.elapsed() < least) {
            return;
        }
        self.shown = Some(Instant::now());
        let text = self.describe(score, self.seconds());
        let _ = match self.live {
            // A line that is too long would not be overwritten.
            Some(columns) => {
                let text: String = text.chars().take(columns.saturating_sub(1)).collect();
                write!(self.out, "\r{text}\x1b[K").and_then(|()| self.out.flush())
            }
            None => writeln!(self.out, "{text}"),
        };
    }

    /// `12 of 274 · 12 min left · 96 tokens/s · prompts 25.0 % (loose 33.3) · instructions 40.1 % (loose 47.0)`
    fn describe(&self, score: &Score, seconds: f64) -> String {
        let mut text = format!("{} of {}", score.prompts, self.prompts);
        let answered = score.prompts.saturating_sub(self.before);
        if answered > 0 {
            let left = self.prompts.saturating_sub(score.prompts) as f64 * seconds / answered as f64;
            text += &format!(" · {} left", time_left(left.ceil() as u64));
        }
        if self.tokens > 0 && seconds > 0.0 {
            text += &format!(" · {:.0} tokens/s", self.tokens as f64 / seconds);
        }
        if score.prompts > 0 {
            let now = score.accuracies();
            text += &format!(
                " · prompts {} % (loose {}) · instructions {} % (loose {})",
                percent(now.prompt_strict),
                percent(now.prompt_loose),
                percent(now.instruction_strict),
                percent(now.instruction_loose),
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Finish;
    use crate::cli::verdicts::Verdicts;

    fn score(prompts: usize) -> Score {
        let mut score = Score::default();
        for at in 0..prompts {
            let strict = at % 2 == 0;
            let verdicts = Verdicts {
                instruction_id_list: Vec::new(),
                strict: vec![Some(strict)],
                loose: vec![Some(true)],
                follow_all_strict: strict,
                follow_all_loose: true,
                values: Vec::new(),
            };
            score.add(&verdicts, Finish::Stop);
        }
        score
    }

    #[test]
    fn the_time_left_is_that_of_prompts_answered_now() {
        let mut progress = Progress::new(Vec::new(), None, 10, 4);
        assert_eq!(progress.describe(&Score::default(), 0.0), "0 of 10");
        progress.tokens = 120;
        assert_eq!(
            progress.describe(&score(6), 12.0),
            "6 of 10 · 24 s left · 10 tokens/s · prompts 50.0 % (loose 100.0) · instructions 50.0 % (loose 100.0)"
        );
    }

    #[test]
    fn a_terminal_has_one_line_that_fits_and_a_file_one_now_and_then() {
        for (live, expected) in [
            (Some(12), "\r1 of 2 · pr\x1b[K\r\x1b[K"),
            (
                None,
                "1 of 2 · prompts 100.0 % (loose 100.0) · instructions 100.0 % (loose 100.0)\n",
            ),
        ] {
            // Answered before, so that no time is left to tell.
            let mut progress = Progress::new(Vec::new(), live, 2, 1);
            progress.answered(&score(1));
            progress.answered(&score(2));
            progress.end();
            assert_eq!(String::from_utf8(progress.out).unwrap(), expected);
        }
    }
}
