//! A loaded model with its cache, as the generation loop sees it.

use crate::engine::EngineError;
use crate::engine::local::Decoder;
use crate::models::gguf::Gguf;

use super::CpuOptions;
use super::kv::Cache;
use super::model::Model;
use super::pass::{self, Buffers, MAX_TOKENS, Pass};
use super::pool::Pool;
use super::simd::{Isa, with_simd};

/// A transformer on this machine's processor.
///
/// A token's logits are bit for bit the same however its context was fed: at once, in pieces, or again after
/// [`Decoder::truncate`].
pub struct CpuDecoder {
    model: Model,
    cache: Cache,
    buffers: Buffers,
    pool: Pool,
    isa: Isa,
    context: usize,
    len: usize,
}

impl CpuDecoder {
    pub fn load(gguf: &Gguf, options: &CpuOptions) -> Result<Self, EngineError> {
        let fail = |reason| EngineError::Load {
            path: gguf.path().display().to_string(),
            reason,
        };
        let pool = Pool::new(options.threads);
        let model = Model::load(gguf, pool.threads()).map_err(fail)?;
        let config = &model.config;
        let context = options.context.max(1);
        let buffers = Buffers::new(
            config,
            model.rope.table_len(),
            MAX_TOKENS.min(context),
            context,
            pool.threads(),
        );
        let cache = Cache::new(config.layers, config.kv_heads, config.head_dim);
        Ok(Self {
            model,
            cache,
            buffers,
            pool,
            isa: options.isa,
            context,
            len: 0,
        })
    }

    /// One pass over up to [`MAX_TOKENS`] tokens.
    fn pass(&mut self, ids: &[u32], logits: bool) {
        self.cache.reserve(self.len + ids.len());
        let pass = Pass {
            model: &self.model,
            cache: &self.cache,
            buffers: &self.buffers,
            ids,
            start: self.len,
            logits,
        };
        with_simd!(self.isa, simd => match ids {
            [_] => self.pool.run(|team| pass::decode(simd, team, &pass)),
            _ => self.pool.run(|team| pass::prefill(simd, team, &pass)),
        });
        self.len += ids.len();
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
        self.len
    }

    fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        let vocab = self.vocab_size();
        if ids.is_empty() {
            return Err(EngineError::Compute("it was given no tokens".into()));
        }
        if let Some(id) = ids.iter().find(|id| **id as usize >= vocab) {
            return Err(EngineError::Compute(format!(
                "it has no token {id}, only {vocab}"
            )));
        }
        let tokens = self.len + ids.len();
        if tokens > self.context {
            return Err(EngineError::PromptTooLong {
                tokens,
                context: self.context,
            });
        }
        let mut pieces = ids.chunks(MAX_TOKENS).peekable();
        while let Some(piece) = pieces.next() {
            self.pass(piece, pieces.peek().is_none());
        }
        logits.clear();
        logits.extend_from_slice(self.buffers.logits.all_mut());
        if logits.iter().any(|logit| !logit.is_finite()) {
            self.truncate(tokens - ids.len());
            return Err(EngineError::Compute(
                "its numbers grew beyond all bounds; the file is damaged or not a usable model".into(),
            ));
        }
        Ok(())
    }
}
