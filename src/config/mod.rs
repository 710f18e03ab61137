//! What a user has set, and where.
//!
//! Owns the settings, their file and their variables. Flags are laid over them by the command that has them
//! ([`Options::or`]). Does not own what a setting means to the module it is for: a model's name is looked up by
//! `models`, a theme's by `ui`.
//!
//! Order: the built-in `assets/config.toml` < what the chat remembers < the user's `config.toml` < the environment < flags. A name that is not
//! known is reported and passed over; a value that cannot be is an error with its place. To add a setting: a field of
//! [`Settings`], a row of the table in `keys.rs`, a paragraph in `assets/config.toml`.
//!
//! [`Options::or`]: crate::methods::Options::or

mod error;
mod file;
mod keys;
mod remembered;
mod value;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

pub use error::{ConfigError, InitError};
pub use file::{init, template};
pub use remembered::{Remembered, remember};

use crate::dirs::Dirs;
use crate::engine::local::CacheType;
use crate::methods::Options;
use keys::{KEYS, Key};
use value::Value;

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// `None`: the first of the catalog that is here.
    pub model: Option<String>,
    pub method: String,
    /// `None`: the model's own.
    pub system: Option<String>,
    /// `None`: one a physical core.
    pub threads: Option<usize>,
    /// In tokens; `None`: the model's, at most 8192.
    pub ctx: Option<usize>,
    pub kv_cache: CacheType,
    pub data_dir: Option<PathBuf>,
    /// Sampling and limits.
    pub options: Options,
    pub screen: Screen,
}

/// How the chat looks and behaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Screen {
    /// `None`: the terminal's own palette.
    pub theme: Option<String>,
    pub mouse: bool,
    /// `false` is reduced motion.
    pub animation: bool,
    /// Fold thinking when the answer begins.
    pub fold_thinking: bool,
    pub show_constraints: bool,
    pub bell: bool,
    pub notify: bool,
}

/// Settings, the folders they lead to, and how they came about.
#[derive(Clone, Debug)]
pub struct Config {
    pub settings: Settings,
    /// The data folder is the one that the settings name.
    pub dirs: Dirs,
    /// Names in the file that are no settings.
    pub unknown: Vec<Unknown>,
    /// One for each of [`KEYS`].
    origins: Vec<Origin>,
}

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    Variable(String),
}

/// A name in a file that is no setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub path: PathBuf,
    pub line: usize,
    pub key: String,
}

/// One setting as `config show` prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    pub key: &'static str,
    /// As in the file; `None` if it is not set.
    pub value: Option<serde_json::Value>,
    pub origin: Origin,
}

/// Reads the user's file and the environment.
pub fn load() -> Result<Config, ConfigError> {
    load_with(|name| std::env::var_os(name))
}

/// As [`load`], with the environment that `variable` gives. An empty variable counts as unset.
pub fn load_with(variable: impl Fn(&str) -> Option<OsString>) -> Result<Config, ConfigError> {
    let dirs = Dirs::with(&variable)?;
    let path = dirs.config_file();
    let mut config = Config {
        settings: Settings::default(),
        dirs,
        unknown: Vec::new(),
        origins: vec![Origin::Default; KEYS.len()],
    };
    config.apply_file(file::DEFAULT, "assets/config.toml".as_ref(), true)?;
    let remembered = config.dirs.remembered_file();
    if let Ok(Some(text)) = file::read(&remembered) {
        let mut with = config.clone();
        if with.apply_file(&text, &remembered, false).is_ok() {
            config = with;
        }
    }
    if let Some(text) = file::read(&path)? {
        config.apply_file(&text, &path, false)?;
    }
    for (i, key) in KEYS.iter().enumerate() {
        let name = key.variable();
        if let Some(value) = variable(&name).filter(|v| !v.is_empty()) {
            config.set(i, &Value::Variable(value), Origin::Variable(name))?;
        }
    }
    if let Some(data) = &config.settings.data_dir {
        config.dirs.data.clone_from(data);
    }
    Ok(config)
}

impl Config {
    /// Every setting in the order of the documentation.
    pub fn shown(&self) -> Vec<Shown> {
        let shown = |(key, origin): (&Key, &Origin)| Shown {
            key: key.name,
            value: Some((key.show)(&self.settings)).filter(|v| !v.is_null()),
            origin: origin.clone(),
        };
        KEYS.iter().zip(&self.origins).map(shown).collect()
    }

    fn apply_file(&mut self, text: &str, path: &std::path::Path, built_in: bool) -> Result<(), ConfigError> {
        for entry in file::entries(text, path)? {
            let path = path.to_owned();
            let (key, line) = (entry.key, entry.line);
            match KEYS.iter().position(|k| k.name == key) {
                Some(i) if built_in => self.set(i, &entry.value, Origin::Default)?,
                Some(i) => self.set(i, &entry.value, Origin::File { path, line })?,
                None => self.unknown.push(Unknown { path, line, key }),
            }
        }
        Ok(())
    }

    fn set(&mut self, key: usize, value: &Value, origin: Origin) -> Result<(), ConfigError> {
        (KEYS[key].read)(&mut self.settings, value).map_err(|expected| ConfigError::Value {
            origin: origin.clone(),
            key: KEYS[key].name,
            expected,
            found: value.to_string(),
        })?;
        self.origins[key] = origin;
        Ok(())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, line, key) = (self.path.display(), self.line, &self.key);
        write!(f, "{path}:{line}: there is no setting {key:?}")?;
        match self.meant() {
            Some(meant) => match meant.split_once('.') {
                Some((table, name)) => write!(f, "; `{name}` belongs below the line `[{table}]`"),
                None => write!(
                    f,
                    "; `{meant}` belongs above the first line with a table, like `[screen]`"
                ),
            },
            None => f.write_str("; `raif config show` lists them"),
        }
    }
}

impl Unknown {
    /// The setting of that name in another table.
    fn meant(&self) -> Option<&'static str> {
        let name = |key: &str| key.rsplit('.').next().unwrap_or_default().replace('-', "_");
        let mut names = KEYS.iter().map(|key| key.name);
        names.find(|known| name(known) == name(&self.key))
    }
}

#[cfg(test)]
mod tests;
