//! Why a file cannot be run as a model.

use crate::models::DoesNotFit;
use crate::models::gguf::GgufError;

/// What is wrong with a model file. Reads on after "the model … cannot be loaded:".
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    Gguf(String),
    #[error(transparent)]
    DoesNotFit(#[from] DoesNotFit),
    #[error("its architecture is {0:?}; this version runs {known}", known = super::config::KNOWN_ARCHITECTURES)]
    Architecture(String),
    #[error("its tokenizer is of the kind {0:?}; this version knows \"gpt2\" (byte-level BPE)")]
    TokenizerKind(String),
    #[error(
        "its pre-tokenizer is {0:?}, which this version does not know; another one would split text wrongly"
    )]
    PreTokenizer(String),
    #[error("its tokenizer is damaged: {0}")]
    Vocabulary(String),
    #[error("its metadata has no {0}")]
    NoMetadata(String),
    #[error("its metadata {key} is {value}, and {need}")]
    Metadata {
        key: String,
        value: String,
        need: String,
    },
    #[error("it has no tensor {0}; the file is incomplete or of another kind")]
    NoTensor(String),
    #[error("its tensor {0} belongs to nothing that this version computes")]
    UnknownTensor(String),
    #[error("its tensor {name} has the shape {found:?} where {expected:?} is needed")]
    Shape {
        name: String,
        found: Vec<u64>,
        expected: Vec<u64>,
    },
    #[error(
        "its tensor {name} is stored as {dtype}, which this version cannot compute with; use a Q4_K_M or Q8_0 file"
    )]
    TensorType { name: String, dtype: &'static str },
    #[error("its heads have {0} numbers, and a multiple of 16 up to 256 is needed")]
    HeadSize(usize),
    #[error("its tensor {name} is {columns} wide, which {block} does not divide")]
    Width {
        name: String,
        columns: usize,
        block: usize,
    },
    #[error("{megabytes} MB of memory cannot be had: {source}")]
    Memory {
        megabytes: usize,
        source: std::io::Error,
    },
    #[error("its tensor {0} does not begin at a multiple of four bytes; fetch the file again")]
    Unaligned(String),
    #[error("it has no chat template, so it is not a model to talk to; use its instruct or chat version")]
    NoTemplate,
    #[error("its chat template fails: {0}")]
    Template(String),
    #[error("the GPU cannot be used: {0}; a program built without its feature runs on the processor")]
    Gpu(candle_core::Error),
    #[error("computing with it fails: {0}")]
    Compute(#[from] candle_core::Error),
}

impl LoadError {
    /// The file is sound, but of a shape that our own kernels are not written for.
    pub fn is_beyond_the_kernels(&self) -> bool {
        matches!(self, Self::HeadSize(_) | Self::Width { .. })
    }
}

impl From<GgufError> for LoadError {
    fn from(error: GgufError) -> Self {
        Self::Gguf(match error {
            GgufError::Io { source, .. } => source.to_string(),
            GgufError::NotGguf { reason, .. } => format!("it is not a GGUF file ({reason})"),
            GgufError::Damaged { reason, .. } => format!("it is damaged: {reason}; fetch it again"),
        })
    }
}
