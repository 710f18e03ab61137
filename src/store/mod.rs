//! Conversations on disk.
//!
//! Owns the folder of transcripts: one append-only JSONL file a conversation, named by its id, a [`Record`] a line. Does
//! not own what the records mean (that is `chat`), nor the thread that writes them (that is `runtime`).
//!
//! Invariants:
//! - a line that was written is never changed or removed; only [`Store::remove`] deletes, and a whole file;
//! - one process writes a file: the [`Writer`] holds its lock until it is dropped, and the system frees the lock of a
//!   killed process;
//! - reading never fails for what is *in* a file: damaged lines are left out and reported ([`Warning`]);
//! - the summary cache may be deleted at any time;
//! - folders are made with mode 0700, files with 0600.
//!
//! [`Record`]: crate::chat::Record

mod coalesce;
mod error;
pub mod export;
mod journal;
mod reader;
pub mod search;
mod summary;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod writer;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use error::StoreError;
pub use journal::Journal;
pub use reader::{Loaded, Trouble, Warning};
pub use summary::{Listing, Summary};
pub use writer::Writer;

const EXTENSION: &str = "jsonl";

/// The folder of transcripts.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
}

impl Store {
    /// Touches nothing: a folder that is not there is an empty store, and is made by [`Store::create`].
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// An id for a new conversation: ids sort by the time they were made.
    pub fn new_id() -> String {
        uuid::Uuid::now_v7().to_string()
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of conversation `id`.
    pub fn path(&self, id: &str) -> Result<PathBuf, StoreError> {
        if !is_id(id) {
            return Err(StoreError::NotFound {
                wanted: id.to_owned(),
            });
        }
        Ok(self.dir.join(id).with_extension(EXTENSION))
    }

    /// Starts the transcript of a new conversation. Its first record must be [`Record::Conversation`].
    ///
    /// [`Record::Conversation`]: crate::chat::Record::Conversation
    pub fn create(&self, id: &str) -> Result<Writer, StoreError> {
        let path = self.path(id)?;
        make_dir(&self.dir).map_err(|e| StoreError::io("make the folder", &self.dir, e))?;
        let file = private(OpenOptions::new().append(true).create_new(true))
            .open(&path)
            .map_err(|e| StoreError::io("start the transcript", &path, e))?;
        // The name is durable once its folder is; where a folder cannot be synced nothing is lost but that.
        let _ = File::open(&self.dir).and_then(|dir| dir.sync_all());
        Writer::new(path, file)
    }

    /// Reads conversation `id` and goes on writing it.
    pub fn open(&self, id: &str) -> Result<(Loaded, Writer), StoreError> {
        let path = self.path(id)?;
        let file = private(OpenOptions::new().read(true).append(true))
            .open(&path)
            .map_err(|e| StoreError::io("open the transcript", &path, e))?;
        let writer = Writer::new(path, file)?;
        Ok((self.load(id)?, writer))
    }

    /// Reads conversation `id`, also while another process writes it.
    pub fn load(&self, id: &str) -> Result<Loaded, StoreError> {
        let path = self.path(id)?;
        let file = File::open(&path).map_err(|e| StoreError::io("read the transcript", &path, e))?;
        let mut loaded = reader::fold(io::BufReader::new(file))
            .map_err(|e| StoreError::io("read the transcript", &path, e))?;
        id.clone_into(&mut loaded.conversation.id);
        Ok(loaded)
    }

    /// The one conversation whose id starts with `prefix`. Case and hyphens do not matter.
    pub fn find(&self, prefix: &str) -> Result<String, StoreError> {
        let wanted = plain(prefix);
        let mut found = self.ids()?;
        found.retain(|id| plain(id).starts_with(&wanted));
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(StoreError::NotFound {
                wanted: prefix.to_owned(),
            }),
            matches => Err(StoreError::Ambiguous {
                wanted: prefix.to_owned(),
                matches,
            }),
        }
    }

    /// The conversation that was written to last.
    pub fn latest(&self) -> Result<Option<String>, StoreError> {
        let mut latest: Option<(SystemTime, String)> = None;
        for id in self.ids()? {
            let modified = fs::metadata(self.path(&id)?).and_then(|m| m.modified());
            if let Ok(modified) = modified {
                latest = latest.max(Some((modified, id)));
            }
        }
        Ok(latest.map(|(_, id)| id))
    }

    /// Every conversation, the last used first.
    pub fn list(&self) -> Result<Listing, StoreError> {
        summary::list(self)
    }

    /// Deletes a conversation for good. One that is being written is not deleted.
    pub fn remove(&self, id: &str) -> Result<(), StoreError> {
        let path = self.path(id)?;
        let file = File::open(&path).map_err(|e| StoreError::io("delete the transcript", &path, e))?;
        writer::lock(&file, &path)?;
        fs::remove_file(&path).map_err(|e| StoreError::io("delete the transcript", &path, e))
    }

    /// Ids of all transcripts, in the order they were made.
    fn ids(&self) -> Result<Vec<String>, StoreError> {
        let failed = |e| StoreError::io("list the folder", &self.dir, e);
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed(e)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|e| e == EXTENSION)
                && let Some(id) = path.file_stem().and_then(|s| s.to_str())
                && is_id(id)
            {
                ids.push(id.to_owned());
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }
}

/// A UUID as this store writes it: nothing else becomes part of a path.
fn is_id(id: &str) -> bool {
    uuid::Uuid::parse_str(id).is_ok_and(|uuid| uuid.to_string() == id)
}

fn plain(id: &str) -> String {
    id.trim().replace('-', "").to_ascii_lowercase()
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
