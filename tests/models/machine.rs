//! A machine of its own for each test: home, folders, catalog and package client.

use std::borrow::BorrowMut;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::gguf_files::small_model;

/// What a package client does when it is asked to download: the end of a shell script that has the wheel's place in
/// `$wheel` and where it belongs in `$dest`.
pub mod pip {
    pub const GOOD: &str = "head -c 1000 \"$wheel\" > \"$TMPDIR/half\"; cp \"$wheel\" \"$dest/tiny-1.0.whl\"";
    pub const A_SECOND: &str = "sleep 1; cp \"$wheel\" \"$dest/tiny-1.0.whl\"";
    pub const SLOW: &str = "head -c 1000 \"$wheel\" > \"$TMPDIR/half\"; sleep 60";
    pub const HALF_A_WHEEL: &str = "head -c 300 \"$wheel\" > \"$dest/tiny-1.0.whl\"";
    pub const NO_NETWORK: &str =
        "echo 'WARNING: Retrying: NewConnectionError: [Errno -2] Name or service not known' >&2
         echo 'ERROR: No matching distribution found for tiny-package==1.0' >&2; exit 1";
    pub const CUT_OFF: &str = "head -c 1000 \"$wheel\" > \"$TMPDIR/half\"
         echo 'urllib3.exceptions.ProtocolError: IncompleteRead(1000 bytes read)' >&2; exit 2";
    pub const NO_PACKAGE: &str =
        "echo 'ERROR: No matching distribution found for tiny-package==1.0' >&2; exit 1";
    pub const DISK_FULL: &str =
        "echo 'ERROR: Could not install: [Errno 28] No space left on device' >&2; exit 1";
    pub const CRASH: &str = "printf 'what a pity\\033[31m\\n\\n' >&2; exit 3";
}

pub struct Machine {
    root: TempDir,
    /// What the model's file holds.
    pub gguf: Vec<u8>,
    sha256: String,
    wheel_size: u64,
}

pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn last_line(&self) -> &str {
        self.err.lines().last().unwrap_or_default()
    }
}

pub fn run(mut command: impl BorrowMut<Command>) -> Ran {
    Ran::of(command.borrow_mut().output().unwrap())
}

impl Machine {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let gguf = small_model().build();
        let wheel = std::fs::File::create(root.path().join("tiny.whl")).unwrap();
        let mut wheel = zip::ZipWriter::new(wheel);
        wheel
            .start_file("tiny/tiny.gguf", zip::write::SimpleFileOptions::default())
            .unwrap();
        wheel.write_all(&gguf).unwrap();
        let wheel_size = wheel.finish().unwrap().metadata().unwrap().len();
        let machine = Self {
            sha256: sha256(&gguf),
            root,
            gguf,
            wheel_size,
        };
        machine.write_catalog();
        machine
    }

    /// With a package client that does `script`.
    pub fn with_pip(self, script: &str) -> Self {
        let folder = self.root.path().join("bin");
        std::fs::create_dir_all(&folder).unwrap();
        let root = self.root.path().display();
        let script = format!(
            "#!/bin/sh
             case \"$*\" in *--version) exit 0;; esac
             case \"$*\" in *'--no-deps --only-binary :all:'*'tiny-package==1.0') ;; *) exit 9;; esac
             while [ \"$1\" != --dest ]; do shift; done
             dest=$2 wheel='{root}/tiny.whl'
             echo $$ >> '{root}/pip.pids'
             {script}\n"
        );
        let path = folder.join("python3");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    pub fn expecting_sha256(mut self, sha256: &str) -> Self {
        self.sha256 = sha256.into();
        self.write_catalog();
        self
    }

    pub fn expecting_wheel_size(mut self, bytes: u64) -> Self {
        self.wheel_size = bytes;
        self.write_catalog();
        self
    }

    /// A catalog entry `tiny`, alias `t`.
    fn write_catalog(&self) {
        let (size, sha256, wheel_size) = (self.gguf.len(), &self.sha256, self.wheel_size);
        let catalog = format!(
            "[[model]]\nname = 'tiny'\naliases = ['t']\nrepo = 'me/tiny'\nquant = 'Q4_K'\nlicence = 'MIT'\n\
             architecture = 'llama'\nnote = 'for tests'\n\
             gguf = {{ repo = 'me/tiny', file = 'tiny.gguf', size = {size}, sha256 = '{sha256}' }}\n\
             package = {{ name = 'tiny-package', version = '1.0', file = 'tiny/tiny.gguf', wheel_size = {wheel_size} }}\n"
        );
        let folder = self.config();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("catalog.toml"), catalog).unwrap();
    }

    /// `raif models ARGS`, with no hub to be reached.
    pub fn raif<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.command("models");
        command.args(args);
        command
    }

    /// `raif SUBCOMMAND`, with no hub to be reached.
    pub fn command(&self, subcommand: &str) -> Command {
        let root = self.root.path();
        let mut path = root.join("bin").into_os_string();
        path.push(":/usr/bin:/bin");
        let mut command = Command::new(env!("CARGO_BIN_EXE_raif"));
        command
            .arg(subcommand)
            .env_clear()
            .env("HOME", root)
            .env("PATH", path)
            .env("RAIF_DATA_DIR", self.data())
            .env("RAIF_CONFIG_DIR", self.config())
            .env("HF_HOME", self.hub_home())
            .env("HF_HUB_OFFLINE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    pub fn config(&self) -> PathBuf {
        self.root.path().join("config")
    }

    pub fn hub_home(&self) -> PathBuf {
        self.root.path().join("hub")
    }

    pub fn wheel(&self) -> PathBuf {
        self.root.path().join("tiny.whl")
    }

    pub fn pulled(&self) -> Vec<u8> {
        std::fs::read(self.data().join("models/tiny-q4_k.gguf")).unwrap()
    }

    /// Every file of the data folder, in order.
    pub fn files(&self) -> Vec<String> {
        files_below(&self.data())
    }

    /// How often the package client was asked to download.
    pub fn pip_runs(&self) -> usize {
        self.pip_pids().lines().count()
    }

    /// The process id of the package client, once it runs.
    pub fn wait_for_pip(&self) -> String {
        let begun = Instant::now();
        loop {
            if let Some(pid) = self.pip_pids().lines().next() {
                return pid.to_owned();
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the package client was never run"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn pip_pids(&self) -> String {
        std::fs::read_to_string(self.root.path().join("pip.pids")).unwrap_or_default()
    }
}

pub fn files_below(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
        for row in folder.read_dir().into_iter().flatten() {
            let path = row.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                walk(&path, root, found);
            } else {
                found.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
