//! Guessing what comes next from what was said before.
//!
//! Reasoning restates its prompt and itself: where the last tokens occurred before, what followed them there may follow
//! again. Such a draft is verified in one pass, which costs little more than one token's, and gives the very tokens that
//! it would have given without (Saxena 2023, "Prompt Lookup Decoding"; Leviathan et al. 2023). Owns the guess and whether
//! it pays; does not own the verification, which is the generation loop's.
//!
//! Guesses are scored whether they are computed or not, so that a text with nothing to look up costs nothing but the look.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// Tokens that must have occurred before.
const GRAM: usize = 3;
/// The longest draft.
const MOST: usize = 15;
/// Lengths of the match, in tokens, from which another class begins: longer ones are followed more surely.
const CLASSES: [usize; 3] = [GRAM, 6, 12];
/// How much one guess moves what is expected of its class.
const LEARNING: f64 = 1.0 / 16.0;
/// How much faster a draft must promise to be.
const MARGIN: f64 = 1.03;
/// Passes whose median is taken for their time.
const REMEMBERED: usize = 9;
/// What a token more is taken to cost, in passes of one token, before it was measured.
const FIRST_COST: f64 = 0.1;
/// Tokens from which a pass tells what each costs when there are many.
const MANY: usize = 32;

/// What passes take on this machine with this model. A pass over several tokens is taken to cost something once, which need
/// not be what one token costs, and the same for each token.
#[derive(Default)]
pub struct Costs {
    /// Seconds of passes over one token.
    single: VecDeque<f64>,
    /// Seconds a token of passes over many.
    many: VecDeque<f64>,
    /// Seconds of passes over several, without what their tokens cost each.
    once: VecDeque<f64>,
}

/// Seconds of a pass over one token, and of one over several: once, and for each token.
#[derive(Clone, Copy)]
struct Seconds {
    single: f64,
    once: f64,
    each: f64,
}

impl Costs {
    pub fn record(&mut self, tokens: usize, time: Duration) {
        let seconds = time.as_secs_f64();
        if tokens == 1 {
            remember(&mut self.single, seconds);
        } else if tokens >= MANY {
            remember(&mut self.many, seconds / tokens as f64);
        } else if let Some(Seconds { each, .. }) = self.seconds() {
            remember(&mut self.once, seconds - each * tokens as f64);
        }
    }

    fn seconds(&self) -> Option<Seconds> {
        let single = median(&self.single)?;
        let each = median(&self.many).unwrap_or(single * FIRST_COST);
        let once = median(&self.once).filter(|_| self.once.len() >= 3);
        Some(Seconds {
            single,
            once: once.unwrap_or(single - each).max(0.0),
            each,
        })
    }
}

fn remember(times: &mut VecDeque<f64>, time: f64) {
    times.push_back(time);
    if times.len() > REMEMBERED {
        times.pop_front();
    }
}

fn median(times: &VecDeque<f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = times.iter().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}

/// The drafts of one turn.
pub struct Drafter {
    /// After which token of the turn each run of [`GRAM`] tokens last ended.
    ends: HashMap<[u32; GRAM], usize>,
    /// Tokens that were looked at.
    seen: usize,
    /// The share of right guesses, by class.
    right: [f64; CLASSES.len()],
    guess: Option<Guess>,
}

/// That what stands at `from` comes next.
#[derive(Clone, Copy)]
struct Guess {
    from: usize,
    class: usize,
}

impl Default for Drafter {
    fn default() -> Self {
        Self {
            ends: HashMap::new(),
            seen: 0,
            right: [0.5; CLASSES.len()],
            guess: None,
        }
    }
}

impl Drafter {
    /// What probably follows `tokens`, at most `room` tokens, as long as it pays; often nothing. `tokens` are those of the
    /// last call and some more.
    pub fn draft(&mut self, tokens: &[u32], room: usize, costs: &Costs) -> Vec<u32> {
        let going_on = self.learn(tokens);
        self.guess = self.look_up(tokens, going_on);
        self.index(tokens);
        let Some(Guess { from, class }) = self.guess else {
            return Vec::new();
        };
        let length = costs
            .seconds()
            .map_or(0, |costs| best_length(self.right[class], costs))
            .min(room);
        let mut draft: Vec<u32> = Vec::with_capacity(length);
        for place in from..from + length {
            // What is repeated may run into itself.
            let id = tokens.get(place).copied();
            draft.push(id.unwrap_or_else(|| draft[place - tokens.len()]));
        }
        draft
    }

    /// Scores the last guess against what came. If all of it came, says where that goes on.
    fn learn(&mut self, tokens: &[u32]) -> Option<usize> {
        let came = tokens.get(self.seen..)?;
        let Guess { from, class } = self.guess.take()?;
        self.score(class, tokens[from] == *came.first()?);
        let go_on = tokens[from..].starts_with(came);
        go_on.then_some(from + came.len())
    }

    fn score(&mut self, class: usize, right: bool) {
        let right = if right { 1.0 } else { 0.0 };
        self.right[class] += LEARNING * (right - self.right[class]);
    }

    /// Scores a draft that was computed, of which the first `accepted` tokens were right, beyond its first token.
    pub fn verified(&mut self, drafted: usize, accepted: usize) {
        if let Some(Guess { class, .. }) = self.guess {
            for _ in 1..accepted {
                self.score(class, true);
            }
            if accepted > 0 && accepted < drafted {
                self.score(class, false);
            }
        }
    }

    /// What followed the last tokens where they occurred before: where the last guess goes on, or the latest occurrence.
    fn look_up(&self, tokens: &[u32], going_on: Option<usize>) -> Option<Guess> {
        let latest = self.ends.get(tokens.last_chunk::<GRAM>()?).copied();
        let matching = |from: usize| {
            let before = tokens[..from].iter().rev();
            before
                .zip(tokens.iter().rev())
                .take_while(|(a, b)| a == b)
                .count()
        };
        let places = going_on.into_iter().chain(latest);
        let (matching, from) = places.map(|from| (matching(from), from)).max()?;
        let class = CLASSES.iter().rposition(|least| matching >= *least)?;
        Some(Guess { from, class })
    }

    fn index(&mut self, tokens: &[u32]) {
        for end in self.seen.max(GRAM - 1) + 1..=tokens.len() {
            if let Some(gram) = tokens[..end].last_chunk() {
                self.ends.insert(*gram, end);
            }
        }
        self.seen = tokens.len();
    }
}

/// The draft that gives the most tokens a second if each of its tokens is `right` so often; 0 if none pays.
fn best_length(right: f64, Seconds { single, once, each }: Seconds) -> usize {
    let mut best = (0, MARGIN / single);
    let mut expected = 1.0;
    let mut all_right = 1.0;
    for length in 1..=MOST {
        all_right *= right;
        expected += all_right;
        let rate = expected / (once + each * (1 + length) as f64);
        if rate > best.1 {
            best = (length, rate);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passes over one token take ten milliseconds, and `further` more for each token more.
    fn costs(further: f64) -> Costs {
        let mut costs = Costs::default();
        for _ in 0..REMEMBERED {
            costs.record(1, Duration::from_millis(10));
            costs.record(100, Duration::from_secs_f64(100.0 * further));
            costs.record(5, Duration::from_secs_f64(0.01 + 4.0 * further));
        }
        costs
    }

    #[test]
    fn what_followed_before_is_guessed_again() {
        let mut drafter = Drafter::default();
        let costs = costs(0.0001);
        assert!(drafter.draft(&[1, 2, 3, 4, 5, 6, 7], 9, &costs).is_empty());
        let tokens = [1, 2, 3, 4, 5, 6, 7, 9, 2, 3, 4];
        assert_eq!(drafter.draft(&tokens, 4, &costs), [5, 6, 7, 9]);
        assert_eq!(drafter.draft(&[&tokens[..], &[5]].concat(), 2, &costs), [6, 7]);
        assert!(
            drafter
                .draft(&[&tokens[..], &[5, 8]].concat(), 2, &costs)
                .is_empty()
        );
    }

    #[test]
    fn a_repetition_runs_into_itself() {
        let tokens = [9, 1, 2, 1, 2, 1];
        let mut drafter = Drafter::default();
        let costs = costs(0.0);
        drafter.draft(&tokens[..5], 9, &costs);
        assert_eq!(drafter.draft(&tokens, 7, &costs), [2, 1, 2, 1, 2, 1, 2]);
    }

    #[test]
    fn drafts_end_where_they_are_wrong_and_come_back_where_they_are_right() {
        let mut drafter = Drafter::default();
        let costs = costs(0.002);
        let mut tokens: Vec<u32> = Vec::new();
        let mut drafted = Vec::new();
        // Three tokens that occurred before, always followed by something new.
        for new in 100..160 {
            tokens.extend([1, 2, 3]);
            drafted.push(drafter.draft(&tokens, 9, &costs).len());
            tokens.push(new);
            drafter.draft(&tokens, 9, &costs);
        }
        assert!(drafted[1] > 0);
        assert!(drafted[40..].iter().all(|length| *length == 0), "{drafted:?}");
        // From here on the first hundred tokens again, which is seen without a draft having been computed.
        let again = tokens[..100].to_vec();
        let mut lengths = Vec::new();
        for id in again {
            tokens.push(id);
            lengths.push(drafter.draft(&tokens, 9, &costs).len());
        }
        assert!(lengths[60..].iter().all(|length| *length > 0), "{lengths:?}");
    }

    #[test]
    fn nothing_is_drafted_that_does_not_pay() {
        let best = |right, once, each| {
            let single = 0.01;
            best_length(right, Seconds { single, once, each })
        };
        assert_eq!(best(0.99, 0.0, 0.01), 0);
        assert_eq!(best(0.0, 0.0099, 0.0001), 0);
        assert_eq!(best(1.0, 0.009, 0.001), MOST);
        assert!((1..MOST).contains(&best(0.6, 0.009, 0.001)));
        // Where several tokens cost much at once, a long draft may pay and a short one not.
        assert_eq!(best(0.4, 0.0136, 0.0014), 0);
        assert!(best(0.9, 0.0136, 0.0014) > 5);
    }

    #[test]
    fn one_slow_pass_changes_no_cost() {
        let mut costs = costs(0.001);
        let seconds = |costs: &Costs| costs.seconds().map(|s| [s.single, s.once, s.each]);
        let before = seconds(&costs);
        for tokens in [1, 4, 64] {
            costs.record(tokens, Duration::from_secs(5));
        }
        assert_eq!(seconds(&costs), before);
    }
}
