//! Whole lines instead of keys, for a chat without a screen.

use crate::app::action::Action;
use crate::app::edits::Form;
use crate::app::effect::Effect;
use crate::app::picker::{Picker, PickerKind};
use crate::app::state::{NoticeKind, Overlay, State};

/// Closes an open list.
const CANCEL: &str = "/cancel";

impl State {
    /// A message, a command, or the answer to an open list. A message goes on in the next line after a backslash, and
    /// begins with two slashes to begin with one.
    pub(super) fn line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        self.notice = None;
        match self.overlay.take() {
            Some(Overlay::Picker(picker)) => self.answer_list(picker, line.trim(), effects),
            Some(Overlay::Form(form)) => self.answer_form(form, line.trim(), effects),
            Some(Overlay::Help { .. } | Overlay::Inspect | Overlay::Compare(_)) | None => {
                self.message_or_command(line, effects);
            }
        }
    }

    fn message_or_command(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let starts = self.composer.is_empty();
        match line.strip_prefix('/').filter(|_| starts) {
            Some(message) if message.starts_with('/') => self.write_line(message, effects),
            Some(command) => {
                let (name, argument) = command.trim().split_once(' ').unwrap_or((command.trim(), ""));
                match Action::from_name(name).filter(|action| action.is_command()) {
                    Some(action) => self.run_command(action, argument.trim(), effects),
                    None => {
                        let words =
                            format!("there is no command /{name}; /help lists them, // sends a slash");
                        self.say(NoticeKind::Warning, words);
                    }
                }
            }
            None => self.write_line(line, effects),
        }
    }

    fn write_line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        match line.strip_suffix('\\') {
            Some(first) => self.composer.insert(&format!("{first}\n")),
            None => {
                self.composer.insert(line);
                self.send(effects);
            }
        }
    }

    /// A line for each argument; an empty one leaves it as it is.
    fn answer_form(&mut self, mut form: Form, answer: &str, effects: &mut Vec<Effect>) {
        if answer == CANCEL {
            return;
        }
        if !answer.is_empty() {
            form.write(answer);
        }
        if form.at + 1 < form.fields.len() {
            form.step(1);
            self.overlay = Some(Overlay::Form(form));
        } else {
            form.step(isize::MIN);
            self.fill_in(form, effects);
        }
    }

    fn answer_list(&mut self, mut picker: Picker, answer: &str, effects: &mut Vec<Effect>) {
        if answer.is_empty() || answer == CANCEL {
            return;
        }
        let number = answer.parse().ok().and_then(|n: usize| n.checked_sub(1));
        let chosen = match (picker.kind, number) {
            (PickerKind::Title, _) => {
                picker.set_query(answer);
                true
            }
            (PickerKind::Found, None) => {
                picker.set_query(answer);
                self.overlay = Some(Overlay::Picker(picker));
                return self.query_changed(effects);
            }
            (_, Some(row)) => picker.point(row),
            (_, None) => {
                picker.set_query(answer);
                picker.rows().len() == 1
            }
        };
        if !chosen {
            picker.set_query("");
            self.say(NoticeKind::Warning, "type the number of a row, or /cancel");
        }
        self.overlay = Some(Overlay::Picker(picker));
        if chosen {
            self.choose_from_overlay(effects);
        }
    }
}
