//! One row of a matrix as floats: token embeddings.

use crate::engine::local::cpu::formats::{self, Base, FloatFormat, Format, GROUP, with_format};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

/// Writes row `row` of `matrix` to `out`, which has one place for each column.
pub fn dequantise_row<S: Simd>(simd: S, matrix: Matrix<'_>, row: usize, out: &mut [f32]) {
    let (tile, lane) = (matrix.tile(row / LANES), row % LANES);
    with_format!(matrix.encoding(),
    quantised F => simd.vectorize(#[inline(always)] || quantised::<S, F>(simd, tile, lane, out)),
    float F => simd.vectorize(#[inline(always)] || {
        for (column, out) in out.iter_mut().enumerate() {
            *out = lane_of(simd, F::column(simd, tile, column), lane);
        }
    }));
}

#[inline(always)]
fn lane_of<S: Simd>(simd: S, floats: S::Floats, lane: usize) -> f32 {
    let mut all = [0.0; LANES];
    simd.store_floats(floats, &mut all);
    all[lane]
}

#[inline(always)]
fn quantised<S: Simd, F: Format>(simd: S, tile: &[Line], lane: usize, out: &mut [f32]) {
    let block_len = F::TYPE.block_len();
    let blocks = formats::blocks::<F>(tile, out.len() / block_len, 0);
    for ((halves, lines), out) in blocks.zip(out.chunks_exact_mut(block_len)) {
        F::unpack(
            simd,
            halves,
            lines,
            #[inline(always)]
            |i, group| {
                let zero = match F::BASE {
                    Base::Zero(bits) => 1 << bits,
                    Base::Minimum => 0,
                };
                for j in 0..8 {
                    let half = j / 4;
                    let scale = lane_of(simd, group.scales[half], lane);
                    let minimum = lane_of(simd, group.minimums[half], lane);
                    let mut line = Line::ZERO;
                    simd.store(group.bytes[j], &mut line);
                    let out = &mut out[i * GROUP + 4 * j..][..4];
                    for (out, byte) in out.iter_mut().zip(line.word(lane).to_le_bytes()) {
                        *out = scale * (i32::from(byte) - zero) as f32 - minimum;
                    }
                }
            },
        );
    }
}
