//! Appending to one transcript.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::StoreError;
use super::coalesce::Coalescer;
use crate::chat::Record;

/// The one writer of a transcript; dropping it flushes what it holds and frees the lock.
///
/// Made to be driven by a thread with a channel: [`Writer::append`] what arrives, wait no longer than until
/// [`Writer::due`], then [`Writer::flush`].
///
/// What is due goes to the file in one `write(2)` on a descriptor in append mode, so a killed process loses at most what
/// was held for coalescing, and nothing that was written. A prompt and the end of a turn are also synced to the medium;
/// pieces of a stream are not, so a power cut loses at most the turn that was running.
///
/// After an error the lines that were not written are kept, and the next call tries them again.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    file: File,
    coalescer: Coalescer,
    /// Whole lines that are not in the file yet.
    unwritten: Vec<u8>,
    /// The file does not end with a line feed: a line was cut off.
    torn: bool,
    unsynced: bool,
}

impl Writer {
    /// `file` is open for appending, and for reading unless it is new.
    pub(super) fn new(path: PathBuf, mut file: File) -> Result<Self, StoreError> {
        lock(&file, &path)?;
        let torn = ends_torn(&mut file).map_err(|e| StoreError::io("open the transcript", &path, e))?;
        Ok(Self {
            path,
            file,
            coalescer: Coalescer::default(),
            unwritten: Vec::new(),
            torn,
            unsynced: false,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes in a record. Small pieces of a stream may be held until [`Writer::due`].
    pub fn append(&mut self, record: Record, now: Instant) -> Result<(), StoreError> {
        for record in self.coalescer.push(record, now) {
            self.add_line(&record);
        }
        self.write()
    }

    /// When [`Writer::flush`] must be called if nothing is appended before.
    pub fn due(&self) -> Option<Instant> {
        self.coalescer.due()
    }

    /// Writes what is held.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        if let Some(record) = self.coalescer.take() {
            self.add_line(&record);
        }
        self.write()
    }

    fn add_line(&mut self, record: &Record) {
        let start = self.unwritten.len();
        match serde_json::to_writer(&mut self.unwritten, record) {
            Ok(()) => self.unwritten.push(b'\n'),
            // Records have string keys only and write to memory; serialising them cannot fail.
            Err(_) => self.unwritten.truncate(start),
        }
        self.unsynced |= matches!(record, Record::Turn { .. } | Record::End { .. });
    }

    fn write(&mut self) -> Result<(), StoreError> {
        self.write_lines()
            .map_err(|e| StoreError::io("write the transcript", &self.path, e))
    }

    fn write_lines(&mut self) -> io::Result<()> {
        while !self.unwritten.is_empty() {
            let repair = usize::from(self.torn);
            if self.torn {
                self.unwritten.insert(0, b'\n');
            }
            let result = self.file.write(&self.unwritten);
            let written = *result.as_ref().unwrap_or(&0);
            if written > 0 {
                self.torn = self.unwritten[written - 1] != b'\n';
            }
            // Lines that are whole in the file are done; one that was cut is written again, on a line of its own.
            let done = self.unwritten[..written]
                .iter()
                .rposition(|&b| b == b'\n')
                .map_or(0, |i| i + 1);
            self.unwritten.drain(..done.max(repair));
            match result {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        if self.unsynced {
            self.file.sync_data()?;
            self.unsynced = false;
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Whoever wants to know of a failure calls `flush` first.
        let _ = self.flush();
    }
}

/// Takes the lock of a transcript; it lives as long as `file` and its duplicates.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), StoreError> {
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(StoreError::Locked {
                path: path.to_owned(),
            });
        }
        Err(TryLockError::Error(e)) => return Err(StoreError::io("lock the transcript", path, e)),
    }
    if is_deleted(file).map_err(|e| StoreError::io("lock the transcript", path, e))? {
        return Err(StoreError::io(
            "lock the transcript",
            path,
            io::ErrorKind::NotFound.into(),
        ));
    }
    Ok(())
}

/// Another process deleted the file between its opening and its locking.
#[cfg(unix)]
fn is_deleted(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.nlink() == 0)
}

#[cfg(not(unix))]
fn is_deleted(_file: &File) -> io::Result<bool> {
    Ok(false)
}

fn ends_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}
