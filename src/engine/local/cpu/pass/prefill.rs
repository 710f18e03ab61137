//! Several tokens, of one sequence or of many.

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

use super::{Local, Pass, Stack, Token, projected_len};

/// Computes several tokens; every thread of the team calls it.
pub fn prefill<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>) {
    let (model, buffers, tokens) = (pass.model, pass.buffers, pass.tokens.len());
    let config = &model.config;
    let local = &mut *buffers.local(team);
    let sixteens = sixteens(pass);
    let queries = query_blocks(pass, S::QUERIES);
    pass.embed(simd, team);
    for (index, layer) in model.layers.iter().enumerate() {
        norm(
            simd,
            team,
            pass,
            &layer.attention_norm,
            Roundings::of(&layer.projections),
        );
        let columns = columns(pass, tokens, &buffers.normed, config.width);
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

        remember(simd, team, pass, index, &sixteens, local);
        attention(simd, team, pass, index, &queries, local);
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
    match pass.wanted[..] {
        [] => {}
        [token] => pass.logits(simd, team, token, local),
        _ => logits(simd, team, pass, local),
    }
}

/// Tiles an item: more where a tile's columns are unpacked in several stretches, so that activations are reused.
fn tiles_at_a_time(columns: usize) -> usize {
    if columns > 2048 { 4 } else { 2 }
}

/// The input of a phase's products, as quantised in the phase before.
fn columns<'a>(pass: &'a Pass<'_>, count: usize, floats: &'a Shared<f32>, width: usize) -> Columns<'a> {
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
    let all: Vec<usize> = (0..pass.tokens.len()).collect();
    norm_of(simd, team, pass, &all, norm, roundings);
}

/// The same for some tokens only, side by side.
fn norm_of<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    tokens: &[usize],
    norm: &[f32],
    roundings: Roundings,
) {
    let (buffers, config) = (pass.buffers, &pass.model.config);
    let width = config.width;
    each_block(simd, team, pass, (tokens.len(), width, roundings), |block| {
        for place in block.clone() {
            let token = tokens[place];
            // SAFETY: the residual is only read in this phase; the normed row is this item's.
            let (row, normed) = unsafe {
                (
                    buffers.residual.read(token * width..(token + 1) * width),
                    buffers.normed.write(place * width..(place + 1) * width),
                )
            };
            rms_norm(simd, row, norm, config.epsilon, normed);
        }
        // SAFETY: these rows are this item's.
        unsafe { buffers.normed.read(block.start * width..block.end * width) }
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
    each_block(
        simd,
        team,
        pass,
        (pass.tokens.len(), width, roundings),
        |tokens| {
            // SAFETY: the rows are only read in this phase.
            unsafe { rows.read(tokens.start * width..tokens.end * width) }
        },
    );
}

/// A phase that quantises `count` rows of `width` numbers, which `rows` makes block by block.
fn each_block<'a, S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    (count, width, roundings): (usize, usize, Roundings),
    rows: impl Fn(Range<usize>) -> &'a [f32],
) {
    let blocks: Vec<_> = column_blocks::<S>(count).collect();
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
    local: &mut Local,
) {
    let matrix = pass.model.weights.matrix(slot);
    let columns = columns(pass, pass.tokens.len(), input, matrix.columns());
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
                pass.tokens.len(),
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
    local: &mut Local,
) {
    let (buffers, tokens) = (pass.buffers, pass.tokens.len());
    let columns = columns(pass, tokens, &buffers.normed, pass.model.config.width);
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

/// The tokens of each run that lie in one sixteen of positions.
fn sixteens(pass: &Pass<'_>) -> Vec<Range<usize>> {
    let same = |a: &Token, b: &Token| a.run == b.run && a.position / LANES == b.position / LANES;
    let mut end = 0;
    let ranges = pass.tokens.chunk_by(same).map(|tokens| {
        end += tokens.len();
        end - tokens.len()..end
    });
    ranges.collect()
}

/// A phase that writes the cache: an item is one KV head at one of `sixteens`.
fn remember<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    layer: usize,
    sixteens: &[Range<usize>],
    local: &mut Local,
) {
    let kv_heads = pass.model.config.kv_heads;
    team.each(sixteens.len() * kv_heads, 1, |items| {
        for item in items {
            let tokens = sixteens[item / kv_heads].clone();
            // SAFETY: the projections are only read in this phase, and these sixteen positions are this item's.
            unsafe { pass.remember(simd, layer, item % kv_heads, tokens, local) };
        }
    });
}

/// Up to `most` queries of one run and KV head: query `i` is of token `i / group` and head `i % group` of the group.
fn query_blocks(pass: &Pass<'_>, most: usize) -> Vec<Range<usize>> {
    let group = pass.model.config.heads / pass.model.config.kv_heads;
    let mut blocks = Vec::new();
    let mut first = 0;
    for run in pass.runs {
        let end = first + run.ids.len() * group;
        blocks.extend(
            (first..end)
                .step_by(most)
                .map(|start| start..end.min(start + most)),
        );
        first = end;
    }
    blocks
}

/// A phase from queries and cache to attention: an item is one KV head for one of `blocks` of queries.
fn attention<S: Simd>(
    simd: S,
    team: &Team<'_>,
    pass: &Pass<'_>,
    layer: usize,
    blocks: &[Range<usize>],
    local: &mut Local,
) {
    let config = &pass.model.config;
    let (dim, group) = (config.head_dim, config.heads / config.kv_heads);
    let len = partial_len(dim);
    team.each(config.kv_heads * blocks.len(), 1, |items| {
        for item in items {
            let (kv_head, queries) = (item / blocks.len(), blocks[item % blocks.len()].clone());
            let count = queries.len();
            let place = |query: usize| (query / group, kv_head * group + query % group);
            local.queries.resize(count * dim, 0.0);
            for (i, (token, head)) in queries.clone().map(place).enumerate() {
                // SAFETY: the projections are only read in this phase.
                unsafe { pass.query(simd, layer, head, token, (i, count), local) };
            }
            let visible: Vec<_> = queries
                .clone()
                .map(|query| pass.visible(pass.tokens[query / group].position))
                .collect();
            let chunks = visible[count - 1].end.div_ceil(CHUNK);
            local.partials.resize(chunks * count * len, 0.0);
            let run = pass.tokens[queries.start / group].run;
            // SAFETY: the cache is only read in this phase.
            let cache = unsafe { pass.runs[run].cache.head(layer, kv_head) };
            for (chunk, partials) in local.partials.chunks_exact_mut(count * len).enumerate() {
                attend(simd, cache, &local.queries, &visible, chunk, partials);
            }
            for (i, (token, head)) in queries.map(place).enumerate() {
                let start = (token * config.heads + head) * dim;
                // SAFETY: this head of this token is this item's.
                let out = unsafe { pass.buffers.attended.write(start..start + dim) };
                merge(local.partials.chunks_exact(len).skip(i).step_by(count), out);
            }
        }
    });
}

/// Last phases, where logits of several tokens are wanted.
fn logits<S: Simd>(simd: S, team: &Team<'_>, pass: &Pass<'_>, local: &mut Local) {
    let (model, buffers) = (pass.model, pass.buffers);
    let wanted = &pass.wanted;
    norm_of(
        simd,
        team,
        pass,
        wanted,
        &model.output_norm,
        Roundings::of([&model.output]),
    );
    let columns = columns(pass, wanted.len(), &buffers.normed, model.config.width);
    let output = pass.matrices([&model.output]);
    team.each(output.tiles(), tiles_at_a_time(model.config.width), |tiles| {
        for piece in output.pieces(tiles) {
            let panel = product(
                simd,
                piece.matrix,
                piece.tiles,
                columns,
                &mut local.scratch,
                &mut local.panel,
            );
            let (count, vocab) = (wanted.len(), model.config.vocab);
            let put = |out: &mut [f32], sums: &[f32], _| out.copy_from_slice(&sums[..out.len()]);
            spread(panel, count, piece.rows, &buffers.logits, vocab, put);
        }
    });
}
