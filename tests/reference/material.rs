//! Where tests find reference data, and what they say when it is missing; and the decoder that is held against them.

use std::io::Write;
use std::path::{Path, PathBuf};

use raif::chat::Message;
use raif::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use raif::engine::local::physical_cores;
use raif::models::gguf::Gguf;
use serde::Deserialize;

/// A prompt and how llama.cpp went on from it.
#[derive(Deserialize)]
pub struct Reference {
    #[serde(default)]
    pub messages: Vec<Message>,
    pub rendered: Option<String>,
    pub text: Option<String>,
    pub prompt_ids: Vec<u32>,
    pub greedy_ids: Vec<u32>,
    pub top5: Vec<Vec<Ranked>>,
}

#[derive(Deserialize)]
pub struct Ranked {
    pub id: u32,
    pub logprob: f32,
}

pub fn references(path: &Path) -> Vec<Reference> {
    serde_json::from_slice(&std::fs::read(path).expect("a readable fixture")).expect("JSON")
}

/// The instruction sets that a person would wait for: all but the portable one.
pub fn fast() -> Vec<Isa> {
    let mut all = Isa::available();
    all.pop();
    all
}

pub fn cpu_decoder(gguf: &Gguf, isa: Isa) -> CpuDecoder {
    let options = CpuOptions {
        threads: physical_cores(),
        context: 512,
        isa,
        kv_cache: CacheType::default(),
    };
    CpuDecoder::load(gguf, &options).expect("a decoder")
}

/// Reference material beside the package; `None`, said aloud, where there is none.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", path.display());
    None
}
