//! `raif check`.

use std::{
    io::{self, BufRead, BufWriter, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;
use color_eyre::eyre::{Context, bail, eyre};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::constraints::{
    Constraint, Kwargs, Semantics,
    check::{Applies, Decision, LiveCheck, Status, decide},
    kinds,
    parse::parse,
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// File with the prompt (`-`: standard input)
    #[arg(long, value_name = "FILE", required_unless_present = "batch")]
    prompt: Option<PathBuf>,
    /// File with the answer (`-`: standard input)
    #[arg(long, value_name = "FILE", required_unless_present = "batch")]
    answer: Option<PathBuf>,
    /// Check JSON lines from standard input: {"key", "prompt", "response"} and optionally
    /// "instruction_id_list" with "kwargs", which are then checked instead of what the prompt says
    #[arg(long, conflicts_with_all = ["prompt", "answer"])]
    batch: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// What counts: the words as a person means them, or the published checkers' verdicts
    #[arg(long, value_enum, default_value_t = Meaning::AsWorded)]
    semantics: Meaning,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Meaning {
    Official,
    AsWorded,
}

impl From<Meaning> for Semantics {
    fn from(meaning: Meaning) -> Self {
        match meaning {
            Meaning::Official => Self::Official,
            Meaning::AsWorded => Self::AsWorded,
        }
    }
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let semantics = args.semantics.into();
    if args.batch {
        batch(io::stdin().lock(), io::stdout().lock(), semantics)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(prompt), Some(answer)) = (&args.prompt, &args.answer) else {
        bail!("give --prompt FILE and --answer FILE, or --batch");
    };
    if prompt == Path::new("-") && answer == Path::new("-") {
        bail!("only one of --prompt and --answer can be read from standard input");
    }
    let (prompt, answer) = (read(prompt)?, read(answer)?);
    let constraints = parse(&prompt).constraints;
    let decisions: Vec<_> = constraints
        .iter()
        .map(|c| decide(c, &prompt, &answer, semantics))
        .collect();
    let mut live = LiveCheck::new(&constraints, &prompt, semantics);
    live.feed(&answer, &answer);
    live.finish(&answer);
    let statuses = live.statuses();
    let mut out = io::stdout().lock();
    if args.json {
        let rows: Vec<_> = constraints
            .iter()
            .zip(&decisions)
            .zip(&statuses)
            .map(|((constraint, decision), status)| shown(constraint, decision, status, &prompt))
            .collect();
        serde_json::to_writer_pretty(&mut out, &serde_json::json!({ "constraints": rows }))?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    for ((constraint, decision), status) in constraints.iter().zip(&decisions).zip(&statuses) {
        let mark = match (status.applies, decision.strict, decision.loose) {
            (Applies::NotTaken, ..) => "-",
            (Applies::Undecided, Some(false), _) => "?",
            (_, Some(true), _) => "✓",
            (_, Some(false), Some(true)) => "~",
            (_, Some(false), _) => "✗",
            (_, None, _) => "?",
        };
        let label =
            kinds::find(&constraint.id).map_or(constraint.id.clone(), |kind| kind.label(&constraint.kwargs));
        let value = if decision.value.is_empty() {
            String::new()
        } else {
            format!("  ({})", decision.value)
        };
        let note = match (status.applies, status.differs, semantics) {
            (Applies::NotTaken, ..) => "  [the answer took another branch]",
            (Applies::Undecided, ..) => "  [which branch applies is undecided]",
            (_, Some(_), Semantics::AsWorded) => "  [the published checker decides otherwise]",
            (_, Some(_), Semantics::Official) => "  [as worded it is decided otherwise]",
            (_, None, _) => "",
        };
        writeln!(out, "{mark} {}{}{note}", plain(&label), plain(&value))?;
    }
    if constraints.is_empty() && io::stderr().is_terminal() {
        eprintln!("No constraint that a program can check was found in the prompt.");
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> color_eyre::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .read_to_string(&mut text)
            .wrap_err("reading standard input")?;
        return Ok(text);
    }
    std::fs::read_to_string(path).wrap_err_with(|| format!("reading {}", path.display()))
}

/// Without control characters: prompts and answers are not to be trusted with the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn shown(constraint: &Constraint, decision: &Decision, status: &Status, prompt: &str) -> Value {
    serde_json::json!({
        "id": constraint.id,
        "kwargs": constraint.kwargs,
        "span": prompt.get(constraint.span.clone()),
        "strict": decision.strict,
        "loose": decision.loose,
        "value": decision.value,
        "differs": status.differs.is_some(),
        "applies": status.applies,
    })
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    key: Value,
    #[serde(default)]
    prompt: String,
    response: String,
    instruction_id_list: Option<Vec<String>>,
    kwargs: Option<Vec<Option<Kwargs>>>,
}

#[derive(Serialize)]
struct Verdicts {
    key: Value,
    instruction_id_list: Vec<String>,
    strict: Vec<Option<bool>>,
    loose: Vec<Option<bool>>,
    follow_all_strict: bool,
    follow_all_loose: bool,
    values: Vec<String>,
}

/// Rows that are read before they are checked together, and the bytes after which a block is full.
const BLOCK: usize = 512;
const BLOCK_BYTES: usize = 4 << 20;

/// Reads blocks of rows, checks each on all cores, and writes the verdicts in the order of the rows. Memory does not depend
/// on how many rows there are.
fn batch(mut input: impl BufRead, output: impl Write, semantics: Semantics) -> color_eyre::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut output = BufWriter::new(output);
    let (mut line, mut number) = (String::new(), 0);
    loop {
        let mut block = Vec::with_capacity(BLOCK);
        let mut bytes = 0;
        while block.len() < BLOCK && bytes < BLOCK_BYTES {
            line.clear();
            if input
                .read_line(&mut line)
                .wrap_err_with(|| format!("reading row {}", number + 1))?
                == 0
            {
                break;
            }
            number += 1;
            bytes += line.len();
            if !line.trim().is_empty() {
                block.push((number, std::mem::take(&mut line)));
            }
        }
        if block.is_empty() {
            return Ok(output.flush()?);
        }
        let share = block.len().div_ceil(threads);
        let checked = std::thread::scope(|scope| {
            let check = |rows: &[(usize, String)]| -> Vec<_> {
                rows.iter()
                    .map(|(number, row)| check_row(*number, row, semantics))
                    .collect()
            };
            let workers: Vec<_> = block
                .chunks(share)
                .map(|rows| scope.spawn(move || check(rows)))
                .collect();
            let joined = workers.into_iter().map(|worker| worker.join());
            joined
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| eyre!("a checker failed near row {number}"))
        })?;
        for verdicts in checked.into_iter().flatten() {
            // Rows before a faulty one are written.
            match verdicts {
                Ok(verdicts) => {
                    serde_json::to_writer(&mut output, &verdicts)?;
                    output.write_all(b"\n")?;
                }
                Err(error) => {
                    output.flush()?;
                    return Err(error);
                }
            }
        }
    }
}

fn check_row(number: usize, row: &str, semantics: Semantics) -> color_eyre::Result<Verdicts> {
    let row: Row = serde_json::from_str(row).wrap_err_with(|| format!("row {number}: not a row to check"))?;
    let constraints = match row.instruction_id_list {
        None => parse(&row.prompt).constraints,
        Some(ids) => {
            let kwargs = row.kwargs.unwrap_or_default();
            if !kwargs.is_empty() && kwargs.len() != ids.len() {
                bail!(
                    "row {number} (key {}): {} ids but {} kwargs",
                    row.key,
                    ids.len(),
                    kwargs.len()
                );
            }
            let mut kwargs = kwargs.into_iter();
            ids.into_iter()
                .map(|id| {
                    kinds::find(&id)
                        .ok_or_else(|| eyre!("row {number} (key {}): unknown id `{id}`", row.key))?;
                    Ok(Constraint {
                        id,
                        kwargs: kwargs.next().flatten().unwrap_or_default(),
                        span: 0..0,
                        scope: None,
                    })
                })
                .collect::<color_eyre::Result<_>>()?
        }
    };
    let decisions: Vec<_> = constraints
        .iter()
        .map(|c| decide(c, &row.prompt, &row.response, semantics))
        .collect();
    let strict: Vec<_> = decisions.iter().map(|d| d.strict).collect();
    let loose: Vec<_> = decisions.iter().map(|d| d.loose).collect();
    Ok(Verdicts {
        key: row.key,
        follow_all_strict: strict.iter().all(|&v| v == Some(true)),
        follow_all_loose: loose.iter().all(|&v| v == Some(true)),
        strict,
        loose,
        values: decisions.into_iter().map(|d| d.value).collect(),
        instruction_id_list: constraints.into_iter().map(|c| c.id).collect(),
    })
}
