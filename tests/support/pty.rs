//! A pseudo-terminal with the real binary in it, and a terminal emulator that reads what it draws.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long something may take to appear. Generous: a busy machine must not fail a test that is right.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running chat.
pub struct Chat {
    emulator: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    home: Arc<tempfile::TempDir>,
}

/// How a chat is started.
pub struct Setup {
    pub columns: u16,
    pub rows: u16,
    pub args: Vec<String>,
    pub home: Arc<tempfile::TempDir>,
    pub variables: Vec<(String, String)>,
}

impl Setup {
    /// An empty home and a 120x40 screen.
    pub fn new(args: &[&str]) -> Self {
        Self {
            columns: 120,
            rows: 40,
            args: args.iter().map(|a| (*a).to_owned()).collect(),
            home: Arc::new(tempfile::tempdir().expect("a temporary folder")),
            variables: Vec::new(),
        }
    }

    /// A chat with the scripted engine playing `tests/scripts/NAME`.
    pub fn scripted(name: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/scripts")
            .join(name);
        Self::new(&["--script", &script.display().to_string()])
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    pub fn home(mut self, home: &Arc<tempfile::TempDir>) -> Self {
        self.home = Arc::clone(home);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|a| (*a).to_owned()));
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn command(&self) -> CommandBuilder {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_raif"));
        command.args(&self.args);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("HOME", self.home.path());
        // Nothing outside the machine is asked, unless a test says so.
        command.env("HF_ENDPOINT", "http://127.0.0.1:9");
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.cwd(self.home.path());
        command
    }

    pub fn start(self) -> Chat {
        let size = PtySize {
            rows: self.rows,
            cols: self.columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pair
            .slave
            .spawn_command(self.command())
            .expect("the binary starts");
        drop(pair.slave);
        let emulator = Arc::new(Mutex::new(vt100::Parser::new(self.rows, self.columns, 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut output = pair.master.try_clone_reader().expect("the terminal's output");
        let (to_emulator, to_raw) = (Arc::clone(&emulator), Arc::clone(&raw));
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n) = output.read(&mut buffer) {
                if n == 0 {
                    break;
                }
                to_emulator.lock().expect("the emulator").process(&buffer[..n]);
                to_raw.lock().expect("the output").extend_from_slice(&buffer[..n]);
            }
        });
        let input = pair.master.take_writer().expect("the terminal's input");
        let chat = Chat {
            emulator,
            raw,
            reader: Some(reader),
            input,
            child,
            master: pair.master,
            home: self.home,
        };
        // What is typed before the program has taken the terminal over is read by the terminal's own line editor.
        chat.until("the first frame", |screen| !screen.trim().is_empty());
        chat
    }
}

impl Chat {
    pub fn home(&self) -> &Arc<tempfile::TempDir> {
        &self.home
    }

    /// The folder of transcripts under this chat's home.
    pub fn transcripts(&self) -> Vec<PathBuf> {
        let folder = self.home.path().join(".local/share/raif/conversations");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "jsonl"))
            .collect();
        files.sort();
        files
    }

    /// Sends bytes as a keyboard would.
    pub fn keys(&mut self, keys: &str) {
        self.input
            .write_all(keys.as_bytes())
            .expect("the terminal takes keys");
        self.input.flush().expect("the terminal takes keys");
    }

    /// Sends text as a terminal pastes it.
    pub fn paste(&mut self, text: &str) {
        self.keys(&format!("\x1b[200~{text}\x1b[201~"));
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        // First the emulator: the frame for the new size may come at once.
        self.emulator
            .lock()
            .expect("the emulator")
            .screen_mut()
            .set_size(rows, columns);
        self.master.resize(size).expect("a new size");
    }

    /// The screen as it is, one string a row.
    pub fn screen(&self) -> String {
        self.emulator.lock().expect("the emulator").screen().contents()
    }

    /// Everything that was written to the terminal.
    pub fn raw(&self) -> Vec<u8> {
        self.raw.lock().expect("the output").clone()
    }

    /// Waits until the screen satisfies `wanted`, and gives it.
    #[track_caller]
    pub fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{what} did not come; the screen shows:\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    #[track_caller]
    pub fn until_shows(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the program's status") {
                // Its last words may still be on their way.
                if let Some(reader) = self.reader.take() {
                    reader.join().expect("the reader of the terminal");
                }
                return status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it did not end; the screen shows:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The program's process.
    #[cfg(unix)]
    pub fn pid(&self) -> rustix::process::Pid {
        let id = self.child.process_id().expect("it runs");
        rustix::process::Pid::from_raw(id as i32).expect("a process")
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// As the system does when memory is short: the program hears nothing of it.
    pub fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
        let _ = self.child.wait();
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("the program gets the signal");
    }

    /// Whether these bytes were written to the terminal.
    pub fn sent(&self, bytes: &[u8]) -> bool {
        self.raw().windows(bytes.len()).any(|window| window == bytes)
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
