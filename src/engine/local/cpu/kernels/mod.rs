//! The arithmetic of a pass: quantising activations, products with weights, and what lies between them.
//!
//! Owns computation on slices that one thread may touch. Does not own who computes what (that is `pass`).
//!
//! # Numerics
//! Activations are rounded to signed bytes as ggml does: with one scale for each 32 in products with blocks of 32, for each
//! 256 in products with K-quants. Products of bytes are summed exactly in 32 bits, with a K-quant's integer scales for the
//! whole block, and then scaled in f32. For one column the order of float operations is the same whatever the number of
//! columns, so a token's result does not depend on the batch that it was computed in.

mod activations;
mod block;
mod dequantise;
mod elementwise;
mod k_quants;
mod matmul;
mod matvec;
mod simple;
#[cfg(test)]
mod tests;

pub use activations::{Column, Columns, RECORD, Rounded, column_blocks, quantise};
pub use dequantise::dequantise_row;
pub use elementwise::{add_assign, rms_norm, swiglu};
pub use matmul::{Scratch, matmul};
pub use matvec::matvec;
