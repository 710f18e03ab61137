//! Rotary position embeddings (Su et al. 2021, arXiv:2104.09864) and their extensions to longer contexts.

use std::f64::consts::TAU;

/// How the numbers of a head form the pairs that are rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// 0 with 1, 2 with 3, …
    Adjacent,
    /// The first half with the second.
    Halves,
}

/// How positions beyond the training context are brought into it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scaling {
    None,
    Linear {
        factor: f64,
    },
    /// Peng et al. 2023, arXiv:2309.00071.
    Yarn {
        factor: f64,
        original_context: f64,
        magnitude: f64,
    },
}

#[derive(Clone, Debug)]
pub struct RopeConfig {
    pub pairing: Pairing,
    /// Numbers of a head that are rotated, the first ones.
    pub dims: usize,
    pub base: f64,
    pub scaling: Scaling,
}

/// The angles of a model, ready to be computed for any position.
pub struct Rope {
    pairing: Pairing,
    /// Angle a position of each pair.
    frequencies: Vec<f64>,
    magnitude: f64,
}

impl Rope {
    /// `divisors` of the frequencies, one a pair, come with some models (Llama 3).
    pub fn new(config: &RopeConfig, divisors: Option<&[f32]>) -> Self {
        let pairs = config.dims / 2;
        let dims = config.dims as f64;
        let plain = |pair: usize| config.base.powf(-2.0 * pair as f64 / dims);
        let mut magnitude = 1.0;
        let mut frequencies: Vec<f64> = match config.scaling {
            Scaling::None => (0..pairs).map(plain).collect(),
            Scaling::Linear { factor } => (0..pairs).map(|pair| plain(pair) / factor).collect(),
            Scaling::Yarn {
                factor,
                original_context,
                magnitude: given,
            } => {
                magnitude = given * (1.0 + 0.1 * factor.ln());
                // The pair that turns so many times over the original context.
                let pair_of =
                    |turns: f64| dims * (original_context / (turns * TAU)).ln() / (2.0 * config.base.ln());
                let first = pair_of(32.0).floor().max(0.0);
                let last = pair_of(1.0).ceil().min(dims - 1.0);
                let kept =
                    |pair: usize| 1.0 - ((pair as f64 - first) / (last - first).max(0.001)).clamp(0.0, 1.0);
                (0..pairs)
                    .map(|pair| plain(pair) * (kept(pair) + (1.0 - kept(pair)) / factor))
                    .collect()
            }
        };
        for (frequency, divisor) in frequencies.iter_mut().zip(divisors.unwrap_or(&[])) {
            *frequency /= f64::from(*divisor);
        }
        Self {
            pairing: config.pairing,
            frequencies,
            magnitude,
        }
    }

    /// Numbers in a table: a cosine and a sine a pair.
    pub fn table_len(&self) -> usize {
        2 * self.frequencies.len()
    }

    /// The cosines, then the sines, of a position.
    pub fn table(&self, position: usize, table: &mut [f32]) {
        let (cosines, sines) = table.split_at_mut(self.frequencies.len());
        for ((frequency, cosine), sine) in self.frequencies.iter().zip(cosines).zip(sines) {
            let (s, c) = (position as f64 * frequency).sin_cos();
            *cosine = (c * self.magnitude) as f32;
            *sine = (s * self.magnitude) as f32;
        }
    }

    /// Rotates one head by a position's table.
    pub fn rotate(&self, table: &[f32], head: &mut [f32]) {
        let pairs = self.frequencies.len();
        let (cosines, sines) = table.split_at(pairs);
        let angles = cosines.iter().zip(sines);
        let turn = |a: &mut f32, b: &mut f32, (cosine, sine): (&f32, &f32)| {
            (*a, *b) = (*a * cosine - *b * sine, *a * sine + *b * cosine);
        };
        match self.pairing {
            Pairing::Halves => {
                let (first, second) = head[..2 * pairs].split_at_mut(pairs);
                for ((a, b), angle) in first.iter_mut().zip(second).zip(angles) {
                    turn(a, b, angle);
                }
            }
            Pairing::Adjacent => {
                for ([a, b], angle) in head.as_chunks_mut::<2>().0.iter_mut().zip(angles) {
                    turn(a, b, angle);
                }
            }
        }
    }
}
