//! Requirements changed by hand: of the turn that is read, or of the message being written.

use super::drafting::LIVE_DRAFT_BYTES;
use crate::app::edits::{Form, Target, checked, statuses};
use crate::app::effect::Effect;
use crate::app::event::Listed;
use crate::app::focus::Focus;
use crate::app::listing::Item;
use crate::app::picker::PickerKind;
use crate::app::state::{NoticeKind, Overlay, State};
use crate::chat::{Edit, Record, TurnId};
use crate::constraints::check::LiveCheck;
use crate::constraints::parse::{NodeKind, parse};
use crate::constraints::{Constraint, Kwargs, kinds};

/// Begins the id of the row that adds what is written.
const AS_WRITTEN: &str = "as written ";

impl State {
    /// Offers everything that can be asked for.
    pub(super) fn add_constraint(&mut self) {
        if self.shown().is_none() && self.composer.is_blank() {
            self.say(
                NoticeKind::Info,
                "write a message first: a requirement belongs to one",
            );
            return;
        }
        if self.focus == Focus::Composer && !self.composer.is_blank() && self.run.is_none() {
            self.show_draft(true);
        }
        self.open_picker(PickerKind::Constraint, requirements(""));
    }

    /// A requirement was chosen from the list: its arguments are asked for, if it has some and its words do not say them.
    pub(super) fn constraint_chosen(&mut self, id: &str, effects: &mut Vec<Effect>) {
        if let Some(words) = id.strip_prefix(AS_WRITTEN) {
            for constraint in parse(words).constraints {
                if let Some(form) = Form::new(&constraint.id, &constraint.kwargs, Target::Add) {
                    self.fill_in(form, effects);
                }
            }
            return;
        }
        let Some(form) = Form::new(id, &Kwargs::new(), Target::Add) else {
            return;
        };
        if form.fields.is_empty() {
            self.fill_in(form, effects);
        } else {
            self.overlay = Some(Overlay::Form(form));
        }
    }

    pub(super) fn edit_constraint(&mut self) {
        let Some(at) = self.chosen_constraint("changes") else {
            return;
        };
        let constraint = &self.listed().0.constraints[at];
        match Form::new(&constraint.id, &constraint.kwargs, Target::Change(at)) {
            Some(form) if !form.fields.is_empty() => self.overlay = Some(Overlay::Form(form)),
            _ => self.say(
                NoticeKind::Info,
                "there is nothing to change in it: it has no arguments",
            ),
        }
    }

    /// Drops the selected requirement, or brings it back.
    pub(super) fn drop_constraint(&mut self, effects: &mut Vec<Effect>) {
        let Some(at) = self.chosen_constraint("drops") else {
            return;
        };
        let dropped = self.listed().0.is_dropped(at);
        let edit = if dropped {
            Edit::Restore { at }
        } else {
            Edit::Drop { at }
        };
        self.change(edit, effects);
        let words = if dropped {
            "it is asked for again"
        } else {
            "dropped: it is no longer checked; the same key brings it back"
        };
        self.say(NoticeKind::Info, words);
    }

    /// Selects the requirement with this number, to change it.
    pub(super) fn choose_number(&mut self, number: &str) -> bool {
        let number = number.trim().parse::<usize>().ok();
        let (listing, _) = self.listed();
        let row = (0..listing.rows.len()).find(|row| number.is_some() && listing.number(*row) == number);
        match row {
            Some(row) => {
                self.focus = Focus::Constraints;
                self.select(row);
            }
            None => self.say(
                NoticeKind::Warning,
                "the list has no requirement with that number",
            ),
        }
        row.is_some()
    }

    /// The constraint of the selected row, once the reader is where it can be seen.
    fn chosen_constraint(&mut self, does: &str) -> Option<usize> {
        if self.focus != Focus::Constraints {
            self.sidebar_hidden = false;
            self.focus = Focus::Constraints;
            self.say(
                NoticeKind::Info,
                format!("choose a requirement here; the same key {does} it"),
            );
            return None;
        }
        let row = self
            .listed()
            .0
            .rows
            .get(self.selected)
            .map(|row| row.item.clone());
        match row {
            Some(Item::Constraint(at)) => Some(at),
            Some(_) => {
                self.say(
                    NoticeKind::Info,
                    "this is not checked by a rule, so there is nothing to change",
                );
                None
            }
            None => {
                self.say(
                    NoticeKind::Info,
                    "this prompt asks for nothing that can be checked",
                );
                None
            }
        }
    }

    /// Takes in a form; one with a mistake stays open and says what it is.
    pub(super) fn fill_in(&mut self, mut form: Form, effects: &mut Vec<Effect>) {
        let prompt = if self.is_listing_draft() {
            self.composer.readable_text(LIVE_DRAFT_BYTES)
        } else {
            self.shown().map(|turn| turn.prompt.clone()).unwrap_or_default()
        };
        let kwargs = match form.kwargs(&prompt) {
            Ok(kwargs) => kwargs,
            Err(problem) => {
                form.problem = Some(problem);
                self.overlay = Some(Overlay::Form(form));
                return;
            }
        };
        let edit = match form.target {
            Target::Change(at) => Edit::Change { at, kwargs },
            Target::Add => Edit::Add {
                constraint: Constraint {
                    id: form.id.into(),
                    kwargs,
                    span: 0..0,
                    scope: None,
                },
            },
        };
        self.change(edit, effects);
    }

    /// Changes what the sidebar lists.
    fn change(&mut self, edit: Edit, effects: &mut Vec<Effect>) {
        let added = matches!(edit, Edit::Add { .. });
        if self.is_listing_draft() {
            self.change_draft(edit);
        } else if let Some(turn) = self.shown().map(|turn| turn.id) {
            self.edit_turn(turn, edit, effects);
            self.relist();
        }
        if added {
            let (listing, _) = self.listed();
            let newest = listing.constraints.len().saturating_sub(1);
            self.selected = listing.row_of(newest).unwrap_or(self.selected);
        }
    }

    /// Records a change to a turn; the check of its answer begins again with the new list.
    pub(super) fn edit_turn(&mut self, id: TurnId, edit: Edit, effects: &mut Vec<Effect>) {
        let mut checked = Vec::new();
        let semantics = self.semantics;
        if let Some(mut turn) = self.conversation.turn(id).cloned() {
            edit.apply(&mut turn.constraints);
            turn.edits.push(edit.clone());
            if turn.finish.is_some() {
                checked = self::checked(&turn, &statuses(&turn, semantics));
            }
            if let Some(run) = self.runs().find(|run| run.turn == id) {
                run.check = LiveCheck::new(&turn.constraints, &turn.prompt, semantics);
                run.check.feed(&turn.answer, &turn.answer);
            }
        }
        self.record(
            Record::Edit {
                turn: id,
                edit,
                checked,
            },
            effects,
        );
    }
}

/// What can be added: what is written, if it is read as requirements, and every kind there is.
pub(super) fn requirements(written: &str) -> Vec<Listed> {
    let is_id = kinds::all().any(|kind| kind.id.contains(written));
    let reading = parse(written);
    // What is added holds for the whole answer: no part of it, no branch, no step.
    let whole = reading
        .tree
        .children
        .iter()
        .all(|node| node.kind == NodeKind::Atom)
        && reading
            .constraints
            .iter()
            .all(|constraint| constraint.scope.is_none());
    let read = if is_id || !whole {
        Vec::new()
    } else {
        reading.constraints
    };
    let labels: Vec<String> = read.iter().map(Constraint::label).collect();
    let as_written = (!read.is_empty()).then(|| Listed {
        id: format!("{AS_WRITTEN}{written}"),
        label: written.into(),
        detail: labels.join(" · "),
    });
    let kinds = kinds::all().map(|kind| Listed {
        id: kind.id.into(),
        label: kind.about.into(),
        detail: kind.id.into(),
    });
    as_written.into_iter().chain(kinds).collect()
}
