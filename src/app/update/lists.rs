//! The lists to choose from: what opens them, what a choice does, and commands with something behind their name.

use super::editing::requirements;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::event::Listed;
use crate::app::picker::{Picker, PickerKind};
use crate::app::state::{NoticeKind, Overlay, State};
use crate::chat::Record;

/// What a conversation can be written as, and what that is good for.
const FORMATS: &[(&str, &str)] = &[
    ("md", "Markdown, to be read"),
    ("html", "one page, to be read"),
    ("json", "everything, every branch"),
    ("jsonl", "everything, a record a line"),
];
/// Shorter words are in every conversation.
const LEAST_QUERY: usize = 2;
/// Begins the id of the row that deletes.
const DELETE: &str = "delete ";

fn listed(id: &str, label: impl Into<String>, detail: impl Into<String>) -> Listed {
    Listed {
        id: id.into(),
        label: label.into(),
        detail: detail.into(),
    }
}

impl State {
    fn picker(&mut self, kind: PickerKind) -> Option<&mut Picker> {
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) if picker.kind == kind => Some(picker),
            _ => None,
        }
    }

    /// Enter, or a click, on what is open.
    pub(super) fn choose_from_overlay(&mut self, effects: &mut Vec<Effect>) {
        if self.complete_path(effects) {
            return;
        }
        match self.overlay.take() {
            Some(Overlay::Picker(picker)) => self.choose(picker, effects),
            Some(Overlay::Form(form)) => self.fill_in(form, effects),
            Some(Overlay::Inspect) => self.show_inspected(),
            Some(Overlay::Help { .. } | Overlay::Compare(_)) | None => {}
        }
    }

    fn choose(&mut self, picker: Picker, effects: &mut Vec<Effect>) {
        if picker.kind == PickerKind::Title {
            return self.rename(&picker.query, effects);
        }
        let Some(choice) = picker.chosen() else {
            match picker.kind {
                // It was the beginning of a message after all.
                PickerKind::Command if self.composer.is_empty() => {
                    self.composer.set_text(&format!("/{}", picker.query));
                    self.read_draft();
                }
                kind => {
                    self.overlay = Some(Overlay::Picker(picker));
                    if kind == PickerKind::File {
                        self.leave_files("");
                    }
                }
            }
            return;
        };
        match picker.kind {
            PickerKind::Command => {
                if let Some(action) = Action::from_name(&choice.id) {
                    self.run_command(action, picker.argument(), effects);
                }
            }
            PickerKind::Model => self.use_model(choice.id.clone(), effects),
            PickerKind::Method => self.use_method(&choice.id),
            PickerKind::Conversation => effects.push(Effect::Open {
                id: choice.id.clone(),
            }),
            PickerKind::Found => {
                self.looked_for = Some((choice.id.clone(), picker.query.trim().to_owned()));
                if choice.id == self.conversation.id {
                    self.find_what_was_chosen();
                } else {
                    effects.push(Effect::Open {
                        id: choice.id.clone(),
                    });
                }
            }
            PickerKind::File => effects.push(Effect::ReadFile {
                path: choice.id.clone(),
            }),
            PickerKind::Code => {
                let block = choice
                    .id
                    .parse()
                    .ok()
                    .and_then(|n: usize| self.code_blocks().into_iter().nth(n));
                if let Some(text) = block {
                    effects.push(Effect::Copy {
                        text,
                        what: "code block",
                    });
                }
            }
            PickerKind::Format => self.export(&choice.id, effects),
            PickerKind::Delete => self.confirm(choice),
            PickerKind::ConfirmDelete => {
                if let Some(id) = choice.id.strip_prefix(DELETE) {
                    effects.push(Effect::Delete { id: id.into() });
                }
            }
            PickerKind::Compare => self.comparison_chosen(&choice.id, effects),
            PickerKind::CompareModel => self.compared_model_chosen(&choice.id, effects),
            PickerKind::Constraint => self.constraint_chosen(&choice.id, effects),
            PickerKind::Theme => self.use_theme(&choice.id, effects),
            PickerKind::Title => {}
        }
    }

    /// A command and what was typed behind its name.
    pub(super) fn run_command(&mut self, action: Action, argument: &str, effects: &mut Vec<Effect>) {
        if argument.is_empty() || action.argument().is_none() {
            return self.act(action, effects);
        }
        match action {
            Action::Attach => effects.push(Effect::ReadFile {
                path: argument.into(),
            }),
            Action::Search => self.search_for(argument),
            Action::SearchAll => {
                let mut picker = Picker::new(PickerKind::Found, Vec::new());
                picker.paste(argument);
                self.overlay = Some(Overlay::Picker(picker));
                self.query_changed(effects);
            }
            Action::EditConstraint | Action::DropConstraint => {
                if self.choose_number(argument) {
                    self.act(action, effects);
                }
            }
            Action::Resume => effects.push(Effect::Open { id: argument.into() }),
            Action::Rename => self.rename(argument, effects),
            Action::Export => self.export(argument, effects),
            Action::ChooseModel => self.use_model(argument.into(), effects),
            Action::ChooseMethod => self.use_method(argument),
            Action::ChooseTheme => self.use_theme(argument, effects),
            _ => self.act(action, effects),
        }
    }

    /// What was typed in a list changed.
    pub(super) fn query_changed(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::Picker(picker)) = &mut self.overlay else {
            return;
        };
        match picker.kind {
            PickerKind::File => {
                let folder = picker.folder().to_owned();
                if self.files_of != folder {
                    self.files_of.clone_from(&folder);
                    effects.push(Effect::ListFiles { folder });
                }
            }
            PickerKind::Found => {
                let query = picker.query.trim().to_owned();
                if query.chars().count() >= LEAST_QUERY {
                    effects.push(Effect::Find { query });
                } else {
                    picker.fill(Vec::new());
                }
            }
            PickerKind::Constraint => {
                let rows = requirements(&picker.query);
                picker.fill(rows);
            }
            _ => {}
        }
    }

    pub(super) fn list_found(&mut self, query: &str, rows: Vec<Listed>) {
        if let Some(picker) = self.picker(PickerKind::Found)
            && picker.query.trim() == query
        {
            picker.fill(rows);
        }
    }

    /// A conversation that was found by its words is there: its place is shown.
    pub(super) fn find_what_was_chosen(&mut self) {
        if let Some((_, words)) = self.looked_for.take_if(|(id, _)| *id == self.conversation.id) {
            self.search_for(&words);
        }
    }

    pub(super) fn open_files(&mut self, folder: &str, effects: &mut Vec<Effect>) {
        let mut picker = Picker::waiting(PickerKind::File);
        picker.paste(folder);
        self.overlay = Some(Overlay::Picker(picker));
        folder.clone_into(&mut self.files_of);
        effects.push(Effect::ListFiles {
            folder: folder.into(),
        });
    }

    pub(super) fn list_files(&mut self, folder: &str, rows: Vec<Listed>) {
        if self.files_of == folder
            && let Some(picker) = self.picker(PickerKind::File)
        {
            picker.fill(rows);
        }
    }

    /// Goes into the chosen folder, if a folder is chosen.
    pub(super) fn complete_path(&mut self, effects: &mut Vec<Effect>) -> bool {
        let chosen = self.picker(PickerKind::File).and_then(|picker| picker.chosen());
        let Some(folder) = chosen
            .map(|choice| choice.id.clone())
            .filter(|id| id.ends_with('/'))
        else {
            return false;
        };
        self.open_files(&folder, effects);
        true
    }

    /// Closes the list of files; what was typed was text. False if it was not open.
    pub(super) fn leave_files(&mut self, and: &str) -> bool {
        let Some(typed) = self.picker(PickerKind::File).map(|picker| picker.query.clone()) else {
            return false;
        };
        self.overlay = None;
        if !typed.is_empty() || !and.is_empty() {
            self.composer.insert(&format!("@{typed}{and}"));
            self.read_draft();
        }
        true
    }

    fn use_method(&mut self, name: &str) {
        if self.methods.iter().any(|(known, _)| known == name) {
            name.clone_into(&mut self.method);
            self.say(NoticeKind::Info, format!("the next message is asked by {name}"));
        } else {
            let known: Vec<&str> = self.methods.iter().map(|(name, _)| name.as_str()).collect();
            let words = format!("there is no method {name}; there are {}", known.join(", "));
            self.say(NoticeKind::Warning, words);
        }
    }

    pub(super) fn open_themes(&mut self) {
        let row = |name: &String| {
            listed(
                name,
                name.as_str(),
                if *name == self.theme { "in use" } else { "" },
            )
        };
        let rows = self.themes.iter().map(row).collect();
        self.open_picker(PickerKind::Theme, rows);
    }

    /// The terminal said what its background is: a theme that nobody chose follows it.
    pub(super) fn background(&mut self, light: bool, effects: &mut Vec<Effect>) {
        if light && self.theme_follows {
            self.use_theme("light", effects);
        }
    }

    fn use_theme(&mut self, name: &str, effects: &mut Vec<Effect>) {
        self.theme_follows = false;
        name.clone_into(&mut self.theme);
        effects.push(Effect::UseTheme { name: name.into() });
    }

    pub(super) fn open_title(&mut self) {
        if self.conversation.head().is_none() {
            return self.say(NoticeKind::Info, "there is no conversation to name yet");
        }
        let mut picker = Picker::new(PickerKind::Title, Vec::new());
        picker.paste(self.conversation.title.as_deref().unwrap_or_default());
        self.overlay = Some(Overlay::Picker(picker));
    }

    fn rename(&mut self, title: &str, effects: &mut Vec<Effect>) {
        let title = crate::chat::sanitize::one_line(title);
        if self.conversation.head().is_none() {
            self.say(NoticeKind::Info, "there is no conversation to name yet");
        } else if !title.is_empty() {
            self.record(Record::Title { title }, effects);
        }
    }

    pub(super) fn open_formats(&mut self) {
        let rows = FORMATS
            .iter()
            .map(|(name, about)| listed(name, *name, *about))
            .collect();
        self.open_picker(PickerKind::Format, rows);
    }

    fn export(&mut self, format: &str, effects: &mut Vec<Effect>) {
        if self.conversation.head().is_none() {
            self.say(NoticeKind::Info, "there is no conversation to write yet");
        } else if FORMATS.iter().any(|(name, _)| *name == format) {
            effects.push(Effect::Export {
                conversation: Box::new(self.conversation.clone()),
                format: format.into(),
            });
        } else {
            let words = format!("{format} is not a format; there are md, html, json, jsonl");
            self.say(NoticeKind::Warning, words);
        }
    }

    /// In a list of conversations: the chosen one is to go.
    pub(super) fn ask_to_delete(&mut self) {
        let Some(Overlay::Picker(picker)) = &self.overlay else {
            return;
        };
        if matches!(picker.kind, PickerKind::Conversation | PickerKind::Delete)
            && let Some(choice) = picker.chosen().cloned()
        {
            self.confirm(&choice);
        }
    }

    fn confirm(&mut self, choice: &Listed) {
        if choice.id == self.conversation.id && self.run.is_some() {
            self.overlay = None;
            return self.say(NoticeKind::Info, "stop this answer first");
        }
        let rows = vec![
            listed("", "keep it", choice.label.as_str()),
            listed(
                &format!("{DELETE}{}", choice.id),
                "delete it for good",
                choice.detail.as_str(),
            ),
        ];
        self.open_picker(PickerKind::ConfirmDelete, rows);
    }

    pub(super) fn deleted(&mut self, id: &str) {
        if id == self.conversation.id {
            self.new_conversation();
        }
        self.say(NoticeKind::Info, "the conversation is deleted");
    }

    /// One block is copied at once; of several one is chosen, the last first.
    pub(super) fn copy_code(&mut self, effects: &mut Vec<Effect>) {
        let mut blocks = self.code_blocks();
        match blocks.len() {
            0 => self.say(NoticeKind::Info, "the answer has no code block"),
            1 => effects.push(Effect::Copy {
                text: blocks.remove(0),
                what: "code block",
            }),
            _ => {
                let row = |(n, text): (usize, &String)| {
                    let lines = text.lines().count();
                    let first = text
                        .lines()
                        .find(|line| !line.trim().is_empty())
                        .unwrap_or_default();
                    let s = if lines == 1 { "" } else { "s" };
                    listed(
                        &n.to_string(),
                        format!("{}. {}", n + 1, first.trim()),
                        format!("{lines} line{s}"),
                    )
                };
                let rows = blocks.iter().enumerate().rev().map(row).collect();
                self.open_picker(PickerKind::Code, rows);
            }
        }
    }

    /// The code blocks of the answer, first to last.
    fn code_blocks(&self) -> Vec<String> {
        self.head()
            .map(|turn| code_blocks(&turn.answer))
            .unwrap_or_default()
    }
}

/// What stands between the code fences of a Markdown text; the last may not be closed.
fn code_blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, usize, Vec<&str>)> = None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let tick = trimmed
            .chars()
            .next()
            .filter(|c| "`~".contains(*c))
            .unwrap_or('`');
        let rest = trimmed.trim_start_matches(tick);
        let ticks = trimmed.len() - rest.len();
        match &mut open {
            None if ticks >= 3 => open = Some((tick, ticks, Vec::new())),
            None => {}
            Some((fence, least, lines)) if *fence == tick && ticks >= *least && rest.trim().is_empty() => {
                blocks.push(lines.join("\n"));
                open = None;
            }
            Some((_, _, lines)) => lines.push(line),
        }
    }
    blocks.extend(open.map(|(_, _, lines)| lines.join("\n")));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_where_their_fence_does() {
        let text =
            "a\n```rust\nfn main() {}\n```\nb\n````md\n```\ninside\n```\n````\n~~~\n```\n~~~\n```\nopen";
        assert_eq!(
            code_blocks(text),
            ["fn main() {}", "```\ninside\n```", "```", "open"]
        );
        assert!(code_blocks("no code, `a` only").is_empty());
    }
}
