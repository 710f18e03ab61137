//! One row of the sidebar.

use ratatui::style::Modifier;

use super::super::paragraph;
use super::{short, sign};
use crate::app::State;
use crate::app::listing::{Item, Listing, Origin};
use crate::chat::CheckedConstraint;
use crate::constraints::check::{Applies, Status};
use crate::constraints::{Constraint, Verdict};
use crate::ui::ink::{Ink, InkRow};
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};
use crate::ui::wrap::Wrapped;

/// Rows that the name of one that is not selected may take.
const NAME_ROWS: usize = 2;
/// Deeper rows are indented no further.
const DEEPEST: usize = 3;

/// What rows are made of.
pub struct Looks<'a> {
    unanswered: bool,
    listing: &'a Listing,
    statuses: &'a [Status],
    checked: &'a [CheckedConstraint],
}

/// The published checkers say otherwise than the words do.
struct Otherwise {
    strict: bool,
    loose: bool,
}

impl<'a> Looks<'a> {
    pub fn new(state: &'a State) -> Self {
        let (listing, statuses) = state.listed();
        let finished = state
            .shown()
            .filter(|turn| turn.finish.is_some() && !state.is_listing_draft());
        Self {
            unanswered: state.is_unanswered(),
            listing,
            statuses,
            checked: finished.map_or(&[], |turn| &turn.checked),
        }
    }

    pub fn row(&self, index: usize, selected: bool, columns: usize) -> Vec<InkRow> {
        let Some(row) = self.listing.rows.get(index) else {
            return Vec::new();
        };
        let indent = 2 * row.depth.min(DEEPEST);
        let heading = |text: &str, role: Role| {
            let mut line = InkRow::new(&" ".repeat(indent + 1), Role::Text);
            line.push(&ellipsis(text, columns.saturating_sub(indent + 1)), role);
            vec![line]
        };
        match &row.item {
            Item::Step(1) => heading("first", Role::Label),
            Item::Step(_) => heading("then", Role::Label),
            Item::Part(part) => heading(&format!("in {} {}", part.part, part.index), Role::Label),
            Item::Earlier => heading("from earlier turns", Role::Label),
            Item::Nothing => heading("nothing that can be checked", Role::Muted),
            Item::Selection(of) => {
                let words = match Listing::branch(self.statuses, of, &[]) {
                    Applies::Taken => "one of",
                    _ if self.statuses.is_empty() => "one of, by condition",
                    _ => "one of · undecided which",
                };
                heading(words, Role::Label)
            }
            Item::Branch {
                condition,
                of,
                others,
            } => match Listing::branch(self.statuses, of, others) {
                Applies::Taken => heading(&format!("{condition} · taken"), Role::Label),
                Applies::NotTaken => heading(&format!("{condition} · not taken"), Role::Muted),
                Applies::Undecided | Applies::Always => heading(condition, Role::Label),
            },
            Item::Constraint(at) => self.constraint(index, *at, selected, columns),
            Item::Soft(at) => {
                let text = self.listing.soft.get(*at).map_or("", |soft| soft.text.as_str());
                let entry = Entry {
                    sign: ("~", Role::Judged),
                    number: self.listing.number(index),
                    name: text.to_owned(),
                    name_ink: Role::Judged.into(),
                    value: "not checked".into(),
                    value_role: Role::Muted,
                    indent,
                };
                let mut rows = entry.rows(selected, columns);
                if selected {
                    rows.extend(paragraph("no rule decides it", Role::Muted, columns, indent + 3));
                }
                rows
            }
        }
    }

    fn constraint(&self, index: usize, at: usize, selected: bool, columns: usize) -> Vec<InkRow> {
        let Some(constraint) = self.listing.constraints.get(at) else {
            return Vec::new();
        };
        let indent = 2 * self
            .listing
            .rows
            .get(index)
            .map_or(0, |row| row.depth)
            .min(DEEPEST);
        let status = self.statuses.get(at);
        let verdict = status.map_or(Verdict::Pending, |status| status.verdict);
        let dropped = self.listing.is_dropped(at);
        let counts = !dropped && status.is_none_or(|status| status.applies != Applies::NotTaken);
        let (mark, role) = if dropped {
            ("–", Role::Muted)
        } else {
            sign(verdict)
        };
        let otherwise = self.otherwise(at, status);
        let mut value = match (dropped, verdict) {
            (true, _) => "dropped".into(),
            (_, Verdict::NotCheckable) if counts => "not checked".into(),
            (_, Verdict::NotCheckable) => String::new(),
            _ => status.map_or(String::new(), |status| status.value.clone()),
        };
        if otherwise.is_some() && counts {
            value.push_str(if value.is_empty() { "≠" } else { " ≠" });
        }
        let mut name = self.name(index, constraint);
        if matches!(self.listing.origin(at), Origin::Added | Origin::Changed) {
            name.push('*');
        }
        let entry = Entry {
            sign: (mark, if counts { role } else { Role::Muted }),
            number: self.listing.number(index),
            name,
            name_ink: match (counts, role) {
                (false, _) => Role::Muted.into(),
                (_, Role::Judged) => Role::Judged.into(),
                (_, Role::Bad) => Ink::from(Role::Text).with(Modifier::BOLD),
                _ => Role::Text.into(),
            },
            value,
            value_role: if counts && role == Role::Bad {
                Role::Bad
            } else {
                Role::Muted
            },
            indent,
        };
        let mut rows = entry.rows(selected, columns);
        if selected {
            for text in self.said(at, status, dropped, otherwise) {
                rows.extend(paragraph(&text, Role::Muted, columns, indent + 3));
            }
        }
        rows
    }

    /// Its label; a step that the heading above it says is not said again.
    fn name(&self, index: usize, constraint: &Constraint) -> String {
        let is_nested = self.listing.rows.get(index).is_some_and(|row| row.depth > 0);
        let is_step = constraint
            .scope
            .as_ref()
            .is_some_and(|scope| scope.part == "step");
        if is_nested && is_step {
            let bare = Constraint {
                scope: None,
                ..constraint.clone()
            };
            return bare.label();
        }
        constraint.label()
    }

    /// What is to be said of the selected constraint.
    fn said(
        &self,
        at: usize,
        status: Option<&Status>,
        dropped: bool,
        otherwise: Option<Otherwise>,
    ) -> Vec<String> {
        let mut said = Vec::new();
        said.extend(match self.listing.origin(at) {
            Origin::Prompt => None,
            Origin::Added => Some("added by hand".to_owned()),
            Origin::Changed => Some("changed by hand".to_owned()),
            Origin::Earlier(turn) => Some(format!("holds on from turn {}", turn.0 + 1)),
        });
        if dropped {
            said.push("dropped by hand".into());
            return said;
        }
        if self.unanswered {
            said.push("nothing was answered, so nothing is decided".into());
        }
        if let Some(status) = status {
            said.push(
                match status.verdict {
                    Verdict::Pending => "by rule: not met yet",
                    Verdict::Holding => "by rule: met so far; more text can break it",
                    Verdict::Met => "by rule: met",
                    Verdict::AtRisk => "by rule: met so far, and close to being broken",
                    Verdict::Broken => "by rule: broken",
                    Verdict::NotCheckable => "no rule decides it",
                }
                .into(),
            );
        }
        if status.is_some_and(|status| status.applies == Applies::Undecided) {
            said.push("counts only if its condition holds, which no rule decides".into());
        }
        if let Some(otherwise) = otherwise {
            let words = |follows: bool| if follows { "✓" } else { "✗" };
            let (strict, loose) = (words(otherwise.strict), words(otherwise.loose));
            said.push(format!(
                "≠ the published checker says {strict} strict, {loose} loose"
            ));
        }
        said
    }

    /// `None` where both meanings agree, or nothing is known of one.
    fn otherwise(&self, at: usize, status: Option<&Status>) -> Option<Otherwise> {
        let strict = status?.differs? == Verdict::Met;
        let checked = self.checked.iter().find(|checked| checked.constraint == at);
        let loose = checked.and_then(|checked| checked.loose);
        Some(Otherwise {
            strict,
            loose: loose.unwrap_or(strict),
        })
    }
}

/// Sign, number, name, value.
struct Entry {
    sign: (&'static str, Role),
    number: Option<usize>,
    name: String,
    name_ink: Ink,
    value: String,
    value_role: Role,
    indent: usize,
}

impl Entry {
    /// One row, or as many as the name needs: two, and more if it is selected. A value that is no number stands below a name
    /// that leaves it no room.
    fn rows(&self, selected: bool, columns: usize) -> Vec<InkRow> {
        let name_ink = if selected {
            Role::Selected.into()
        } else {
            self.name_ink
        };
        let number = self.number.map_or(String::new(), |n| format!("{n} "));
        let before = self.indent + 3 + width(&number);
        let fits = before + width(&self.name) + 1 + width(&self.value) <= columns;
        // The unit of the value goes before the name does, and so does saying twice that nothing checks it.
        let mut value = ellipsis(if fits { &self.value } else { short(&self.value) }, columns / 2);
        let below = match self.value.as_str() {
            "not checked" | "≠" => "",
            words if !fits && value.is_empty() => words.trim_end_matches(" ≠"),
            _ => "",
        };
        if !fits && self.value.ends_with('≠') && !value.ends_with('≠') {
            value.push_str(if value.is_empty() { "≠" } else { " ≠" });
        }
        let value_cells = if value.is_empty() { 0 } else { width(&value) + 1 };
        let room = columns.saturating_sub(before + value_cells).max(8);
        let mut rows = Vec::new();
        for (index, name) in self.name_rows(selected, room).iter().enumerate() {
            let mut row = InkRow::default();
            if index == 0 {
                row.push(if selected { "▸" } else { " " }, Role::Accent)
                    .push(&" ".repeat(self.indent), Role::Text)
                    .push(self.sign.0, self.sign.1)
                    .push(" ", Role::Text)
                    .push(&number, Role::Muted);
            } else {
                row.push(&" ".repeat(before), Role::Text);
            }
            row.push(name, name_ink);
            if index == 0 && value_cells > 0 {
                let spare = columns.saturating_sub(row.width() + width(&value));
                row.push(&" ".repeat(spare), Role::Text);
                row.push(&value, self.value_role);
            }
            rows.push(row);
        }
        if !below.is_empty() {
            let mut row = InkRow::new(&" ".repeat(before), Role::Text);
            row.push(&ellipsis(below, columns.saturating_sub(before)), self.value_role);
            rows.push(row);
        }
        rows
    }

    fn name_rows(&self, selected: bool, room: usize) -> Vec<String> {
        let wrapped = Wrapped::new(&self.name, room);
        let rows = wrapped.rows();
        let shown = if selected {
            rows.len()
        } else {
            rows.len().min(NAME_ROWS)
        };
        let mut names: Vec<String> = rows[..shown]
            .iter()
            .map(|row| self.name[row.shown()].to_owned())
            .collect();
        if let Some(last) = names.last_mut().filter(|_| shown < rows.len()) {
            *last = ellipsis(&self.name[rows[shown - 1].start..], room);
        }
        names
    }
}
