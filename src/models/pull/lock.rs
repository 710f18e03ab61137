//! One pull of a model at a time, over all processes.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::{Cancel, Job, PullError};

/// Takes the lock file at `path`, waiting for another process that has it; `waiting` is called once if so. The lock
/// lasts as long as the file is open, so a killed process leaves none.
pub(super) fn acquire(path: &Path, cancel: &Cancel, waiting: impl FnOnce()) -> Result<File, PullError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(Job::io("creating", path))?;
    let mut waiting = Some(waiting);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                if let Some(waiting) = waiting.take() {
                    waiting();
                }
                cancel.check()?;
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(TryLockError::Error(source)) => return Err(Job::io("locking", path)(source)),
        }
    }
}
