//! Weights times one column: decoding. Bound by how fast weights come from memory.

use std::ops::Range;

use crate::engine::local::cpu::formats::{self, Base, FloatFormat, Format, GROUP, with_format};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

use super::activations::{Column, RECORD, Record};
use super::{accumulate, begin};

/// How many lines ahead weights are asked for: into the first cache, and into the second.
const NEAR: usize = 32;
const FAR: usize = 256;

/// Adds `matrix[tiles] * x` to `out`, which holds the rows of those tiles.
pub fn matvec<S: Simd>(simd: S, matrix: Matrix<'_>, tiles: Range<usize>, x: Column<'_>, out: &mut [f32]) {
    for (tile, out) in tiles.zip(out.chunks_mut(LANES)) {
        let tile = matrix.tile(tile);
        let mut sums = [0.0; LANES];
        with_format!(matrix.encoding(),
            quantised F => simd.vectorize(#[inline(always)] || quantised::<S, F>(simd, tile, x.records, &mut sums)),
            float F => simd.vectorize(#[inline(always)] || float::<S, F>(simd, tile, x.floats, &mut sums)));
        for (out, sum) in out.iter_mut().zip(sums) {
            *out += sum;
        }
    }
}

#[inline(always)]
fn quantised<S: Simd, F: Format>(simd: S, tile: &[Line], records: &[i32], out: &mut [f32; LANES]) {
    let records: &[Record<1>] = records.as_chunks::<1>().0.as_chunks::<RECORD>().0;
    let groups = F::TYPE.block_len() / GROUP;
    let mut total = simd.zero_floats();
    let blocks = formats::blocks::<F>(tile, records.len() / groups, 0);
    for ((halves, lines), records) in blocks.zip(records.chunks_exact(groups)) {
        for line in lines {
            simd.prefetch(line, NEAR, FAR);
        }
        F::unpack(
            simd,
            halves,
            lines,
            #[inline(always)]
            |i, group| {
                let parts = if F::HALVED { 2 } else { 1 };
                for part in 0..parts {
                    let place = (&records[i], 0, part);
                    let mut sum = match F::BASE {
                        Base::Zero(bits) if F::HALVED => begin::<S, 1, true>(simd, bits, place),
                        Base::Zero(bits) => begin::<S, 1, false>(simd, bits, place),
                        Base::Minimum => simd.zero(),
                    };
                    for j in part * 4..(part + 1) * 8 / parts {
                        sum = if F::BASE.is_wide() {
                            simd.dot::<true>(sum, group.bytes[j], records[i][j][0])
                        } else {
                            simd.dot::<false>(sum, group.bytes[j], records[i][j][0])
                        };
                    }
                    let scales = [group.scales[part], group.minimums[part]];
                    total = match (F::HALVED, F::BASE) {
                        (true, Base::Minimum) => {
                            accumulate::<S, 1, true, true>(simd, total, sum, scales, place)
                        }
                        (false, Base::Minimum) => {
                            accumulate::<S, 1, false, true>(simd, total, sum, scales, place)
                        }
                        (_, Base::Zero(_)) => {
                            accumulate::<S, 1, false, false>(simd, total, sum, scales, place)
                        }
                    };
                }
            },
        );
    }
    simd.store_floats(total, out);
}

#[inline(always)]
fn float<S: Simd, F: FloatFormat>(simd: S, tile: &[Line], x: &[f32], out: &mut [f32; LANES]) {
    let mut total = simd.zero_floats();
    for (column, x) in x.iter().enumerate() {
        total = simd.mul_add(F::column(simd, tile, column), simd.splat_float(*x), total);
    }
    simd.store_floats(total, out);
}
