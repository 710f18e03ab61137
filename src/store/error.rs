//! What can go wrong with the folder of transcripts. None of it ends a chat: it goes on unsaved and says so.

use std::io;
use std::path::{Path, PathBuf};

/// Each message says what was tried, what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("could not {doing} {}: the disk is full; free some space or set RAIF_DATA_DIR to a folder elsewhere", path.display())]
    DiskFull { doing: &'static str, path: PathBuf },
    #[error("could not {doing} {}: the disk is read-only; set RAIF_DATA_DIR to a folder that can be written", path.display())]
    ReadOnly { doing: &'static str, path: PathBuf },
    #[error("could not {doing} {}: permission denied; change its permissions or set RAIF_DATA_DIR to a folder of yours", path.display())]
    Denied { doing: &'static str, path: PathBuf },
    #[error("could not {doing} {}: {source}; look what is wrong there, or set RAIF_DATA_DIR to another folder", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("another raif is writing {}; close it there first, or start a new conversation", path.display())]
    Locked { path: PathBuf },
    #[error("there is no conversation {wanted:?}; `raif sessions list` shows the ones there are")]
    NotFound { wanted: String },
    #[error("there are no conversations yet; `raif` starts one")]
    Empty,
    #[error(
        "{matches} conversations start with {wanted:?}; give more of the id (`raif sessions list` shows it)"
    )]
    Ambiguous { wanted: String, matches: usize },
    #[error("the text to look for is too long; look for a shorter part of it")]
    QueryTooLong,
}

impl StoreError {
    pub(super) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { doing, path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { doing, path },
            io::ErrorKind::PermissionDenied => Self::Denied { doing, path },
            io::ErrorKind::NotFound if path.extension().is_some_and(|e| e == super::EXTENSION) => {
                Self::NotFound {
                    wanted: path
                        .file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                }
            }
            _ => Self::Io { doing, path, source },
        }
    }
}
