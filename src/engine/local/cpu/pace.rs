//! How many threads decoding is worth while other programs want the processor too.
//!
//! A pass is as slow as its slowest thread: one that shares its processor with another program stops all of them at each
//! of a token's many barriers. Then one thread fewer is faster. Owns that choice, made from nothing but how long passes
//! took; what a pass computes does not depend on it.

/// A pass that takes so many times as long as usual is slow.
const SLOW: f64 = 1.4;
/// So many more slow passes than others make it worth a try with one thread fewer.
const SUSPICION: u32 = 12;
/// By how much the usual time is forgotten with each pass: contexts grow, and processors change their clock.
const FORGETTING: f64 = 1.002;
/// Passes that measure how good a number of threads is.
const TRIAL: u32 = 8;
/// Passes between two looks at whether all threads are better again: at first, and at most.
const REST: std::ops::Range<u32> = 32..512;

/// A pass that many positions from the one before has another usual time.
const JUMP: usize = 64;

/// The number of threads for the next pass, from the times of those before.
pub struct Pace {
    threads: usize,
    /// Of the last pass.
    position: usize,
    /// Seconds that a pass takes with all threads, when nothing disturbs it.
    usual: f64,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    /// All threads; `slow` passes more than usual ones lately.
    All { slow: u32 },
    /// One fewer, for `left` more passes, after which the mean of the last ones is what all threads have to beat.
    Fewer { left: u32, rest: u32, mean: Mean },
    /// All again, to compare with `fewer` seconds a pass.
    Trying { fewer: f64, rest: u32, mean: Mean },
}

#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn with(self, seconds: f64) -> Self {
        Self {
            sum: self.sum + seconds,
            count: self.count + 1,
        }
    }

    fn value(self) -> f64 {
        self.sum / f64::from(self.count.max(1))
    }
}

impl Pace {
    /// For a pool of `threads`.
    pub fn new(threads: usize) -> Self {
        Self {
            threads,
            position: 0,
            usual: f64::INFINITY,
            state: State::All { slow: 0 },
        }
    }

    pub fn threads(&self) -> usize {
        match self.state {
            State::Fewer { .. } => self.threads - 1,
            State::All { .. } | State::Trying { .. } => self.threads,
        }
    }

    /// A pass with [`Pace::threads`] at `position` took `seconds`.
    pub fn took(&mut self, position: usize, seconds: f64) {
        if self.threads == 1 {
            return;
        }
        if position.abs_diff(std::mem::replace(&mut self.position, position)) > JUMP {
            self.usual = f64::INFINITY;
            self.state = State::All { slow: 0 };
        }
        self.state = match self.state {
            State::All { slow } => {
                let is_slow = seconds > SLOW * self.usual;
                self.usual = seconds.min(self.usual * FORGETTING);
                match if is_slow { slow + 1 } else { slow.saturating_sub(1) } {
                    SUSPICION.. => self.rest(REST.start),
                    slow => State::All { slow },
                }
            }
            State::Fewer { left: 0, rest, mean } => State::Trying {
                fewer: mean.with(seconds).value(),
                rest,
                mean: Mean::default(),
            },
            State::Fewer { left, rest, mean } => State::Fewer {
                left: left - 1,
                rest,
                mean: if left <= TRIAL { mean.with(seconds) } else { mean },
            },
            State::Trying { fewer, rest, mean } => {
                let mean = mean.with(seconds);
                if mean.count < TRIAL {
                    State::Trying { fewer, rest, mean }
                } else if mean.value() < fewer {
                    // Slow or not, it is the best that can be had: the new usual.
                    self.usual = mean.value();
                    State::All { slow: 0 }
                } else {
                    self.rest((2 * rest).min(REST.end))
                }
            }
        };
    }

    fn rest(&self, rest: u32) -> State {
        State::Fewer {
            left: rest,
            rest,
            mean: Mean::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds that `passes` take, where a pass takes `time(threads)`.
    fn run(pace: &mut Pace, passes: usize, time: impl Fn(usize) -> f64) -> f64 {
        let mut sum = 0.0;
        for _ in 0..passes {
            let seconds = time(pace.threads());
            sum += seconds;
            pace.took(pace.position + 1, seconds);
        }
        sum
    }

    #[test]
    fn alone_all_threads_are_used_however_the_context_grows() {
        let mut pace = Pace::new(4);
        for pass in 0..5000 {
            assert_eq!(pace.threads(), 4);
            // A hiccup now and then is no reason.
            let hiccup = if pass % 7 == 0 { 3.0 } else { 1.0 };
            pace.took(pass as usize, hiccup * (1.0 + f64::from(pass) / 5000.0));
        }
    }

    #[test]
    fn beside_a_busy_program_one_thread_fewer_is_used_for_as_long_as_that_is_faster() {
        let mut pace = Pace::new(2);
        run(&mut pace, 100, |_| 1.0);
        let disturbed = |threads| if threads == 2 { 3.4 } else { 1.7 };
        run(&mut pace, 20, disturbed);
        let mean = run(&mut pace, 1000, disturbed) / 1000.0;
        assert!(mean < 1.9, "{mean}");
        // Quiet again: found out at the next look.
        let quiet = |threads| if threads == 2 { 1.0 } else { 1.7 };
        run(&mut pace, 600, quiet);
        assert_eq!(run(&mut pace, 100, quiet), 100.0);
    }

    #[test]
    fn where_one_thread_fewer_is_no_better_all_stay() {
        let mut pace = Pace::new(8);
        run(&mut pace, 100, |_| 1.0);
        let everything_slow = |threads| if threads == 8 { 2.0 } else { 2.2 };
        let mean = run(&mut pace, 1000, everything_slow) / 1000.0;
        assert!(mean < 2.02, "{mean}");
        assert_eq!(pace.threads(), 8);
    }

    #[test]
    fn longer_and_shorter_contexts_in_turn_are_no_disturbance() {
        let mut pace = Pace::new(2);
        for pass in 0..4000 {
            let (position, seconds) = if pass / 40 % 2 == 0 {
                (100, 1.0)
            } else {
                (4000, 1.7)
            };
            assert_eq!(pace.threads(), 2);
            pace.took(position + pass % 40, seconds);
        }
    }

    #[test]
    fn a_pool_of_one_has_no_choice() {
        let mut pace = Pace::new(1);
        run(&mut pace, 100, |_| 1.0);
        run(&mut pace, 100, |_| 9.0);
        assert_eq!(pace.threads(), 1);
    }
}
