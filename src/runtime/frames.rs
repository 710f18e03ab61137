//! When to draw: as soon as something changed, at most so many times a second, and not at all otherwise.

use std::time::{Duration, Instant};

/// The shortest time between two frames: sixty a second.
pub const FRAME: Duration = Duration::from_micros(16_667);

/// Decides when the next frame is due. Reads no clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameLimiter {
    last: Option<Instant>,
    dirty: bool,
}

impl FrameLimiter {
    /// Something on screen changed.
    pub fn mark(&mut self) {
        self.dirty = true;
    }

    /// When to draw; `None` while nothing changed.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.dirty
            .then(|| self.last.map_or(now, |last| (last + FRAME).max(now)))
    }

    pub fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
        self.dirty = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_make_one_frame_and_no_change_makes_none() {
        let start = Instant::now();
        let mut frames = FrameLimiter::default();
        assert_eq!(frames.due(start), None);
        frames.mark();
        assert_eq!(frames.due(start), Some(start));
        frames.drawn(start);
        assert_eq!(frames.due(start + FRAME), None);
        let soon = start + FRAME / 4;
        frames.mark();
        frames.mark();
        assert_eq!(frames.due(soon), Some(start + FRAME));
        let late = start + FRAME * 5;
        assert_eq!(frames.due(late), Some(late));
    }
}
