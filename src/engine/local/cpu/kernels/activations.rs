//! Activations as products want them.

use std::ops::Range;

use crate::engine::local::cpu::formats::GROUP;
use crate::engine::local::cpu::simd::{LANES, Simd};

/// Words of a record: what a product needs of one group of 32 activations.
///
/// Words 0 to 7 are the activations, four signed bytes each; [`SCALE`] is their scale (the bits of an f32);
/// [`NEGATED_SUM`] is minus the sum of the bytes, and the two words after it are minus the sums of its halves.
pub const RECORD: usize = 12;
pub const SCALE: usize = 8;
pub const NEGATED_SUM: usize = 9;

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
/// The largest of each 32 becomes ±127; the rest are rounded to the nearest step.
pub fn quantise<S: Simd>(simd: S, x: &[f32], column: usize, columns: usize, records: &mut [i32]) {
    simd.vectorize(
        #[inline(always)]
        || quantise_groups(simd, x, column, columns, records),
    );
}

#[inline(always)]
fn quantise_groups<S: Simd>(simd: S, x: &[f32], column: usize, columns: usize, records: &mut [i32]) {
    for (group, record) in x
        .as_chunks::<GROUP>()
        .0
        .iter()
        .zip(records.chunks_exact_mut(RECORD * columns))
    {
        let halves = group.as_chunks::<LANES>().0;
        let [a, b] = [simd.load_floats(&halves[0]), simd.load_floats(&halves[1])];
        let largest = simd.largest(simd.max(simd.abs(a), simd.abs(b)));
        let inverse = simd.splat_float(if largest > 0.0 { 127.0 / largest } else { 0.0 });
        let [a, b] = [simd.round(simd.mul(a, inverse)), simd.round(simd.mul(b, inverse))];
        let [packed_a, packed_b] = [simd.pack(a), simd.pack(b)];
        let [sum_a, sum_b] = [simd.sum_words(a), simd.sum_words(b)];
        let mut put = |word: usize, value: i32| record[word * columns + column] = value;
        for i in 0..4 {
            put(i, packed_a[i]);
            put(4 + i, packed_b[i]);
        }
        put(SCALE, (largest / 127.0).to_bits() as i32);
        put(NEGATED_SUM, (-sum_a).wrapping_sub(sum_b));
        put(NEGATED_SUM + 1, -sum_a);
        put(NEGATED_SUM + 2, -sum_b);
    }
}
