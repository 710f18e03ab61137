//! Two answers side by side, their verdicts row by row.

use ratatui::layout::Rect;

use super::{Canvas, constraints, duration, line, paragraph, thinking};
use crate::app::compare::{Compare, Side, matched};
use crate::app::{State, Viewport};
use crate::chat::Turn;
use crate::constraints::Verdict;
use crate::ui::cache::Cache;
use crate::ui::ink::{InkRow, Mark};
use crate::ui::layout::{MEDIUM, WIDE};
use crate::ui::pane::{Pane, scroll_badge};
use crate::ui::theme::Role;
use crate::ui::width::{ellipsis, width};

/// Cells of a verdict with its value, and without.
const WITH_VALUE: usize = 13;
const BARE: usize = 8;

/// Draws both into `area`; where it is narrow, the one that keys move and the verdicts of both.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    cache: &mut Cache,
    compare: &Compare,
) -> [Viewport; 2] {
    let turns = [0, 1].map(|at| {
        let side = compare.sides[at].as_ref()?;
        state.conversation.turn(side.turn)
    });
    let names = names(state, turns);
    let rows = turns[0].map_or(0, |first| matched(first, turns[1]).len());
    let (sides, verdicts) = split(area, compare.at, rows);
    let mut views = [Viewport::default(); 2];
    for at in [0, 1] {
        if !sides[at].is_empty() {
            let drawn = (compare.sides[at].as_ref(), turns[at]);
            views[at] = side(
                canvas,
                sides[at],
                state,
                cache,
                drawn,
                &names[at],
                at == compare.at,
            );
        }
    }
    if !verdicts.is_empty() {
        table(canvas, verdicts, compare, turns, &names);
    }
    views
}

/// Where the sides and the verdicts are.
fn split(area: Rect, at: usize, rows: usize) -> ([Rect; 2], Rect) {
    let left = |area: Rect, columns: u16| Rect {
        width: columns.min(area.width),
        ..area
    };
    let right = |area: Rect, columns: u16| Rect {
        x: area.x + columns.min(area.width),
        width: area.width - columns.min(area.width),
        ..area
    };
    let (texts, verdicts) = if area.width >= WIDE {
        let columns = area.width - (area.width * 3 / 10).clamp(34, 50);
        (left(area, columns), right(area, columns))
    } else {
        let wanted = u16::try_from(rows + 3).unwrap_or(u16::MAX);
        let height = wanted.min(area.height / 2);
        let upper = Rect {
            height: area.height - height,
            ..area
        };
        let lower = Rect {
            y: upper.bottom(),
            height,
            ..area
        };
        (upper, lower)
    };
    let mut sides = [Rect::default(); 2];
    if area.width >= MEDIUM {
        sides = [left(texts, texts.width / 2), right(texts, texts.width / 2)];
    } else {
        sides[at] = texts;
    }
    (sides, verdicts)
}

/// What the sides are called: by what differs.
fn names(state: &State, turns: [Option<&Turn>; 2]) -> [String; 2] {
    let branch = |turn: &Turn| {
        let siblings = state.conversation.siblings(turn.id);
        let at = siblings.iter().position(|id| *id == turn.id).unwrap_or(0);
        format!("branch {}", at + 1)
    };
    match turns {
        [Some(a), Some(b)] if a.model != b.model => [a.model.clone(), b.model.clone()],
        [Some(a), Some(b)] if a.method != b.method => [a.method.clone(), b.method.clone()],
        [a, b] => [a, b].map(|turn| turn.map_or("next".into(), branch)),
    }
}

fn side(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    cache: &mut Cache,
    (side, turn): (Option<&Side>, Option<&Turn>),
    name: &str,
    focused: bool,
) -> Viewport {
    let mut pane = Pane {
        title: name,
        focused,
        ..Pane::default()
    };
    let (Some(side), Some(turn)) = (side, turn) else {
        let inside = pane.draw(area, canvas.buffer, canvas.theme);
        canvas.row(
            inside,
            0,
            &InkRow::new("It is asked for when the other one is done.", Role::Muted),
        );
        return Viewport::default();
    };
    let columns = usize::from(area.width.saturating_sub(4));
    let height = usize::from(area.height.saturating_sub(2));
    let running = state.run_of(turn.id);
    let mut head = Vec::new();
    if !turn.thinking.is_empty() {
        head.extend([thinking::summary(state, turn), InkRow::default()]);
    } else if running.is_some() && turn.answer.is_empty() {
        head.push(InkRow::new("…", Role::Muted));
    }
    let made = cache.turn(turn, columns);
    let rows = head.len() + made.answer.len();
    let view = Viewport {
        rows,
        height,
        top: side.scroll.top(rows, height),
    };
    pane.info = InkRow::new(&figures(turn), Role::Muted);
    pane.badge = scroll_badge(view, side.scroll, running.is_some());
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    let marks = broken(turn, side);
    for index in 0..height.min(rows.saturating_sub(view.top)) {
        let row = view.top + index;
        let Some(target) = line(inside, index) else { break };
        match (head.get(row), row.checked_sub(head.len())) {
            (Some(row), _) => {
                row.draw(target, canvas.buffer, canvas.theme, &[]);
            }
            (None, Some(row)) => {
                if let Some(row) = made.answer.row(row) {
                    row.draw(target, canvas.buffer, canvas.theme, &marks);
                }
            }
            (None, None) => {}
        }
    }
    view
}

/// Every place that breaks something.
fn broken(turn: &Turn, side: &Side) -> Vec<Mark> {
    let broken = side.statuses.iter().enumerate();
    broken
        .filter(|(at, status)| status.verdict == Verdict::Broken && !turn.is_dropped(*at))
        .flat_map(|(_, status)| &status.places)
        .map(|range| Mark {
            range: range.clone(),
            role: Role::MarkBroken,
        })
        .collect()
}

/// `58 tok · 2.2 s`.
fn figures(turn: &Turn) -> String {
    let stats = &turn.stats;
    let tokens = stats.thinking_tokens + stats.answer_tokens;
    let seconds = stats.prefill_s + stats.decode_s;
    let mut parts = Vec::new();
    parts.extend((tokens > 0).then(|| format!("{tokens} tok")));
    parts.extend((seconds > 0.0).then(|| duration(seconds)));
    parts.join(" · ")
}

fn table(
    canvas: &mut Canvas<'_>,
    area: Rect,
    compare: &Compare,
    turns: [Option<&Turn>; 2],
    names: &[String; 2],
) {
    let columns = usize::from(area.width.saturating_sub(4));
    let cells = if columns >= 2 * WITH_VALUE + 24 {
        WITH_VALUE
    } else {
        let longest = names.iter().map(|name| width(name) + 1).max().unwrap_or(0);
        longest.clamp(BARE, WITH_VALUE)
    };
    let name = columns.saturating_sub(2 * cells);
    let cell = |at: usize, position: Option<usize>| {
        let mut row = InkRow::default();
        let side = compare.sides[at].as_ref();
        let status = position.and_then(|position| side?.statuses.get(position));
        if let Some(status) = status {
            let (sign, role) = constraints::sign(status.verdict);
            row.push(sign, role);
            if cells == WITH_VALUE && !status.value.is_empty() {
                let value = ellipsis(constraints::short(&status.value), cells - 3);
                row.push(" ", Role::Text).push(&value, Role::Muted);
            }
        }
        row
    };
    let mut heading = InkRow::new(&" ".repeat(name), Role::Text);
    for (at, side) in names.iter().enumerate() {
        let role = if at == compare.at {
            Role::Accent
        } else {
            Role::Label
        };
        padded(
            &mut heading,
            &InkRow::new(&ellipsis(side, cells - 1), role),
            cells,
        );
    }
    let mut rows = vec![heading];
    let mut followed = [0; 2];
    let matched = turns[0].map_or(Vec::new(), |first| matched(first, turns[1]));
    for pair in &matched {
        let signs = [0, 1].map(|at| cell(at, pair.at[at]));
        let verdicts = [0, 1].map(|at| {
            let statuses = &compare.sides[at].as_ref()?.statuses;
            Some(statuses.get(pair.at[at]?)?.verdict)
        });
        for at in [0, 1] {
            followed[at] += usize::from(matches!(verdicts[at], Some(Verdict::Met | Verdict::Holding)));
        }
        let differs = verdicts[0] != verdicts[1] && verdicts.iter().all(Option::is_some);
        let label = ellipsis(&pair.constraint.label(), name.saturating_sub(1));
        let mut row = InkRow::new(&label, if differs { Role::Strong } else { Role::Text });
        row.push(&" ".repeat(name.saturating_sub(width(&label))), Role::Text);
        signs.iter().for_each(|sign| padded(&mut row, sign, cells));
        rows.push(row);
    }
    let all = matched.len();
    // A side that was not answered follows nothing and breaks nothing.
    let figure = |at: usize| match &compare.sides[at] {
        Some(side) if side.statuses.is_empty() => "–".to_owned(),
        _ => format!("{} of {all}", followed[at]),
    };
    let pane = Pane {
        title: "constraints",
        info: InkRow::new(&[0, 1].map(figure).join(" · "), Role::Muted),
        ..Pane::default()
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);
    if matched.is_empty() {
        let words = "This prompt asks for nothing that can be checked.";
        rows = paragraph(words, Role::Muted, usize::from(inside.width), 0);
    }
    for (index, row) in rows.iter().enumerate() {
        canvas.row(inside, index, row);
    }
}

fn padded(row: &mut InkRow, cell: &InkRow, cells: usize) {
    row.append(cell);
    row.push(&" ".repeat(cells.saturating_sub(cell.width())), Role::Text);
}
