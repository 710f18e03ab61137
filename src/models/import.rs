//! Taking a model that is on disk already into our own folder, and removing what is there.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::catalog::Catalog;
use super::convert::{self, ConvertError, Folder, Quant};
use super::disk::{Located, Models};
use super::error::ModelsError;
use super::gguf::Gguf;
use super::names::{file_name, is_plain_name};
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
    /// [`Models::locate`], but a folder of safetensors is converted on the way and kept, with events to `sink`.
    pub fn obtain(
        &self,
        name: Option<&str>,
        cancel: &Cancel,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<Located, PullError> {
        match self.locate(name) {
            Err(ModelsError::SafetensorsFolder { path }) => self.import(&path, None, None, cancel, sink),
            other => Ok(other?),
        }
    }

    /// Puts the model at `path` into our folder as `name` (its own, if none is given), with `Progress` events to `sink`.
    ///
    /// A GGUF is linked where the disk allows, else copied; it is read first, so what is not a whole one is refused. A
    /// folder of safetensors becomes a GGUF quantised to `quant` (Q4_K_M if none is given); what was converted before and
    /// has not changed since is not converted again.
    pub fn import(
        &self,
        path: &Path,
        name: Option<&str>,
        quant: Option<Quant>,
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
            return self.import_folder(path, name, quant.unwrap_or_default(), cancel, sink);
        }
        if quant.is_some() {
            return Err(ModelsError::KeepsItsQuant {
                path: path.to_owned(),
            }
            .into());
        }
        Gguf::open(path).map_err(ModelsError::from)?;
        let own_name = file_name(path);
        let name = name_for(name.unwrap_or(&own_name), &self.catalog)?;
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

    fn import_folder(
        &self,
        path: &Path,
        name: Option<&str>,
        quant: Quant,
        cancel: &Cancel,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<Located, PullError> {
        let failed = |source| converting(path, source);
        let folder = open_folder(path)?;
        let own_name = self.name_of_converted(&folder.name(), quant);
        let name = name_for(name.unwrap_or(&own_name), &self.catalog)?;
        let target = self.folder.join(format!("{name}.gguf"));
        let source = folder.stamp().map_err(failed)?;
        let is_ours = || Gguf::open(&target).is_ok_and(|gguf| convert::source_of(&gguf) == Some(&source));
        if target.exists() {
            if is_ours() {
                return Ok(self.locate(Some(name))?);
            }
            return Err(ModelsError::NameTaken {
                name: name.to_owned(),
                path: target,
            }
            .into());
        }
        let mut conversion = folder.convert(quant, &source, None).map_err(failed)?;
        std::fs::create_dir_all(&self.folder).map_err(io("creating", &self.folder))?;
        self.check_space(conversion.len())?;
        let mut out = tempfile::Builder::new()
            .prefix(".import-")
            .tempfile_in(&self.folder)
            .map_err(io("writing in", &self.folder))?;
        let need = conversion.len();
        let full = |error| match error {
            ConvertError::Write(source) => self.write_error(&target, need, source).into(),
            other => failed(other),
        };
        conversion.begin(out.as_file_mut()).map_err(full)?;
        sink(PullEvent::Converting(quant));
        let size = |file: &String| folder.size_of(file).unwrap_or(0);
        let mut progress = Progress::new(folder.files().iter().map(size).sum());
        let mut before = 0u64;
        for file in folder.files() {
            let mut shard = folder.open_shard(file).map_err(failed)?;
            let step = &mut |done: u64| sink(progress.at(Instant::now(), before + done));
            conversion
                .add(&mut shard, out.as_file_mut(), cancel, step)
                .map_err(full)?;
            before += size(file);
        }
        conversion.end(out.as_file()).map_err(full)?;
        match out.persist_noclobber(&target) {
            Ok(_) => {}
            // Another process was quicker.
            Err(_) if is_ours() => {}
            Err(error) => return Err(io("writing", &target)(error.error).into()),
        }
        Ok(self.locate(Some(name))?)
    }

    /// What a converted model is called: as the catalog calls it, where its repository is called `name`.
    pub(super) fn name_of_converted(&self, name: &str, quant: Quant) -> String {
        let entries = self.catalog.entries().iter();
        let entry = entries.filter(|entry| entry.gguf.is_none()).find(|entry| {
            let repo = entry.repo.rsplit('/').next();
            repo.is_some_and(|repo| repo.eq_ignore_ascii_case(name))
        });
        let name = entry.map_or(name, |entry| &entry.name);
        format!("{name}-{}", quant.name().to_lowercase())
    }

    /// The model that the folder at `path` was converted to, if it has not changed since.
    pub(super) fn converted(&self, path: &Path) -> Result<Located, ModelsError> {
        let source = open_folder(path)?
            .stamp()
            .map_err(|source| ModelsError::Convert {
                path: path.to_owned(),
                source,
            })?;
        self.made_from(&source)
            .ok_or_else(|| ModelsError::SafetensorsFolder {
                path: path.to_owned(),
            })
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
        self.check_space(size)?;
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
            to.write_all(&buffer[..n])
                .map_err(|source| self.write_error(target, size, source))?;
            done += n as u64;
            sink(progress.at(Instant::now(), done));
        }
        to.as_file().sync_all().map_err(io("writing", target))?;
        to.persist_noclobber(target)
            .map_err(|e| io("writing", target)(e.error))?;
        Ok(())
    }

    /// An error unless our folder's disk has room for a file of `need` bytes.
    fn check_space(&self, need: u64) -> Result<(), ModelsError> {
        match free_space(&self.folder) {
            Some(free) if free < need => Err(self.disk_full(need, free)),
            _ => Ok(()),
        }
    }

    fn write_error(&self, target: &Path, need: u64, source: std::io::Error) -> ModelsError {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                self.disk_full(need, free_space(&self.folder).unwrap_or(0))
            }
            _ => io("writing", target)(source),
        }
    }

    fn disk_full(&self, need: u64, free: u64) -> ModelsError {
        ModelsError::DiskFull {
            path: self.folder.clone(),
            need,
            free,
        }
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

/// The folder of safetensors at `path`.
fn open_folder(path: &Path) -> Result<Folder, ModelsError> {
    let folder = Folder::open(path).map_err(|source| ModelsError::Convert {
        path: path.to_owned(),
        source,
    })?;
    folder.ok_or_else(|| ModelsError::NotAModelFolder {
        path: path.to_owned(),
    })
}

fn converting(path: &Path, source: ConvertError) -> PullError {
    match source {
        ConvertError::Cancelled => PullError::Cancelled,
        source => ModelsError::Convert {
            path: path.to_owned(),
            source,
        }
        .into(),
    }
}

/// A name for a file in our folder, without its ending. One that the catalog has as another name of a model would never
/// be found.
fn name_for<'a>(name: &'a str, catalog: &Catalog) -> Result<&'a str, ModelsError> {
    let name = name.strip_suffix(".gguf").unwrap_or(name);
    if !is_plain_name(name) {
        return Err(ModelsError::BadName(name.to_owned()));
    }
    match catalog.find(name) {
        Some(entry) if entry.name != name => Err(ModelsError::IsAnAlias {
            name: name.to_owned(),
            of: entry.name.clone(),
        }),
        _ => Ok(name),
    }
}

fn io(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ModelsError {
    let path = path.to_owned();
    move |source| ModelsError::Io { what, path, source }
}
