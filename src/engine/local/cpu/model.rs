//! A model in memory: its shape, its matrices, its small vectors.
//!
//! Owns the names of tensors and what of them must be there. A file with tensors of a layer that the pass would not use
//! is refused: what it computes would be something else.

use std::collections::HashSet;

use half::{bf16, f16};

use crate::models::gguf::{GgmlType, Gguf};

use super::weights::{Loader, Slot, Weights};
use crate::engine::local::LoadError;
use crate::engine::local::config::ModelConfig;
use crate::engine::local::rope::Rope;

pub struct Model {
    pub config: ModelConfig,
    pub weights: Weights,
    pub rope: Rope,
    pub layers: Vec<Layer>,
    /// One row a token.
    pub embedding: Slot,
    pub output_norm: Vec<f32>,
    /// One row a token; the embedding again where the file has no other.
    pub output: Slot,
}

pub struct Layer {
    pub attention_norm: Vec<f32>,
    /// Queries, keys, values.
    pub projections: [Slot; 3],
    /// What is added to the projections, all three in a row; zeros where the file has none.
    pub biases: Vec<f32>,
    pub query_norm: Option<Vec<f32>>,
    pub key_norm: Option<Vec<f32>>,
    pub attention_output: Slot,
    pub feed_forward_norm: Vec<f32>,
    pub gate: Slot,
    pub up: Slot,
    pub down: Slot,
}

impl Model {
    pub fn load(gguf: &Gguf, threads: usize) -> Result<Self, LoadError> {
        let config = ModelConfig::from_gguf(gguf)?;
        // Heads are computed sixteen numbers at a time, from buffers of this size.
        if !config.head_dim.is_multiple_of(16) || config.head_dim > 256 {
            return Err(LoadError::HeadSize(config.head_dim));
        }
        let mut tensors = Tensors {
            gguf,
            loader: Loader::new(gguf),
            used: HashSet::new(),
        };
        let embedding = tensors.matrix("token_embd", config.width, config.vocab)?;
        let output = if gguf.tensor("output.weight").is_some() {
            tensors.matrix("output", config.width, config.vocab)?
        } else {
            embedding.clone()
        };
        let mut layers = Vec::new();
        for index in 0..config.layers {
            layers.push(tensors.layer(index, &config)?);
        }
        let output_norm = tensors.vector("output_norm.weight", config.width)?;
        let divisors = tensors.optional_vector("rope_freqs.weight", config.rope.dims / 2)?;
        let rope = Rope::new(&config.rope, divisors.as_deref());
        tensors.check_all_used()?;
        let weights = tensors.loader.fill(threads)?;
        Ok(Self {
            config,
            weights,
            rope,
            layers,
            embedding,
            output_norm,
            output,
        })
    }
}

/// The tensors of a file, with a record of which were asked for.
struct Tensors<'a> {
    gguf: &'a Gguf,
    loader: Loader<'a>,
    used: HashSet<String>,
}

impl Tensors<'_> {
    fn layer(&mut self, index: usize, config: &ModelConfig) -> Result<Layer, LoadError> {
        let name = |part: &str| format!("blk.{index}.{part}");
        let (width, hidden, dim) = (config.width, config.hidden, config.head_dim);
        let parts = [
            ("attn_q", config.heads * dim),
            ("attn_k", config.kv_heads * dim),
            ("attn_v", config.kv_heads * dim),
        ];
        let attention_norm = self.vector(&name("attn_norm.weight"), width)?;
        let [query, key, value] = parts.map(|(part, rows)| self.matrix(&name(part), width, rows));
        let mut biases = Vec::new();
        for (part, rows) in parts {
            let bias = self.optional_vector(&name(&format!("{part}.bias")), rows)?;
            biases.extend(bias.unwrap_or_else(|| vec![0.0; rows]));
        }
        Ok(Layer {
            attention_norm,
            projections: [query?, key?, value?],
            biases,
            query_norm: self.optional_vector(&name("attn_q_norm.weight"), dim)?,
            key_norm: self.optional_vector(&name("attn_k_norm.weight"), dim)?,
            attention_output: self.matrix(&name("attn_output"), config.heads * dim, width)?,
            feed_forward_norm: self.vector(&name("ffn_norm.weight"), width)?,
            gate: self.matrix(&name("ffn_gate"), width, hidden)?,
            up: self.matrix(&name("ffn_up"), width, hidden)?,
            down: self.matrix(&name("ffn_down"), hidden, width)?,
        })
    }

    fn matrix(&mut self, name: &str, columns: usize, rows: usize) -> Result<Slot, LoadError> {
        let name = format!("{name}.weight");
        let slot = self.loader.matrix(&name, columns, rows)?;
        self.used.insert(name);
        Ok(slot)
    }

    fn vector(&mut self, name: &str, len: usize) -> Result<Vec<f32>, LoadError> {
        self.optional_vector(name, len)?
            .ok_or_else(|| LoadError::NoTensor(name.to_owned()))
    }

    fn optional_vector(&mut self, name: &str, len: usize) -> Result<Option<Vec<f32>>, LoadError> {
        let Some(tensor) = self.gguf.tensor(name) else {
            return Ok(None);
        };
        if tensor.dims != [len as u64] {
            return Err(LoadError::Shape {
                name: name.to_owned(),
                found: tensor.dims.clone(),
                expected: vec![len as u64],
            });
        }
        let bytes = self.gguf.bytes(tensor);
        let numbers: Vec<f32> = match tensor.dtype {
            GgmlType::F32 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|b| f32::from_le_bytes(*b))
                .collect(),
            GgmlType::F16 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|b| f16::from_le_bytes(*b).to_f32())
                .collect(),
            GgmlType::BF16 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|b| bf16::from_le_bytes(*b).to_f32())
                .collect(),
            other => {
                return Err(LoadError::TensorType {
                    name: name.to_owned(),
                    dtype: other.name(),
                });
            }
        };
        self.used.insert(name.to_owned());
        Ok(Some(numbers))
    }

    fn check_all_used(&self) -> Result<(), LoadError> {
        match self
            .gguf
            .tensors()
            .iter()
            .find(|tensor| !self.used.contains(&tensor.name))
        {
            None => Ok(()),
            Some(tensor) => Err(LoadError::UnknownTensor(tensor.name.clone())),
        }
    }
}
