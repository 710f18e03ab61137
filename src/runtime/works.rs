//! The threads behind the chat, and every effect that needs no screen.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc::Sender;

use super::files;
use super::loader::EngineLoader;
use super::model::ModelThread;
use super::pull::{self, Pull};
use super::transcript::TranscriptThread;
use crate::app::event::{Listed, PullEvent};
use crate::app::{Effect, Event};
use crate::models::{Entry, Models, human_bytes};
use crate::store::search::Query;
use crate::store::{History, Store};

/// Conversations that a search lists.
const MOST_FOUND: usize = 200;

/// The model's thread, the transcript's, and those that are started for one thing.
pub struct Works {
    model: ModelThread,
    transcripts: TranscriptThread,
    models: Models,
    store: Store,
    pull: Option<Pull>,
    /// The number of the newest search: an older one ends.
    search: Arc<AtomicU64>,
    events: Sender<Event>,
}

/// What became of an effect.
pub enum Done {
    /// It is being done; if there is something to tell, an event will.
    Begun,
    With(Event),
    /// Only who has the screen can do it.
    NeedsScreen(Effect),
}

impl Works {
    pub fn start(
        loader: EngineLoader,
        store: Store,
        history: History,
        events: Sender<Event>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            models: loader.models.clone(),
            model: ModelThread::spawn(loader, events.clone())?,
            transcripts: TranscriptThread::spawn(store.clone(), history, events.clone())?,
            store,
            pull: None,
            search: Arc::default(),
            events,
        })
    }

    /// What every chat begins with.
    pub fn begin(&self, resume: Option<String>, model: Option<String>) {
        if let Some(id) = resume {
            self.transcripts.open(id);
        }
        self.transcripts.read_history();
        self.model.load(model);
    }

    pub fn perform(&mut self, effect: Effect) -> Done {
        match effect {
            Effect::LoadModel { name } => self.model.load(name),
            Effect::Pull { name } => match pull::start(self.models.clone(), name, self.events.clone()) {
                Ok(pull) => self.pull = Some(pull),
                Err(error) => {
                    let message = format!("no thread for it: {error}");
                    return Done::With(Event::Pull(PullEvent::Failed(message)));
                }
            },
            Effect::CancelPull => {
                if let Some(pull) = &self.pull {
                    pull.cancel();
                }
            }
            Effect::Generate(asks) => self.model.ask(asks),
            Effect::Stop => self.model.stop(),
            Effect::EndThinking => self.model.end_thinking(),
            Effect::Save { id, record } => self.transcripts.save(id, record),
            Effect::Open { id } => self.transcripts.open(id),
            Effect::Delete { id } => self.transcripts.delete(id),
            Effect::Remember { text } => self.transcripts.remember(text),
            Effect::ListConversations => self.transcripts.list(),
            Effect::ListModels => self.list_models(),
            Effect::ListFiles { folder } => return Done::With(files::list(folder)),
            Effect::ReadFile { path } => return Done::With(files::attach(path)),
            Effect::Export { conversation, format } => {
                return Done::With(files::write_export(&conversation, &format));
            }
            Effect::Find { query } => self.find(query),
            effect @ (Effect::Copy { .. }
            | Effect::CopySelection(_)
            | Effect::Edit { .. }
            | Effect::UseTheme { .. }
            | Effect::UseMouse(_)
            | Effect::Redraw
            | Effect::KeepScreen(_)
            | Effect::Notify(_)
            | Effect::Quit) => return Done::NeedsScreen(effect),
        }
        Done::Begun
    }

    /// Looks into every model's file, which takes a moment.
    fn list_models(&self) {
        let (models, events) = (self.models.clone(), self.events.clone());
        let list = move || drop(events.blocking_send(Event::Models(listed_models(&models))));
        // Without a thread there is no list; it goes on saying that it is read.
        drop(std::thread::Builder::new().name("models".into()).spawn(list));
    }

    /// Looks through the conversations on a thread of its own, until it is done or something else is looked for.
    fn find(&self, text: String) {
        let number = self.search.fetch_add(1, Ordering::SeqCst) + 1;
        let (newest, store, events) = (Arc::clone(&self.search), self.store.clone(), self.events.clone());
        let search = move || {
            let is_old = || newest.load(Ordering::SeqCst) != number;
            let found = Query::new(&text).and_then(|query| {
                let found = store.search(&query)?;
                let found = found
                    .take_while(|_| !is_old())
                    .filter_map(Result::ok)
                    .take(MOST_FOUND);
                Ok(found.map(listed_found).collect())
            });
            let event = match found {
                _ if is_old() => return,
                Ok(rows) => Event::Found { query: text, rows },
                Err(error) => Event::Failed(error.to_string()),
            };
            // Nobody listening any more means the program is ending.
            drop(events.blocking_send(event));
        };
        // Without a thread there is no result; the list goes on saying so.
        drop(std::thread::Builder::new().name("search".into()).spawn(search));
    }

    /// What runs is told to end.
    pub fn stop(&self) {
        if let Some(pull) = &self.pull {
            pull.cancel();
        }
        self.model.stop();
    }

    /// Waits until everything is saved, and for a pull to end what it started. Nobody may be asked for events any more.
    /// Tells why not everything could be saved.
    pub fn finish(self) -> Option<String> {
        let unsaved = self.transcripts.finish();
        if let Some(pull) = self.pull {
            pull.finish();
        }
        unsaved
    }
}

/// `3 lines`, `52 characters`.
pub fn size(text: &str) -> String {
    let (lines, characters) = (text.lines().count(), text.chars().count());
    match (lines, characters) {
        (0 | 1, 1) => "1 character".into(),
        (0 | 1, n) => format!("{n} characters"),
        (n, _) => format!("{n} lines"),
    }
}

/// The first place of a conversation that a search found, and how many there are.
fn listed_found(found: crate::store::search::Found) -> Listed {
    let count: usize = found.hits.iter().map(|hit| hit.count).sum();
    let place = found.hits.first();
    let snippet = place.map(|hit| format!("{}{}{}", hit.before, hit.matched, hit.after));
    Listed {
        id: found.id,
        label: found.title,
        detail: format!("{count}× {}", snippet.unwrap_or_default().trim()),
    }
}

/// What the model list shows: what is here first, then what can be fetched.
fn listed_models(models: &Models) -> Vec<Listed> {
    let installed = models.installed();
    let mut rows: Vec<Listed> = installed
        .iter()
        .map(|model| {
            let name = &model.located.name;
            let size = human_bytes(model.bytes);
            match model.fault() {
                None => Listed {
                    id: name.clone(),
                    label: name.clone(),
                    detail: size,
                },
                // What to do stands before why: it must be seen.
                Some(fault) if model.located.entry.is_some() => Listed {
                    id: format!("pull {name}"),
                    label: format!("{name} ✗"),
                    detail: format!("Enter fetches it again · {fault}"),
                },
                Some(fault) => Listed {
                    id: name.clone(),
                    label: format!("{name} ✗"),
                    detail: format!("{} · {fault}", model.remedy()),
                },
            }
        })
        .collect();
    let is_here = |name: &str| installed.iter().any(|model| model.located.name == name);
    rows.extend(fetchable(models, is_here));
    rows
}

/// What can be fetched, the smallest first: what a careless Enter begins is no download of gigabytes.
fn fetchable(models: &Models, is_here: impl Fn(&str) -> bool) -> Vec<Listed> {
    let entries = models.catalog().entries().iter();
    let mut entries: Vec<_> = entries
        .filter(|entry| !entry.unconfirmed && !is_here(&entry.name))
        .collect();
    entries.sort_by_key(|entry| entry.download_size().unwrap_or(u64::MAX));
    let row = |entry: &Entry| {
        let size = match (entry.download_size(), entry.run_size()) {
            (Some(all), Some(kept)) if kept < all => {
                format!("{}, {} kept · ", human_bytes(all), human_bytes(kept))
            }
            (Some(all), _) => format!("{} · ", human_bytes(all)),
            (None, _) => String::new(),
        };
        let begun = if models.is_begun(entry) {
            "half fetched · "
        } else {
            ""
        };
        Listed {
            id: format!("pull {}", entry.name),
            label: format!("fetch {}", entry.name),
            detail: format!("{begun}{size}{}", entry.note),
        }
    };
    entries.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dirs::Dirs;

    #[test]
    fn what_is_not_here_is_offered_the_smallest_first() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs::with(|name| name.starts_with("RAIF_").then(|| home.path().into())).unwrap();
        let models = Models::open(&dirs).unwrap();
        let offered = |here: &str| fetchable(&models, |name| name == here);
        let all = offered("");
        let starter = &models.catalog().starter().unwrap().name;
        assert_eq!(all[0].id, format!("pull {starter}"));
        // The model that the program is made for comes as safetensors, of which less is kept.
        let made_for = all.iter().find(|row| row.id == "pull raif-deepseek-qwen-7b");
        let made_for = made_for.expect("it is offered");
        assert!(
            made_for.detail.starts_with("15.2 GB, 4.7 GB kept"),
            "{made_for:?}"
        );
        assert!(
            offered(starter)
                .iter()
                .all(|row| !row.id.ends_with(starter.as_str()))
        );
    }
}
