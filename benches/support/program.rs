//! The real program in a pseudo-terminal, with a clock beside it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use raif::chat::{Conversation, Finish, Record, Stats, TurnId};
use raif::store::Store;

use super::{milliseconds, told};

const STARTS: usize = 21;
const IDLE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(120);
/// Turns of each kind that decoding is measured by.
const TURNS: usize = 7;
const PROMPT: &str = "Write a long story about a lighthouse keeper and the sea.";
const TOKENS: &str = "256";
/// Ends every frame.
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// What `--model` names.
pub fn model_of(args: impl Iterator<Item = String>) -> Option<PathBuf> {
    let mut args = args.skip_while(|arg| arg != "--model").skip(1);
    args.next().map(PathBuf::from)
}

pub fn measure(model: Option<&Path>) {
    first_frame(model);
    resident();
    idle();
    if let Some(model) = model {
        decoding(model);
    }
}

struct Program {
    started: Instant,
    output: Receiver<(Instant, Vec<u8>)>,
    seen: Vec<u8>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Program {
    fn start(home: &Path, args: &[&str]) -> Self {
        let size = PtySize {
            rows: 60,
            cols: 200,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_raif"));
        command.args(args);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("HOME", home);
        command.env("HF_ENDPOINT", "http://127.0.0.1:9");
        command.cwd(home);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = mpsc::channel();
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        std::thread::spawn(move || {
            let mut bytes = [0; 65536];
            while let Ok(n) = reader.read(&mut bytes) {
                if n == 0 || sender.send((Instant::now(), bytes[..n].to_vec())).is_err() {
                    break;
                }
            }
        });
        Self {
            started,
            output,
            seen: Vec::new(),
            input: pair.master.take_writer().unwrap(),
            child,
            _master: pair.master,
        }
    }

    /// When `bytes` had been written.
    fn until(&mut self, bytes: &[u8]) -> Instant {
        let mut from = 0;
        let mut at = Instant::now();
        while !self.seen[from..]
            .windows(bytes.len())
            .any(|window| window == bytes)
        {
            from = self.seen.len().saturating_sub(bytes.len());
            let (time, more) = self.output.recv_timeout(PATIENCE).unwrap();
            at = time;
            self.seen.extend(more);
        }
        at
    }

    fn keys(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// Fields of `/proc/PID/stat` and `/proc/PID/status`: ticks of processor time, and resident bytes.
    fn ticks(&self) -> u64 {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.process_id().unwrap())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    fn resident(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id().unwrap())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
    }

    fn quit(mut self) {
        self.keys("\x11");
        self.child.wait().unwrap();
    }
}

fn script() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scripts/brief.jsonl")
        .display()
        .to_string()
}

fn first_frame(model: Option<&Path>) {
    let home = tempfile::tempdir().unwrap();
    let model = model.map(|model| model.display().to_string());
    let script = script();
    let args = match &model {
        Some(model) => ["--model", model.as_str()],
        None => ["--script", script.as_str()],
    };
    let mut times: Vec<f64> = (0..STARTS)
        .map(|_| {
            let mut program = Program::start(home.path(), &args);
            let drawn = program.until(FRAME_END);
            let time = milliseconds(drawn - program.started);
            program.quit();
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times[STARTS / 2], times[STARTS - 1]);
    told(
        "start to first frame, median",
        &format!("{median:.1} ms, worst {worst:.1}"),
        "< 50 ms",
        median < 50.0,
    );
}

/// What the program takes with a conversation of 1 MB on screen, over what it takes with one of a few words: what reads
/// requirements is there for both.
fn resident() {
    let home = tempfile::tempdir().unwrap();
    let script = script();
    let settled = |args: &[&str], shows: &[u8]| {
        let mut program = Program::start(home.path(), args);
        program.until(shows);
        std::thread::sleep(Duration::from_secs(1));
        let resident = program.resident();
        program.quit();
        resident
    };
    let mut short = Program::start(home.path(), &["--script", &script]);
    short.until(b"ready");
    short.keys("Hello there. Use at most 30 words.\r");
    short.until(b"first");
    short.quit();
    let short = settled(&["--script", &script, "--resume"], b"first");
    save(&super::megabyte::state().conversation, home.path());
    let full = settled(&["--script", &script, "--resume"], b"heading");
    let more = full - short;
    told(
        "resident memory with 1 MB over a few words",
        &format!("{more:.1} MB of {full:.1}"),
        "< 20 MB",
        more < 20.0,
    );
}

fn save(conversation: &Conversation, home: &Path) {
    let store = Store::new(home.join(".local/share/raif/conversations"));
    let mut writer = store.create(&conversation.id).unwrap();
    for record in conversation.records() {
        writer.append(record, Instant::now()).unwrap();
    }
    let turn = TurnId(conversation.turns().len() as u32 - 1);
    let end = Record::End {
        turn,
        finish: Finish::Stop,
        stats: Stats::default(),
        checked: Vec::new(),
        error: None,
    };
    writer.append(end, Instant::now()).unwrap();
    writer.flush().unwrap();
}

fn idle() {
    let home = tempfile::tempdir().unwrap();
    let script = script();
    let mut program = Program::start(home.path(), &["--script", &script]);
    program.until(b"ready");
    std::thread::sleep(Duration::from_secs(2));
    let before = program.ticks();
    std::thread::sleep(IDLE);
    let ticks = program.ticks() - before;
    program.quit();
    told(
        "processor time of 10 s at rest",
        &format!("{ticks} ticks of 10 ms"),
        "0",
        ticks == 0,
    );
}

/// Tokens a second, by turns with the screen and with `raif ask`.
fn decoding(model: &Path) {
    let model = model.display().to_string();
    let (mut screen, mut ask) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ask.push(rate_of_ask(&model));
        screen.push(rate_on_screen(&model));
    }
    screen.sort_by(f64::total_cmp);
    ask.sort_by(f64::total_cmp);
    let (with, without) = (screen[TURNS / 2], ask[TURNS / 2]);
    let share = with / without;
    let figure = format!("{share:.3} ({with:.1}/{without:.1})");
    told(
        "decoding with the screen over `raif ask`, tok/s",
        &figure,
        ">= 0.97",
        share >= 0.97,
    );
}

fn rate_of_ask(model: &str) -> f64 {
    let output = Command::new(env!("CARGO_BIN_EXE_raif"))
        .args([
            "ask",
            PROMPT,
            "--json",
            "--temperature",
            "0",
            "--max-tokens",
            TOKENS,
            "--model",
            model,
        ])
        .output()
        .unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["stats"]["tokens_per_s"].as_f64().unwrap()
}

fn rate_on_screen(model: &str) -> f64 {
    let home = tempfile::tempdir().unwrap();
    let args = ["--temperature", "0", "--max-tokens", TOKENS, "--model", model];
    let mut program = Program::start(home.path(), &args);
    program.until(b"ready");
    program.keys(&format!("{PROMPT}\r"));
    let store = Store::new(home.path().join(".local/share/raif/conversations"));
    let start = Instant::now();
    let rate = loop {
        assert!(start.elapsed() < PATIENCE, "no answer ended");
        // Nobody reads the screen meanwhile but a channel without an end.
        std::thread::sleep(Duration::from_millis(200));
        let Ok(Some(id)) = store.latest() else { continue };
        let Ok(loaded) = store.load(&id) else { continue };
        if let Some(turn) = loaded.conversation.head().filter(|turn| turn.finish.is_some()) {
            break turn.stats.tokens_per_s;
        }
    };
    program.quit();
    rate
}
