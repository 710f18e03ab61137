//! Weights times several columns: prefill and batches. Bound by arithmetic.
//!
//! A tile is unpacked once, a stretch of columns at a time, into bytes and f32 scales that stay in the second cache;
//! then each block of activation columns runs over it with one register a column.

use std::ops::Range;

use crate::engine::local::cpu::formats::{self, Base, FloatFormat, Format, GROUP, Group, with_format};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

use super::activations::{Columns, RECORD, Record, column_blocks};
use super::{accumulate, begin};

/// Groups that are unpacked at a time: a whole number of blocks of every format.
const STRETCH: usize = 72;

/// A thread's memory for unpacked weights.
pub struct Scratch(Box<[Unpacked]>);

impl Scratch {
    pub fn new() -> Self {
        Self(vec![Unpacked::ZERO; STRETCH].into_boxed_slice())
    }
}

/// A [`Group`] in memory.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Unpacked {
    bytes: [Line; 8],
    scales: [[f32; LANES]; 2],
    minimums: [[f32; LANES]; 2],
}

impl Unpacked {
    const ZERO: Self = Self {
        bytes: [Line::ZERO; 8],
        scales: [[0.0; LANES]; 2],
        minimums: [[0.0; LANES]; 2],
    };
}

/// Adds `matrix[tiles] * x` to `out`: sixteen rows a column, the columns of a tile together, tile after tile.
pub fn matmul<S: Simd>(
    simd: S,
    matrix: Matrix<'_>,
    tiles: Range<usize>,
    x: Columns<'_>,
    scratch: &mut Scratch,
    out: &mut [[f32; LANES]],
) {
    with_format!(matrix.encoding(),
    quantised F => quantised::<S, F>(simd, matrix, tiles, x, scratch, out),
    float F => {
        for (tile, out) in tiles.zip(out.chunks_exact_mut(x.count)) {
            let tile = matrix.tile(tile);
            simd.vectorize(#[inline(always)] || float::<S, F>(simd, tile, x, out));
        }
    });
}

fn quantised<S: Simd, F: Format>(
    simd: S,
    matrix: Matrix<'_>,
    tiles: Range<usize>,
    x: Columns<'_>,
    scratch: &mut Scratch,
    out: &mut [[f32; LANES]],
) {
    let groups = matrix.columns() / GROUP;
    for start in (0..groups).step_by(STRETCH) {
        let stretch = start..groups.min(start + STRETCH);
        for (tile, out) in tiles.clone().zip(out.chunks_exact_mut(x.count)) {
            let tile = matrix.tile(tile);
            let unpacked = &mut scratch.0[..stretch.len()];
            simd.vectorize(
                #[inline(always)]
                || unpack::<S, F>(simd, tile, groups, start, unpacked),
            );
            for block in column_blocks::<S>(x.count) {
                let record = RECORD * block.len();
                let records = &x.records[RECORD * groups * block.start..];
                let records = &records[record * stretch.start..record * stretch.end];
                block_of_columns::<S, F>(simd, unpacked, records, &mut out[block]);
            }
        }
    }
}

/// Unpacks the groups of a tile from `start` on.
#[inline(always)]
fn unpack<S: Simd, F: Format>(simd: S, tile: &[Line], groups: usize, start: usize, to: &mut [Unpacked]) {
    let per_block = F::TYPE.block_len() / GROUP;
    let blocks = formats::blocks::<F>(tile, groups / per_block, start / per_block);
    for ((halves, lines), to) in blocks.zip(to.chunks_exact_mut(per_block)) {
        F::unpack(
            simd,
            halves,
            lines,
            #[inline(always)]
            |i, group: Group<S>| {
                let to = &mut to[i];
                for j in 0..8 {
                    simd.store(group.bytes[j], &mut to.bytes[j]);
                }
                for part in 0..if F::HALVED { 2 } else { 1 } {
                    simd.store_floats(group.scales[part], &mut to.scales[part]);
                    if F::BASE.has_minimum() {
                        simd.store_floats(group.minimums[part], &mut to.minimums[part]);
                    }
                }
            },
        );
    }
}

/// Multiplies unpacked weights with one block of columns, by the kernel compiled for its width and the weights' kind.
fn block_of_columns<S: Simd, F: Format>(
    simd: S,
    weights: &[Unpacked],
    records: &[i32],
    out: &mut [[f32; LANES]],
) {
    macro_rules! run {
        ($columns:literal) => {{
            let (records, _) = records.as_chunks::<$columns>();
            let (records, _) = records.as_chunks::<RECORD>();
            let Some(out) = out.first_chunk_mut::<$columns>() else {
                return;
            };
            let bits = F::BASE.zero_bits();
            match (F::HALVED, F::BASE) {
                (false, Base::Minimum) => simd.vectorize(
                    #[inline(always)]
                    || {
                        product::<S, $columns, false, true, false>(simd, weights, records, bits, out);
                    },
                ),
                (true, Base::Minimum) => simd.vectorize(
                    #[inline(always)]
                    || {
                        product::<S, $columns, true, true, false>(simd, weights, records, bits, out);
                    },
                ),
                (false, base) if base.is_wide() => simd.vectorize(
                    #[inline(always)]
                    || {
                        product::<S, $columns, false, false, true>(simd, weights, records, bits, out);
                    },
                ),
                (false, _) => simd.vectorize(
                    #[inline(always)]
                    || {
                        product::<S, $columns, false, false, false>(simd, weights, records, bits, out);
                    },
                ),
                (true, _) => simd.vectorize(
                    #[inline(always)]
                    || {
                        product::<S, $columns, true, false, false>(simd, weights, records, bits, out);
                    },
                ),
            }
        }};
    }
    match out.len() {
        12 if S::COLUMNS >= 12 => run!(12),
        8 if S::COLUMNS >= 8 => run!(8),
        4 => run!(4),
        2 => run!(2),
        _ => run!(1),
    }
}

#[inline(always)]
fn product<S: Simd, const C: usize, const HALVED: bool, const MINIMUM: bool, const WIDE: bool>(
    simd: S,
    weights: &[Unpacked],
    records: &[Record<C>],
    zero_bits: u32,
    out: &mut [[f32; LANES]; C],
) {
    let mut totals = [simd.zero_floats(); C];
    for c in 0..C {
        totals[c] = simd.load_floats(&out[c]);
    }
    let parts = if HALVED { 2 } else { 1 };
    for (weights, record) in weights.iter().zip(records) {
        for part in 0..parts {
            let mut sums = [simd.zero(); C];
            if !MINIMUM {
                for c in 0..C {
                    sums[c] = begin::<S, C, HALVED>(simd, zero_bits, (record, c, part));
                }
            }
            for j in part * 4..(part + 1) * 8 / parts {
                let bytes = simd.load(&weights.bytes[j]);
                for c in 0..C {
                    sums[c] = simd.dot::<WIDE>(sums[c], bytes, record[j][c]);
                }
            }
            let scale = simd.load_floats(&weights.scales[part]);
            let minimum = if MINIMUM {
                simd.load_floats(&weights.minimums[part])
            } else {
                simd.zero_floats()
            };
            for c in 0..C {
                let (scales, place) = ([scale, minimum], (record, c, part));
                totals[c] = accumulate::<S, C, HALVED, MINIMUM>(simd, totals[c], sums[c], scales, place);
            }
        }
    }
    for c in 0..C {
        simd.store_floats(totals[c], &mut out[c]);
    }
}

/// One tile of float weights with all columns, four at a time.
#[inline(always)]
fn float<S: Simd, F: FloatFormat>(simd: S, tile: &[Line], x: Columns<'_>, out: &mut [[f32; LANES]]) {
    let width = x.floats.len() / x.count;
    for (columns, out) in x.floats.chunks(4 * width).zip(out.chunks_mut(4)) {
        let mut totals = [simd.zero_floats(); 4];
        for k in 0..width {
            let weights = F::column(simd, tile, k);
            for c in 0..out.len() {
                totals[c] = simd.mul_add(weights, simd.splat_float(columns[c * width + k]), totals[c]);
            }
        }
        for c in 0..out.len() {
            let sum = simd.add(simd.load_floats(&out[c]), totals[c]);
            simd.store_floats(sum, &mut out[c]);
        }
    }
}
