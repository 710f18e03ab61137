//! `raif constraints`: what the sidebar would list.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::CommandFactory;
use color_eyre::eyre::Context;
use serde::Deserialize;
use serde_json::{Value, json};

use super::batch::{self, BadRow};
use super::output::print;
use crate::chat::sanitize;
use crate::constraints::{
    Constraint,
    parse::{self, Active, Reading},
};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt; `-` reads it from standard input, as does a pipe where none is given
    #[arg(conflicts_with = "batch")]
    prompt: Option<String>,
    /// One JSON object
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// JSON lines in, JSON lines out, in the same order: {"key", "prompt"} or {"key", "turns"}
    #[arg(long)]
    batch: bool,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    if args.batch {
        return batch::run(answer);
    }
    let prompt = match args.prompt.as_deref() {
        Some("-") => read()?,
        None if !io::stdin().is_terminal() => read()?,
        Some(prompt) => prompt.to_owned(),
        None => super::Cli::command()
            .error(
                clap::error::ErrorKind::MissingRequiredArgument,
                "there is no prompt: give one, or - to read it from standard input",
            )
            .exit(),
    };
    let reading = parse::parse(&prompt);
    Ok(print(&if args.json {
        sanitize::escape_json(&format!("{:#}\n", object(&reading, &prompt))).into_owned()
    } else {
        lines(&reading, &prompt)
    }))
}

fn read() -> color_eyre::Result<String> {
    io::read_to_string(io::stdin()).wrap_err("the prompt cannot be read from standard input")
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

/// One line a constraint, for people. What a terminal would obey is taken out of the prompt's words.
fn lines(reading: &Reading, prompt: &str) -> String {
    let plain = sanitize::one_line;
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
        let category = format!("{:?}", soft.category).to_lowercase();
        out.push_str(&format!(
            "not checkable ({category})\n    “{}”\n",
            plain(&soft.text)
        ));
    }
    for conflict in &reading.conflicts {
        let [a, b] = conflict.pair.map(|at| said(&reading.constraints[at]));
        out.push_str(&format!(
            "conflict: “{a}” and “{b}”: {}\n",
            plain(&conflict.reason)
        ));
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

fn answer(line: &str) -> Result<String, BadRow> {
    let row: Row = serde_json::from_str(line).map_err(|error| BadRow {
        key: Value::Null,
        reason: format!("it is not a row {{\"key\", \"prompt\"}}: {error}"),
    })?;
    let mut out = serde_json::Map::new();
    out.insert("key".into(), row.key.clone());
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
        _ => {
            return Err(BadRow {
                key: row.key,
                reason: "it needs either \"prompt\" or \"turns\"".into(),
            });
        }
    }
    Ok(Value::Object(out).to_string())
}
