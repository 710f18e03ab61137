//! JSON lines in, JSON lines out, in the same order, on all cores, in constant memory: a block of rows is read, shared out,
//! and written before the next one is.
//!
//! A row that cannot be answered does not end the batch: its line is `{"key", "error"}`, the error is said on standard
//! error too, and the exit code is 1.

use std::io::{self, BufRead, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread::ScopedJoinHandle;

use color_eyre::eyre::{Context, eyre};
use serde_json::{Value, json};

use super::output::failed;
use crate::chat::sanitize;

/// Rows that are shared out at once, and the bytes after which a block is full.
const BLOCK_ROWS: usize = 512;
const BLOCK_BYTES: usize = 4 << 20;

/// Why a row has no answer.
#[derive(Debug)]
pub struct BadRow {
    /// The row's own, if it could be read.
    pub key: Value,
    pub reason: String,
}

/// Answers every row of standard input with a line of standard output.
pub fn run(answer: impl Fn(&str) -> Result<String, BadRow> + Sync) -> color_eyre::Result<ExitCode> {
    // A person who types rows wants each answered before the next.
    let rows = if io::stdin().is_terminal() { 1 } else { BLOCK_ROWS };
    match answer_all(io::stdin().lock(), io::stdout().lock(), rows, answer) {
        Ok(0) => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::FAILURE),
        Err(error) => Err(error),
    }
}

/// How many rows were bad.
fn answer_all(
    mut input: impl BufRead,
    output: impl Write,
    block_rows: usize,
    answer: impl Fn(&str) -> Result<String, BadRow> + Sync,
) -> color_eyre::Result<usize> {
    std::thread::scope(|scope| {
        let answer = &answer;
        // The same threads for all blocks: every thread that ever matched a pattern leaves its scratch space behind.
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<Worker> = (0..threads)
            .map(|_| {
                let (rows, received) = mpsc::channel::<Vec<Row>>();
                let (send, answers) = mpsc::channel();
                let thread = scope.spawn(move || {
                    for rows in received {
                        let share = rows.into_iter().map(|(number, row)| (number, answer(&row)));
                        if send.send(share.collect()).is_err() {
                            return;
                        }
                    }
                });
                Worker {
                    rows,
                    answers,
                    thread,
                }
            })
            .collect();
        let bad = answer_blocks(&mut input, BufWriter::new(output), block_rows, &workers);
        for worker in workers {
            drop((worker.rows, worker.answers));
            // One that panicked has said so by not answering.
            worker.thread.join().ok();
        }
        bad
    })
}

fn answer_blocks(
    input: &mut impl BufRead,
    mut output: impl Write,
    block_rows: usize,
    workers: &[Worker],
) -> color_eyre::Result<usize> {
    let (mut number, mut bad) = (0, 0);
    loop {
        let mut block = read_block(input, &mut number, block_rows)?.into_iter();
        if block.len() == 0 {
            return Ok(bad);
        }
        let share = block.len().div_ceil(workers.len());
        let lost = || eyre!("a row before row {} could not be computed", number + 1);
        let mut busy = Vec::new();
        for worker in workers {
            let rows: Vec<Row> = block.by_ref().take(share).collect();
            if !rows.is_empty() {
                worker.rows.send(rows).map_err(|_| lost())?;
                busy.push(worker);
            }
        }
        for worker in busy {
            for (number, answer) in worker.answers.recv().map_err(|_| lost())? {
                let line = answer.unwrap_or_else(|BadRow { key, reason }| {
                    bad += 1;
                    let error = format!("row {number}: {}", sanitize::one_line(&reason));
                    failed(&error);
                    json!({ "key": key, "error": error }).to_string()
                });
                writeln!(output, "{}", sanitize::escape_json(&line))?;
            }
        }
        output.flush()?;
    }
}

/// A row with its number.
type Row = (usize, String);

/// Answers to some rows, with their numbers.
type Share = Vec<(usize, Result<String, BadRow>)>;

/// A thread that answers what it is sent, in that order.
struct Worker<'scope> {
    rows: mpsc::Sender<Vec<Row>>,
    answers: mpsc::Receiver<Share>,
    thread: ScopedJoinHandle<'scope, ()>,
}

/// The next rows that are not blank, each with its number; none at the end.
fn read_block(input: &mut impl BufRead, number: &mut usize, most: usize) -> color_eyre::Result<Vec<Row>> {
    let mut block = Vec::new();
    let mut bytes = 0;
    while block.len() < most && bytes < BLOCK_BYTES {
        let mut row = String::new();
        let read = input.read_line(&mut row);
        if read.wrap_err_with(|| format!("row {} cannot be read", *number + 1))? == 0 {
            break;
        }
        *number += 1;
        bytes += row.len();
        if !row.trim().is_empty() {
            block.push((*number, row));
        }
    }
    Ok(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_a_bad_row_ends_nothing() {
        let rows: String = (0..2000).map(|n| format!("{n}\n\n")).collect();
        let mut out = Vec::new();
        let bad = answer_all(rows.as_bytes(), &mut out, BLOCK_ROWS, |row| match row.trim() {
            "700" => Err(BadRow {
                key: json!(700),
                reason: "no\nway".into(),
            }),
            row => Ok(row.to_owned()),
        });
        assert_eq!(bad.expect("it reads"), 1);
        let out = String::from_utf8(out).expect("text");
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), 2000);
        assert_eq!(lines[700], r#"{"key":700,"error":"row 1401: no way"}"#);
        assert!(
            lines
                .iter()
                .enumerate()
                .all(|(n, line)| n == 700 || *line == n.to_string())
        );
    }
}
