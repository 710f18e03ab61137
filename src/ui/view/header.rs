//! The first row: what this conversation is, which model answers and how, how full its context is, what it is doing.

use ratatui::layout::Rect;

use super::{Canvas, count, duration, gauge};
use crate::app::{ModelState, Phase, State};
use crate::ui::ink::InkRow;
use crate::ui::theme::Role;
use crate::ui::width::ellipsis;

const GAUGE: usize = 6;
const LONGEST_TITLE: usize = 60;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) {
    let columns = usize::from(area.width);
    let doing = doing(state);
    let model = model(state, columns);
    let mut right = InkRow::default();
    for part in [&model, &doing] {
        if !part.is_blank() && right.width() + part.width() + 3 < columns {
            right.push(if right.width() == 0 { "" } else { "   " }, Role::Muted);
            right.append(part);
        }
    }
    right.push(" ", Role::Text);

    let mut left = InkRow::new(" raif", Role::Accent);
    let room = columns
        .saturating_sub(right.width() + left.width() + 6)
        .min(LONGEST_TITLE);
    let title = ellipsis(&title(state), room);
    if room > 8 && !title.is_empty() {
        left.push(" · ", Role::Muted).push(&title, Role::Title);
    }
    crate::ui::pane::bar(area, canvas.buffer, canvas.theme, &left, &right);
}

/// The conversation's title, or the beginning of its first prompt.
fn title(state: &State) -> String {
    let first = || {
        state
            .conversation
            .path()
            .first()
            .map(|turn| turn.prompt.trim_start().lines().next().unwrap_or("").to_owned())
    };
    state
        .conversation
        .title
        .clone()
        .or_else(first)
        .unwrap_or_default()
}

fn model(state: &State, columns: usize) -> InkRow {
    let mut row = InkRow::default();
    let ModelState::Ready(info) = &state.model else {
        return row;
    };
    row.push(&ellipsis(&info.name, 32), Role::Text);
    if columns < crate::ui::layout::MEDIUM.into() {
        return row;
    }
    row.push(&format!(" · {}", state.method), Role::Muted);
    let used = context_used(state);
    if used > 0 && info.context > 0 {
        let share = used as f64 / info.context as f64;
        let role = match share {
            0.9.. => Role::Bad,
            0.75.. => Role::Warn,
            _ => Role::Accent,
        };
        row.push(" · ctx ", Role::Muted)
            .append(&gauge(share, GAUGE, role));
        row.push(&format!(" {}/{}", count(used), count(info.context)), Role::Muted);
    }
    row
}

/// Tokens of the context that the conversation takes.
fn context_used(state: &State) -> usize {
    match &state.run {
        Some(run) => run.prompt_tokens + run.thinking_tokens + run.answer_tokens,
        None => state.head().map_or(0, |turn| {
            turn.stats.prompt_tokens + turn.stats.thinking_tokens + turn.stats.answer_tokens
        }),
    }
}

/// What is going on, with a dot that tells it from afar.
pub fn doing(state: &State) -> InkRow {
    let busy = |text: String| {
        let mut row = InkRow::new("● ", Role::Busy);
        row.push(&text, Role::Text);
        row
    };
    if let Some(run) = &state.run {
        if run.stopping {
            return busy("stopping".into());
        }
        let now = state.now.elapsed_ms;
        return busy(match run.phase {
            Phase::Waiting => "sent".into(),
            Phase::Prefill { done, total, .. } if total > 0 => format!("reading {}%", done * 100 / total),
            Phase::Prefill { .. } => "reading".into(),
            Phase::Thinking => {
                let since = run.thinking_started_ms.unwrap_or(now);
                format!("thinking {}", duration(now.saturating_sub(since) as f64 / 1000.0))
            }
            Phase::Answering => "answering".into(),
        });
    }
    match &state.model {
        ModelState::Starting => busy("starting".into()),
        ModelState::Loading { name } => busy(format!("loading {}", ellipsis(name, 32))),
        ModelState::Ready(_) => {
            let mut row = InkRow::new("● ", Role::Good);
            row.push("ready", Role::Muted);
            row
        }
        ModelState::Absent { .. } => match &state.pull {
            Some(pull) => busy(match (pull.done * 100).checked_div(pull.total) {
                Some(percent) => format!("fetching {percent}%"),
                None => "fetching".into(),
            }),
            None => {
                let mut row = InkRow::new("○ ", Role::Warn);
                row.push("no model", Role::Text);
                row
            }
        },
    }
}
