//! What the actions do: the table from [`Action`] to the parts of the chat.

use super::moving::page_of;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::event::Listed;
use crate::app::focus::Focus;
use crate::app::picker::{Picker, PickerKind};
use crate::app::state::{NoticeKind, Overlay, State};

/// A key that ends something at its second press has to come again within this time.
pub(super) const AGAIN_WINDOW_MS: u64 = 2_000;

impl State {
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
                self.read_draft();
            }
            Action::HistoryBack | Action::HistoryForward => {
                let back = action == Action::HistoryBack;
                let last = self.waiting.pop_if(|_| back && self.composer.is_empty());
                if let Some(last) = last {
                    self.take_back(vec![last]);
                } else if self.composer.at_edge(back) {
                    self.composer.browse_history(back);
                    self.read_draft();
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
                    self.read_draft();
                }
            }
            Action::DeleteToStart => {
                if self.composer.delete_to_start() {
                    self.read_draft();
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
            Action::Redraw => effects.push(Effect::Redraw),
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
        let page = page_of(self.geometry.overlay);
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
            Action::DeleteToStart => {
                match &mut self.overlay {
                    Some(Overlay::Picker(picker)) => picker.set_query(""),
                    Some(Overlay::Form(form)) => form.write(""),
                    _ => {}
                }
                self.query_changed(effects);
                return true;
            }
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
                    self.read_draft();
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

    pub(super) fn fill_picker(&mut self, kind: PickerKind, rows: Vec<Listed>) {
        if let Some(Overlay::Picker(picker)) = &mut self.overlay
            && picker.kind == kind
        {
            picker.fill(rows);
        }
    }

    fn interrupt(&mut self, effects: &mut Vec<Effect>) {
        let armed = self.quit_armed_until_ms.take();
        let armed = armed.is_some_and(|until| until > self.now.elapsed_ms);
        if self.run.as_ref().is_some_and(|run| !run.stopping) || !self.waiting.is_empty() {
            self.stop_something(effects);
        } else if !self.composer.is_empty() {
            self.composer.take();
            self.read_draft();
            self.say(NoticeKind::Info, "↑ brings the message back");
        } else if armed {
            self.quit(effects);
        } else {
            let until = self.now.elapsed_ms + AGAIN_WINDOW_MS;
            self.quit_armed_until_ms = Some(until);
            self.say(NoticeKind::Info, "press Ctrl+C again to quit");
            // It stands as long as it is true.
            if let Some(notice) = &mut self.notice {
                notice.until_ms = Some(until);
            }
        }
    }

    pub(super) fn quit(&mut self, effects: &mut Vec<Effect>) {
        if self.run.is_some() {
            effects.push(Effect::Stop);
        }
        if self.pull.is_some() {
            effects.push(Effect::CancelPull);
        }
        // What was typed and not sent is in the history of the next session.
        effects.extend(self.waiting.iter().map(|waiting| Effect::Remember {
            text: waiting.draft.full(),
        }));
        if !self.composer.is_blank() {
            effects.push(Effect::Remember {
                text: self.composer.take(),
            });
        }
        effects.push(Effect::Quit);
    }
}
