//! Blocks of 256 numbers whose scales are themselves quantised: Q2_K to Q6_K.

use crate::models::gguf::GgmlType;

use super::{Base, Format, KQuant, Line, Simd, copy_words, half, moved};

/// Bits `from` and up of each byte of a line, moved to place `to`, under a mask that is the same for each byte.
#[inline(always)]
fn field<S: Simd>(simd: S, line: &Line, from: usize, to: usize, mask: u8) -> S::Words {
    let mask = simd.splat(i32::from_le_bytes([mask; 4]));
    simd.and(moved(simd, simd.load(line), from, to), mask)
}

pub struct Q2K;

impl Format for Q2K {
    const TYPE: GgmlType = GgmlType::Q2_K;
    const HALVES: usize = 2;
    const WORDS: usize = 20;
    const BITS: u32 = 2;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 80), half(block, 82)]);
        copy_words(block, 0, words);
    }

    #[inline(always)]
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words {
        field(simd, &lines[4 + 8 * (group / 4) + word], 2 * (group % 4), 0, 0x03)
    }
}

impl KQuant for Q2K {
    const PART: usize = 16;

    #[inline(always)]
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        field(simd, &lines[word], 0, 0, 0x0f)
    }

    #[inline(always)]
    fn minimums<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        field(simd, &lines[word], 4, 0, 0x0f)
    }
}

pub struct Q3K;

impl Format for Q3K {
    const TYPE: GgmlType = GgmlType::Q3_K;
    const HALVES: usize = 1;
    const WORDS: usize = 27;
    const BITS: u32 = 3;
    const BASE: Base = Base::Zero(2);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 108);
        copy_words(block, 0, words);
        // Scales are relative to 32; with their sixth bit turned over that bit is their sign.
        words[26] ^= 0xaaaa_aaaa;
    }

    #[inline(always)]
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words {
        let low = field(simd, &lines[8 + 8 * (group / 4) + word], 2 * (group % 4), 0, 0x03);
        simd.or(low, field(simd, &lines[word], group, 2, 0x04))
    }
}

impl KQuant for Q3K {
    const PART: usize = 16;

    /// Four bits of a scale lie in the first two words, two bits in the third.
    #[inline(always)]
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        let low = field(simd, &lines[24 + word % 2], 4 * (word / 2), 0, 0x0f);
        let scales = simd.or(low, field(simd, &lines[26], 2 * word, 4, 0x30));
        let sign = simd.and(scales, simd.splat(0x2020_2020));
        simd.or(scales, simd.or(simd.shl(sign, 1), simd.shl(sign, 2)))
    }
}

/// Word `word` of the eight six-bit scales of Q4_K and Q5_K; of their minimums with `minimums`.
#[inline(always)]
fn six_bits<S: Simd>(simd: S, lines: &[Line], word: usize, minimums: bool) -> S::Words {
    let line = &lines[usize::from(minimums)];
    if word == 0 {
        field(simd, line, 0, 0, 0x3f)
    } else {
        let low = field(simd, &lines[2], if minimums { 4 } else { 0 }, 0, 0x0f);
        simd.or(low, field(simd, line, 6, 4, 0x30))
    }
}

pub struct Q4K;

impl Format for Q4K {
    const TYPE: GgmlType = GgmlType::Q4_K;
    const HALVES: usize = 2;
    const WORDS: usize = 35;
    const BITS: u32 = 4;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        copy_words(block, 4, words);
    }

    #[inline(always)]
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words {
        field(simd, &lines[3 + 8 * (group / 2) + word], 4 * (group % 2), 0, 0x0f)
    }
}

impl KQuant for Q4K {
    const PART: usize = 32;

    #[inline(always)]
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        six_bits(simd, lines, word, false)
    }

    #[inline(always)]
    fn minimums<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        six_bits(simd, lines, word, true)
    }
}

pub struct Q5K;

impl Format for Q5K {
    const TYPE: GgmlType = GgmlType::Q5_K;
    const HALVES: usize = 2;
    const WORDS: usize = 43;
    const BITS: u32 = 5;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        copy_words(block, 4, words);
    }

    #[inline(always)]
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words {
        let nibble = field(
            simd,
            &lines[11 + 8 * (group / 2) + word],
            4 * (group % 2),
            0,
            0x0f,
        );
        simd.or(nibble, field(simd, &lines[3 + word], group, 4, 0x10))
    }
}

impl KQuant for Q5K {
    const PART: usize = 32;

    #[inline(always)]
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        six_bits(simd, lines, word, false)
    }

    #[inline(always)]
    fn minimums<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        six_bits(simd, lines, word, true)
    }
}

pub struct Q6K;

impl Format for Q6K {
    const TYPE: GgmlType = GgmlType::Q6_K;
    const HALVES: usize = 1;
    const WORDS: usize = 52;
    const BITS: u32 = 6;
    const BASE: Base = Base::Zero(5);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 208);
        copy_words(block, 0, words);
    }

    #[inline(always)]
    fn bytes<S: Simd>(simd: S, lines: &[Line], group: usize, word: usize) -> S::Words {
        let (part, quarter) = (group / 4, group % 4);
        let nibbles = &lines[16 * part + 8 * (quarter % 2) + word];
        let nibble = field(simd, nibbles, 4 * (quarter / 2), 0, 0x0f);
        simd.or(
            nibble,
            field(simd, &lines[32 + 8 * part + word], 2 * quarter, 4, 0x30),
        )
    }
}

impl KQuant for Q6K {
    const PART: usize = 16;

    #[inline(always)]
    fn scales<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
        simd.load(&lines[48 + word])
    }
}
