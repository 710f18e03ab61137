//! Where tests find reference data, and what they say when it is missing.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Reference material beside the package; `None`, said aloud, where there is none.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", path.display());
    None
}
