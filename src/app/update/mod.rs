//! What each event changes, and what is to be done: the entry, and where keys go. A file here for each thing that a chat does.

mod actions;
mod branches;
mod comparing;
mod drafting;
mod editing;
mod line;
mod lists;
mod model;
mod moving;
mod searching;
mod selecting;
mod showing;
mod turns;

use crate::app::action::Action;
use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::event::{Event, Listed, Now};
use crate::app::focus::Focus;
use crate::app::input::{Input, Key, KeyCode};
use crate::app::keymap::{Context, Lookup};
use crate::app::picker::PickerKind;
use crate::app::scroll::Scroll;
use crate::app::state::{ModelState, NoticeKind, Overlay, State};

impl State {
    /// Takes in one event: changes the state and says what is to be done.
    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Effect> {
        self.now = now;
        let mut effects = Vec::new();
        match event {
            Event::Input(input) => self.input(input, &mut effects),
            Event::Line(line) => self.line(&line, &mut effects),
            Event::Model(event) => self.model_event(event, &mut effects),
            Event::Pull(event) => self.pull_event(event, &mut effects),
            Event::Opened(opened) => self.opened(*opened),
            Event::Models(mut rows) => {
                if let (Some(name), ModelState::Ready(info)) = (&self.model_name, &self.model)
                    && !rows.iter().any(|row| row.id == *name || row.id == info.name)
                {
                    rows.insert(
                        0,
                        Listed {
                            id: name.clone(),
                            label: info.name.clone(),
                            detail: "in use".into(),
                        },
                    );
                }
                let here = rows.iter().filter(|row| !row.id.starts_with("pull "));
                self.fill_picker(PickerKind::CompareModel, here.cloned().collect());
                self.fill_picker(PickerKind::Model, rows);
            }
            Event::Conversations(rows) => {
                self.fill_picker(PickerKind::Delete, rows.clone());
                self.fill_picker(PickerKind::Conversation, rows);
            }
            Event::Files { folder, rows } => self.list_files(&folder, rows),
            Event::Found { query, rows } => self.list_found(&query, rows),
            Event::Attached { name, text } => {
                self.composer.attach(&name, text);
                self.read_draft();
            }
            Event::Edited(text) => {
                self.composer.set_edited(&text);
                self.read_draft();
            }
            Event::History(texts) => self.composer.remember_earlier(&texts),
            Event::Deleted { id } => self.deleted(&id),
            Event::SaveFailed(reason) => self.unsaved = Some(reason),
            Event::Saved => {
                self.unsaved = None;
                self.say(NoticeKind::Info, "saving works again: everything is saved");
            }
            Event::Warning(message) => self.say(NoticeKind::Warning, message),
            Event::Failed(message) => self.say(NoticeKind::Error, message),
            Event::Done(message) => self.say(NoticeKind::Info, message),
            Event::Drawn(geometry) => {
                self.geometry = geometry;
                // A place that was in view at the end of a stream does not stop following it.
                let is_last = geometry.answer.top == geometry.answer.last_top();
                let follows = is_last && self.answer_scroll == Scroll::Follow;
                if self.reveal.take().is_some() && !follows {
                    self.answer_scroll = Scroll::At(geometry.answer.top);
                }
                let is_last = geometry.thinking.top == geometry.thinking.last_top();
                let follows = is_last && self.thinking_scroll == Scroll::Follow;
                if std::mem::take(&mut self.reveal_passage) && !follows {
                    self.thinking_scroll = Scroll::At(geometry.thinking.top);
                }
                self.sought(&geometry);
            }
            Event::Ends => self.quit(&mut effects),
            Event::Tick => {}
        }
        if self
            .notice
            .as_ref()
            .and_then(|n| n.until_ms)
            .is_some_and(|until| until <= now.elapsed_ms)
        {
            self.notice = None;
        }
        effects
    }

    fn input(&mut self, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Key(key) => self.key(key, effects),
            Input::Paste(text) if self.overlay.is_none() && self.is_searching() => self.search_type(&text),
            Input::Paste(text) => match &mut self.overlay {
                Some(Overlay::Picker(picker)) => {
                    picker.paste(&text);
                    self.query_changed(effects);
                }
                Some(Overlay::Form(form)) => form.paste(&text),
                Some(Overlay::Help { .. } | Overlay::Inspect | Overlay::Compare(_)) => {}
                None => {
                    self.focus = Focus::Composer;
                    self.composer.insert(&text);
                    self.read_draft();
                }
            },
            Input::Wheel { column, row, lines } => self.wheel(column, row, lines),
            Input::Click { column, row } => self.click(column, row, effects),
            Input::Drag { column, row } => self.drag(column, row),
            Input::Release => self.release(effects),
            Input::Background { light } => self.background(light, effects),
            Input::Resize { .. } => {}
        }
    }

    fn context(&self) -> Context {
        match (&self.overlay, self.focus) {
            (Some(_), _) => Context::Overlay,
            (None, _) if self.is_searching() => Context::Overlay,
            (None, Focus::Composer) => Context::Composer,
            (None, _) => Context::Pane,
        }
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        // Any key answers an error; it still does what it does.
        if self.notice.as_ref().is_some_and(|n| n.until_ms.is_none()) {
            self.notice = None;
        }
        self.selection = None;
        self.chord.push(key);
        match self.keymap.lookup(self.context(), &self.chord) {
            Lookup::Prefix => {}
            Lookup::Action(action) => {
                self.chord.clear();
                if action != Action::Interrupt {
                    self.quit_armed_until_ms = None;
                }
                self.act(action, effects);
            }
            Lookup::Nothing => {
                self.quit_armed_until_ms = None;
                let alone = self.chord.len() == 1;
                self.chord.clear();
                let takes_alt = self.context() == Context::Composer && Composer::knows_alt(key);
                if key.alt && alone && !takes_alt {
                    // Where the program was slow for a moment Esc and the next key come as one: they are taken apart.
                    self.key(Key::plain(KeyCode::Esc), effects);
                    self.key(Key { alt: false, ..key }, effects);
                } else {
                    self.plain_key(key, effects);
                }
            }
        }
    }

    /// A key that no keymap entry takes.
    fn plain_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if self.overlay.is_none() && self.is_searching() {
            match key.code {
                KeyCode::Char(c) if !key.ctrl && !key.alt => self.search_type(c.encode_utf8(&mut [0; 4])),
                KeyCode::Backspace => self.search_backspace(),
                _ => {}
            }
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => match key.code {
                KeyCode::Char(' ') if picker.kind == PickerKind::File && picker.chosen().is_none() => {
                    self.leave_files(" ");
                }
                KeyCode::Char(c) if !key.ctrl && !key.alt => {
                    picker.type_char(c);
                    self.query_changed(effects);
                }
                KeyCode::Backspace if picker.query.is_empty() => self.overlay = None,
                KeyCode::Backspace => {
                    picker.backspace();
                    self.query_changed(effects);
                }
                _ => {}
            },
            Some(Overlay::Form(form)) => form.key(key),
            Some(Overlay::Compare(compare)) => match key.code {
                KeyCode::Left => compare.at = 0,
                KeyCode::Right => compare.at = 1,
                _ => {}
            },
            Some(Overlay::Help { .. } | Overlay::Inspect) => {}
            None if self.focus == Focus::Composer => {
                if key == Key::plain(KeyCode::Char('/')) && self.composer.is_empty() {
                    self.open_palette();
                } else if key == Key::plain(KeyCode::Char('@')) && self.composer.at_word_start() {
                    self.open_files("", effects);
                } else {
                    if self.composer.key(key) {
                        self.read_draft();
                    }
                }
            }
            None => {}
        }
    }
}
