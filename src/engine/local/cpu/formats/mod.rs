//! How weights are stored: the blocks of a GGUF, and the tiles they become.
//!
//! Owns one small type a format, which says how a block's bytes are taken apart and how sixteen rows of blocks are
//! turned back into integers and scales. Does not own memory (that is `weights`) nor products (that is `kernels`).
//!
//! # Tiles
//! A tile is sixteen rows of a matrix. Each row's block is split, without loss, into 16-bit halves (its f16 scales) and
//! 32-bit words (all else); a tile holds the first of these of all sixteen rows, then the second of all, and so on. So a
//! register that loads a line has one row in each lane, and a product needs no sum across lanes. The halves of all blocks
//! come first, padded to a line, then the words: a tile is as large as the rows it was made from.
//!
//! # Groups
//! Every format is read as groups of 32 numbers: unsigned bytes, four to a word in the order of the columns. A number is
//! `scale * (byte - zero)` for formats with a fixed zero, else `scale * byte - minimum`. There are two families: blocks
//! of 32, whose scale is a float ([`Simple`]), and blocks of 256, whose parts of 32 or 16 numbers have small integers
//! that the block's float is multiplied with ([`KQuant`]).
//!
//! Layouts follow ggml's `ggml-common.h` and `ggml-quants.c`.

mod float;
mod k_quants;
mod simple;
#[cfg(test)]
pub mod tests;

pub use float::{Bf16, F16, F32, FloatFormat};
pub use k_quants::{Q2K, Q3K, Q4K, Q5K, Q6K};
pub use simple::{Q4_0, Q4_1, Q5_0, Q5_1, Q8_0};

use crate::models::gguf::GgmlType;

use super::simd::{LANES, Line, Simd};

/// Evaluates one expression with `$format` as the type of an encoding, another for each family.
macro_rules! with_format {
    ($encoding:expr, quantised $format:ident => $quantised:expr, float $float:ident => $floats:expr) => {
        $crate::engine::local::cpu::formats::with_format!($encoding,
            simple $format => $quantised, k_quant $format => $quantised, float $float => $floats)
    };
    ($encoding:expr, simple $simple:ident => $simples:expr, k_quant $k_quant:ident => $k_quants:expr,
        float $float:ident => $floats:expr) => {{
        use $crate::engine::local::cpu::formats as known;
        match $encoding {
            known::Encoding::Q4_0 => {
                type $simple = known::Q4_0;
                $simples
            }
            known::Encoding::Q4_1 => {
                type $simple = known::Q4_1;
                $simples
            }
            known::Encoding::Q5_0 => {
                type $simple = known::Q5_0;
                $simples
            }
            known::Encoding::Q5_1 => {
                type $simple = known::Q5_1;
                $simples
            }
            known::Encoding::Q8_0 => {
                type $simple = known::Q8_0;
                $simples
            }
            known::Encoding::Q2K => {
                type $k_quant = known::Q2K;
                $k_quants
            }
            known::Encoding::Q3K => {
                type $k_quant = known::Q3K;
                $k_quants
            }
            known::Encoding::Q4K => {
                type $k_quant = known::Q4K;
                $k_quants
            }
            known::Encoding::Q5K => {
                type $k_quant = known::Q5K;
                $k_quants
            }
            known::Encoding::Q6K => {
                type $k_quant = known::Q6K;
                $k_quants
            }
            known::Encoding::F32 => {
                type $float = known::F32;
                $floats
            }
            known::Encoding::F16 => {
                type $float = known::F16;
                $floats
            }
            known::Encoding::Bf16 => {
                type $float = known::Bf16;
                $floats
            }
        }
    }};
}
pub(in crate::engine::local::cpu) use with_format;

/// Numbers of a group.
pub const GROUP: usize = 32;

/// Numbers of a block of the K-quants.
pub const BLOCK: usize = 256;

/// A quantised format.
pub trait Format {
    const TYPE: GgmlType;
    /// 16-bit halves a block.
    const HALVES: usize;
    /// 32-bit words a block.
    const WORDS: usize;
    /// Bytes are below two to this power.
    const BITS: u32;
    /// What a byte is relative to.
    const BASE: Base;

    /// Takes a block apart, into `HALVES` halves and `WORDS` words.
    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]);

    /// Word `word`, of eight, of group `group` of a block: four bytes of each row. `lines` are the `WORDS` lines of the
    /// block.
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words;
}

/// A format with blocks of 32 numbers.
pub trait Simple: Format {
    /// The scale, and the minimum (zero unless the format has one).
    fn factors<S: Simd>(simd: S, halves: Halves<'_>) -> [S::Floats; 2];
}

/// A format with blocks of 256 numbers in parts, each with a scale and perhaps a minimum of at most eight bits. The
/// block's first half is what scales are multiplied with, the second what minimums are.
pub trait KQuant: Format {
    /// Numbers a part: 16 or 32.
    const PART: usize;

    /// The scales of parts `4 * word` to `4 * word + 3`, a signed byte each.
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words;

    /// The same of minimums; of scales again in formats with a fixed zero, where they weigh the zero.
    #[inline(always)]
    fn minimums<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        Self::scales(simd, lines, word)
    }
}

/// The f16 scales of a block: the first, and the second where there is one.
pub type Halves<'a> = [&'a [u16; LANES]; 2];

/// What a byte of a format is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The zero is two to this power.
    Zero(u32),
    /// A minimum comes with each scale.
    Minimum,
}

/// Moves bit `from` of each byte, and those above it, to place `to`.
#[inline(always)]
fn moved<S: Simd>(simd: S, words: S::Words, from: usize, to: usize) -> S::Words {
    if from > to {
        simd.shr(words, (from - to) as u32)
    } else {
        simd.shl(words, (to - from) as u32)
    }
}

/// How activations are rounded to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Each 32 have a scale.
    Groups,
    /// Each 256 have a scale.
    Blocks,
}

impl Rounding {
    pub const ALL: [Self; 2] = [Self::Groups, Self::Blocks];

    /// Activations that share a scale.
    pub fn span(self) -> usize {
        match self {
            Self::Groups => GROUP,
            Self::Blocks => BLOCK,
        }
    }
}

/// The formats that a matrix may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    F32,
    F16,
    Bf16,
}

impl Encoding {
    pub fn of(dtype: GgmlType) -> Option<Self> {
        Some(match dtype {
            GgmlType::Q4_0 => Self::Q4_0,
            GgmlType::Q4_1 => Self::Q4_1,
            GgmlType::Q5_0 => Self::Q5_0,
            GgmlType::Q5_1 => Self::Q5_1,
            GgmlType::Q8_0 => Self::Q8_0,
            GgmlType::Q2_K => Self::Q2K,
            GgmlType::Q3_K => Self::Q3K,
            GgmlType::Q4_K => Self::Q4K,
            GgmlType::Q5_K => Self::Q5K,
            GgmlType::Q6_K => Self::Q6K,
            GgmlType::F32 => Self::F32,
            GgmlType::F16 => Self::F16,
            GgmlType::BF16 => Self::Bf16,
            _ => return None,
        })
    }

    /// How activations are rounded in products with this; not at all for floats.
    pub fn rounding(self) -> Option<Rounding> {
        with_format!(self,
            simple _F => Some(Rounding::Groups),
            k_quant _F => Some(Rounding::Blocks),
            float _F => None)
    }
}

/// The sizes of a tile of `F`.
pub struct TileShape<F>(std::marker::PhantomData<F>);

impl<F: Format> TileShape<F> {
    /// Lines that the halves of `blocks` blocks take.
    pub const fn header_lines(blocks: usize) -> usize {
        (blocks * F::HALVES).div_ceil(2)
    }

    pub const fn lines(blocks: usize) -> usize {
        Self::header_lines(blocks) + blocks * F::WORDS
    }
}

/// Writes up to sixteen rows of blocks, `row_bytes` each, into a zeroed tile.
pub fn pack_tile<F: Format>(rows: &[u8], row_bytes: usize, tile: &mut [Line]) {
    let block_bytes = F::TYPE.block_bytes();
    let blocks = row_bytes / block_bytes;
    let (header, body) = tile.split_at_mut(TileShape::<F>::header_lines(blocks));
    let mut halves = [0; 2];
    let mut words = [0; 64];
    for block in 0..blocks {
        let lines = &mut body[block * F::WORDS..][..F::WORDS];
        for (lane, row) in rows.chunks_exact(row_bytes).enumerate() {
            let bytes = &row[block * block_bytes..][..block_bytes];
            F::split(bytes, &mut halves[..F::HALVES], &mut words[..F::WORDS]);
            for (line, word) in lines.iter_mut().zip(words) {
                line.set_word(lane, word);
            }
            for (i, half) in halves[..F::HALVES].iter().enumerate() {
                let at = block * F::HALVES + i;
                header[at / 2].halves_mut()[at % 2][lane] = *half;
            }
        }
    }
}

/// The halves and lines of the blocks of a tile, which has `blocks` of them, from `first` on.
#[inline(always)]
pub fn blocks<F: Format>(
    tile: &[Line],
    blocks: usize,
    first: usize,
) -> impl Iterator<Item = (Halves<'_>, &[Line])> {
    let (header, body) = tile.split_at(TileShape::<F>::header_lines(blocks));
    body.chunks_exact(F::WORDS)
        .enumerate()
        .skip(first)
        .map(move |(block, lines)| {
            let halves = if F::HALVES == 2 {
                let pair = header[block].halves();
                [&pair[0], &pair[1]]
            } else {
                [&header[block / 2].halves()[block % 2]; 2]
            };
            (halves, lines)
        })
}

fn word(block: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]])
}

fn half(block: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([block[at], block[at + 1]])
}

/// The words of `block` from byte `from` on.
fn copy_words(block: &[u8], from: usize, words: &mut [u32]) {
    for (to, bytes) in words.iter_mut().zip(block[from..].as_chunks().0) {
        *to = u32::from_le_bytes(*bytes);
    }
}
