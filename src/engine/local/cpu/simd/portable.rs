//! Sixteen lanes in plain Rust: loops over arrays, which the compiler turns into whatever vectors its target has.

use half::f16;

use super::{LANES, Line, Simd};

/// Runs on any processor.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

type Words = [u32; LANES];
type Floats = [f32; LANES];

/// Applies an expression lane by lane.
macro_rules! lanes {
    ($lane:ident => $value:expr) => {{
        let mut out = [Default::default(); LANES];
        for $lane in 0..LANES {
            out[$lane] = $value;
        }
        out
    }};
}

/// An addition and subtraction that leave a float of at most 2²² rounded to an integer, ties to even.
const ROUNDER: f32 = 12_582_912.0;

/// `sum` plus the products of four unsigned bytes with four signed ones.
#[inline(always)]
fn dot(sum: Words, weights: Words, activations: i32) -> Words {
    // Products of 16-bit halves, which vector units have where they have none of bytes.
    let even = |word: u32| (word & 0xff) as i16;
    let [a0, a1, a2, a3] = activations.to_le_bytes().map(|byte| i16::from(byte as i8));
    let product = |weight: i16, activation: i16| i32::from(weight) * i32::from(activation);
    lanes!(i => {
        let word = weights[i];
        let first = product(even(word), a0) + product(even(word >> 8), a1);
        let second = product(even(word >> 16), a2) + product(even(word >> 24), a3);
        sum[i].wrapping_add((first + second) as u32)
    })
}

impl Simd for Portable {
    type Words = Words;
    type Floats = Floats;
    const COLUMNS: usize = 4;
    const QUERIES: usize = 4;

    #[inline(always)]
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        f()
    }

    #[inline(always)]
    fn load(self, line: &Line) -> Words {
        lanes!(i => line.word(i))
    }

    #[inline(always)]
    fn store(self, words: Words, line: &mut Line) {
        for (lane, word) in words.into_iter().enumerate() {
            line.set_word(lane, word);
        }
    }

    #[inline(always)]
    fn splat(self, word: i32) -> Words {
        [word as u32; LANES]
    }

    #[inline(always)]
    fn and(self, a: Words, b: Words) -> Words {
        lanes!(i => a[i] & b[i])
    }

    #[inline(always)]
    fn or(self, a: Words, b: Words) -> Words {
        lanes!(i => a[i] | b[i])
    }

    #[inline(always)]
    fn add_words(self, a: Words, b: Words) -> Words {
        lanes!(i => a[i].wrapping_add(b[i]))
    }

    #[inline(always)]
    fn shl(self, a: Words, bits: u32) -> Words {
        lanes!(i => a[i] << bits)
    }

    #[inline(always)]
    fn shr(self, a: Words, bits: u32) -> Words {
        lanes!(i => a[i] >> bits)
    }

    #[inline(always)]
    fn shr_signed(self, a: Words, bits: u32) -> Words {
        lanes!(i => (a[i] as i32 >> bits) as u32)
    }

    #[inline(always)]
    fn dots<const N: usize, const C: usize>(
        self,
        _bits: u32,
        start: [Words; C],
        weights: impl Fn(usize) -> Words,
        activations: &[[i32; C]; N],
    ) -> [Words; C] {
        let mut sums = start;
        for j in 0..N {
            let weights = weights(j);
            for c in 0..C {
                sums[c] = dot(sums[c], weights, activations[j][c]);
            }
        }
        sums
    }

    #[inline(always)]
    fn scaled_dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [Words; C],
        scale: Words,
        weights: impl Fn(usize) -> Words,
        activations: &[[i32; C]; N],
    ) -> [Words; C] {
        let sums = self.dots(bits, [self.zero(); C], weights, activations);
        let scale = self.shr_signed(scale, 16);
        let mut out = start;
        for c in 0..C {
            out[c] = lanes!(i => start[c][i].wrapping_add(sums[c][i].wrapping_mul(scale[i])));
        }
        out
    }

    #[inline(always)]
    fn dot_halves(self, sum: Words, a: Words, b: Words) -> Words {
        let product = |a: u32, b: u32| (i32::from(a as i16) * i32::from(b as i16)) as u32;
        lanes!(i => sum[i]
            .wrapping_add(product(a[i], b[i]))
            .wrapping_add(product(a[i] >> 16, b[i] >> 16)))
    }

    #[inline(always)]
    fn halves_of_bytes(self, a: Words, low: usize, high: usize) -> Words {
        let half = |word: u32, at: usize| u32::from(i16::from((word >> (8 * at)) as i8) as u16);
        lanes!(i => half(a[i], low) | half(a[i], high) << 16)
    }

    #[inline(always)]
    fn sum_words(self, a: Words) -> i32 {
        a.into_iter().fold(0, |sum, word| sum.wrapping_add(word as i32))
    }

    #[inline(always)]
    fn pack(self, a: Words) -> [i32; 4] {
        let mut packed = [0; 4];
        for i in 0..4 {
            packed[i] = i32::from_le_bytes([
                a[4 * i] as u8,
                a[4 * i + 1] as u8,
                a[4 * i + 2] as u8,
                a[4 * i + 3] as u8,
            ]);
        }
        packed
    }

    #[inline(always)]
    fn to_floats(self, a: Words) -> Floats {
        lanes!(i => a[i] as i32 as f32)
    }

    #[inline(always)]
    fn as_floats(self, a: Words) -> Floats {
        lanes!(i => f32::from_bits(a[i]))
    }

    #[inline(always)]
    fn round(self, a: Floats) -> Words {
        lanes!(i => ((a[i] + ROUNDER) - ROUNDER) as i32 as u32)
    }

    #[inline(always)]
    fn load_floats(self, from: &[f32; LANES]) -> Floats {
        *from
    }

    #[inline(always)]
    fn store_floats(self, a: Floats, to: &mut [f32; LANES]) {
        *to = a;
    }

    #[inline(always)]
    fn splat_float(self, value: f32) -> Floats {
        [value; LANES]
    }

    #[inline(always)]
    fn add(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => a[i] + b[i])
    }

    #[inline(always)]
    fn sub(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => a[i] - b[i])
    }

    #[inline(always)]
    fn mul(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => a[i] * b[i])
    }

    #[inline(always)]
    fn div(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => a[i] / b[i])
    }

    #[inline(always)]
    fn mul_add(self, a: Floats, b: Floats, c: Floats) -> Floats {
        // Not `f32::mul_add`: where the target has no such instruction that is a call of a function.
        lanes!(i => a[i] * b[i] + c[i])
    }

    #[inline(always)]
    fn max(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => if a[i] > b[i] { a[i] } else { b[i] })
    }

    #[inline(always)]
    fn min(self, a: Floats, b: Floats) -> Floats {
        lanes!(i => if a[i] < b[i] { a[i] } else { b[i] })
    }

    #[inline(always)]
    fn abs(self, a: Floats) -> Floats {
        lanes!(i => a[i].abs())
    }

    #[inline(always)]
    fn sum(self, a: Floats) -> f32 {
        let mut half = 8;
        let mut a = a;
        while half > 0 {
            for i in 0..half {
                a[i] += a[i + half];
            }
            half /= 2;
        }
        a[0]
    }

    #[inline(always)]
    fn largest(self, a: Floats) -> f32 {
        a.into_iter().fold(f32::NEG_INFINITY, f32::max)
    }

    #[inline(always)]
    fn widen_f16(self, from: &[u16; LANES]) -> Floats {
        // The exponent moved into place and rebased by a product, which is right for subnormal numbers too; infinity
        // becomes 65536, which no valid file holds.
        let rebase = f32::from_bits((254 - 15) << 23);
        lanes!(i => {
            let bits = u32::from(from[i]);
            let size = f32::from_bits((bits & 0x7fff) << 13) * rebase;
            f32::from_bits(size.to_bits() | (bits & 0x8000) << 16)
        })
    }

    #[inline(always)]
    fn widen_bf16(self, from: &[u16; LANES]) -> Floats {
        lanes!(i => f32::from_bits(u32::from(from[i]) << 16))
    }

    #[inline(always)]
    fn widen_i8(self, from: &[i8; LANES]) -> Floats {
        lanes!(i => f32::from(from[i]))
    }

    #[inline(always)]
    fn narrow_f16(self, a: Floats, to: &mut [u16; LANES]) {
        for i in 0..LANES {
            to[i] = f16::from_f32_const(a[i]).to_bits();
        }
    }

    #[inline(always)]
    fn prefetch(self, _line: &Line, _near: usize, _far: usize) {}

    #[inline(always)]
    fn zero(self) -> Words {
        [0; LANES]
    }

    #[inline(always)]
    fn zero_floats(self) -> Floats {
        [0.0; LANES]
    }
}
