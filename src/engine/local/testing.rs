//! Small model files and a decoder that follows a script, for the tests of this folder.

use std::io::Write;

use tempfile::NamedTempFile;

use super::Decoder;
use crate::engine::EngineError;
use crate::models::gguf::Value;

/// Tokens after the 256 bytes, and their types.
const SPECIALS: &[(&str, i64)] = &[
    ("<｜begin▁of▁sentence｜>", 3),
    ("<｜end▁of▁sentence｜>", 3),
    ("<｜User｜>", 3),
    ("<｜Assistant｜>", 3),
    ("<think>", 4),
    ("</think>", 4),
    ("<|im_start|>", 3),
    ("<|im_end|>", 3),
];

pub const BOS: u32 = 256;
pub const EOS: u32 = 257;
pub const ASSISTANT: u32 = 259;
pub const OPEN: u32 = 260;
pub const CLOSE: u32 = 261;

/// What R1's own template does, without its tools.
pub const R1_TEMPLATE: &str = "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ m.content }}{% elif m.role == 'user' %}{{ '<｜User｜>' + m.content }}{% else %}{{ '<｜Assistant｜>' + m.content.split('</think>')[-1] + '<｜end▁of▁sentence｜>' }}{% endif %}{% endfor %}{{ '<｜Assistant｜>' }}";

/// One without thinking.
pub const PLAIN_TEMPLATE: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content | trim }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

/// A GGUF in the making: `qwen2`, two layers, every byte a token.
pub struct TinyGguf {
    metadata: Vec<(String, Value)>,
    tensors: Vec<(String, Vec<u64>)>,
}

impl TinyGguf {
    pub fn new(template: &str) -> Self {
        let mut tokens: Vec<(String, i64)> = (0..=255)
            .map(|byte| (super::tokenizer::byte_char(byte).to_string(), 1))
            .collect();
        tokens.extend(SPECIALS.iter().map(|(text, kind)| (text.to_string(), *kind)));
        let (width, ff, heads, kv_heads, layers) = (32, 64, 4, 2, 2);
        let vocab = tokens.len() as u64;
        let metadata = [
            ("general.architecture", Value::String("qwen2".into())),
            ("qwen2.block_count", Value::Uint(layers)),
            ("qwen2.context_length", Value::Uint(256)),
            ("qwen2.embedding_length", Value::Uint(width)),
            ("qwen2.feed_forward_length", Value::Uint(ff)),
            ("qwen2.attention.head_count", Value::Uint(heads)),
            ("qwen2.attention.head_count_kv", Value::Uint(kv_heads)),
            ("qwen2.attention.layer_norm_rms_epsilon", Value::Float(1e-6)),
            ("tokenizer.ggml.model", Value::String("gpt2".into())),
            ("tokenizer.ggml.pre", Value::String("deepseek-r1-qwen".into())),
            ("tokenizer.ggml.bos_token_id", Value::Uint(BOS.into())),
            ("tokenizer.ggml.eos_token_id", Value::Uint(EOS.into())),
            ("tokenizer.ggml.merges", Value::Array(Vec::new())),
            (
                "tokenizer.ggml.token_type",
                Value::Array(tokens.iter().map(|(_, kind)| Value::Int(*kind)).collect()),
            ),
            (
                "tokenizer.ggml.tokens",
                Value::Array(tokens.into_iter().map(|(text, _)| Value::String(text)).collect()),
            ),
            ("tokenizer.chat_template", Value::String(template.into())),
        ];
        let kv_width = kv_heads * width / heads;
        let mut tensors = vec![
            ("token_embd.weight".to_string(), vec![width, vocab]),
            ("output_norm.weight".to_string(), vec![width]),
        ];
        for layer in 0..layers {
            for (part, dims) in [
                ("attn_norm.weight", vec![width]),
                ("attn_q.weight", vec![width, width]),
                ("attn_q.bias", vec![width]),
                ("attn_k.weight", vec![width, kv_width]),
                ("attn_k.bias", vec![kv_width]),
                ("attn_v.weight", vec![width, kv_width]),
                ("attn_v.bias", vec![kv_width]),
                ("attn_output.weight", vec![width, width]),
                ("ffn_norm.weight", vec![width]),
                ("ffn_gate.weight", vec![width, ff]),
                ("ffn_up.weight", vec![width, ff]),
                ("ffn_down.weight", vec![ff, width]),
            ] {
                tensors.push((format!("blk.{layer}.{part}"), dims));
            }
        }
        Self {
            metadata: metadata.map(|(key, value)| (key.to_string(), value)).into(),
            tensors,
        }
    }

    pub fn set(mut self, key: &str, value: Value) -> Self {
        self = self.without(key);
        self.metadata.push((key.into(), value));
        self
    }

    pub fn without(mut self, key: &str) -> Self {
        self.metadata.retain(|(name, _)| name != key);
        self
    }

    pub fn without_tensor(mut self, name: &str) -> Self {
        self.tensors.retain(|(tensor, _)| tensor != name);
        self
    }

    pub fn reshaped(mut self, name: &str, dims: &[u64]) -> Self {
        let tensor = self.tensors.iter_mut().find(|(tensor, _)| tensor == name);
        tensor.expect("a tensor to reshape").1 = dims.into();
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            string(&mut out, key);
            out.extend(kind(value).to_le_bytes());
            payload(&mut out, value);
        }
        let mut offset = 0u64;
        for (name, dims) in &self.tensors {
            string(&mut out, name);
            out.extend((dims.len() as u32).to_le_bytes());
            out.extend(dims.iter().flat_map(|dim| dim.to_le_bytes()));
            out.extend(0u32.to_le_bytes());
            out.extend(offset.to_le_bytes());
            offset += (dims.iter().product::<u64>() * 4).next_multiple_of(32);
        }
        out.resize(out.len().next_multiple_of(32), 0);
        let mut state = 1u32;
        for (_, dims) in &self.tensors {
            for _ in 0..dims.iter().product::<u64>() {
                // Numerical Recipes' linear congruence, to numbers from -0.5 to 0.5.
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                out.extend(((state >> 8) as f32 / (1 << 24) as f32 - 0.5).to_le_bytes());
            }
            out.resize(out.len().next_multiple_of(32), 0);
        }
        out
    }

    pub fn write(&self) -> NamedTempFile {
        file(&self.bytes())
    }
}

pub fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    file
}

fn kind(value: &Value) -> u32 {
    match value {
        Value::Uint(_) => 10,
        Value::Int(_) => 11,
        Value::Float(_) => 12,
        Value::Bool(_) => 7,
        Value::String(_) => 8,
        Value::Array(_) => 9,
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn payload(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Uint(n) => out.extend(n.to_le_bytes()),
        Value::Int(n) => out.extend(n.to_le_bytes()),
        Value::Float(x) => out.extend(x.to_le_bytes()),
        Value::Bool(b) => out.push(u8::from(*b)),
        Value::String(s) => string(out, s),
        Value::Array(values) => {
            out.extend(values.first().map_or(8, kind).to_le_bytes());
            out.extend((values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| payload(out, value));
        }
    }
}

/// What comes after the given tokens.
pub type Next = Box<dyn FnMut(&[u32]) -> u32 + Send>;

/// Puts all probability on the token that a function names.
pub struct ScriptedDecoder {
    next: Next,
    ids: Vec<u32>,
    context: usize,
}

impl ScriptedDecoder {
    pub fn new(context: usize, next: impl FnMut(&[u32]) -> u32 + Send + 'static) -> Self {
        Self {
            next: Box::new(next),
            ids: Vec::new(),
            context,
        }
    }

    /// Says `reply` token by token, then ends its turn.
    pub fn replying(context: usize, prompt_len: usize, reply: Vec<u32>) -> Self {
        Self::new(context, move |ids| {
            let said = ids.len().saturating_sub(prompt_len);
            reply.get(said).copied().unwrap_or(EOS)
        })
    }
}

impl Decoder for ScriptedDecoder {
    fn vocab_size(&self) -> usize {
        256 + SPECIALS.len()
    }

    fn context(&self) -> usize {
        self.context
    }

    fn len(&self) -> usize {
        self.ids.len()
    }

    fn truncate(&mut self, len: usize) {
        self.ids.truncate(len);
    }

    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError> {
        self.ids.extend_from_slice(ids);
        assert!(self.ids.len() <= self.context, "the context is kept");
        logits.clear();
        logits.resize(self.vocab_size(), 0.0);
        logits[(self.next)(&self.ids) as usize] = 100.0;
        Ok(())
    }
}
