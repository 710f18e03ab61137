//! The hub, through `hf-hub`: its cache, its token, its endpoint variable; interrupted downloads go on where they were.
//!
//! `hf-hub` has no timeouts and no way to stop, so it works on threads of its own, which are waited for with limits. A
//! thread that is given up ends at its next byte. Names that the server sends become paths, so they are checked first.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use hf_hub::api::sync::{Api, ApiBuilder, ApiError, ApiRepo, Metadata};
use hf_hub::{Cache, Repo, RepoType};
use sha2::{Digest, Sha256};

use super::progress::Progress;
use super::wheel::hex;
use super::{Cancel, Fault, Job, POLL, PullError, PullEvent, STALL, Source};
use crate::models::hub_cache::{HubCache, unverified_mark};
use crate::models::names::{is_plain_name, is_sha256, is_whole_gguf, preference};
use crate::models::text::printable;

/// How long the hub may take to say what it has, where another source can be asked instead.
const ANSWER: Duration = Duration::from_secs(5);
/// The same where there is no other source.
const LONG_ANSWER: Duration = Duration::from_secs(15);

pub(super) fn fetch(
    job: &Job,
    cache: Option<&HubCache>,
    sink: &mut dyn FnMut(PullEvent),
) -> Result<PathBuf, Fault> {
    let unreachable = |why: &str| Fault::Unreachable(why.to_owned());
    let (api, cache) = connect(cache)?;
    let offer = ask(job, &api)?;
    let wanted = &job.wanted.hub;
    let sha256 = wanted
        .sha256
        .clone()
        .or_else(|| Some(offer.etag.clone()).filter(|etag| is_sha256(etag)));
    if wanted.size.is_some_and(|size| size != offer.size)
        || (is_sha256(&offer.etag) && sha256.as_ref() != Some(&offer.etag))
    {
        return Err(unreachable("its file is not the one that the catalog describes"));
    }

    let in_cache = Cache::new(cache.to_owned()).repo(hub_repo(job));
    let blob = in_cache.blob_path(&offer.etag);
    let path = in_cache.pointer_path(&offer.commit).join(&offer.file);
    let mark = unverified_mark(&path);
    let is_whole = path.metadata().is_ok_and(|file| file.len() == offer.size);
    // What is whole needs only to be verified.
    if !is_whole || sha256.is_none() {
        let part = blob.with_extension("part");
        let part_len = part.metadata().map_or(0, |m| m.len());
        if part_len >= offer.size {
            // hf-hub would ask for the bytes after its end.
            let _ = std::fs::remove_file(&part);
        }
        std::fs::create_dir_all(cache).map_err(Job::io("creating", cache))?;
        job.check_space(cache, offer.size.saturating_sub(part_len))?;
        if sha256.is_some() {
            put_mark(&mark)?;
        }
        download(job, repository(&api, job), &offer, &path, sink)?;
    }

    if let Some(sha256) = sha256 {
        sink(PullEvent::Verifying);
        let found = sha256_of(&path, job.cancel)?;
        if found != sha256 {
            for half_made in [&path, &blob] {
                let _ = std::fs::remove_file(half_made);
            }
            let _ = std::fs::remove_file(&mark);
            return Err(Fault::Fatal(PullError::WrongChecksum {
                name: job.wanted.name.clone(),
                from: Source::Hub,
            }));
        }
    }
    match std::fs::remove_file(&mark) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Job::io("removing", &mark)(error).into())
        }
        _ => Ok(path),
    }
}

/// What comes to lie beside `mark` does not count until the mark is gone, should this process be killed before that.
fn put_mark(mark: &Path) -> Result<(), PullError> {
    if let Some(folder) = mark.parent() {
        std::fs::create_dir_all(folder).map_err(Job::io("creating", folder))?;
    }
    std::fs::write(mark, "").map_err(Job::io("creating", mark))
}

/// Bytes of the wanted file.
pub(super) fn size(job: &Job, cache: Option<&HubCache>) -> Result<u64, Fault> {
    ask(job, &connect(cache)?.0).map(|offer| offer.size)
}

/// The names of the repository's files.
pub(super) fn files(job: &Job, cache: Option<&HubCache>) -> Result<Vec<String>, Fault> {
    let repo = repository(&connect(cache)?.0, job);
    let answer = on_thread(move || repo.info())?;
    let info = in_time(job, &answer, LONG_ANSWER)?;
    Ok(info.siblings.into_iter().map(|file| file.rfilename).collect())
}

fn connect(cache: Option<&HubCache>) -> Result<(Api, &Path), Fault> {
    let unreachable = |why: &str| Fault::Unreachable(why.to_owned());
    let cache = cache
        .ok_or_else(|| unreachable("there is no folder for its cache: set HF_HOME"))?
        .folder();
    if std::env::var_os("HF_HUB_OFFLINE").is_some_and(|v| v == "1") {
        return Err(unreachable("HF_HUB_OFFLINE is set"));
    }
    let api = client(cache).map_err(|e| Fault::Unreachable(printable(&e.to_string())))?;
    Ok((api, cache))
}

/// What the hub says it has.
struct Offer {
    file: String,
    size: u64,
    etag: String,
    commit: String,
}

/// What a repository has for us.
enum Answer {
    File(String, Metadata),
    OnlySafetensors,
    Nothing,
}

/// What the hub answers, which it has to do within `limit`.
fn in_time<T>(job: &Job, answer: &Receiver<Result<T, ApiError>>, limit: Duration) -> Result<T, Fault> {
    match wait(job.cancel, answer, limit)? {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(Fault::Unreachable(explain(&error, &job.wanted.hub.repo))),
        None => Err(Fault::Unreachable(format!(
            "no answer after {} s",
            limit.as_secs()
        ))),
    }
}

fn client(cache: &Path) -> Result<Api, ApiError> {
    let mut builder = ApiBuilder::from_cache(Cache::new(cache.to_owned()))
        .with_progress(false)
        .with_retries(3);
    let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    if let Some(endpoint) = set("HF_ENDPOINT") {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
    }
    if let Some(token) = set("HF_TOKEN") {
        builder = builder.with_token(Some(token.trim().to_owned()));
    }
    builder.build()
}

fn hub_repo(job: &Job) -> Repo {
    let hub = &job.wanted.hub;
    Repo::with_revision(hub.repo.clone(), RepoType::Model, hub.revision.clone())
}

fn repository(api: &Api, job: &Job) -> ApiRepo {
    api.repo(hub_repo(job))
}

/// Asks which file there is and how large it is, within the limit.
fn ask(job: &Job, api: &Api) -> Result<Offer, Fault> {
    let limit = if job.wanted.package.is_some() {
        ANSWER
    } else {
        LONG_ANSWER
    };
    let repo = repository(api, job);
    let api = api.clone();
    let file = job.wanted.hub.file.clone();
    let answer = on_thread(move || -> Result<Answer, ApiError> {
        let file = if file.is_empty() {
            let files: Vec<String> = repo.info()?.siblings.into_iter().map(|s| s.rfilename).collect();
            let ggufs = files.iter();
            let best = ggufs
                .filter(|f| is_whole_gguf(f) && f.split('/').all(is_plain_name))
                .min_by_key(|f| preference(f));
            match best {
                Some(best) => best.clone(),
                None if files.iter().any(|f| f.ends_with(".safetensors")) => {
                    return Ok(Answer::OnlySafetensors);
                }
                None => return Ok(Answer::Nothing),
            }
        } else {
            file
        };
        let metadata = api.metadata(&repo.url(&file))?;
        Ok(Answer::File(file, metadata))
    })?;
    let (file, metadata) = match in_time(job, &answer, limit)? {
        Answer::File(file, metadata) => (file, metadata),
        Answer::OnlySafetensors => return Err(Fault::OnlySafetensors),
        Answer::Nothing => {
            let repo = &job.wanted.hub.repo;
            return Err(Fault::Unreachable(format!(
                "{repo} has neither a GGUF nor safetensors"
            )));
        }
    };
    let offer = Offer {
        file,
        size: metadata.size() as u64,
        etag: metadata.etag().to_owned(),
        commit: metadata.commit_hash().to_owned(),
    };
    if !is_plain_name(&offer.etag) || !is_plain_name(&offer.commit) {
        return Err(Fault::Unreachable("its answer makes no sense".into()));
    }
    Ok(offer)
}

/// Fetches what is offered, which comes to lie at `path`.
fn download(
    job: &Job,
    repo: ApiRepo,
    offer: &Offer,
    path: &Path,
    sink: &mut dyn FnMut(PullEvent),
) -> Result<(), Fault> {
    let done = Arc::new(AtomicU64::new(0));
    let given_up = Cancel::default();
    let counter = Counter {
        done: done.clone(),
        given_up: given_up.clone(),
    };
    let file = offer.file.clone();
    let answer = on_thread(move || repo.download_with_progress(&file, counter))?;
    let mut progress = Progress::new(offer.size);
    let result = loop {
        match wait(job.cancel, &answer, POLL) {
            Ok(Some(result)) => break result,
            Ok(None) => {
                let now = Instant::now();
                sink(progress.at(now, done.load(Ordering::Relaxed)));
                if progress.stalled_for(now) > STALL {
                    given_up.cancel();
                    return Err(Fault::Unreachable(format!(
                        "no byte came for {} s",
                        STALL.as_secs()
                    )));
                }
            }
            Err(fault) => {
                given_up.cancel();
                return Err(fault);
            }
        }
    };
    let fetched = result.map_err(|error| {
        if is_disk_full(&error) {
            return Fault::Fatal(job.disk_full(
                job.folder,
                offer.size,
                super::space::free(job.folder).unwrap_or(0),
            ));
        }
        let got = done.load(Ordering::Relaxed);
        match &error {
            ApiError::TooManyRetries(_) | ApiError::IoError(_) if got > 0 => Fault::Unreachable(format!(
                "the connection broke at {} of {}, which are kept",
                crate::models::human_bytes(got),
                crate::models::human_bytes(offer.size)
            )),
            _ => Fault::Unreachable(explain(&error, &job.wanted.hub.repo)),
        }
    })?;
    let length = fetched.metadata().map_err(Job::io("reading", &fetched))?.len();
    if length != offer.size || fetched != path {
        if let Ok(blob) = fetched.canonicalize() {
            let _ = std::fs::remove_file(blob);
        }
        let _ = std::fs::remove_file(&fetched);
        return Err(Fault::Unreachable("it sent something else than it said".into()));
    }
    sink(progress.at(Instant::now(), offer.size));
    Ok(())
}

/// Counts what hf-hub reads, and is where it can be stopped.
struct Counter {
    done: Arc<AtomicU64>,
    given_up: Cancel,
}

impl hf_hub::api::Progress for Counter {
    fn init(&mut self, _size: usize, _file: &str) {
        self.done.store(0, Ordering::Relaxed);
    }

    fn update(&mut self, bytes: usize) {
        if self.given_up.is_cancelled() {
            // The callback cannot return an error; unwinding, without the panic hook, is the only way to end the thread.
            std::panic::resume_unwind(Box::new("given up"));
        }
        self.done.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn finish(&mut self) {}
}

fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<Receiver<T>, Fault> {
    let (send, receive) = channel();
    std::thread::Builder::new()
        .name("hub".into())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _ = send.send(work());
        })
        .map_err(|e| Fault::Unreachable(format!("no thread could be started: {e}")))?;
    Ok(receive)
}

/// What the thread answers within `limit`, `None` if nothing.
fn wait<T>(cancel: &Cancel, answer: &Receiver<T>, limit: Duration) -> Result<Option<T>, Fault> {
    let end = Instant::now() + limit;
    loop {
        cancel.check()?;
        let left = end.saturating_duration_since(Instant::now());
        match answer.recv_timeout(left.min(POLL)) {
            Ok(value) => return Ok(Some(value)),
            Err(RecvTimeoutError::Timeout) if left > POLL => {}
            Err(RecvTimeoutError::Timeout) => return Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Fault::Unreachable("its answer makes no sense".into()));
            }
        }
    }
}

fn is_disk_full(error: &ApiError) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match error {
        ApiError::IoError(e) => matches!(e.kind(), StorageFull | QuotaExceeded),
        ApiError::TooManyRetries(inner) => is_disk_full(inner),
        _ => false,
    }
}

fn explain(error: &ApiError, repo: &str) -> String {
    let text = error.to_string();
    if text.contains("status: 401") || text.contains("status: 403") {
        format!("it does not let us have {repo}: accept its terms there and set HF_TOKEN")
    } else if text.contains("status: 404") {
        format!("it has no such file in {repo}")
    } else if text.contains("lookup address") || text.contains("host not found") {
        "it cannot be reached (its name does not resolve)".into()
    } else {
        let cause = text.strip_prefix("request error: ").unwrap_or(&text);
        format!("it cannot be reached ({})", printable(cause))
    }
}

fn sha256_of(path: &Path, cancel: &Cancel) -> Result<String, PullError> {
    let mut file = File::open(path).map_err(Job::io("reading", path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        cancel.check()?;
        let n = file.read(&mut buffer).map_err(Job::io("reading", path))?;
        if n == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..n]);
    }
}
