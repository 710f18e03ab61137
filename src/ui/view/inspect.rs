//! The thinking held against the constraints: which were considered, where, in which order, and what came of it.

use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

use super::picker::popup;
use super::{Canvas, constraints, count, paragraph};
use crate::app::listing::Item;
use crate::app::{Scroll, State, Viewport};
use crate::chat::Turn;
use crate::constraints::Verdict;
use crate::reasoning::Inspector;
use crate::ui::cache::{Cache, trace};
use crate::ui::ink::InkRow;
use crate::ui::pane::{Pane, scroll_badge};
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};

const COLUMNS: u16 = 104;
/// Cells of the columns behind the name.
const FIRST: usize = 10;
const PLANNED: usize = 9;
const OUTCOME: usize = 22;
/// Changes of mind that are quoted.
const MINDS: usize = 6;
/// Below this the passages and the plan are left out.
const ROOMY: usize = 84;

/// One requirement in the table.
struct Entry {
    row: usize,
    number: usize,
    name: String,
    first: String,
    passages: String,
    planned: String,
    outcome: InkRow,
}

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, cache: &mut Cache) -> Viewport {
    let Some(turn) = state.shown() else {
        return Viewport::default();
    };
    let inspector = cache.inspect(turn, &state.listing.soft);
    let columns = usize::from(COLUMNS.min(area.width).saturating_sub(4));
    let entries: Vec<Entry> = (0..state.listing.rows.len())
        .filter_map(|row| entry(state, turn, inspector, row))
        .collect();
    let mut rows = vec![heading(columns)];
    let mut selected = 0;
    for entry in &entries {
        if entry.row == state.selected {
            selected = rows.len();
        }
        rows.push(table_row(entry, entry.row == state.selected, columns));
    }
    if entries.is_empty() {
        rows = vec![InkRow::new(
            "This prompt asks for nothing that can be checked.",
            Role::Muted,
        )];
    }
    rows.push(InkRow::default());
    for (text, role) in notes(state, turn, inspector, &entries) {
        rows.extend(paragraph(&text, role, columns, 0));
    }
    let popup = popup(area, COLUMNS, u16::try_from(rows.len() + 2).unwrap_or(u16::MAX));
    canvas.clear(popup);
    let height = usize::from(popup.height.saturating_sub(2));
    let view = Viewport {
        rows: rows.len(),
        height,
        top: (selected + 1).saturating_sub(height),
    };
    let title = match state.shown_of() {
        Some((turn, turns)) => format!("thinking against constraints · turn {turn} of {turns}"),
        None => "thinking against constraints".into(),
    };
    let pane = Pane {
        title: &title,
        badge: scroll_badge(view, Scroll::At(view.top), false),
        focused: true,
        ..Pane::default()
    };
    let inside = pane.draw(popup, canvas.buffer, canvas.theme);
    for (index, row) in rows.iter().skip(view.top).take(height).enumerate() {
        canvas.row(inside, index, row);
    }
    view
}

fn entry(state: &State, turn: &Turn, inspector: &Inspector, row: usize) -> Option<Entry> {
    let listing = &state.listing;
    let at = listing.inspected(row)?;
    if listing.is_dropped(at) {
        return None;
    }
    let consideration = inspector.consideration(at);
    let over = turn.thinking_end.is_some();
    let first = match (consideration.first_at, consideration.passages.first()) {
        (Some(share), Some(passage)) => format!("¶{} {:.0}%", passage + 1, share * 100.0),
        _ if over => "never".into(),
        _ => "not yet".into(),
    };
    let passages: Vec<String> = consideration
        .passages
        .iter()
        .map(|p| (p + 1).to_string())
        .collect();
    let planned = match (consideration.passages.is_empty(), consideration.planned) {
        (true, _) => "",
        (_, true) => "yes",
        (_, false) => "no",
    };
    let name = match listing.rows.get(row)?.item {
        Item::Constraint(at) => listing.constraints.get(at)?.label(),
        Item::Soft(at) => listing.soft.get(at)?.text.clone(),
        _ => return None,
    };
    Some(Entry {
        row,
        number: listing.number(row)?,
        name,
        first,
        passages: passages.join(" "),
        planned: planned.into(),
        outcome: outcome(state, turn, at, consideration.passages.is_empty() && over),
    })
}

/// `✗ broken at word 14`, `✓ by luck`.
fn outcome(state: &State, turn: &Turn, at: usize, never: bool) -> InkRow {
    let Some(status) = state.statuses.get(at) else {
        if state.is_unanswered() && at < turn.constraints.len() {
            return InkRow::new("… not answered", Role::Muted);
        }
        return InkRow::new("~ not checked", Role::Judged);
    };
    let (sign, role) = constraints::sign(status.verdict);
    let mut row = InkRow::new(sign, role);
    let words = match status.verdict {
        Verdict::Broken => match status
            .places
            .first()
            .and_then(|place| turn.answer.get(..place.start))
        {
            Some(before) => format!("broken at word {}", before.unicode_words().count() + 1),
            None => "broken".into(),
        },
        Verdict::Met | Verdict::Holding if never => "by luck".into(),
        Verdict::NotCheckable => "not checked".into(),
        _ => status.value.clone(),
    };
    if !words.is_empty() {
        let ink = if words == "by luck" {
            Role::Warn
        } else {
            Role::Muted
        };
        row.push(" ", Role::Text).push(&words, ink);
    }
    row
}

/// The columns that fit: cells of the name and of the passages.
fn shape(columns: usize) -> (usize, usize) {
    if columns < ROOMY {
        (columns.saturating_sub(2 + FIRST + OUTCOME), 0)
    } else {
        let passages = (columns - ROOMY) / 2 + 12;
        (
            columns.saturating_sub(2 + FIRST + passages + PLANNED + OUTCOME),
            passages,
        )
    }
}

fn heading(columns: usize) -> InkRow {
    let (name, passages) = shape(columns);
    let mut text = format!("  {}{}", padded("constraint", name), padded("first", FIRST));
    if passages > 0 {
        text += &format!("{}{}", padded("passages", passages), padded("planned", PLANNED));
    }
    text += "outcome";
    InkRow::new(&text, Role::Label)
}

fn table_row(entry: &Entry, selected: bool, columns: usize) -> InkRow {
    let (name, passages) = shape(columns);
    let mut row = InkRow::new(if selected { "▸ " } else { "  " }, Role::Accent);
    let number = format!("{} ", entry.number);
    row.push(&number, Role::Muted);
    let name = name.saturating_sub(width(&number));
    let named = ellipsis(&entry.name, name.saturating_sub(1));
    row.push(&named, if selected { Role::Selected } else { Role::Text });
    row.push(&" ".repeat(name.saturating_sub(width(&named))), Role::Text);
    let first = if entry.first == "never" {
        Role::Warn
    } else {
        Role::Text
    };
    row.push(&padded(&entry.first, FIRST), first);
    if passages > 0 {
        row.push(&padded(&entry.passages, passages), Role::Text);
        row.push(&padded(&entry.planned, PLANNED), Role::Text);
    }
    row.append(&entry.outcome);
    row
}

/// `text` in exactly `cells` cells, the last of them blank.
fn padded(text: &str, cells: usize) -> String {
    let text = ellipsis(text, cells.saturating_sub(1));
    let spare = cells.saturating_sub(width(&text));
    text + &" ".repeat(spare)
}

/// What is to be said of the whole trace.
fn notes(state: &State, turn: &Turn, inspector: &Inspector, entries: &[Entry]) -> Vec<(String, Role)> {
    let minds = inspector.changes_of_mind();
    let mut figures = vec![
        format!(
            "{:.0}% of the trace restates the prompt",
            inspector.restated_share() * 100.0
        ),
        match minds {
            0 => "no change of mind".into(),
            1 => "1 change of mind".into(),
            n => format!("{n} changes of mind"),
        },
        match inspector.passages().len() {
            1 => "1 passage".into(),
            n => format!("{n} passages"),
        },
    ];
    let run = state.shown_run();
    let tokens = run.map_or(turn.stats.thinking_tokens, |run| run.thinking_tokens);
    figures.extend((tokens > 0).then(|| format!("{} tokens", count(tokens))));
    let mut notes = vec![(figures.join(" · "), Role::Muted)];
    let order = state.listing.numbers_in_order(&inspector.order());
    if order.len() > 1 {
        let as_listed = order.is_sorted();
        let shown: Vec<String> = order.iter().map(usize::to_string).collect();
        let words = if as_listed {
            " (the order of the prompt)"
        } else {
            ""
        };
        notes.push((
            format!("considered in the order {}{words}", shown.join(" ")),
            Role::Muted,
        ));
    }
    let never = entries.iter().filter(|entry| entry.first == "never").count();
    if never > 0 {
        notes.push((
            format!("{never} of {} never considered", entries.len()),
            Role::Warn,
        ));
    }
    let text = trace(turn);
    let passages = inspector.passages().iter().enumerate();
    let sentences =
        passages.flat_map(|(at, passage)| passage.changes_of_mind.iter().map(move |mind| (at, mind)));
    for (at, mind) in sentences.take(MINDS) {
        let sentence = text.get(mind.clone()).unwrap_or_default().trim();
        let share = 100.0 * mind.start as f32 / text.len().max(1) as f32;
        notes.push((
            format!("¶{} {share:.0}%  “{}”", at + 1, ellipsis(sentence, 120)),
            Role::Thinking,
        ));
    }
    if minds > MINDS {
        notes.push((format!("and {} more", minds - MINDS), Role::Muted));
    }
    notes
}
