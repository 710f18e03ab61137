//! The local engine with real material: the reference outputs of llama.cpp, and a model of RAIF's shape.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod llama_cpp;
mod material;
mod numerics;
mod raif_model;
mod sequences;
#[path = "../support/test_models.rs"]
mod test_models;
