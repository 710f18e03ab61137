//! What a model's file or folder is, for people: read from headers alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::convert::{Folder, Quant};
use super::error::ModelsError;
use super::gguf::{Gguf, GgufError, Value};
use super::memory::{Fit, Memory};
use super::text::printable;

/// The context for which memory is estimated, where the model has that much.
const CONTEXT: u64 = 8192;
/// What a run takes beside weights and KV cache.
pub(super) const OVERHEAD: u64 = 60_000_000;

/// What is inside a file. Text comes from the file, with control characters taken out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelFile {
    pub path: PathBuf,
    pub bytes: u64,
    /// What its makers call it.
    pub title: Option<String>,
    pub architecture: Option<String>,
    pub parameters: u64,
    /// The mixture's usual name, where the file says it.
    pub quantisation: Option<&'static str>,
    /// Each type of tensor, by bytes, largest first.
    pub types: Vec<TypeShare>,
    pub layers: Option<u64>,
    /// Tokens it was trained on at once.
    pub context: Option<u64>,
    pub tokenizer: Option<String>,
    pub vocabulary: Option<usize>,
    pub chat_template: bool,
    pub licence: Option<String>,
    /// Bytes of the safetensors that it would be converted from; everything else is what the GGUF will be.
    pub safetensors: Option<u64>,
    pub memory: MemoryNeed,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TypeShare {
    pub name: &'static str,
    pub tensors: usize,
    pub bytes: u64,
}

/// What running it takes, in bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoryNeed {
    /// Tokens of context that are counted.
    pub context: u64,
    pub weights: u64,
    /// Keys and values of that many tokens, two bytes a number.
    pub kv_cache: u64,
    /// Weights, KV cache and the program.
    pub total: u64,
    pub machine: Option<Memory>,
    pub fit: Fit,
}

impl ModelFile {
    pub fn read(path: &Path) -> Result<Self, GgufError> {
        Ok(Self::of(&Gguf::open(path)?, Memory::of_this_machine()))
    }

    /// What the folder of safetensors at `path` will be, converted to `quant`.
    pub fn of_folder(path: &Path, quant: Quant) -> Result<Self, ModelsError> {
        let failed = |source| ModelsError::Convert {
            path: path.to_owned(),
            source,
        };
        let folder = Folder::open(path).map_err(failed)?;
        let folder = folder.ok_or_else(|| ModelsError::NotAModelFolder {
            path: path.to_owned(),
        })?;
        let source = folder.stamp().map_err(failed)?;
        let conversion = folder.convert(quant, &source, None).map_err(failed)?;
        // The header alone, in a file that is as long as the finished one and takes no room.
        let io = |source| ModelsError::Io {
            what: "writing in",
            path: std::env::temp_dir(),
            source,
        };
        let mut header = tempfile::NamedTempFile::new().map_err(io)?;
        conversion.begin(header.as_file_mut()).map_err(failed)?;
        let sizes = folder.files().iter().filter_map(|file| folder.size_of(file));
        Ok(Self {
            path: path.to_owned(),
            safetensors: Some(sizes.sum()),
            ..Self::of(&Gguf::open(header.path())?, Memory::of_this_machine())
        })
    }

    /// On a machine with `machine` of memory.
    pub fn of(gguf: &Gguf, machine: Option<Memory>) -> Self {
        let architecture = gguf.str("general.architecture").map(printable);
        let size = |key: &str| gguf.uint(&format!("{}.{key}", gguf.str("general.architecture")?));
        let layers = size("block_count");
        let context = size("context_length");
        let bytes = gguf.file_len() as u64;
        let mut types: BTreeMap<&'static str, TypeShare> = BTreeMap::new();
        for tensor in gguf.tensors() {
            let name = tensor.dtype.name();
            let share = types.entry(name).or_insert(TypeShare {
                name,
                tensors: 0,
                bytes: 0,
            });
            share.tensors += 1;
            share.bytes += tensor.range.len() as u64;
        }
        let mut types: Vec<_> = types.into_values().collect();
        types.sort_by_key(|share| std::cmp::Reverse(share.bytes));
        let tokenizer = match (gguf.str("tokenizer.ggml.model"), gguf.str("tokenizer.ggml.pre")) {
            (Some(model), Some(pre)) => Some(printable(&format!("{model} ({pre})"))),
            (Some(model), None) => Some(printable(model)),
            (None, _) => None,
        };
        Self {
            path: gguf.path().to_owned(),
            bytes,
            title: gguf.str("general.name").map(printable),
            architecture,
            parameters: gguf
                .tensors()
                .iter()
                .fold(0, |sum, t| sum.saturating_add(t.elements())),
            quantisation: gguf.uint("general.file_type").and_then(file_type),
            types,
            layers,
            context,
            tokenizer,
            vocabulary: gguf.array("tokenizer.ggml.tokens").map(<[Value]>::len),
            chat_template: gguf.str("tokenizer.chat_template").is_some(),
            licence: gguf.str("general.license").map(printable),
            safetensors: None,
            memory: MemoryNeed::of(gguf, None, machine),
        }
    }
}

impl MemoryNeed {
    /// Of running `gguf` with `context` tokens, where it was trained on that many, on a machine with `machine`.
    pub fn of(gguf: &Gguf, context: Option<u64>, machine: Option<Memory>) -> Self {
        let size = |key: &str| gguf.uint(&format!("{}.{key}", gguf.str("general.architecture")?));
        let most = size("context_length").unwrap_or(CONTEXT);
        let context = context.unwrap_or(CONTEXT).min(most);
        let heads = size("attention.head_count").filter(|heads| *heads > 0);
        let per_head = heads
            .zip(size("embedding_length"))
            .map(|(heads, width)| width / heads);
        let key = size("attention.key_length").or(per_head).unwrap_or(0);
        let value = size("attention.value_length").or(per_head).unwrap_or(0);
        let kv_heads = size("attention.head_count_kv").or(heads).unwrap_or(0);
        let layers = size("block_count").unwrap_or(0);
        let kv_cache = [context, layers, kv_heads, key.saturating_add(value), 2]
            .into_iter()
            .fold(1, u64::saturating_mul);
        let weights = gguf.file_len() as u64;
        let total = weights.saturating_add(kv_cache).saturating_add(OVERHEAD);
        Self {
            context,
            weights,
            kv_cache,
            total,
            machine,
            fit: machine.map_or(Fit::Unknown, |machine| machine.fit(total)),
        }
    }
}

/// `llama.h`, `enum llama_ftype`.
fn file_type(id: u64) -> Option<&'static str> {
    Some(match id {
        0 => "F32",
        1 => "F16",
        2 => "Q4_0",
        3 => "Q4_1",
        7 => "Q8_0",
        8 => "Q5_0",
        9 => "Q5_1",
        10 => "Q2_K",
        11 => "Q3_K_S",
        12 => "Q3_K_M",
        13 => "Q3_K_L",
        14 => "Q4_K_S",
        15 => "Q4_K_M",
        16 => "Q5_K_S",
        17 => "Q5_K_M",
        18 => "Q6_K",
        32 => "BF16",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
