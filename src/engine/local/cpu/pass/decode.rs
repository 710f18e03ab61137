//! One token.

use crate::engine::local::config::ModelConfig;
use crate::engine::local::cpu::attention::{CHUNK, attend, merge, partial_len};
use crate::engine::local::cpu::formats::GROUP;
use crate::engine::local::cpu::kernels::{Column, RECORD, Rounded, matvec, quantise, rms_norm, swiglu};
use crate::engine::local::cpu::pool::Team;
use crate::engine::local::cpu::shared::Shared;
use crate::engine::local::cpu::simd::{LANES, Simd};
use crate::engine::local::cpu::weights::Roundings;

use super::{Local, Pass, Stack};

/// Numbers that the partial results of one token take.
pub fn partials_len(config: &ModelConfig, context: usize) -> usize {
    config.heads * context.div_ceil(CHUNK) * partial_len(config.head_dim)
}

/// Computes one token; every thread of the team calls it.
pub fn decode<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>) {
    let (model, buffers) = (pass.model, pass.buffers);
    let width = model.config.width;
    let local = &mut *buffers.local(team);
    pass.embed(simd, team);
    for (index, layer) in model.layers.iter().enumerate() {
        // SAFETY: as of each `read` in this function: the buffer was written in phases before, and is not in this one.
        let residual = unsafe { buffers.residual.read(0..width) };
        let column = norm_and_quantise(
            simd,
            pass,
            residual,
            &layer.attention_norm,
            Roundings::of(&layer.projections),
            local,
        );
        let projections = pass.matrices(layer.projections.each_ref());
        multiply(
            simd,
            team,
            &projections,
            column,
            &buffers.projected,
            |out, rows| {
                out.copy_from_slice(&layer.biases[rows]);
            },
        );

        attention(simd, team, pass, index, local);
        let column = attended(simd, pass, Roundings::of([&layer.attention_output]), local);
        let output = pass.matrices([&layer.attention_output]);
        multiply(simd, team, &output, column, &buffers.residual, |_, _| {});

        // SAFETY: as above.
        let residual = unsafe { buffers.residual.read(0..width) };
        let column = norm_and_quantise(
            simd,
            pass,
            residual,
            &layer.feed_forward_norm,
            Roundings::of([&layer.gate, &layer.up]),
            local,
        );
        let [gate, up] = [&layer.gate, &layer.up].map(|slot| model.weights.matrix(slot));
        let step = Stack([gate, up]).decode_step(team.threads()).div_ceil(2);
        team.each(gate.tiles(), step, |tiles| {
            for tile in tiles {
                let [mut gated, mut upped] = [[0.0; LANES]; 2];
                matvec(simd, gate, tile..tile + 1, column, &mut gated);
                matvec(simd, up, tile..tile + 1, column, &mut upped);
                let start = tile * LANES;
                // SAFETY: the rows of this tile are this item's.
                let out = unsafe { buffers.hidden.write(start..start + LANES) };
                if let Some(out) = out.first_chunk_mut() {
                    swiglu(simd, &gated, &upped, out);
                }
            }
        });

        // SAFETY: as above.
        let hidden = unsafe { buffers.hidden.read(0..model.config.hidden) };
        let column = quantised(simd, hidden, Roundings::of([&layer.down]), &mut local.records);
        let down = pass.matrices([&layer.down]);
        multiply(simd, team, &down, column, &buffers.residual, |_, _| {});
    }
    if !pass.wanted.is_empty() {
        pass.logits(simd, team, 0, local);
    }
}

/// A column of activations in this thread's memory.
fn quantised<'a, S: Simd>(
    simd: S,
    floats: &'a [f32],
    roundings: Roundings,
    records: &'a mut [Vec<i32>; 2],
) -> Column<'a> {
    for rounding in roundings.iter() {
        let records = &mut records[rounding as usize];
        records.resize(floats.len() / GROUP * RECORD, 0);
        quantise(simd, floats, rounding, (0, 1), records);
    }
    let [groups, blocks] = records;
    Column {
        records: Rounded { groups, blocks },
        floats,
    }
}

/// The input of a layer's half, computed by each thread for itself: cheaper than to wait for each other.
pub fn norm_and_quantise<'a, S: Simd>(
    simd: S,
    pass: &Pass<'_>,
    residual: &[f32],
    norm: &[f32],
    roundings: Roundings,
    local: &'a mut Local,
) -> Column<'a> {
    let floats = &mut local.floats;
    floats.resize(residual.len(), 0.0);
    rms_norm(simd, residual, norm, pass.model.config.epsilon, floats);
    quantised(simd, floats, roundings, &mut local.records)
}

/// A phase that adds a product with one column to `out`, whose parts are made ready by `begin`.
pub fn multiply<S: Simd, const N: usize>(
    simd: S,
    team: &Team<'_>,
    stack: &Stack<'_, N>,
    column: Column<'_>,
    out: &Shared<f32>,
    begin: impl Fn(&mut [f32], std::ops::Range<usize>),
) {
    team.each(stack.tiles(), stack.decode_step(team.threads()), |tiles| {
        for piece in stack.pieces(tiles) {
            // SAFETY: the rows of these tiles are this item's, and the column is in other memory.
            let out = unsafe { out.write(piece.rows.clone()) };
            begin(out, piece.rows);
            matvec(simd, piece.matrix, piece.tiles, column, out);
        }
    });
}

/// The phase from projections to partial results: an item is a chunk of positions for the queries of one KV head.
fn attention<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>, layer: usize, local: &mut Local) {
    let config = &pass.model.config;
    let (dim, group) = (config.head_dim, config.heads / config.kv_heads);
    let position = pass.tokens[0].position;
    let chunks = (position + 1).div_ceil(CHUNK);
    let visible = pass.visible(position);
    team.each(config.kv_heads * chunks, 1, |items| {
        for item in items {
            let (kv_head, chunk) = (item / chunks, item % chunks);
            if chunk == chunks - 1 {
                // SAFETY: projections were written in the phase before. Only this item touches the token's sixteen
                // positions: they lie in the last chunk.
                unsafe { pass.remember(simd, layer, kv_head, 0..1, local) };
            }
            let len = group * partial_len(dim);
            // SAFETY: this part is this item's.
            let partials = unsafe { pass.buffers.partials.write(item * len..(item + 1) * len) };
            for first in (0..group).step_by(S::QUERIES) {
                let count = S::QUERIES.min(group - first);
                local.queries.resize(count * dim, 0.0);
                for i in 0..count {
                    let head = kv_head * group + first + i;
                    // SAFETY: projections were written in the phase before.
                    unsafe { pass.query(simd, layer, head, 0, (i, count), local) };
                }
                // SAFETY: this chunk's positions are written by no other item.
                let cache = unsafe { pass.runs[0].cache.head(layer, kv_head) };
                let partials = &mut partials[first * partial_len(dim)..][..count * partial_len(dim)];
                let visible = vec![visible.clone(); count];
                attend(simd, cache, &local.queries, &visible, chunk, partials);
            }
        }
    });
}

/// The attention of all heads, joined and quantised by each thread for itself.
fn attended<'a, S: Simd>(simd: S, pass: &Pass<'_>, roundings: Roundings, local: &'a mut Local) -> Column<'a> {
    let config = &pass.model.config;
    let (dim, group) = (config.head_dim, config.heads / config.kv_heads);
    let chunks = (pass.tokens[0].position + 1).div_ceil(CHUNK);
    let len = partial_len(dim);
    // SAFETY: written in the phase before only.
    let partials = unsafe { pass.buffers.partials.read(0..config.heads * chunks * len) };
    local.floats.resize(config.heads * dim, 0.0);
    for (head, out) in local.floats.chunks_exact_mut(dim).enumerate() {
        let of_chunk = |chunk: usize| {
            let place = (head / group * chunks + chunk) * group + head % group;
            &partials[place * len..(place + 1) * len]
        };
        merge((0..chunks).map(of_chunk), out);
    }
    quantised(simd, &local.floats, roundings, &mut local.records)
}
