//! Fetching a model while the chat goes on: one thread a pull, one pull at a time.

use tokio::sync::mpsc::Sender;

use crate::app::Event;
use crate::app::event::PullEvent;
use crate::models::Models;
use crate::models::pull::{Cancel, PullError, PullEvent as Step, Source};

/// Starts fetching `name`; what happens arrives as events.
pub fn start(models: Models, name: String, events: Sender<Event>) -> std::io::Result<Cancel> {
    let cancel = Cancel::default();
    let ours = cancel.clone();
    std::thread::Builder::new().name("pull".into()).spawn(move || {
        // Nobody listening any more means the program is ending.
        let send = |event| drop(events.blocking_send(Event::Pull(event)));
        let result = models.pull(&name, &ours, &mut |step| {
            if let Some(event) = shown(step) {
                send(event);
            }
        });
        send(match result {
            Ok(_) => PullEvent::Done { name },
            Err(PullError::Cancelled) => PullEvent::Cancelled,
            Err(error) => PullEvent::Failed(error.to_string()),
        });
    })?;
    Ok(cancel)
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
