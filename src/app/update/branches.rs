//! Which conversation is on screen, and which of its branches.

use crate::app::effect::Effect;
use crate::app::event::Opened;
use crate::app::focus::Focus;
use crate::app::scroll::Scroll;
use crate::app::state::{NoticeKind, State};
use crate::chat::{Conversation, Record, TurnId};

impl State {
    pub(super) fn opened(&mut self, opened: Opened) {
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
            return;
        }
        self.conversation = opened.conversation;
        self.system = self.conversation.system.clone();
        self.transcript_started = true;
        self.revision += 1;
        for turn in self.conversation.turns() {
            self.composer.remember(&turn.prompt);
        }
        self.show_head();
        self.find_what_was_chosen();
        let interrupted = self.conversation.head().is_some_and(|t| t.finish.is_none());
        if let Some(first) = opened.warnings.first() {
            let more = opened.warnings.len() - 1;
            let rest = if more > 0 {
                format!(" (and {more} more)")
            } else {
                String::new()
            };
            self.say(
                NoticeKind::Warning,
                format!("the transcript is damaged: {first}{rest}"),
            );
        } else if interrupted {
            self.say(
                NoticeKind::Warning,
                "the last answer was interrupted; Ctrl+R asks again",
            );
        }
        // It goes on as it was asked, unless another method was chosen.
        let asked = self.conversation.head().map(|turn| turn.method.clone());
        if let Some(method) = asked.filter(|method| self.methods.iter().any(|(name, _)| name == method))
            && self.methods.first().is_some_and(|(name, _)| *name == self.method)
        {
            self.method = method;
        }
        self.answered_before = self.conversation.head().map(|turn| turn.model.clone());
        self.tell_change_of_model();
    }

    pub(super) fn new_conversation(&mut self) {
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
            return;
        }
        self.conversation = Conversation::default();
        self.answered_before = None;
        self.transcript_started = false;
        self.revision += 1;
        self.show_head();
        self.focus = Focus::Composer;
    }

    pub(super) fn step_branch(&mut self, step: isize, effects: &mut Vec<Effect>) {
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
            return;
        }
        let Some(shown) = self.shown().map(|t| t.id) else {
            return;
        };
        // The nearest turn upwards that has another branch beside it.
        let path: Vec<TurnId> = self
            .conversation
            .path_to(Some(shown))
            .iter()
            .map(|t| t.id)
            .collect();
        for id in path.into_iter().rev() {
            let siblings = self.conversation.siblings(id);
            let at = siblings.iter().position(|s| *s == id).unwrap_or(0);
            if siblings.len() > 1 {
                let next = siblings[(at as isize + step).rem_euclid(siblings.len() as isize) as usize];
                let last = self.conversation.latest_below(next);
                let went_back = self.reading.is_some();
                self.record(Record::Head { turn: Some(last) }, effects);
                self.show_head();
                if went_back {
                    self.read_turn(next);
                }
                return;
            }
        }
        self.say(
            NoticeKind::Info,
            "there is no other branch: Ctrl+R or an edited prompt makes one",
        );
    }

    /// The panes show another branch.
    pub(super) fn show_head(&mut self) {
        self.branch_from = None;
        for waiting in &mut self.waiting {
            waiting.branch_from = None;
        }
        self.reading = None;
        self.lists_draft = false;
        self.selection = None;
        self.search = None;
        self.thinking_scroll = Scroll::Follow;
        self.answer_scroll = Scroll::Follow;
        self.refresh();
        // What the message keeps of earlier turns is another branch's now.
        self.list_draft();
    }
}
