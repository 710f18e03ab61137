//! The conversation: every turn's prompt, a line about its thinking, its answer as Markdown, its verdicts.

mod source;

use std::ops::Range;

use ratatui::layout::Rect;

pub use source::{Line, line_at, source};

use super::{Canvas, constraints, line, thinking, welcome};
use crate::app::event::Area;
use crate::app::{Focus, Phase, Reveal, State, Viewport, search};
use crate::chat::{Finish, Turn, TurnId};
use crate::constraints::Verdict;
use crate::constraints::check::Applies;
use crate::ui::cache::{Anchor, Cache, Rows};
use crate::ui::found::{self, bring_into_view};
use crate::ui::ink::{InkRow, Mark, Pen, marked};
use crate::ui::pane::{Pane, scroll_badge};
use crate::ui::theme::Role;
use crate::ui::wrap::Wrapped;

/// What a row of a turn shows. Rows are made only when they are in view.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Blank,
    Speaker,
    Prompt,
    ThinkingSummary,
    AnswerLabel,
    Answer,
    Note,
    Verdicts,
    Rule,
}

/// The rows of a turn, part by part.
struct Layout<'a> {
    turn: &'a Turn,
    first_row: usize,
    parts: Vec<(Part, usize)>,
    rows: usize,
    columns: usize,
}

impl<'a> Layout<'a> {
    fn new(state: &State, turn: &'a Turn, rows: &Rows, first_row: usize, columns: usize) -> Self {
        let is_head = state.head().is_some_and(|head| head.id == turn.id);
        // What the side panes show need not be said here too.
        let is_shown = state.shown().is_some_and(|shown| shown.id == turn.id);
        let running = state.run_of(turn.id);
        let mut parts = Vec::with_capacity(12);
        parts.extend([(Part::Speaker, 1), (Part::Prompt, rows.prompt.rows().len())]);
        if !turn.thinking.is_empty() && (!is_shown || state.is_thinking_folded()) {
            parts.extend([(Part::Blank, 1), (Part::ThinkingSummary, 1)]);
        }
        if !rows.answer.is_empty() || running.is_some_and(|run| run.phase == Phase::Answering) {
            let length = rows.answer.len();
            parts.extend([(Part::Blank, 1), (Part::AnswerLabel, 1), (Part::Answer, length)]);
        }
        if let Some((text, _)) = note(turn, running.is_some()) {
            parts.extend([
                (Part::Blank, 1),
                (Part::Note, Wrapped::new(&text, columns).rows().len()),
            ]);
        }
        if !is_shown && !turn.checked.is_empty() {
            parts.extend([(Part::Blank, 1), (Part::Verdicts, 1)]);
        }
        if !is_head {
            parts.extend([(Part::Blank, 1), (Part::Rule, 1)]);
        }
        let rows = parts.iter().map(|(_, rows)| rows).sum();
        Self {
            turn,
            first_row,
            parts,
            rows,
            columns,
        }
    }

    /// The part that row `row` of the turn belongs to, and its row there.
    fn part(&self, mut row: usize) -> Option<(Part, usize)> {
        for (part, rows) in &self.parts {
            if row < *rows {
                return Some((*part, row));
            }
            row -= rows;
        }
        None
    }

    /// The first row of a part, counted from the first turn.
    fn row_of(&self, wanted: Part) -> Option<usize> {
        let mut row = self.first_row;
        for (part, rows) in &self.parts {
            if *part == wanted {
                return Some(row);
            }
            row += rows;
        }
        None
    }
}

/// Who speaks: the reader, and on which branch.
fn speaker(state: &State, turn: &Turn) -> InkRow {
    let is_read = state.shown_of().is_some() && state.shown().is_some_and(|shown| shown.id == turn.id);
    let mut row = InkRow::new(if is_read { "▸ " } else { "" }, Role::Accent);
    row.push("you", Role::Label);
    let siblings = state.conversation.siblings(turn.id);
    if siblings.len() > 1 {
        let at = siblings.iter().position(|id| *id == turn.id).unwrap_or(0);
        row.push(&format!("  branch {} of {}", at + 1, siblings.len()), Role::Muted);
    }
    row
}

/// How the answer ended, where that is worth saying.
fn note(turn: &Turn, running: bool) -> Option<(String, Role)> {
    let (text, role) = match turn.finish {
        Some(Finish::Stop) => return None,
        None if running => return None,
        None => ("interrupted", Role::Warn),
        Some(Finish::Length) => ("cut off: the limit of tokens was reached", Role::Warn),
        Some(Finish::ContextFull) => ("cut off: the context is full", Role::Warn),
        Some(Finish::Stopped) => ("stopped", Role::Muted),
        Some(Finish::Failed) => {
            let reason = turn.error.as_deref().unwrap_or("for an unknown reason");
            return Some((format!("failed: {reason}"), Role::Bad));
        }
    };
    Some((text.to_owned(), role))
}

pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    cache: &mut Cache,
    title: &str,
    joined: bool,
) -> (Viewport, Area) {
    if area.is_empty() {
        return Default::default();
    }
    let focused = state.focus == Focus::Answer;
    let path = state.conversation.path();
    if path.is_empty() {
        let pane = Pane {
            title,
            focused,
            joined,
            ..Pane::default()
        };
        let inside = pane.draw(area, canvas.buffer, canvas.theme);
        welcome::draw(canvas, inside, state);
        return (Viewport::default(), super::super::pointed(area));
    }
    let framed = area.width >= 8 && area.height >= 3;
    let columns = usize::from(if framed { area.width - 4 } else { area.width });
    let height = usize::from(if framed { area.height - 2 } else { area.height });

    let mut layouts: Vec<Layout<'_>> = Vec::with_capacity(path.len());
    let mut rows = 0;
    for turn in &path {
        let layout = Layout::new(state, turn, cache.turn(turn, columns), rows, columns);
        rows += layout.rows;
        layouts.push(layout);
    }
    let top = top(state, cache, &layouts, columns, rows, height);
    let view = Viewport { rows, height, top };

    let live = state.shown_run().is_some_and(|run| run.phase == Phase::Answering);
    let pane = Pane {
        title,
        info: InkRow::default(),
        hint: InkRow::default(),
        badge: scroll_badge(view, state.answer_scroll, live),
        focused,
        joined,
    };
    let inside = pane.draw(area, canvas.buffer, canvas.theme);

    let marks = Marks::new(state);
    let first = layouts
        .partition_point(|layout| layout.first_row <= top)
        .saturating_sub(1);
    let mut place = 0;
    for layout in &layouts[first..] {
        let start = (top + place).saturating_sub(layout.first_row);
        for row in start..layout.rows {
            let Some(target) = line(inside, place) else { break };
            draw_row(canvas, target, (layout, row), state, cache, &marks);
            place += 1;
        }
    }
    (view, super::super::pointed(area))
}

/// The first row in view: where the state says, unless a place is to be revealed or the rows have a new width.
fn top(
    state: &State,
    cache: &mut Cache,
    layouts: &[Layout<'_>],
    columns: usize,
    rows: usize,
    height: usize,
) -> usize {
    let mut place = cache.answer_place;
    let find = |turn: TurnId, anchor: Anchor| {
        let layout = layouts.iter().find(|layout| layout.turn.id == turn)?;
        let made = cache.made(turn)?;
        match anchor {
            Anchor::Prompt(at) => Some(layout.row_of(Part::Prompt)? + made.prompt.row_of(at)),
            Anchor::Answer(at) => Some(layout.row_of(Part::Answer)? + made.answer.row_of(&(at..at + 1))?),
        }
    };
    let mut top = place.top(state.answer_scroll, columns, rows, height, find);
    let of_turn = |id: TurnId| layouts.iter().find(|layout| layout.turn.id == id);
    let shown = state.shown().and_then(|turn| of_turn(turn.id));
    let revealed = state.reveal.as_ref().and_then(|reveal| match reveal {
        Reveal::Turn(id) => Some(of_turn(*id)?.first_row),
        Reveal::Prompt(range) => {
            let row = cache.made(shown?.turn.id)?.prompt.row_of(range.start);
            Some(shown?.row_of(Part::Prompt)? + row)
        }
        Reveal::Answer(range) => {
            let row = cache.made(shown?.turn.id)?.answer.row_of(range)?;
            Some(shown?.row_of(Part::Answer)? + row)
        }
    });
    let found = layouts.iter().find_map(|layout| {
        let made = cache.made(layout.turn.id)?;
        let prompt = found::sought(state, layout.turn.id, search::Part::Prompt);
        let answer = found::sought(state, layout.turn.id, search::Part::Answer);
        match (prompt, answer) {
            (Some(place), _) => Some(layout.row_of(Part::Prompt)? + made.prompt.row_of(place.start)),
            (_, Some(place)) => Some(layout.row_of(Part::Answer)? + made.answer.row_of(&place)?),
            (None, None) => None,
        }
    });
    match (revealed, &state.reveal) {
        (Some(row), Some(Reveal::Turn(_))) => top = row.min(rows.saturating_sub(height)),
        (row, _) => {
            if let Some(row) = row.or(found) {
                top = bring_into_view(row, top, rows, height);
            }
        }
    }
    place.at(anchor(cache, layouts, top));
    cache.answer_place = place;
    top
}

/// What stands at row `top`, told independently of the width.
fn anchor(cache: &Cache, layouts: &[Layout<'_>], top: usize) -> Option<(TurnId, Anchor)> {
    let layout = layouts.get(
        layouts
            .partition_point(|layout| layout.first_row <= top)
            .checked_sub(1)?,
    )?;
    let made = cache.made(layout.turn.id)?;
    let (part, row) = layout.part(top - layout.first_row)?;
    let anchor = match part {
        Part::Answer => {
            let mut rows = (row..made.answer.len()).filter_map(|row| made.answer.row(row)?.source_start());
            Anchor::Answer(rows.next()?)
        }
        Part::Prompt => Anchor::Prompt(made.prompt.rows().get(row)?.start),
        _ => Anchor::Prompt(0),
    };
    Some((layout.turn.id, anchor))
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    target: Rect,
    (layout, row): (&Layout<'_>, usize),
    state: &State,
    cache: &Cache,
    marks: &Marks,
) {
    let turn = layout.turn;
    let (Some((part, row)), Some(made)) = (layout.part(row), cache.made(turn.id)) else {
        return;
    };
    let is_marked = marks.turn == Some(turn.id);
    let shown = match part {
        Part::Blank => return,
        Part::Speaker => speaker(state, turn),
        Part::ThinkingSummary => thinking::summary(state, turn),
        Part::AnswerLabel => InkRow::new("answer", Role::Label),
        Part::Verdicts => constraints::verdicts(turn, layout.columns),
        Part::Rule => InkRow::new(&"─".repeat(layout.columns.min(3)), Role::Border),
        Part::Note => {
            let Some((text, role)) = note(turn, false) else {
                return;
            };
            let wrapped = Wrapped::new(&text, layout.columns);
            wrapped
                .rows()
                .get(row)
                .map_or(InkRow::default(), |row| InkRow::new(&text[row.shown()], role))
        }
        Part::Prompt => {
            let Some(row) = made.prompt.rows().get(row) else {
                return;
            };
            let base = canvas.theme.style(Role::Prompt);
            let marks = if is_marked { marks.prompt.as_slice() } else { &[] };
            let found = found::marks(state, turn.id, search::Part::Prompt, 0);
            let found = found::on(&found, &(row.start..row.end));
            Pen::new(target, canvas.buffer).text_with(&turn.prompt[row.shown()], |at, len| {
                let place = row.start + at..row.start + at + len;
                let style = marked(base, &place, marks, canvas.theme);
                marked(style, &place, found, canvas.theme)
            });
            return;
        }
        Part::Answer => {
            let Some(row) = made.answer.row(row) else { return };
            let mut marks = if is_marked { marks.on(row) } else { Vec::new() };
            if let Some(shown) = row.source_range().filter(|_| state.search.is_some()) {
                let found = found::marks(state, turn.id, search::Part::Answer, 0);
                marks.extend_from_slice(found::on(&found, &shown));
            }
            row.draw(target, canvas.buffer, canvas.theme, &marks);
            return;
        }
    };
    shown.draw(target, canvas.buffer, canvas.theme, &[]);
}

/// What is marked in the turn that is read: broken places always, and what concerns the selected constraint while the
/// reader is at the constraints.
struct Marks {
    turn: Option<TurnId>,
    prompt: Vec<Mark>,
    /// By their start.
    answer: Vec<Mark>,
    longest: usize,
}

impl Marks {
    fn new(state: &State) -> Self {
        let mut marks = Self {
            turn: state.shown().map(|turn| turn.id),
            prompt: Vec::new(),
            answer: Vec::new(),
            longest: 0,
        };
        let selecting =
            (state.focus == Focus::Constraints || state.reveal.is_some()) && !state.is_listing_draft();
        let selected = state.selected_constraint().filter(|_| selecting);
        for (at, status) in state.statuses.iter().enumerate() {
            if state.listing.is_dropped(at) || status.applies == Applies::NotTaken {
                continue;
            }
            let role = match status.verdict {
                Verdict::Broken => Role::MarkBroken,
                _ if Some(at) == selected => Role::MarkMet,
                _ => continue,
            };
            let mark = |range: &Range<usize>| Mark {
                range: range.clone(),
                role,
            };
            marks.answer.extend(status.places.iter().map(mark));
        }
        marks.answer.sort_by_key(|mark| mark.range.start);
        marks.longest = marks
            .answer
            .iter()
            .map(|mark| mark.range.len())
            .max()
            .unwrap_or(0);
        if let Some(range) = state.listing.stated(state.selected).filter(|_| selecting) {
            marks.prompt.push(Mark {
                range,
                role: Role::MarkStated,
            });
        }
        marks
    }

    /// Those that a row of the answer may show.
    fn on(&self, row: &InkRow) -> Vec<Mark> {
        let Some(range) = row.source_range() else {
            return Vec::new();
        };
        let first = self
            .answer
            .partition_point(|mark| mark.range.start + self.longest <= range.start);
        let before = self.answer.partition_point(|mark| mark.range.start < range.end);
        self.answer[first.min(before)..before]
            .iter()
            .filter(|mark| mark.range.end > range.start)
            .cloned()
            .collect()
    }
}
