//! `raif check`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, ValueEnum};
use color_eyre::eyre::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::BROKEN;
use super::batch::{self, BadRow};
use super::output::{note, print};
use super::verdicts::{Verdicts, listed};
use crate::chat::sanitize;
use crate::constraints::{
    Constraint, Kwargs, Semantics,
    check::{Applies, Decision, LiveCheck, Status, decide},
    kinds,
    parse::{Reading, parse},
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
    /// Exit with 3 if a constraint is broken
    #[arg(long, conflicts_with = "batch")]
    fail_on_broken: bool,
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
    let (prompt, answer) = match (&args.prompt, &args.answer) {
        (Some(prompt), Some(answer)) if prompt != Path::new("-") || answer != Path::new("-") => {
            (prompt, answer)
        }
        (Some(_), Some(_)) => super::Cli::command()
            .error(
                clap::error::ErrorKind::ArgumentConflict,
                "only one of --prompt and --answer can be read from standard input",
            )
            .exit(),
        _ => return batch::run(|row| check_row(row, semantics)),
    };
    let (prompt, answer) = (read(prompt)?, read(answer)?);
    let Reading {
        constraints, soft, ..
    } = parse(&prompt);
    let decisions: Vec<_> = constraints
        .iter()
        .map(|c| decide(c, &prompt, &answer, semantics))
        .collect();
    let mut live = LiveCheck::new(&constraints, &prompt, semantics);
    live.feed(&answer, &answer);
    live.finish(&answer);
    let statuses = live.statuses();
    let mut out = String::new();
    if args.json {
        let rows: Vec<_> = constraints
            .iter()
            .zip(&decisions)
            .zip(&statuses)
            .map(|((constraint, decision), status)| shown(constraint, decision, status, &prompt))
            .collect();
        let json = format!("{:#}\n", serde_json::json!({ "constraints": rows }));
        out.push_str(&sanitize::escape_json(&json));
    } else {
        for ((constraint, decision), status) in constraints.iter().zip(&decisions).zip(&statuses) {
            out.push_str(&line(constraint, decision, status, semantics));
        }
        for soft in &soft {
            let words = sanitize::one_line(&soft.text);
            out.push_str(&format!("? {words}  [no program can decide this]\n"));
        }
        if constraints.is_empty() {
            note("no constraint that a program can check was found in the prompt");
        }
    }
    if answer.trim().is_empty() {
        note("the answer is empty, which follows nothing");
    }
    let printed = print(&out);
    let counts = |status: &Status| matches!(status.applies, Applies::Always | Applies::Taken);
    let broken = decisions
        .iter()
        .zip(&statuses)
        .any(|(decision, status)| decision.strict == Some(false) && counts(status));
    Ok(if args.fail_on_broken && broken {
        ExitCode::from(BROKEN)
    } else {
        printed
    })
}

/// One constraint, for people. What a terminal would obey is taken out of the prompt's words.
fn line(constraint: &Constraint, decision: &Decision, status: &Status, semantics: Semantics) -> String {
    let mark = match (status.applies, decision.strict, decision.loose) {
        (Applies::NotTaken, ..) => "-",
        (Applies::Undecided, Some(false), _) => "?",
        (_, Some(true), _) => "✓",
        (_, Some(false), Some(true)) if semantics == Semantics::Official => "~",
        (_, Some(false), _) => "✗",
        (_, None, _) => "?",
    };
    let label =
        kinds::find(&constraint.id).map_or(constraint.id.clone(), |kind| kind.label(&constraint.kwargs));
    let value = if decision.value.is_empty() {
        String::new()
    } else {
        format!("  ({})", sanitize::one_line(&decision.value))
    };
    let note = match (status.applies, status.differs, semantics) {
        (Applies::NotTaken, ..) => "  [the answer took another branch]",
        (Applies::Undecided, ..) => "  [which branch applies is undecided]",
        (_, Some(_), Semantics::AsWorded) => "  [the published checker decides otherwise]",
        (_, Some(_), Semantics::Official) => "  [as worded it is decided otherwise]",
        (_, None, _) => "",
    };
    format!("{mark} {}{value}{note}\n", sanitize::one_line(&label))
}

fn read(path: &Path) -> color_eyre::Result<String> {
    if path == Path::new("-") {
        return io::read_to_string(io::stdin()).wrap_err("standard input cannot be read");
    }
    std::fs::read_to_string(path).wrap_err_with(|| format!("{} cannot be read", path.display()))
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
struct Checked {
    key: Value,
    #[serde(flatten)]
    verdicts: Verdicts,
}

fn check_row(row: &str, semantics: Semantics) -> Result<String, BadRow> {
    let row: Row = serde_json::from_str(row).map_err(|error| BadRow {
        key: Value::Null,
        reason: format!("it is not a row {{\"key\", \"prompt\", \"response\"}}: {error}"),
    })?;
    let bad = |reason| BadRow {
        key: row.key.clone(),
        reason,
    };
    let constraints = match row.instruction_id_list {
        None => parse(&row.prompt).constraints,
        Some(ids) => listed(ids, row.kwargs.unwrap_or_default()).map_err(bad)?,
    };
    let checked = Checked {
        verdicts: Verdicts::on(&constraints, &row.prompt, &row.response, semantics),
        key: row.key,
    };
    Ok(serde_json::to_string(&checked).expect("string keys only"))
}
