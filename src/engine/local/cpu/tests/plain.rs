//! A transformer as the papers write it, in f64, with no thought of speed: what the forward pass is held against.

use super::file::{Builder, Meta, Random};
use crate::engine::local::cpu::formats::tests::dequantised;
use crate::models::gguf::GgmlType;

/// A small model of any supported architecture.
#[derive(Clone)]
pub struct Plain {
    pub arch: &'static str,
    pub layers: usize,
    pub width: usize,
    pub hidden: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub dim: usize,
    pub vocab: usize,
    pub window: Option<usize>,
    pub biases: bool,
    pub head_norms: bool,
    pub tied: bool,
    /// How matrices are stored.
    pub dtype: GgmlType,
    pub builder: Builder,
}

impl Plain {
    pub fn qwen2(dtype: GgmlType) -> Self {
        let block = dtype.block_len().max(32);
        Self {
            arch: "qwen2",
            layers: 2,
            width: 2 * block,
            hidden: 3 * block,
            heads: 4,
            kv_heads: 2,
            dim: block / 2,
            vocab: 83,
            window: None,
            biases: true,
            head_norms: false,
            tied: true,
            dtype,
            builder: Builder::default(),
        }
    }

    pub fn llama(dtype: GgmlType) -> Self {
        let qwen = Self::qwen2(dtype);
        Self {
            arch: "llama",
            biases: false,
            tied: false,
            heads: 3,
            kv_heads: 1,
            dim: 32,
            ..qwen
        }
        .with_width(3 * 32, dtype)
    }

    pub fn qwen3(dtype: GgmlType) -> Self {
        Self {
            arch: "qwen3",
            biases: false,
            head_norms: true,
            ..Self::qwen2(dtype)
        }
    }

    fn with_width(self, width: usize, dtype: GgmlType) -> Self {
        if dtype.block_len() > 32 {
            self
        } else {
            Self { width, ..self }
        }
    }

    /// Fills the model with random numbers.
    pub fn generate(mut self, seed: u64) -> Self {
        let mut random = Random(seed);
        let arch = self.arch;
        let (width, hidden, dim) = (self.width, self.hidden, self.dim);
        let (q, kv) = (self.heads * dim, self.kv_heads * dim);
        let b = &mut self.builder;
        b.meta("general.architecture", Meta::Str(arch));
        let mut size = |key: &str, n: usize| b.meta(&format!("{arch}.{key}"), Meta::Uint(n as u32));
        size("block_count", self.layers);
        size("context_length", 4096);
        size("embedding_length", width);
        size("feed_forward_length", hidden);
        size("attention.head_count", self.heads);
        size("attention.head_count_kv", self.kv_heads);
        size("attention.key_length", dim);
        size("attention.value_length", dim);
        if let Some(window) = self.window {
            size("attention.sliding_window", window);
        }
        b.meta(
            &format!("{arch}.attention.layer_norm_rms_epsilon"),
            Meta::Float(1e-5),
        );
        b.meta(&format!("{arch}.rope.freq_base"), Meta::Float(500.0));
        let dtype = self.dtype;
        let mut matrix = |b: &mut Builder, name: String, columns: usize, rows: usize| {
            let bytes = if dtype == GgmlType::F32 {
                let numbers = random.floats(columns * rows, 1.7 / (columns as f32).sqrt());
                numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
            } else {
                // What the blocks' integers are multiplied with, so that numbers are of the usual size.
                let scale = match dtype {
                    GgmlType::Q8_0 => 0.002,
                    GgmlType::Q2_K => 0.005,
                    GgmlType::Q3_K => 0.002,
                    GgmlType::Q4_K | GgmlType::Q5_K => 0.000_3,
                    GgmlType::Q6_K => 0.000_1,
                    _ => 0.01,
                };
                random.blocks(dtype, columns * rows / dtype.block_len(), scale, false)
            };
            b.tensor(&name, &[columns, rows], dtype, bytes);
        };
        matrix(b, "token_embd.weight".into(), width, self.vocab);
        if !self.tied {
            matrix(b, "output.weight".into(), width, self.vocab);
        }
        for layer in 0..self.layers {
            for (part, columns, rows) in [
                ("attn_q", width, q),
                ("attn_k", width, kv),
                ("attn_v", width, kv),
                ("attn_output", q, width),
                ("ffn_gate", width, hidden),
                ("ffn_up", width, hidden),
                ("ffn_down", hidden, width),
            ] {
                matrix(b, format!("blk.{layer}.{part}.weight"), columns, rows);
            }
        }
        let mut vector = |name: String, len: usize, middle: f32| {
            let numbers: Vec<f32> = random.floats(len, 0.3).iter().map(|x| x + middle).collect();
            self.builder.floats(&name, &[len], &numbers);
        };
        vector("output_norm.weight".into(), width, 1.0);
        for layer in 0..self.layers {
            vector(format!("blk.{layer}.attn_norm.weight"), width, 1.0);
            vector(format!("blk.{layer}.ffn_norm.weight"), width, 1.0);
            if self.biases {
                for (part, len) in [("attn_q", q), ("attn_k", kv), ("attn_v", kv)] {
                    vector(format!("blk.{layer}.{part}.bias"), len, 0.0);
                }
            }
            if self.head_norms {
                vector(format!("blk.{layer}.attn_q_norm.weight"), dim, 1.0);
                vector(format!("blk.{layer}.attn_k_norm.weight"), dim, 1.0);
            }
        }
        self
    }

    fn tensor(&self, name: &str) -> Option<Vec<f64>> {
        let (_, _, dtype, bytes) = self.builder.tensors.iter().find(|(known, ..)| known == name)?;
        Some(dequantised(*dtype, bytes).into_iter().map(f64::from).collect())
    }

    /// The logits after the last of `ids`.
    pub fn logits(&self, ids: &[u32]) -> Vec<f64> {
        let tensor = |name: &str| self.tensor(name).expect("a generated tensor");
        let embedding = tensor("token_embd.weight");
        let row = |id: &u32| embedding[*id as usize * self.width..][..self.width].to_vec();
        let mut residual: Vec<Vec<f64>> = ids.iter().map(row).collect();
        for layer in 0..self.layers {
            let name = |part: &str| format!("blk.{layer}.{part}");
            let weight = |part: &str| tensor(&name(&format!("{part}.weight")));
            let project = |part: &str, x: &[f64], norm: &str| {
                let mut out = product(&weight(part), x);
                if let Some(bias) = self.tensor(&name(&format!("{part}.bias"))) {
                    out.iter_mut().zip(bias).for_each(|(out, bias)| *out += bias);
                }
                let norm = self.tensor(&name(&format!("{norm}.weight")));
                out.chunks(self.dim)
                    .map(|head| norm.as_ref().map_or(head.to_vec(), |n| normed(head, n)))
                    .collect()
            };
            let (mut keys, mut values) = (Vec::new(), Vec::new());
            for position in 0..ids.len() {
                let x = normed(&residual[position], &weight("attn_norm"));
                let mut queries: Vec<Vec<f64>> = project("attn_q", &x, "attn_q_norm");
                let mut key: Vec<Vec<f64>> = project("attn_k", &x, "attn_k_norm");
                let value: Vec<Vec<f64>> = project("attn_v", &x, "none");
                queries
                    .iter_mut()
                    .chain(&mut key)
                    .for_each(|head| self.rotate(head, position));
                keys.push(key);
                values.push(value);
                let first = self
                    .window
                    .map_or(0, |window| (position + 1).saturating_sub(window));
                let mut attention = Vec::new();
                for (index, query) in queries.iter().enumerate() {
                    let head = index / (self.heads / self.kv_heads);
                    let score = |p: usize| dot(query, &keys[p][head]) / (self.dim as f64).sqrt();
                    let peak = (first..=position).map(score).fold(f64::NEG_INFINITY, f64::max);
                    let weights: Vec<f64> = (first..=position).map(|p| (score(p) - peak).exp()).collect();
                    let sum: f64 = weights.iter().sum();
                    for d in 0..self.dim {
                        let seen = (first..=position).zip(&weights);
                        attention.push(seen.map(|(p, w)| w * values[p][head][d]).sum::<f64>() / sum);
                    }
                }
                let out = product(&weight("attn_output"), &attention);
                residual[position]
                    .iter_mut()
                    .zip(out)
                    .for_each(|(x, out)| *x += out);
            }
            for x in &mut residual {
                let input = normed(x, &weight("ffn_norm"));
                let gate = product(&weight("ffn_gate"), &input);
                let up = product(&weight("ffn_up"), &input);
                let hidden: Vec<f64> = gate
                    .iter()
                    .zip(up)
                    .map(|(g, u)| g / (1.0 + (-g).exp()) * u)
                    .collect();
                let out = product(&weight("ffn_down"), &hidden);
                x.iter_mut().zip(out).for_each(|(x, out)| *x += out);
            }
        }
        let last = normed(residual.last().expect("a token"), &tensor("output_norm.weight"));
        product(&self.tensor("output.weight").unwrap_or(embedding), &last)
    }

    fn rotate(&self, head: &mut [f64], position: usize) {
        let pairs = self.dim / 2;
        for pair in 0..pairs {
            let angle = position as f64 * 500f64.powf(-(pair as f64) / pairs as f64);
            let (a, b) = if self.arch == "llama" {
                (2 * pair, 2 * pair + 1)
            } else {
                (pair, pair + pairs)
            };
            let (x, y) = (head[a], head[b]);
            head[a] = x * angle.cos() - y * angle.sin();
            head[b] = x * angle.sin() + y * angle.cos();
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn product(matrix: &[f64], x: &[f64]) -> Vec<f64> {
    matrix.chunks(x.len()).map(|row| dot(row, x)).collect()
}

fn normed(x: &[f64], weight: &[f64]) -> Vec<f64> {
    let mean = dot(x, x) / x.len() as f64;
    x.iter()
        .zip(weight)
        .map(|(x, w)| x / (mean + 1e-5).sqrt() * w)
        .collect()
}
