//! `raif sessions`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::output::{failed, print};
use crate::chat::sanitize;
use crate::config;
use crate::store::export::{Format, export, shorten};
use crate::store::search::{Hit, Part, Query};
use crate::store::{Loaded, Store, StoreError, Summary};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List conversations, the last used first
    List {
        /// At most this many [default: all]
        #[arg(long, short = 'n', value_name = "N", value_parser = at_least_one)]
        limit: Option<usize>,
        #[arg(long)]
        json: bool,
    },
    /// Print a conversation: prompts, thinking, answers, verdicts
    Show {
        /// The start of an id [default: the conversation used last]
        id: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Find a text in prompts, thinking and answers; case does not matter
    Search {
        #[arg(value_parser = something)]
        text: String,
        #[arg(long)]
        json: bool,
    },
    /// Write a conversation as a document; json and jsonl hold every branch
    Export {
        /// The start of an id [default: the conversation used last]
        id: Option<String>,
        #[arg(long, value_enum, default_value = "md")]
        format: ExportFormat,
        /// Write to this file, which must not be there yet [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Delete conversations for good
    Rm {
        /// The start of an id
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ExportFormat {
    Md,
    Json,
    Jsonl,
    Html,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| *n > 0);
    number.ok_or_else(|| "a number from 1 on; leave it out to list all".to_owned())
}

/// Nothing is in every conversation.
fn something(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("there is nothing to look for: give a word, or `raif sessions list` lists all".into());
    }
    Ok(text.to_owned())
}

#[derive(Debug, thiserror::Error)]
enum SessionsError {
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("could not write {}: {source}; give another file", path.display())]
    Write { path: PathBuf, source: std::io::Error },
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    Ok(execute(args.command).unwrap_or_else(|error| failed(&error)))
}

fn execute(command: Command) -> Result<ExitCode, SessionsError> {
    let store = Store::new(config::load()?.dirs.conversations());
    match command {
        Command::List { limit, json } => list(&store, limit.unwrap_or(usize::MAX), json),
        Command::Show { id, json } => {
            let format = if json { Format::Json } else { Format::Text };
            let loaded = load(&store, id.as_deref())?;
            Ok(print(&export(&loaded.conversation, format)))
        }
        Command::Search { text, json } => search(&store, &text, json),
        Command::Export { id, format, output } => {
            let loaded = load(&store, id.as_deref())?;
            let text = export(&loaded.conversation, format.into());
            match output {
                None => Ok(print(&text)),
                Some(path) => save(path, &text),
            }
        }
        Command::Rm { ids } => {
            // All are found before any is deleted.
            let ids: Vec<_> = ids.iter().map(|id| store.find(id)).collect::<Result<_, _>>()?;
            for id in &ids {
                store.remove(id)?;
                eprintln!("deleted {id}");
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The conversation that is meant; what could not be read of it is said on standard error.
fn load(store: &Store, id: Option<&str>) -> Result<Loaded, SessionsError> {
    let id = match id {
        Some(prefix) => store.find(prefix)?,
        None => store.latest()?.ok_or(StoreError::Empty)?,
    };
    let loaded = store.load(&id)?;
    for warning in &loaded.warnings {
        eprintln!("raif: {id}: {warning}");
    }
    let more = loaded.warned - loaded.warnings.len();
    if more > 0 {
        eprintln!("raif: {id}: {more} more lines were left out");
    }
    Ok(loaded)
}

/// Writes a new file, whole or not at all.
fn save(path: PathBuf, text: &str) -> Result<ExitCode, SessionsError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = tempfile::Builder::new()
        .prefix(".raif-export")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .and_then(|mut file| {
            std::io::Write::write_all(&mut file, text.as_bytes())?;
            file.persist_noclobber(&path).map_err(|e| e.error)
        });
    match written {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(source) => Err(SessionsError::Write { path, source }),
    }
}

fn list(store: &Store, limit: usize, json: bool) -> Result<ExitCode, SessionsError> {
    let listing = store.list()?;
    for error in &listing.failed {
        eprintln!("raif: {error}");
    }
    let ids = short_ids(&listing.summaries);
    let shown = &listing.summaries[..limit.min(listing.summaries.len())];
    if json {
        return Ok(print_json(&shown));
    }
    if shown.is_empty() {
        eprintln!("No conversations yet; `raif` starts one.");
    }
    let lengths = shown
        .iter()
        .map(|summary| summary.length().len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for summary in shown {
        let _ = writeln!(
            out,
            "{}  {}  {:<lengths$}  {}{}",
            ids[summary.id.as_str()],
            local_time(summary.modified_ms),
            summary.length(),
            shorten(summary.title.as_deref().unwrap_or(&summary.first_prompt), 72),
            if summary.unfinished { " (unfinished)" } else { "" },
        );
    }
    Ok(print(&out))
}

/// As much of each id as tells it from the others, the same length for all.
fn short_ids(summaries: &[Summary]) -> BTreeMap<&str, String> {
    let mut ids: Vec<&str> = summaries.iter().map(|s| s.id.as_str()).collect();
    ids.sort_unstable();
    let common = |pair: &[&str]| {
        pair[0]
            .bytes()
            .zip(pair[1].bytes())
            .take_while(|(a, b)| a == b)
            .count()
    };
    let longest = ids.windows(2).map(common).max().unwrap_or(0);
    // A group of hex digits is never cut to nothing: no short id ends with a hyphen.
    let length = match (longest + 1).max(8) {
        n @ (9 | 14 | 19 | 24) => n + 1,
        n => n,
    };
    ids.into_iter()
        .map(|id| (id, id.chars().take(length).collect()))
        .collect()
}

fn local_time(ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(ms) {
        Ok(time) => time
            .to_zoned(jiff::tz::TimeZone::system())
            .strftime("%Y-%m-%d %H:%M")
            .to_string(),
        Err(_) => "?".to_owned(),
    }
}

fn search(store: &Store, text: &str, json: bool) -> Result<ExitCode, SessionsError> {
    let query = Query::new(text)?;
    let mut found = Vec::new();
    for result in store.search(&query)? {
        match result {
            Ok(conversation) => found.push(conversation),
            // One that cannot be read must not hide the others.
            Err(error) => eprintln!("raif: {error}"),
        }
    }
    if json {
        return Ok(print_json(&found));
    }
    let mut out = String::new();
    for conversation in &found {
        let _ = writeln!(out, "{}  {}", conversation.id, conversation.title);
        for hit in &conversation.hits {
            out += &hit_line(hit);
        }
    }
    if found.is_empty() {
        eprintln!("Not found in any conversation.");
    }
    Ok(print(&out))
}

fn hit_line(hit: &Hit) -> String {
    let part = match hit.part {
        Part::Prompt => "prompt",
        Part::Thinking => "thinking",
        Part::Answer => "answer",
    };
    let more = match hit.count {
        1 => String::new(),
        count => format!(" ({count} times)"),
    };
    let text = format!("{}{}{}", hit.before, hit.matched, hit.after);
    format!("  turn {} {part}: …{}…{more}\n", hit.turn.0 + 1, text.trim())
}

fn print_json(value: &impl serde::Serialize) -> ExitCode {
    match serde_json::to_string_pretty(value) {
        Ok(json) => print(&(sanitize::escape_json(&json).into_owned() + "\n")),
        Err(error) => failed(&error),
    }
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Md => Self::Markdown,
            ExportFormat::Json => Self::Json,
            ExportFormat::Jsonl => Self::Jsonl,
            ExportFormat::Html => Self::Html,
        }
    }
}
