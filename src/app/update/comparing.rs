//! Holding two answers to one prompt against each other, and making the second: by another seed, method or model, as a
//! branch beside the first.

use crate::app::action::Action;
use crate::app::compare::{Compare, Second, Side, Stage, With};
use crate::app::edits::statuses;
use crate::app::effect::Effect;
use crate::app::event::Listed;
use crate::app::picker::PickerKind;
use crate::app::scroll::Scroll;
use crate::app::state::{ModelState, NoticeKind, Overlay, State};
use crate::chat::{Finish, Record, TurnId};
use crate::constraints::check::Status;

impl State {
    /// Offers what the answer that is read, or the message being written, can be compared with.
    pub(super) fn choose_comparison(&mut self) {
        let writes = !self.composer.is_blank();
        if !writes && self.shown().is_none() {
            self.say(NoticeKind::Info, "there is no answer to compare yet");
            return;
        }
        let mut rows = Vec::new();
        let mut method = self.method.clone();
        if let Some(turn) = self.shown().filter(|_| !writes) {
            method.clone_from(&turn.method);
            let siblings = self.conversation.siblings(turn.id);
            for (at, id) in siblings.iter().enumerate().filter(|(_, id)| **id != turn.id) {
                let Some(other) = self.conversation.turn(*id) else {
                    continue;
                };
                rows.push(Listed {
                    id: format!("turn {}", id.0),
                    label: format!("branch {} of {}", at + 1, siblings.len()),
                    detail: format!("{} · {}", other.method, other.model),
                });
            }
        }
        rows.push(Listed {
            id: "seed".into(),
            label: "another seed".into(),
            detail: "the same model and method answer once more".into(),
        });
        for (name, about) in self.methods.iter().filter(|(name, _)| *name != method) {
            rows.push(Listed {
                id: format!("method {name}"),
                label: format!("method {name}"),
                detail: about.clone(),
            });
        }
        rows.push(Listed {
            id: "model".into(),
            label: "another model".into(),
            detail: "choose one; the one in use comes back afterwards".into(),
        });
        self.open_picker(PickerKind::Compare, rows);
    }

    pub(super) fn comparison_chosen(&mut self, id: &str, effects: &mut Vec<Effect>) {
        let with = match id.split_once(' ') {
            Some(("turn", number)) => {
                let second = number.parse().ok().map(TurnId);
                if let (Some(first), Some(second)) = (self.shown().map(|turn| turn.id), second) {
                    self.open_comparison(first, Some(second));
                }
                return;
            }
            Some(("method", name)) => With::Method(name.into()),
            _ if id == "model" => {
                self.open_waiting(PickerKind::CompareModel);
                effects.push(Effect::ListModels);
                return;
            }
            _ => With::Seed,
        };
        self.compare_with(with, effects);
    }

    pub(super) fn compared_model_chosen(&mut self, name: &str, effects: &mut Vec<Effect>) {
        let back = self.model_name.clone();
        self.compare_with(
            With::Model {
                name: name.into(),
                back,
            },
            effects,
        );
    }

    fn compare_with(&mut self, with: With, effects: &mut Vec<Effect>) {
        if self.run.is_some() || !matches!(self.model, ModelState::Ready(_)) {
            let words = if self.run.is_some() {
                "stop this answer first"
            } else {
                "the model is not ready yet"
            };
            self.say(NoticeKind::Info, words);
            return;
        }
        // A message is sent now, so that the same model can answer it twice at once.
        let at_once = !matches!(with, With::Model { .. });
        if !self.composer.is_blank() {
            self.send(effects);
        }
        let Some(first) = self.shown().map(|turn| turn.id) else {
            return;
        };
        self.open_comparison(first, None);
        self.second = Some(Second {
            first,
            with,
            stage: Stage::Waiting,
        });
        if at_once || self.run.is_none() {
            self.go_on_comparing(effects);
        }
    }

    /// Asks for the second answer, whose model is loaded first. The first is there, or was asked for with this very event.
    pub(super) fn go_on_comparing(&mut self, effects: &mut Vec<Effect>) {
        let Some(mut second) = self.second.take() else {
            return;
        };
        if let (With::Model { name, .. }, Stage::Waiting) = (&second.with, second.stage) {
            self.model = ModelState::Loading { name: name.clone() };
            effects.push(Effect::LoadModel {
                name: Some(name.clone()),
            });
            second.stage = Stage::Loading;
            self.second = Some(second);
            return;
        }
        let Some(first) = self.conversation.turn(second.first) else {
            return;
        };
        let (parent, prompt, edits) = (first.parent, first.prompt.clone(), first.edits.clone());
        let method = match &second.with {
            With::Method(name) => name.clone(),
            With::Seed | With::Model { .. } => first.method.clone(),
        };
        let turn = self.conversation.next_id();
        self.start_turn(parent, prompt, edits, method, effects);
        if self.run_of(turn).is_none() {
            return;
        }
        second.stage = Stage::Asked(turn);
        self.second = Some(second);
        self.see_second(turn);
    }

    /// The running turn ended: the second answer is next, or it was the second.
    pub(super) fn compared(&mut self, turn: TurnId, finish: Finish, effects: &mut Vec<Effect>) {
        let Some(second) = &self.second else {
            return;
        };
        match second.stage {
            // Who stops the first does not want the second.
            Stage::Waiting if matches!(finish, Finish::Stopped | Finish::Failed) => self.second = None,
            Stage::Waiting => self.go_on_comparing(effects),
            Stage::Asked(asked) if asked == turn => self.end_comparing(effects),
            Stage::Loading | Stage::Asked(_) => {}
        }
    }

    /// A model was loaded, or could not be.
    pub(super) fn compared_model_came(&mut self, is_here: bool, effects: &mut Vec<Effect>) {
        let is_awaited = self
            .second
            .as_ref()
            .is_some_and(|second| second.stage == Stage::Loading);
        if is_awaited && is_here {
            self.go_on_comparing(effects);
        } else if is_awaited {
            self.end_comparing(effects);
        }
    }

    /// The model that was in use before comes back.
    fn end_comparing(&mut self, effects: &mut Vec<Effect>) {
        if let Some(Second {
            with: With::Model { back, .. },
            ..
        }) = self.second.take()
        {
            self.model = ModelState::Loading {
                name: back.clone().unwrap_or_else(|| "the model used before".into()),
            };
            effects.push(Effect::LoadModel { name: back });
        }
    }

    pub(super) fn open_comparison(&mut self, first: TurnId, second: Option<TurnId>) {
        let sides = [self.side(first), second.and_then(|turn| self.side(turn))];
        self.overlay = Some(Overlay::Compare(Compare {
            sides,
            at: 0,
            read: first,
        }));
    }

    fn side(&self, id: TurnId) -> Option<Side> {
        let turn = self.conversation.turn(id)?;
        let run = self.run_of(id);
        let statuses = match run {
            Some(run) => run.check.statuses(),
            None => statuses(turn, self.semantics),
        };
        Some(Side {
            turn: id,
            scroll: if run.is_some() {
                Scroll::Follow
            } else {
                Scroll::At(0)
            },
            statuses,
        })
    }

    fn see_second(&mut self, turn: TurnId) {
        let side = self.side(turn);
        if let Some(Overlay::Compare(compare)) = &mut self.overlay {
            compare.sides[1] = side;
        }
    }

    /// The verdicts of a side follow its turn.
    pub(super) fn compare_statuses(&mut self, turn: TurnId, statuses: &[Status]) {
        if let Some(Overlay::Compare(compare)) = &mut self.overlay {
            for side in compare
                .sides
                .iter_mut()
                .flatten()
                .filter(|side| side.turn == turn)
            {
                side.statuses = statuses.to_vec();
            }
        }
    }

    /// True if the view of two answers took the action.
    pub(super) fn act_on_comparison(&mut self, action: Action, effects: &mut Vec<Effect>) -> bool {
        let Some(Overlay::Compare(compare)) = &mut self.overlay else {
            return false;
        };
        match action {
            Action::FocusNext | Action::FocusPrevious => compare.at = 1 - compare.at,
            Action::PreviousBranch | Action::NextBranch => {
                let step = if action == Action::NextBranch { 1 } else { -1 };
                let at = compare.at;
                let turn = compare.sides[at].as_ref().map(|side| side.turn);
                self.compare_branch(at, turn, step);
            }
            Action::Stop => {
                let read = compare.read;
                self.overlay = None;
                if self.run.is_none() {
                    self.keep(Some(read), effects);
                }
            }
            Action::Send => {
                let kept = compare.sides[compare.at].as_ref().map(|side| side.turn);
                self.overlay = None;
                self.keep(kept, effects);
            }
            _ => return false,
        }
        true
    }

    /// Goes to the branch of a side.
    fn keep(&mut self, turn: Option<TurnId>, effects: &mut Vec<Effect>) {
        let Some(turn) = turn else { return };
        if self.run.is_some() {
            if self.head().is_none_or(|head| head.id != turn) {
                self.say(
                    NoticeKind::Info,
                    "the other one is still being answered: it is on screen",
                );
            }
            return;
        }
        let last = self.conversation.latest_below(turn);
        if self.head().is_none_or(|head| head.id != last) {
            self.record(Record::Head { turn: Some(last) }, effects);
        }
        self.show_head();
        if last != turn {
            self.read_turn(turn);
        }
    }

    /// Shows another branch on side `at`.
    fn compare_branch(&mut self, at: usize, turn: Option<TurnId>, step: isize) {
        let Some(turn) = turn.filter(|_| self.second.is_none()) else {
            return;
        };
        let siblings = self.conversation.siblings(turn);
        let here = siblings.iter().position(|id| *id == turn).unwrap_or(0);
        let next = siblings[(here as isize + step).rem_euclid(siblings.len() as isize) as usize];
        let side = self.side(next);
        if let Some(Overlay::Compare(compare)) = &mut self.overlay {
            compare.sides[at] = side;
        }
    }

    pub(super) fn scroll_comparison(&mut self, lines: isize) {
        let views = self.geometry.compare;
        if let Some(Overlay::Compare(compare)) = &mut self.overlay {
            for (side, view) in compare.sides.iter_mut().zip(views) {
                side.iter_mut().for_each(|side| side.scroll.by(lines, view));
            }
        }
    }
}
