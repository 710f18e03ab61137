//! What is finished, a JSON line an answer (`--out`), so that a run that was stopped goes on where it was.
//!
//! A row is written in one go when its answer is over, and nothing is ever rewritten. Of a run that was killed the last row
//! may be half: it is dropped and asked again. Rows say how they were made; those of another run are refused, as their
//! figures would be nobody's. Each row is one that `raif check --batch` takes, so it can be checked again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::sanitize::one_line;
use crate::chat::{Finish, Stats};
use crate::cli::verdicts::Verdicts;
use crate::constraints::Kwargs;

/// How every row begins, and so how a half one does.
const BEGINNING: &[u8] = b"{\"key\":";

/// A row as it is written.
#[derive(Serialize)]
pub struct Row<'a> {
    pub key: &'a Value,
    pub prompt: &'a str,
    pub response: &'a str,
    pub thinking: &'a str,
    pub finish: Finish,
    pub kwargs: Vec<&'a Kwargs>,
    #[serde(flatten)]
    pub verdicts: &'a Verdicts,
    pub stats: Stats,
    /// How the answer was made.
    pub run: &'a Map<String, Value>,
}

/// What is read again. The verdicts are not: whoever goes on decides anew.
#[derive(Debug, Deserialize)]
pub struct Answered {
    pub key: Value,
    pub prompt: String,
    pub response: String,
    pub finish: Finish,
    run: Map<String, Value>,
}

/// The file, open for what comes next.
#[derive(Debug)]
pub struct Finished {
    file: File,
    path: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum FinishedError {
    #[error("the answers cannot be kept in {path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("another raif writes its answers to {0}: wait for it, or give another --out")]
    Busy(PathBuf),
    #[error(
        "line {line} of {path} is no answer of `raif eval` ({reason}): the file is left as it is; give another --out"
    )]
    Foreign {
        path: PathBuf,
        line: usize,
        reason: String,
    },
    #[error("{path} has answers of another run ({differs}): give another --out, or ask as it did")]
    OtherRun { path: PathBuf, differs: String },
}

impl Finished {
    /// Opens or makes the file, and gives what it holds of a run like `run`.
    pub fn open(path: &Path, run: &Map<String, Value>) -> Result<(Self, Vec<Answered>), FinishedError> {
        let failed = |source| FinishedError::File {
            path: path.into(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(failed)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => FinishedError::Busy(path.into()),
            TryLockError::Error(source) => failed(source),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;

        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (lines, rest) = bytes.split_at(whole);
        let mut answered = Vec::new();
        let mut lines: Vec<&[u8]> = lines.split(|byte| *byte == b'\n').collect();
        // What follows the last line's end.
        lines.pop();
        // A whole object that is no answer is somebody else's.
        let is_half = serde_json::from_slice::<IgnoredAny>(rest).is_err();
        let is_ours = rest.starts_with(BEGINNING) || BEGINNING.starts_with(rest);
        if !(is_half && is_ours) {
            lines.push(rest);
        }
        for (at, line) in lines.iter().enumerate() {
            if line.trim_ascii().is_empty() {
                continue;
            }
            let row: Answered = serde_json::from_slice(line).map_err(|error| FinishedError::Foreign {
                path: path.into(),
                line: at + 1,
                reason: one_line(&error.to_string()),
            })?;
            if let Some(differs) = difference(&row.run, run) {
                return Err(FinishedError::OtherRun {
                    path: path.into(),
                    differs,
                });
            }
            answered.push(row);
        }
        // Only now that the file is known to be ours.
        if is_half {
            file.set_len(whole as u64).map_err(failed)?;
        } else {
            file.write_all(b"\n").map_err(failed)?;
        }
        let path = path.into();
        Ok((Self { file, path }, answered))
    }

    pub fn add(&mut self, row: &Row<'_>) -> Result<(), FinishedError> {
        let mut line = serde_json::to_vec(row).expect("string keys only");
        line.push(b'\n');
        self.file.write_all(&line).map_err(|source| FinishedError::File {
            path: self.path.clone(),
            source,
        })
    }
}

/// `max_tokens: 120 there, 200 here`.
fn difference(there: &Map<String, Value>, here: &Map<String, Value>) -> Option<String> {
    let value = |run: &Map<String, Value>, name: &str| {
        let value = run.get(name).filter(|value| !value.is_null());
        value.map_or_else(|| "none".to_owned(), Value::to_string)
    };
    let names = here
        .keys()
        .chain(there.keys().filter(|name| !here.contains_key(*name)));
    let differ = names.map(|name| (name, value(there, name), value(here, name)));
    let differ = differ.filter(|(_, there, here)| there != here);
    let words = differ.map(|(name, there, here)| format!("{name}: {there} there, {here} here"));
    let words: Vec<_> = words.map(|words| one_line(&words)).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(max_tokens: usize) -> Map<String, Value> {
        let run = serde_json::json!({ "model": "m", "max_tokens": max_tokens, "seed": null });
        run.as_object().unwrap().clone()
    }

    fn write(finished: &mut Finished, key: usize) {
        let verdicts = Verdicts {
            instruction_id_list: vec!["punctuation:no_comma".into()],
            strict: vec![Some(true)],
            loose: vec![Some(true)],
            follow_all_strict: true,
            follow_all_loose: true,
            values: vec!["none".into()],
        };
        let kwargs = Kwargs::new();
        let row = Row {
            key: &key.into(),
            prompt: "No commas.",
            response: "Ça\nva",
            thinking: "",
            finish: Finish::Stop,
            kwargs: vec![&kwargs],
            verdicts: &verdicts,
            stats: Stats::default(),
            run: &run(5),
        };
        finished.add(&row).unwrap();
    }

    fn keys(path: &Path) -> Result<Vec<u64>, String> {
        let (_, rows) = Finished::open(path, &run(5)).map_err(|error| error.to_string())?;
        Ok(rows.iter().map(|row| row.key.as_u64().unwrap()).collect())
    }

    #[test]
    fn wherever_a_row_was_cut_the_others_stay_and_the_next_follows_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let (mut finished, none) = Finished::open(&path, &run(5)).unwrap();
        assert!(none.is_empty());
        (1..=2).for_each(|key| write(&mut finished, key));
        drop(finished);
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for cut in first..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let (mut finished, rows) = Finished::open(&path, &run(5)).unwrap();
            // Without its line's end a row is whole too.
            assert_eq!(rows.len(), if cut >= whole.len() - 1 { 2 } else { 1 }, "{cut}");
            write(&mut finished, 3);
            drop(finished);
            let expected = if rows.len() == 2 {
                vec![1, 2, 3]
            } else {
                vec![1, 3]
            };
            assert_eq!(keys(&path).unwrap(), expected, "{cut}");
        }
    }

    #[test]
    fn a_file_of_somebody_else_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        for text in [
            "notes without an end",
            "notes\n",
            "{\"key\": 1}\n{\"key\":",
            "\u{1b}[2J\n",
            "{\"a\": 1}",
            "{\"key\": 1, \"prompt\": \"p\"}",
        ] {
            std::fs::write(&path, text).unwrap();
            let error = keys(&path).unwrap_err();
            assert!(error.contains("line 1 of") && error.contains("--out"), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn answers_of_another_run_and_a_file_in_use_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let (mut finished, _) = Finished::open(&path, &run(5)).unwrap();
        write(&mut finished, 1);
        assert!(keys(&path).unwrap_err().contains("another raif"));
        drop(finished);
        let error = Finished::open(&path, &run(7)).unwrap_err().to_string();
        assert!(error.contains("(max_tokens: 5 there, 7 here)"), "{error}");
    }
}
