//! Transcripts under fire: a writer that is killed, readers beside it, a second writer, a full disk.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use raif::chat::{Conversation, Record, TurnId};
use raif::store::{Store, StoreError, Trouble};

const CHILD_FOLDER: &str = "RAIF_TEST_CHILD_FOLDER";
const CHILD_ID: &str = "RAIF_TEST_CHILD_ID";

fn header(id: &str) -> Record {
    Record::Conversation {
        version: Record::VERSION,
        id: id.to_owned(),
        created_ms: 1_700_000_000_000,
        system: None,
    }
}

fn prompt(turn: u32) -> Record {
    Record::Turn {
        turn: TurnId(turn),
        parent: turn.checked_sub(1).map(TurnId),
        prompt: format!("prompt {turn}"),
        model: "tiny".to_owned(),
        method: "io".to_owned(),
        started_ms: 1_700_000_000_000,
        constraints: Vec::new(),
    }
}

fn answer(turn: u32, text: String) -> Record {
    Record::Answer {
        turn: TurnId(turn),
        text,
    }
}

/// What the process that is to be killed does: writes turns for ever, and says after each prompt that it was taken in.
fn write_for_ever(folder: &str, id: &str) {
    let mut writer = Store::new(folder).create(id).unwrap();
    writer.append(header(id), Instant::now()).unwrap();
    for turn in 0.. {
        writer.append(prompt(turn), Instant::now()).unwrap();
        println!("taken prompt {turn}");
        for piece in 0..20 {
            let record = answer(turn, format!("{turn}.{piece} "));
            writer.append(record, Instant::now()).unwrap();
            std::thread::sleep(Duration::from_micros(300));
        }
    }
}

#[test]
fn a_killed_writer_loses_no_prompt_and_frees_its_lock() {
    // It runs itself in another process, which only writes.
    if let (Ok(folder), Ok(id)) = (std::env::var(CHILD_FOLDER), std::env::var(CHILD_ID)) {
        return write_for_ever(&folder, &id);
    }
    let dir = tempfile::tempdir().unwrap();
    for round in 0..5 {
        let store = Store::new(dir.path());
        let id = Store::new_id();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_killed_writer_loses_no_prompt_and_frees_its_lock",
                "--nocapture",
            ])
            .env(CHILD_FOLDER, dir.path())
            .env(CHILD_ID, &id)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut taken = lines
            .map_while(Result::ok)
            .filter_map(|line| line.split("taken prompt ").nth(1)?.parse::<u32>().ok());
        taken.find(|turn| *turn >= 3 + round).expect("the child writes");
        assert!(matches!(store.open(&id), Err(StoreError::Locked { .. })));
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it was killed is still in the pipe.
        let last = taken.last().unwrap_or(3 + round);

        let (loaded, mut writer) = store.open(&id).unwrap();
        assert!(loaded.warnings.iter().all(|w| w.trouble == Trouble::CutOff));
        let turns = loaded.conversation.turns();
        assert!(turns.len() > last as usize, "{} turns, {last} taken", turns.len());
        // Every answer that was followed by another prompt is whole.
        for (number, turn) in (0u32..).zip(&turns[..turns.len() - 1]) {
            let whole: String = (0..20).map(|piece| format!("{number}.{piece} ")).collect();
            assert_eq!(turn.answer, whole);
        }
        assert!(loaded.notice().unwrap().contains("interrupted"));

        let next = loaded.conversation.next_id().0;
        writer.append(prompt(next), Instant::now()).unwrap();
        drop(writer);
        assert_eq!(
            store.load(&id).unwrap().conversation.turns().len(),
            turns.len() + 1
        );
    }
}

#[test]
fn readers_beside_a_writer_see_a_beginning_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    let id = Store::new_id();
    let mut writer = store.create(&id).unwrap();
    writer.append(header(&id), Instant::now()).unwrap();
    writer.append(prompt(0), Instant::now()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut longest = 0;
                loop {
                    let last = done.load(Ordering::Acquire);
                    let loaded = store.load(&id).unwrap();
                    assert!(loaded.warnings.iter().all(|w| w.trouble == Trouble::CutOff));
                    let text = &loaded.conversation.turns()[0].answer;
                    assert!(text.len() >= longest, "text went away");
                    assert!(
                        text.split_whitespace()
                            .enumerate()
                            .all(|(i, n)| n == i.to_string())
                    );
                    longest = text.len();
                    store.list().unwrap();
                    if last {
                        break;
                    }
                }
                assert!(longest > 0);
            });
        }
        // Time passes for the coalescing policy, not for the test.
        let start = Instant::now();
        for piece in 0..3000u32 {
            let now = start + Duration::from_millis(50) * piece;
            writer.append(answer(0, format!("{piece} ")), now).unwrap();
        }
        writer.flush().unwrap();
        done.store(true, Ordering::Release);
    });
}

#[test]
fn a_thread_with_a_channel_writes_what_is_due() {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    let id = Store::new_id();
    let mut writer = store.create(&id).unwrap();
    let (send, receive) = channel::<Record>();
    let thread = std::thread::spawn(move || {
        loop {
            let message = match writer.due() {
                None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => receive.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match message {
                Ok(record) => writer.append(record, Instant::now()).unwrap(),
                Err(RecvTimeoutError::Timeout) => writer.flush().unwrap(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
    let mut shown = Conversation::default();
    for record in [
        header(&id),
        prompt(0),
        answer(0, "held ".into()),
        answer(0, "back".into()),
    ] {
        shown.apply(&record);
        send.send(record).unwrap();
    }
    // Nothing more is sent: what is held must come out by itself.
    let start = Instant::now();
    while store.load(&id).unwrap().conversation != shown {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "what is held does not come out"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(send);
    thread.join().unwrap();
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    set_mode(dir.path(), 0o500);
    let result = Store::new(dir.path()).create(&Store::new_id());
    set_mode(dir.path(), 0o700);
    match result {
        Err(error @ StoreError::Denied { .. }) => assert!(error.to_string().contains("RAIF_DATA_DIR")),
        Err(other) => panic!("{other}"),
        // A superuser may write everywhere.
        Ok(_) => writeln!(
            std::io::stderr(),
            "SKIPPED: this user may write to a read-only folder"
        )
        .unwrap(),
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}
