//! `raif dev`: what conformance tests ask of the tokenizer and the decoder, JSON lines in, JSON lines out; and the picture of
//! the screen for documents.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::ExitCode;

use clap::Subcommand;
use color_eyre::eyre::{Context, eyre};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config;
use crate::engine::local::{LoadOptions, Tokenizer, argmax, open_decoder};
use crate::models::Models;
use crate::models::gguf::Gguf;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// {"text", "parse_special"} to {"ids"}; no token is added
    Tokenize(Model),
    /// {"prompt_ids", "n"} to {"greedy_ids", "top5": [[{"id", "logprob"}, …], …]}
    Logits(Model),
    /// An SVG of the screen after a real turn, to standard output
    Picture(Box<super::picture::Args>),
}

#[derive(Debug, clap::Args)]
struct Model {
    /// A catalog name or a GGUF file
    #[arg(long, short)]
    model: Option<String>,
}

impl Model {
    fn open(&self) -> color_eyre::Result<Gguf> {
        let located = Models::open(&config::load()?.dirs)?.locate(self.model.as_deref())?;
        Ok(Gguf::open(&located.path)?)
    }
}

#[derive(Deserialize)]
struct TokenizeRow {
    text: String,
    parse_special: bool,
}

#[derive(Serialize)]
struct Tokens {
    ids: Vec<u32>,
}

#[derive(Deserialize)]
struct LogitsRow {
    prompt_ids: Vec<u32>,
    n: usize,
}

#[derive(Default, Serialize)]
struct Continuation {
    greedy_ids: Vec<u32>,
    top5: Vec<Vec<Ranked>>,
}

#[derive(Serialize)]
struct Ranked {
    id: u32,
    logprob: f32,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    match args.command {
        Command::Tokenize(model) => {
            let tokenizer = Tokenizer::from_gguf(&model.open()?)?;
            each_row(|row: TokenizeRow| {
                Ok(Tokens {
                    ids: tokenizer.encode(&row.text, row.parse_special)?,
                })
            })?;
        }
        Command::Picture(args) => return super::picture::run(*args),
        Command::Logits(model) => {
            let mut decoder = open_decoder(&model.open()?, &LoadOptions::default())?;
            each_row(|row: LogitsRow| {
                decoder.truncate(0);
                let mut logits = Vec::new();
                let mut continuation = Continuation::default();
                let mut ids = row.prompt_ids;
                for _ in 0..row.n {
                    decoder.forward(&ids, &mut logits)?;
                    let best = argmax(&logits).ok_or_else(|| eyre!("none of the logits is a number"))?;
                    continuation.greedy_ids.push(best);
                    continuation.top5.push(likeliest(&logits, 5));
                    ids = vec![best];
                }
                Ok(continuation)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn each_row<Row: DeserializeOwned, Answer: Serialize>(
    mut answer: impl FnMut(Row) -> color_eyre::Result<Answer>,
) -> color_eyre::Result<()> {
    let mut out = stdout().lock();
    for (number, line) in (1..).zip(stdin().lock().lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let row =
            serde_json::from_str(&line).wrap_err_with(|| format!("line {number} is not what is expected"))?;
        let answer = answer(row).wrap_err_with(|| format!("line {number}"))?;
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}

/// The `count` best ids with their log-probabilities, best first.
fn likeliest(logits: &[f32], count: usize) -> Vec<Ranked> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - most).exp()).sum();
    let log_sum = f64::from(most) + sum.ln();
    let mut order: Vec<u32> = (0..logits.len() as u32).collect();
    order.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b)));
    order
        .into_iter()
        .take(count)
        .map(|id| Ranked {
            id,
            logprob: (f64::from(logits[id as usize]) - log_sum) as f32,
        })
        .collect()
}
