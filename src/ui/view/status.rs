//! The last row: how fast it goes, or what just happened; and the keys that matter now.

use ratatui::layout::Rect;

use super::messages::is_long_warning;
use super::{Canvas, count, duration};
use crate::app::keymap::Context;
use crate::app::{Action, Focus, NoticeKind, Overlay, Phase, State};
use crate::ui::ink::InkRow;
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};

const SEPARATOR: &str = " · ";

/// These many keys stay when there is little room; figures give way to them.
const KEYS_KEPT: usize = 3;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let columns = usize::from(area.width);
    let hints = hints(state);
    let mut left = InkRow::new(" ", Role::Text);
    match &state.notice {
        Some(notice)
            if notice.kind != NoticeKind::Error && !is_long_warning(notice, columns.saturating_sub(4)) =>
        {
            let role = match notice.kind {
                NoticeKind::Warning => Role::Warn,
                _ => Role::Text,
            };
            left.push(&ellipsis(&notice.text, columns.saturating_sub(2)), role);
        }
        _ => {
            let kept = join(&hints[hints.len().saturating_sub(KEYS_KEPT)..]).width();
            let mut figures = figures(state);
            while figures.len() > 1 && width(&figures.join(SEPARATOR)) + kept + 4 > columns {
                figures.pop();
            }
            left.push(
                &ellipsis(&figures.join(SEPARATOR), columns.saturating_sub(2)),
                Role::Muted,
            );
        }
    }
    // The most dispensable key gives way first.
    let fits = |first: &usize| left.width() + join(&hints[*first..]).width() + 2 < columns;
    let first = (0..hints.len()).find(fits).unwrap_or(hints.len());
    let mut right = join(&hints[first..]);
    right.push(" ", Role::Text);
    crate::ui::pane::bar(area, canvas.buffer, canvas.theme, &left, &right);
}

fn join(hints: &[InkRow]) -> InkRow {
    let mut row = InkRow::default();
    for hint in hints {
        if row.width() > 0 {
            row.push(SEPARATOR, Role::Muted);
        }
        row.append(hint);
    }
    row
}

/// `26.1 tok/s · first token 0.4 s · 412 thinking + 58 answer tok`.
fn figures(state: &State) -> Vec<String> {
    let mut parts = Vec::new();
    let tokens = |thinking: usize, answer: usize| match (thinking, answer) {
        (0, 0) => None,
        (0, answer) => Some(format!("{answer} tok")),
        (thinking, answer) => Some(format!("{thinking} thinking + {answer} answer tok")),
    };
    if let Some(run) = &state.run {
        let now = state.now.elapsed_ms;
        if let Phase::Prefill { done, total, cached } = run.phase {
            parts.push(format!("reading the prompt: {done} of {} tokens", count(total)));
            parts.extend((cached > 0).then(|| format!("{} kept from before", count(cached))));
        } else if run.phase == Phase::Waiting {
            parts.push(format!(
                "waiting {}",
                duration(now.saturating_sub(run.started_ms) as f64 / 1000.0)
            ));
        }
        parts.extend(run.tokens_per_s(now).map(|rate| format!("{rate:.1} tok/s")));
        let first = run
            .first_token_ms
            .map(|at| at.saturating_sub(run.started_ms) as f64 / 1000.0);
        parts.extend(first.map(|s| format!("first token {}", duration(s))));
        parts.extend(tokens(run.thinking_tokens, run.answer_tokens));
    } else if let Some(turn) = state.head() {
        let stats = &turn.stats;
        parts.extend((stats.tokens_per_s > 0.0).then(|| format!("{:.1} tok/s", stats.tokens_per_s)));
        parts.extend((stats.ttft_s > 0.0).then(|| format!("first token {}", duration(stats.ttft_s))));
        parts.extend(tokens(stats.thinking_tokens, stats.answer_tokens));
        parts.extend((stats.left_out_turns > 0).then(|| {
            let s = if stats.left_out_turns == 1 { "" } else { "s" };
            format!("without the first {} turn{s}", stats.left_out_turns)
        }));
    }
    if let Some(search) = state.search.as_ref().filter(|search| !search.typing) {
        let at = (search.at + 1).min(search.hits.len());
        parts.insert(
            0,
            format!("{} of {} with \"{}\"", at, search.hits.len(), search.query),
        );
    }
    if let Some(chord) = state.pending_chord() {
        parts.insert(0, format!("{chord} …"));
    }
    parts
}

/// The keys that matter now, from the keymap, the most dispensable first.
fn hints(state: &State) -> Vec<InkRow> {
    let context = match (&state.overlay, state.focus) {
        (Some(_), _) => Context::Overlay,
        (None, _) if state.is_searching() => Context::Overlay,
        (None, Focus::Composer) => Context::Composer,
        (None, _) => Context::Pane,
    };
    let running = state.run.is_some();
    let thinking = state.run.as_ref().is_some_and(|run| run.phase == Phase::Thinking);
    let mut hints = Vec::new();
    let mut hint = |action: Action, words: &str| {
        if let Some(key) = state.keymap.key_for(context, action) {
            let mut row = InkRow::new(&key, Role::Accent);
            row.push(" ", Role::Text).push(words, Role::Muted);
            hints.push(row);
        }
    };
    match &state.overlay {
        Some(Overlay::Help { .. }) => hint(Action::Stop, "close"),
        Some(Overlay::Form(_)) => {
            hint(Action::FocusNext, "next field");
            hint(Action::Send, "done");
            hint(Action::Stop, "leave as it was");
        }
        Some(Overlay::Compare(_)) => {
            hint(Action::NextBranch, "other branch");
            hint(Action::FocusNext, "other side");
            hint(Action::Send, "keep this side");
            hint(Action::Stop, "close");
        }
        Some(Overlay::Inspect) => {
            hint(Action::Send, "show where");
            hint(Action::Stop, "close");
        }
        Some(Overlay::Picker(_)) => {
            hint(Action::Send, "choose");
            hint(Action::Stop, "close");
        }
        None if state.is_searching() => {
            hint(Action::Stop, "close");
            hint(Action::ScrollUp, "before");
            hint(Action::ScrollDown, "next");
            hint(Action::Send, "read there");
        }
        None => {
            if state.focus != Focus::Composer {
                hint(Action::Zoom, "zoom");
                hint(Action::CopyAnswer, "copy");
            } else if !running && state.head().is_some() {
                hint(Action::Regenerate, "again");
            }
            hint(Action::Palette, "commands");
            hint(Action::FocusNext, "panes");
            if state.search.is_some() && context == Context::Pane {
                hint(Action::PreviousHit, "before");
                hint(Action::NextHit, "next");
            }
            if thinking {
                hint(Action::EndThinking, "end thinking");
            }
            if running {
                hint(Action::Stop, "stop");
            } else if !state.waiting.is_empty() {
                hint(Action::Stop, "take back");
            } else if state.pull.is_some() {
                let once = state.composer.is_empty();
                hint(
                    Action::Stop,
                    if once {
                        "cancel the download"
                    } else {
                        "twice: cancel the download"
                    },
                );
            }
            hint(Action::Help, "help");
        }
    }
    hints
}
