//! Verdicts in one row, for where there is no room for the list, and for turns that were read.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{short, sign};
use crate::app::State;
use crate::chat::Turn;
use crate::constraints::check::Applies;
use crate::constraints::{Constraint, Verdict};
use crate::ui::ink::{Ink, InkRow};
use crate::ui::theme::Role;
use crate::ui::view::Canvas;
use crate::ui::width::ellipsis;

/// Verdicts by kind: `✓3 ◌1 ✗1 …2`; that there are none where nothing was answered.
pub fn tally(state: &State) -> InkRow {
    if state.is_unanswered() && !state.listed().0.is_empty() {
        return InkRow::new("not answered", Role::Muted);
    }
    let tally = state.tally();
    let mut row = InkRow::default();
    for (n, verdict) in [
        (tally.met, Verdict::Met),
        (tally.holding, Verdict::Holding),
        (tally.broken, Verdict::Broken),
        (tally.open, Verdict::Pending),
        (tally.unchecked, Verdict::NotCheckable),
    ] {
        let (sign, role) = sign(verdict);
        if n > 0 {
            let gap = if row.width() == 0 { "" } else { " " };
            row.push(gap, Role::Text)
                .push(sign, role)
                .push(&n.to_string(), Role::Muted);
        }
    }
    row
}

/// All verdicts in one row, for where there is no room for the list.
pub fn draw_strip(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    if area.is_empty() {
        return;
    }
    let (listing, statuses) = state.listed();
    let verdicts = listing
        .constraints
        .iter()
        .enumerate()
        .filter(|(at, _)| {
            let taken = statuses
                .get(*at)
                .is_none_or(|status| status.applies != Applies::NotTaken);
            taken && !listing.is_dropped(*at)
        })
        .map(|(at, constraint)| match statuses.get(at) {
            Some(status) => (constraint, status.verdict, status.value.as_str()),
            None => (constraint, Verdict::Pending, ""),
        });
    let room = usize::from(area.width).saturating_sub(2);
    let row = if statuses.is_empty() && state.is_unanswered() {
        tally(state)
    } else {
        one_row(verdicts.clone(), room)
            .or_else(|| one_row(verdicts.clone().map(|(c, v, value)| (c, v, short(value))), room))
            .or_else(|| one_row(verdicts.clone().map(|(c, v, _)| (c, v, "")), room))
            .unwrap_or_else(|| summary(state, verdicts, room))
    };
    let mut strip = InkRow::new(" ", Role::Text);
    strip.append(&row);
    canvas.row(area, 0, &strip);
}

/// All by numbers, then by name as many as fit, what is broken first.
fn summary<'a>(
    state: &State,
    verdicts: impl Iterator<Item = (&'a Constraint, Verdict, &'a str)> + Clone,
    room: usize,
) -> InkRow {
    let mut row = tally(state);
    let (broken, others): (Vec<_>, Vec<_>) =
        verdicts.partition(|(_, verdict, _)| *verdict == Verdict::Broken);
    for (constraint, verdict, _) in broken.into_iter().chain(others) {
        let name = one_row([(constraint, verdict, "")].into_iter(), room).unwrap_or_default();
        let gap = if row.width() > 0 { "  " } else { "" };
        if row.width() + gap.len() + name.width() > room {
            break;
        }
        row.push(gap, Role::Text).append(&name);
    }
    row
}

/// The verdicts of a finished turn, in one row.
pub fn verdicts(turn: &Turn, columns: usize) -> InkRow {
    let checked = turn.checked.iter().filter_map(|checked| {
        let constraint = turn.constraints.get(checked.constraint)?;
        Some((constraint, checked.verdict, checked.value.as_str()))
    });
    one_row(checked.clone(), columns).unwrap_or_else(|| {
        let mut row = InkRow::default();
        for (_, verdict, _) in checked {
            let (sign, role) = sign(verdict);
            row.push(sign, role);
        }
        row
    })
}

/// `✓ 3 bullets 3/3 · ✗ commas 1`; `None` if that is too long.
fn one_row<'a>(
    verdicts: impl Iterator<Item = (&'a Constraint, Verdict, &'a str)> + Clone,
    room: usize,
) -> Option<InkRow> {
    let mut row = InkRow::default();
    for (constraint, verdict, value) in verdicts {
        if row.width() > 0 {
            row.push(" · ", Role::Muted);
        }
        let (sign, role) = sign(verdict);
        row.push(sign, role).push(" ", Role::Text);
        let ink = if verdict == Verdict::Broken {
            Ink::from(Role::Text).with(Modifier::BOLD)
        } else {
            Role::Text.into()
        };
        row.push(&ellipsis(&constraint.label(), 24), ink);
        if !value.is_empty() {
            row.push(" ", Role::Text).push(value, Role::Muted);
        }
        if row.width() > room {
            return None;
        }
    }
    Some(row)
}
