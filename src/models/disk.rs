//! What is on disk: our own folder, and the hub's cache, whose files are used without copying.
//!
//! Only looks names up; opens no model, save the headers of our own folder's for what one was converted from, and of a file
//! that is to be judged ([`Installed::fault`]). A listing reads two folders and one folder a repository.

use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Entry};
use super::convert::source_of;
use super::error::ModelsError;
use super::gguf::{Gguf, GgufError};
use super::hub_cache::HubCache;
use super::names::{file_name, gguf_files, is_plain_name, repo_and_file};
use crate::dirs::Dirs;

/// The folder within ours for what is not whole yet.
pub(super) const UNFINISHED: &str = ".pull";

/// The catalog and the folders: what every command about models starts from.
#[derive(Clone, Debug)]
pub struct Models {
    pub(super) folder: PathBuf,
    pub(super) hub_cache: Option<HubCache>,
    pub(super) catalog: Catalog,
}

/// A model's file.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// The catalog's name, or what the file is called.
    pub name: String,
    pub path: PathBuf,
    pub entry: Option<Entry>,
}

/// A model's file in a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Installed {
    pub located: Located,
    pub place: Place,
    pub bytes: u64,
}

impl Installed {
    /// What is wrong with the file: one that was not fetched to its end, or is no model. Reads its header.
    pub fn fault(&self) -> Option<String> {
        Some(match Gguf::open(&self.located.path).err()? {
            GgufError::Damaged { reason, .. } => format!("damaged: {reason}"),
            GgufError::NotGguf { .. } => "damaged: it is not a GGUF file".into(),
            GgufError::Io { source, .. } => format!("it cannot be read: {source}"),
        })
    }

    /// What to do about a fault.
    pub fn remedy(&self) -> String {
        let name = &self.located.name;
        match (&self.located.entry, self.place) {
            (Some(_), _) => format!("`raif models pull {name}` fetches it again"),
            (None, Place::Ours) => format!("`raif models rm {name}` removes it, then import it again"),
            (None, Place::HubCache) => "fetch it again with the program that did".into(),
        }
    }
}

/// Who keeps a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Our own folder.
    Ours,
    /// The hub's cache, shared with other programs.
    HubCache,
}

impl Models {
    /// The models folder of `dirs`, the hub's cache that the environment names, and the catalog with the user's
    /// additions. Creates nothing.
    pub fn open(dirs: &Dirs) -> Result<Self, ModelsError> {
        Ok(Self {
            folder: dirs.models(),
            hub_cache: HubCache::find(|name| std::env::var_os(name)),
            catalog: Catalog::with_user_file(&dirs.catalog_file())?,
        })
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Our own folder; need not exist.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Finds the file of a model: a catalog name or alias, a name in our folder, a path, or `owner/name` in the hub's
    /// cache. `None` takes the best that is on this machine. Reads at most headers.
    pub fn locate(&self, name: Option<&str>) -> Result<Located, ModelsError> {
        match name {
            Some(name) => self.locate_named(name),
            None => self.best_installed().ok_or(ModelsError::NothingInstalled),
        }
    }

    fn locate_named(&self, name: &str) -> Result<Located, ModelsError> {
        if let Some(entry) = self.catalog.find(name) {
            return match self.file_of(entry) {
                Some((path, _)) => Ok(entry_at(entry, path)),
                None => Err(ModelsError::NotInstalled {
                    name: entry.name.clone(),
                }),
            };
        }
        if let Some(path) = self.in_our_folder(name) {
            return Ok(self.file_at(path));
        }
        let path = Path::new(name);
        if path.is_file() {
            return Ok(self.file_at(path.to_owned()));
        }
        if path.is_dir() {
            return self.converted(path);
        }
        if let Some((repo, file)) = repo_and_file(name) {
            let cached = self.hub_cache.as_ref().and_then(|cache| cache.gguf(repo, file));
            let converted = || self.made_from(repo).filter(|_| file.is_none());
            return match cached.map(|path| self.file_at(path)).or_else(converted) {
                Some(located) => Ok(located),
                None => Err(ModelsError::NotInstalled {
                    name: name.to_owned(),
                }),
            };
        }
        if name.contains(['/', '\\']) || name.ends_with(".gguf") {
            return Err(ModelsError::NoSuchFile {
                path: path.to_owned(),
            });
        }
        Err(ModelsError::Unknown {
            name: name.to_owned(),
            near: self.nearest(name),
        })
    }

    /// The catalog's first entry that is here; else the newest file in our folder.
    fn best_installed(&self) -> Option<Located> {
        let known = self.catalog.entries().iter().find_map(|entry| {
            let (path, _) = self.file_of(entry)?;
            Some(entry_at(entry, path))
        });
        known.or_else(|| {
            let newest = gguf_files(&self.folder)
                .into_iter()
                .max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok())?;
            Some(self.file_at(newest))
        })
    }

    /// The file in our folder that was converted from `source`.
    pub(super) fn made_from(&self, source: &str) -> Option<Located> {
        let path = gguf_files(&self.folder)
            .into_iter()
            .find(|path| Gguf::open(path).is_ok_and(|gguf| source_of(&gguf) == Some(source)))?;
        Some(self.file_at(path))
    }

    /// Everything that is here: the catalog's entries in its order, then the other files of our folder, then the other
    /// GGUFs in the hub's cache.
    pub fn installed(&self) -> Vec<Installed> {
        let mut found: Vec<Installed> = Vec::new();
        for entry in self.catalog.entries() {
            if let Some((path, place)) = self.file_of(entry) {
                found.extend(installed(entry_at(entry, path), place));
            }
        }
        let ours = gguf_files(&self.folder)
            .into_iter()
            .map(|path| (path, Place::Ours));
        let cached = self.hub_cache.iter().flat_map(HubCache::ggufs);
        let cached = cached.map(|path| (path, Place::HubCache));
        for (path, place) in ours.chain(cached) {
            if !found.iter().any(|f| f.located.path == path) {
                found.extend(installed(self.file_at(path), place));
            }
        }
        found
    }

    /// A pull of `entry` was begun and not finished: the next one goes on there.
    pub fn is_begun(&self, entry: &Entry) -> bool {
        let begun = self.folder.join(UNFINISHED).join(&entry.name);
        begun.read_dir().is_ok_and(|mut rows| rows.next().is_some())
    }

    /// Where `entry` lies: pulled or imported under its name, or in the hub's cache.
    pub(super) fn file_of(&self, entry: &Entry) -> Option<(PathBuf, Place)> {
        let pulled = self.folder.join(entry.file_name());
        if pulled.is_file() {
            return Some((pulled, Place::Ours));
        }
        if let Some(imported) = self.in_our_folder(&entry.name) {
            return Some((imported, Place::Ours));
        }
        let cached = self.hub_cache.as_ref()?.file(entry.gguf.as_ref()?)?;
        Some((cached, Place::HubCache))
    }

    /// The file called `name`, with or without its ending.
    fn in_our_folder(&self, name: &str) -> Option<PathBuf> {
        if !is_plain_name(name) {
            return None;
        }
        let stem = name.strip_suffix(".gguf").unwrap_or(name);
        Some(self.folder.join(format!("{stem}.gguf"))).filter(|path| path.is_file())
    }

    /// A file by itself: what the catalog says of it if it is one of its own.
    fn file_at(&self, path: PathBuf) -> Located {
        let name = file_name(&path);
        let entry = self.catalog.entries().iter().find(|entry| {
            entry.file_name() == name || entry.gguf.as_ref().is_some_and(|g| path.ends_with(&g.file))
        });
        match entry {
            Some(entry) => entry_at(entry, path),
            None => Located {
                name: name.strip_suffix(".gguf").unwrap_or(&name).to_owned(),
                path,
                entry: None,
            },
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let names = self
            .catalog
            .entries()
            .iter()
            .flat_map(|e| std::iter::once(&e.name).chain(&e.aliases));
        let near = names.map(|n| (edits(&name, n), n)).min()?;
        (near.0 <= name.len() / 3).then(|| near.1.clone())
    }
}

fn entry_at(entry: &Entry, path: PathBuf) -> Located {
    Located {
        name: entry.name.clone(),
        path,
        entry: Some(entry.clone()),
    }
}

/// `None` where the file went away meanwhile.
fn installed(located: Located, place: Place) -> Option<Installed> {
    let bytes = located.path.metadata().ok()?.len();
    Some(Installed {
        located,
        place,
        bytes,
    })
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
