//! The forward pass on a CPU: decoder-only transformers over quantised weights.
//!
//! Owns everything between token ids and logits. Does not own tokens' meaning, sampling, or the loop around it.
//!
//! | module      | owns                                                                        |
//! |-------------|-----------------------------------------------------------------------------|
//! | `simd`      | sixteen lanes on each instruction set, chosen when the program runs         |
//! | `formats`   | the block formats of a GGUF, and the tiles they are repacked into           |
//! | `weights`   | all matrices of a model in one arena                                        |
//! | `kernels`   | products and what lies between them, for one thread                         |
//! | `kv`, `attention` | the cache, softmax over it                                           |
//! | `model`     | a GGUF's tensors as a model                                                |
//! | `pool`, `shared` | threads, and memory that they fill together                            |
//! | `pace`      | how many of them decoding is worth beside other programs                   |
//! | `pass`      | the order of a pass and who computes what                                   |
//! | `decoder`   | the [`Decoder`](super::Decoder) made of all that                            |
//!
//! # Design
//! Decoding reads every weight once a token, so it is as fast as memory: weights stay in the file's own quantised form,
//! repacked so that a stream of lines feeds sixteen rows at once. Prefill is bound by arithmetic: a tile is unpacked once
//! for all tokens. One parallel region a pass; its phases are divided by stealing, so any number of threads, and threads
//! that are slowed down by others, stay busy.
//!
//! `unsafe` in this folder is of three kinds: instructions whose presence a value proves (`simd`), buffers that threads
//! fill in disjoint parts (`shared`, used in `pass` and `kv`), and memory maps (`weights`).

#![allow(
    clippy::needless_range_loop,
    reason = "lanes, columns and positions are counted, not iterated"
)]

mod attention;
mod decoder;
mod formats;
mod kernels;
mod kv;
mod model;
mod pace;
mod pass;
mod pool;
mod shared;
mod simd;
#[cfg(test)]
mod tests;
mod weights;

pub use decoder::CpuDecoder;
pub use kv::CacheType;
pub use simd::Isa;

/// How a model is run.
#[derive(Clone, Copy, Debug)]
pub struct CpuOptions {
    /// Threads of a pass, the caller's included.
    pub threads: usize,
    /// Positions that may be held.
    pub context: usize,
    pub isa: Isa,
    pub kv_cache: CacheType,
}
