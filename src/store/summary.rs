//! What a list of conversations shows of each, without reading them all each time.
//!
//! A summary is kept in one cache file with the length and the time of the transcript it was made from; a transcript
//! that still has both is not opened. The cache is written whole and renamed into place, and never trusted to be there.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::reader::{Lines, MAX_LINE};
use super::{Store, StoreError};
use crate::chat::{Record, TurnId, sanitize};

/// The part of the first prompt that is kept, in characters.
const PROMPT_CHARS: usize = 200;
const CACHE: &str = ".summaries.json";
/// Raised when [`Summary`] changes its meaning.
const CACHE_VERSION: u32 = 2;

/// One conversation in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub id: String,
    pub title: Option<String>,
    /// The start of the first prompt, on one line, without control characters.
    pub first_prompt: String,
    /// Milliseconds since 1970; 0 if the header is lost.
    pub created_ms: i64,
    /// When it was last written, in milliseconds since 1970.
    pub modified_ms: i64,
    /// Those on the branch that is read.
    pub turns: usize,
    /// Ways through the conversation: one, unless it was edited or asked again.
    pub branches: usize,
    /// The model of the last turn.
    pub model: String,
    /// Its last turn has no end: it is being answered, or its process was killed.
    pub unfinished: bool,
    pub bytes: u64,
}

impl Summary {
    /// `3 turns`, `1 turn, 2 branches`.
    pub fn length(&self) -> String {
        let turns = match self.turns {
            1 => "1 turn".to_owned(),
            n => format!("{n} turns"),
        };
        match self.branches {
            0 | 1 => turns,
            n => format!("{turns}, {n} branches"),
        }
    }
}

/// The conversations of a store, the last used first.
#[derive(Debug, Default)]
pub struct Listing {
    pub summaries: Vec<Summary>,
    /// Transcripts that could not be read at all.
    pub failed: Vec<StoreError>,
}

#[derive(Default, Serialize, Deserialize)]
struct Cache {
    version: u32,
    entries: Vec<Entry>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    modified_ns: u64,
    summary: Summary,
}

pub(super) fn list(store: &Store) -> Result<Listing, StoreError> {
    let mut cached = read_cache(store);
    let mut listing = Listing::default();
    let mut entries = Vec::new();
    let mut changed = false;
    for id in store.ids()? {
        let known = cached.remove(&id);
        match entry(store, &id, known.as_ref()) {
            Ok(entry) => {
                changed |=
                    known.is_none_or(|k| k.modified_ns != entry.modified_ns || k.summary != entry.summary);
                listing.summaries.push(entry.summary.clone());
                entries.push(entry);
            }
            Err(error) => listing.failed.push(error),
        }
    }
    if changed || !cached.is_empty() {
        // A cache that cannot be written costs time, nothing else.
        let _ = write_cache(store, entries);
    }
    listing
        .summaries
        .sort_by(|a, b| (b.modified_ms, &b.id).cmp(&(a.modified_ms, &a.id)));
    Ok(listing)
}

fn entry(store: &Store, id: &str, known: Option<&Entry>) -> Result<Entry, StoreError> {
    let path = store.path(id)?;
    let failed = |e| StoreError::io("read the transcript", &path, e);
    let metadata = fs::metadata(&path).map_err(failed)?;
    let age = metadata
        .modified()
        .unwrap_or(UNIX_EPOCH)
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let modified_ns = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
    if let Some(known) = known
        && (known.modified_ns, known.summary.bytes) == (modified_ns, metadata.len())
    {
        return Ok(known.clone());
    }
    let mut summary = summarise(BufReader::new(File::open(&path).map_err(failed)?)).map_err(failed)?;
    id.clone_into(&mut summary.id);
    summary.modified_ms = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    summary.bytes = metadata.len();
    Ok(Entry { modified_ns, summary })
}

fn summarise(source: impl io::BufRead) -> io::Result<Summary> {
    let mut summary = Summary::default();
    // Of every turn, the one before it.
    let mut parents: Vec<Option<TurnId>> = Vec::new();
    let mut head = None;
    let mut lines = Lines::new(source, MAX_LINE);
    while let Some(line) = lines.next()? {
        if is_piece(line.bytes) {
            continue;
        }
        match serde_json::from_slice(line.bytes) {
            Ok(Record::Conversation { created_ms, .. }) => summary.created_ms = created_ms,
            Ok(Record::Title { title }) => summary.title = Some(sanitize::one_line(&title)),
            Ok(Record::Turn {
                turn,
                parent,
                prompt,
                model,
                ..
            }) if is_next(&parents, turn, parent) => {
                if parents.is_empty() {
                    let start: String = prompt.chars().take(2 * PROMPT_CHARS).collect();
                    summary.first_prompt = sanitize::one_line(&start).chars().take(PROMPT_CHARS).collect();
                }
                parents.push(parent);
                head = Some(turn);
                summary.model = sanitize::one_line(&model);
                summary.unfinished = true;
            }
            Ok(Record::End { turn, .. }) if turn.0 as usize + 1 == parents.len() => {
                summary.unfinished = false;
            }
            Ok(Record::Head { turn }) if turn.is_none_or(|turn| (turn.0 as usize) < parents.len()) => {
                head = turn;
            }
            _ => {}
        }
    }
    let before = |turn: &TurnId| parents[turn.0 as usize];
    summary.turns = std::iter::successors(head, before).count();
    let followed: HashSet<TurnId> = parents.iter().copied().flatten().collect();
    summary.branches = parents.len() - followed.len();
    Ok(summary)
}

/// As a conversation takes turns in: in order, each after one that is there.
fn is_next(parents: &[Option<TurnId>], turn: TurnId, parent: Option<TurnId>) -> bool {
    let known = |parent: TurnId| (parent.0 as usize) < parents.len();
    turn.0 as usize == parents.len() && parent.is_none_or(known)
}

/// Nearly all lines are pieces of a stream; as they are written they need no parsing to be told.
fn is_piece(line: &[u8]) -> bool {
    line.starts_with(br#"{"type":"thinking","#) || line.starts_with(br#"{"type":"answer","#)
}

fn read_cache(store: &Store) -> HashMap<String, Entry> {
    let cache: Cache = File::open(store.dir().join(CACHE))
        .ok()
        .and_then(|file| serde_json::from_reader(BufReader::new(file)).ok())
        .unwrap_or_default();
    if cache.version != CACHE_VERSION {
        return HashMap::new();
    }
    cache
        .entries
        .into_iter()
        .map(|entry| (entry.summary.id.clone(), entry))
        .collect()
}

fn write_cache(store: &Store, entries: Vec<Entry>) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(store.dir())?;
    let version = CACHE_VERSION;
    serde_json::to_writer(io::BufWriter::new(&mut file), &Cache { version, entries })?;
    file.persist(store.dir().join(CACHE))?;
    Ok(())
}
