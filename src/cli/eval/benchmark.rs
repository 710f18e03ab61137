//! The benchmark's file: JSON lines of prompts, each with the instructions that it gives.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::chat::sanitize::one_line;
use crate::cli::verdicts::listed;
use crate::constraints::{Constraint, Kwargs};

/// A prompt and what its answer is checked for.
#[derive(Debug)]
pub struct Row {
    /// A number or a text; no other row has it.
    pub key: Value,
    pub prompt: String,
    pub instructions: Vec<Constraint>,
}

#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("the benchmark {path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("line {line} of the benchmark {path} cannot be used: {reason}")]
    Row {
        path: PathBuf,
        line: usize,
        reason: String,
    },
    #[error(
        "the benchmark {0} has no rows: it takes JSON lines of key, prompt, instruction_id_list and kwargs"
    )]
    Empty(PathBuf),
}

#[derive(Deserialize)]
struct Written {
    key: Value,
    prompt: String,
    instruction_id_list: Vec<String>,
    kwargs: Vec<Option<Kwargs>>,
}

/// The first `limit` rows. Each is looked at before any is asked: hours may lie between.
pub fn read(path: &Path, limit: Option<usize>) -> Result<Vec<Row>, DataError> {
    let text = std::fs::read_to_string(path).map_err(|source| DataError::Read {
        path: path.into(),
        source,
    })?;
    let mut lines = HashMap::new();
    let numbered = text.lines().enumerate();
    let rows = numbered
        .filter(|(_, line)| !line.trim().is_empty())
        .take(limit.unwrap_or(usize::MAX))
        .map(|(at, line)| {
            let row = parse(line).and_then(|row| match lines.insert(row.key.to_string(), at + 1) {
                Some(other) => Err(format!("it has the key of line {other}")),
                None => Ok(row),
            });
            row.map_err(|reason| DataError::Row {
                path: path.into(),
                line: at + 1,
                reason: one_line(&reason),
            })
        });
    let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(DataError::Empty(path.into()));
    }
    Ok(rows)
}

fn parse(line: &str) -> Result<Row, String> {
    let row: Written = serde_json::from_str(line).map_err(|error| {
        format!("it is no row {{\"key\", \"prompt\", \"instruction_id_list\", \"kwargs\"}}: {error}")
    })?;
    if !(row.key.is_number() || row.key.is_string()) {
        return Err("its key is neither a number nor a text".into());
    }
    if row.prompt.trim().is_empty() {
        return Err("its prompt is empty".into());
    }
    Ok(Row {
        key: row.key,
        prompt: row.prompt,
        instructions: listed(row.instruction_id_list, row.kwargs)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, limit: Option<usize>) -> Result<Vec<Row>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data.jsonl");
        std::fs::write(&path, text).unwrap();
        read(&path, limit).map_err(|error| error.to_string())
    }

    const COMMAS: &str =
        r#""prompt": "No commas.", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]"#;

    #[test]
    fn rows_are_read_up_to_the_limit() {
        let text = format!("{{\"key\": 1, {COMMAS}}}\n\n{{\"key\": \"1\", {COMMAS}}}\nnot a row\n");
        let rows = read_text(&text, Some(2)).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].instructions[0].id, "punctuation:no_comma");
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said_with_its_line() {
        for (row, says) in [
            ("{}", "no row"),
            ("[1]", "no row"),
            (&format!("{{\"key\": null, {COMMAS}}}"), "key"),
            (&format!("{{\"key\": 7, {COMMAS}}}"), "the key of line 1"),
            (
                &format!("{{\"key\": 8, {}}}", COMMAS.replace("no_comma", "no\\u001bcomma")),
                "unknown id",
            ),
            (
                &format!("{{\"key\": 8, {}}}", COMMAS.replace("[{}]", "[{}, {}]")),
                "1 ids but 2 kwargs",
            ),
            (
                &format!("{{\"key\": 8, {}}}", COMMAS.replace("No commas.", " ")),
                "empty",
            ),
        ] {
            let error = read_text(&format!("{{\"key\": 7, {COMMAS}}}\n{row}\n"), None).unwrap_err();
            assert!(
                error.starts_with("line 2 ") && error.contains(says),
                "{row}: {error}"
            );
            assert!(!error.contains('\u{1b}'), "{error}");
        }
        assert!(read_text("\n\n", None).unwrap_err().contains("has no rows"));
    }
}
