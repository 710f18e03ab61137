//! The arithmetic of a pass: quantising activations, products with weights, and what lies between them.
//!
//! Owns computation on slices that one thread may touch. Does not own who computes what (that is `pass`).
//!
//! # Numerics
//! Activations are rounded to signed bytes with one scale for each block of the weights (32 or 256), as ggml does;
//! products of bytes are summed exactly in 32 bits and then scaled in f32. For one column the order of float operations is the same whatever the number of columns, so
//! a token's result does not depend on the batch that it was computed in.

mod activations;
mod dequantise;
mod elementwise;
mod matmul;
mod matvec;
#[cfg(test)]
mod tests;

pub use activations::{Column, Columns, RECORD, column_blocks, quantise};
pub use dequantise::dequantise_row;
pub use elementwise::{add_assign, rms_norm, swiglu};
pub use matmul::{Scratch, matmul};
pub use matvec::matvec;

use super::simd::Simd;
use activations::{NEGATED_SUM, Record, SCALE, SCALED_SUM};

/// What one group of weights, or half of one, adds to a column's total. `record` is the column's, `part` which half.
#[inline(always)]
fn accumulate<S: Simd, const C: usize, const HALVED: bool, const MINIMUM: bool>(
    simd: S,
    total: S::Floats,
    sum: S::Words,
    [scale, minimum]: [S::Floats; 2],
    (record, column, part): (&Record<C>, usize, usize),
) -> S::Floats {
    let activation_scale = simd.splat_float(f32::from_bits(record[SCALE][column] as u32));
    let mut total = simd.mul_add(simd.to_floats(sum), simd.mul(scale, activation_scale), total);
    if MINIMUM && HALVED {
        let negated_sum = simd.to_floats(simd.splat(record[NEGATED_SUM + 1 + part][column]));
        total = simd.mul_add(negated_sum, simd.mul(minimum, activation_scale), total);
    } else if MINIMUM {
        let scaled_sum = simd.splat_float(f32::from_bits(record[SCALED_SUM][column] as u32));
        total = simd.mul_add(minimum, scaled_sum, total);
    }
    total
}

/// Where an integer sum begins: what the weights' zero takes away.
#[inline(always)]
fn begin<S: Simd, const C: usize, const HALVED: bool>(
    simd: S,
    zero_bits: u32,
    (record, column, part): (&Record<C>, usize, usize),
) -> S::Words {
    let word = if HALVED {
        NEGATED_SUM + 1 + part
    } else {
        NEGATED_SUM
    };
    simd.shl(simd.splat(record[word][column]), zero_bits)
}
