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
        let mut all: Vec<Candidate> = (0u32..)
            .zip(logits)
            .map(|(id, logit)| Candidate {
                id,
                probability: ((logit - best) / temperature).exp(),
            })
            .filter(|candidate| candidate.probability > 0.0)
            .collect();
        let likelier_first =
            |a: &Candidate, b: &Candidate| b.probability.total_cmp(&a.probability).then(a.id.cmp(&b.id));
        if top_k > 0 && top_k < all.len() {
            all.select_nth_unstable_by(top_k - 1, likelier_first);
            all.truncate(top_k);
        }
        if top_p < 1.0 {
            let total: f32 = all.iter().map(|c| c.probability).sum();
            // What is rarer than this cannot be in the nucleus even if all the rest were like it: no need to sort it.
            let least = (1.0 - top_p.max(0.0)) * total / all.len() as f32;
            all.retain(|c| c.probability >= least);
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

/// The lowest id with the highest logit.
pub fn argmax(logits: &[f32]) -> Option<u32> {
    let mut best: Option<(u32, f32)> = None;
    for (id, logit) in (0u32..).zip(logits) {
        if !logit.is_nan() && best.is_none_or(|(_, most)| *logit > most) {
            best = Some((id, *logit));
        }
    }
    best.map(|(id, _)| id)
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
