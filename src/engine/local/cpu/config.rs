//! What a GGUF's metadata says of a model's shape. The differences between architectures end here, as data.

use crate::models::gguf::Gguf;

use super::rope::{Pairing, RopeConfig, Scaling};

/// The architectures that the forward pass covers, and how each pairs numbers in rotary embeddings. Mistral's files call
/// themselves `llama`.
const ARCHITECTURES: [(&str, Pairing); 3] = [
    ("llama", Pairing::Adjacent),
    ("qwen2", Pairing::Halves),
    ("qwen3", Pairing::Halves),
];

/// The shape of a decoder-only transformer.
#[derive(Clone, Debug)]
pub struct Config {
    pub layers: usize,
    /// Numbers a token between layers.
    pub width: usize,
    /// Numbers a token inside the feed-forward network.
    pub hidden: usize,
    pub heads: usize,
    /// Heads of keys and values; a divisor of `heads`.
    pub kv_heads: usize,
    pub head_dim: usize,
    pub vocab: usize,
    pub epsilon: f32,
    pub rope: RopeConfig,
    /// Positions that a token sees, itself included.
    pub window: Option<usize>,
}

impl Config {
    /// Errors say what is missing or not supported.
    pub fn read(gguf: &Gguf) -> Result<Self, String> {
        let arch = gguf
            .str("general.architecture")
            .ok_or("its metadata name no architecture")?;
        let (_, pairing) = ARCHITECTURES
            .iter()
            .find(|(name, _)| *name == arch)
            .ok_or_else(|| {
                let known = ARCHITECTURES.map(|(name, _)| name).join(", ");
                format!("its architecture is {arch:?}; known are {known}")
            })?;
        let fields = Fields { gguf, arch };
        let width = fields.size("embedding_length")?;
        let heads = fields.size("attention.head_count")?;
        let kv_heads = fields.optional_size("attention.head_count_kv")?.unwrap_or(heads);
        let head_dim = fields
            .optional_size("attention.key_length")?
            .unwrap_or(width / heads);
        let value_dim = fields
            .optional_size("attention.value_length")?
            .unwrap_or(head_dim);
        if !heads.is_multiple_of(kv_heads) {
            return Err(format!("{kv_heads} heads of keys do not divide {heads} heads"));
        }
        if value_dim != head_dim || !head_dim.is_multiple_of(16) || head_dim == 0 || head_dim > 256 {
            return Err(format!(
                "heads of {head_dim} and {value_dim} numbers are not supported"
            ));
        }
        let embedding = gguf
            .tensor("token_embd.weight")
            .ok_or("its tensor token_embd.weight is missing")?;
        let vocab = embedding
            .dims
            .get(1)
            .and_then(|n| usize::try_from(*n).ok())
            .unwrap_or(0);
        Ok(Self {
            layers: fields.size("block_count")?,
            width,
            hidden: fields.size("feed_forward_length")?,
            heads,
            kv_heads,
            head_dim,
            vocab,
            epsilon: fields.float("attention.layer_norm_rms_epsilon").unwrap_or(1e-5) as f32,
            rope: fields.rope(*pairing, head_dim)?,
            window: fields.optional_size("attention.sliding_window")?,
        })
    }
}

/// Metadata under the architecture's own prefix.
struct Fields<'a> {
    gguf: &'a Gguf,
    arch: &'a str,
}

impl Fields<'_> {
    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.arch)
    }

    fn float(&self, name: &str) -> Option<f64> {
        self.gguf.float(&self.key(name))
    }

    fn size(&self, name: &str) -> Result<usize, String> {
        self.optional_size(name)?
            .ok_or_else(|| format!("its metadata lack {}", self.key(name)))
    }

    /// A size, if it is there and not zero. Sizes are bounded so that products of two fit.
    fn optional_size(&self, name: &str) -> Result<Option<usize>, String> {
        let Some(size) = self.gguf.uint(&self.key(name)).filter(|n| *n > 0) else {
            return Ok(None);
        };
        match usize::try_from(size) {
            Ok(size) if size <= 1 << 24 => Ok(Some(size)),
            _ => Err(format!("its metadata claim {size} for {}", self.key(name))),
        }
    }

    fn rope(&self, pairing: Pairing, head_dim: usize) -> Result<RopeConfig, String> {
        let dims = self.optional_size("rope.dimension_count")?.unwrap_or(head_dim);
        if dims > head_dim || !dims.is_multiple_of(2) {
            return Err(format!("rotating {dims} of {head_dim} numbers is not supported"));
        }
        let factor = self
            .float("rope.scaling.factor")
            .or_else(|| self.float("rope.scale_linear"));
        let factor = factor.filter(|f| f.is_finite() && *f > 0.0).unwrap_or(1.0);
        let kind = self.gguf.str(&self.key("rope.scaling.type"));
        let scaling = match kind.unwrap_or(if factor == 1.0 { "none" } else { "linear" }) {
            "none" => Scaling::None,
            "linear" => Scaling::Linear { factor },
            "yarn" => Scaling::Yarn {
                factor,
                original_context: self.size("rope.scaling.original_context_length")? as f64,
                magnitude: self.float("rope.scaling.attn_factor").unwrap_or(1.0),
            },
            other => {
                return Err(format!(
                    "its rotary embeddings are scaled by {other:?}; known are none, linear, yarn"
                ));
            }
        };
        Ok(RopeConfig {
            pairing,
            dims,
            base: self.float("rope.freq_base").unwrap_or(10_000.0),
            scaling,
        })
    }
}
