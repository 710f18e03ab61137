//! `raif` without a subcommand: the chat.

use std::path::PathBuf;
use std::process::ExitCode;

use super::asking::AskingFlags;
use crate::app::Start;
use crate::app::effect::Notify;
use crate::app::keymap::{Keymap, KeymapError};
use crate::config::{self, Config, ConfigError};
use crate::dirs::Dirs;
use crate::methods::{METHODS, PromptError, Prompts};
use crate::models::pull::PullError;
use crate::models::{Models, ModelsError};
use crate::runtime::{self, EngineLoader, Setup};
use crate::store::{History, Store};
use crate::ui::Theme;
use crate::ui::theme::ThemeError;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    asking: AskingFlags,
    /// Continue a saved conversation: its id or the start of it [default: the latest]
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    resume: Option<String>,
    /// Plain lines that are only appended: for screen readers, dumb terminals and pipes
    #[arg(long)]
    plain: bool,
}

/// Why the chat does not open.
#[derive(Debug, thiserror::Error)]
enum ChatError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Models(#[from] ModelsError),
    #[error(transparent)]
    Convert(#[from] PullError),
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
    #[error("the chat cannot go on: {0}")]
    Plain(std::io::Error),
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    Ok(match chat(args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("raif: {error}");
            ExitCode::FAILURE
        }
    })
}

fn chat(args: Args) -> Result<ExitCode, ChatError> {
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
    let theme_follows = settings.screen.theme.is_none() && !no_color();
    let theme_name = theme_name(settings.screen.theme);
    let models = Models::open(&dirs)?;
    let setup = Setup {
        start: Start {
            model_name: converted(&models, args.asking.model.model.or(settings.model))?,
            method: args.asking.method.unwrap_or(settings.method),
            methods,
            system: args.asking.system.or(settings.system),
            keymap: keymap(&dirs)?,
            thinking_folded: settings.screen.fold_thinking,
            sidebar_hidden: !settings.screen.show_constraints,
            reduced_motion: !settings.screen.animation,
            mouse: settings.screen.mouse,
            themes: theme_names(&dirs),
            theme: theme_name.clone(),
            theme_follows,
            notify: Notify {
                bell: settings.screen.bell,
                desktop: settings.screen.notify,
            },
        },
        loader: EngineLoader {
            models,
            script: args.asking.model.script,
            context: args.asking.model.ctx.or(settings.ctx),
            threads: args.asking.model.threads.or(settings.threads),
            kv_cache: args.asking.model.kv_cache.unwrap_or(settings.kv_cache),
            options: args.asking.sampling.options().or(&settings.options),
            prompts: Prompts::load(&dirs.prompts())?,
        },
        store: Store::new(dirs.conversations()),
        remembered: dirs.remembered_file(),
        history: History::new(dirs.history_file()),
        theme: theme(&theme_name, &dirs)?,
        find_theme: Box::new(move |name| theme(name, &dirs).map_err(|e| e.to_string())),
        resume: args.resume,
        warnings: unknown.iter().map(ToString::to_string).collect(),
    };
    let (conversation, code) = if args.plain {
        let outcome = runtime::plain::run(setup).map_err(ChatError::Plain)?;
        let code = if outcome.failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        };
        (outcome.conversation, code)
    } else {
        (
            runtime::run(setup).map_err(ChatError::Terminal)?,
            ExitCode::SUCCESS,
        )
    };
    if let Some(id) = conversation {
        eprintln!("raif: this conversation goes on with `raif --resume {id}`");
    }
    Ok(code)
}

/// The name of a model; a folder of safetensors is converted before the screen opens, which takes minutes once.
fn converted(models: &Models, name: Option<String>) -> Result<Option<String>, PullError> {
    match models.locate(name.as_deref()) {
        Err(ModelsError::SafetensorsFolder { .. }) => {
            Ok(Some(super::models::obtain(models, name.as_deref())?.name))
        }
        // Everything else is told on the screen.
        _ => Ok(name),
    }
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

/// The theme that is set; else one without colours where `NO_COLOR` asks for that.
fn theme_name(set: Option<String>) -> String {
    set.unwrap_or_else(|| if no_color() { "mono" } else { "dark" }.to_owned())
}

fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
}

/// The named theme, the user's own before a built-in one.
fn theme(name: &str, dirs: &Dirs) -> Result<Theme, ChatError> {
    let is_file_name = name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let path = dirs.themes().join(format!("{name}.toml"));
    let own = if is_file_name {
        read_if_there(path.clone())?
    } else {
        None
    };
    Ok(match own {
        Some(source) => Theme::parse(&path.display().to_string(), &source)?,
        None => Theme::builtin(name)?,
    })
}

/// The themes that come with the program, then the user's own.
fn theme_names(dirs: &Dirs) -> Vec<String> {
    let mut own: Vec<String> = std::fs::read_dir(dirs.themes())
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            entry
                .file_name()
                .into_string()
                .ok()?
                .strip_suffix(".toml")
                .map(str::to_owned)
        })
        .collect();
    own.sort();
    let mut names: Vec<String> = Theme::names().map(str::to_owned).collect();
    own.retain(|name| !names.contains(name));
    names.append(&mut own);
    names
}

fn read_if_there(path: PathBuf) -> Result<Option<String>, ChatError> {
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ChatError::Read { path, source }),
    }
}
