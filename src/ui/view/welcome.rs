//! The screen before the first message: what this is, and what is happening to have a model.

use ratatui::layout::Rect;

use super::{Canvas, messages, paragraph};
use crate::app::keymap::Context;
use crate::app::{Action, ModelState, State};
use crate::ui::ink::InkRow;
use crate::ui::theme::Role;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let columns = usize::from(area.width);
    let say = |text: &str, role: Role| paragraph(text, role, columns, 0);
    let rows = match (&state.model, &state.pull) {
        (_, Some(pull)) => {
            let mut rows = Vec::new();
            if !matches!(state.model, ModelState::Ready(_)) {
                rows.extend(say("No model is on this machine yet.", Role::Text));
            }
            let about = if pull.about.is_empty() {
                String::new()
            } else {
                format!(" ({})", pull.about)
            };
            rows.extend(say(&format!("Fetching {}{about}:", pull.name), Role::Text));
            rows.push(InkRow::default());
            rows.push(messages::progress(pull));
            rows.extend(pull.notes.iter().flat_map(|note| say(note, Role::Muted)));
            rows
        }
        (ModelState::Starting, None) => say("Looking for a model.", Role::Muted),
        (ModelState::Loading { name }, None) => say(&format!("Loading {name}."), Role::Muted),
        (ModelState::Absent { reason }, None) => {
            let key = state
                .keymap
                .key_for(Context::Composer, Action::ChooseModel)
                .unwrap_or("/model".into());
            let mut rows = say(&format!("There is no model to talk to: {reason}"), Role::Text);
            rows.push(InkRow::default());
            rows.extend(say(
                &format!(
                    "{key} lists the models that are here and those that can be fetched (a download that was stopped \
                     goes on where it was); `raif models import FILE` adds a file of yours."
                ),
                Role::Muted,
            ));
            rows
        }
        (ModelState::Ready(info), None) => {
            let mut rows = say(&format!("{} is ready.", info.name), Role::Text);
            rows.push(InkRow::default());
            for text in [
                "What your message asks for (a length, a format, words to use or to avoid) is read while you type.",
                "The answer is checked against it while it streams.",
            ] {
                rows.extend(say(text, Role::Muted));
            }
            rows
        }
    };
    let from = usize::from(area.height).saturating_sub(rows.len()).min(1);
    for (index, row) in rows.iter().enumerate() {
        canvas.row(area, from + index, row);
    }
}
