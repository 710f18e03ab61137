//! How fast bytes arrive.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::PullEvent;

/// Looks back this far, so that the rate follows the connection without jumping.
const WINDOW: Duration = Duration::from_secs(3);

/// Turns byte counts into progress events.
pub(crate) struct Progress {
    total: u64,
    seen: VecDeque<(Instant, u64)>,
}

impl Progress {
    pub(crate) fn new(total: u64) -> Self {
        Self {
            total,
            seen: VecDeque::new(),
        }
    }

    /// `done` bytes are here at `now`. The first call sets where the rate counts from.
    pub(crate) fn at(&mut self, now: Instant, done: u64) -> PullEvent {
        if self.seen.back().is_some_and(|(_, last)| done < *last) {
            self.seen.clear();
        }
        self.seen.push_back((now, done));
        while self.seen.len() > 2 && now - self.seen[1].0 >= WINDOW {
            self.seen.pop_front();
        }
        let (start, first) = self.seen[0];
        let seconds = (now - start).as_secs_f64();
        let rate = if seconds > 0.0 {
            (done - first) as f64 / seconds
        } else {
            0.0
        };
        PullEvent::Progress {
            done: done.min(self.total),
            total: self.total,
            bytes_per_s: rate as u64,
        }
    }

    /// How long no byte has come.
    pub(super) fn stalled_for(&self, now: Instant) -> Duration {
        let Some((_, done)) = self.seen.back() else {
            return Duration::ZERO;
        };
        let since = self.seen.iter().rev().take_while(|(_, n)| n == done).last();
        since.map_or(Duration::ZERO, |(at, _)| now - *at)
    }
}
