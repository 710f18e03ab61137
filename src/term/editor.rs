//! The person's own editor, on a file that is read back.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::Command;

/// Why nothing came back from the editor.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("there is no editor to write in: set VISUAL or EDITOR, as in EDITOR=nano")]
    None,
    #[error("the message cannot be handed to an editor: {0}")]
    File(io::Error),
    #[error("{editor} cannot be started: {source}; the message is as it was")]
    Start { editor: String, source: io::Error },
    #[error("{editor} ended with {status}; the message is as it was")]
    Failed {
        editor: String,
        status: std::process::ExitStatus,
    },
    #[error("what {editor} wrote is not text in UTF-8; the message is as it was")]
    NotText { editor: String },
}

/// The command: the shell reads it, so that it may have arguments.
fn command(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let set = |name| {
        variable(name)
            .and_then(|v| v.into_string().ok())
            .filter(|v| !v.trim().is_empty())
    };
    set("VISUAL").or_else(|| set("EDITOR"))
}

/// Lets the person change `text`, and waits. The terminal must be given back before.
pub(super) fn edit(text: &str) -> Result<String, EditError> {
    let editor = command(|name| std::env::var_os(name)).ok_or(EditError::None)?;
    let mut file = tempfile::Builder::new()
        .prefix("raif-message-")
        .suffix(".md")
        .tempfile()
        .map_err(EditError::File)?;
    // Editors end a file with a line break; a message has none.
    writeln!(file, "{text}")
        .and_then(|()| file.flush())
        .map_err(EditError::File)?;
    let status = shell(&editor, file.path())
        .status()
        .map_err(|source| EditError::Start {
            editor: editor.clone(),
            source,
        })?;
    if !status.success() {
        return Err(EditError::Failed { editor, status });
    }
    // By its name: an editor may have put a new file in the place of the old one.
    let bytes = std::fs::read(file.path()).map_err(EditError::File)?;
    let text = String::from_utf8(bytes).map_err(|_| EditError::NotText { editor })?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

#[cfg(unix)]
fn shell(editor: &str, path: &std::path::Path) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{editor} \"$1\""))
        .arg("sh")
        .arg(path);
    command
}

#[cfg(not(unix))]
fn shell(editor: &str, path: &std::path::Path) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg(path);
    command
}
