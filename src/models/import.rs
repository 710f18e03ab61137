//! Taking a GGUF that is on disk already into our own folder, and removing what is there.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::catalog::is_plain_name;
use super::disk::{Located, Models, file_name};
use super::error::ModelsError;
use super::gguf::Gguf;
use super::pull::{Cancel, Progress, PullError, PullEvent, free_space};

/// What [`Models::remove`] did.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    pub path: PathBuf,
    pub bytes: u64,
    /// A copy that stays, because other programs use it too.
    pub kept: Option<PathBuf>,
}

impl Models {
    /// Puts the GGUF at `path` into our folder as `name` (its own, if none is given): linked where the disk allows, else
    /// copied, with `Progress` events to `sink`. It is read first, so what is not a whole GGUF is refused.
    pub fn import(
        &self,
        path: &Path,
        name: Option<&str>,
        cancel: &Cancel,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<Located, PullError> {
        let path = &path.canonicalize().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ModelsError::NoSuchFile {
                path: path.to_owned(),
            },
            _ => io("opening", path)(source),
        })?;
        if path.is_dir() {
            return Err(ModelsError::SafetensorsFolder {
                path: path.to_owned(),
            }
            .into());
        }
        Gguf::open(path).map_err(ModelsError::from)?;
        let own_name = file_name(path);
        let name = name.unwrap_or(&own_name);
        let name = name.strip_suffix(".gguf").unwrap_or(name);
        if !is_plain_name(name) {
            return Err(ModelsError::BadName(name.to_owned()).into());
        }
        let target = self.folder.join(format!("{name}.gguf"));
        if target.canonicalize().is_ok_and(|there| there == *path) {
            return Ok(self.locate(Some(name))?);
        }
        std::fs::create_dir_all(&self.folder).map_err(io("creating", &self.folder))?;
        match std::fs::hard_link(path, &target) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(ModelsError::NameTaken {
                    name: name.to_owned(),
                    path: target,
                }
                .into());
            }
            // Another disk, or one without links.
            Err(_) => self.copy(path, &target, cancel, sink)?,
        }
        Ok(self.locate(Some(name))?)
    }

    /// Writes under a name of its own, which disappears by itself unless everything worked.
    fn copy(
        &self,
        path: &Path,
        target: &Path,
        cancel: &Cancel,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<(), PullError> {
        let mut from = File::open(path).map_err(io("opening", path))?;
        let size = from.metadata().map_err(io("reading", path))?.len();
        let full = |free| ModelsError::DiskFull {
            path: self.folder.clone(),
            need: size,
            free,
        };
        if let Some(free) = free_space(&self.folder).filter(|free| *free < size) {
            return Err(full(free).into());
        }
        let mut to = tempfile::Builder::new()
            .prefix(".import-")
            .tempfile_in(&self.folder)
            .map_err(io("writing in", &self.folder))?;
        let mut progress = Progress::new(size);
        let mut buffer = vec![0; 4 << 20];
        let mut done = 0;
        loop {
            if cancel.is_cancelled() {
                return Err(PullError::Cancelled);
            }
            let n = from.read(&mut buffer).map_err(io("reading", path))?;
            if n == 0 {
                break;
            }
            to.write_all(&buffer[..n]).map_err(|source| match source.kind() {
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                    full(free_space(&self.folder).unwrap_or(0))
                }
                _ => io("writing", target)(source),
            })?;
            done += n as u64;
            sink(progress.at(Instant::now(), done));
        }
        to.as_file().sync_all().map_err(io("writing", target))?;
        to.persist_noclobber(target)
            .map_err(|e| io("writing", target)(e.error))?;
        Ok(())
    }

    /// Removes a model's file from our folder. What only the hub's cache has is refused, and what it has beside is kept.
    pub fn remove(&self, name: &str) -> Result<Removed, ModelsError> {
        let located = self.locate(Some(name))?;
        if located.path.parent() != Some(&self.folder) {
            return Err(ModelsError::NotOurs {
                name: located.name,
                path: located.path,
            });
        }
        let bytes = located
            .path
            .metadata()
            .map_err(io("reading", &located.path))?
            .len();
        std::fs::remove_file(&located.path).map_err(io("removing", &located.path))?;
        let kept = self.locate(Some(name)).ok().map(|other| other.path);
        Ok(Removed {
            path: located.path,
            bytes,
            kept,
        })
    }
}

fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ModelsError {
    let path = path.to_owned();
    move |source| ModelsError::Io { what, path, source }
}
