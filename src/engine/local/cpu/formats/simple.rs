//! Blocks of 32 numbers with one scale: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.

use crate::models::gguf::GgmlType;

use super::{Base, Format, Halves, Line, Simd, Simple, copy_words, half, moved, word};

/// Numbers 0 to 15 lie in the lower nibbles of four words, 16 to 31 in the upper.
#[inline(always)]
fn nibble<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
    let words = simd.load(&lines[word % 4]);
    simd.and(moved(simd, words, word / 4 * 4, 0), simd.splat(0x0f0f_0f0f))
}

/// A nibble with a fifth bit, from a word as [`spread`] makes it.
#[inline(always)]
fn nibble_and_fifth<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
    let fifth = moved(simd, simd.load(&lines[0]), word, 4);
    simd.or(
        nibble(simd, &lines[1..], word),
        simd.and(fifth, simd.splat(0x1010_1010)),
    )
}

/// Moves bit `4 i + j` to bit `i` of byte `j`, so that a shift brings four numbers' bits into their bytes at once.
fn spread(bits: u32) -> u32 {
    let mut out = 0;
    for i in 0..8 {
        for j in 0..4 {
            out |= (bits >> (4 * i + j) & 1) << (8 * j + i);
        }
    }
    out
}

/// A scale alone.
#[inline(always)]
fn scale<S: Simd>(simd: S, halves: Halves<'_>) -> [S::Floats; 2] {
    [simd.widen_f16(halves[0]), simd.zero_floats()]
}

/// A number is `scale * byte + addend`.
#[inline(always)]
fn scale_and_addend<S: Simd>(simd: S, halves: Halves<'_>) -> [S::Floats; 2] {
    let minimum = simd.sub(simd.zero_floats(), simd.widen_f16(halves[1]));
    [simd.widen_f16(halves[0]), minimum]
}

macro_rules! simple {
    ($name:ident: $halves:literal halves, $words:literal words, $bits:literal bits, $base:expr,
        $split:expr, $bytes:ident, $factors:ident) => {
        pub struct $name;

        impl Format for $name {
            const TYPE: GgmlType = GgmlType::$name;
            const HALVES: usize = $halves;
            const WORDS: usize = $words;
            const BITS: u32 = $bits;
            const BASE: Base = $base;

            fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
                for (i, to) in halves.iter_mut().enumerate() {
                    *to = half(block, 2 * i);
                }
                $split(&block[2 * $halves..], words);
            }

            #[inline(always)]
            fn bytes<S: Simd>(simd: S, lines: &[Line], _: usize, word: usize) -> S::Words {
                $bytes(simd, lines, word)
            }
        }

        impl Simple for $name {
            #[inline(always)]
            fn factors<S: Simd>(simd: S, halves: Halves<'_>) -> [S::Floats; 2] {
                $factors(simd, halves)
            }
        }
    };
}

fn split_nibbles(block: &[u8], words: &mut [u32]) {
    copy_words(block, 0, words);
}

fn split_nibbles_and_fifth(block: &[u8], words: &mut [u32]) {
    words[0] = spread(word(block, 0));
    copy_words(block, 4, &mut words[1..]);
}

/// Signed bytes become unsigned ones with their zero at 128.
fn split_bytes(block: &[u8], words: &mut [u32]) {
    copy_words(block, 0, words);
    for word in words {
        *word ^= 0x8080_8080;
    }
}

#[inline(always)]
fn byte<S: Simd>(simd: S, lines: &[Line], word: usize) -> S::Words {
    simd.load(&lines[word])
}

simple!(Q4_0: 1 halves, 4 words, 4 bits, Base::Zero(3), split_nibbles, nibble, scale);
simple!(Q4_1: 2 halves, 4 words, 4 bits, Base::Minimum, split_nibbles, nibble, scale_and_addend);
simple!(Q5_0: 1 halves, 5 words, 5 bits, Base::Zero(4), split_nibbles_and_fifth, nibble_and_fifth, scale);
simple!(Q5_1: 2 halves, 5 words, 5 bits, Base::Minimum, split_nibbles_and_fifth, nibble_and_fifth, scale_and_addend);
simple!(Q8_0: 1 halves, 8 words, 8 bits, Base::Zero(7), split_bytes, byte, scale);
