//! Real models for tests, and what is said when one is missing.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

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
    if file == STARTER && std::env::var_os("RAIF_TEST_MODELS").is_none() {
        fetch_starter(&path);
    }
    if path.exists() {
        return Some(path);
    }
    let required = file == STARTER && std::env::var_os("RAIF_REQUIRE_STARTER").is_some();
    assert!(
        !required,
        "the starter model is required and {} is not there",
        path.display()
    );
    say(&format!("SKIPPED: the model {} is not there", path.display()));
    None
}

/// Has the program itself fetch the starter, as a user would, unless it is there. What goes wrong is said on its
/// standard error; the caller sees that the file is missing.
fn fetch_starter(path: &Path) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock();
    if path.exists() {
        return;
    }
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-data");
    let raif = |arguments: [&str; 3]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_raif"));
        command.args(arguments).env("RAIF_DATA_DIR", &data).output()
    };
    say("fetching the starter model, 98 MB, once");
    match raif(["models", "pull", "starter"]) {
        Ok(pulled) if pulled.status.success() => {}
        Ok(pulled) => return say(&String::from_utf8_lossy(&pulled.stderr)),
        Err(error) => return say(&format!("the program cannot be started: {error}")),
    }
    let Ok(found) = raif(["models", "path", "starter"]) else {
        return;
    };
    let found = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    // The hub's cache may be on another disk. A copy that is cut off must not be taken for a model.
    let part = path.with_extension("part");
    let linked = std::fs::create_dir_all(path.parent().unwrap_or(path)).and_then(|()| {
        std::fs::hard_link(&found, path)
            .or_else(|_| std::fs::copy(&found, &part).and_then(|_| std::fs::rename(&part, path)))
    });
    if let Err(error) = linked {
        say(&format!("{found} cannot be put at {}: {error}", path.display()));
    }
}

/// Past the test harness, which shows what a test prints only when it fails.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
