//! The person's own editor, on a file that is read back.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::Command;

/// Why nothing came back from the editor.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error(
        "there is no editor to write in: VISUAL and EDITOR are not set, and neither nano nor vi is here; \
         set EDITOR to the editor you have, as in `export EDITOR=emacs`"
    )]
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

/// Where nobody says which: the first that tells how to leave it, then the one that is everywhere.
const USUAL: [&str; 2] = ["nano", "vi"];

/// The command: the shell reads it, so that it may have arguments.
fn command(variable: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let set = |name| {
        variable(name)
            .and_then(|v| v.into_string().ok())
            .filter(|v| !v.trim().is_empty())
    };
    let path = variable("PATH").unwrap_or_default();
    let is_here = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let usual = || USUAL.into_iter().find(is_here).map(str::to_owned);
    set("VISUAL").or_else(|| set("EDITOR")).or_else(usual)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_goes_before_what_is_usual() {
        let folder = tempfile::tempdir().unwrap();
        let found = |visual: &str, editor: &str| {
            command(|name| match name {
                "VISUAL" => Some(visual.into()),
                "EDITOR" => Some(editor.into()),
                "PATH" => Some(folder.path().into()),
                _ => None,
            })
        };
        assert_eq!(found("", " "), None);
        std::fs::write(folder.path().join("vi"), "").unwrap();
        assert_eq!(found("", "").as_deref(), Some("vi"));
        std::fs::write(folder.path().join("nano"), "").unwrap();
        assert_eq!(found("", "").as_deref(), Some("nano"));
        assert_eq!(found("", "ed").as_deref(), Some("ed"));
        assert_eq!(found("code --wait", "ed").as_deref(), Some("code --wait"));
    }
}
