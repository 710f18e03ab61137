//! The arithmetic of a pass: quantising activations, products with weights, and what lies between them.
//!
//! Owns computation on slices that one thread may touch. Does not own who computes what (that is `pass`).
//!
//! # Numerics
//! Activations are rounded to signed bytes with one scale for each 32; products of bytes are summed exactly in 32 bits
//! and then scaled in f32. For one column the order of float operations is the same whatever the number of columns, so
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

/// What one group of weights, or half of one, adds to a column's total: the integer sum, scaled.
#[inline(always)]
fn accumulate<S: Simd, const MINIMUM: bool>(
    simd: S,
    total: S::Floats,
    sum: S::Words,
    scale: S::Floats,
    minimum: S::Floats,
    negated_sum: i32,
    activation_scale: f32,
) -> S::Floats {
    let mut part = simd.mul(simd.to_floats(sum), scale);
    if MINIMUM {
        part = simd.mul_add(minimum, simd.to_floats(simd.splat(negated_sum)), part);
    }
    simd.mul_add(part, simd.splat_float(activation_scale), total)
}
