//! One row of a matrix as floats: token embeddings.

use crate::engine::local::cpu::formats::{
    self, BLOCK, Base, FloatFormat, Format, GROUP, KQuant, Simple, with_format,
};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

/// Writes row `row` of `matrix` to `out`, which has one place for each column.
pub fn dequantise_row<S: Simd>(simd: S, matrix: Matrix<'_>, row: usize, out: &mut [f32]) {
    let (tile, lane) = (matrix.tile(row / LANES), row % LANES);
    with_format!(matrix.encoding(),
    simple F => simd.vectorize(#[inline(always)] || simple::<S, F>(simd, tile, lane, out)),
    k_quant F => simd.vectorize(#[inline(always)] || k_quant::<S, F>(simd, tile, lane, out)),
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
fn word_of<S: Simd>(simd: S, words: S::Words, lane: usize) -> u32 {
    let mut line = Line::ZERO;
    simd.store(words, &mut line);
    line.word(lane)
}

/// The four numbers of a row in one word of a group, before they are scaled.
#[inline(always)]
fn numbers<S: Simd, F: Format>(simd: S, lines: &[Line], group: usize, word: usize, lane: usize) -> [f32; 4] {
    let zero = match F::BASE {
        Base::Zero(bits) => 1 << bits,
        Base::Minimum => 0,
    };
    word_of(simd, F::bytes(simd, lines, group, word), lane)
        .to_le_bytes()
        .map(|byte| (i32::from(byte) - zero) as f32)
}

#[inline(always)]
fn simple<S: Simd, F: Simple>(simd: S, tile: &[Line], lane: usize, out: &mut [f32]) {
    let blocks = formats::blocks::<F>(tile, out.len() / GROUP, 0);
    for ((halves, lines), out) in blocks.zip(out.chunks_exact_mut(GROUP)) {
        let [scale, minimum] = F::factors(simd, halves).map(|floats| lane_of(simd, floats, lane));
        for (word, out) in out.as_chunks_mut().0.iter_mut().enumerate() {
            *out = numbers::<S, F>(simd, lines, 0, word, lane).map(|number| scale * number - minimum);
        }
    }
}

#[inline(always)]
fn k_quant<S: Simd, F: KQuant>(simd: S, tile: &[Line], lane: usize, out: &mut [f32]) {
    let blocks = formats::blocks::<F>(tile, out.len() / BLOCK, 0);
    for ((halves, lines), out) in blocks.zip(out.chunks_exact_mut(BLOCK)) {
        let [factor, minimum_factor] = halves.map(|half| lane_of(simd, simd.widen_f16(half), lane));
        for (half, out) in out.chunks_exact_mut(GROUP / 2).enumerate() {
            let part = GROUP / 2 * half / F::PART;
            let of_part =
                |bytes: S::Words| f32::from(word_of(simd, bytes, lane).to_le_bytes()[part % 4] as i8);
            let scale = factor * of_part(F::scales(simd, lines, part / 4));
            let minimum = match F::BASE {
                Base::Zero(_) => 0.0,
                Base::Minimum => minimum_factor * of_part(F::minimums(simd, lines, part / 4)),
            };
            for (word, out) in out.as_chunks_mut().0.iter_mut().enumerate() {
                *out = numbers::<S, F>(simd, lines, half / 2, 4 * (half % 2) + word, lane)
                    .map(|number| scale * number - minimum);
            }
        }
    }
}
