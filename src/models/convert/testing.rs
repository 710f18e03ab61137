// Folders of safetensors made by hand, for tests. (Integration tests include this file too.)

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

pub const TEMPLATE: &str = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content | trim }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

const QWEN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Tokens after the 256 bytes, and whether they are signals.
const ADDED: [(&str, bool); 7] = [
    ("<|begin|>", true),
    ("<|im_end|>", true),
    ("<|im_start|>", true),
    ("<|endoftext|>", true),
    ("<think>", false),
    ("</think>", false),
    ("[TOOL]", true),
];

/// Merges, each making the next token after those.
const MERGES: [(&str, &str); 17] = [
    ("t", "h"),
    ("Ġ", "t"),
    ("th", "e"),
    ("h", "e"),
    ("Ġt", "he"),
    ("i", "n"),
    ("e", "r"),
    ("a", "n"),
    ("an", "d"),
    ("Ġ", "a"),
    ("Ã", "©"),
    ("1", "2"),
    ("12", "3"),
    ("Ġ", "Ġ"),
    ("o", "u"),
    ("T", "h"),
    ("Th", "e"),
];

const VOCAB: usize = 320;

/// A small model of any family, as `transformers` would write it.
#[derive(Clone)]
pub struct Checkpoint {
    pub model_type: &'static str,
    pub layers: usize,
    pub width: usize,
    pub hidden: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub head_dim: usize,
    pub tied: bool,
    pub biases: bool,
    pub head_norms: bool,
    pub llama3_rope: bool,
    pub window: Option<usize>,
    /// As in the header: `BF16`, `F16` or `F32`.
    pub dtype: &'static str,
    pub shards: usize,
}

impl Checkpoint {
    pub fn qwen2() -> Self {
        Self {
            model_type: "qwen2",
            layers: 2,
            width: 256,
            hidden: 512,
            heads: 8,
            kv_heads: 2,
            head_dim: 32,
            tied: true,
            biases: true,
            head_norms: false,
            llama3_rope: false,
            window: None,
            dtype: "BF16",
            shards: 1,
        }
    }

    pub fn llama() -> Self {
        Self {
            model_type: "llama",
            biases: false,
            tied: false,
            llama3_rope: true,
            ..Self::qwen2()
        }
    }

    pub fn mistral() -> Self {
        Self {
            model_type: "mistral",
            llama3_rope: false,
            window: Some(64),
            shards: 2,
            ..Self::llama()
        }
    }

    pub fn qwen3() -> Self {
        Self {
            model_type: "qwen3",
            heads: 4,
            biases: false,
            head_norms: true,
            ..Self::qwen2()
        }
    }

    fn config(&self) -> Value {
        let mut config = json!({
            "model_type": self.model_type,
            "hidden_act": "silu",
            "hidden_size": self.width,
            "intermediate_size": self.hidden,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_dim,
            "vocab_size": VOCAB,
            "max_position_embeddings": 2048,
            "rms_norm_eps": 1e-5,
            "rope_theta": 500_000.0,
            "tie_word_embeddings": self.tied,
            "torch_dtype": "bfloat16",
        });
        if let Some(window) = self.window {
            config["sliding_window"] = window.into();
        }
        if self.llama3_rope {
            config["rope_scaling"] = json!({
                "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                "original_max_position_embeddings": 512
            });
        }
        config
    }

    /// `tokenizer.json`: bytes, a few merges, added tokens.
    pub fn tokenizer(&self) -> Value {
        let regex = match self.model_type {
            "llama" => LLAMA3,
            "mistral" => TEKKEN,
            _ => QWEN,
        };
        let split =
            json!({"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": false});
        let bytes = json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false});
        let mut vocab = serde_json::Map::new();
        let plain = (0..=255).map(|byte| byte_char(byte).to_string());
        let merged = MERGES.map(|(a, b)| format!("{a}{b}"));
        let first_merged = 256 + ADDED.len();
        for (id, text) in plain.enumerate() {
            vocab.insert(text, id.into());
        }
        // What is added is a word of the model too, as in files whose signals come before other tokens.
        for (id, (text, _)) in (256..).zip(ADDED) {
            vocab.insert(text.to_owned(), id.into());
        }
        for (index, text) in merged.into_iter().enumerate() {
            vocab.insert(text, (first_merged + index).into());
        }
        let added: Vec<Value> = (256..)
            .zip(ADDED)
            .map(|(id, (text, special))| {
                json!({"id": id, "content": text, "single_word": false, "lstrip": false, "rstrip": false,
                       "normalized": false, "special": special})
            })
            .collect();
        let merges: Vec<Value> = MERGES
            .iter()
            .map(|(a, b)| match self.model_type {
                "llama" => json!([a, b]),
                _ => json!(format!("{a} {b}")),
            })
            .collect();
        let ignore = ["llama", "mistral"].contains(&self.model_type);
        json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": if ignore { Value::Null } else { json!({"type": "NFC"}) },
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, bytes]},
            "post_processor": {"type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "<|begin|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {"<|begin|>": {"id": "<|begin|>", "ids": [256], "tokens": ["<|begin|>"]}}},
            "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false},
            "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": ignore,
                      "vocab": vocab, "merges": merges},
        })
    }

    /// Every tensor: its name, its shape (outermost first), its numbers as the file's type rounds them.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>, Vec<f32>)> {
        let (q, kv) = (self.heads * self.head_dim, self.kv_heads * self.head_dim);
        let mut shapes = vec![
            ("model.embed_tokens.weight".to_owned(), vec![VOCAB, self.width]),
            ("model.norm.weight".to_owned(), vec![self.width]),
        ];
        if !self.tied {
            shapes.push(("lm_head.weight".into(), vec![VOCAB, self.width]));
        }
        for layer in 0..self.layers {
            let mut add = |name: &str, shape: &[usize]| {
                shapes.push((format!("model.layers.{layer}.{name}"), shape.to_vec()));
            };
            add("input_layernorm.weight", &[self.width]);
            for (name, rows) in [("q", q), ("k", kv), ("v", kv)] {
                add(&format!("self_attn.{name}_proj.weight"), &[rows, self.width]);
                if self.biases {
                    add(&format!("self_attn.{name}_proj.bias"), &[rows]);
                }
            }
            if self.head_norms {
                add("self_attn.q_norm.weight", &[self.head_dim]);
                add("self_attn.k_norm.weight", &[self.head_dim]);
            }
            add("self_attn.o_proj.weight", &[self.width, q]);
            add("post_attention_layernorm.weight", &[self.width]);
            add("mlp.gate_proj.weight", &[self.hidden, self.width]);
            add("mlp.up_proj.weight", &[self.hidden, self.width]);
            add("mlp.down_proj.weight", &[self.width, self.hidden]);
        }
        let mut state = 7u64;
        let mut number = move || {
            // Numerical Recipes' linear congruence, to numbers from -1 to 1.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
        };
        shapes
            .into_iter()
            .map(|(name, shape)| {
                let columns = *shape.last().expect("a shape") as f32;
                let (middle, size) = match (shape.len(), name.ends_with("norm.weight")) {
                    (_, true) => (1.0, 0.3),
                    (1, _) => (0.0, 0.3),
                    _ => (0.0, 1.7 / columns.sqrt()),
                };
                let numbers =
                    (0..shape.iter().product::<usize>()).map(|_| self.rounded(middle + size * number()));
                let numbers = numbers.collect();
                (name, shape, numbers)
            })
            .collect()
    }

    fn rounded(&self, number: f32) -> f32 {
        match self.dtype {
            "BF16" => half::bf16::from_f32(number).to_f32(),
            "F16" => half::f16::from_f32(number).to_f32(),
            _ => number,
        }
    }

    fn bytes(&self, numbers: &[f32]) -> Vec<u8> {
        let numbers = numbers.iter();
        match self.dtype {
            "BF16" => numbers
                .flat_map(|n| half::bf16::from_f32(*n).to_le_bytes())
                .collect(),
            "F16" => numbers
                .flat_map(|n| half::f16::from_f32(*n).to_le_bytes())
                .collect(),
            _ => numbers.flat_map(|n| n.to_le_bytes()).collect(),
        }
    }

    /// Fills a folder with everything.
    pub fn write_to(&self, folder: &Path) {
        let write = |file: &str, bytes: &[u8]| std::fs::write(folder.join(file), bytes).expect("room for it");
        let text = |value: &Value| serde_json::to_string(value).expect("JSON");
        write("config.json", text(&self.config()).as_bytes());
        write("tokenizer.json", text(&self.tokenizer()).as_bytes());
        let settings = json!({
            "bos_token": "<|begin|>",
            "eos_token": {"__type": "AddedToken", "content": "<|im_end|>"},
            "pad_token": null,
            "chat_template": TEMPLATE,
        });
        write("tokenizer_config.json", text(&settings).as_bytes());
        let generation =
            json!({"eos_token_id": [257, 259], "temperature": 0.6, "top_p": 0.95, "do_sample": true});
        write("generation_config.json", text(&generation).as_bytes());

        let tensors = self.tensors();
        let mut weight_map = serde_json::Map::new();
        for shard in 0..self.shards {
            let file = match self.shards {
                1 => "model.safetensors".to_owned(),
                all => format!("model-{:05}-of-{all:05}.safetensors", shard + 1),
            };
            let mine = tensors
                .iter()
                .enumerate()
                .filter(|(i, _)| i % self.shards == shard);
            let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
            header.insert("__metadata__".into(), json!({"format": "pt"}));
            for (_, (name, shape, numbers)) in mine {
                let start = data.len();
                data.extend(self.bytes(numbers));
                let place = json!({"dtype": self.dtype, "shape": shape, "data_offsets": [start, data.len()]});
                header.insert(name.clone(), place);
                weight_map.insert(name.clone(), file.clone().into());
            }
            let mut header = text(&Value::Object(header)).into_bytes();
            header.resize(header.len().next_multiple_of(8), b' ');
            let mut out = std::fs::File::create(folder.join(&file)).expect("a file");
            out.write_all(&(header.len() as u64).to_le_bytes())
                .expect("room for it");
            out.write_all(&header).expect("room for it");
            out.write_all(&data).expect("room for it");
        }
        if self.shards > 1 {
            let index = json!({"metadata": {"total_size": 0}, "weight_map": weight_map});
            write("model.safetensors.index.json", text(&index).as_bytes());
        }
    }
}

/// GPT-2's printable stand-in for a byte.
pub fn byte_char(byte: u8) -> char {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|b| !printable(*b)).count() as u32;
    char::from_u32(0x100 + before).expect("fewer than 256 stand-ins")
}
