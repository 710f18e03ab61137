//! The clipboard: by the terminal's own sequence (OSC 52), which also works through SSH, and by the desktop's own program
//! where there is one.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

/// Terminals cut off or ignore longer sequences (a common limit is 100 kB of base64).
const MAX_BYTES: usize = 74_000;
/// How long a clipboard program may take before it counts as not there.
const PATIENCE: Duration = Duration::from_millis(500);

/// Why a text was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(
        "{0} bytes are too many for the terminal's clipboard, and no clipboard program is here (wl-copy, xclip, xsel): \
         /export writes them to a file"
    )]
    TooLong(usize),
    #[error("the terminal did not take it: {0}")]
    Terminal(#[from] std::io::Error),
}

/// Sends the sequence.
pub(super) fn copy(out: &mut impl Write, text: &str) -> Result<(), CopyError> {
    if text.len() > MAX_BYTES {
        return Err(CopyError::TooLong(text.len()));
    }
    execute!(out, CopyToClipboard::to_clipboard_from(text))?;
    Ok(())
}

/// Gives the text to the desktop's program; false if there is none, or it does not take it soon.
pub fn copy_natively(text: &str) -> bool {
    let Some(program) = Program::find(|name| std::env::var_os(name)) else {
        return false;
    };
    let (done, result) = mpsc::channel();
    let text = text.to_owned();
    // On a thread of its own: a program that hangs holds up nothing.
    let thread = std::thread::Builder::new().name("clipboard".into());
    let started = thread.spawn(move || done.send(program.copy(&text).is_ok()));
    started.is_ok() && result.recv_timeout(PATIENCE) == Ok(true)
}

/// A program that puts its input on a clipboard.
#[derive(Debug, PartialEq, Eq)]
struct Program {
    path: PathBuf,
    args: &'static [&'static str],
}

/// Programs, best first: the variable that says that they would reach somebody, their names, their arguments.
const PROGRAMS: &[(Option<&str>, &str, &[&str])] = &[
    (Some("WAYLAND_DISPLAY"), "wl-copy", &[]),
    (Some("DISPLAY"), "xclip", &["-selection", "clipboard", "-in"]),
    (Some("DISPLAY"), "xsel", &["--clipboard", "--input"]),
    (Some("TMUX"), "tmux", &["load-buffer", "-w", "-"]),
    (None, "pbcopy", &[]),
    (None, "clip.exe", &[]),
];

impl Program {
    /// The program of this desktop. None through SSH: its clipboard would be that of the other machine, unless tmux
    /// passes it on.
    fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let is_set = |name: &str| variable(name).is_some_and(|v| !v.is_empty());
        let remote = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
        let folders: Vec<PathBuf> = std::env::split_paths(&variable("PATH")?).collect();
        PROGRAMS.iter().find_map(|(needs, name, args)| {
            if needs.is_some_and(|needs| !is_set(needs)) || (remote && *name != "tmux") {
                return None;
            }
            let path = folders
                .iter()
                .map(|folder| folder.join(name))
                .find(|path| path.is_file())?;
            Some(Self { path, args })
        })
    }

    /// Gives it the text. Waits until it has taken it.
    fn copy(&self, text: &str) -> std::io::Result<()> {
        let mut child = Command::new(&self.path)
            .args(self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        let status = child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(std::io::Error::other(format!(
                "{} ended with {status}",
                self.path.display()
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_sequence_and_a_long_one_none() {
        let mut out = Vec::new();
        copy(&mut out, "hé").unwrap();
        assert_eq!(out, b"\x1b]52;c;aMOp\x1b\\");
        let mut out = Vec::new();
        assert!(copy(&mut out, &"x".repeat(MAX_BYTES + 1)).is_err());
        assert!(out.is_empty());
    }

    #[test]
    fn the_program_is_that_of_the_desktop_and_none_through_ssh() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["wl-copy", "xclip", "tmux"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let find = |set: &[&str]| {
            let found = Program::find(|name| match name {
                "PATH" => Some(folder.path().into()),
                name => set.contains(&name).then(|| "1".into()),
            });
            found.map(|program| program.path.file_name().unwrap().to_owned())
        };
        assert_eq!(find(&["WAYLAND_DISPLAY", "DISPLAY"]), Some("wl-copy".into()));
        assert_eq!(find(&["DISPLAY"]), Some("xclip".into()));
        assert_eq!(find(&["DISPLAY", "SSH_TTY"]), None);
        assert_eq!(find(&["DISPLAY", "SSH_TTY", "TMUX"]), Some("tmux".into()));
        assert_eq!(find(&[]), None);
    }
}
