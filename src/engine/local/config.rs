//! The sizes of a model, read from GGUF metadata (keys: ggml's `docs/gguf.md`) and checked for sense.
//!
//! Does not own the tensors: whether they have these sizes is checked where they are loaded.

use super::LoadError;
use crate::models::gguf::Gguf;

/// For error messages.
pub(super) const KNOWN_ARCHITECTURES: &str = "qwen2 and llama";

/// How the two halves of a rotated pair lie in a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RopeLayout {
    /// Neighbours: `(0, 1), (2, 3), …`. Llama files are written so that this is right for them.
    Interleaved,
    /// Half a head apart: `(0, d/2), (1, d/2 + 1), …` (GPT-NeoX).
    Halves,
}

/// Sizes of a decoder-only transformer with grouped-query attention, RMS norm and SwiGLU.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    pub architecture: String,
    pub layers: usize,
    pub width: usize,
    pub feed_forward: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_dim: usize,
    /// Positions the model was trained for.
    pub context: usize,
    pub norm_epsilon: f32,
    pub rope_layout: RopeLayout,
    pub rope_base: f32,
    /// Positions are divided by this (linear scaling); 1 for most models.
    pub rope_factor: f32,
}

impl ModelConfig {
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, LoadError> {
        let architecture = gguf
            .str("general.architecture")
            .ok_or_else(|| LoadError::NoMetadata("general.architecture".into()))?;
        let rope_layout = match architecture {
            "llama" => RopeLayout::Interleaved,
            "qwen2" => RopeLayout::Halves,
            other => return Err(LoadError::Architecture(other.into())),
        };
        let keys = Keys { gguf, architecture };
        let heads = keys.size("attention.head_count", 1 << 12)?;
        let width = keys.size("embedding_length", 1 << 17)?;
        let kv_heads = keys
            .optional_size("attention.head_count_kv", heads)?
            .unwrap_or(heads);
        let head_dim = match keys.optional_size("attention.key_length", 1 << 12)? {
            Some(dim) => dim,
            None => width / heads,
        };
        if head_dim == 0 || !head_dim.is_multiple_of(2) {
            return Err(keys.bad("embedding_length", width, "it must give each head an even size"));
        }
        if !heads.is_multiple_of(kv_heads) {
            return Err(keys.bad("attention.head_count_kv", kv_heads, "it must divide the heads"));
        }
        for (key, expected) in [
            ("attention.value_length", head_dim),
            ("rope.dimension_count", head_dim),
        ] {
            if let Some(found) = keys.optional_size(key, 1 << 12)?.filter(|n| *n != expected) {
                return Err(keys.bad(
                    key,
                    found,
                    &format!("only {expected}, the size of a head, can be run"),
                ));
            }
        }
        Ok(Self {
            layers: keys.size("block_count", 1 << 12)?,
            width,
            feed_forward: keys.size("feed_forward_length", 1 << 20)?,
            heads,
            kv_heads,
            head_dim,
            context: keys.size("context_length", 1 << 32)?,
            norm_epsilon: keys.float("attention.layer_norm_rms_epsilon")?.unwrap_or(1e-5),
            rope_layout,
            rope_base: keys.float("rope.freq_base")?.unwrap_or(10_000.0),
            rope_factor: keys.rope_factor()?,
            architecture: architecture.into(),
        })
    }
}

/// Metadata of one architecture: keys are `{architecture}.{key}`.
struct Keys<'a> {
    gguf: &'a Gguf,
    architecture: &'a str,
}

impl Keys<'_> {
    fn name(&self, key: &str) -> String {
        format!("{}.{key}", self.architecture)
    }

    fn bad(&self, key: &str, value: impl ToString, need: &str) -> LoadError {
        LoadError::Metadata {
            key: self.name(key),
            value: value.to_string(),
            need: need.into(),
        }
    }

    fn optional_size(&self, key: &str, most: usize) -> Result<Option<usize>, LoadError> {
        let Some(n) = self.gguf.uint(&self.name(key)) else {
            return Ok(None);
        };
        match usize::try_from(n) {
            Ok(size) if (1..=most).contains(&size) => Ok(Some(size)),
            _ => Err(self.bad(key, n, &format!("it must be from 1 to {most}"))),
        }
    }

    fn size(&self, key: &str, most: usize) -> Result<usize, LoadError> {
        self.optional_size(key, most)?
            .ok_or_else(|| LoadError::NoMetadata(self.name(key)))
    }

    fn float(&self, key: &str) -> Result<Option<f32>, LoadError> {
        match self.gguf.float(&self.name(key)) {
            Some(x) if x.is_finite() && x > 0.0 => Ok(Some(x as f32)),
            Some(x) => Err(self.bad(key, x, "it must be a positive number")),
            None => Ok(None),
        }
    }

    fn rope_factor(&self) -> Result<f32, LoadError> {
        match self.gguf.str(&self.name("rope.scaling.type")) {
            None | Some("none") => Ok(1.0),
            Some("linear") => Ok(self.float("rope.scaling.factor")?.unwrap_or(1.0)),
            Some(other) => Err(self.bad("rope.scaling.type", other, "none and linear can be run")),
        }
    }
}
