//! Real models for tests, and what is said when one is missing.

use std::path::{Path, PathBuf};

/// File name of the model that continuous integration must have.
pub const STARTER: &str = "smollm2-135m-instruct-q4_1.gguf";

/// A real model by file name, in the folder `RAIF_TEST_MODELS` names, else in `target/test-models`. `None`, said aloud,
/// where it is missing, except that a required starter fails the test.
pub fn model(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("RAIF_TEST_MODELS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-models"),
        PathBuf::from,
    );
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    let required = file == STARTER && std::env::var_os("RAIF_REQUIRE_STARTER").is_some();
    assert!(
        !required,
        "the starter model is required and {} is not there",
        path.display()
    );
    eprintln!("SKIPPED: the model {} is not there", path.display());
    None
}
