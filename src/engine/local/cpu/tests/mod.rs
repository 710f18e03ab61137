//! Whole models: generated ones against plain arithmetic, and hostile ones. And the parts that have no weights:
//! attention, rotary embeddings, the pool. Real models are run by `tests/reference`.

mod attention;
mod families;
pub mod file;
mod hostile;
mod plain;
mod pool;
mod rope;
mod sequences;
mod synthetic;
