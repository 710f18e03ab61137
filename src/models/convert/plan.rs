//! What a GGUF will be, known from `config.json` and the tokenizer before any tensor is read: its header, and for each
//! tensor where it comes from, its type and its place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::config::Config;
use super::mixture::{Part, Quant};
use super::tokenizer::Tokenizer;
use super::{ConvertError, json};
use crate::models::gguf::{GgmlType, HeaderWriter};
use crate::models::names::is_plain_name;
use crate::models::text::printable;

const INDEX: &str = "model.safetensors.index.json";
const SINGLE: &str = "model.safetensors";
const MOST_BYTES: u64 = 16 << 20;
const MOST_TENSORS: usize = 1 << 16;

/// Metadata under which a converted file keeps what it was made from.
pub(super) const SOURCE: &str = "raif.source";

/// Which files of a folder hold tensors.
#[derive(Debug, PartialEq)]
pub(super) struct Shards {
    /// File names, in order, each plain.
    pub files: Vec<String>,
    /// Which file has each tensor, where an index says it.
    tensors: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Index {
    #[serde(deserialize_with = "json::entries::<MOST_TENSORS, _, _>")]
    weight_map: Vec<(String, String)>,
}

impl Shards {
    /// As the index says; without one a model is a single file.
    pub(super) fn read(folder: &Path) -> Result<Self, ConvertError> {
        let Some(bytes) = json::read(folder, INDEX, MOST_BYTES)? else {
            return Ok(Self {
                files: vec![SINGLE.into()],
                tensors: None,
            });
        };
        let index: Index = json::parse(INDEX, &bytes)?;
        let files: BTreeSet<String> = index.weight_map.iter().map(|(_, file)| file.clone()).collect();
        let sound = |file: &str| is_plain_name(file) && file.ends_with(".safetensors");
        if let Some(file) = files.iter().find(|file| !sound(file)) {
            return Err(ConvertError::Json {
                file: INDEX.into(),
                reason: format!("{} is not a file of this folder", printable(file)),
            });
        }
        if files.is_empty() {
            return Err(ConvertError::Json {
                file: INDEX.into(),
                reason: "it lists no tensors".into(),
            });
        }
        Ok(Self {
            files: files.into_iter().collect(),
            tensors: Some(index.weight_map.into_iter().collect()),
        })
    }

    /// The tensors' names, where an index lists them.
    pub(super) fn names(&self) -> Option<BTreeSet<String>> {
        Some(self.tensors.as_ref()?.keys().cloned().collect())
    }

    /// The tensors that the index puts into `file`.
    pub(super) fn tensors_of(&self, file: &str) -> Vec<String> {
        let all = self.tensors.iter().flatten();
        let in_file = all.filter(|(_, there)| *there == file);
        in_file.map(|(tensor, _)| tensor.clone()).collect()
    }
}

/// One tensor of the GGUF.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Outermost first, as the safetensors must have it.
    pub shape: Vec<u64>,
    pub dtype: GgmlType,
    /// Rows of this many are reordered from pairs of halves to neighbours (see [`Config::neighbours`]).
    pub head_rows: Option<usize>,
    /// Where its bytes lie in the GGUF.
    pub range: Range<usize>,
}

/// A whole GGUF.
pub(super) struct Plan {
    pub header: Vec<u8>,
    /// By the name that the safetensors have for it.
    pub tensors: HashMap<String, Planned>,
    /// What is computed instead of read, with its place.
    pub computed: Vec<(Vec<u8>, usize)>,
    /// Bytes of the finished file.
    pub len: u64,
    tied: bool,
}

/// What a plan says of itself in its metadata.
pub(super) struct Label<'a> {
    /// What people call the model.
    pub title: &'a str,
    pub licence: Option<&'a str>,
    /// What it is made from, in a few digits.
    pub source: &'a str,
}

impl Plan {
    /// `names`: the tensors there are.
    pub(super) fn new(
        folder: &Path,
        names: &BTreeSet<String>,
        quant: Quant,
        label: &Label,
    ) -> Result<Self, ConvertError> {
        let config = Config::read(folder)?;
        let tokenizer = Tokenizer::read(folder, &config)?;
        let mut header = HeaderWriter::default();
        header.string("general.architecture", config.architecture);
        header.string("general.type", "model");
        header.string("general.name", label.title);
        if let Some(licence) = label.licence {
            header.string("general.license", licence);
        }
        header.u32("general.quantization_version", 2);
        header.u32("general.file_type", quant.file_type());
        header.string(SOURCE, label.source);
        config.write(&mut header);
        tokenizer.write(&mut header);

        let tied = config.tied || !names.contains("lm_head.weight");
        let rows = Row::all(&config, names, tied);
        let mut planned = Vec::new();
        for row in &rows {
            let dtype = match (row.shape.as_slice(), row.part) {
                ([_, columns], part) => quant.matrix(part, *columns),
                _ => GgmlType::F32,
            };
            let dims = row.shape.iter().rev().copied().collect();
            header
                .tensor(row.name.clone(), dims, dtype)
                .ok_or_else(|| ConvertError::Shape {
                    name: row.source.clone(),
                    found: row.shape.clone(),
                    expected: Vec::new(),
                })?;
            planned.push(dtype);
        }
        let divisors = config.rope_divisors.as_deref().unwrap_or_default();
        if !divisors.is_empty() {
            header.tensor(
                "rope_freqs.weight".into(),
                vec![divisors.len() as u64],
                GgmlType::F32,
            );
        }
        let (header, places) = header.finish();
        let mut computed = Vec::new();
        if let Some(place) = places.get(rows.len()) {
            let bytes = divisors
                .iter()
                .flat_map(|divisor| divisor.to_le_bytes())
                .collect();
            computed.push((bytes, place.range.start));
        }
        let len = places
            .last()
            .map_or(header.len(), |last| last.range.end)
            .next_multiple_of(32) as u64;
        let tensors = rows
            .into_iter()
            .zip(planned)
            .zip(places)
            .map(|((row, dtype), place)| {
                let planned = Planned {
                    shape: row.shape,
                    dtype,
                    head_rows: row.head_rows,
                    range: place.range,
                };
                (row.source, planned)
            })
            .collect();
        Ok(Self {
            header,
            tensors,
            computed,
            len,
            tied,
        })
    }

    /// Whether a tensor that is not planned may be left out.
    pub(super) fn may_ignore(&self, name: &str) -> bool {
        (name == "lm_head.weight" && self.tied) || name.ends_with(".rotary_emb.inv_freq")
    }
}

/// One tensor by both its names.
struct Row {
    source: String,
    name: String,
    shape: Vec<u64>,
    part: Part,
    head_rows: Option<usize>,
}

impl Row {
    /// All that a model of this shape has. Biases are there or not, as `names` says.
    fn all(config: &Config, names: &BTreeSet<String>, tied: bool) -> Vec<Self> {
        let Config {
            width,
            hidden,
            vocab,
            layers,
            head_dim,
            ..
        } = *config;
        let (q, kv) = (config.heads * head_dim, config.kv_heads * head_dim);
        let row = |source: String, name: String, shape: Vec<u64>, part: Part| Self {
            source,
            name,
            shape,
            part,
            head_rows: None,
        };
        let embedding = if tied { Part::Output } else { Part::Other };
        let mut rows = vec![
            row(
                "model.embed_tokens.weight".into(),
                "token_embd.weight".into(),
                vec![vocab, width],
                embedding,
            ),
            row(
                "model.norm.weight".into(),
                "output_norm.weight".into(),
                vec![width],
                Part::Other,
            ),
        ];
        if !tied {
            rows.push(row(
                "lm_head.weight".into(),
                "output.weight".into(),
                vec![vocab, width],
                Part::Output,
            ));
        }
        for layer in 0..layers {
            let sensitive = Part::Sensitive { layer, layers };
            let mut add =
                |source: &str, name: &str, shape: &[u64], part: Part, by_head: bool, needed: bool| {
                    let source = format!("model.layers.{layer}.{source}");
                    if needed || names.contains(&source) {
                        rows.push(Self {
                            head_rows: (by_head && config.neighbours).then_some(head_dim as usize),
                            ..row(source, format!("blk.{layer}.{name}"), shape.to_vec(), part)
                        });
                    }
                };
            add(
                "input_layernorm.weight",
                "attn_norm.weight",
                &[width],
                Part::Other,
                false,
                true,
            );
            for (source, name, size, part) in [
                ("q", "attn_q", q, Part::Other),
                ("k", "attn_k", kv, Part::Other),
                ("v", "attn_v", kv, sensitive),
            ] {
                let (from, to) = (format!("self_attn.{source}_proj"), name);
                let by_head = source != "v";
                add(
                    &format!("{from}.weight"),
                    &format!("{to}.weight"),
                    &[size, width],
                    part,
                    by_head,
                    true,
                );
                add(
                    &format!("{from}.bias"),
                    &format!("{to}.bias"),
                    &[size],
                    part,
                    by_head,
                    false,
                );
            }
            if config.head_norms {
                add(
                    "self_attn.q_norm.weight",
                    "attn_q_norm.weight",
                    &[head_dim],
                    Part::Other,
                    false,
                    true,
                );
                add(
                    "self_attn.k_norm.weight",
                    "attn_k_norm.weight",
                    &[head_dim],
                    Part::Other,
                    false,
                    true,
                );
            }
            add(
                "self_attn.o_proj.weight",
                "attn_output.weight",
                &[width, q],
                Part::Other,
                false,
                true,
            );
            add(
                "post_attention_layernorm.weight",
                "ffn_norm.weight",
                &[width],
                Part::Other,
                false,
                true,
            );
            add(
                "mlp.gate_proj.weight",
                "ffn_gate.weight",
                &[hidden, width],
                Part::Other,
                false,
                true,
            );
            add(
                "mlp.up_proj.weight",
                "ffn_up.weight",
                &[hidden, width],
                Part::Other,
                false,
                true,
            );
            add(
                "mlp.down_proj.weight",
                "ffn_down.weight",
                &[width, hidden],
                sensitive,
                false,
                true,
            );
        }
        rows
    }
}
