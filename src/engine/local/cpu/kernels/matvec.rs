//! Weights times one column: decoding. Bound by how fast weights come from memory.

use std::ops::Range;

use crate::engine::local::cpu::formats::{self, FloatFormat, Format, GROUP, Halves, with_format};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

use super::activations::{Column, RECORD, Record};
use super::block::{Block, ask_ahead};
use super::{k_quants, simple};

/// Adds `matrix[tiles] * x` to `out`, which holds the rows of those tiles.
pub fn matvec<S: Simd>(simd: S, matrix: Matrix<'_>, tiles: Range<usize>, x: Column<'_>, out: &mut [f32]) {
    for (tile, out) in tiles.zip(out.chunks_mut(LANES)) {
        let tile = matrix.tile(tile);
        let mut sums = [0.0; LANES];
        with_format!(matrix.encoding(),
            simple F => simd.vectorize(#[inline(always)] || {
                quantised::<S, F, simple::Packed<'_, F>>(simd, tile, x.records.groups, &mut sums);
            }),
            k_quant F => simd.vectorize(#[inline(always)] || {
                quantised::<S, F, k_quants::Packed<'_, F>>(simd, tile, x.records.blocks, &mut sums);
            }),
            float F => simd.vectorize(#[inline(always)] || float::<S, F>(simd, tile, x.floats, &mut sums)));
        for (out, sum) in out.iter_mut().zip(sums) {
            *out += sum;
        }
    }
}

#[inline(always)]
fn quantised<'a, S: Simd, F: Format, B: Block<S> + From<(Halves<'a>, &'a [Line])>>(
    simd: S,
    tile: &'a [Line],
    records: &[i32],
    out: &mut [f32; LANES],
) {
    let records: &[Record<1>] = records.as_chunks::<1>().0.as_chunks::<RECORD>().0;
    let groups = F::TYPE.block_len() / GROUP;
    let mut totals = [simd.zero_floats()];
    let blocks = formats::blocks::<F>(tile, records.len() / groups, 0);
    for ((halves, lines), records) in blocks.zip(records.chunks_exact(groups)) {
        ask_ahead(simd, lines);
        B::from((halves, lines)).add(simd, records, &mut totals);
    }
    simd.store_floats(totals[0], out);
}

#[inline(always)]
fn float<S: Simd, F: FloatFormat>(simd: S, tile: &[Line], x: &[f32], out: &mut [f32; LANES]) {
    let mut total = simd.zero_floats();
    for (column, x) in x.iter().enumerate() {
        total = simd.mul_add(F::column(simd, tile, column), simd.splat_float(*x), total);
    }
    simd.store_floats(total, out);
}
