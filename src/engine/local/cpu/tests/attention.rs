//! Attention against a plain softmax in f64.

use half::f16;

use super::file::Random;
use crate::engine::local::cpu::attention::{CHUNK, attend, merge, partial_len};
use crate::engine::local::cpu::kv::Cache;
use crate::engine::local::cpu::simd::{Isa, Simd, with_simd};

fn run<S: Simd>(simd: S, positions: usize, queries: usize, dim: usize, window: usize, size: f32) {
    let mut random = Random((positions * 31 + dim) as u64);
    let (keys, values) = (
        random.floats(positions * dim, size),
        random.floats(positions * dim, 2.0),
    );
    let mut cache = Cache::new(2, 3, dim);
    cache.reserve(positions);
    for position in 0..positions {
        let row = |p: usize| [&keys[p * dim..][..dim], &values[p * dim..][..dim]];
        // SAFETY: no other thread has the cache.
        unsafe { cache.write(simd, 1, 2, position..position + 1, row) };
    }
    let query = random.floats(queries * dim, size);
    let mut transposed = vec![0.0; queries * dim];
    for (i, number) in query.iter().enumerate() {
        transposed[i % dim * queries + i / dim] = *number;
    }
    let visible: Vec<_> = (0..queries)
        .map(|i| {
            let end = positions - (queries - 1 - i);
            end.saturating_sub(window)..end
        })
        .collect();
    let len = partial_len(dim);
    let mut partials = vec![0.0; positions.div_ceil(CHUNK) * queries * len];
    for (chunk, partials) in partials.chunks_exact_mut(queries * len).enumerate() {
        // SAFETY: no other thread has the cache.
        attend(
            simd,
            &transposed,
            &visible,
            dim,
            chunk,
            |block| unsafe { cache.read(block, 1, 2) },
            partials,
        );
    }
    let narrow = |x: &f32| f64::from(f16::from_f32(*x).to_f32());
    for (i, seen) in visible.into_iter().enumerate() {
        let mut got = vec![0.0; dim];
        merge(partials.chunks_exact(len).skip(i).step_by(queries), &mut got);
        let score = |p: usize| -> f64 {
            query[i * dim..][..dim]
                .iter()
                .zip(&keys[p * dim..])
                .map(|(q, k)| f64::from(*q) * narrow(k))
                .sum()
        };
        let scores: Vec<f64> = seen.clone().map(score).collect();
        let peak = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scores.iter().map(|s| (s - peak).exp()).collect();
        let sum: f64 = weights.iter().sum();
        for (d, got) in got.into_iter().enumerate() {
            let rows = seen.clone().zip(&weights);
            let exact: f64 = rows.map(|(p, w)| w * narrow(&values[p * dim + d])).sum::<f64>() / sum;
            assert!(
                (f64::from(got) - exact).abs() < 1e-4,
                "{positions} positions, query {i}: {got} is not {exact}"
            );
        }
    }
}

#[test]
fn a_softmax_over_any_number_of_positions() {
    for isa in Isa::available() {
        with_simd!(isa, simd => run_all(simd));
    }
}

fn run_all<S: Simd>(simd: S) {
    for positions in [8, 15, 16, 17, 63, 64, 65, 255, 256, 257, 300, 700] {
        for queries in 1..=S::QUERIES {
            run(simd, positions, queries, 48, usize::MAX, 0.5);
        }
        run(simd, positions, 3, 64, 20, 0.5);
        run(simd, positions, 3, 128, 300, 3.0);
    }
}
