//! The forward pass: which thread computes what, phase by phase.
//!
//! Owns the buffers of a pass and the order of its phases. Two shapes of the same arithmetic: [`decode`] for one token,
//! where weights come from memory once and everything small is recomputed by each thread rather than shared, and
//! [`prefill`] for several. Both give a token bit for bit the same result (see `kernels` and `attention`).
//!
//! Every `unsafe` block in this module reads or writes a [`Shared`] buffer. The rule that makes them right is the same
//! everywhere: in one phase a buffer is either only read, or each item of the phase writes its own part of it and reads
//! no other; a barrier ends every phase ([`Team::each`]).

mod decode;
mod prefill;

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::formats::GROUP;
use super::kernels::{RECORD, Scratch};
use super::kv::Cache;
use super::model::Model;
use super::pool::Team;
use super::shared::Shared;
use super::simd::{LANES, Simd};
use super::weights::{Matrix, Roundings, Slot};
use crate::engine::local::config::ModelConfig;

pub use decode::decode;
pub use prefill::prefill;

/// Tokens that a pass takes at most: enough that unpacking weights costs little, and few enough that activations stay
/// in the second cache.
pub const MAX_TOKENS: usize = 256;

/// Bytes of weights that a thread takes at a time in decode.
const DECODE_STEP: usize = 128 << 10;

/// Everything that a pass needs beside the team.
pub struct Pass<'a> {
    model: &'a Model,
    buffers: &'a Buffers,
    runs: &'a [Run<'a>],
    tokens: Vec<Token>,
    /// The tokens whose logits are wanted; row `i` of [`Buffers::logits`] is for the `i`th of them.
    wanted: Vec<usize>,
}

/// Tokens that follow each other in one sequence, whose positions are reserved.
pub struct Run<'a> {
    pub cache: &'a Cache,
    pub ids: &'a [u32],
    /// Position of the first.
    pub start: usize,
    /// Of how many of the last ones the logits are wanted.
    pub logits: usize,
}

/// One token of a pass.
#[derive(Clone, Copy)]
struct Token {
    id: u32,
    position: usize,
    run: usize,
}

/// Activations between phases. Rows are tokens.
pub struct Buffers {
    /// The residual stream.
    pub residual: Shared<f32>,
    pub normed: Shared<f32>,
    /// Queries, keys and values of a token in one row.
    pub projected: Shared<f32>,
    pub attended: Shared<f32>,
    pub hidden: Shared<f32>,
    /// The quantised input of the next product, in each rounding.
    pub records: [Shared<i32>; 2],
    pub rope: Shared<f32>,
    /// Partial results of attention, in decode.
    pub partials: Shared<f32>,
    /// A row for each token whose logits are wanted.
    pub logits: Shared<f32>,
    locals: Vec<Mutex<Local>>,
}

/// What one thread needs for itself.
pub struct Local {
    pub scratch: Scratch,
    pub floats: Vec<f32>,
    pub records: [Vec<i32>; 2],
    pub panel: Vec<[f32; LANES]>,
    pub queries: Vec<f32>,
    pub head: Vec<f32>,
    pub partials: Vec<f32>,
}

impl Buffers {
    /// For passes of up to `tokens` tokens on `threads` threads.
    pub fn new(config: &ModelConfig, rope_len: usize, tokens: usize, context: usize, threads: usize) -> Self {
        let widest = config
            .width
            .max(config.hidden)
            .max(config.heads * config.head_dim);
        let local = || {
            Mutex::new(Local {
                scratch: Scratch::new(),
                floats: vec![0.0; widest],
                records: [const { Vec::new() }; 2],
                panel: Vec::new(),
                queries: Vec::new(),
                head: vec![0.0; config.head_dim],
                partials: Vec::new(),
            })
        };
        Self {
            residual: Shared::new(tokens * config.width),
            normed: Shared::new(tokens * config.width),
            projected: Shared::new(tokens * projected_len(config)),
            attended: Shared::new(tokens * config.heads * config.head_dim),
            hidden: Shared::new(tokens * config.hidden),
            records: [(); 2].map(|()| Shared::new(tokens * (widest / GROUP) * RECORD)),
            rope: Shared::new(tokens * rope_len),
            partials: Shared::new(decode::partials_len(config, context)),
            logits: Shared::new(0),
            locals: (0..threads).map(|_| local()).collect(),
        }
    }

    /// Makes room for the logits of `tokens` tokens. Not from the beginning: a vocabulary is large.
    pub fn want_logits(&mut self, config: &ModelConfig, tokens: usize) {
        let len = tokens * config.vocab;
        if self.logits.all_mut().len() < len {
            self.logits = Shared::new(len);
        }
    }

    /// The memory of one thread, which no other asks for.
    fn local(&self, team: &Team<'_>) -> MutexGuard<'_, Local> {
        self.locals[team.index()]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Queries, keys and values of a token.
pub fn projected_len(config: &ModelConfig) -> usize {
    (config.heads + 2 * config.kv_heads) * config.head_dim
}

impl<'a> Pass<'a> {
    /// A pass over `runs`, each of another sequence.
    pub fn new(model: &'a Model, buffers: &'a Buffers, runs: &'a [Run<'a>]) -> Self {
        let mut tokens = Vec::new();
        let mut wanted = Vec::new();
        for (index, run) in runs.iter().enumerate() {
            let places = (run.start..).zip(run.ids);
            tokens.extend(places.map(|(position, id)| Token {
                id: *id,
                position,
                run: index,
            }));
            wanted.extend(tokens.len() - run.logits..tokens.len());
        }
        Self {
            model,
            buffers,
            runs,
            tokens,
            wanted,
        }
    }

    fn matrices<const N: usize>(&self, slots: [&Slot; N]) -> Stack<'_, N> {
        Stack(slots.map(|slot| self.model.weights.matrix(slot)))
    }

    /// The positions that the token at `position` sees.
    fn visible(&self, position: usize) -> Range<usize> {
        let end = position + 1;
        self.model
            .config
            .window
            .map_or(0, |window| end.saturating_sub(window))..end
    }

    /// First phase: each token's embedding, and the angles of its position.
    fn embed<S: Simd>(&self, simd: S, team: &Team<'_>) {
        let (model, width) = (self.model, self.model.config.width);
        let embedding = model.weights.matrix(&model.embedding);
        let table = model.rope.table_len();
        team.each(self.tokens.len(), 4, |tokens| {
            for token in tokens {
                // SAFETY: these rows are this item's.
                let (row, angles) = unsafe {
                    (
                        self.buffers.residual.write(token * width..(token + 1) * width),
                        self.buffers.rope.write(token * table..(token + 1) * table),
                    )
                };
                let Token { id, position, .. } = self.tokens[token];
                super::kernels::dequantise_row(simd, embedding, id as usize, row);
                model.rope.table(position, angles);
            }
        });
    }

    /// The angles of a token's position.
    fn angles(&self, token: usize) -> &[f32] {
        let table = self.model.rope.table_len();
        // SAFETY: written in the first phase only.
        unsafe { self.buffers.rope.read(token * table..(token + 1) * table) }
    }

    /// A row of queries, keys and values.
    ///
    /// # Safety
    /// No thread writes it while the result is used.
    unsafe fn projected(&self, token: usize) -> &[f32] {
        let len = projected_len(&self.model.config);
        // SAFETY: the caller's promise.
        unsafe { self.buffers.projected.read(token * len..(token + 1) * len) }
    }

    /// Writes keys and values of `tokens`, which are of one run and lie in one sixteen of positions, to the cache.
    ///
    /// # Safety
    /// The projections are not being written, and no other thread touches the sixteen positions of this head.
    unsafe fn remember<S: Simd>(
        &self,
        simd: S,
        layer: usize,
        kv_head: usize,
        tokens: Range<usize>,
        local: &mut Local,
    ) {
        let (model, config) = (self.model, &self.model.config);
        let dim = config.head_dim;
        local.floats.clear();
        for token in tokens.clone() {
            // SAFETY: the caller's promise.
            let row = unsafe { self.projected(token) };
            let key = &row[(config.heads + kv_head) * dim..][..dim];
            let norm = model.layers[layer].key_norm.as_deref();
            local.head.copy_from_slice(key);
            self.turn(simd, norm, token, &mut local.head);
            local.floats.extend_from_slice(&local.head);
        }
        let Token { position, run, .. } = self.tokens[tokens.start];
        let keys = &local.floats;
        let row = |place: usize| {
            let token = tokens.start + place - position;
            // SAFETY: the caller's promise.
            let row = unsafe { self.projected(token) };
            let value = &row[(config.heads + config.kv_heads + kv_head) * dim..][..dim];
            [&keys[(token - tokens.start) * dim..][..dim], value]
        };
        let positions = position..position + tokens.len();
        let cache = self.runs[run].cache;
        // SAFETY: the caller's promise.
        unsafe { cache.write(simd, layer, kv_head, positions, row) };
    }

    /// Norms, where the model does, and rotates one head of a token.
    fn turn<S: Simd>(&self, simd: S, norm: Option<&[f32]>, token: usize, head: &mut [f32]) {
        if let Some(norm) = norm {
            let plain = head.to_vec();
            let epsilon = self.model.config.epsilon;
            super::kernels::rms_norm(simd, &plain, norm, epsilon, head);
        }
        self.model.rope.rotate(self.angles(token), head);
    }

    /// Puts a token's query for attention, scaled, into place `index` of `count` in `queries`.
    ///
    /// # Safety
    /// The projections are not being written.
    unsafe fn query<S: Simd>(
        &self,
        simd: S,
        layer: usize,
        head: usize,
        token: usize,
        (index, count): (usize, usize),
        local: &mut Local,
    ) {
        let dim = self.model.config.head_dim;
        // SAFETY: the caller's promise.
        let row = unsafe { self.projected(token) };
        local.head.copy_from_slice(&row[head * dim..][..dim]);
        self.turn(
            simd,
            self.model.layers[layer].query_norm.as_deref(),
            token,
            &mut local.head,
        );
        let scale = 1.0 / (dim as f32).sqrt();
        for (number, places) in local.head.iter().zip(local.queries.chunks_exact_mut(count)) {
            places[index] = number * scale;
        }
    }

    /// Last phase, where they are wanted of one token: its logits.
    fn logits<S: Simd>(&self, simd: S, team: &Team<'_>, token: usize, local: &mut Local) {
        let model = self.model;
        let width = model.config.width;
        // SAFETY: the residual is not written in this phase.
        let residual = unsafe { self.buffers.residual.read(token * width..(token + 1) * width) };
        let roundings = Roundings::of([&model.output]);
        let column = decode::norm_and_quantise(simd, self, residual, &model.output_norm, roundings, local);
        let output = self.matrices([&model.output]);
        decode::multiply(simd, team, &output, column, &self.buffers.logits, |out, _| {
            out.fill(0.0)
        });
    }
}

/// Matrices with the same input, one above the other.
struct Stack<'a, const N: usize>([Matrix<'a>; N]);

/// Some tiles of one matrix of a stack.
struct Piece<'a> {
    matrix: Matrix<'a>,
    tiles: Range<usize>,
    /// Rows of these tiles in the stack.
    rows: Range<usize>,
}

impl<'a, const N: usize> Stack<'a, N> {
    fn tiles(&self) -> usize {
        self.0.iter().map(Matrix::tiles).sum()
    }

    /// The pieces of which `tiles` of the stack consist.
    fn pieces(&self, tiles: Range<usize>) -> impl Iterator<Item = Piece<'a>> {
        let mut first = 0;
        let mut first_row = 0;
        self.0.into_iter().filter_map(move |matrix| {
            let own = tiles.start.clamp(first, first + matrix.tiles()) - first
                ..tiles.end.clamp(first, first + matrix.tiles()) - first;
            let row = |tile: usize| (tile * LANES).min(matrix.rows()) + first_row;
            let piece = Piece {
                matrix,
                rows: row(own.start)..row(own.end),
                tiles: own,
            };
            first += matrix.tiles();
            first_row += matrix.rows();
            (!piece.tiles.is_empty()).then_some(piece)
        })
    }

    /// Tiles to take at a time so that all threads have several turns of at most [`DECODE_STEP`] bytes.
    fn decode_step(&self, threads: usize) -> usize {
        let largest = self.0.iter().map(Matrix::tile_bytes).max().unwrap_or(1);
        (DECODE_STEP / largest)
            .min(self.tiles().div_ceil(2 * threads))
            .max(1)
    }
}
