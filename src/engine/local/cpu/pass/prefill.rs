//! Several tokens.

use std::ops::Range;

use crate::engine::local::cpu::attention::{CHUNK, attend, merge, partial_len};
use crate::engine::local::cpu::formats::GROUP;
use crate::engine::local::cpu::kernels::{
    Columns, RECORD, Rounded, Scratch, add_assign, column_blocks, matmul, quantise, rms_norm, swiglu,
};
use crate::engine::local::cpu::pool::Team;
use crate::engine::local::cpu::shared::Shared;
use crate::engine::local::cpu::simd::{LANES, Simd};
use crate::engine::local::cpu::weights::{Matrix, Roundings, Slot};

use super::{Pass, Stack, projected_len};

/// Computes several tokens; every thread of the team calls it.
pub fn prefill<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>) {
    let (model, buffers, tokens) = (pass.model, pass.buffers, pass.ids.len());
    let config = &model.config;
    let local = &mut *buffers.local(team);
    pass.embed(simd, team);
    for (index, layer) in model.layers.iter().enumerate() {
        norm(
            simd,
            team,
            pass,
            &layer.attention_norm,
            Roundings::of(&layer.projections),
        );
        let columns = columns(pass, &buffers.normed, config.width);
        let projections = pass.matrices(layer.projections.each_ref());
        let step = tiles_at_a_time(config.width);
        let stride = projected_len(config);
        team.each(projections.tiles(), step, |tiles| {
            for piece in projections.pieces(tiles) {
                let panel = product(
                    simd,
                    piece.matrix,
                    piece.tiles,
                    columns,
                    &mut local.scratch,
                    &mut local.panel,
                );
                spread(
                    panel,
                    tokens,
                    piece.rows,
                    &buffers.projected,
                    stride,
                    |out, sums, rows| {
                        out.copy_from_slice(&layer.biases[rows]);
                        add_assign(out, sums);
                    },
                );
            }
        });

        remember(simd, team, pass, index, local);
        attention(simd, team, pass, index, local);
        let width = config.heads * config.head_dim;
        quantise_all(
            simd,
            team,
            pass,
            &buffers.attended,
            width,
            Roundings::of([&layer.attention_output]),
        );
        add_product(
            simd,
            team,
            pass,
            &layer.attention_output,
            &buffers.attended,
            local,
        );

        norm(
            simd,
            team,
            pass,
            &layer.feed_forward_norm,
            Roundings::of([&layer.gate, &layer.up]),
        );
        feed_forward(
            simd,
            team,
            pass,
            [&layer.gate, &layer.up].map(|slot| model.weights.matrix(slot)),
            local,
        );
        quantise_all(
            simd,
            team,
            pass,
            &buffers.hidden,
            config.hidden,
            Roundings::of([&layer.down]),
        );
        add_product(simd, team, pass, &layer.down, &buffers.hidden, local);
    }
    if pass.logits {
        pass.logits(simd, team, tokens - 1, local);
    }
}

/// Tiles an item: more where a tile's columns are unpacked in several stretches, so that activations are reused.
fn tiles_at_a_time(columns: usize) -> usize {
    if columns > 2048 { 4 } else { 2 }
}

/// The input of a phase's products, as quantised in the phase before.
fn columns<'a>(pass: &'a Pass<'_>, floats: &'a Shared<f32>, width: usize) -> Columns<'a> {
    let count = pass.ids.len();
    // SAFETY: both were written in the phase before, and are not until the phase after.
    unsafe {
        let [groups, blocks] = &pass.buffers.records;
        let len = count * (width / GROUP) * RECORD;
        Columns {
            records: Rounded {
                groups: groups.read(0..len),
                blocks: blocks.read(0..len),
            },
            floats: floats.read(0..count * width),
            count,
        }
    }
}

/// A phase that norms the residual stream and quantises the result.
fn norm<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>, norm: &[f32], roundings: Roundings) {
    let (buffers, config) = (pass.buffers, &pass.model.config);
    let width = config.width;
    each_block(simd, team, pass, (width, roundings), |tokens| {
        for token in tokens.clone() {
            let range = token * width..(token + 1) * width;
            // SAFETY: the residual is only read in this phase; the normed row is this item's.
            let (row, normed) =
                unsafe { (buffers.residual.read(range.clone()), buffers.normed.write(range)) };
            rms_norm(simd, row, norm, config.epsilon, normed);
        }
        // SAFETY: these rows are this item's.
        unsafe { buffers.normed.read(tokens.start * width..tokens.end * width) }
    });
}

/// A phase that quantises rows of `width`.
fn quantise_all<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    rows: &Shared<f32>,
    width: usize,
    roundings: Roundings,
) {
    each_block(simd, team, pass, (width, roundings), |tokens| {
        // SAFETY: the rows are only read in this phase.
        unsafe { rows.read(tokens.start * width..tokens.end * width) }
    });
}

/// A phase that quantises the rows which `rows` makes of blocks of tokens.
fn each_block<'a, S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    (width, roundings): (usize, Roundings),
    rows: impl Fn(Range<usize>) -> &'a [f32],
) {
    let blocks: Vec<_> = column_blocks::<S>(pass.ids.len()).collect();
    let record = width / GROUP * RECORD;
    team.each(blocks.len(), 1, |items| {
        for tokens in &blocks[items] {
            let rows = rows(tokens.clone());
            for rounding in roundings.iter() {
                let records = &pass.buffers.records[rounding as usize];
                // SAFETY: the records of these tokens are this item's.
                let records = unsafe { records.write(tokens.start * record..tokens.end * record) };
                for (column, row) in rows.chunks_exact(width).enumerate() {
                    quantise(simd, row, rounding, (column, tokens.len()), records);
                }
            }
        }
    });
}

/// Multiplies into the thread's panel.
fn product<'a, S: Simd>(
    simd: S,
    matrix: Matrix<'_>,
    tiles: Range<usize>,
    columns: Columns<'_>,
    scratch: &mut Scratch,
    panel: &'a mut Vec<[f32; LANES]>,
) -> &'a [[f32; LANES]] {
    panel.clear();
    panel.resize(tiles.len() * columns.count, [0.0; LANES]);
    matmul(simd, matrix, tiles, columns, scratch, panel);
    panel
}

/// Hands the sums of a panel, whose rows are `rows` of a token's row in `out`, to `put` with their place and row numbers.
fn spread(
    panel: &[[f32; LANES]],
    tokens: usize,
    rows: Range<usize>,
    out: &Shared<f32>,
    stride: usize,
    put: impl Fn(&mut [f32], &[f32], Range<usize>),
) {
    for (tile, sums) in panel.chunks_exact(tokens).enumerate() {
        let rows = rows.start + tile * LANES..rows.end.min(rows.start + (tile + 1) * LANES);
        for (token, sums) in sums.iter().enumerate() {
            // SAFETY: these rows of every token are the calling item's.
            let out = unsafe { out.write(token * stride + rows.start..token * stride + rows.end) };
            put(out, sums, rows.clone());
        }
    }
}

/// A phase that adds a product to the residual stream.
fn add_product<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    slot: &Slot,
    input: &Shared<f32>,
    local: &mut super::Local,
) {
    let matrix = pass.model.weights.matrix(slot);
    let columns = columns(pass, input, matrix.columns());
    let stack = Stack([matrix]);
    let width = pass.model.config.width;
    team.each(stack.tiles(), tiles_at_a_time(matrix.columns()), |tiles| {
        for piece in stack.pieces(tiles) {
            let panel = product(
                simd,
                matrix,
                piece.tiles,
                columns,
                &mut local.scratch,
                &mut local.panel,
            );
            let add = |out: &mut [f32], sums: &[f32], _| add_assign(out, sums);
            spread(
                panel,
                pass.ids.len(),
                piece.rows,
                &pass.buffers.residual,
                width,
                add,
            );
        }
    });
}

/// A phase from the normed input to the hidden numbers.
fn feed_forward<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    [gate, up]: [Matrix<'_>; 2],
    local: &mut super::Local,
) {
    let (buffers, tokens) = (pass.buffers, pass.ids.len());
    let columns = columns(pass, &buffers.normed, pass.model.config.width);
    let hidden = pass.model.config.hidden;
    team.each(gate.tiles(), 2, |tiles| {
        let panel = &mut local.panel;
        panel.clear();
        panel.resize(2 * tiles.len() * tokens, [0.0; LANES]);
        let (gated, upped) = panel.split_at_mut(tiles.len() * tokens);
        matmul(simd, gate, tiles.clone(), columns, &mut local.scratch, gated);
        matmul(simd, up, tiles.clone(), columns, &mut local.scratch, upped);
        for (index, (gated, upped)) in gated.iter().zip(upped.iter()).enumerate() {
            let start = index % tokens * hidden + (tiles.start + index / tokens) * LANES;
            // SAFETY: these rows of every token are this item's.
            let out = unsafe { buffers.hidden.write(start..start + LANES) };
            if let Some(out) = out.first_chunk_mut() {
                swiglu(simd, gated, upped, out);
            }
        }
    });
}

/// A phase that writes the cache: an item is one KV head at up to sixteen tokens, those of one sixteen of positions.
fn remember<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>, layer: usize, local: &mut super::Local) {
    let kv_heads = pass.model.config.kv_heads;
    let end = pass.start + pass.ids.len();
    let first = pass.start / LANES;
    team.each((end.div_ceil(LANES) - first) * kv_heads, 1, |items| {
        for item in items {
            let sixteen = (first + item / kv_heads) * LANES;
            let tokens = sixteen.max(pass.start) - pass.start..end.min(sixteen + LANES) - pass.start;
            // SAFETY: the projections are only read in this phase, and these sixteen positions are this item's.
            unsafe { pass.remember(simd, layer, item % kv_heads, tokens, local) };
        }
    });
}

/// A phase from queries and cache to attention: an item is one head of a few neighbouring tokens.
fn attention<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>, layer: usize, local: &mut super::Local) {
    let config = &pass.model.config;
    let (dim, group, tokens) = (config.head_dim, config.heads / config.kv_heads, pass.ids.len());
    let len = partial_len(dim);
    let blocks = tokens.div_ceil(S::QUERIES);
    team.each(config.heads * blocks, 1, |items| {
        for item in items {
            let (head, first) = (item / blocks, item % blocks * S::QUERIES);
            let queries = first..tokens.min(first + S::QUERIES);
            let count = queries.len();
            local.queries.resize(count * dim, 0.0);
            for (i, token) in queries.clone().enumerate() {
                // SAFETY: the projections are only read in this phase.
                unsafe { pass.query(simd, layer, head, token, (i, count), local) };
            }
            let visible: Vec<_> = queries
                .clone()
                .map(|token| pass.visible(pass.start + token))
                .collect();
            let chunks = visible[count - 1].end.div_ceil(CHUNK);
            local.partials.resize(chunks * count * len, 0.0);
            // SAFETY: the cache is only read in this phase.
            let block = |index| unsafe { pass.cache.read(index, layer, head / group) };
            for (chunk, partials) in local.partials.chunks_exact_mut(count * len).enumerate() {
                attend(simd, &local.queries, &visible, dim, chunk, block, partials);
            }
            for (i, token) in queries.enumerate() {
                let start = (token * config.heads + head) * dim;
                // SAFETY: this head of this token is this item's.
                let out = unsafe { pass.buffers.attended.write(start..start + dim) };
                merge(local.partials.chunks_exact(len).skip(i).step_by(count), out);
            }
        }
    });
}
