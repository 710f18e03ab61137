//! Models on this machine.
//!
//! Owns loading a GGUF, its tokenizer and chat template, choosing tokens, and the loop from prompt to typed stream. Does
//! not own the arithmetic: that is behind [`Decoder`], which has one implementation a back end.

pub mod cpu;

use super::EngineError;

/// A decoder-only transformer with its KV cache: token ids in, logits out.
pub trait Decoder: Send {
    /// Logits a position.
    fn vocab_size(&self) -> usize;
    /// Positions that fit the cache.
    fn context(&self) -> usize;
    /// Positions in the cache.
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Forgets every position from `len` on.
    fn truncate(&mut self, len: usize);
    /// Appends `ids` at the next positions and writes the logits of the last one (`vocab_size` of them).
    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError>;
}
