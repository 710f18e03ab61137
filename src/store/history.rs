//! The messages that were sent, for the history of later sessions: one JSON string a line, appended.
//!
//! Several chats may append at the same time: a line is one write. Long messages are left out; the transcripts have them.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;

use super::{make_dir, private};

/// Longer messages are not kept.
const MOST_BYTES: usize = 64 * 1024;
/// Messages that are read, the newest.
const MOST_MESSAGES: usize = 500;
/// A longer file is written anew with the newest messages when it is read.
const LONG_FILE: u64 = 4 * 1024 * 1024;

/// The file of messages. It can be deleted at any time.
#[derive(Clone, Debug)]
pub struct History {
    path: PathBuf,
}

impl History {
    /// Touches nothing: the file is made with the first message.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The newest messages, oldest first. Lines that cannot be read are passed over.
    pub fn read(&self) -> Vec<String> {
        let Ok(file) = private(OpenOptions::new().read(true)).open(&self.path) else {
            return Vec::new();
        };
        let long = file.metadata().is_ok_and(|m| m.len() > LONG_FILE);
        let lines = BufReader::new(file).split(b'\n').map_while(Result::ok);
        let mut messages: Vec<String> = lines
            .filter_map(|line| serde_json::from_slice(&line).ok())
            .collect();
        let old = messages.len().saturating_sub(MOST_MESSAGES);
        messages.drain(..old);
        if long {
            // A file that cannot be made shorter costs time, nothing else.
            let _ = self.rewrite(&messages);
        }
        messages
    }

    pub fn append(&self, message: &str) -> io::Result<()> {
        if message.len() > MOST_BYTES {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            make_dir(folder)?;
        }
        let mut file = private(OpenOptions::new().append(true).create(true)).open(&self.path)?;
        file.write_all(line(message)?.as_bytes())
    }

    fn rewrite(&self, messages: &[String]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(&self.path);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        for message in messages {
            file.write_all(line(message)?.as_bytes())?;
        }
        file.persist(&self.path)?;
        Ok(())
    }
}

fn line(message: &str) -> io::Result<String> {
    Ok(serde_json::to_string(message)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_in_order_and_damage_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path().join("deep/history.jsonl"));
        assert_eq!(history.read(), Vec::<String>::new());
        history.append("one\ntwo \u{1b} é").unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(&history.path)
            .and_then(|mut file| file.write_all(b"\xff{]\n"))
            .unwrap();
        history.append(&"x".repeat(MOST_BYTES + 1)).unwrap();
        history.append("three").unwrap();
        assert_eq!(history.read(), ["one\ntwo \u{1b} é", "three"]);
    }

    #[test]
    fn a_file_that_grew_long_is_cut_to_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path().join("history.jsonl"));
        for n in 0..MOST_MESSAGES + 100 {
            history.append(&format!("{n} {}", "x".repeat(8_000))).unwrap();
        }
        let read = history.read();
        assert_eq!(read.len(), MOST_MESSAGES);
        assert!(read[0].starts_with("100 "));
        assert_eq!(history.read(), read);
        assert!(std::fs::metadata(&history.path).unwrap().len() < LONG_FILE + 100_000);
    }
}
