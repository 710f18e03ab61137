//! The thinking of the turn that is read: quiet wrapped text.

use std::ops::Range;

use ratatui::layout::Rect;

use super::{Canvas, count, duration, line};
use crate::app::event::Area;
use crate::app::keymap::Context;
use crate::app::search::Part;
use crate::app::{Action, Focus, ModelState, Phase, State, Viewport};
use crate::chat::{ThinkingEnd, Turn};
use crate::engine::Reasoning;
use crate::ui::cache::{Cache, trace};
use crate::ui::found::{self, bring_into_view};
use crate::ui::ink::{InkRow, Pen, marked};
use crate::ui::pane::{Pane, scroll_badge};
use crate::ui::theme::Role;
use crate::ui::width::width;

/// Whether there is thinking to show, or some is to be expected.
pub fn is_wanted(state: &State) -> bool {
    if state.focus == Focus::Thinking {
        return true;
    }
    if state.is_thinking_folded() {
        return false;
    }
    let has = state.shown().is_some_and(|turn| !turn.thinking.is_empty());
    let reasons = matches!(&state.model, ModelState::Ready(info) if info.reasoning != Reasoning::None);
    let expected = reasons || state.method != "io";
    match (state.shown(), state.shown_run()) {
        (None, _) => false,
        (Some(_), Some(run)) => has || (expected && run.phase != Phase::Answering),
        (Some(_), None) => has,
    }
}

/// Rows that the trace takes in an area of `columns`; `None` while it grows.
pub fn rows(state: &State, cache: &mut Cache, columns: u16) -> Option<usize> {
    let turn = state.shown().filter(|_| state.shown_run().is_none())?;
    Some(
        cache
            .thinking(turn, usize::from(columns.saturating_sub(4)))
            .rows()
            .len(),
    )
}

/// `12 s · 412 tok`.
fn figures(state: &State, turn: &Turn) -> String {
    let run = state.run_of(turn.id);
    let now = state.now.elapsed_ms;
    let live = run
        .and_then(|run| run.thinking_started_ms)
        .map(|since| now.saturating_sub(since) as f64 / 1000.0);
    let seconds = turn.thinking_s.map(f64::from).or(live);
    let tokens = run.map_or(turn.stats.thinking_tokens, |run| run.thinking_tokens);
    let mut parts = Vec::new();
    parts.extend(seconds.map(duration));
    if tokens > 0 {
        parts.push(format!("{} tok", count(tokens)));
    }
    parts.join(" · ")
}

/// The folded form: `thought for 12 s · 840 tokens`, or what is being thought now.
pub fn summary(state: &State, turn: &Turn) -> InkRow {
    let run = state.run_of(turn.id);
    let live = run.is_some_and(|run| run.phase == Phase::Thinking);
    let mut row = InkRow::new("▸ ", Role::Muted);
    if live {
        row.push("thinking ", Role::Busy)
            .push(&figures(state, turn), Role::Muted);
        return row;
    }
    let mut parts = Vec::new();
    parts.extend(
        turn.thinking_s
            .map(|s| format!("thought for {}", duration(s.into()))),
    );
    if turn.thinking_s.is_none() {
        parts.push("thought".into());
    }
    let tokens = run.map_or(turn.stats.thinking_tokens, |run| run.thinking_tokens);
    if tokens > 0 {
        parts.push(format!("{tokens} tokens"));
    }
    parts.extend(ended(turn).map(str::to_owned));
    row.push(&parts.join(" · "), Role::Muted);
    row
}

/// Why the thinking ended, where that is worth saying.
fn ended(turn: &Turn) -> Option<&'static str> {
    match turn.thinking_end? {
        ThinkingEnd::Model => None,
        ThinkingEnd::Budget => Some("budget spent"),
        ThinkingEnd::User => Some("ended by you"),
        ThinkingEnd::Unclosed => Some("never ended"),
    }
}

/// Where the trace deals with the selected requirement, while the reader is at the constraints.
fn passages(state: &State, turn: &Turn, cache: &mut Cache) -> Vec<Range<usize>> {
    let is_at_constraints = state.focus == Focus::Constraints || state.reveal_passage;
    if !is_at_constraints || state.is_listing_draft() {
        return Vec::new();
    }
    let Some(at) = state.listing.inspected(state.selected) else {
        return Vec::new();
    };
    let inspector = cache.inspect(turn, &state.listing.soft);
    let dealing = inspector.dealing_with(at);
    dealing.map(|(_, passage)| passage.range.clone()).collect()
}

/// Which requirements the passages within `bytes` deal with: `◂2 4`, by their numbers in the sidebar.
fn markers(
    state: &State,
    turn: &Turn,
    cache: &mut Cache,
    bytes: Range<usize>,
) -> Vec<(Range<usize>, String)> {
    if state.listing.is_empty() {
        return Vec::new();
    }
    let passages = cache.inspect(turn, &state.listing.soft).passages();
    let first = passages.partition_point(|passage| passage.range.end <= bytes.start);
    let mut markers = Vec::new();
    for passage in passages[first..].iter().take_while(|p| p.range.start < bytes.end) {
        let numbers = state.listing.numbers(&passage.constraints);
        if !numbers.is_empty() {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            markers.push((passage.range.clone(), format!("◂{}", numbers.join(" "))));
        }
    }
    markers
}

pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    cache: &mut Cache,
    title: &str,
) -> (Viewport, Area) {
    if area.is_empty() {
        return Default::default();
    }
    let focused = state.focus == Focus::Thinking;
    let columns = usize::from(area.width.saturating_sub(4));
    let Some(turn) = state.shown() else {
        let inside = Pane {
            title,
            focused,
            ..Pane::default()
        }
        .draw(area, canvas.buffer, canvas.theme);
        canvas.row(
            inside,
            0,
            &InkRow::new("What the model thinks is shown here.", Role::Muted),
        );
        return (Viewport::default(), super::super::pointed(area));
    };
    let text = trace(turn);
    let passages = passages(state, turn, cache);
    let height = usize::from(area.height.saturating_sub(2));
    let hidden = turn.thinking.len() - text.len();
    let found = found::marks(state, turn.id, Part::Thinking, hidden);
    let (view, bytes) = {
        let wrapped = cache.thinking(turn, columns);
        let rows = wrapped.rows();
        let count = if text.is_empty() { 0 } else { rows.len() };
        let mut top = state.thinking_scroll.top(count, height);
        if let Some(place) = found::sought(state, turn.id, Part::Thinking) {
            let row = wrapped.row_of(place.start.saturating_sub(hidden));
            top = bring_into_view(row, top, count, height);
        }
        if let Some(first) = passages.first().map(|passage| wrapped.row_of(passage.start))
            && state.reveal_passage
            && !(top..top + height).contains(&first)
        {
            top = first.saturating_sub(1).min(count.saturating_sub(height));
        }
        let shown = rows.get(top..(top + height).min(count)).unwrap_or_default();
        let bytes = shown.first().map_or(0, |row| row.start)..shown.last().map_or(0, |row| row.end);
        let view = Viewport {
            rows: count,
            height,
            top,
        };
        (view, bytes)
    };
    let markers = markers(state, turn, cache, bytes);
    let rows = cache.thinking(turn, columns).rows();
    let run = state.shown_run();
    let live = run.is_some_and(|run| run.phase == Phase::Thinking);
    let mut hint = InkRow::default();
    if live {
        if let Some(key) = state.keymap.key_for(Context::Composer, Action::EndThinking) {
            hint.push(&key, Role::Accent).push(" ends it", Role::Muted);
        }
    } else if let Some(ended) = ended(turn) {
        hint.push(ended, Role::Warn);
    }
    let pane = Pane {
        title,
        info: InkRow::new(&figures(state, turn), Role::Muted),
        hint,
        badge: scroll_badge(view, state.thinking_scroll, live),
        focused,
        joined: false,
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    if text.is_empty() {
        let words = if run.is_some() {
            "…"
        } else {
            "This answer came without thinking."
        };
        canvas.row(inside, 0, &InkRow::new(words, Role::Muted));
    }
    let style = canvas.theme.style(Role::Thinking);
    let mut markers = markers.into_iter().peekable();
    for (index, row) in rows
        .iter()
        .take(view.rows)
        .skip(view.top)
        .take(height)
        .enumerate()
    {
        let Some(place) = line(inside, index) else { break };
        let mut pen = Pen::new(place, canvas.buffer);
        pen.text_with(&text[row.shown()], |at, len| {
            let place = row.start + at..row.start + at + len;
            let found = found::on(&found, &(row.start..row.end));
            marked(style, &place, found, canvas.theme)
        });
        let touches = |passage: &Range<usize>| passage.start < row.end && row.start < passage.end;
        let is_passage = passages.iter().any(touches);
        while markers.next_if(|(passage, _)| passage.end <= row.start).is_some() {}
        // A marker stands behind the first row of its passage that has room for it.
        let room = columns.saturating_sub(usize::from(pen.used()) + 2);
        if let Some((_, marker)) = markers.next_if(|(passage, text)| touches(passage) && width(text) <= room)
        {
            let role = if is_passage { Role::Accent } else { Role::Muted };
            let marker_style = canvas.theme.style(role);
            pen.text("  ", style).text(&marker, marker_style);
        }
        if is_passage && inside.x > area.x + 1 {
            let margin = Rect {
                x: inside.x - 1,
                width: 1,
                ..place
            };
            Pen::new(margin, canvas.buffer).text("▌", canvas.theme.style(Role::Accent));
        }
    }
    (view, super::super::pointed(area))
}
