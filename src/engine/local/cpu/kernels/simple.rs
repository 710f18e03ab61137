//! Products with blocks of 32 numbers: an exact sum of bytes, scaled in f32.

use std::marker::PhantomData;

use crate::engine::local::cpu::formats::{Base, Halves, Simple};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};

use super::activations::{NEGATED_SUM, Record, SCALE, SCALED_SUM, bytes_of};
use super::block::{Block, Unpack};

/// A block as tiles hold it.
#[derive(Clone, Copy)]
pub struct Packed<'a, F> {
    halves: Halves<'a>,
    lines: &'a [Line],
    format: PhantomData<F>,
}

impl<'a, F> From<(Halves<'a>, &'a [Line])> for Packed<'a, F> {
    #[inline(always)]
    fn from((halves, lines): (Halves<'a>, &'a [Line])) -> Self {
        Self {
            halves,
            lines,
            format: PhantomData,
        }
    }
}

/// A block taken apart.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Unpacked {
    bytes: [Line; 8],
    factors: [[f32; LANES]; 2],
}

impl Unpacked {
    pub const ZERO: Self = Self {
        bytes: [Line::ZERO; 8],
        factors: [[0.0; LANES]; 2],
    };
}

/// A block taken apart, and the format that it was.
pub struct Apart<'a, F>(&'a Unpacked, PhantomData<F>);

impl<S: Simd, F: Simple> Unpack<S> for Packed<'_, F> {
    type Memory = Unpacked;
    type Apart<'m> = Apart<'m, F>;

    #[inline(always)]
    fn unpack(&self, simd: S, to: &mut Unpacked) {
        for (word, to) in to.bytes.iter_mut().enumerate() {
            simd.store(F::bytes(simd, self.lines, 0, word), to);
        }
        let [scale, minimum] = F::factors(simd, self.halves);
        simd.store_floats(scale, &mut to.factors[0]);
        if matches!(F::BASE, Base::Minimum) {
            simd.store_floats(minimum, &mut to.factors[1]);
        }
    }

    #[inline(always)]
    fn apart(from: &Unpacked) -> Apart<'_, F> {
        Apart(from, PhantomData)
    }
}

impl<S: Simd, F: Simple> Block<S> for Packed<'_, F> {
    #[inline(always)]
    fn add<const C: usize>(&self, simd: S, records: &[Record<C>], totals: &mut [S::Floats; C]) {
        let factors = F::factors(simd, self.halves);
        if let [record] = records {
            add::<S, F, C>(
                simd,
                #[inline(always)]
                |word| F::bytes(simd, self.lines, 0, word),
                factors,
                record,
                totals,
            );
        }
    }
}

impl<S: Simd, F: Simple> Block<S> for Apart<'_, F> {
    #[inline(always)]
    fn add<const C: usize>(&self, simd: S, records: &[Record<C>], totals: &mut [S::Floats; C]) {
        let scale = simd.load_floats(&self.0.factors[0]);
        let minimum = if matches!(F::BASE, Base::Minimum) {
            simd.load_floats(&self.0.factors[1])
        } else {
            simd.zero_floats()
        };
        if let [record] = records {
            add::<S, F, C>(
                simd,
                #[inline(always)]
                |word| simd.load(&self.0.bytes[word]),
                [scale, minimum],
                record,
                totals,
            );
        }
    }
}

#[inline(always)]
fn add<S: Simd, F: Simple, const C: usize>(
    simd: S,
    bytes: impl Fn(usize) -> S::Words,
    [scale, minimum]: [S::Floats; 2],
    record: &Record<C>,
    totals: &mut [S::Floats; C],
) {
    let mut sums = [simd.zero(); C];
    if let Base::Zero(bits) = F::BASE {
        for c in 0..C {
            sums[c] = simd.shl(simd.splat(record[NEGATED_SUM][c]), bits);
        }
    }
    let sums = simd.dots(F::BITS, sums, bytes, bytes_of(record));
    for c in 0..C {
        let activation_scale = simd.splat_float(f32::from_bits(record[SCALE][c] as u32));
        totals[c] = simd.mul_add(
            simd.to_floats(sums[c]),
            simd.mul(scale, activation_scale),
            totals[c],
        );
        if matches!(F::BASE, Base::Minimum) {
            let scaled_sum = simd.splat_float(f32::from_bits(record[SCALED_SUM][c] as u32));
            totals[c] = simd.mul_add(minimum, scaled_sum, totals[c]);
        }
    }
}
