//! What the chat remembers of how it was left: settings changed by a key, under the user's own file.
//!
//! The file is in the state folder: it can be lost without harm, so one that cannot be read is passed over.

use std::fs;
use std::io;
use std::path::Path;

/// The settings that a key changes for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub fold_thinking: bool,
    pub show_constraints: bool,
}

/// Writes the file, and its folder if there is none.
pub fn remember(path: &Path, settings: Remembered) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = format!(
        "# Written by the chat when a key changes one of these. config.toml goes before it.\n\
         [screen]\nfold_thinking = {}\nshow_constraints = {}\n",
        settings.fold_thinking, settings.show_constraints
    );
    fs::write(path, text)
}
