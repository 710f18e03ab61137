//! `raif` without a subcommand: the chat.

use std::path::PathBuf;
use std::process::ExitCode;

use super::flags::{self, ModelFlags, SamplingFlags};
use crate::app::Start;
use crate::app::keymap::{Keymap, KeymapError};
use crate::config::{self, Config, ConfigError};
use crate::dirs::Dirs;
use crate::methods::{METHODS, PromptError, Prompts};
use crate::models::{Models, ModelsError};
use crate::runtime::{self, EngineLoader, Setup};
use crate::store::Store;
use crate::ui::Theme;
use crate::ui::theme::ThemeError;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    sampling: SamplingFlags,
    /// How the model is asked [default: io]
    #[arg(long, value_parser = flags::method_names())]
    method: Option<String>,
    /// System message [default: the model's own]
    #[arg(long)]
    system: Option<String>,
    /// Continue a saved conversation: its id or the start of it [default: the latest]
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    resume: Option<String>,
}

/// Why the chat does not open.
#[derive(Debug, thiserror::Error)]
enum ChatError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Models(#[from] ModelsError),
    #[error(transparent)]
    Prompts(#[from] PromptError),
    #[error(transparent)]
    Keymap(#[from] KeymapError),
    #[error(transparent)]
    Theme(#[from] ThemeError),
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the terminal cannot be used: {0}")]
    Terminal(std::io::Error),
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    Ok(match chat(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("raif: {error}");
            ExitCode::FAILURE
        }
    })
}

fn chat(args: Args) -> Result<(), ChatError> {
    let Config {
        settings,
        dirs,
        unknown,
        ..
    } = config::load()?;
    let methods = METHODS
        .iter()
        .map(|m| (m.name().to_owned(), m.about().to_owned()))
        .collect();
    let setup = Setup {
        start: Start {
            model_name: args.model.model.or(settings.model),
            method: args.method.unwrap_or(settings.method),
            methods,
            system: args.system.or(settings.system),
            keymap: keymap(&dirs)?,
            thinking_folded: settings.screen.fold_thinking,
            sidebar_hidden: !settings.screen.show_constraints,
            reduced_motion: !settings.screen.animation,
        },
        loader: EngineLoader {
            models: Models::open()?,
            script: args.model.script,
            context: args.model.ctx.or(settings.ctx),
            threads: args.model.threads.or(settings.threads),
            kv_cache: args.model.kv_cache.unwrap_or(settings.kv_cache),
            options: args.sampling.options().or(&settings.options),
            prompts: Prompts::load(&dirs.prompts())?,
        },
        store: Store::new(dirs.conversations()),
        theme: theme(settings.screen.theme.as_deref(), &dirs)?,
        mouse: settings.screen.mouse,
        resume: args.resume,
        warnings: unknown.iter().map(ToString::to_string).collect(),
    };
    runtime::run(setup).map_err(ChatError::Terminal)
}

/// The built-in keys with the user's over them.
fn keymap(dirs: &Dirs) -> Result<Keymap, ChatError> {
    let mut keymap = Keymap::built_in();
    let path = dirs.keymap_file();
    if let Some(source) = read_if_there(path.clone())? {
        keymap.merge(&path.display().to_string(), &source)?;
    }
    Ok(keymap)
}

/// The named theme, the user's own before a built-in one; without colours where `NO_COLOR` asks for that.
fn theme(name: Option<&str>, dirs: &Dirs) -> Result<Theme, ChatError> {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let name = name.unwrap_or(if no_color { "mono" } else { "dark" });
    let is_file_name = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let own = if is_file_name {
        read_if_there(dirs.themes().join(format!("{name}.toml")))?
    } else {
        None
    };
    Ok(match own {
        Some(source) => Theme::parse(&source)?,
        None => Theme::builtin(name)?,
    })
}

fn read_if_there(path: PathBuf) -> Result<Option<String>, ChatError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ChatError::Read { path, source }),
    }
}
