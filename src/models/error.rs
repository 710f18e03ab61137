use std::path::PathBuf;

use super::catalog::CatalogError;
use super::gguf::GgufError;

/// Why a model cannot be had from this machine's disk.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error(transparent)]
    NoHome(#[from] crate::dirs::NoHome),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("no model is on this machine yet: `raif models pull starter` fetches a small one (98 MB)")]
    NothingInstalled,
    #[error("{name} is not on this machine: `raif models pull {name}` fetches it")]
    NotInstalled { name: String },
    #[error("{path} does not exist: check the path, or see `raif models list` for names")]
    NoSuchFile { path: PathBuf },
    #[error("no model is called {name}{}: see `raif models list`", suggestion(near))]
    Unknown { name: String, near: Option<String> },
    #[error(
        "{name} is published as safetensors, which cannot be converted yet: fetch a GGUF of it with \
         `raif models pull OWNER/NAME`, or add one with `raif models import FILE --name {name}`"
    )]
    NeedsConversion { name: String },
    #[error(
        "{path} is a folder of safetensors, which cannot be converted yet: import a GGUF of the model instead"
    )]
    SafetensorsFolder { path: PathBuf },
    #[error("{0:?} cannot be a model's name: use letters, digits, dots, dashes and underscores")]
    BadName(String),
    #[error(
        "there is already a model called {name} ({path}): choose another --name, or remove it with `raif models rm {name}`"
    )]
    NameTaken { name: String, path: PathBuf },
    #[error("{name} lies in {path}, which other programs use too: raif removes only what it keeps itself")]
    NotOurs { name: String, path: PathBuf },
    #[error("{what} {path} failed: {source}")]
    Io {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} cannot be kept: it needs {}, and {} are free there", super::human_bytes(*need), super::human_bytes(*free))]
    DiskFull { path: PathBuf, need: u64, free: u64 },
    #[error(transparent)]
    Gguf(#[from] GgufError),
}

fn suggestion(near: &Option<String>) -> String {
    near.as_ref()
        .map(|near| format!(" (did you mean {near}?)"))
        .unwrap_or_default()
}
