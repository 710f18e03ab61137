//! The decoder on candle: the reference that others are compared with, and the back end for GPUs.
//!
//! Owns one forward pass for all families: token embedding, then per layer attention and SwiGLU around RMS norms, then the
//! output matrix on the last position. Weights stay as the file stores them, or are expanded to f32.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor};
use candle_core::utils::metal_is_available;
use candle_core::{DType, Device, Module, Result, Tensor};
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};
use candle_nn::rotary_emb::{rope, rope_i};

use super::config::ModelConfig;
use super::rope::{Pairing, Rope as Angles};
use super::{Decoder, LoadError};
use crate::engine::EngineError;
use crate::models::gguf::{GgmlType, Gguf};

/// Positions by which a full cache grows.
const CACHE_STEP: usize = 256;

/// What the weights are computed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// As the file stores them; candle then also rounds what they are multiplied with to eight bits.
    #[default]
    Stored,
    /// Expanded to f32: the exact meaning of the file, at several times the memory.
    F32,
}

pub struct CandleDecoder {
    config: ModelConfig,
    embedding: Arc<QTensor>,
    layers: Vec<Layer>,
    output_norm: Tensor,
    output: QMatMul,
    rope: Rope,
    context: usize,
    len: usize,
    device: Device,
}

impl CandleDecoder {
    /// Loads the weights for this machine's processor; `context` positions will fit.
    pub fn load(gguf: &Gguf, context: usize, precision: Precision) -> std::result::Result<Self, LoadError> {
        Self::load_on(Device::Cpu, gguf, context, precision)
    }

    /// The same for the GPU that the program was built for (features `cuda` and `metal`). `None` if it was built for none.
    pub fn load_on_gpu(gguf: &Gguf, context: usize) -> std::result::Result<Option<Self>, LoadError> {
        let device = if metal_is_available() {
            Device::new_metal(0)
        } else {
            Device::cuda_if_available(0)
        };
        match device.map_err(LoadError::Gpu)? {
            Device::Cpu => Ok(None),
            gpu => Self::load_on(gpu, gguf, context, Precision::Stored).map(Some),
        }
    }

    fn load_on(
        device: Device,
        gguf: &Gguf,
        context: usize,
        precision: Precision,
    ) -> std::result::Result<Self, LoadError> {
        let config = ModelConfig::from_gguf(gguf)?;
        let weights = Weights {
            gguf,
            precision,
            device: &device,
            used: RefCell::default(),
        };
        let (width, vocab) = (config.width, config.vocab);
        let embedding = Arc::new(weights.tensor("token_embd.weight", &[vocab, width])?);
        let layers = (0..config.layers)
            .map(|i| Layer::load(&weights, &config, i))
            .collect::<std::result::Result<_, _>>()?;
        // Small models use the embedding for both.
        let output = match gguf.tensor("output.weight") {
            Some(_) => weights.matrix("output.weight", vocab, width)?,
            None => weights.multiply(embedding.clone())?,
        };
        let output_norm = weights.vector("output_norm.weight", width)?;
        let rope = Rope::new(&weights, &config, context)?;
        weights.check_all_used()?;
        Ok(Self {
            embedding,
            layers,
            output_norm,
            output,
            rope,
            context,
            len: 0,
            device,
            config,
        })
    }

    fn logits(&mut self, ids: &[u32]) -> Result<Vec<f32>> {
        let ids = Tensor::new(ids, &self.device)?;
        let mut x = self.embedding.embedding(&ids)?;
        let mask = causal_mask(ids.elem_count(), self.len, self.config.window, &self.device)?;
        for layer in &mut self.layers {
            x = layer.forward(&x, self.len, mask.as_ref(), &self.rope, &self.config)?;
        }
        self.len += ids.elem_count();
        let last = x.narrow(0, ids.elem_count() - 1, 1)?;
        let last = rms_norm(&last, &self.output_norm, self.config.epsilon)?;
        self.output.forward(&last)?.flatten_all()?.to_vec1()
    }
}

impl Decoder for CandleDecoder {
    fn vocab_size(&self) -> usize {
        self.embedding.shape().dims()[0]
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

    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> std::result::Result<(), EngineError> {
        if ids.is_empty() || self.len + ids.len() > self.context {
            return Err(EngineError::Compute(format!(
                "{} tokens do not fit after {} in a context of {}",
                ids.len(),
                self.len,
                self.context
            )));
        }
        if let Some(id) = ids.iter().find(|id| **id as usize >= self.vocab_size()) {
            return Err(EngineError::Compute(format!("the model has no token {id}")));
        }
        *logits = self
            .logits(ids)
            .map_err(|error| EngineError::Compute(error.to_string()))?;
        Ok(())
    }
}

struct Layer {
    attention_norm: Tensor,
    query: Projection,
    key: Projection,
    value: Projection,
    query_norm: Option<Tensor>,
    key_norm: Option<Tensor>,
    attention_output: QMatMul,
    feed_forward_norm: Tensor,
    gate: QMatMul,
    up: QMatMul,
    down: QMatMul,
    keys: Cache,
    values: Cache,
}

impl Layer {
    fn load(weights: &Weights, config: &ModelConfig, index: usize) -> std::result::Result<Self, LoadError> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let width = config.width;
        let heads = config.heads * config.head_dim;
        let kv_heads = config.kv_heads * config.head_dim;
        let projection = |part: &str, rows: usize| {
            Ok::<_, LoadError>(Projection {
                weight: weights.matrix(&name(&format!("{part}.weight")), rows, width)?,
                bias: weights.optional_vector(&name(&format!("{part}.bias")), rows)?,
            })
        };
        let ff = config.hidden;
        Ok(Self {
            attention_norm: weights.vector(&name("attn_norm.weight"), width)?,
            query: projection("attn_q", heads)?,
            key: projection("attn_k", kv_heads)?,
            value: projection("attn_v", kv_heads)?,
            query_norm: weights.optional_vector(&name("attn_q_norm.weight"), config.head_dim)?,
            key_norm: weights.optional_vector(&name("attn_k_norm.weight"), config.head_dim)?,
            attention_output: weights.matrix(&name("attn_output.weight"), width, heads)?,
            feed_forward_norm: weights.vector(&name("ffn_norm.weight"), width)?,
            gate: weights.matrix(&name("ffn_gate.weight"), ff, width)?,
            up: weights.matrix(&name("ffn_up.weight"), ff, width)?,
            down: weights.matrix(&name("ffn_down.weight"), width, ff)?,
            keys: Cache::default(),
            values: Cache::default(),
        })
    }

    /// `x`: `[positions, width]`, the first of them at `start`.
    fn forward(
        &mut self,
        x: &Tensor,
        start: usize,
        mask: Option<&Tensor>,
        rope: &Rope,
        config: &ModelConfig,
    ) -> Result<Tensor> {
        let normed = rms_norm(x, &self.attention_norm, config.epsilon)?;
        let attended = self.attend(&normed, start, mask, rope, config)?;
        let x = (x + self.attention_output.forward(&attended)?)?;
        let normed = rms_norm(&x, &self.feed_forward_norm, config.epsilon)?;
        let gated = (silu(&self.gate.forward(&normed)?)? * self.up.forward(&normed)?)?;
        x + self.down.forward(&gated)?
    }

    fn attend(
        &mut self,
        x: &Tensor,
        start: usize,
        mask: Option<&Tensor>,
        rope: &Rope,
        config: &ModelConfig,
    ) -> Result<Tensor> {
        let positions = x.dim(0)?;
        let (kv_heads, head_dim) = (config.kv_heads, config.head_dim);
        let by_head = |x: Tensor, heads: usize, norm: Option<&Tensor>| {
            let x = x
                .reshape((positions, heads, head_dim))?
                .transpose(0, 1)?
                .contiguous()?;
            match norm {
                Some(norm) => rms_norm(&x, norm, config.epsilon),
                None => Ok(x),
            }
        };
        let query = by_head(self.query.forward(x)?, config.heads, self.query_norm.as_ref())?;
        let key = by_head(self.key.forward(x)?, kv_heads, self.key_norm.as_ref())?;
        let value = by_head(self.value.forward(x)?, kv_heads, None)?;
        let query = rope.rotate(&query, start)?;
        let key = rope.rotate(&key, start)?;
        let keys = self.keys.append(start, &key)?;
        let values = self.values.append(start, &value)?;

        // The query heads that share a key head are rows of one product.
        let shared = config.heads / kv_heads;
        let query = query.reshape((kv_heads, shared * positions, head_dim))?;
        let scale = 1.0 / (head_dim as f64).sqrt();
        let mut scores = (query.matmul(&keys.t()?)? * scale)?;
        if let Some(mask) = mask {
            let seen = start + positions;
            scores = scores
                .reshape((kv_heads, shared, positions, seen))?
                .broadcast_add(mask)?
                .reshape((kv_heads, shared * positions, seen))?;
        }
        softmax_last_dim(&scores)?
            .matmul(&values)?
            .reshape((config.heads, positions, head_dim))?
            .transpose(0, 1)?
            .reshape((positions, config.heads * head_dim))
    }
}

/// A matrix with the bias that qwen2 has and llama has not.
struct Projection {
    weight: QMatMul,
    bias: Option<Tensor>,
}

impl Projection {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.weight.forward(x)?;
        match &self.bias {
            Some(bias) => x.broadcast_add(bias),
            None => Ok(x),
        }
    }
}

/// The keys or values of one layer, `[kv_heads, room, head_dim]`; what lies past the decoder's length is stale.
#[derive(Default)]
struct Cache(Option<Tensor>);

impl Cache {
    /// Writes `new` from position `start` on and returns everything up to its end.
    fn append(&mut self, start: usize, new: &Tensor) -> Result<Tensor> {
        let (heads, positions, head_dim) = new.dims3()?;
        let end = start + positions;
        let room = self.0.as_ref().map_or(Ok(0), |cache| cache.dim(1))?;
        if end > room {
            let grown = Tensor::zeros(
                (
                    heads,
                    end.next_multiple_of(CACHE_STEP).max(room + room / 2),
                    head_dim,
                ),
                DType::F32,
                new.device(),
            )?;
            if let Some(old) = self.0.take().filter(|_| start > 0) {
                grown.slice_set(&old.narrow(1, 0, start)?.contiguous()?, 1, 0)?;
            }
            self.0 = Some(grown);
        }
        let cache = self.0.as_ref().expect("just made");
        cache.slice_set(new, 1, start)?;
        cache.narrow(1, 0, end)
    }
}

/// Cosines and sines of every position, `[context, head_dim / 2]`.
struct Rope {
    pairing: Pairing,
    cos: Tensor,
    sin: Tensor,
}

impl Rope {
    fn new(weights: &Weights, config: &ModelConfig, context: usize) -> std::result::Result<Self, LoadError> {
        let half = config.rope.dims / 2;
        let divisors = weights.optional_vector("rope_freqs.weight", half)?;
        let divisors = divisors.map(|divisors| divisors.to_vec1::<f32>()).transpose()?;
        let angles = Angles::new(&config.rope, divisors.as_deref());
        let mut table = vec![0.0; angles.table_len()];
        let (mut cos, mut sin) = (Vec::new(), Vec::new());
        for position in 0..context {
            angles.table(position, &mut table);
            cos.extend_from_slice(&table[..half]);
            sin.extend_from_slice(&table[half..]);
        }
        let tensor = |numbers| Tensor::from_vec(numbers, (context, half), weights.device);
        Ok(Self {
            pairing: config.rope.pairing,
            cos: tensor(cos)?,
            sin: tensor(sin)?,
        })
    }

    /// `x`: `[heads, positions, head_dim]`, the first position at `start`.
    fn rotate(&self, x: &Tensor, start: usize) -> Result<Tensor> {
        let positions = x.dim(1)?;
        let cos = self.cos.narrow(0, start, positions)?;
        let sin = self.sin.narrow(0, start, positions)?;
        let x = x.unsqueeze(0)?;
        match self.pairing {
            Pairing::Adjacent => rope_i(&x, &cos, &sin)?,
            Pairing::Halves => rope(&x, &cos, &sin)?,
        }
        .squeeze(0)
    }
}

/// What is added to the scores: minus infinity where a query would see a later key, or one beyond its window. `None` where
/// it sees all.
fn causal_mask(
    positions: usize,
    start: usize,
    window: Option<usize>,
    device: &Device,
) -> Result<Option<Tensor>> {
    let seen = start + positions;
    if positions == 1 && window.is_none_or(|window| window >= seen) {
        return Ok(None);
    }
    let visible = |query: usize| {
        let end = start + query + 1;
        window.map_or(0, |window| end.saturating_sub(window))..end
    };
    let mask: Vec<f32> = (0..positions)
        .flat_map(|query| {
            let visible = visible(query);
            (0..seen).map(move |key| {
                if visible.contains(&key) {
                    0.0
                } else {
                    f32::NEG_INFINITY
                }
            })
        })
        .collect();
    Tensor::from_vec(mask, (positions, seen), device).map(Some)
}

/// Tensors by name, with the shape they must have.
struct Weights<'a> {
    gguf: &'a Gguf,
    precision: Precision,
    device: &'a Device,
    /// What was asked for.
    used: RefCell<HashSet<String>>,
}

impl Weights<'_> {
    /// An error if the file has a tensor that the pass would leave out.
    fn check_all_used(&self) -> std::result::Result<(), LoadError> {
        let used = self.used.borrow();
        match self.gguf.tensors().iter().find(|t| !used.contains(&t.name)) {
            Some(tensor) => Err(LoadError::UnknownTensor(tensor.name.clone())),
            None => Ok(()),
        }
    }

    /// `shape`: outermost first.
    fn tensor(&self, name: &str, shape: &[usize]) -> std::result::Result<QTensor, LoadError> {
        let info = self
            .gguf
            .tensor(name)
            .ok_or_else(|| LoadError::NoTensor(name.into()))?;
        let expected: Vec<u64> = shape.iter().rev().map(|n| *n as u64).collect();
        if info.dims != expected || expected.contains(&0) {
            return Err(LoadError::Shape {
                name: name.into(),
                found: info.dims.clone(),
                expected,
            });
        }
        let dtype = candle_type(info.dtype).ok_or_else(|| LoadError::TensorType {
            name: name.into(),
            dtype: info.dtype.name(),
        })?;
        let bytes = self.gguf.bytes(info);
        // candle views the bytes as blocks, whose strictest field is an f32.
        if !bytes.as_ptr().cast::<f32>().is_aligned() {
            return Err(LoadError::Unaligned(name.into()));
        }
        self.used.borrow_mut().insert(name.to_owned());
        let storage = QStorage::from_data(Cow::Borrowed(bytes), self.device, dtype)?;
        Ok(QTensor::new(storage, shape)?)
    }

    fn matrix(&self, name: &str, rows: usize, columns: usize) -> std::result::Result<QMatMul, LoadError> {
        self.multiply(Arc::new(self.tensor(name, &[rows, columns])?))
    }

    fn multiply(&self, matrix: Arc<QTensor>) -> std::result::Result<QMatMul, LoadError> {
        Ok(match self.precision {
            Precision::Stored => QMatMul::from_arc(matrix)?,
            Precision::F32 => QMatMul::Tensor(matrix.dequantize(self.device)?),
        })
    }

    fn vector(&self, name: &str, len: usize) -> std::result::Result<Tensor, LoadError> {
        Ok(self.tensor(name, &[len])?.dequantize(self.device)?)
    }

    fn optional_vector(&self, name: &str, len: usize) -> std::result::Result<Option<Tensor>, LoadError> {
        match self.gguf.tensor(name) {
            Some(_) => self.vector(name, len).map(Some),
            None => Ok(None),
        }
    }
}

fn candle_type(dtype: GgmlType) -> Option<GgmlDType> {
    Some(match dtype {
        GgmlType::F32 => GgmlDType::F32,
        GgmlType::F16 => GgmlDType::F16,
        GgmlType::BF16 => GgmlDType::BF16,
        GgmlType::Q4_0 => GgmlDType::Q4_0,
        GgmlType::Q4_1 => GgmlDType::Q4_1,
        GgmlType::Q5_0 => GgmlDType::Q5_0,
        GgmlType::Q5_1 => GgmlDType::Q5_1,
        GgmlType::Q8_0 => GgmlDType::Q8_0,
        GgmlType::Q2_K => GgmlDType::Q2K,
        GgmlType::Q3_K => GgmlDType::Q3K,
        GgmlType::Q4_K => GgmlDType::Q4K,
        GgmlType::Q5_K => GgmlDType::Q5K,
        GgmlType::Q6_K => GgmlDType::Q6K,
        _ => return None,
    })
}
