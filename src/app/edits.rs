//! Changing by hand what a prompt asks for: adding, changing, dropping, bringing back.
//!
//! Owns the form for a requirement's arguments, and the changes to a draft, which is read anew with every key: those name
//! what they change by its id and words. When the draft is sent they become [`Edit`]s of its turn, by position.

use serde_json::Value;

use super::effect::Effect;
use super::event::Listed;
use super::input::{Key, KeyCode};
use super::listing::{Item, Listing};
use super::picker::PickerKind;
use super::state::{Focus, LIVE_DRAFT_BYTES, NoticeKind, Overlay, State};
use crate::chat::{CheckedConstraint, Edit, Record, Turn, TurnId};
use crate::constraints::check::{LiveCheck, Status, decide};
use crate::constraints::kinds::{self, Arg, ArgType};
use crate::constraints::parse::{follow, parse};
use crate::constraints::{Constraint, Kwargs, Semantics};

/// A change to what a draft asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum DraftEdit {
    Add(Constraint),
    Change {
        of: Stated,
        kwargs: Kwargs,
    },
    Drop {
        of: Stated,
    },
    /// One of an earlier turn does not hold on.
    Forget {
        id: String,
        kwargs: Kwargs,
    },
}

/// A requirement by what it is and how the prompt says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    id: String,
    words: String,
}

impl Stated {
    fn new(constraint: &Constraint, prompt: &str) -> Self {
        Self {
            id: constraint.id.clone(),
            words: prompt.get(constraint.span.clone()).unwrap_or_default().into(),
        }
    }
}

/// The changes by their positions in what was read of `prompt`; those about words that are gone are left out. What holds on
/// from earlier turns, `kept`, comes behind what was added.
pub(super) fn positioned(
    edits: &[DraftEdit],
    read: &[Constraint],
    prompt: &str,
    kept: Vec<Edit>,
) -> Vec<Edit> {
    let position = |of: &Stated| read.iter().position(|c| Stated::new(c, prompt) == *of);
    let added = edits
        .iter()
        .filter(|edit| matches!(edit, DraftEdit::Add(_)))
        .count();
    let forgotten = |edit: &Edit| match edit {
        Edit::Keep { constraint, .. } => edits.iter().any(|edit| match edit {
            DraftEdit::Forget { id, kwargs } => *id == constraint.id && *kwargs == constraint.kwargs,
            _ => false,
        }),
        _ => false,
    };
    let dropped: Vec<Edit> = kept
        .iter()
        .enumerate()
        .filter(|(_, edit)| forgotten(edit))
        .map(|(nth, _)| Edit::Drop {
            at: read.len() + added + nth,
        })
        .collect();
    let by_hand = edits.iter().filter_map(|edit| {
        Some(match edit {
            DraftEdit::Forget { .. } => return None,
            DraftEdit::Add(constraint) => Edit::Add {
                constraint: constraint.clone(),
            },
            DraftEdit::Change { of, kwargs } => Edit::Change {
                at: position(of)?,
                kwargs: kwargs.clone(),
            },
            DraftEdit::Drop { of } => Edit::Drop { at: position(of)? },
        })
    });
    by_hand.chain(kept).chain(dropped).collect()
}

/// The changes by hand to a turn, as changes to a draft that begins with its prompt.
fn as_draft(turn: &Turn) -> Vec<DraftEdit> {
    let read = turn.as_read.as_ref().unwrap_or(&turn.constraints);
    let mut edits = Vec::new();
    for (at, (constraint, was)) in turn.constraints.iter().zip(read).enumerate() {
        let of = || Stated::new(was, &turn.prompt);
        if constraint.kwargs != was.kwargs {
            let kwargs = constraint.kwargs.clone();
            edits.push(DraftEdit::Change { of: of(), kwargs });
        }
        if turn.is_dropped(at) {
            edits.push(DraftEdit::Drop { of: of() });
        }
    }
    let added = turn.edits.iter().filter(|edit| edit.adds());
    for ((nth, edit), constraint) in added.enumerate().zip(turn.constraints.iter().skip(read.len())) {
        let dropped = turn.is_dropped(read.len() + nth);
        match edit {
            Edit::Add { .. } if !dropped => edits.push(DraftEdit::Add(constraint.clone())),
            Edit::Keep { .. } if dropped => edits.push(DraftEdit::Forget {
                id: constraint.id.clone(),
                kwargs: constraint.kwargs.clone(),
            }),
            _ => {}
        }
    }
    edits
}

/// What the verdicts of a finished answer are, by both meanings. What was dropped has none.
pub(super) fn checked(turn: &Turn, statuses: &[Status]) -> Vec<CheckedConstraint> {
    let mut checked = Vec::new();
    for (at, (constraint, status)) in turn.constraints.iter().zip(statuses).enumerate() {
        if turn.is_dropped(at) {
            continue;
        }
        let official = decide(constraint, &turn.prompt, &turn.answer, Semantics::Official);
        checked.push(CheckedConstraint {
            constraint: at,
            verdict: status.verdict,
            strict: official.strict,
            loose: official.loose,
            value: status.value.clone(),
        });
    }
    checked
}

/// The arguments of one requirement, being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub id: &'static str,
    pub about: &'static str,
    pub fields: Vec<Field>,
    /// The field that keys go to.
    pub at: usize,
    /// What is wrong with what was written.
    pub problem: Option<String>,
    target: Target,
}

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub kind: ArgType,
    pub optional: bool,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Add,
    /// The constraint at this position.
    Change(usize),
}

const RELATIONS: [&str; 3] = ["at least", "less than", "exactly"];
const YES: &str = "yes";

impl Field {
    fn new(arg: &'static Arg, given: Option<&Value>) -> Self {
        let text = match (arg.kind, given) {
            (ArgType::Flag, Some(Value::Bool(true))) => YES.into(),
            (ArgType::Relation, None) if !arg.optional => RELATIONS[0].into(),
            (_, None | Some(Value::Null | Value::Bool(_))) => String::new(),
            (_, Some(Value::Array(items))) => {
                let quoted = |item: &Value| {
                    let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                    if text.contains([',', '"']) {
                        format!("\"{}\"", text.replace('"', ""))
                    } else {
                        text
                    }
                };
                items.iter().map(quoted).collect::<Vec<_>>().join(", ")
            }
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(other)) => other.to_string(),
        };
        Self {
            name: arg.name,
            kind: arg.kind,
            optional: arg.optional,
            text,
        }
    }

    /// How it is to be filled in.
    pub fn hint(&self) -> &'static str {
        match self.kind {
            ArgType::Count => "a number",
            ArgType::Relation => "← → changes it",
            ArgType::Text => "a text",
            ArgType::TextList => "several: put commas between them",
            ArgType::Language => "a language code, as en or zh-cn",
            ArgType::Flag => "← → changes it",
        }
    }

    /// The argument; `None` if it is left out.
    fn value(&self) -> Option<Value> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        Some(match self.kind {
            ArgType::Count => match (text.parse::<u64>(), text.parse::<f64>()) {
                (Ok(whole), _) => whole.into(),
                (_, Ok(number)) => number.into(),
                _ => text.into(),
            },
            ArgType::Flag => (text == YES).into(),
            ArgType::TextList => items(text).into(),
            // A phrase may begin or end with a space that matters.
            ArgType::Text => self.text.clone().into(),
            ArgType::Relation | ArgType::Language => text.into(),
        })
    }

    /// The next or previous of the values there are to choose from.
    fn turn(&mut self, back: bool) {
        match self.kind {
            ArgType::Flag => {
                self.text = if self.text.is_empty() {
                    YES.into()
                } else {
                    String::new()
                };
            }
            ArgType::Relation => {
                let mut values = RELATIONS.to_vec();
                if self.optional {
                    values.insert(0, "");
                }
                let at = values.iter().position(|v| *v == self.text).unwrap_or(0);
                let step = if back { values.len() - 1 } else { 1 };
                self.text = values[(at + step) % values.len()].into();
            }
            _ => {}
        }
    }

    fn is_choice(&self) -> bool {
        matches!(self.kind, ArgType::Flag | ArgType::Relation)
    }
}

/// `a, "b, c"` to `a` and `b, c`.
fn items(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '，' | '、' if !quoted => items.push(String::new()),
            c => items.last_mut().into_iter().for_each(|item| item.push(c)),
        }
    }
    items
        .into_iter()
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

impl Form {
    fn new(id: &str, kwargs: &Kwargs, target: Target) -> Option<Self> {
        let kind = kinds::find(id)?;
        Some(Self {
            id: kind.id,
            about: kind.about,
            fields: kind
                .args
                .iter()
                .map(|arg| Field::new(arg, kwargs.get(arg.name)))
                .collect(),
            at: 0,
            problem: None,
            target,
        })
    }

    pub fn is_new(&self) -> bool {
        self.target == Target::Add
    }

    pub(super) fn step(&mut self, fields: isize) {
        let last = self.fields.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(fields).min(last);
    }

    /// Writes the field anew.
    pub(super) fn write(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.at) {
            text.clone_into(&mut field.text);
            self.problem = None;
        }
    }

    pub(super) fn key(&mut self, key: Key) {
        let Some(field) = self.fields.get_mut(self.at) else {
            return;
        };
        self.problem = None;
        match key.code {
            KeyCode::Left | KeyCode::Right => field.turn(key.code == KeyCode::Left),
            KeyCode::Char(_) if field.is_choice() => field.turn(false),
            KeyCode::Char(c) if !key.ctrl && !key.alt => field.text.push(c),
            KeyCode::Backspace if field.is_choice() => field.turn(true),
            KeyCode::Backspace => {
                field.text.pop();
            }
            _ => {}
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.at).filter(|field| !field.is_choice()) {
            let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            field.text.extend(one_line.take(2000));
            self.problem = None;
        }
    }

    /// What was written; the problem is in words, if there is one.
    fn kwargs(&self, prompt: &str) -> Result<Kwargs, String> {
        let given = self
            .fields
            .iter()
            .filter_map(|f| Some((f.name.to_owned(), f.value()?)));
        let kwargs: Kwargs = given.collect();
        let kind = kinds::find(self.id).ok_or("nobody knows this requirement any more")?;
        kind.checker(&kwargs, prompt, Semantics::AsWorded)
            .map(|_| kwargs)
            .map_err(|e| e.to_string())
    }
}

impl State {
    /// The message begins with a turn's prompt, and with what was changed by hand in what it asks for.
    pub(super) fn take_edits_of(&mut self, turn: TurnId) {
        self.draft_edits = self.conversation.turn(turn).map(as_draft).unwrap_or_default();
    }

    /// What `prompt` asks for by itself where it follows `parent`, and what holds on from the turns before it.
    pub(super) fn followed(&self, parent: Option<TurnId>, prompt: &str) -> (Vec<Constraint>, Vec<Edit>) {
        let path = self.conversation.path_to(parent);
        let short = |prompt: &str| prompt.len() <= LIVE_DRAFT_BYTES;
        // A prompt of that size is a text to work on, not one that sets rules.
        let mut prompts: Vec<&str> = path
            .iter()
            .map(|turn| {
                if short(&turn.prompt) {
                    turn.prompt.as_str()
                } else {
                    ""
                }
            })
            .collect();
        if prompts.is_empty() || !short(prompt) {
            return (parse(prompt).constraints, Vec::new());
        }
        prompts.push(prompt);
        let mut stated = Vec::new();
        let mut kept = Vec::new();
        for active in follow(&prompts).pop().unwrap_or_default() {
            match path.get(active.from_turn - 1) {
                Some(turn) => kept.push(Edit::Keep {
                    constraint: active.constraint,
                    from: turn.id,
                }),
                None => stated.push(active.constraint),
            }
        }
        (stated, kept)
    }

    /// The turn that the message being written will follow.
    pub(super) fn draft_parent(&self) -> Option<TurnId> {
        self.branch_from
            .unwrap_or_else(|| self.conversation.head().map(|turn| turn.id))
    }

    /// The draft is read: its list follows, and the sidebar shows it unless an answer is being made.
    pub(super) fn list_draft(&mut self) {
        let blank = self.composer.is_blank();
        if blank {
            self.draft_edits.clear();
        }
        let text = self.composer.readable_text(LIVE_DRAFT_BYTES);
        let before: usize = self
            .conversation
            .path_to(self.draft_parent())
            .iter()
            .map(|t| t.prompt.len())
            .sum();
        let kept = if !blank && before + text.len() <= LIVE_DRAFT_BYTES {
            let (stated, kept) = self.followed(self.draft_parent(), &text);
            self.draft_stated = stated;
            kept
        } else {
            self.draft_stated.clone_from(&self.draft.constraints);
            Vec::new()
        };
        let edits = positioned(&self.draft_edits, &self.draft_stated, &text, kept);
        self.draft_listing = Listing::of_draft(&self.draft, &self.draft_stated, &edits);
        let shows = !blank && self.run.is_none() && !self.draft_listing.is_empty();
        self.show_draft(shows);
        let last = self.listed().0.rows.len().saturating_sub(1);
        self.selected = self.selected.min(last);
    }

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
        let row = |kind: &kinds::Kind| Listed {
            id: kind.id.into(),
            label: kind.about.into(),
            detail: kind.id.into(),
        };
        self.open_picker(PickerKind::Constraint, kinds::all().map(row).collect());
    }

    /// A requirement was chosen from the list: its arguments are asked for, if it has some.
    pub(super) fn constraint_chosen(&mut self, id: &str, effects: &mut Vec<Effect>) {
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
            let mut check = LiveCheck::new(&turn.constraints, &turn.prompt, semantics);
            check.feed(&turn.answer, &turn.answer);
            if turn.finish.is_some() {
                check.finish(&turn.answer);
                checked = self::checked(&turn, &check.statuses());
            }
            if let Some(run) = self.run.as_mut().filter(|run| run.turn == id) {
                run.check = check;
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

    fn change_draft(&mut self, edit: Edit) {
        let prompt = self.composer.readable_text(LIVE_DRAFT_BYTES);
        let read = self.draft_stated.len();
        let behind = read
            + self
                .draft_edits
                .iter()
                .filter(|e| matches!(e, DraftEdit::Add(_)))
                .count();
        let of_earlier = |at: usize| {
            let constraint = self.draft_listing.constraints.get(at)?;
            Some(DraftEdit::Forget {
                id: constraint.id.clone(),
                kwargs: constraint.kwargs.clone(),
            })
        };
        let stated = |at: usize| Stated::new(&self.draft_stated[at], &prompt);
        // Position among the added ones, of a position behind what was read.
        let added = |edits: &[DraftEdit], at: usize| {
            let mut places = edits
                .iter()
                .enumerate()
                .filter(|(_, e)| matches!(e, DraftEdit::Add(_)));
            places.nth(at - read).map(|(place, _)| place)
        };
        match edit {
            Edit::Drop { at } if at >= behind => {
                let forget = of_earlier(at);
                self.draft_edits.extend(forget);
            }
            Edit::Restore { at } if at >= behind => {
                let forget = of_earlier(at);
                self.draft_edits.retain(|edit| Some(edit) != forget.as_ref());
            }
            // Another one takes its place.
            Edit::Change { at, kwargs } if at >= behind => {
                let forget = of_earlier(at);
                let changed = self
                    .draft_listing
                    .constraints
                    .get(at)
                    .map(|constraint| Constraint {
                        kwargs,
                        ..constraint.clone()
                    });
                self.draft_edits.extend(forget);
                self.draft_edits.extend(changed.map(DraftEdit::Add));
            }
            Edit::Keep { .. } => {}
            Edit::Add { constraint } => self.draft_edits.push(DraftEdit::Add(constraint)),
            Edit::Change { at, kwargs } if at < read => {
                let of = stated(at);
                self.draft_edits
                    .retain(|e| !matches!(e, DraftEdit::Change { of: other, .. } if *other == of));
                self.draft_edits.push(DraftEdit::Change { of, kwargs });
            }
            Edit::Change { at, kwargs } => {
                if let Some(place) = added(&self.draft_edits, at)
                    && let DraftEdit::Add(constraint) = &mut self.draft_edits[place]
                {
                    constraint.kwargs = kwargs;
                }
            }
            Edit::Drop { at } if at < read => {
                let of = stated(at);
                self.draft_edits.push(DraftEdit::Drop { of });
            }
            Edit::Drop { at } => {
                if let Some(place) = added(&self.draft_edits, at) {
                    self.draft_edits.remove(place);
                }
            }
            Edit::Restore { at } if at < read => {
                let of = stated(at);
                self.draft_edits
                    .retain(|e| !matches!(e, DraftEdit::Drop { of: other } if *other == of));
            }
            Edit::Restore { .. } => {}
        }
        self.list_draft();
    }
}
