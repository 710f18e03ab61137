//! The KV cache: keys and values of every position so far, as f16.
//!
//! Grows a block of [`BLOCK`] positions at a time; forgetting positions only moves a number. Within a block each layer's
//! head has its keys as `[position / 16][dim][position % 16]`, so that sixteen positions' scores are sixteen lanes, and
//! its values as `[position][dim]`.

use std::ops::Range;

use super::shared::Shared;
use super::simd::{LANES, Simd};

/// Positions that memory is taken for at a time.
pub const BLOCK: usize = 64;

pub struct Cache {
    layers: usize,
    heads: usize,
    dim: usize,
    blocks: Vec<Shared<u16>>,
}

/// Keys and values of one head in one block.
#[derive(Clone, Copy)]
pub struct HeadBlock<'a> {
    pub keys: &'a [u16],
    pub values: &'a [u16],
}

impl Cache {
    pub fn new(layers: usize, heads: usize, dim: usize) -> Self {
        Self {
            layers,
            heads,
            dim,
            blocks: Vec::new(),
        }
    }

    /// Takes memory for `positions` positions, where there is less.
    pub fn reserve(&mut self, positions: usize) {
        while self.blocks.len() * BLOCK < positions {
            self.blocks
                .push(Shared::new(self.layers * self.heads * self.head_len()));
        }
    }

    fn head_len(&self) -> usize {
        2 * BLOCK * self.dim
    }

    fn start(&self, layer: usize, head: usize) -> usize {
        (layer * self.heads + head) * self.head_len()
    }

    /// # Safety
    /// No thread writes this layer's head in this block while the result is used.
    pub unsafe fn read(&self, block: usize, layer: usize, head: usize) -> HeadBlock<'_> {
        let start = self.start(layer, head);
        // SAFETY: the caller's promise.
        let both = unsafe { self.blocks[block].read(start..start + self.head_len()) };
        let (keys, values) = both.split_at(BLOCK * self.dim);
        HeadBlock { keys, values }
    }

    /// Writes `positions`, which lie in one sixteen. `row` gives the key and the value of each, `dim` numbers both.
    ///
    /// # Safety
    /// No other thread touches this layer's head at any of the sixteen positions.
    pub unsafe fn write<'a, S: Simd>(
        &self,
        simd: S,
        layer: usize,
        head: usize,
        positions: Range<usize>,
        mut row: impl FnMut(usize) -> [&'a [f32]; 2],
    ) {
        let block = &self.blocks[positions.start / BLOCK];
        let start = self.start(layer, head);
        let sixteen = LANES * self.dim;
        let keys = start + positions.start % BLOCK / LANES * sixteen;
        let values = keys + BLOCK * self.dim;
        // SAFETY: both ranges hold just the sixteen positions that are the caller's.
        let (keys, values) = unsafe {
            (
                block.write(keys..keys + sixteen),
                block.write(values..values + sixteen),
            )
        };
        for position in positions {
            let lane = position % LANES;
            let [key, value] = row(position);
            let values = &mut values[lane * self.dim..][..self.dim];
            simd.vectorize(
                #[inline(always)]
                || write_lane(simd, lane, key, value, keys, values),
            );
        }
    }
}

/// Writes one position's key into its lane and its value into its row.
#[inline(always)]
fn write_lane<S: Simd>(
    simd: S,
    lane: usize,
    key: &[f32],
    value: &[f32],
    keys: &mut [u16],
    values: &mut [u16],
) {
    let mut narrow = [0; LANES];
    for (key, keys) in key.as_chunks().0.iter().zip(keys.chunks_exact_mut(LANES * LANES)) {
        simd.narrow_f16(simd.load_floats(key), &mut narrow);
        for (number, keys) in narrow.iter().zip(keys.chunks_exact_mut(LANES)) {
            keys[lane] = *number;
        }
    }
    for (value, to) in value.as_chunks().0.iter().zip(values.as_chunks_mut().0) {
        simd.narrow_f16(simd.load_floats(value), to);
    }
}
