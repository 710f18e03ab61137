//! Fetching a model while the chat goes on: one thread a pull, one pull at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;

use crate::app::Event;
use crate::app::event::PullEvent;
use crate::models::Models;
use crate::models::pull::{Cancel, PullError, PullEvent as Step, Source};

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
        let pull = || {
            models.pull(&name, &ours, &mut |step| {
                if let Some(event) = shown(step) {
                    send(event);
                }
            })
        };
        send(match catch_unwind(AssertUnwindSafe(pull)) {
            Ok(Ok(_)) => PullEvent::Done { name },
            Ok(Err(PullError::Cancelled)) => PullEvent::Cancelled,
            Ok(Err(error)) => PullEvent::Failed(error.to_string()),
            Err(_) => PullEvent::Failed(format!("fetching {name} failed unexpectedly; try again")),
        });
    })?;
    Ok(Pull { cancel, thread })
}

/// A step as the screen has it; the end is told by the result.
fn shown(step: Step) -> Option<PullEvent> {
    Some(match step {
        Step::Waiting => PullEvent::Note("another raif is fetching it: waiting for that".into()),
        Step::Trying(Source::Hub) => return None,
        Step::Trying(source) => PullEvent::Note(format!("trying the {source}")),
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
