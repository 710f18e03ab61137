//! Products with blocks of 256 numbers whose parts have scales of their own: sums of bytes times integer scales, exact for
//! the whole block, then scaled in f32.

use std::marker::PhantomData;

use crate::engine::local::cpu::formats::{Base, Format, Halves, KQuant};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};

use super::activations::{HALF_SUMS, PAIR_SUMS, Record, SCALE, bytes_of};
use super::block::{Block, Unpack};

/// Groups of a block.
const GROUPS: usize = 8;

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
    bytes: [[Line; 8]; GROUPS],
    /// As [`Weights::scale`] and [`Weights::minimums`] give them.
    scales: [Line; 16],
    minimums: [Line; 8],
    factors: [[f32; LANES]; 2],
}

impl Unpacked {
    pub const ZERO: Self = Self {
        bytes: [[Line::ZERO; 8]; GROUPS],
        scales: [Line::ZERO; 16],
        minimums: [Line::ZERO; 8],
        factors: [[0.0; LANES]; 2],
    };
}

/// A block taken apart, and the format that it was.
pub struct Apart<'a, F>(&'a Unpacked, PhantomData<F>);

/// What a product needs of a block.
trait Weights<S: Simd> {
    type Format: KQuant;

    /// Word `word` of group `group`.
    fn bytes(&self, simd: S, group: usize, word: usize) -> S::Words;
    /// The scale of a part, twice.
    fn scale(&self, simd: S, part: usize) -> S::Words;
    /// The minimums of parts `2 pair` and `2 pair + 1`; what weighs the zero in formats with a fixed one.
    fn minimums(&self, simd: S, pair: usize) -> S::Words;
    /// What scales and what minimums are multiplied with.
    fn factors(&self, simd: S) -> [S::Floats; 2];
}

impl<S: Simd, F: KQuant> Weights<S> for Packed<'_, F> {
    type Format = F;

    #[inline(always)]
    fn bytes(&self, simd: S, group: usize, word: usize) -> S::Words {
        F::bytes(simd, self.lines, group, word)
    }

    #[inline(always)]
    fn scale(&self, simd: S, part: usize) -> S::Words {
        simd.halves_of_bytes(F::scales(simd, self.lines, part / 4), part % 4, part % 4)
    }

    #[inline(always)]
    fn minimums(&self, simd: S, pair: usize) -> S::Words {
        let low = 2 * (pair % 2);
        simd.halves_of_bytes(F::minimums(simd, self.lines, pair / 2), low, low + 1)
    }

    #[inline(always)]
    fn factors(&self, simd: S) -> [S::Floats; 2] {
        self.halves.map(
            #[inline(always)]
            |half| simd.widen_f16(half),
        )
    }
}

impl<S: Simd, F: KQuant> Weights<S> for Apart<'_, F> {
    type Format = F;

    #[inline(always)]
    fn bytes(&self, simd: S, group: usize, word: usize) -> S::Words {
        simd.load(&self.0.bytes[group][word])
    }

    #[inline(always)]
    fn scale(&self, simd: S, part: usize) -> S::Words {
        simd.load(&self.0.scales[part])
    }

    #[inline(always)]
    fn minimums(&self, simd: S, pair: usize) -> S::Words {
        simd.load(&self.0.minimums[pair])
    }

    #[inline(always)]
    fn factors(&self, simd: S) -> [S::Floats; 2] {
        [
            simd.load_floats(&self.0.factors[0]),
            simd.load_floats(&self.0.factors[1]),
        ]
    }
}

impl<S: Simd, F: KQuant> Unpack<S> for Packed<'_, F> {
    type Memory = Unpacked;
    type Apart<'m> = Apart<'m, F>;

    #[inline(always)]
    fn unpack(&self, simd: S, to: &mut Unpacked) {
        for group in 0..GROUPS {
            for word in 0..8 {
                simd.store(self.bytes(simd, group, word), &mut to.bytes[group][word]);
            }
        }
        let parts = 256 / F::PART;
        for part in 0..parts {
            simd.store(self.scale(simd, part), &mut to.scales[part]);
        }
        for pair in 0..parts / 2 {
            simd.store(self.minimums(simd, pair), &mut to.minimums[pair]);
        }
        for (factor, to) in self.factors(simd).into_iter().zip(&mut to.factors) {
            simd.store_floats(factor, to);
        }
    }

    #[inline(always)]
    fn apart(from: &Unpacked) -> Apart<'_, F> {
        Apart(from, PhantomData)
    }
}

impl<S: Simd, F: KQuant> Block<S> for Packed<'_, F> {
    #[inline(always)]
    fn add<const C: usize>(&self, simd: S, records: &[Record<C>], totals: &mut [S::Floats; C]) {
        let Some(records) = records.first_chunk() else {
            return;
        };
        let mut sums = [[simd.zero(); C]; 2];
        // One by one: shifts and places are constants then.
        add_group(simd, self, 0, records, &mut sums);
        add_group(simd, self, 1, records, &mut sums);
        add_group(simd, self, 2, records, &mut sums);
        add_group(simd, self, 3, records, &mut sums);
        add_group(simd, self, 4, records, &mut sums);
        add_group(simd, self, 5, records, &mut sums);
        add_group(simd, self, 6, records, &mut sums);
        add_group(simd, self, 7, records, &mut sums);
        scale(simd, self, records, sums, totals);
    }
}

impl<S: Simd, F: KQuant> Block<S> for Apart<'_, F> {
    #[inline(always)]
    fn add<const C: usize>(&self, simd: S, records: &[Record<C>], totals: &mut [S::Floats; C]) {
        let Some(records) = records.first_chunk() else {
            return;
        };
        let mut sums = [[simd.zero(); C]; 2];
        for pair in 0..GROUPS / 2 {
            add_group(simd, self, 2 * pair, records, &mut sums);
            add_group(simd, self, 2 * pair + 1, records, &mut sums);
        }
        scale(simd, self, records, sums, totals);
    }
}

/// Adds one group's products of bytes to the first of `sums`, and what minimums or zeros weigh to the second.
#[inline(always)]
fn add_group<S: Simd, W: Weights<S>, const C: usize>(
    simd: S,
    weights: &W,
    group: usize,
    records: &[Record<C>; GROUPS],
    [sums, minimums]: &mut [[S::Words; C]; 2],
) {
    let (bits, record) = (W::Format::BITS, &records[group]);
    if W::Format::PART == 16 {
        for (half, activations) in halves_of(bytes_of(record)).into_iter().enumerate() {
            *sums = simd.scaled_dots(
                bits,
                *sums,
                weights.scale(simd, 2 * group + half),
                #[inline(always)]
                |word| weights.bytes(simd, group, 4 * half + word),
                activations,
            );
        }
        add_minimums(simd, weights.minimums(simd, group), &record[HALF_SUMS], minimums);
    } else {
        *sums = simd.scaled_dots(
            bits,
            *sums,
            weights.scale(simd, group),
            #[inline(always)]
            |word| weights.bytes(simd, group, word),
            bytes_of(record),
        );
        if group.is_multiple_of(2) {
            add_minimums(
                simd,
                weights.minimums(simd, group / 2),
                &record[PAIR_SUMS],
                minimums,
            );
        }
    }
}

#[inline(always)]
fn add_minimums<S: Simd, const C: usize>(
    simd: S,
    weights: S::Words,
    sums: &[i32; C],
    to: &mut [S::Words; C],
) {
    for c in 0..C {
        to[c] = simd.dot_halves(to[c], weights, simd.splat(sums[c]));
    }
}

#[inline(always)]
fn halves_of<const C: usize>(words: &[[i32; C]; 8]) -> [&[[i32; C]; 4]; 2] {
    match words.as_chunks() {
        ([first, second], []) => [first, second],
        _ => unreachable!("eight are twice four"),
    }
}

/// Adds what a block's integers are worth.
#[inline(always)]
fn scale<S: Simd, W: Weights<S>, const C: usize>(
    simd: S,
    weights: &W,
    records: &[Record<C>; GROUPS],
    [sums, minimums]: [[S::Words; C]; 2],
    totals: &mut [S::Floats; C],
) {
    let [factor, minimum] = weights.factors(simd);
    for c in 0..C {
        let activation_scale = simd.splat_float(f32::from_bits(records[0][SCALE][c] as u32));
        let factor = simd.mul(factor, activation_scale);
        match W::Format::BASE {
            Base::Zero(bits) => {
                let sum = simd.add_words(sums[c], simd.shl(minimums[c], bits));
                totals[c] = simd.mul_add(simd.to_floats(sum), factor, totals[c]);
            }
            Base::Minimum => {
                totals[c] = simd.mul_add(simd.to_floats(sums[c]), factor, totals[c]);
                let minimum = simd.mul(minimum, activation_scale);
                totals[c] = simd.mul_add(simd.to_floats(minimums[c]), minimum, totals[c]);
            }
        }
    }
}
