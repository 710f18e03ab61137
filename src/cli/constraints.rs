//! `raif constraints`: what the sidebar would list.
//!
//! `--batch` reads JSON lines and writes JSON lines in the same order, on all cores, in constant memory: a block of lines is
//! read, shared out, and written before the next one is.

use std::{
    io::{self, BufRead, BufWriter, IsTerminal, Read, Write},
    process::ExitCode,
};

use color_eyre::eyre::{Context, bail, eyre};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::constraints::{
    Constraint,
    parse::{self, Active, Reading},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt, or - for standard input
    #[arg(conflicts_with = "batch", required_unless_present = "batch")]
    prompt: Option<String>,
    /// One JSON object
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// JSON lines in, JSON lines out, in the same order: {"key", "prompt"} or {"key", "turns"}
    #[arg(long)]
    batch: bool,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let written = match args.prompt {
        None => batch(io::stdin().lock(), io::stdout().lock()),
        Some(prompt) => {
            let prompt = match prompt.as_str() {
                "-" => {
                    let mut text = String::new();
                    io::stdin()
                        .read_to_string(&mut text)
                        .wrap_err("reading the prompt from standard input")?;
                    text
                }
                _ => prompt,
            };
            let reading = parse::parse(&prompt);
            let text = match args.json {
                true => format!("{:#}\n", object(&reading, &prompt)),
                false => lines(&reading, &prompt),
            };
            io::stdout().write_all(text.as_bytes()).map_err(Into::into)
        }
    };
    match written {
        // Whoever read the output has seen enough.
        Err(error)
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) =>
        {
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(error),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn object(reading: &Reading, prompt: &str) -> Value {
    let constraints = &reading.constraints;
    json!({
        "instruction_id_list": constraints.iter().map(|constraint| &constraint.id).collect::<Vec<_>>(),
        "kwargs": constraints.iter().map(|constraint| &constraint.kwargs).collect::<Vec<_>>(),
        "spans": constraints.iter().map(|constraint| &prompt[constraint.span.clone()]).collect::<Vec<_>>(),
        "tree": reading.tree,
        "soft": reading.soft,
        "conflicts": reading.conflicts,
    })
}

fn turn(active: &[Active], prompts: &[&str]) -> Value {
    let constraint = |active: &Active| active.constraint.clone();
    let span = |Active {
                    constraint,
                    from_turn,
                }: &Active| {
        prompts[from_turn - 1]
            .get(constraint.span.clone())
            .unwrap_or_default()
            .to_owned()
    };
    json!({
        "instruction_id_list": active.iter().map(|active| constraint(active).id).collect::<Vec<_>>(),
        "kwargs": active.iter().map(|active| constraint(active).kwargs).collect::<Vec<_>>(),
        "spans": active.iter().map(span).collect::<Vec<_>>(),
        "from_turn": active.iter().map(|active| active.from_turn).collect::<Vec<_>>(),
    })
}

/// One line a constraint, for people. Control characters of the prompt never reach the terminal.
fn lines(reading: &Reading, prompt: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    };
    let said = |constraint: &Constraint| plain(&prompt[constraint.span.clone()]);
    let mut out = String::new();
    for constraint in &reading.constraints {
        let arguments: Vec<String> = constraint
            .kwargs
            .iter()
            .map(|(name, value)| format!("{name}={}", plain(&value.to_string())))
            .collect();
        out.push_str(&format!(
            "{}  {}\n    “{}”\n",
            constraint.id,
            arguments.join(" "),
            said(constraint)
        ));
    }
    for soft in &reading.soft {
        out.push_str(
            &format!(
                "not checkable ({:?})\n    “{}”\n",
                soft.category,
                plain(&soft.text)
            )
            .to_lowercase(),
        );
    }
    for conflict in &reading.conflicts {
        let [a, b] = conflict.pair.map(|at| said(&reading.constraints[at]));
        out.push_str(&format!("conflict: “{a}” and “{b}”: {}\n", conflict.reason));
    }
    if out.is_empty() {
        out.push_str("no constraints\n");
    }
    out
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    key: Value,
    prompt: Option<String>,
    turns: Option<Vec<String>>,
}

fn answer(line: &str, number: usize) -> color_eyre::Result<String> {
    let row: Row = serde_json::from_str(line)
        .wrap_err_with(|| format!("line {number} is not a row: {{\"key\", \"prompt\"}}"))?;
    let mut out = serde_json::Map::new();
    out.insert("key".into(), row.key);
    match (row.prompt, row.turns) {
        (Some(prompt), None) => {
            if let Value::Object(rest) = object(&parse::parse(&prompt), &prompt) {
                out.extend(rest);
            }
        }
        (None, Some(turns)) => {
            let prompts: Vec<&str> = turns.iter().map(String::as_str).collect();
            let turns = parse::follow(&prompts)
                .iter()
                .map(|active| turn(active, &prompts))
                .collect();
            out.insert("turns".into(), Value::Array(turns));
        }
        _ => bail!("line {number} needs either \"prompt\" or \"turns\""),
    }
    Ok(Value::Object(out).to_string())
}

/// Lines shared out at once, and the bytes after which a block is full.
const BLOCK_LINES: usize = 512;
const BLOCK_BYTES: usize = 4 << 20;

fn batch(mut input: impl BufRead, output: impl Write) -> color_eyre::Result<()> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut output = BufWriter::new(output);
    let patient = !io::stdin().is_terminal();
    let mut number = 0;
    let mut over = false;
    while !over {
        let mut block: Vec<(usize, String)> = Vec::new();
        let mut bytes = 0;
        while block.len() < BLOCK_LINES && bytes < BLOCK_BYTES {
            let mut line = String::new();
            if input
                .read_line(&mut line)
                .wrap_err("reading rows from standard input")?
                == 0
            {
                over = true;
                break;
            }
            number += 1;
            bytes += line.len();
            if !line.trim().is_empty() {
                block.push((number, line));
            }
            if !patient {
                break;
            }
        }
        let share = block.len().div_ceil(workers).max(1);
        let answers: Vec<color_eyre::Result<Vec<String>>> = std::thread::scope(|scope| {
            let running: Vec<_> = block
                .chunks(share)
                .map(|rows| {
                    scope.spawn(move || rows.iter().map(|(number, line)| answer(line, *number)).collect())
                })
                .collect();
            running
                .into_iter()
                .map(|worker| {
                    worker
                        .join()
                        .unwrap_or_else(|_| Err(eyre!("a row could not be read")))
                })
                .collect()
        });
        for answers in answers {
            for answer in answers? {
                writeln!(output, "{answer}")?;
            }
        }
        output.flush()?;
    }
    Ok(())
}
