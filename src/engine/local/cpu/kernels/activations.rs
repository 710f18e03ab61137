//! Activations as products want them.

use std::ops::Range;

use crate::engine::local::cpu::formats::{GROUP, Rounding};
use crate::engine::local::cpu::simd::{LANES, Simd};

/// Words of a record: what a product needs of one group of 32 activations.
///
/// Words 0 to 7 are the activations, four signed bytes each; [`SCALE`] is their scale (the bits of an f32). What the last
/// two are depends on the rounding: [`NEGATED_SUM`] and [`SCALED_SUM`], or [`HALF_SUMS`] and [`PAIR_SUMS`].
pub const RECORD: usize = 11;
pub const SCALE: usize = 8;
/// [`Rounding::Groups`]: minus the sum of the bytes.
pub const NEGATED_SUM: usize = 9;
/// [`Rounding::Groups`]: the same times the scale (the bits of an f32).
pub const SCALED_SUM: usize = 10;
/// [`Rounding::Blocks`]: minus the sums of the first and the second sixteen bytes, 16 bits each.
pub const HALF_SUMS: usize = 9;
/// [`Rounding::Blocks`], in groups with an even place in their block: minus the sums of the bytes of this group and the
/// next one, 16 bits each.
pub const PAIR_SUMS: usize = 10;

/// The records of `C` columns: each word of all columns side by side.
pub type Record<const C: usize> = [[i32; C]; RECORD];

/// The words of a record that hold bytes.
#[inline(always)]
pub fn bytes_of<const C: usize>(record: &Record<C>) -> &[[i32; C]; 8] {
    const { assert!(RECORD > 8) };
    match record.first_chunk() {
        Some(words) => words,
        None => unreachable!("a record is longer"),
    }
}

/// Activations in each rounding that products may want; empty where none does.
#[derive(Clone, Copy, Default)]
pub struct Rounded<'a> {
    pub groups: &'a [i32],
    pub blocks: &'a [i32],
}

/// One column of activations.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    /// One record a group.
    pub records: Rounded<'a>,
    /// The same, not quantised: for float weights.
    pub floats: &'a [f32],
}

/// Several columns of activations.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// Blocks of columns as [`column_blocks`] gives them, each a sequence of `Record`s.
    pub records: Rounded<'a>,
    /// Column after column.
    pub floats: &'a [f32],
    pub count: usize,
}

/// Cuts `columns` into the widths that products are compiled for, the widest first.
pub fn column_blocks<S: Simd>(columns: usize) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let left = columns - start;
        let width = [12, 8, 4, 2, 1]
            .into_iter()
            .find(|w| *w <= S::COLUMNS && *w <= left)?;
        start += width;
        Some(start - width..start)
    })
}

/// Quantises one column, which the rounding's span divides, of a block of `columns` columns, whose records are `records`.
///
/// The largest of each span becomes ±127; the rest are rounded to the nearest step. As in ggml's Q8_1 the scale of a group,
/// and the sum times the scale, are rounded to f16: small models are so sensitive to rounding that results agree better
/// where the rounding is the same.
pub fn quantise<S: Simd>(
    simd: S,
    x: &[f32],
    rounding: Rounding,
    (column, columns): (usize, usize),
    records: &mut [i32],
) {
    let span = rounding.span();
    let records = records.chunks_exact_mut(span / GROUP * RECORD * columns);
    for (x, records) in x.chunks_exact(span).zip(records) {
        simd.vectorize(
            #[inline(always)]
            || {
                let mut largest = simd.zero_floats();
                for x in x.as_chunks().0 {
                    largest = simd.max(largest, simd.abs(simd.load_floats(x)));
                }
                let largest = simd.largest(largest);
                let mut put = |group: usize, word: usize, value: i32| {
                    records[(group * RECORD + word) * columns + column] = value;
                };
                let mut before = 0;
                for (group, x) in x.as_chunks::<GROUP>().0.iter().enumerate() {
                    let (words, sums) = bytes(simd, x, largest);
                    for (word, value) in words.into_iter().enumerate() {
                        put(group, word, value);
                    }
                    let sum = sums[0].wrapping_add(sums[1]);
                    let scale = largest / 127.0;
                    match rounding {
                        Rounding::Groups => {
                            let [scale, scaled_sum] = narrowed(simd, [scale, sum as f32 * scale]);
                            put(group, SCALE, scale.to_bits() as i32);
                            put(group, NEGATED_SUM, sum);
                            put(group, SCALED_SUM, scaled_sum.to_bits() as i32);
                        }
                        Rounding::Blocks => {
                            put(group, SCALE, scale.to_bits() as i32);
                            put(group, HALF_SUMS, halves(sums));
                            if group % 2 == 1 {
                                put(group - 1, PAIR_SUMS, halves([before, sum]));
                            }
                            before = sum;
                        }
                    }
                }
            },
        );
    }
}

/// The bytes of a group, four a word, and minus the sums of its halves.
#[inline(always)]
fn bytes<S: Simd>(simd: S, x: &[f32; GROUP], largest: f32) -> ([i32; 8], [i32; 2]) {
    let inverse = simd.splat_float(if largest > 0.0 { 127.0 / largest } else { 0.0 });
    let (mut words, mut sums) = ([0; 8], [0; 2]);
    for (half, x) in x.as_chunks::<LANES>().0.iter().enumerate() {
        let bytes = simd.round(simd.mul(simd.load_floats(x), inverse));
        words[4 * half..][..4].copy_from_slice(&simd.pack(bytes));
        // Not a number becomes the smallest integer, whose negative is itself.
        sums[half] = simd.sum_words(bytes).wrapping_neg();
    }
    (words, sums)
}

/// Two numbers of 16 bits in a word.
#[inline(always)]
fn halves([low, high]: [i32; 2]) -> i32 {
    low & 0xffff | high << 16
}

/// Floats rounded to f16.
#[inline(always)]
fn narrowed<S: Simd>(simd: S, floats: [f32; 2]) -> [f32; 2] {
    let (mut lanes, mut narrow) = ([0.0; LANES], [0; LANES]);
    lanes[..2].copy_from_slice(&floats);
    simd.narrow_f16(simd.load_floats(&lanes), &mut narrow);
    simd.store_floats(simd.widen_f16(&narrow), &mut lanes);
    [lanes[0], lanes[1]]
}
