//! A loaded model with its caches, as the generation loop sees it.

use std::time::Instant;

use crate::engine::EngineError;
use crate::engine::local::{BatchDecoder, Decoder, LoadError, SequenceId, Step};
use crate::models::gguf::Gguf;

use super::CpuOptions;
use super::kv::{Cache, Shape};
use super::model::Model;
use super::pace::Pace;
use super::pass::{self, Buffers, MAX_TOKENS, Pass, Run};
use super::pool::Pool;
use super::simd::{Isa, with_simd};

/// A transformer on this machine's processor.
///
/// A token's logits are bit for bit the same however its context was fed: at once, in pieces, beside other sequences, or
/// again after [`Decoder::truncate`].
pub struct CpuDecoder {
    model: Model,
    /// By [`SequenceId`]; the main one is always there.
    sequences: Vec<Option<Sequence>>,
    buffers: Buffers,
    pool: Pool,
    /// Of decoding one token.
    pace: Pace,
    isa: Isa,
    context: usize,
}

struct Sequence {
    cache: Cache,
    len: usize,
}

impl CpuDecoder {
    pub fn load(gguf: &Gguf, options: &CpuOptions) -> Result<Self, LoadError> {
        let pool = Pool::new(options.threads);
        let model = Model::load(gguf, pool.threads())?;
        let config = &model.config;
        let context = options.context.max(1);
        let buffers = Buffers::new(
            config,
            model.rope.table_len(),
            MAX_TOKENS,
            context,
            pool.threads(),
        );
        let cache = Cache::new(Shape {
            layers: config.layers,
            heads: config.kv_heads,
            dim: config.head_dim,
            stored: options.kv_cache,
        });
        Ok(Self {
            model,
            sequences: vec![Some(Sequence { cache, len: 0 })],
            buffers,
            pace: Pace::new(pool.threads()),
            pool,
            isa: options.isa,
            context,
        })
    }

    /// Bytes of KV cache that a position takes.
    pub fn cache_bytes_a_position(&self) -> usize {
        self.sequences[0]
            .as_ref()
            .map_or(0, |main| main.cache.bytes_a_position())
    }

    fn sequence(&mut self, id: SequenceId) -> Option<&mut Sequence> {
        self.sequences.get_mut(id.0)?.as_mut()
    }

    fn check(&mut self, step: &Step<'_>) -> Result<(), EngineError> {
        let (vocab, context) = (self.vocab_size(), self.context);
        let compute = |reason: String| Err(EngineError::Compute(reason));
        let Some(sequence) = self.sequence(step.sequence) else {
            return compute("it was given tokens of a sequence that is over".into());
        };
        if step.ids.is_empty() || step.logits > step.ids.len() {
            return compute("it was given no tokens".into());
        }
        if let Some(id) = step.ids.iter().find(|id| **id as usize >= vocab) {
            return compute(format!("it has no token {id}, only {vocab}"));
        }
        let tokens = sequence.len + step.ids.len();
        if tokens > context {
            return Err(EngineError::PromptTooLong { tokens, context });
        }
        Ok(())
    }

    /// One pass over up to [`MAX_TOKENS`] tokens of different sequences, which were checked.
    fn pass(&mut self, steps: &[Step<'_>], logits: &mut Vec<f32>) {
        for step in steps {
            if let Some(sequence) = self.sequence(step.sequence) {
                let start = sequence.len;
                sequence.cache.reserve(start..start + step.ids.len());
                sequence.len += step.ids.len();
            }
        }
        let wanted: usize = steps.iter().map(|step| step.logits).sum();
        self.buffers.want_logits(&self.model.config, wanted);
        let runs: Vec<_> = steps
            .iter()
            .filter_map(|step| {
                let sequence = self.sequences.get(step.sequence.0)?.as_ref()?;
                Some(Run {
                    cache: &sequence.cache,
                    ids: step.ids,
                    start: sequence.len - step.ids.len(),
                    logits: step.logits,
                })
            })
            .collect();
        let pass = Pass::new(&self.model, &self.buffers, &runs);
        with_simd!(self.isa, simd => match runs[..] {
            [Run { ids: [_], start, .. }] => {
                let begun = Instant::now();
                self.pool.run_on(self.pace.threads(), |team| pass::decode(simd, team, &pass));
                self.pace.took(start, begun.elapsed().as_secs_f64());
            }
            _ => self.pool.run(|team| pass::prefill(simd, team, &pass)),
        });
        logits.extend_from_slice(&self.buffers.logits.all_mut()[..wanted * self.model.config.vocab]);
    }
}

impl Decoder for CpuDecoder {
    fn vocab_size(&self) -> usize {
        self.model.config.vocab
    }

    fn context(&self) -> usize {
        self.context
    }

    fn len(&self) -> usize {
        self.sequences[0].as_ref().map_or(0, |main| main.len)
    }

    fn truncate(&mut self, len: usize) {
        self.truncate_sequence(SequenceId::MAIN, len);
    }

    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        let step = Step {
            sequence: SequenceId::MAIN,
            ids,
            logits: ids.len().min(1),
        };
        self.forward_batch(&[step], logits)
    }

    fn batch(&mut self) -> Option<&mut dyn BatchDecoder> {
        Some(self)
    }
}

impl BatchDecoder for CpuDecoder {
    fn fork(&mut self, of: SequenceId, len: usize) -> SequenceId {
        let free = self.sequences.iter().position(Option::is_none);
        let free = free.unwrap_or_else(|| {
            self.sequences.push(None);
            self.sequences.len() - 1
        });
        let forked = self.sequence(of).map(|sequence| {
            let len = sequence.len.min(len);
            Sequence {
                cache: sequence.cache.fork(len),
                len,
            }
        });
        self.sequences[free] = forked;
        SequenceId(free)
    }

    fn forget(&mut self, sequence: SequenceId) {
        if sequence == SequenceId::MAIN {
            self.truncate(0);
        } else if let Some(place) = self.sequences.get_mut(sequence.0) {
            *place = None;
        }
    }

    fn truncate_sequence(&mut self, sequence: SequenceId, len: usize) {
        if let Some(sequence) = self.sequence(sequence) {
            sequence.len = sequence.len.min(len);
        }
    }

    fn forward_batch(&mut self, steps: &[Step<'_>], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        logits.clear();
        for step in steps {
            self.check(step)?;
        }
        let mut left = steps.to_vec();
        while !left.is_empty() {
            let mut room = MAX_TOKENS;
            let mut now = Vec::new();
            for step in &mut left {
                let (ids, after) = step.ids.split_at(step.ids.len().min(room));
                room -= ids.len();
                // Of the last `logits` tokens those that are not in this pass are in a later one.
                let logits = step.logits.saturating_sub(after.len());
                if !ids.is_empty() {
                    now.push(Step { ids, logits, ..*step });
                }
                step.ids = after;
                step.logits -= logits;
            }
            left.retain(|step| !step.ids.is_empty());
            self.pass(&now, logits);
        }
        if logits.iter().any(|logit| !logit.is_finite()) {
            for step in steps {
                if let Some(sequence) = self.sequence(step.sequence) {
                    sequence.len -= step.ids.len();
                }
            }
            return Err(EngineError::Compute(
                "its numbers grew beyond all bounds; the file is damaged or not a usable model".into(),
            ));
        }
        Ok(())
    }
}
