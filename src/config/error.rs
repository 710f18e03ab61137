//! What can be wrong with settings. Each message names the place.

use std::io;
use std::path::PathBuf;

use super::Origin;
use crate::dirs::NoHome;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(transparent)]
    NoHome(#[from] NoHome),
    #[error("could not read the settings {}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("the settings {} are longer than 1 MiB; that is no settings file", path.display())]
    TooLong { path: PathBuf },
    #[error(
        "{}:{line}: this is not TOML: {message}; correct the line, or put a # before it to have the default",
        path.display()
    )]
    Syntax {
        path: PathBuf,
        line: usize,
        message: String,
    },
    #[error("{origin}: {key} must be {expected}, not {found}")]
    Value {
        origin: Origin,
        key: &'static str,
        expected: String,
        found: String,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum InitError {
    #[error("{} is there already; edit it, or remove it to start again", path.display())]
    Exists { path: PathBuf },
    #[error("could not write the settings {}: {source}; RAIF_CONFIG_DIR names another folder", path.display())]
    Write { path: PathBuf, source: io::Error },
}
