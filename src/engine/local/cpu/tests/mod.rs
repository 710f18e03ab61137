//! Whole models: generated ones against plain arithmetic, and hostile ones. And the parts that have no weights:
//! attention, the pool. Real models are run by `tests/reference`.

mod attention;
mod families;
pub mod file;
mod hostile;
mod plain;
mod pool;
mod sequences;
mod synthetic;
