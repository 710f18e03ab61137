//! A wheel that pip did not finish: its bytes are kept, and the rest is fetched from where pip found it.
//!
//! pip removes what it has not finished, so a hard link keeps it (on a disk without links the next pull begins anew), beside
//! the address that pip told. Neither is trusted: the caller compares the SHA-256 of what is in the wheel.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::progress::Progress;
use super::{Fault, Job, POLL, PullEvent, STALL};
use crate::models::human_bytes;
use crate::models::names::is_plain_name;

/// How long a server may take to begin its answer; pip is asked where it takes longer.
const ANSWER: Duration = Duration::from_secs(10);

/// The beginning of a wheel.
pub(super) struct Unfinished {
    path: PathBuf,
    len: u64,
    /// Of the whole wheel.
    total: u64,
}

/// Where the beginning of a wheel is kept; holds at most one.
pub(super) fn folder(scratch: &Path) -> PathBuf {
    scratch.join("unfinished")
}

/// Gives what pip has of the wheel a second name, if it is more than what is kept and pip's `words` say whence it comes.
pub(super) fn keep(job: &Job, pips: &Path, words: &Path) {
    let Some(name) = pips
        .file_name()
        .and_then(|name| name.to_str())
        .filter(|_| is_wheel(pips))
    else {
        return;
    };
    let kept = folder(job.scratch);
    let place = kept.join(name);
    let len = |path: &Path| path.metadata().map_or(0, |file| file.len());
    if len(pips) <= len(&place) {
        return;
    }
    let words = std::fs::read_to_string(words).unwrap_or_default();
    let Some(address) = address_in(&words, name) else {
        return;
    };
    // What was kept before stays until there is more.
    let link = kept.join("new.link");
    let linked = std::fs::create_dir_all(&kept)
        .and_then(|()| std::fs::hard_link(pips, &link))
        .and_then(|()| std::fs::write(address_of(&place), address))
        .and_then(|()| std::fs::rename(&link, &place));
    if linked.is_err() {
        let _ = std::fs::remove_file(&link);
    }
}

/// Where the address of a kept wheel stands.
fn address_of(wheel: &Path) -> PathBuf {
    wheel.with_extension("url")
}

/// The address at which pip found a wheel of this name.
fn address_in<'w>(words: &'w str, name: &str) -> Option<&'w str> {
    words.split_whitespace().find(|word| {
        let is_web = word.starts_with("https://") || word.starts_with("http://");
        let path = word.split(['?', '#']).next().unwrap_or_default();
        is_web && path.rsplit('/').next() == Some(name)
    })
}

impl Unfinished {
    /// What an earlier pull left of a wheel of `total` bytes.
    pub(super) fn find(scratch: &Path, total: u64) -> Option<Self> {
        let rows = folder(scratch).read_dir().ok()?.flatten();
        let path = rows.map(|row| row.path()).find(|path| is_wheel(path))?;
        let len = path.metadata().ok()?.len();
        (0 < len && len < total).then_some(Self { path, len, total })
    }

    /// That it broke, and how much is kept.
    pub(super) fn broke(&self) -> String {
        let (have, total) = (human_bytes(self.len), human_bytes(self.total));
        format!("the connection broke at {have} of {total}, which are kept")
    }

    /// Fetches the rest. `None` where that cannot be done, so that pip has to begin anew.
    pub(super) fn complete(
        mut self,
        job: &Job,
        sink: &mut dyn FnMut(PullEvent),
    ) -> Result<Option<PathBuf>, Fault> {
        let Ok(url) = std::fs::read_to_string(address_of(&self.path)) else {
            return Ok(None);
        };
        let mut out = match self.to_append() {
            Ok(out) => out,
            Err(_) => return Ok(None),
        };
        let (from, total) = (self.len, self.total);
        // A server may be silent for as long as it likes, so it is read on a thread, which ends when nobody takes its bytes.
        let (send, pieces) = sync_channel(4);
        let reader = move || read(&url, from, total, &mut |piece| send.send(piece).is_ok());
        if std::thread::Builder::new()
            .name("wheel".into())
            .spawn(reader)
            .is_err()
        {
            return Ok(None);
        }
        let mut progress = Progress::new(total);
        let mut told: Option<Instant> = None;
        loop {
            let now = Instant::now();
            let event = progress.at(now, self.len);
            if told.is_none_or(|told| now - told >= POLL) {
                sink(event);
                told = Some(now);
            }
            job.cancel.check()?;
            let piece: Vec<u8> = match pieces.recv_timeout(POLL) {
                Ok(piece) => piece,
                Err(RecvTimeoutError::Timeout) if progress.stalled_for(now) < STALL => continue,
                Err(_) if self.len == from => return Ok(None),
                Err(_) => return Err(Fault::Unreachable(self.broke())),
            };
            out.write_all(&piece)
                .map_err(|error| job.write_error(&self.path, error))?;
            self.len += piece.len() as u64;
            if self.len == total {
                sink(progress.at(Instant::now(), total));
                return Ok(Some(self.path));
            }
        }
    }

    /// A copy: should an earlier raif have been killed, its pip may still write to the file that it opened.
    fn to_append(&self) -> std::io::Result<File> {
        let copy = self.path.with_extension("copy");
        std::fs::copy(&self.path, &copy)?;
        let file = OpenOptions::new().append(true).open(&copy)?;
        file.set_len(self.len)?;
        std::fs::rename(&copy, &self.path)?;
        Ok(file)
    }
}

fn is_wheel(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| is_plain_name(name) && name.ends_with(".whl"))
}

/// Gives the bytes of `url` after the first `from` to `take`, until it wants no more. An answer that is not exactly these
/// bytes of a file of `total` gives none.
fn read(url: &str, from: u64, total: u64, take: &mut dyn FnMut(Vec<u8>) -> bool) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(ANSWER))
        .timeout_recv_response(Some(ANSWER))
        .timeout_per_read(Some(STALL))
        .tls_config(TlsConfig::builder().root_certs(root_certs()).build())
        .build()
        .into();
    let request = agent
        .get(url)
        .header("Range", format!("bytes={from}-"))
        .header("Accept-Encoding", "identity");
    let Ok(answer) = request.call() else { return };
    let range = answer.headers().get("content-range");
    let is_the_rest = range.is_some_and(|range| range == &format!("bytes {from}-{}/{total}", total - 1));
    if answer.status() != 206 || !is_the_rest {
        return;
    }
    let mut body = answer.into_body().into_reader().take(total - from);
    let mut piece = vec![0; 256 << 10];
    loop {
        match body.read(&mut piece) {
            Ok(len) if len > 0 && take(piece[..len].to_vec()) => {}
            _ => return,
        }
    }
}

/// The certificates of the first file that pip or other programs are told to trust, else those that come with us. (pip's
/// own settings file is not read: where it names others, pip begins anew.)
fn root_certs() -> RootCerts {
    for name in [
        "PIP_CERT",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
    ] {
        let file = std::env::var_os(name).and_then(|file| std::fs::read(file).ok());
        let pem = file.unwrap_or_default();
        let certificates: Vec<_> = parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if !certificates.is_empty() {
            return RootCerts::from(certificates);
        }
    }
    RootCerts::WebPki
}
