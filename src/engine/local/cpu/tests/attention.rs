//! Attention against a plain softmax in f64.

use half::f16;

use super::file::Random;
use crate::engine::local::cpu::attention::{CHUNK, attend, merge, partial_len};
use crate::engine::local::cpu::kv::{BLOCK, Cache, CacheType, Shape};
use crate::engine::local::cpu::simd::{Isa, Portable, Simd, with_simd};

fn run<S: Simd>(simd: S, stored: CacheType, [positions, queries, dim]: [usize; 3], window: usize, size: f32) {
    let mut random = Random((positions * 31 + dim) as u64);
    let (keys, values) = (
        random.floats(positions * dim, size),
        random.floats(positions * dim, 2.0),
    );
    let mut cache = Cache::new(Shape {
        layers: 2,
        heads: 3,
        dim,
        stored,
    });
    cache.reserve(0..positions);
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
        let head = unsafe { cache.head(1, 2) };
        attend(simd, head, &transposed, &visible, chunk, partials);
    }
    let (keys, values) = (stored_as(stored, &keys, dim), stored_as(stored, &values, dim));
    for (i, seen) in visible.into_iter().enumerate() {
        let mut got = vec![0.0; dim];
        merge(partials.chunks_exact(len).skip(i).step_by(queries), &mut got);
        let score = |p: usize| -> f64 {
            query[i * dim..][..dim]
                .iter()
                .zip(&keys[p * dim..])
                .map(|(q, k)| f64::from(*q) * k)
                .sum()
        };
        let scores: Vec<f64> = seen.clone().map(score).collect();
        let peak = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = scores.iter().map(|s| (s - peak).exp()).collect();
        let sum: f64 = weights.iter().sum();
        for (d, got) in got.into_iter().enumerate() {
            let rows = seen.clone().zip(&weights);
            let exact: f64 = rows.map(|(p, w)| w * values[p * dim + d]).sum::<f64>() / sum;
            assert!(
                (f64::from(got) - exact).abs() < 1e-4,
                "{positions} positions, query {i}: {got} is not {exact}"
            );
        }
    }
}

/// What rows of `dim` numbers are after they were stored.
fn stored_as(stored: CacheType, numbers: &[f32], dim: usize) -> Vec<f64> {
    let narrow = |x: f32| f16::from_f32(x).to_f32();
    let rows = numbers.chunks(dim).flat_map(|row| row.chunks(32));
    let groups = rows.flat_map(|group| {
        let largest = group.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        let step = narrow(largest / 127.0);
        group.iter().map(move |x| match stored {
            CacheType::F16 => f64::from(narrow(*x)),
            CacheType::Q8_0 => f64::from((x * (127.0 / largest)).round_ties_even()) * f64::from(step),
        })
    });
    groups.collect()
}

#[test]
fn a_softmax_over_any_number_of_positions() {
    for isa in Isa::available() {
        with_simd!(isa, simd => run_all(simd));
    }
}

fn run_all<S: Simd>(simd: S) {
    for stored in CacheType::ALL {
        for positions in [8, 15, 16, 17, 63, 64, 65, 255, 256, 257, 300, 700] {
            for queries in 1..=S::QUERIES {
                run(simd, stored, [positions, queries, 48], usize::MAX, 0.5);
            }
            run(simd, stored, [positions, 3, 64], 20, 0.5);
            run(simd, stored, [positions, 3, 128], 300, 3.0);
        }
    }
}

#[test]
fn sequences_share_what_they_have_in_common_and_nothing_else() {
    let shape = Shape {
        layers: 1,
        heads: 1,
        dim: 16,
        stored: CacheType::F16,
    };
    let simd = Portable;
    let write = |cache: &mut Cache, positions: std::ops::Range<usize>, number: f32| {
        cache.reserve(positions.clone());
        let row = [number; 16];
        for position in positions {
            // SAFETY: no other thread has the cache.
            unsafe { cache.write(simd, 0, 0, position..position + 1, |_| [&row, &row]) };
        }
    };
    let value = |cache: &Cache, position: usize| {
        // SAFETY: no other thread has the cache.
        let block = unsafe { cache.head(0, 0) }.block(position / BLOCK);
        f16::from_bits(block.values.halves[position % BLOCK * 16]).to_f32()
    };
    let mut first = Cache::new(shape);
    write(&mut first, 0..BLOCK + 10, 1.0);
    let mut second = first.fork(BLOCK + 5);
    write(&mut second, BLOCK + 5..BLOCK + 8, 2.0);
    write(&mut first, BLOCK + 10..BLOCK + 11, 3.0);
    let row = |cache: &Cache| [0, BLOCK, BLOCK + 4, BLOCK + 5].map(|p| value(cache, p));
    assert_eq!(row(&first), [1.0; 4]);
    assert_eq!(row(&second), [1.0, 1.0, 1.0, 2.0]);
    assert_eq!(value(&first, BLOCK + 10), 3.0);
    let places = [&first, &second].map(|cache| {
        // SAFETY: no other thread has the cache.
        let head = unsafe { cache.head(0, 0) };
        [0, 1].map(|block| head.block(block).values.halves.as_ptr())
    });
    assert_eq!(places[0][0], places[1][0], "the first block is shared");
    assert_ne!(places[0][1], places[1][1]);
}
