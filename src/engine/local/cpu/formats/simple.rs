//! Blocks of 32 numbers with one scale: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.

use crate::models::gguf::GgmlType;

use super::{Base, Format, Group, Halves, Line, Simd, copy_words, half, word};

const NIBBLES: i32 = 0x0f0f_0f0f;

/// Numbers 0 to 15 in the lower nibbles of four words, 16 to 31 in the upper.
#[inline(always)]
fn nibbles<S: Simd>(simd: S, lines: &[Line]) -> [S::Words; 8] {
    let mask = simd.splat(NIBBLES);
    let mut bytes = [mask; 8];
    for i in 0..4 {
        let word = simd.load(&lines[i]);
        bytes[i] = simd.and(word, mask);
        bytes[4 + i] = simd.and(simd.shr(word, 4), mask);
    }
    bytes
}

/// Nibbles with a fifth bit, from a word as [`spread`] makes it.
#[inline(always)]
fn nibbles_and_fifth<S: Simd>(simd: S, lines: &[Line]) -> [S::Words; 8] {
    let fifth = simd.load(&lines[0]);
    let mask = simd.splat(0x1010_1010);
    let mut bytes = nibbles(simd, &lines[1..]);
    for i in 0..4 {
        bytes[i] = simd.or(bytes[i], simd.and(simd.shl(fifth, 4 - i as u32), mask));
        bytes[4 + i] = simd.or(bytes[4 + i], simd.and(simd.shr(fifth, i as u32), mask));
    }
    bytes
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

/// `scale * byte + addend`.
#[inline(always)]
fn with_addend<S: Simd>(simd: S, bytes: [S::Words; 8], halves: Halves<'_>) -> Group<S> {
    let minimum = simd.sub(simd.zero_floats(), simd.widen_f16(halves[1]));
    Group {
        bytes,
        scales: [simd.widen_f16(halves[0]); 2],
        minimums: [minimum; 2],
    }
}

pub struct Q4_0;

impl Format for Q4_0 {
    const TYPE: GgmlType = GgmlType::Q4_0;
    const HALVES: usize = 1;
    const WORDS: usize = 4;
    const BASE: Base = Base::Zero(3);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 0);
        copy_words(block, 2, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        emit(
            0,
            Group::scaled(simd, nibbles(simd, lines), simd.widen_f16(halves[0])),
        );
    }
}

pub struct Q4_1;

impl Format for Q4_1 {
    const TYPE: GgmlType = GgmlType::Q4_1;
    const HALVES: usize = 2;
    const WORDS: usize = 4;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        copy_words(block, 4, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        emit(0, with_addend(simd, nibbles(simd, lines), halves));
    }
}

pub struct Q5_0;

impl Format for Q5_0 {
    const TYPE: GgmlType = GgmlType::Q5_0;
    const HALVES: usize = 1;
    const WORDS: usize = 5;
    const BASE: Base = Base::Zero(4);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 0);
        words[0] = spread(word(block, 2));
        copy_words(block, 6, &mut words[1..]);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        emit(
            0,
            Group::scaled(simd, nibbles_and_fifth(simd, lines), simd.widen_f16(halves[0])),
        );
    }
}

pub struct Q5_1;

impl Format for Q5_1 {
    const TYPE: GgmlType = GgmlType::Q5_1;
    const HALVES: usize = 2;
    const WORDS: usize = 5;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        words[0] = spread(word(block, 4));
        copy_words(block, 8, &mut words[1..]);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        emit(0, with_addend(simd, nibbles_and_fifth(simd, lines), halves));
    }
}

pub struct Q8_0;

impl Format for Q8_0 {
    const TYPE: GgmlType = GgmlType::Q8_0;
    const HALVES: usize = 1;
    const WORDS: usize = 8;
    const BASE: Base = Base::Zero(7);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 0);
        copy_words(block, 2, words);
        for word in words {
            *word ^= 0x8080_8080;
        }
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let mut bytes = [simd.zero(); 8];
        for i in 0..8 {
            bytes[i] = simd.load(&lines[i]);
        }
        emit(0, Group::scaled(simd, bytes, simd.widen_f16(halves[0])));
    }
}
