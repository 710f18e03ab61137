//! Numbers as f16.

use super::{BLOCK, Numbers, Store, StoreMut};
use crate::engine::local::cpu::simd::{LANES, Simd};

pub struct F16;

impl Numbers for F16 {
    fn lens(dim: usize) -> [usize; 2] {
        [BLOCK * dim, 0]
    }

    #[inline(always)]
    fn write_key<S: Simd>(simd: S, lane: usize, key: &[f32], to: StoreMut<'_>) {
        let mut narrow = [0; LANES];
        let keys = to.halves.chunks_exact_mut(LANES * LANES);
        for (key, keys) in key.as_chunks().0.iter().zip(keys) {
            simd.narrow_f16(simd.load_floats(key), &mut narrow);
            for (number, keys) in narrow.iter().zip(keys.chunks_exact_mut(LANES)) {
                keys[lane] = *number;
            }
        }
    }

    #[inline(always)]
    fn write_value<S: Simd>(simd: S, row: usize, value: &[f32], to: StoreMut<'_>) {
        let to = &mut to.halves[row * value.len()..][..value.len()];
        for (value, to) in value.as_chunks().0.iter().zip(to.as_chunks_mut().0) {
            simd.narrow_f16(simd.load_floats(value), to);
        }
    }

    #[inline(always)]
    fn scores<S: Simd, const N: usize>(
        simd: S,
        keys: Store<'_>,
        sixteen: usize,
        queries: &[[f32; N]],
    ) -> [S::Floats; N] {
        let mut sums = [simd.zero_floats(); N];
        let (keys, _) = keys.halves.as_chunks::<LANES>();
        let keys = keys.iter().skip(sixteen * queries.len());
        for (key, query) in keys.zip(queries) {
            let key = simd.widen_f16(key);
            for i in 0..N {
                sums[i] = simd.mul_add(key, simd.splat_float(query[i]), sums[i]);
            }
        }
        sums
    }

    #[inline(always)]
    fn add_values<S: Simd, const N: usize>(
        simd: S,
        values: Store<'_>,
        (dim, start, count): (usize, usize, usize),
        weights: &[[f32; BLOCK]; N],
        mut sums: [S::Floats; N],
    ) -> [S::Floats; N] {
        let rows = values.halves.chunks_exact(dim);
        for (position, row) in rows.take(count.min(BLOCK)).enumerate() {
            let Some(row) = row[start..].first_chunk() else {
                continue;
            };
            let row = simd.widen_f16(row);
            for i in 0..N {
                sums[i] = simd.mul_add(row, simd.splat_float(weights[i][position]), sums[i]);
            }
        }
        sums
    }
}
