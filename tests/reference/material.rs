//! Where tests find models and reference data, and what they say when those are missing.

use std::path::{Path, PathBuf};

/// File name of the model that continuous integration must have.
pub const STARTER: &str = "smollm2-135m-instruct-q4_1.gguf";

/// Reference material beside the package; `None`, said aloud, where there is none.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

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
