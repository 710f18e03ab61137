//! Models as files: the catalog, what is on disk, how it gets there, what is inside.
//!
//! Does not own running a model (that is `engine`). Everything read from a file is untrusted: sizes are checked before
//! anything is allocated.

pub mod gguf;
