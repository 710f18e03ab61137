//! Whole models: generated ones against plain arithmetic, hostile ones, and real ones against recorded references. And
//! the parts that have no weights: attention, rotary embeddings, the pool.

mod attention;
pub mod file;
mod hostile;
mod plain;
mod pool;
mod reference;
mod rope;
mod sequences;
mod synthetic;
