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
    /// When bytes last came.
    moved: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(total: u64) -> Self {
        Self {
            total,
            seen: VecDeque::new(),
            moved: None,
        }
    }

    /// `done` bytes are here at `now`. The first call sets where the rate counts from.
    pub(crate) fn at(&mut self, now: Instant, done: u64) -> PullEvent {
        if self.seen.back().is_some_and(|(_, last)| done < *last) {
            self.seen.clear();
        }
        if self.seen.back().is_none_or(|(_, last)| done != *last) {
            self.moved = Some(now);
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
        self.moved.map_or(Duration::ZERO, |moved| now - moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_follows_the_last_seconds() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut progress = Progress::new(1000);
        let mut rate = |seconds, done| match progress.at(at(seconds), done) {
            PullEvent::Progress {
                done,
                total,
                bytes_per_s,
            } => (done, total, bytes_per_s),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            rate(0, 500),
            (500, 1000, 0),
            "what was there before does not count"
        );
        assert_eq!(rate(1, 600), (600, 1000, 100));
        assert_eq!(rate(2, 700), (700, 1000, 100));
        assert_eq!(rate(10, 700).2, 0, "long ago is forgotten");
        assert_eq!(rate(11, 2000).0, 1000, "never more than there is");
        assert_eq!(rate(12, 10), (10, 1000, 0), "a new beginning");
    }

    #[test]
    fn standing_still_is_noticed_however_long_it_lasts() {
        let start = Instant::now();
        let mut progress = Progress::new(1000);
        for second in 0..100 {
            let now = start + Duration::from_secs(second);
            progress.at(now, second.min(40));
            assert_eq!(progress.stalled_for(now).as_secs(), second.saturating_sub(40));
        }
    }
}
