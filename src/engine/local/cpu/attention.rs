//! Softmax attention of a few queries over one head of the cache.
//!
//! The cache is taken a [`CHUNK`] of positions at a time, each chunk giving a partial result that [`merge`] joins. Chunks
//! lie at fixed positions, so a query's result does not depend on how many threads or queries shared the work.

use std::ops::Range;

use super::kv::{BLOCK, CacheType, F16, Head, HeadBlock, Numbers, Q8};
use super::simd::{LANES, Simd};

/// Positions of a partial result.
pub const CHUNK: usize = 4 * BLOCK;

/// A query's partial result, in memory: `dim` weighted sums, the greatest score, the sum of the weights.
pub const fn partial_len(dim: usize) -> usize {
    dim + 2
}

/// Attends `queries.len() / dim` queries, up to [`Simd::QUERIES`], to chunk `chunk`; writes a partial result each.
///
/// `queries` are scaled already and lie dimension by dimension, all queries of one together. Query `i` sees the
/// positions `visible[i]`.
pub fn attend<S: Simd>(
    simd: S,
    head: Head<'_>,
    queries: &[f32],
    visible: &[Range<usize>],
    chunk: usize,
    partials: &mut [f32],
) {
    macro_rules! run {
        ($numbers:ty: $($count:literal)*) => {
            match visible.len() {
                $($count if S::QUERIES >= $count => {
                    let (queries, _) = queries.as_chunks::<$count>();
                    let Some(visible) = visible.first_chunk::<$count>() else { return };
                    simd.vectorize(
                        #[inline(always)]
                        || kernel::<S, $numbers, $count>(simd, head, queries, visible, chunk, partials),
                    );
                })*
                _ => {}
            }
        };
    }
    match head.stored() {
        CacheType::F16 => run!(F16: 1 2 3 4 5 6 7 8),
        CacheType::Q8_0 => run!(Q8: 1 2 3 4 5 6 7 8),
    }
}

#[inline(always)]
fn kernel<S: Simd, F: Numbers, const N: usize>(
    simd: S,
    head: Head<'_>,
    queries: &[[f32; N]],
    visible: &[Range<usize>; N],
    chunk: usize,
    partials: &mut [f32],
) {
    let dim = queries.len();
    let mut peaks = [f32::NEG_INFINITY; N];
    let mut sums = [0.0; N];
    partials.fill(0.0);
    let first_seen = visible.iter().map(|v| v.start).min().unwrap_or(0);
    let last_seen = visible.iter().map(|v| v.end).max().unwrap_or(0);
    for index in chunk * CHUNK / BLOCK..(chunk + 1) * CHUNK / BLOCK {
        let first = index * BLOCK;
        if first >= last_seen || first + BLOCK <= first_seen {
            continue;
        }
        let HeadBlock { keys, values } = head.block(index);
        let count = BLOCK.min(last_seen - first);
        // What lies beyond `count` is not computed, and gets no weight.
        let mut weights = [[0.0; BLOCK]; N];
        for sixteen in 0..count.div_ceil(LANES) {
            let scores = F::scores(simd, keys, sixteen, queries);
            for i in 0..N {
                if let Some(to) = weights[i].as_chunks_mut::<LANES>().0.get_mut(sixteen) {
                    simd.store_floats(scores[i], to);
                }
            }
        }
        for i in 0..N {
            let seen = visible[i].start.clamp(first, first + BLOCK) - first
                ..visible[i].end.clamp(first, first + BLOCK) - first;
            let partial = &mut partials[i * partial_len(dim)..][..dim];
            soften(simd, &mut weights[i], seen, &mut peaks[i], &mut sums[i], partial);
        }
        for start in (0..dim).step_by(LANES) {
            let mut sums = [simd.zero_floats(); N];
            for i in 0..N {
                if let Some(from) = partials[i * partial_len(dim) + start..].first_chunk() {
                    sums[i] = simd.load_floats(from);
                }
            }
            let sums = F::add_values(simd, values, (dim, start, count), &weights, sums);
            for i in 0..N {
                if let Some(to) = partials[i * partial_len(dim) + start..].first_chunk_mut() {
                    simd.store_floats(sums[i], to);
                }
            }
        }
    }
    for (i, partial) in partials.chunks_exact_mut(partial_len(dim)).enumerate() {
        partial[dim] = peaks[i];
        partial[dim + 1] = sums[i];
    }
}

/// Turns one query's scores of a block into weights relative to the greatest score so far, scaling down what was
/// summed before if this block raises it. Positions outside `seen` get no weight.
#[inline(always)]
fn soften<S: Simd>(
    simd: S,
    scores: &mut [f32; BLOCK],
    seen: Range<usize>,
    peak: &mut f32,
    sum: &mut f32,
    partial: &mut [f32],
) {
    if seen.is_empty() {
        scores.fill(0.0);
        return;
    }
    let outside = [0..seen.start, seen.end..BLOCK];
    for range in outside.clone() {
        scores[range].fill(f32::NEG_INFINITY);
    }
    let mut greatest = simd.splat_float(*peak);
    for scores in scores.as_chunks().0 {
        greatest = simd.max(simd.load_floats(scores), greatest);
    }
    let greatest = simd.largest(greatest);
    if greatest > *peak {
        let factor = (*peak - greatest).exp();
        *sum *= factor;
        for number in partial {
            *number *= factor;
        }
        *peak = greatest;
    }
    for scores in scores.as_chunks_mut().0 {
        let weights = simd.exp(simd.sub(simd.load_floats(scores), simd.splat_float(greatest)));
        simd.store_floats(weights, scores);
    }
    for range in outside {
        scores[range].fill(0.0);
    }
    let mut total = simd.zero_floats();
    for weights in scores.as_chunks().0 {
        total = simd.add(total, simd.load_floats(weights));
    }
    *sum += simd.sum(total);
}

/// Joins the partial results of one query into its attention, `dim` numbers.
pub fn merge<'a>(partials: impl Iterator<Item = &'a [f32]> + Clone, out: &mut [f32]) {
    let dim = out.len();
    let peak = partials.clone().map(|p| p[dim]).fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    out.fill(0.0);
    for partial in partials.filter(|p| p[dim + 1] > 0.0) {
        let factor = (partial[dim] - peak).exp();
        sum += partial[dim + 1] * factor;
        for (out, number) in out.iter_mut().zip(partial) {
            *out += number * factor;
        }
    }
    for out in out {
        *out /= sum;
    }
}
