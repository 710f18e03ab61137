//! What products see of weights: blocks of sixteen rows, packed as tiles hold them or taken apart in a thread's memory; and
//! how weights are asked for before they are needed.

use crate::engine::local::cpu::simd::{Line, Simd};

use super::activations::Record;

/// A block of sixteen rows.
pub trait Block<S: Simd> {
    /// Adds the block's product with the records of its activations, one a group, to `C` columns of sixteen rows. A
    /// column's float operations are the same, in the same order, whatever `C` is and however the block is stored.
    fn add<const C: usize>(&self, simd: S, records: &[Record<C>], totals: &mut [S::Floats; C]);
}

/// A packed block, and what it is taken apart to.
pub trait Unpack<S: Simd> {
    type Memory;
    type Apart<'m>: Block<S>;

    fn unpack(&self, simd: S, to: &mut Self::Memory);

    /// `from` as [`Self::unpack`] left it.
    fn apart(from: &Self::Memory) -> Self::Apart<'_>;
}

/// How many lines ahead weights are asked for: into the first cache, and into the second.
const NEAR: usize = 32;
const FAR: usize = 256;

/// Asks for what lies behind the lines of a block, before they are used.
#[inline(always)]
pub fn ask_ahead<S: Simd>(simd: S, lines: &[Line]) {
    for line in lines {
        simd.prefetch(line, NEAR, FAR);
    }
}
