//! Sixteen lanes of 32 bits: the one vocabulary in which every kernel is written.
//!
//! Owns the [`Simd`] trait, its implementations, one a file, and the choice among them at run time. A kernel is written
//! once, over `S: Simd`, in safe code; an implementation says what each word means on its instruction set.
//!
//! Invariants:
//! - a value of an implementing type is proof that this processor has its instructions: it comes only from [`Isa`];
//! - kernels call these methods inside [`Simd::vectorize`], where they compile to the instructions themselves. Outside
//!   they are still right, only slow;
//! - integer results are the same on every implementation; floats may differ by rounding (fused or not).

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "x86_64")]
pub use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub use avx512::Avx512;
pub use portable::Portable;

/// Lanes of a register, and rows of a tile.
pub const LANES: usize = 16;

/// 64 bytes: one 32-bit word (low half first), or two 16-bit numbers, for each of sixteen rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Line([u16; 2 * LANES]);

impl Line {
    pub const ZERO: Self = Self([0; 2 * LANES]);

    pub fn word(&self, lane: usize) -> u32 {
        u32::from(self.0[2 * lane]) | u32::from(self.0[2 * lane + 1]) << 16
    }

    pub fn set_word(&mut self, lane: usize, word: u32) {
        self.0[2 * lane] = word as u16;
        self.0[2 * lane + 1] = (word >> 16) as u16;
    }

    /// The line as two rows of sixteen 16-bit numbers.
    #[inline(always)]
    pub fn halves(&self) -> &[[u16; LANES]] {
        self.0.as_chunks().0
    }

    pub fn halves_mut(&mut self) -> &mut [[u16; LANES]] {
        self.0.as_chunks_mut().0
    }
}

/// Operations on sixteen lanes.
pub trait Simd: Copy + Send + Sync + 'static {
    /// Sixteen 32-bit words.
    type Words: Copy;
    /// Sixteen 32-bit floats.
    type Floats: Copy;
    /// Columns that a matrix product keeps in registers.
    const COLUMNS: usize;
    /// Queries that attention keeps in registers.
    const QUERIES: usize;

    /// Runs `f` compiled for this instruction set, if it and the closures in it are marked `#[inline(always)]`.
    fn vectorize<R>(self, f: impl FnOnce() -> R) -> R;

    fn load(self, line: &Line) -> Self::Words;
    fn store(self, words: Self::Words, line: &mut Line);
    fn splat(self, word: i32) -> Self::Words;
    fn and(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn or(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn add_words(self, a: Self::Words, b: Self::Words) -> Self::Words;
    fn shl(self, a: Self::Words, bits: u32) -> Self::Words;
    /// Zeros come in from the left.
    fn shr(self, a: Self::Words, bits: u32) -> Self::Words;
    /// Copies of the sign come in from the left.
    fn shr_signed(self, a: Self::Words, bits: u32) -> Self::Words;
    /// In each lane of each of `C` columns: `start` plus the products of the unsigned bytes of the words `weights(0..N)`
    /// with the signed bytes of the column's `activations`. Weights are below two to the power of `bits`, and
    /// activations above -128.
    fn dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [Self::Words; C],
        weights: impl Fn(usize) -> Self::Words,
        activations: &[[i32; C]; N],
    ) -> [Self::Words; C];
    /// As `dots` with each product times `scale`, which holds the same signed 16-bit number twice in a lane. `bits` are
    /// at most 6.
    fn scaled_dots<const N: usize, const C: usize>(
        self,
        bits: u32,
        start: [Self::Words; C],
        scale: Self::Words,
        weights: impl Fn(usize) -> Self::Words,
        activations: &[[i32; C]; N],
    ) -> [Self::Words; C];
    /// In each lane: `sum` plus the products of its two signed halves of `a` with those of `b`.
    fn dot_halves(self, sum: Self::Words, a: Self::Words, b: Self::Words) -> Self::Words;
    /// In each lane: signed byte `low` of `a` as the lower half, byte `high` as the upper.
    fn halves_of_bytes(self, a: Self::Words, low: usize, high: usize) -> Self::Words;
    /// The sum of the lanes.
    fn sum_words(self, a: Self::Words) -> i32;
    /// The lowest bytes of the lanes, four to a word.
    fn pack(self, a: Self::Words) -> [i32; 4];

    /// The lanes as signed integers.
    fn to_floats(self, a: Self::Words) -> Self::Floats;
    /// The lanes as the bits of floats.
    fn as_floats(self, a: Self::Words) -> Self::Floats;
    /// To the nearest integer, ties to even; lanes beyond ±2²² are unspecified.
    fn round(self, a: Self::Floats) -> Self::Words;
    fn load_floats(self, from: &[f32; LANES]) -> Self::Floats;
    fn store_floats(self, a: Self::Floats, to: &mut [f32; LANES]);
    fn splat_float(self, value: f32) -> Self::Floats;
    fn add(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn sub(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn mul(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn div(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a * b + c`, fused where the processor can.
    fn mul_add(self, a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
    fn max(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn min(self, a: Self::Floats, b: Self::Floats) -> Self::Floats;
    fn abs(self, a: Self::Floats) -> Self::Floats;
    fn sum(self, a: Self::Floats) -> f32;
    fn largest(self, a: Self::Floats) -> f32;
    /// From f16.
    fn widen_f16(self, from: &[u16; LANES]) -> Self::Floats;
    /// From bf16.
    fn widen_bf16(self, from: &[u16; LANES]) -> Self::Floats;
    fn widen_i8(self, from: &[i8; LANES]) -> Self::Floats;
    /// To f16, to the nearest, ties to even.
    fn narrow_f16(self, a: Self::Floats, to: &mut [u16; LANES]);

    /// Asks for the line at `line + near` to come to the first cache and the one at `line + far` to the second.
    fn prefetch(self, line: &Line, near: usize, far: usize);

    fn zero(self) -> Self::Words;
    fn zero_floats(self) -> Self::Floats;

    /// `e` to the power of `x`, within two units in the last place; below −87 as at −87, above 88 as at 88.
    ///
    /// Splits off the power of two and takes a polynomial of the rest (Cephes, `expf`).
    #[inline(always)]
    fn exp(self, x: Self::Floats) -> Self::Floats {
        let x = self.min(self.max(x, self.splat_float(-87.0)), self.splat_float(88.0));
        let power = self.round(self.mul(x, self.splat_float(std::f32::consts::LOG2_E)));
        let whole = self.to_floats(power);
        let rest = self.mul_add(whole, self.splat_float(-0.693_359_4), x);
        let rest = self.mul_add(whole, self.splat_float(2.121_944_4e-4), rest);
        let mut series = self.splat_float(1.987_569_1e-4);
        for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
            series = self.mul_add(series, rest, self.splat_float(coefficient));
        }
        let series = self.mul_add(
            self.mul(series, rest),
            rest,
            self.add(rest, self.splat_float(1.0)),
        );
        let scale = self.as_floats(self.shl(self.add_words(power, self.splat(127)), 23));
        self.mul(series, scale)
    }
}

/// An instruction set that this processor has.
#[derive(Clone, Copy, Debug)]
pub enum Isa {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    AvxVnni(Avx2<true>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2<false>),
    Portable(Portable),
}

impl Isa {
    /// The fastest that this processor has.
    pub fn detect() -> Self {
        Self::available()[0]
    }

    /// All that this processor has, the fastest first.
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            found.extend(Avx512::detect().map(Self::Avx512));
            found.extend(Avx2::detect().map(Self::AvxVnni));
            found.extend(Avx2::detect().map(Self::Avx2));
        }
        found.push(Self::Portable(Portable));
        found
    }

    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni(_) => "avx-vnni",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            Self::Portable(_) => "portable",
        }
    }
}

/// Evaluates an expression with `$simd` bound to the implementation that an [`Isa`] names.
macro_rules! with_simd {
    ($isa:expr, $simd:ident => $body:expr) => {
        match $isa {
            #[cfg(target_arch = "x86_64")]
            $crate::engine::local::cpu::simd::Isa::Avx512($simd) => $body,
            #[cfg(target_arch = "x86_64")]
            $crate::engine::local::cpu::simd::Isa::AvxVnni($simd) => $body,
            #[cfg(target_arch = "x86_64")]
            $crate::engine::local::cpu::simd::Isa::Avx2($simd) => $body,
            $crate::engine::local::cpu::simd::Isa::Portable($simd) => $body,
        }
    };
}
pub(in crate::engine::local::cpu) use with_simd;
