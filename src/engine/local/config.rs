//! A model's shape as GGUF metadata say it (keys: ggml's `docs/gguf.md`), checked for sense. The differences between
//! families end here, as data; both back ends read this and nothing else.
//!
//! Does not own the tensors: whether they have these sizes is checked where they are loaded.

use super::LoadError;
use super::rope::{Pairing, RopeConfig, Scaling};
use crate::models::gguf::Gguf;

/// One kind of model that is run.
struct Family {
    /// `general.architecture`. Mistral's files call themselves `llama`.
    architecture: &'static str,
    /// Llama's files are written so that neighbours are right for them.
    pairing: Pairing,
}

const FAMILIES: [Family; 3] = [
    Family {
        architecture: "llama",
        pairing: Pairing::Adjacent,
    },
    Family {
        architecture: "qwen2",
        pairing: Pairing::Halves,
    },
    Family {
        architecture: "qwen3",
        pairing: Pairing::Halves,
    },
];

/// For error messages.
pub(super) const KNOWN_ARCHITECTURES: &str = "llama (and mistral), qwen2 and qwen3";

/// Sizes of a decoder-only transformer with grouped-query attention, RMS norm and SwiGLU.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    pub architecture: String,
    pub layers: usize,
    /// Numbers a token between layers.
    pub width: usize,
    /// Numbers a token inside the feed-forward network.
    pub hidden: usize,
    pub heads: usize,
    /// Heads of keys and values; a divisor of `heads`.
    pub kv_heads: usize,
    pub head_dim: usize,
    /// Tokens there are: the rows of the embedding.
    pub vocab: usize,
    /// Positions the model was trained for.
    pub context: usize,
    pub epsilon: f32,
    pub rope: RopeConfig,
    /// Positions that a token sees, itself included.
    pub window: Option<usize>,
}

impl ModelConfig {
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, LoadError> {
        let architecture = gguf
            .str("general.architecture")
            .ok_or_else(|| LoadError::NoMetadata("general.architecture".into()))?;
        let family = FAMILIES
            .iter()
            .find(|family| family.architecture == architecture)
            .ok_or_else(|| LoadError::Architecture(architecture.into()))?;
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
        if let Some(other) = keys
            .optional_size("attention.value_length", 1 << 12)?
            .filter(|size| *size != head_dim)
        {
            let need = format!("only {head_dim}, the size of a head, can be run");
            return Err(keys.bad("attention.value_length", other, &need));
        }
        let embedding = gguf
            .tensor("token_embd.weight")
            .ok_or_else(|| LoadError::NoTensor("token_embd.weight".into()))?;
        Ok(Self {
            layers: keys.size("block_count", 1 << 12)?,
            width,
            hidden: keys.size("feed_forward_length", 1 << 20)?,
            heads,
            kv_heads,
            head_dim,
            vocab: embedding
                .dims
                .get(1)
                .and_then(|rows| usize::try_from(*rows).ok())
                .unwrap_or(0),
            context: keys.size("context_length", 1 << 32)?,
            epsilon: keys.float("attention.layer_norm_rms_epsilon")?.unwrap_or(1e-5) as f32,
            rope: keys.rope(family.pairing, head_dim)?,
            window: keys.window()?,
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

    fn float(&self, key: &str) -> Result<Option<f64>, LoadError> {
        match self.gguf.float(&self.name(key)) {
            Some(x) if x.is_finite() && x > 0.0 => Ok(Some(x)),
            Some(x) => Err(self.bad(key, x, "it must be a positive number")),
            None => Ok(None),
        }
    }

    /// Files say zero where there is none.
    fn window(&self) -> Result<Option<usize>, LoadError> {
        let key = "attention.sliding_window";
        match self.gguf.uint(&self.name(key)) {
            None | Some(0) => Ok(None),
            Some(_) => self.optional_size(key, 1 << 32),
        }
    }

    fn rope(&self, pairing: Pairing, head_dim: usize) -> Result<RopeConfig, LoadError> {
        let key = "rope.dimension_count";
        let dims = self.optional_size(key, 1 << 12)?.unwrap_or(head_dim);
        if dims != head_dim {
            return Err(self.bad(
                key,
                dims,
                &format!("only {head_dim}, the size of a head, can be run"),
            ));
        }
        let factor = match self.float("rope.scaling.factor")? {
            Some(factor) => factor,
            None => self.float("rope.scale_linear")?.unwrap_or(1.0),
        };
        let kind = self.gguf.str(&self.name("rope.scaling.type"));
        let scaling = match kind.unwrap_or(if factor == 1.0 { "none" } else { "linear" }) {
            "none" => Scaling::None,
            "linear" => Scaling::Linear { factor },
            "yarn" => Scaling::Yarn {
                factor,
                original_context: self.size("rope.scaling.original_context_length", 1 << 32)? as f64,
                magnitude: self.float("rope.scaling.attn_factor")?.unwrap_or(1.0),
            },
            other => return Err(self.bad("rope.scaling.type", other, "none, linear and yarn can be run")),
        };
        Ok(RopeConfig {
            pairing,
            dims,
            base: self.float("rope.freq_base")?.unwrap_or(10_000.0),
            scaling,
        })
    }
}
