//! The real binary as a command, with recorded streams.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Runs that know nothing of this user's files.
pub struct Bench {
    pub home: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a folder"),
        }
    }

    /// A file of that name with that text.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    pub fn raif(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_raif"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .stdin(Stdio::null());
        command
    }

    /// `raif SUBCOMMAND --script SCRIPT`.
    pub fn scripted(&self, subcommand: &str, script: &str) -> Command {
        let mut command = self.raif();
        command
            .args(subcommand.split(' '))
            .arg("--script")
            .arg(self.file("script.jsonl", script));
        command
    }
}

pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("it starts");
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}
