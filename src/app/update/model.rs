//! Which model answers: looking for one, loading, fetching, changing.

use super::actions::AGAIN_WINDOW_MS;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::event::{ModelEvent, PullEvent};
use crate::app::keymap::Context;
use crate::app::state::{ModelState, NoticeKind, Pull, State};

impl State {
    pub(super) fn model_event(&mut self, event: ModelEvent, effects: &mut Vec<Effect>) {
        match event {
            ModelEvent::Missing { starter, about } => {
                self.model = ModelState::Absent {
                    reason: "no model on this machine yet".into(),
                };
                self.start_pull(starter, about, effects);
            }
            ModelEvent::Loading { name } => self.model = ModelState::Loading { name },
            ModelEvent::Ready(info) => {
                self.model = ModelState::Ready(info);
                self.model_before = None;
                self.tell_change_of_model();
                self.compared_model_came(true, effects);
                self.send_waiting(effects);
            }
            ModelEvent::LoadFailed { message } => {
                match self.model_before.take().filter(|_| self.second.is_none()) {
                    // What worked works on.
                    Some(before) => {
                        self.say(NoticeKind::Error, message);
                        self.model_name = Some(before.clone());
                        self.model = ModelState::Loading { name: before.clone() };
                        effects.push(Effect::LoadModel { name: Some(before) });
                    }
                    None => self.lose_model(message),
                }
                self.compared_model_came(false, effects);
            }
            ModelEvent::Stream { turn, event } => self.stream(turn, event, effects),
            ModelEvent::Finished { turn, result } => self.finished(turn, result, effects),
        }
    }

    pub(super) fn pull_event(&mut self, event: PullEvent, effects: &mut Vec<Effect>) {
        match (event, &mut self.pull) {
            (PullEvent::Note(note), Some(pull)) => pull.notes.push(note),
            (
                PullEvent::Progress {
                    done,
                    total,
                    bytes_per_s,
                },
                Some(pull),
            ) => {
                (pull.done, pull.total, pull.bytes_per_s) = (done, total, bytes_per_s);
            }
            (PullEvent::Verifying, Some(pull)) => pull.verifying = true,
            (PullEvent::Done { name }, _) => {
                self.pull = None;
                if matches!(self.model, ModelState::Ready(_)) {
                    self.say(NoticeKind::Info, format!("{name} is here: choose it with /model"));
                } else {
                    self.use_model(name, effects);
                }
            }
            (PullEvent::Cancelled, _) => {
                self.pull = None;
                if matches!(self.model, ModelState::Absent { .. }) {
                    self.lose_model("the download was cancelled".into());
                }
            }
            (PullEvent::Failed(message), _) => {
                self.pull = None;
                if matches!(self.model, ModelState::Absent { .. }) {
                    self.lose_model(message);
                } else {
                    self.say(NoticeKind::Error, message);
                }
            }
            (_, None) => {}
        }
    }

    /// There is no model to talk to. Why is said once: where nothing was said yet it has the screen to itself.
    fn lose_model(&mut self, reason: String) {
        if self.head().is_some() {
            self.say(NoticeKind::Error, reason.clone());
        }
        self.model = ModelState::Absent { reason };
    }

    /// Says once that another model goes on with a conversation, as soon as it is known which.
    pub(super) fn tell_change_of_model(&mut self) {
        let ModelState::Ready(info) = &self.model else {
            return;
        };
        let now = info.name.clone();
        if let Some(before) = self.answered_before.take().filter(|before| *before != now) {
            let text = format!("{before} answered until now; {now} goes on");
            let said = self.notice.take().filter(|n| n.kind == NoticeKind::Warning);
            let text = said.map_or(text.clone(), |notice| format!("{} · {text}", notice.text));
            self.say(NoticeKind::Warning, text);
        }
    }

    /// Loads a model from the list, or fetches it first. Its row's id says which: `pull NAME`, else the name itself.
    pub(super) fn use_model(&mut self, id: String, effects: &mut Vec<Effect>) {
        if let Some(name) = id.strip_prefix("pull ") {
            self.start_pull(name.into(), String::new(), effects);
        } else if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
        } else {
            if let ModelState::Ready(info) = &self.model {
                self.model_before = Some(self.model_name.clone().unwrap_or(info.name.clone()));
            }
            self.model_name = Some(id.clone());
            self.model = ModelState::Loading { name: id.clone() };
            effects.push(Effect::LoadModel { name: Some(id) });
        }
    }

    /// A key that was meant for the message must not end a download, so that takes two where something is written.
    pub(super) fn cancel_pull(&mut self, effects: &mut Vec<Effect>) {
        let armed = self.cancel_armed_until_ms;
        if self.composer.is_empty() || armed.is_some_and(|until| until > self.now.elapsed_ms) {
            self.notice = None;
            effects.push(Effect::CancelPull);
            return;
        }
        self.cancel_armed_until_ms = Some(self.now.elapsed_ms + AGAIN_WINDOW_MS);
        let key = self.keymap.key_for(Context::Composer, Action::Stop);
        let key = key.unwrap_or("/stop".into());
        self.say(
            NoticeKind::Info,
            format!("press {key} again to cancel the download"),
        );
    }

    fn start_pull(&mut self, name: String, about: String, effects: &mut Vec<Effect>) {
        if self.pull.is_some() {
            self.say(NoticeKind::Info, "one download at a time");
            return;
        }
        self.pull = Some(Pull::new(name.clone(), about));
        effects.push(Effect::Pull { name });
    }
}

impl Pull {
    fn new(name: String, about: String) -> Self {
        Self {
            name,
            about,
            notes: Vec::new(),
            done: 0,
            total: 0,
            bytes_per_s: 0,
            verifying: false,
        }
    }
}
