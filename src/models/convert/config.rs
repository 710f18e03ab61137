//! `config.json`: what `transformers` says of a model's shape, checked, as the metadata that a GGUF has for it (keys:
//! ggml's `docs/gguf.md`). The differences between families end here, as data.

use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use super::{ConvertError, json};
use crate::models::gguf::HeaderWriter;
use crate::models::text::printable;

/// Twice the largest vocabulary there is.
pub(super) const MOST_TOKENS: usize = 1 << 19;

const FILE: &str = "config.json";
const MOST_BYTES: u64 = 1 << 20;
/// Sizes are at most this, so that products of two fit.
const MOST: u64 = 1 << 24;

/// One kind of model that can be converted.
struct Family {
    /// `model_type` in `config.json`.
    model_type: &'static str,
    /// `general.architecture` in the GGUF.
    architecture: &'static str,
    /// Its GGUF pairs neighbouring numbers of a head in rotary embeddings, where the checkpoint pairs halves.
    neighbours: bool,
    /// Its heads' queries and keys are normed.
    head_norms: bool,
}

const FAMILIES: [Family; 5] = [
    Family {
        model_type: "llama",
        architecture: "llama",
        neighbours: true,
        head_norms: false,
    },
    Family {
        model_type: "mistral",
        architecture: "llama",
        neighbours: true,
        head_norms: false,
    },
    Family {
        model_type: "ministral",
        architecture: "llama",
        neighbours: true,
        head_norms: false,
    },
    Family {
        model_type: "qwen2",
        architecture: "qwen2",
        neighbours: false,
        head_norms: false,
    },
    Family {
        model_type: "qwen3",
        architecture: "qwen3",
        neighbours: false,
        head_norms: true,
    },
];

/// A model's shape.
#[derive(Clone, Debug)]
pub(super) struct Config {
    pub architecture: &'static str,
    pub neighbours: bool,
    pub head_norms: bool,
    pub layers: u64,
    pub width: u64,
    pub hidden: u64,
    pub heads: u64,
    pub kv_heads: u64,
    pub head_dim: u64,
    pub vocab: u64,
    /// The embedding is the output matrix too, whatever the files hold.
    pub tied: bool,
    pub bos: Option<u32>,
    pub eos: Vec<u32>,
    /// What each rotary frequency is divided by (Llama 3.1 and later).
    pub rope_divisors: Option<Vec<f32>>,
    context: u64,
    epsilon: f64,
    rope_base: f64,
    scaling: Scaling,
    window: Option<u64>,
    /// The head's size does not follow from the others.
    says_head_dim: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Scaling {
    None,
    Linear(f64),
    Yarn { factor: f64, original: u64 },
}

#[derive(Deserialize)]
struct Raw {
    model_type: String,
    hidden_size: u64,
    intermediate_size: u64,
    num_hidden_layers: u64,
    num_attention_heads: u64,
    num_key_value_heads: Option<u64>,
    head_dim: Option<u64>,
    vocab_size: u64,
    max_position_embeddings: u64,
    rms_norm_eps: Option<f64>,
    rope_theta: Option<f64>,
    rope_scaling: Option<RawRope>,
    /// Where newer versions put both.
    rope_parameters: Option<RawRope>,
    sliding_window: Option<u64>,
    use_sliding_window: Option<bool>,
    max_window_layers: Option<u64>,
    #[serde(default, deserialize_with = "layer_types")]
    layer_types: Option<Vec<String>>,
    tie_word_embeddings: Option<bool>,
    hidden_act: Option<String>,
    quantization_config: Option<IgnoredAny>,
    bos_token_id: Option<Ids>,
    eos_token_id: Option<Ids>,
}

#[derive(Deserialize)]
struct RawRope {
    #[serde(alias = "type")]
    rope_type: Option<String>,
    rope_theta: Option<f64>,
    factor: Option<f64>,
    original_max_position_embeddings: Option<u64>,
    low_freq_factor: Option<f64>,
    high_freq_factor: Option<f64>,
    attention_factor: Option<f64>,
    beta_fast: Option<f64>,
    beta_slow: Option<f64>,
}

/// One id or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Ids {
    One(u32),
    Several(#[serde(deserialize_with = "ids")] Vec<u32>),
}

impl Ids {
    pub(super) fn all(self) -> Vec<u32> {
        match self {
            Self::One(id) => vec![id],
            Self::Several(ids) => ids,
        }
    }
}

fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
    json::list::<64, _, _>(deserializer)
}

fn layer_types<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    json::list::<4096, _, _>(deserializer).map(Some)
}

impl Config {
    pub(super) fn read(folder: &Path) -> Result<Self, ConvertError> {
        let bytes = json::read(folder, FILE, MOST_BYTES)?.ok_or_else(|| ConvertError::NoFile(FILE.into()))?;
        Self::of(json::parse(FILE, &bytes)?)
    }

    fn of(raw: Raw) -> Result<Self, ConvertError> {
        let family = FAMILIES
            .iter()
            .find(|family| family.model_type == raw.model_type)
            .ok_or_else(|| ConvertError::Family(printable(&raw.model_type)))?;
        if raw.quantization_config.is_some() {
            return Err(ConvertError::Quantised);
        }
        if let Some(other) = raw
            .hidden_act
            .as_deref()
            .filter(|act| !["silu", "swish"].contains(act))
        {
            return Err(bad("hidden_act", printable(other), "only silu can be run"));
        }
        for (key, size, most) in [
            ("num_hidden_layers", raw.num_hidden_layers, 1 << 10),
            ("hidden_size", raw.hidden_size, MOST),
            ("intermediate_size", raw.intermediate_size, MOST),
            ("num_attention_heads", raw.num_attention_heads, 1 << 12),
            ("vocab_size", raw.vocab_size, MOST_TOKENS as u64),
            ("max_position_embeddings", raw.max_position_embeddings, 1 << 31),
        ] {
            if !(1..=most).contains(&size) {
                return Err(bad(key, size, &format!("it must be from 1 to {most}")));
            }
        }
        let heads = raw.num_attention_heads;
        let kv_heads = raw.num_key_value_heads.unwrap_or(heads);
        if kv_heads == 0 || !heads.is_multiple_of(kv_heads) {
            return Err(bad("num_key_value_heads", kv_heads, "it must divide the heads"));
        }
        let head_dim = raw.head_dim.unwrap_or(raw.hidden_size / heads);
        if head_dim == 0 || !head_dim.is_multiple_of(2) || head_dim > 1 << 12 {
            return Err(bad("head_dim", head_dim, "it must be even, from 2 to 4096"));
        }
        let rope = raw.rope_parameters.as_ref().or(raw.rope_scaling.as_ref());
        let rope_base = rope
            .and_then(|rope| rope.rope_theta)
            .or(raw.rope_theta)
            .unwrap_or(10_000.0);
        for (key, number) in [
            ("rope_theta", rope_base),
            ("rms_norm_eps", raw.rms_norm_eps.unwrap_or(1e-6)),
        ] {
            if !(number.is_finite() && number > 0.0) {
                return Err(bad(key, number, "it must be a positive number"));
            }
        }
        let (scaling, rope_divisors) = match rope {
            Some(rope) => rope.scaling(rope_base, head_dim, raw.max_position_embeddings)?,
            None => (Scaling::None, None),
        };
        let mut context = raw.max_position_embeddings;
        let window = match layers_with_window(&raw) {
            0 => None,
            all if all >= raw.num_hidden_layers => raw.sliding_window,
            // Within one window, layers with it and without it see the same.
            _ => {
                context = context.min(raw.sliding_window.unwrap_or(context)).max(1);
                None
            }
        };
        Ok(Self {
            architecture: family.architecture,
            neighbours: family.neighbours,
            head_norms: family.head_norms,
            layers: raw.num_hidden_layers,
            width: raw.hidden_size,
            hidden: raw.intermediate_size,
            heads,
            kv_heads,
            head_dim,
            vocab: raw.vocab_size,
            tied: raw.tie_word_embeddings.unwrap_or(false),
            bos: raw.bos_token_id.and_then(|ids| ids.all().first().copied()),
            eos: raw.eos_token_id.map(Ids::all).unwrap_or_default(),
            rope_divisors,
            context,
            epsilon: raw.rms_norm_eps.unwrap_or(1e-6),
            rope_base,
            scaling,
            window: window.filter(|window| *window > 0 && *window <= MOST),
            says_head_dim: raw.head_dim.is_some() || head_dim * heads != raw.hidden_size,
        })
    }

    /// The metadata under the architecture's own prefix.
    pub(super) fn write(&self, header: &mut HeaderWriter) {
        let arch = self.architecture;
        let mut size = |key: &str, n: u64| {
            header.u32(&format!("{arch}.{key}"), u32::try_from(n).unwrap_or(u32::MAX));
        };
        size("block_count", self.layers);
        size("context_length", self.context);
        size("embedding_length", self.width);
        size("feed_forward_length", self.hidden);
        size("attention.head_count", self.heads);
        size("attention.head_count_kv", self.kv_heads);
        if self.says_head_dim {
            size("attention.key_length", self.head_dim);
            size("attention.value_length", self.head_dim);
        }
        if self.architecture == "llama" {
            size("vocab_size", self.vocab);
            size("rope.dimension_count", self.head_dim);
        }
        if let Some(window) = self.window {
            size("attention.sliding_window", window);
        }
        let key = |name: &str| format!("{arch}.{name}");
        header.f32(&key("rope.freq_base"), self.rope_base as f32);
        header.f32(&key("attention.layer_norm_rms_epsilon"), self.epsilon as f32);
        match self.scaling {
            Scaling::None => {}
            Scaling::Linear(factor) => {
                header.string(&key("rope.scaling.type"), "linear");
                header.f32(&key("rope.scaling.factor"), factor as f32);
            }
            Scaling::Yarn { factor, original } => {
                header.string(&key("rope.scaling.type"), "yarn");
                header.f32(&key("rope.scaling.factor"), factor as f32);
                let original = u32::try_from(original).unwrap_or(u32::MAX);
                header.u32(&key("rope.scaling.original_context_length"), original);
            }
        }
    }
}

impl RawRope {
    fn scaling(
        &self,
        base: f64,
        head_dim: u64,
        context: u64,
    ) -> Result<(Scaling, Option<Vec<f32>>), ConvertError> {
        let factor = self.factor.unwrap_or(1.0);
        if !(factor.is_finite() && factor > 0.0) {
            return Err(bad("rope_scaling.factor", factor, "it must be a positive number"));
        }
        Ok(match self.rope_type.as_deref() {
            None | Some("default") => (Scaling::None, None),
            Some("linear") => (Scaling::Linear(factor), None),
            Some("yarn") => {
                let usual = self.beta_fast.is_none_or(|beta| beta == 32.0)
                    && self.beta_slow.is_none_or(|beta| beta == 1.0)
                    && self
                        .attention_factor
                        .is_none_or(|given| (given - (1.0 + 0.1 * factor.ln())).abs() < 1e-3);
                if !usual {
                    return Err(bad(
                        "rope_scaling",
                        "yarn",
                        "only its usual betas and attention factor can be run",
                    ));
                }
                let original = self.original_max_position_embeddings.unwrap_or(context);
                (Scaling::Yarn { factor, original }, None)
            }
            Some("llama3") => {
                let original = self.original_max_position_embeddings.unwrap_or(8192) as f64;
                let low = self.low_freq_factor.unwrap_or(1.0);
                let high = self.high_freq_factor.unwrap_or(4.0);
                if !(low.is_finite() && high.is_finite() && 0.0 < low && low < high) {
                    return Err(bad(
                        "rope_scaling.low_freq_factor",
                        low,
                        "it must be below high_freq_factor",
                    ));
                }
                let divisors = (0..head_dim / 2).map(|pair| {
                    let wavelength = std::f64::consts::TAU * base.powf(2.0 * pair as f64 / head_dim as f64);
                    llama3_divisor(original / wavelength, factor, low, high) as f32
                });
                (Scaling::None, Some(divisors.collect()))
            }
            Some(other) => {
                return Err(bad(
                    "rope_scaling.rope_type",
                    printable(other),
                    "default, linear, yarn and llama3 can be run",
                ));
            }
        })
    }
}

/// What the frequency of a pair is divided by that turns so often over the original context (Llama 3.1, model card):
/// nothing where it turns often, the whole factor where it hardly turns, in between smoothly.
fn llama3_divisor(turns: f64, factor: f64, low: f64, high: f64) -> f64 {
    let share = ((turns - low) / (high - low)).clamp(0.0, 1.0);
    1.0 / ((1.0 - share) / factor + share)
}

/// How many layers look back no further than the window.
fn layers_with_window(raw: &Raw) -> u64 {
    if raw.sliding_window.is_none_or(|window| window == 0) {
        return 0;
    }
    if let Some(types) = raw.layer_types.as_ref().filter(|types| !types.is_empty()) {
        return types.iter().filter(|kind| *kind == "sliding_attention").count() as u64;
    }
    match raw.model_type.as_str() {
        "mistral" | "ministral" => raw.num_hidden_layers,
        // The layers from this one on.
        _ if raw.use_sliding_window == Some(true) => raw
            .num_hidden_layers
            .saturating_sub(raw.max_window_layers.unwrap_or(0)),
        _ => 0,
    }
}

fn bad(key: &str, value: impl ToString, need: &str) -> ConvertError {
    ConvertError::Config {
        key: key.to_owned(),
        value: value.to_string(),
        need: need.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Config, ConvertError> {
        Config::of(serde_json::from_str(json).unwrap())
    }

    fn with(more: &str) -> String {
        format!(
            "{{\"model_type\":\"qwen2\",\"hidden_size\":64,\"intermediate_size\":128,\"num_hidden_layers\":4,\
             \"num_attention_heads\":4,\"num_key_value_heads\":2,\"vocab_size\":300,\
             \"max_position_embeddings\":131072{more}}}"
        )
    }

    #[test]
    fn llama3_scaling_is_the_model_cards() {
        let more = ",\"rope_theta\":500000.0,\"head_dim\":128,\"rope_scaling\":{\"factor\":8.0,\"low_freq_factor\":1.0,\
             \"high_freq_factor\":4.0,\"original_max_position_embeddings\":8192,\"rope_type\":\"llama3\"}";
        let divisors = read(&with(more)).unwrap().rope_divisors.unwrap();
        assert_eq!(divisors.len(), 64);
        // Worked out from the card's formula: wavelengths below 2048 stay, above 8192 are eight times as long.
        assert_eq!((divisors[0], divisors[28], divisors[36]), (1.0, 1.0, 8.0));
        let wavelength = std::f64::consts::TAU * 500_000f64.powf(60.0 / 128.0);
        let smooth = (8192.0 / wavelength - 1.0) / 3.0;
        let expected = 1.0 / ((1.0 - smooth) / 8.0 + smooth);
        assert!(
            expected > 1.5 && (f64::from(divisors[30]) - expected).abs() < 1e-5,
            "{}",
            divisors[30]
        );
    }

    #[test]
    fn windows_are_those_of_the_layers() {
        let window = |more: &str| {
            let config = read(&with(more)).unwrap();
            (config.window, config.context)
        };
        assert_eq!(window(",\"sliding_window\":4096"), (None, 131_072));
        assert_eq!(
            window(",\"sliding_window\":4096,\"use_sliding_window\":true,\"max_window_layers\":0"),
            (Some(4096), 131_072)
        );
        assert_eq!(
            window(",\"sliding_window\":4096,\"use_sliding_window\":true,\"max_window_layers\":3"),
            (None, 4096),
            "within a window all layers see the same"
        );
        let mistral = with(",\"sliding_window\":4096").replace("qwen2", "mistral");
        assert_eq!(read(&mistral).unwrap().window, Some(4096));
        let mixed = ",\"sliding_window\":32768,\"layer_types\":[\"full_attention\",\"sliding_attention\",\
                     \"sliding_attention\",\"sliding_attention\"]";
        assert_eq!(window(mixed), (None, 32_768));
    }

    #[test]
    fn what_cannot_be_run_is_refused_by_name() {
        for (more, sign) in [
            (",\"hidden_act\":\"gelu\"", "gelu"),
            (",\"quantization_config\":{}", "quantised"),
            (",\"rope_scaling\":{\"type\":\"longrope\"}", "longrope"),
            (
                ",\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4.0,\"beta_fast\":64}",
                "yarn",
            ),
            (
                ",\"rope_scaling\":{\"type\":\"linear\",\"factor\":-1.0}",
                "factor",
            ),
            (",\"rms_norm_eps\":0.0", "rms_norm_eps"),
            (",\"head_dim\":7", "head_dim"),
        ] {
            let error = read(&with(more)).unwrap_err().to_string();
            assert!(error.contains(sign), "{more}: {error}");
        }
        let error = read(&with("").replace("qwen2", "rwkv")).unwrap_err();
        assert!(matches!(error, ConvertError::Family(name) if name == "rwkv"));
    }
}
