//! Formats without scales: F32, F16, BF16. A tile holds its rows' numbers column by column.

use super::{LANES, Line, Simd};

/// A format whose numbers are floats.
pub trait FloatFormat {
    /// Columns that a line holds of each row.
    const PER_LINE: usize;

    /// Writes one row's bytes into its lane of a tile.
    fn pack_row(row: &[u8], lane: usize, tile: &mut [Line]);

    /// The numbers of sixteen rows in one column.
    fn column<S: Simd>(simd: S, tile: &[Line], column: usize) -> S::Floats;
}

pub struct F32;

impl FloatFormat for F32 {
    const PER_LINE: usize = 1;

    fn pack_row(row: &[u8], lane: usize, tile: &mut [Line]) {
        for (bytes, line) in row.as_chunks().0.iter().zip(tile) {
            line.set_word(lane, u32::from_le_bytes(*bytes));
        }
    }

    #[inline(always)]
    fn column<S: Simd>(simd: S, tile: &[Line], column: usize) -> S::Floats {
        simd.as_floats(simd.load(&tile[column]))
    }
}

fn pack_halves(row: &[u8], lane: usize, tile: &mut [Line]) {
    let columns = tile.iter_mut().flat_map(|line| line.halves_mut());
    for (bytes, column) in row.as_chunks().0.iter().zip(columns) {
        column[lane] = u16::from_le_bytes(*bytes);
    }
}

#[inline(always)]
fn half_column(tile: &[Line], column: usize) -> &[u16; LANES] {
    &tile[column / 2].halves()[column % 2]
}

pub struct F16;

impl FloatFormat for F16 {
    const PER_LINE: usize = 2;

    fn pack_row(row: &[u8], lane: usize, tile: &mut [Line]) {
        pack_halves(row, lane, tile);
    }

    #[inline(always)]
    fn column<S: Simd>(simd: S, tile: &[Line], column: usize) -> S::Floats {
        simd.widen_f16(half_column(tile, column))
    }
}

pub struct Bf16;

impl FloatFormat for Bf16 {
    const PER_LINE: usize = 2;

    fn pack_row(row: &[u8], lane: usize, tile: &mut [Line]) {
        pack_halves(row, lane, tile);
    }

    #[inline(always)]
    fn column<S: Simd>(simd: S, tile: &[Line], column: usize) -> S::Floats {
        simd.widen_bf16(half_column(tile, column))
    }
}
