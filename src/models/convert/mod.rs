//! Folders of safetensors, as `transformers` writes them, to one quantised GGUF.
//!
//! | module        | owns                                                              |
//! |---------------|-------------------------------------------------------------------|
//! | `json`        | reading the folder's JSON within limits                           |
//! | `config`      | `config.json`: families and shapes                                |
//! | `tokenizer`   | `tokenizer.json` and what belongs to it                           |
//! | `safetensors` | headers of the files with the weights                             |
//! | `mixture`     | which type each tensor gets                                       |
//! | `plan`        | the whole GGUF before any weight is read                          |
//! | `quantise`    | K-quants; candle has the plain types                              |
//! | `work`        | weights from one to the other, a few rows at a time               |
//!
//! The plan fixes every tensor's place, so files of weights can come in any order and go away once they are done. What is
//! in memory at a time are the tokenizer and a few million weights, whatever the model's size.
//!
//! Everything in the folder is untrusted: sizes are checked before anything is allocated, names are plain.

mod config;
mod json;
mod mixture;
mod plan;
mod quantise;
mod safetensors;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod testing_names;
#[cfg(test)]
mod tests;
mod tokenizer;
mod work;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

pub use mixture::Quant;
pub(super) use work::Conversion;

use super::gguf::Gguf;
use plan::{Label, Plan, Shards};
pub(super) use safetensors::Shard;

/// Why a folder of safetensors cannot become a GGUF. Reads on after "… cannot be converted:".
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    #[error("it has no {0}")]
    NoFile(String),
    #[error("its {file} cannot be read: {source}")]
    Read { file: String, source: std::io::Error },
    #[error("its {file} is not right: {reason}")]
    Json { file: String, reason: String },
    #[error("its {file} is not right: {reason}")]
    Safetensors { file: String, reason: String },
    #[error("its config.json calls it {0:?}; llama, mistral, ministral, qwen2 and qwen3 are known")]
    Family(String),
    #[error("it is quantised already; take the repository that it was made from, or a GGUF of it")]
    Quantised,
    #[error("its config.json has {key} {value}, and {need}")]
    Config {
        key: String,
        value: String,
        need: String,
    },
    #[error("its tokenizer is {0}; byte-level BPE is known. Import a GGUF of the model instead")]
    TokenizerKind(String),
    #[error(
        "its tokenizer cuts text in a way that this version does not know ({0}), and another way would be wrong: import \
         a GGUF of the model instead"
    )]
    PreTokenizer(String),
    #[error("it has no tensor {0}; fetch it again")]
    NoTensor(String),
    #[error("it has the tensor {0} twice")]
    Twice(String),
    #[error("its tensor {0} belongs to nothing that this version computes")]
    UnknownTensor(String),
    #[error("its tensor {name} has the shape {found:?} where its config.json says {expected:?}")]
    Shape {
        name: String,
        found: Vec<u64>,
        expected: Vec<u64>,
    },
    #[error("its tensor {name} is stored as {dtype}; BF16, F16 and F32 are known")]
    TensorType { name: String, dtype: String },
    #[error("its tensor {0} holds something that is not a number; fetch it again")]
    NotFinite(String),
    #[error("quantising its tensor {name} failed: {reason}")]
    Quantise { name: String, reason: String },
    #[error("writing it failed: {0}")]
    Write(std::io::Error),
    #[error("stopped before it was complete")]
    Cancelled,
}

/// A folder as `transformers` writes them.
pub(super) struct Folder {
    path: PathBuf,
    shards: Shards,
}

impl Folder {
    /// `None` if there is no `config.json` in it.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, ConvertError> {
        if !path.join("config.json").exists() {
            return Ok(None);
        }
        Ok(Some(Self {
            path: path.to_owned(),
            shards: Shards::read(path)?,
        }))
    }

    /// The files that hold the weights, in order.
    pub(super) fn files(&self) -> &[String] {
        &self.shards.files
    }

    /// The tensors that the index puts into `file`; none without an index.
    pub(super) fn tensors_of(&self, file: &str) -> Vec<String> {
        self.shards.tensors_of(file)
    }

    /// Whether every file of weights is here.
    pub(super) fn is_complete(&self) -> bool {
        self.files().iter().all(|file| self.size_of(file).is_some())
    }

    /// Where one of the files of weights is, or would be.
    pub(super) fn place_of(&self, file: &str) -> PathBuf {
        self.path.join(file)
    }

    /// Bytes of one of the files of weights; `None` if it is not here.
    pub(super) fn size_of(&self, file: &str) -> Option<u64> {
        self.place_of(file).metadata().ok().map(|metadata| metadata.len())
    }

    /// Removes one of the files of weights, and what a link to it points at.
    pub(super) fn forget(&self, file: &str) {
        let link = self.path.join(file);
        if let Ok(blob) = link.canonicalize() {
            let _ = std::fs::remove_file(blob);
        }
        let _ = std::fs::remove_file(link);
    }

    /// Opens one of the files of weights.
    pub(super) fn open_shard(&self, file: &str) -> Result<Shard, ConvertError> {
        match self.size_of(file) {
            Some(_) => Shard::open(&self.path.join(file), file),
            None => Err(ConvertError::NoFile(file.to_owned())),
        }
    }

    /// What people call it: the folder's name, or the repository's in the hub's cache.
    pub(super) fn name(&self) -> String {
        let name = |path: &Path| super::names::file_name(path);
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let snapshots = path.parent().filter(|parent| name(parent) == "snapshots");
        let repo = snapshots.and_then(Path::parent).map(name);
        repo.and_then(|repo| Some(repo.strip_prefix("models--")?.split("--").nth(1)?.to_owned()))
            .unwrap_or_else(|| name(&path))
    }

    /// Stands for what is in the folder now: where it is, and each file's name, size and time.
    pub(super) fn stamp(&self) -> Result<String, ConvertError> {
        let read = |source| ConvertError::Read {
            file: "folder".into(),
            source,
        };
        let mut hash = Sha256::new();
        hash.update(
            self.path
                .canonicalize()
                .map_err(read)?
                .as_os_str()
                .as_encoded_bytes(),
        );
        let beside = ["config.json", "tokenizer.json", "tokenizer_config.json"];
        for file in beside.into_iter().chain(self.files().iter().map(String::as_str)) {
            let metadata = self.path.join(file).metadata();
            let changed = metadata.as_ref().ok().and_then(|m| m.modified().ok());
            let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            hash.update(format!(
                "\n{file} {:?} {changed:?}",
                metadata.map(|m| m.len()).ok()
            ));
        }
        Ok(hash.finalize()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect())
    }

    /// A conversion of what is here, every tensor looked for first.
    pub(super) fn convert(
        &self,
        quant: Quant,
        source: &str,
        licence: Option<&str>,
    ) -> Result<Conversion, ConvertError> {
        let shards = self
            .files()
            .iter()
            .map(|file| self.open_shard(file))
            .collect::<Result<Vec<_>, _>>()?;
        let there = shards.iter().flat_map(|shard| &shard.tensors);
        let names: BTreeSet<String> = there.map(|tensor| tensor.name.clone()).collect();
        let conversion = self.conversion_of(&names, quant, source, licence)?;
        conversion.check(&shards)?;
        Ok(conversion)
    }

    /// A conversion whose files of weights are to come; only the small files are here.
    pub(super) fn convert_later(
        &self,
        quant: Quant,
        source: &str,
        licence: Option<&str>,
    ) -> Result<Option<Conversion>, ConvertError> {
        let Some(names) = self.shards.names() else {
            return Ok(None);
        };
        self.conversion_of(&names, quant, source, licence).map(Some)
    }

    fn conversion_of(
        &self,
        names: &BTreeSet<String>,
        quant: Quant,
        source: &str,
        licence: Option<&str>,
    ) -> Result<Conversion, ConvertError> {
        let title = super::text::printable(&self.name().replace('-', " "));
        let label = Label {
            title: &title,
            licence,
            source,
        };
        Plan::new(&self.path, names, quant, &label).map(Conversion::new)
    }
}

/// What a converted file was made from.
pub(super) fn source_of(gguf: &Gguf) -> Option<&str> {
    gguf.str(plan::SOURCE)
}
