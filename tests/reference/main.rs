//! The local engine with real material: the reference outputs of llama.cpp, and a model of RAIF's shape.

mod llama_cpp;
mod material;
mod raif_model;
#[path = "../support/test_models.rs"]
mod test_models;
