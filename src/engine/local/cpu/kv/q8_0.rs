//! Numbers as bytes with an f16 scale for each 32 of a head (ggml's Q8_0; the last group of a head may be shorter).
//!
//! A key's scales lie as `[group][position % 16]` in its sixteen, a value's as `[position][group]`.

use super::{BLOCK, Numbers, Store, StoreMut};
use crate::engine::local::cpu::simd::{LANES, Simd};

/// Numbers that share a scale.
const GROUP: usize = 32;

pub struct Q8;

impl Numbers for Q8 {
    fn lens(dim: usize) -> [usize; 2] {
        [BLOCK * dim.div_ceil(GROUP), BLOCK * dim]
    }

    #[inline(always)]
    fn write_key<S: Simd>(simd: S, lane: usize, key: &[f32], to: StoreMut<'_>) {
        let mut bytes = [0; GROUP];
        let groups = key.chunks(GROUP).zip(to.bytes.chunks_mut(GROUP * LANES));
        for ((key, keys), scales) in groups.zip(to.halves.chunks_exact_mut(LANES)) {
            scales[lane] = quantise(simd, key, &mut bytes);
            for (byte, keys) in bytes.iter().zip(keys.chunks_exact_mut(LANES)) {
                keys[lane] = *byte;
            }
        }
    }

    #[inline(always)]
    fn write_value<S: Simd>(simd: S, row: usize, value: &[f32], to: StoreMut<'_>) {
        let groups = value.len().div_ceil(GROUP);
        let scales = &mut to.halves[row * groups..][..groups];
        let rows = &mut to.bytes[row * value.len()..][..value.len()];
        let mut bytes = [0; GROUP];
        for ((value, to), scale) in value.chunks(GROUP).zip(rows.chunks_mut(GROUP)).zip(scales) {
            *scale = quantise(simd, value, &mut bytes);
            to.copy_from_slice(&bytes[..to.len()]);
        }
    }

    #[inline(always)]
    fn scores<S: Simd, const N: usize>(
        simd: S,
        keys: Store<'_>,
        sixteen: usize,
        queries: &[[f32; N]],
    ) -> [S::Floats; N] {
        let mut totals = [simd.zero_floats(); N];
        let (bytes, _) = keys.bytes.as_chunks::<LANES>();
        let (scales, _) = keys.halves.as_chunks::<LANES>();
        let dim = queries.len();
        let bytes = bytes[sixteen * dim..][..dim].chunks(GROUP);
        let scales = &scales[sixteen * dim.div_ceil(GROUP)..];
        for ((bytes, queries), scale) in bytes.zip(queries.chunks(GROUP)).zip(scales) {
            let mut sums = [simd.zero_floats(); N];
            for (key, query) in bytes.iter().zip(queries) {
                let key = simd.widen_i8(key);
                for i in 0..N {
                    sums[i] = simd.mul_add(key, simd.splat_float(query[i]), sums[i]);
                }
            }
            let scale = simd.widen_f16(scale);
            for i in 0..N {
                totals[i] = simd.mul_add(sums[i], scale, totals[i]);
            }
        }
        totals
    }

    #[inline(always)]
    fn add_values<S: Simd, const N: usize>(
        simd: S,
        values: Store<'_>,
        (dim, start, count): (usize, usize, usize),
        weights: &[[f32; BLOCK]; N],
        mut sums: [S::Floats; N],
    ) -> [S::Floats; N] {
        let groups = dim.div_ceil(GROUP);
        // The scales of sixteen positions at a time, as floats.
        let mut scales = [0.0; LANES];
        for (position, row) in values.bytes.chunks_exact(dim).take(count.min(BLOCK)).enumerate() {
            if position.is_multiple_of(LANES) {
                let mut halves = [0; LANES];
                for (lane, half) in halves.iter_mut().enumerate() {
                    *half = values.halves[(position + lane) * groups + start / GROUP];
                }
                simd.store_floats(simd.widen_f16(&halves), &mut scales);
            }
            let Some(row) = row[start..].first_chunk() else {
                continue;
            };
            let row = simd.widen_i8(row);
            for i in 0..N {
                let weight = weights[i][position] * scales[position % LANES];
                sums[i] = simd.mul_add(row, simd.splat_float(weight), sums[i]);
            }
        }
        sums
    }
}

/// Rounds up to 32 numbers, sixteen or all of them, to bytes; returns the bits of their scale.
#[inline(always)]
fn quantise<S: Simd>(simd: S, numbers: &[f32], bytes: &mut [i8; GROUP]) -> u16 {
    let (sixteens, _) = numbers.as_chunks::<LANES>();
    let mut largest = simd.zero_floats();
    for numbers in sixteens {
        largest = simd.max(largest, simd.abs(simd.load_floats(numbers)));
    }
    let largest = simd.largest(largest);
    let inverse = simd.splat_float(if largest > 0.0 { 127.0 / largest } else { 0.0 });
    for (numbers, bytes) in sixteens.iter().zip(bytes.as_chunks_mut::<LANES>().0) {
        let words = simd.pack(simd.round(simd.mul(simd.load_floats(numbers), inverse)));
        for (word, bytes) in words.into_iter().zip(bytes.as_chunks_mut::<4>().0) {
            *bytes = word.to_le_bytes().map(|byte| byte as i8);
        }
    }
    let mut narrow = [0; LANES];
    simd.narrow_f16(simd.splat_float(largest / 127.0), &mut narrow);
    narrow[0]
}
