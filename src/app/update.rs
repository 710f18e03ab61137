//! Events to changes and effects: the entry, and what keys and actions do.

use super::action::Action;
use super::composer::Composer;
use super::effect::Effect;
use super::event::{Event, Listed, Now};
use super::input::{Input, Key, KeyCode};
use super::keymap::{Context, Lookup};
use super::picker::{Picker, PickerKind};
use super::scroll::{Scroll, Viewport};
use super::state::{Focus, NoticeKind, Overlay, State};

/// A second Ctrl+C within this time quits.
const QUIT_WINDOW_MS: u64 = 2_000;
/// Rows a page keeps of the page before.
const PAGE_OVERLAP: usize = 2;

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
            Event::Models(rows) => {
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
                self.draft_changed();
            }
            Event::Edited(text) => {
                self.composer.set_edited(&text);
                self.draft_changed();
            }
            Event::History(texts) => self.composer.remember_earlier(&texts),
            Event::Deleted { id } => self.deleted(&id),
            Event::SaveFailed(reason) => {
                let text = format!("this conversation is not being saved: {reason}");
                self.say(NoticeKind::Warning, text);
                self.unsaved = Some(reason);
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
                    self.draft_changed();
                }
            },
            Input::Wheel { column, row, lines } => self.wheel(column, row, lines),
            Input::Click { column, row } => self.click(column, row, effects),
            Input::Drag { column, row } => self.drag(column, row),
            Input::Release => self.release(effects),
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
            Lookup::Prefix => return,
            Lookup::Action(action) => {
                self.chord.clear();
                self.act(action, effects);
            }
            Lookup::Nothing => {
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
        if !matches!(self.quit_armed_until_ms, Some(until) if until > self.now.elapsed_ms) {
            self.quit_armed_until_ms = None;
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
                } else if self.composer.key(key) {
                    self.draft_changed();
                }
            }
            None => {}
        }
    }

    pub(super) fn draft_changed(&mut self) {
        self.send_when_ready = false;
        self.read_draft();
    }

    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        if self.overlay.is_some() && self.act_on_overlay(action, effects) {
            return;
        }
        if self.is_searching() && self.act_on_search(action) {
            return;
        }
        match action {
            Action::Send => self.send(effects),
            Action::Newline => {
                self.composer.insert("\n");
                self.draft_changed();
            }
            Action::HistoryBack | Action::HistoryForward => {
                let back = action == Action::HistoryBack;
                if self.composer.at_edge(back) {
                    self.composer.browse_history(back);
                    self.draft_changed();
                } else {
                    self.composer.move_caret(back);
                }
            }
            Action::Undo | Action::Redo => {
                let changed = if action == Action::Undo {
                    self.composer.undo()
                } else {
                    self.composer.redo()
                };
                if changed {
                    self.draft_changed();
                }
            }
            Action::Attach => {
                self.focus = Focus::Composer;
                self.open_files("", effects);
            }
            Action::Editor => effects.push(Effect::Edit {
                text: self.composer.editable_text(),
            }),
            Action::Stop if self.search.take().is_some() => {}
            Action::Stop => self.stop_something(effects),
            Action::EndThinking => self.end_thinking(effects),
            Action::Regenerate => self.regenerate(effects),
            Action::FocusNext => self.move_focus(1),
            Action::FocusPrevious => self.move_focus(-1),
            Action::FocusComposer => self.focus = Focus::Composer,
            Action::ScrollUp => self.scroll(-1),
            Action::ScrollDown => self.scroll(1),
            Action::PageUp => self.scroll(-self.page()),
            Action::PageDown => self.scroll(self.page()),
            Action::Top => self.scroll(isize::MIN),
            Action::Bottom => self.scroll(isize::MAX),
            Action::FoldThinking => {
                self.fold_thinking();
                self.remember(effects);
            }
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::ToggleSidebar => {
                self.sidebar_hidden = !self.sidebar_hidden;
                if self.sidebar_hidden && self.focus == Focus::Constraints {
                    self.focus = Focus::Answer;
                }
                self.remember(effects);
            }
            Action::PreviousTurn => self.step_turn(-1),
            Action::NextTurn => self.step_turn(1),
            Action::ShowPlace => self.show_place(),
            Action::EditConstraint => self.edit_constraint(),
            Action::AddConstraint => self.add_constraint(),
            Action::DropConstraint => self.drop_constraint(effects),
            Action::Inspect => self.inspect(),
            Action::Compare => self.choose_comparison(),
            Action::Search => self.open_search(),
            Action::NextHit => self.step_hit(1),
            Action::PreviousHit => self.step_hit(-1),
            Action::CopyCode => self.copy_code(effects),
            Action::CopyAnswer | Action::CopyThinking | Action::CopyTurn => {
                self.copy(action, effects);
            }
            Action::EditPrompt => self.edit_prompt(),
            Action::PreviousBranch => self.step_branch(-1, effects),
            Action::NextBranch => self.step_branch(1, effects),
            Action::NewConversation => self.new_conversation(),
            Action::Resume => {
                self.open_waiting(PickerKind::Conversation);
                effects.push(Effect::ListConversations);
            }
            Action::SearchAll => self.open_picker(PickerKind::Found, Vec::new()),
            Action::Rename => self.open_title(),
            Action::Export => self.open_formats(),
            Action::Delete => {
                self.open_waiting(PickerKind::Delete);
                effects.push(Effect::ListConversations);
            }
            Action::ChooseTheme => self.open_themes(),
            Action::ToggleMouse => {
                self.mouse = !self.mouse;
                effects.push(Effect::UseMouse(self.mouse));
                self.say(
                    NoticeKind::Info,
                    if self.mouse {
                        "the mouse scrolls, and selects within a pane"
                    } else {
                        "the mouse is the terminal's own again"
                    },
                );
            }
            Action::Palette => self.open_palette(),
            Action::ChooseModel => {
                self.open_waiting(PickerKind::Model);
                effects.push(Effect::ListModels);
            }
            Action::ChooseMethod => {
                let row = |(name, about): &(String, String)| Listed {
                    id: name.clone(),
                    label: name.clone(),
                    detail: about.clone(),
                };
                let rows = self.methods.iter().map(row).collect();
                self.open_picker(PickerKind::Method, rows);
            }
            Action::Help => self.overlay = Some(Overlay::Help { top: 0 }),
            Action::Interrupt => self.interrupt(effects),
            Action::Quit => self.quit(effects),
        }
    }

    /// True when the overlay took the action.
    fn act_on_overlay(&mut self, action: Action, effects: &mut Vec<Effect>) -> bool {
        if self.act_on_comparison(action, effects) {
            return true;
        }
        let page = self.geometry.overlay.height.saturating_sub(PAGE_OVERLAP).max(1) as isize;
        let lines = match action {
            Action::ScrollUp | Action::HistoryBack => -1,
            Action::ScrollDown | Action::HistoryForward => 1,
            Action::FocusNext if self.complete_path(effects) => return true,
            Action::FocusPrevious => -1,
            Action::FocusNext => 1,
            Action::Delete => {
                self.ask_to_delete();
                return true;
            }
            Action::PageUp => -page,
            Action::PageDown => page,
            Action::Top => isize::MIN,
            Action::Bottom => isize::MAX,
            Action::Send => {
                self.choose_from_overlay(effects);
                return true;
            }
            Action::Stop => {
                if self.leave_files("") {
                    return true;
                }
                // What was typed after a slash may have been the start of a message.
                if let Some(Overlay::Picker(Picker {
                    kind: PickerKind::Command,
                    query,
                    ..
                })) = self.overlay.take()
                    && query.contains(' ')
                    && self.composer.is_empty()
                {
                    self.composer.set_text(&format!("/{query}"));
                    self.draft_changed();
                }
                return true;
            }
            Action::Help | Action::Palette | Action::Inspect | Action::Compare => {
                self.overlay = None;
                return true;
            }
            Action::Interrupt | Action::Quit => {
                self.overlay = None;
                return false;
            }
            _ => return false,
        };
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.step(lines),
            Some(Overlay::Form(form)) => form.step(lines),
            Some(Overlay::Inspect) => self.selected = self.listing.step(self.selected, lines),
            Some(Overlay::Compare(_)) => self.scroll_comparison(lines),
            Some(Overlay::Help { top }) => {
                *top = top
                    .saturating_add_signed(lines)
                    .min(self.geometry.overlay.last_top());
            }
            None => {}
        }
        true
    }

    pub(super) fn open_palette(&mut self) {
        let row = |action: &Action| Listed {
            id: action.name().into(),
            label: format!("/{}", action.name()),
            detail: action.about().into(),
        };
        let rows = Action::ALL.iter().filter(|a| a.is_command()).map(row).collect();
        self.open_picker(PickerKind::Command, rows);
    }

    pub(super) fn open_picker(&mut self, kind: PickerKind, rows: Vec<Listed>) {
        self.overlay = Some(Overlay::Picker(Picker::new(kind, rows)));
    }

    pub(super) fn open_waiting(&mut self, kind: PickerKind) {
        self.overlay = Some(Overlay::Picker(Picker::waiting(kind)));
    }

    fn fill_picker(&mut self, kind: PickerKind, rows: Vec<Listed>) {
        if let Some(Overlay::Picker(picker)) = &mut self.overlay
            && picker.kind == kind
        {
            picker.fill(rows);
        }
    }

    fn interrupt(&mut self, effects: &mut Vec<Effect>) {
        let armed = self
            .quit_armed_until_ms
            .is_some_and(|until| until > self.now.elapsed_ms);
        if self.run.as_ref().is_some_and(|run| !run.stopping) {
            self.stop_something(effects);
        } else if !self.composer.is_empty() {
            // Kept in the history: one key brings it back.
            self.composer.take();
            self.draft_changed();
        } else if armed {
            self.quit(effects);
        } else {
            self.quit_armed_until_ms = Some(self.now.elapsed_ms + QUIT_WINDOW_MS);
            self.say(NoticeKind::Info, "press Ctrl+C again to quit");
        }
    }

    fn quit(&mut self, effects: &mut Vec<Effect>) {
        if self.run.is_some() {
            effects.push(Effect::Stop);
        }
        if self.pull.is_some() {
            effects.push(Effect::CancelPull);
        }
        // What was typed and not sent is in the history of the next session.
        if !self.composer.is_blank() {
            effects.push(Effect::Remember {
                text: self.composer.take(),
            });
        }
        effects.push(Effect::Quit);
    }

    fn move_focus(&mut self, step: isize) {
        let mut ring = vec![
            Focus::Composer,
            Focus::Thinking,
            Focus::Answer,
            Focus::Constraints,
        ];
        if self.sidebar_hidden {
            ring.pop();
        }
        let at = ring.iter().position(|f| *f == self.focus).unwrap_or(0);
        let next = (at as isize + step).rem_euclid(ring.len() as isize);
        self.focus = ring[next as usize];
    }

    /// The pane that scrolls: the focused one; while writing, the answer.
    fn scroll_target(&mut self) -> Option<(&mut Scroll, Viewport)> {
        match self.focus {
            Focus::Thinking => Some((&mut self.thinking_scroll, self.geometry.thinking)),
            Focus::Answer | Focus::Composer => Some((&mut self.answer_scroll, self.geometry.answer)),
            Focus::Constraints => None,
        }
    }

    fn page(&self) -> isize {
        let view = match self.focus {
            Focus::Thinking => self.geometry.thinking,
            Focus::Constraints => self.geometry.constraints,
            Focus::Answer | Focus::Composer => self.geometry.answer,
        };
        view.height.saturating_sub(PAGE_OVERLAP).max(1) as isize
    }

    fn scroll(&mut self, lines: isize) {
        match self.scroll_target() {
            Some((scroll, view)) => scroll.by(lines, view),
            None => {
                let row = self.listed().0.step(self.selected, lines);
                self.select(row);
            }
        }
    }

    fn wheel(&mut self, column: u16, row: u16, lines: i32) {
        let lines = lines as isize;
        if let Some(overlay) = &mut self.overlay {
            match overlay {
                Overlay::Picker(picker) => picker.step(lines.signum()),
                Overlay::Form(form) => form.step(lines.signum()),
                Overlay::Inspect => self.selected = self.listing.step(self.selected, lines.signum()),
                Overlay::Compare(_) => self.scroll_comparison(lines),
                Overlay::Help { top } => {
                    *top = top
                        .saturating_add_signed(lines)
                        .min(self.geometry.overlay.last_top());
                }
            }
        } else if self.geometry.thinking_area.contains(column, row) {
            self.thinking_scroll.by(lines, self.geometry.thinking);
        } else if self.geometry.answer_area.contains(column, row) {
            self.answer_scroll.by(lines, self.geometry.answer);
        }
    }
}
