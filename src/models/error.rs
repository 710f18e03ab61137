use std::path::PathBuf;

use super::catalog::CatalogError;
use super::convert::ConvertError;
use super::gguf::GgufError;

/// Why a model cannot be had from this machine's disk.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
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
        "{path} is a folder of safetensors that was not converted yet: `raif models import {path}` does it"
    )]
    SafetensorsFolder { path: PathBuf },
    #[error("{path} is a folder without a config.json: give a GGUF file, or a folder of safetensors")]
    NotAModelFolder { path: PathBuf },
    #[error("{path} cannot be converted: {source}")]
    Convert { path: PathBuf, source: ConvertError },
    #[error("{path} is a GGUF, which keeps its own quantisation: leave --quant away")]
    KeepsItsQuant { path: PathBuf },
    #[error(
        "{0:?} cannot be a model's name: choose one of letters, digits, dots, dashes and underscores with --name"
    )]
    BadName(String),
    #[error("{name} is another name of {of} in the catalog: choose one of its own with --name")]
    IsAnAlias { name: String, of: String },
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
