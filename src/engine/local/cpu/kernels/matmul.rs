//! Weights times several columns: prefill and batches. Bound by arithmetic.
//!
//! A tile is unpacked once, a stretch of columns at a time, into bytes and scales that stay in the first cache; then each block of activation columns runs over it with one register a column.

use std::ops::Range;

use crate::engine::local::cpu::formats::{self, BLOCK, FloatFormat, Format, GROUP, Halves, with_format};
use crate::engine::local::cpu::simd::{LANES, Line, Simd};
use crate::engine::local::cpu::weights::Matrix;

use super::activations::{Columns, RECORD, Record, column_blocks};
use super::block::{Block, Unpack, ask_ahead};
use super::{k_quants, simple};

/// Groups that are unpacked at a time: a whole number of blocks of every format, and few enough that they stay in the
/// first cache.
const STRETCH: usize = 24;

/// Columns whose activations stay in the second cache whatever else is read, so that weights are best read tile by tile,
/// as they lie; for more columns a stretch of several tiles shares the activations.
const FEW: usize = 32;

/// A thread's memory for unpacked weights.
pub struct Scratch {
    simple: Box<[simple::Unpacked]>,
    k_quants: Box<[k_quants::Unpacked]>,
}

impl Scratch {
    pub fn new() -> Self {
        Self {
            simple: vec![simple::Unpacked::ZERO; STRETCH].into_boxed_slice(),
            k_quants: vec![k_quants::Unpacked::ZERO; STRETCH * GROUP / BLOCK].into_boxed_slice(),
        }
    }
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
    simple F => {
        let memory = &mut scratch.simple;
        quantised::<S, F, simple::Packed<'_, F>>(simd, matrix, tiles, (x.records.groups, x.count), memory, out);
    },
    k_quant F => {
        let memory = &mut scratch.k_quants;
        quantised::<S, F, k_quants::Packed<'_, F>>(simd, matrix, tiles, (x.records.blocks, x.count), memory, out);
    },
    float F => {
        for (tile, out) in tiles.zip(out.chunks_exact_mut(x.count)) {
            let tile = matrix.tile(tile);
            simd.vectorize(#[inline(always)] || float::<S, F>(simd, tile, x, out));
        }
    });
}

fn quantised<'a, S: Simd, F: Format, B: Unpack<S> + From<(Halves<'a>, &'a [Line])>>(
    simd: S,
    matrix: Matrix<'a>,
    tiles: Range<usize>,
    (records, columns): (&[i32], usize),
    memory: &mut [B::Memory],
    out: &mut [[f32; LANES]],
) {
    let groups = matrix.columns() / GROUP;
    let per_block = F::TYPE.block_len() / GROUP;
    let mut tiles: Vec<_> = tiles.zip(out.chunks_exact_mut(columns)).collect();
    let side_by_side = if columns <= FEW { 1 } else { tiles.len().max(1) };
    for tiles in tiles.chunks_mut(side_by_side) {
        for start in (0..groups).step_by(STRETCH) {
            let stretch = start..groups.min(start + STRETCH);
            for (tile, out) in tiles.iter_mut() {
                let blocks = formats::blocks::<F>(matrix.tile(*tile), groups / per_block, start / per_block);
                let memory = &mut memory[..stretch.len() / per_block];
                simd.vectorize(
                    #[inline(always)]
                    || {
                        for ((halves, lines), to) in blocks.zip(memory.iter_mut()) {
                            ask_ahead(simd, lines);
                            B::from((halves, lines)).unpack(simd, to);
                        }
                    },
                );
                for block in column_blocks::<S>(columns) {
                    let record = RECORD * block.len();
                    let records = &records[RECORD * groups * block.start..];
                    let records = &records[record * stretch.start..record * stretch.end];
                    block_of_columns::<S, B>(simd, memory, per_block, records, &mut out[block]);
                }
            }
        }
    }
}

/// Multiplies unpacked weights with one block of columns, by the kernel compiled for its width.
fn block_of_columns<S: Simd, B: Unpack<S>>(
    simd: S,
    weights: &[B::Memory],
    per_block: usize,
    records: &[i32],
    out: &mut [[f32; LANES]],
) {
    macro_rules! run {
        ($columns:literal) => {{
            let (records, _) = records.as_chunks::<$columns>();
            let (records, _) = records.as_chunks::<RECORD>();
            if let Some(out) = out.first_chunk_mut::<$columns>() {
                simd.vectorize(
                    #[inline(always)]
                    || product::<S, B, $columns>(simd, weights, records.chunks_exact(per_block), out),
                );
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
fn product<'r, S: Simd, B: Unpack<S>, const C: usize>(
    simd: S,
    weights: &[B::Memory],
    records: impl Iterator<Item = &'r [Record<C>]>,
    out: &mut [[f32; LANES]; C],
) {
    let mut totals = [simd.zero_floats(); C];
    for c in 0..C {
        totals[c] = simd.load_floats(&out[c]);
    }
    for (weights, records) in weights.iter().zip(records) {
        B::apart(weights).add(simd, records, &mut totals);
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
