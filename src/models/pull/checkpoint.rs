//! A model that is published as safetensors: fetched from the hub one file at a time, each converted and then dropped.
//!
//! The disk needs room for the GGUF and one file of weights, whatever they are together. Which files were converted is
//! noted beside the unfinished GGUF, so that a pull that was stopped goes on with the next one. A whole copy in the hub's
//! cache, which other programs put there, is converted where it lies and stays.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::progress::Progress;
use super::{Fault, Job, PullError, PullEvent, Source, Wanted, hub};
use crate::models::catalog::HubFile;
use crate::models::convert::{Conversion, ConvertError, Folder, Quant};
use crate::models::error::ModelsError;
use crate::models::hub_cache::{HubCache, is_there};

/// What is converted, and to what.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub quant: Quant,
    pub licence: Option<String>,
}

/// Files that say what the weights are; only the first two must be there.
const BESIDE: [&str; 6] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    "chat_template.jinja",
    "model.safetensors.index.json",
];

const PART: &str = "model.gguf.part";
const DONE: &str = "converted.txt";

pub(super) fn fetch(
    job: &Job,
    checkpoint: &Checkpoint,
    cache: Option<&HubCache>,
    sink: &mut dyn FnMut(PullEvent),
) -> Result<PathBuf, Fault> {
    let target = job.folder.join(&job.wanted.file_name);
    if target.exists() && super::is_whole(&target) {
        let name = job.wanted.file_name.trim_end_matches(".gguf").to_owned();
        return Err(Fault::Fatal(ModelsError::NameTaken { name, path: target }.into()));
    }
    let HubFile { repo, revision, .. } = &job.wanted.hub;
    let snapshot = cache.and_then(|cache| cache.snapshot(repo, revision));
    let whole = snapshot.and_then(|path| Folder::open(&path).ok().flatten().filter(Folder::is_complete));
    let folder = match whole {
        Some(folder) => folder,
        None => {
            sink(PullEvent::Trying(Source::Hub));
            let folder = fetch_beside(job, cache)?;
            let conversion = folder.convert_later(checkpoint.quant, repo, checkpoint.licence.as_deref());
            match conversion.map_err(|error| failed(job, error))? {
                Some(conversion) => return by_file(job, checkpoint, &folder, conversion, cache, sink),
                // One file without an index, whose tensors are known once it is here.
                None => {
                    for file in folder.files() {
                        hub::fetch(&one(job, file).job(job), cache, sink)?;
                    }
                    folder
                }
            }
        }
    };
    let conversion = folder
        .convert(checkpoint.quant, repo, checkpoint.licence.as_deref())
        .map_err(|error| failed(job, error))?;
    by_file(job, checkpoint, &folder, conversion, cache, sink)
}

/// Whether the next pull can go on from what this one did.
pub(super) fn has_progress(job: &Job) -> bool {
    let done = std::fs::read_to_string(job.scratch.join(DONE));
    // The first line says of what.
    done.is_ok_and(|text| text.lines().count() > 1)
}

/// One file of the repository as a pull of its own.
struct One(Wanted);

impl One {
    fn job<'a>(&'a self, job: &Job<'a>) -> Job<'a> {
        Job {
            wanted: &self.0,
            ..*job
        }
    }
}

fn one(job: &Job, file: &str) -> One {
    One(Wanted {
        name: job.wanted.name.clone(),
        hub: HubFile {
            file: file.to_owned(),
            size: None,
            sha256: None,
            ..job.wanted.hub.clone()
        },
        package: None,
        file_name: String::new(),
        checkpoint: None,
    })
}

/// Fetches what is small.
fn fetch_beside(job: &Job, cache: Option<&HubCache>) -> Result<Folder, Fault> {
    let there = hub::files(job, cache)?;
    let mut snapshot: Option<PathBuf> = None;
    for file in BESIDE
        .into_iter()
        .filter(|file| there.iter().any(|name| name == file))
    {
        let path = hub::fetch(&one(job, file).job(job), cache, &mut |_| {})?;
        let folder = path.parent().map(Path::to_owned);
        if snapshot.is_some() && snapshot != folder {
            return Err(Fault::Unreachable("its repository changed meanwhile".into()));
        }
        snapshot = folder;
    }
    let folder = snapshot.map(|path| Folder::open(&path)).transpose();
    let folder = folder.map_err(|error| failed(job, error))?.flatten();
    folder.ok_or_else(|| {
        let repo = &job.wanted.hub.repo;
        Fault::Unreachable(format!("{repo} has neither a GGUF nor safetensors"))
    })
}

/// Converts file by file, fetching those that are not here.
fn by_file(
    job: &Job,
    checkpoint: &Checkpoint,
    folder: &Folder,
    mut conversion: Conversion,
    cache: Option<&HubCache>,
    sink: &mut dyn FnMut(PullEvent),
) -> Result<PathBuf, Fault> {
    let part = job.scratch.join(PART);
    let mut journal = Journal::open(job, &conversion)?;
    let mut out = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&part)
        .map_err(Job::io("creating", &part))?;
    if journal.files.is_empty() {
        job.check_space(job.folder, conversion.len())?;
        let begun = conversion.begin(&mut out);
        begun.map_err(|error| writing(job, &conversion, error))?;
    }
    let left: Vec<&String> = folder
        .files()
        .iter()
        .filter(|file| !journal.files.contains(file))
        .collect();
    for file in folder.files().iter().filter(|file| journal.files.contains(file)) {
        conversion.skip(folder.tensors_of(file));
    }
    let is_here = |file: &str| is_there(&folder.place_of(file));
    let mut sizes = Vec::new();
    for file in &left {
        sizes.push(if is_here(file) {
            0
        } else {
            hub::size(&one(job, file).job(job), cache)?
        });
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    if let Some(cache) = cache.filter(|_| largest > 0) {
        // Room for both, where they are on one disk. (Less is needed where the GGUF has been begun.)
        let beside = match same_disk(cache.folder(), job.folder) {
            true if journal.files.is_empty() => conversion.len(),
            _ => 0,
        };
        job.check_space(cache.folder(), largest.saturating_add(beside))?;
    }

    let total: u64 = sizes.iter().sum();
    let mut before = 0u64;
    for (file, size) in left.into_iter().zip(&sizes) {
        let fetched = !is_here(file);
        if fetched {
            let mut shown = |event| match event {
                PullEvent::Progress {
                    done, bytes_per_s, ..
                } => sink(PullEvent::Progress {
                    done: before + done,
                    total,
                    bytes_per_s,
                }),
                event => sink(event),
            };
            hub::fetch(&one(job, file).job(job), cache, &mut shown)?;
            before += size;
        }
        sink(PullEvent::Converting(checkpoint.quant));
        let mut shard = folder.open_shard(file).map_err(|error| failed(job, error))?;
        let mut progress = Progress::new(folder.size_of(file).unwrap_or(0));
        let step = &mut |done: u64| sink(progress.at(Instant::now(), done));
        let added = conversion.add(&mut shard, &mut out, job.cancel, step);
        added.map_err(|error| writing(job, &conversion, error))?;
        out.sync_data().map_err(Job::io("writing", &part))?;
        journal.add(file)?;
        if fetched {
            folder.forget(file);
        }
    }
    let ended = conversion.end(&out);
    ended.map_err(|error| writing(job, &conversion, error))?;
    let target = job.folder.join(&job.wanted.file_name);
    std::fs::rename(&part, &target).map_err(Job::io("writing", &target))?;
    Ok(target)
}

/// Which files of weights are in the unfinished GGUF.
struct Journal {
    path: PathBuf,
    files: Vec<String>,
}

impl Journal {
    /// Empty unless it belongs to the same result.
    fn open(job: &Job, conversion: &Conversion) -> Result<Self, Fault> {
        let path = job.scratch.join(DONE);
        let part = job.scratch.join(PART).metadata().map_or(0, |m| m.len());
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let fingerprint = conversion.fingerprint();
        let mut lines = text.lines();
        let same = lines.next() == Some(&fingerprint) && part == conversion.len();
        let files: Vec<String> = lines.filter(|_| same).map(str::to_owned).collect();
        let mut journal = Self { path, files };
        if journal.files.is_empty() {
            let _ = std::fs::remove_file(&journal.path);
            journal.write(&fingerprint)?;
        }
        Ok(journal)
    }

    fn add(&mut self, file: &str) -> Result<(), Fault> {
        self.files.push(file.to_owned());
        self.write(file)
    }

    fn write(&mut self, line: &str) -> Result<(), Fault> {
        let append = || {
            let mut file: File = OpenOptions::new().create(true).append(true).open(&self.path)?;
            writeln!(file, "{line}")?;
            file.sync_all()
        };
        Ok(append().map_err(Job::io("writing", &self.path))?)
    }
}

#[cfg(unix)]
fn same_disk(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| path.metadata().ok().map(|metadata| metadata.dev());
    disk(a) == disk(b)
}

#[cfg(not(unix))]
fn same_disk(_: &Path, _: &Path) -> bool {
    true
}

fn failed(job: &Job, error: ConvertError) -> Fault {
    Fault::Fatal(match error {
        ConvertError::Cancelled => PullError::Cancelled,
        source => ModelsError::Convert {
            path: job.wanted.hub.repo.clone().into(),
            source,
        }
        .into(),
    })
}

fn writing(job: &Job, conversion: &Conversion, error: ConvertError) -> Fault {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match error {
        ConvertError::Write(source) if matches!(source.kind(), StorageFull | QuotaExceeded) => {
            let free = super::space::free(job.folder).unwrap_or(0);
            Fault::Fatal(job.disk_full(job.folder, conversion.len(), free))
        }
        other => failed(job, other),
    }
}
