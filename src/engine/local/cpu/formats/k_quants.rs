//! Blocks of 256 numbers whose scales are themselves quantised: Q2_K to Q6_K.

use crate::models::gguf::GgmlType;

use super::{Base, Format, Group, Halves, Line, Simd, copy_words, half};

/// Byte `i` of each word, as a float.
#[inline(always)]
fn byte<S: Simd>(simd: S, words: S::Words, i: usize) -> S::Floats {
    simd.to_floats(simd.and(simd.shr(words, 8 * i as u32), simd.splat(0xff)))
}

/// Byte `i` of each word as a signed number.
#[inline(always)]
fn signed_byte<S: Simd>(simd: S, words: S::Words, i: usize) -> S::Floats {
    simd.to_floats(simd.shr_signed(simd.shl(words, 24 - 8 * i as u32), 24))
}

/// The eight lines from `from` on, shifted right and masked.
#[inline(always)]
fn field<S: Simd>(simd: S, lines: &[Line], shift: u32, mask: i32) -> [S::Words; 8] {
    let mask = simd.splat(mask);
    let mut bytes = [mask; 8];
    for i in 0..8 {
        bytes[i] = simd.and(simd.shr(simd.load(&lines[i]), shift), mask);
    }
    bytes
}

/// Adds a bit field, moved up by `up`, to `bytes`.
#[inline(always)]
fn join<S: Simd>(simd: S, bytes: &mut [S::Words; 8], fields: [S::Words; 8], up: u32) {
    for i in 0..8 {
        bytes[i] = simd.or(bytes[i], simd.shl(fields[i], up));
    }
}

pub struct Q2K;

impl Format for Q2K {
    const TYPE: GgmlType = GgmlType::Q2_K;
    const HALVES: usize = 2;
    const WORDS: usize = 20;
    const HALVED: bool = true;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 80), half(block, 82)]);
        copy_words(block, 0, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let (scale, minimum) = (simd.widen_f16(halves[0]), simd.widen_f16(halves[1]));
        let nibbles = simd.splat(0x0f0f_0f0f);
        for i in 0..8 {
            // Two groups share a word of scales (lower nibbles) and minimums (upper).
            let word = simd.load(&lines[i / 2]);
            let (low, high) = (simd.and(word, nibbles), simd.and(simd.shr(word, 4), nibbles));
            let at = 2 * (i % 2);
            let bytes = field(simd, &lines[4 + 8 * (i / 4)..], 2 * (i % 4) as u32, 0x0303_0303);
            let scales = [
                simd.mul(scale, byte(simd, low, at)),
                simd.mul(scale, byte(simd, low, at + 1)),
            ];
            let minimums = [
                simd.mul(minimum, byte(simd, high, at)),
                simd.mul(minimum, byte(simd, high, at + 1)),
            ];
            emit(
                i,
                Group {
                    bytes,
                    scales,
                    minimums,
                },
            );
        }
    }
}

pub struct Q3K;

impl Format for Q3K {
    const TYPE: GgmlType = GgmlType::Q3_K;
    const HALVES: usize = 1;
    const WORDS: usize = 27;
    const HALVED: bool = true;
    const BASE: Base = Base::Zero(2);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 108);
        copy_words(block, 0, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let scale = simd.widen_f16(halves[0]);
        let upper = simd.load(&lines[26]);
        for i in 0..8 {
            // Word `i / 2` of the six-bit scales: four bits in the first two words, two bits in the third.
            let quarter = i / 2;
            let low = simd.shr(simd.load(&lines[24 + quarter % 2]), 4 * (quarter / 2) as u32);
            let high = simd.shr(upper, 2 * quarter as u32);
            let low = simd.and(low, simd.splat(0x0f0f_0f0f));
            let high = simd.shl(simd.and(high, simd.splat(0x0303_0303)), 4);
            let word = simd.or(low, high);
            let middle = simd.splat_float(32.0);
            let at = 2 * (i % 2);
            let scales = [
                simd.mul(scale, simd.sub(byte(simd, word, at), middle)),
                simd.mul(scale, simd.sub(byte(simd, word, at + 1), middle)),
            ];
            let mut bytes = field(simd, &lines[8 + 8 * (i / 4)..], 2 * (i % 4) as u32, 0x0303_0303);
            join(simd, &mut bytes, field(simd, lines, i as u32, 0x0101_0101), 2);
            emit(
                i,
                Group {
                    bytes,
                    scales,
                    minimums: [simd.zero_floats(); 2],
                },
            );
        }
    }
}

/// The eight six-bit scales and minimums of Q4_K and Q5_K, as words of four bytes.
#[inline(always)]
fn scales_and_minimums<S: Simd>(simd: S, lines: &[Line]) -> [[S::Words; 2]; 2] {
    let [a, b, c] = [simd.load(&lines[0]), simd.load(&lines[1]), simd.load(&lines[2])];
    let six = simd.splat(0x3f3f_3f3f);
    let four = simd.splat(0x0f0f_0f0f);
    let upper = simd.splat(0x3030_3030);
    let scales = simd.or(simd.and(c, four), simd.and(simd.shr(a, 2), upper));
    let minimums = simd.or(simd.and(simd.shr(c, 4), four), simd.and(simd.shr(b, 2), upper));
    [[simd.and(a, six), scales], [simd.and(b, six), minimums]]
}

pub struct Q4K;

impl Format for Q4K {
    const TYPE: GgmlType = GgmlType::Q4_K;
    const HALVES: usize = 2;
    const WORDS: usize = 35;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        copy_words(block, 4, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let (scale, minimum) = (simd.widen_f16(halves[0]), simd.widen_f16(halves[1]));
        let [scales, minimums] = scales_and_minimums(simd, lines);
        for pair in 0..4 {
            for side in 0..2 {
                let at = 2 * (pair % 2) + side;
                let bytes = field(simd, &lines[3 + 8 * pair..], 4 * side as u32, 0x0f0f_0f0f);
                emit(
                    2 * pair + side,
                    Group {
                        bytes,
                        scales: [simd.mul(scale, byte(simd, scales[pair / 2], at)); 2],
                        minimums: [simd.mul(minimum, byte(simd, minimums[pair / 2], at)); 2],
                    },
                );
            }
        }
    }
}

pub struct Q5K;

impl Format for Q5K {
    const TYPE: GgmlType = GgmlType::Q5_K;
    const HALVES: usize = 2;
    const WORDS: usize = 43;
    const BASE: Base = Base::Minimum;

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves.copy_from_slice(&[half(block, 0), half(block, 2)]);
        copy_words(block, 4, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let (scale, minimum) = (simd.widen_f16(halves[0]), simd.widen_f16(halves[1]));
        let [scales, minimums] = scales_and_minimums(simd, lines);
        for i in 0..8 {
            let mut bytes = field(simd, &lines[11 + 8 * (i / 2)..], 4 * (i % 2) as u32, 0x0f0f_0f0f);
            join(
                simd,
                &mut bytes,
                field(simd, &lines[3..], i as u32, 0x0101_0101),
                4,
            );
            emit(
                i,
                Group {
                    bytes,
                    scales: [simd.mul(scale, byte(simd, scales[i / 4], i % 4)); 2],
                    minimums: [simd.mul(minimum, byte(simd, minimums[i / 4], i % 4)); 2],
                },
            );
        }
    }
}

pub struct Q6K;

impl Format for Q6K {
    const TYPE: GgmlType = GgmlType::Q6_K;
    const HALVES: usize = 1;
    const WORDS: usize = 52;
    const HALVED: bool = true;
    const BASE: Base = Base::Zero(5);

    fn split(block: &[u8], halves: &mut [u16], words: &mut [u32]) {
        halves[0] = half(block, 208);
        copy_words(block, 0, words);
    }

    #[inline(always)]
    fn unpack<S: Simd>(simd: S, halves: Halves<'_>, lines: &[Line], mut emit: impl FnMut(usize, Group<S>)) {
        let scale = simd.widen_f16(halves[0]);
        for i in 0..8 {
            let (part, quarter) = (i / 4, i % 4);
            let nibbles = &lines[16 * part + 8 * (quarter % 2)..];
            let mut bytes = field(simd, nibbles, 4 * (quarter / 2) as u32, 0x0f0f_0f0f);
            join(
                simd,
                &mut bytes,
                field(simd, &lines[32 + 8 * part..], 2 * quarter as u32, 0x0303_0303),
                4,
            );
            let word = simd.load(&lines[48 + i / 2]);
            let at = 2 * (i % 2);
            let scales = [
                simd.mul(scale, signed_byte(simd, word, at)),
                simd.mul(scale, signed_byte(simd, word, at + 1)),
            ];
            emit(
                i,
                Group {
                    bytes,
                    scales,
                    minimums: [simd.zero_floats(); 2],
                },
            );
        }
    }
}
