//! Fetching a model while the chat goes on: one thread a pull, one pull at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use crate::app::Event;
use crate::app::event::PullEvent;
use crate::models::pull::{Cancel, PullError, PullEvent as Step, Source};
use crate::models::{Models, human_bytes};

/// How long a cancelled pull may take to end its helpers and to clear up.
const LAST_STEPS: Duration = Duration::from_secs(2);

/// A pull under way.
pub struct Pull {
    cancel: Cancel,
    thread: JoinHandle<()>,
}

impl Pull {
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// Waits for the end of one that was cancelled, within reason.
    pub fn finish(self) {
        let started = Instant::now();
        while !self.thread.is_finished() && started.elapsed() < LAST_STEPS {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Starts fetching `name`; what happens arrives as events.
pub fn start(models: Models, name: String, events: Sender<Event>) -> std::io::Result<Pull> {
    let cancel = Cancel::default();
    let ours = cancel.clone();
    let thread = std::thread::Builder::new().name("pull".into()).spawn(move || {
        // Nobody listening any more means the program is ending.
        let send = |event| drop(events.blocking_send(Event::Pull(event)));
        let packed = models
            .catalog()
            .find(&name)
            .and_then(|entry| entry.package.as_ref());
        let packed = packed.map(|package| package.wheel_size);
        let pull = || {
            models.pull(&name, &ours, &mut |step| {
                if let Some(event) = shown(step, packed) {
                    send(event);
                }
            })
        };
        send(match catch_unwind(AssertUnwindSafe(pull)) {
            Ok(Ok(_)) => PullEvent::Done { name },
            Ok(Err(PullError::Cancelled)) => PullEvent::Cancelled,
            Ok(Err(error)) => PullEvent::Failed(why(&error)),
            Err(_) => PullEvent::Failed(format!("fetching {name} failed unexpectedly; try again")),
        });
    })?;
    Ok(Pull { cancel, thread })
}

/// Why nothing came of it. What to do is on the screen already: its advice would be for the command line.
fn why(error: &PullError) -> String {
    match error {
        PullError::NoSource { name, tried } => {
            let each: Vec<String> = tried
                .iter()
                .map(|(source, why)| format!("{source}: {why}"))
                .collect();
            format!("{name} could not be fetched ({})", each.join("; "))
        }
        error => error.to_string(),
    }
}

/// A step as the screen has it; the end is told by the result. `packed`: bytes of what the package mirror has.
fn shown(step: Step, packed: Option<u64>) -> Option<PullEvent> {
    Some(match step {
        Step::Waiting => PullEvent::Note("another raif is fetching it: waiting for that".into()),
        Step::Trying(Source::Hub) => return None,
        Step::Trying(Source::PackageMirror) => PullEvent::Note(match packed {
            Some(bytes) => format!(
                "trying the package mirror, which has it packed: {}",
                human_bytes(bytes)
            ),
            None => "trying the package mirror".into(),
        }),
        Step::Unreachable { source, why } => PullEvent::Note(format!("{source}: {why}")),
        Step::Progress {
            done,
            total,
            bytes_per_s,
        } => PullEvent::Progress {
            done,
            total,
            bytes_per_s,
        },
        Step::Verifying => PullEvent::Verifying,
        Step::Converting(quant) => PullEvent::Note(format!("converting to {}", quant.name())),
        Step::Done(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn leaving_waits_for_a_cancelled_pull_to_clear_up() {
        let cancel = Cancel::default();
        let (ours, cleared) = (cancel.clone(), Arc::new(AtomicBool::new(false)));
        let clears = Arc::clone(&cleared);
        let thread = std::thread::spawn(move || {
            while !ours.is_cancelled() {
                std::thread::yield_now();
            }
            // Some work is left, as ending a helper and removing its files is.
            let folder = tempfile::tempdir().unwrap();
            for n in 0..200 {
                std::fs::write(folder.path().join(n.to_string()), [0; 4096]).unwrap();
            }
            drop(folder);
            clears.store(true, Ordering::SeqCst);
        });
        let pull = Pull { cancel, thread };
        pull.cancel();
        pull.finish();
        assert!(cleared.load(Ordering::SeqCst));
    }

    #[test]
    fn why_nothing_was_fetched_is_one_sentence_without_advice_for_the_command_line() {
        let error = PullError::NoSource {
            name: "starter".into(),
            tried: vec![
                (Source::Hub, "it cannot be reached".into()),
                (Source::PackageMirror, "no pip is here".into()),
            ],
        };
        assert_eq!(
            why(&error),
            "starter could not be fetched (hub: it cannot be reached; package mirror: no pip is here)"
        );
    }

    #[test]
    fn a_packed_download_says_its_own_size() {
        let note = |packed| shown(Step::Trying(Source::PackageMirror), packed);
        let said = |text: &str| Some(PullEvent::Note(text.into()));
        assert_eq!(
            note(Some(92_000_000)),
            said("trying the package mirror, which has it packed: 92 MB")
        );
        assert_eq!(note(None), said("trying the package mirror"));
    }
}
