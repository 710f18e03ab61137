//! Logits to a token.
//!
//! The order is that of the tools whose settings model makers publish (Hugging Face, vLLM): repeat penalty, temperature,
//! top-k, top-p, min-p, draw. The same logits, settings and seed always give the same token.

use crate::engine::Sampling;

/// How far back the repeat penalty looks.
const PENALTY_WINDOW: usize = 64;

/// Chooses tokens for one generation.
pub struct Sampler {
    sampling: Sampling,
    random: SplitMix64,
}

#[derive(Clone, Copy)]
struct Candidate {
    id: u32,
    /// Until it is normalised, relative to the likeliest one's.
    probability: f32,
}

impl Sampler {
    pub fn new(sampling: Sampling) -> Self {
        Self {
            sampling,
            random: SplitMix64(sampling.seed),
        }
    }

    /// The next token after `history`; `None` if no logit is a number. `logits` are changed by the penalty.
    pub fn sample(&mut self, logits: &mut [f32], history: &[u32]) -> Option<u32> {
        penalise(logits, history, self.sampling.repeat_penalty);
        let best = argmax(logits)?;
        if self.sampling.temperature <= 0.0 || !logits[best as usize].is_finite() {
            return Some(best);
        }
        let candidates = self.candidates(logits, logits[best as usize]);
        Some(self.draw(&candidates).unwrap_or(best))
    }

    fn candidates(&self, logits: &[f32], best: f32) -> Vec<Candidate> {
        let Sampling {
            temperature,
            top_k,
            top_p,
            min_p,
            ..
        } = self.sampling;
        // A vocabulary has a hundred thousand tokens, and hardly any of them can be drawn.
        let weights: Vec<f32> = logits
            .iter()
            .map(|logit| weight((logit - best) / temperature))
            .collect();
        let mut total = sum(&weights);
        let least = if top_k == 0 && top_p < 1.0 {
            // What is rarer than this cannot be in the nucleus even if all the rest were like it: no need to sort it.
            (1.0 - top_p.max(0.0)) * total / weights.len() as f32
        } else {
            0.0
        };
        let mut all: Vec<Candidate> = (0u32..)
            .zip(weights)
            .filter(|(_, weight)| *weight >= least && *weight > 0.0)
            .map(|(id, probability)| Candidate { id, probability })
            .collect();
        let likelier_first =
            |a: &Candidate, b: &Candidate| b.probability.total_cmp(&a.probability).then(a.id.cmp(&b.id));
        if top_k > 0 && top_k < all.len() {
            all.select_nth_unstable_by(top_k - 1, likelier_first);
            all.truncate(top_k);
            total = all.iter().map(|c| c.probability).sum();
        }
        if top_p < 1.0 {
            all.sort_unstable_by(likelier_first);
            let mut sum = 0.0;
            let nucleus = all.iter().position(|c| {
                sum += c.probability;
                sum >= top_p * total
            });
            all.truncate(nucleus.map_or(all.len(), |last| last + 1));
        }
        all.retain(|c| c.probability >= min_p);
        all
    }

    fn draw(&mut self, candidates: &[Candidate]) -> Option<u32> {
        let total: f32 = candidates.iter().map(|c| c.probability).sum();
        let mut left = self.random.unit() * total;
        for candidate in candidates {
            left -= candidate.probability;
            if left < 0.0 {
                return Some(candidate.id);
            }
        }
        candidates.last().map(|c| c.id)
    }
}

/// Divides what speaks for a token that is among the last ones (Keskar et al. 2019, CTRL), once each.
fn penalise(logits: &mut [f32], history: &[u32], penalty: f32) {
    if penalty == 1.0 || penalty <= 0.0 {
        return;
    }
    let mut recent = history[history.len().saturating_sub(PENALTY_WINDOW)..].to_vec();
    recent.sort_unstable();
    recent.dedup();
    for id in recent {
        if let Some(logit) = logits.get_mut(id as usize) {
            *logit = if *logit > 0.0 {
                *logit / penalty
            } else {
                *logit * penalty
            };
        }
    }
}

/// Numbers that are taken side by side, so that the compiler makes one instruction of them.
const LANES: usize = 16;

/// The lowest id with the highest logit.
pub fn argmax(logits: &[f32]) -> Option<u32> {
    let (chunks, rest) = logits.as_chunks::<LANES>();
    let mut most = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (most, logit) in most.iter_mut().zip(chunk) {
            // What is not a number is not greater.
            if *logit > *most {
                *most = *logit;
            }
        }
    }
    let most = most
        .iter()
        .chain(rest)
        .fold(f32::NEG_INFINITY, |most, logit| most.max(*logit));
    let at = logits.iter().position(|logit| *logit == most)?;
    u32::try_from(at).ok()
}

fn sum(numbers: &[f32]) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, number) in sums.iter_mut().zip(chunk) {
            *sum += number;
        }
    }
    sums.iter().chain(rest).sum()
}

/// `e` to the power of `x`, which is not above 0, within a few units in the last place; 0 below −87, and of what is not a
/// number. Splits off the power of two and takes a polynomial of the rest (Cephes, `expf`), in steps that the compiler can
/// do for many numbers at once.
#[inline(always)]
fn weight(x: f32) -> f32 {
    // A number to which this is added is rounded to an integer, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let power = rounded - ROUND;
    let rest = (x - power * 0.693_359_4) + power * 2.121_944_4e-4;
    let mut series = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        series = series * rest + coefficient;
    }
    let series = series * rest * rest + (rest + 1.0);
    let bits = rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    if x >= -87.0 {
        series * f32::from_bits(bits)
    } else {
        0.0
    }
}

/// Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, but not including, 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sampling() -> impl Strategy<Value = Sampling> {
        (0.01f32..3.0, 0usize..20, 0.01f32..=1.0, 0.0f32..0.9, any::<u64>()).prop_map(
            |(temperature, top_k, top_p, min_p, seed)| Sampling {
                temperature,
                top_k,
                top_p,
                min_p,
                repeat_penalty: 1.0,
                seed,
            },
        )
    }

    fn logits() -> impl Strategy<Value = Vec<f32>> {
        proptest::collection::vec(-20.0f32..20.0, 1..60)
    }

    /// Ids from the likeliest down, with their probabilities at this temperature.
    fn ranked(logits: &[f32], temperature: f32) -> Vec<(u32, f64)> {
        let most = f64::from(logits.iter().copied().fold(f32::MIN, f32::max));
        let weigh = |logit: f32| ((f64::from(logit) - most) / f64::from(temperature)).exp();
        let weights: Vec<f64> = logits.iter().map(|logit| weigh(*logit)).collect();
        let total: f64 = weights.iter().sum();
        let mut ranked: Vec<(u32, f64)> = (0u32..).zip(weights.iter().map(|w| w / total)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }

    proptest! {
        #[test]
        fn what_is_drawn_is_allowed_by_every_setting(logits in logits(), sampling in sampling()) {
            let ranked = ranked(&logits, sampling.temperature);
            let mut sampler = Sampler::new(sampling);
            for _ in 0..20 {
                let id = sampler.sample(&mut logits.clone(), &[]).unwrap();
                let rank = ranked.iter().position(|(other, _)| *other == id).unwrap();
                let probability = ranked[rank].1;
                let slack = 1e-4;
                prop_assert!(sampling.top_k == 0 || ranked[..rank].iter().filter(|(_, p)| *p > probability).count() < sampling.top_k);
                let before: f64 = ranked[..rank].iter().map(|(_, p)| p).sum();
                let kept: f64 = match sampling.top_k {
                    0 => 1.0,
                    k => ranked.iter().take(k).map(|(_, p)| p).sum(),
                };
                prop_assert!(before <= f64::from(sampling.top_p) * kept + slack, "{before} of {kept}");
                prop_assert!(probability >= f64::from(sampling.min_p) * ranked[0].1 * (1.0 - slack));
            }
        }

        #[test]
        fn the_same_seed_draws_the_same(logits in logits(), sampling in sampling()) {
            let draw = || {
                let mut sampler = Sampler::new(sampling);
                (0..10).map(|_| sampler.sample(&mut logits.clone(), &[])).collect::<Vec<_>>()
            };
            prop_assert_eq!(draw(), draw());
        }

        #[test]
        fn greedy_takes_the_highest(logits in logits()) {
            let mut sampler = Sampler::new(Sampling { temperature: 0.0, ..Sampling::default() });
            let id = sampler.sample(&mut logits.clone(), &[]).unwrap();
            prop_assert!(logits.iter().all(|other| *other <= logits[id as usize]));
        }

        #[test]
        fn no_logits_whatever_make_it_panic(
            logits in proptest::collection::vec(any::<f32>(), 0..20),
            sampling in sampling(),
            history in proptest::collection::vec(any::<u32>(), 0..100),
        ) {
            let sampling = Sampling { repeat_penalty: 1.3, ..sampling };
            let id = Sampler::new(sampling).sample(&mut logits.clone(), &history);
            prop_assert_eq!(id.is_some(), logits.iter().any(|logit| !logit.is_nan()));
        }
    }

    #[test]
    fn weights_are_powers_of_e() {
        for i in 0..=87_000 {
            let x = -(i as f32) / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(weight(x)) / exact - 1.0).abs() < 5e-7, "{x}");
        }
        assert_eq!(weight(0.0), 1.0);
        assert_eq!([-88.0, f32::NEG_INFINITY, f32::NAN].map(weight), [0.0; 3]);
    }

    #[test]
    fn draws_follow_the_probabilities() {
        let probabilities = [0.5f32, 0.3, 0.15, 0.05];
        let logits: Vec<f32> = probabilities.iter().map(|p| p.ln()).collect();
        let mut sampler = Sampler::new(Sampling {
            temperature: 1.0,
            top_p: 1.0,
            seed: 7,
            ..Sampling::default()
        });
        let mut counts = [0u32; 4];
        for _ in 0..20_000 {
            counts[sampler.sample(&mut logits.clone(), &[]).unwrap() as usize] += 1;
        }
        for (count, probability) in counts.iter().zip(probabilities) {
            let share = *count as f32 / 20_000.0;
            assert!((share - probability).abs() < 0.015, "{share} for {probability}");
        }
    }

    #[test]
    fn the_penalty_counts_each_of_the_last_64_tokens_once() {
        let mut logits = vec![2.0, -2.0, 2.0, 2.0];
        let mut history = vec![3; 1];
        history.extend([0; 63]);
        history.push(1);
        penalise(&mut logits, &history, 2.0);
        assert_eq!(logits, [1.0, -4.0, 2.0, 2.0]);
    }
}
