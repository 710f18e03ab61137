//! The screen before the first message: what this is, and what is happening to have a model.

use ratatui::layout::Rect;

use super::{Canvas, messages};
use crate::app::{Action, ModelState, State};
use crate::ui::ink::InkRow;
use crate::ui::theme::Role;
use crate::ui::wrap::Wrapped;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let columns = usize::from(area.width);
    let mut rows = Vec::new();
    let mut say = |text: &str, role: Role| {
        let wrapped = Wrapped::new(text, columns);
        rows.extend(
            wrapped
                .rows()
                .iter()
                .map(|row| InkRow::new(&text[row.shown()], role)),
        );
    };
    match (&state.model, &state.pull) {
        (_, Some(pull)) => {
            if !matches!(state.model, ModelState::Ready(_)) {
                say("No model is on this machine yet.", Role::Text);
            }
            let about = if pull.about.is_empty() {
                String::new()
            } else {
                format!(" ({})", pull.about)
            };
            say(&format!("Fetching {}{about}:", pull.name), Role::Text);
            rows.push(InkRow::default());
            rows.push(messages::progress(pull));
            for note in &pull.notes {
                let wrapped = Wrapped::new(note, columns);
                rows.extend(
                    wrapped
                        .rows()
                        .iter()
                        .map(|row| InkRow::new(&note[row.shown()], Role::Muted)),
                );
            }
        }
        (ModelState::Starting, None) => say("Looking for a model.", Role::Muted),
        (ModelState::Loading { name }, None) => say(&format!("Loading {name}."), Role::Muted),
        (ModelState::Absent { reason }, None) => {
            say(&format!("There is no model to talk to: {reason}"), Role::Text);
            let keys = state.keymap.keys_of(Action::ChooseModel);
            let key = keys.first().map_or("/model", String::as_str);
            say(
                &format!("{key} lists the models that can be fetched."),
                Role::Muted,
            );
        }
        (ModelState::Ready(info), None) => {
            say(&format!("{} is ready.", info.name), Role::Text);
            rows.push(InkRow::default());
            for text in [
                "What your message asks for (a length, a format, words to use or to avoid) is read while you type.",
                "The answer is checked against it while it streams.",
            ] {
                let wrapped = Wrapped::new(text, columns);
                rows.extend(
                    wrapped
                        .rows()
                        .iter()
                        .map(|row| InkRow::new(&text[row.shown()], Role::Muted)),
                );
            }
        }
    }
    let from = usize::from(area.height).saturating_sub(rows.len()).min(1);
    for (index, row) in rows.iter().enumerate() {
        canvas.row(area, from + index, row);
    }
}
