//! What several integration tests share.

pub mod pty;
pub mod test_models;
