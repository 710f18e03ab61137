//! Models as files: the catalog, what is on disk, how it gets there and becomes a GGUF, what is inside.
//!
//! Owns the models folder (`Dirs::models`) and reads the hub's cache, whose files are used where they lie. Does not own running a model (that is `engine`).
//!
//! Invariants: a file under its final name is complete and, where its checksum is known, checked; unfinished work lives
//! in `.pull/` inside the models folder. Everything read from a file or a server is untrusted.

mod cancel;
pub mod catalog;
mod convert;
mod disk;
mod error;
mod fit;
pub mod gguf;
mod hub_cache;
mod import;
mod info;
mod memory;
mod names;
pub mod pull;
#[cfg(test)]
mod testing;
mod text;

pub use catalog::{Catalog, Entry};
pub use convert::{ConvertError, Quant};
pub use disk::{Installed, Located, Models, Place};
pub use error::ModelsError;
pub use fit::{DoesNotFit, check_fit};
pub use import::Removed;
pub use info::{MemoryNeed, ModelFile, TypeShare};
pub use memory::{Fit, Memory};
pub use text::human_bytes;
