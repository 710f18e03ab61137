//! The KV cache: keys and values of every position of a sequence so far.
//!
//! Owns the memory of a sequence, how sequences share it, and the two forms that numbers are stored in ([`CacheType`]).
//!
//! Grows a block of [`BLOCK`] positions at a time; forgetting positions only moves a number that others own. A fork
//! shares all blocks with what it was forked from, and each of the two copies a block before it first writes to it.
//! Within a block each layer's head has its keys as `[position / 16][dim][position % 16]`, so that sixteen positions'
//! scores are sixteen lanes, and its values as `[position][dim]`.

mod f16;
mod q8_0;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use serde::Serialize;

use super::shared::Shared;
use super::simd::{LANES, Simd};

pub use f16::F16;
pub use q8_0::Q8;

/// Positions that memory is taken for at a time.
pub const BLOCK: usize = 64;

/// What the numbers of a KV cache are stored in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum CacheType {
    #[serde(rename = "f16")]
    /// 16 bits a number.
    #[default]
    F16,
    #[serde(rename = "q8_0")]
    /// 8.5 bits a number: bytes, with a scale for each 32 of a head (ggml's Q8_0). Slightly less exact.
    Q8_0,
}

impl CacheType {
    pub const ALL: [Self; 2] = [Self::F16, Self::Q8_0];

    pub fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Q8_0 => "q8_0",
        }
    }
}

impl fmt::Display for CacheType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for CacheType {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|known| known.name() == name)
            .ok_or_else(|| "f16 or q8_0".into())
    }
}

/// How numbers are stored, and what attention does with them.
pub trait Numbers {
    /// For [`Block::halves`] and [`Block::bytes`]: how many a head takes in a block, keys or values alone.
    fn lens(dim: usize) -> [usize; 2];

    /// Writes a key of `dim` numbers into lane `lane` of a sixteen.
    fn write_key<S: Simd>(simd: S, lane: usize, key: &[f32], to: StoreMut<'_>);

    /// Writes a value of `dim` numbers as row `row` of a sixteen.
    fn write_value<S: Simd>(simd: S, row: usize, value: &[f32], to: StoreMut<'_>);

    /// The scores of sixteen `positions / 16 == sixteen` for `N` queries, which lie dimension by dimension.
    fn scores<S: Simd, const N: usize>(
        simd: S,
        keys: Store<'_>,
        sixteen: usize,
        queries: &[[f32; N]],
    ) -> [S::Floats; N];

    /// With `place` as `(dim, start, count)`: adds numbers `start..start + 16` of the first `count` values, which have `dim`,
    /// to `sums`, by the queries' weights.
    fn add_values<S: Simd, const N: usize>(
        simd: S,
        values: Store<'_>,
        place: (usize, usize, usize),
        weights: &[[f32; BLOCK]; N],
        sums: [S::Floats; N],
    ) -> [S::Floats; N];
}

/// One head's keys, or values, in a block.
#[derive(Clone, Copy)]
pub struct Store<'a> {
    pub halves: &'a [u16],
    pub bytes: &'a [i8],
}

/// Those of sixteen positions, to be written.
pub struct StoreMut<'a> {
    pub halves: &'a mut [u16],
    pub bytes: &'a mut [i8],
}

/// Keys and values of one head in one block.
#[derive(Clone, Copy)]
pub struct HeadBlock<'a> {
    pub keys: Store<'a>,
    pub values: Store<'a>,
}

/// One head of a layer in the cache of a sequence, to be read.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    cache: &'a Cache,
    layer: usize,
    head: usize,
}

impl<'a> Head<'a> {
    pub fn stored(self) -> CacheType {
        self.cache.shape.stored
    }

    pub fn block(self, index: usize) -> HeadBlock<'a> {
        let block = &self.cache.blocks[index];
        let shape = &self.cache.shape;
        let [halves, bytes] = shape.lens();
        let [keys, values] = [0, 1].map(|which| {
            let place = shape.place(self.layer, self.head, which);
            // SAFETY: who made `self` promised that nobody writes it.
            unsafe {
                Store {
                    halves: block.halves.read(place * halves..(place + 1) * halves),
                    bytes: block.bytes.read(place * bytes..(place + 1) * bytes),
                }
            }
        });
        HeadBlock { keys, values }
    }
}

/// What does not change from sequence to sequence of a model.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub layers: usize,
    pub heads: usize,
    pub dim: usize,
    pub stored: CacheType,
}

impl Shape {
    /// Halves and bytes of a head's keys, or values, in a block.
    fn lens(&self) -> [usize; 2] {
        match self.stored {
            CacheType::F16 => F16::lens(self.dim),
            CacheType::Q8_0 => Q8::lens(self.dim),
        }
    }

    /// Where keys (`which == 0`) or values (1) of a head begin, in units of such lengths.
    fn place(&self, layer: usize, head: usize, which: usize) -> usize {
        (layer * self.heads + head) * 2 + which
    }
}

/// [`BLOCK`] positions of all layers and heads.
struct Block {
    halves: Shared<u16>,
    bytes: Shared<i8>,
}

impl Block {
    fn new(shape: &Shape) -> Self {
        let all = 2 * shape.layers * shape.heads;
        let [halves, bytes] = shape.lens().map(|len| len * all);
        Self {
            halves: Shared::new(halves),
            bytes: Shared::new(bytes),
        }
    }

    fn copy(&self) -> Self {
        // SAFETY: a shared block is written by nobody ([`Cache::reserve`]).
        unsafe {
            Self {
                halves: self.halves.copy(),
                bytes: self.bytes.copy(),
            }
        }
    }
}

/// The cache of one sequence.
pub struct Cache {
    shape: Shape,
    blocks: Vec<Arc<Block>>,
}

impl Cache {
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            blocks: Vec::new(),
        }
    }

    /// Bytes that a position takes.
    pub fn bytes_a_position(&self) -> usize {
        let [halves, bytes] = self.shape.lens();
        2 * self.shape.layers * self.shape.heads * (2 * halves + bytes) / BLOCK
    }

    /// A sequence that begins with the first `positions` of this one, whose memory the two share.
    pub fn fork(&self, positions: usize) -> Self {
        let blocks = positions.div_ceil(BLOCK).min(self.blocks.len());
        Self {
            shape: self.shape,
            blocks: self.blocks[..blocks].to_vec(),
        }
    }

    /// Makes `positions` ready to be written: memory of this sequence's own.
    pub fn reserve(&mut self, positions: Range<usize>) {
        while self.blocks.len() * BLOCK < positions.end {
            self.blocks.push(Arc::new(Block::new(&self.shape)));
        }
        for block in &mut self.blocks[positions.start / BLOCK..positions.end.div_ceil(BLOCK)] {
            if Arc::get_mut(block).is_none() {
                *block = Arc::new(block.copy());
            }
        }
    }

    /// # Safety
    /// Of the blocks that the result is asked for, no thread writes this layer's head meanwhile.
    pub unsafe fn head(&self, layer: usize, head: usize) -> Head<'_> {
        Head {
            cache: self,
            layer,
            head,
        }
    }

    /// Writes `positions`, which were reserved and lie in one sixteen. `row` gives the key and the value of each, `dim`
    /// numbers both.
    ///
    /// # Safety
    /// No other thread touches this layer's head at any of the sixteen positions.
    pub unsafe fn write<'a, S: Simd>(
        &self,
        simd: S,
        layer: usize,
        head: usize,
        positions: Range<usize>,
        row: impl FnMut(usize) -> [&'a [f32]; 2],
    ) {
        // SAFETY: the caller's promise.
        unsafe {
            match self.shape.stored {
                CacheType::F16 => self.write_as::<S, F16>(simd, layer, head, positions, row),
                CacheType::Q8_0 => self.write_as::<S, Q8>(simd, layer, head, positions, row),
            }
        }
    }

    /// # Safety
    /// As of [`Cache::write`].
    unsafe fn write_as<'a, S: Simd, F: Numbers>(
        &self,
        simd: S,
        layer: usize,
        head: usize,
        positions: Range<usize>,
        mut row: impl FnMut(usize) -> [&'a [f32]; 2],
    ) {
        let block = &self.blocks[positions.start / BLOCK];
        let sixteen = positions.start % BLOCK / LANES;
        for which in [0, 1] {
            let place = self.shape.place(layer, head, which);
            let [halves, bytes] = self.shape.lens().map(|len| {
                let of_sixteen = len / (BLOCK / LANES);
                let start = place * len + sixteen * of_sixteen;
                start..start + of_sixteen
            });
            for position in positions.clone() {
                let lane = position % LANES;
                let numbers = row(position)[which];
                // SAFETY: both ranges hold just the sixteen positions that are the caller's.
                let to = unsafe {
                    StoreMut {
                        halves: block.halves.write(halves.clone()),
                        bytes: block.bytes.write(bytes.clone()),
                    }
                };
                simd.vectorize(
                    #[inline(always)]
                    || match which {
                        0 => F::write_key(simd, lane, numbers, to),
                        _ => F::write_value(simd, lane, numbers, to),
                    },
                );
            }
        }
    }
}
