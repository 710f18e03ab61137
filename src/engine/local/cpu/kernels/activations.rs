//! Activations as products want them.

use std::ops::Range;

use crate::engine::local::cpu::formats::GROUP;
use crate::engine::local::cpu::simd::{LANES, Simd};

/// Words of a record: what a product needs of one group of 32 activations.
///
/// Words 0 to 7 are the activations, four signed bytes each; [`SCALE`] is their scale (the bits of an f32);
/// [`NEGATED_SUM`] is minus the sum of the bytes, and the two words after it are minus the sums of its halves;
/// [`SCALED_SUM`] is the first of these times the scale (an f32 again).
pub const RECORD: usize = 13;
pub const SCALE: usize = 8;
pub const NEGATED_SUM: usize = 9;
pub const SCALED_SUM: usize = 12;

/// The records of `C` columns: each word of all columns side by side.
pub type Record<const C: usize> = [[i32; C]; RECORD];

/// One column of activations.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    /// One record a group.
    pub records: &'a [i32],
    /// The same, not quantised: for float weights.
    pub floats: &'a [f32],
}

/// Several columns of activations.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// Blocks of columns as [`column_blocks`] gives them, each a sequence of `Record`s.
    pub records: &'a [i32],
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

/// Quantises one column of a block of `columns` columns, whose records are `records`.
///
/// The largest of each `span` numbers (a multiple of 32 that divides the column) becomes ±127; the rest are rounded to
/// the nearest step. As in ggml's Q8_1 the scale of a span of 32, and the sum times the scale, are rounded to f16: small
/// models are so sensitive to rounding that results agree better where the rounding is the same.
pub fn quantise<S: Simd>(
    simd: S,
    x: &[f32],
    span: usize,
    (column, columns): (usize, usize),
    records: &mut [i32],
) {
    let records = records.chunks_exact_mut(span / GROUP * RECORD * columns);
    for (x, records) in x.chunks_exact(span).zip(records) {
        let groups = x
            .as_chunks()
            .0
            .iter()
            .zip(records.chunks_exact_mut(RECORD * columns));
        simd.vectorize(
            #[inline(always)]
            || {
                let mut largest = simd.zero_floats();
                for x in x.as_chunks().0 {
                    largest = simd.max(largest, simd.abs(simd.load_floats(x)));
                }
                let largest = simd.largest(largest);
                for (group, record) in groups {
                    let halves = quantise_group(simd, group, largest, (column, columns), record);
                    scale_group(
                        simd,
                        halves,
                        largest / 127.0,
                        span == GROUP,
                        (column, columns),
                        record,
                    );
                }
            },
        );
    }
}

/// Writes the bytes of a group; returns minus the sums of its halves.
#[inline(always)]
fn quantise_group<S: Simd>(
    simd: S,
    group: &[f32; GROUP],
    largest: f32,
    (column, columns): (usize, usize),
    record: &mut [i32],
) -> [i32; 2] {
    let inverse = simd.splat_float(if largest > 0.0 { 127.0 / largest } else { 0.0 });
    let mut sums = [0; 2];
    for (half, x) in group.as_chunks::<LANES>().0.iter().enumerate() {
        let bytes = simd.round(simd.mul(simd.load_floats(x), inverse));
        for (i, word) in simd.pack(bytes).into_iter().enumerate() {
            record[(4 * half + i) * columns + column] = word;
        }
        // Not a number becomes the smallest integer, whose negative is itself.
        sums[half] = simd.sum_words(bytes).wrapping_neg();
    }
    sums
}

/// Writes what a group is scaled with.
#[inline(always)]
fn scale_group<S: Simd>(
    simd: S,
    halves: [i32; 2],
    scale: f32,
    narrow: bool,
    (column, columns): (usize, usize),
    record: &mut [i32],
) {
    let sum = halves[0].wrapping_add(halves[1]);
    let mut scales = [0.0; LANES];
    scales[0] = scale;
    scales[1] = sum as f32 * scale;
    if narrow {
        let mut narrowed = [0; LANES];
        simd.narrow_f16(simd.load_floats(&scales), &mut narrowed);
        simd.store_floats(simd.widen_f16(&narrowed), &mut scales);
    }
    for (word, value) in [
        (SCALE, scales[0].to_bits() as i32),
        (NEGATED_SUM, sum),
        (NEGATED_SUM + 1, halves[0]),
        (NEGATED_SUM + 2, halves[1]),
        (SCALED_SUM, scales[1].to_bits() as i32),
    ] {
        record[word * columns + column] = value;
    }
}
