//! The state as lines that are only ever appended, for screen readers, dumb terminals and pipes.
//!
//! No colour, no cursor movement, no redrawing: who speaks is a label, what happens is a line. An answer comes by the
//! sentence, so that a screen reader is not fed letters. Everything that a model wrote passes the gate of
//! [`sanitize`](crate::chat::sanitize).

use std::fmt::Write;

use super::view::duration;
use crate::app::action::Group;
use crate::app::compare::matched;
use crate::app::{Action, Compare, Form, ModelState, NoticeKind, Overlay, Picker, PickerKind, State};
use crate::chat::sanitize::{one_line, sanitize};
use crate::chat::{Finish, Turn, TurnId};
use crate::constraints::Verdict;
use crate::constraints::kinds::ArgType;
use crate::models::human_bytes;
use crate::reasoning::Inspector;

/// Rows of a list that are told.
const MOST_ROWS: usize = 50;
/// Bytes of a sentence that are not waited for.
const LONG_SENTENCE: usize = 300;
/// A download is told in steps of this many percent.
const PULL_STEP: u64 = 10;

/// What was told already.
#[derive(Debug, Default)]
pub struct Plain {
    echo: bool,
    conversation: String,
    turn: Option<TurnId>,
    thinking: Told,
    answer: Told,
    ended: bool,
    model: String,
    notice: String,
    unsaved: String,
    pull: (usize, u64),
    list: String,
}

/// How far a text was told.
#[derive(Debug, Default)]
struct Told {
    bytes: usize,
    /// The last line is not complete.
    open: bool,
    over: bool,
}

impl Plain {
    /// `echo`: messages are said again, because nobody saw them being typed.
    pub fn new(echo: bool) -> Self {
        Self {
            echo,
            ..Self::default()
        }
    }

    /// What is new in `state`, as text that ends with a whole line unless a sentence of a line goes on.
    pub fn news(&mut self, state: &State) -> String {
        let mut out = String::new();
        self.model(state, &mut out);
        self.pull(state, &mut out);
        self.talk(state, &mut out);
        self.unsaved(state, &mut out);
        self.notice(state, &mut out);
        self.list(state, &mut out);
        out
    }

    fn model(&mut self, state: &State, out: &mut String) {
        let words = match &state.model {
            ModelState::Starting => String::new(),
            ModelState::Loading { name } => format!("loading {}", one_line(name)),
            ModelState::Ready(info) => format!("ready: {}", one_line(&info.name)),
            ModelState::Absent { reason } => format!("no model: {}", one_line(reason)),
        };
        tell_change(&mut self.model, words, out);
    }

    fn pull(&mut self, state: &State, out: &mut String) {
        let Some(pull) = &state.pull else {
            self.pull = (0, 0);
            return;
        };
        for note in pull.notes.iter().skip(self.pull.0) {
            line(out, "fetching", note);
        }
        self.pull.0 = pull.notes.len();
        let Some(percent) = (pull.done * 100).checked_div(pull.total) else {
            return;
        };
        let step = percent / PULL_STEP + 1;
        if step > self.pull.1 {
            self.pull.1 = step;
            let words = format!("{}, {percent}% of {}", pull.name, human_bytes(pull.total));
            line(out, "fetching", &words);
        }
    }

    fn talk(&mut self, state: &State, out: &mut String) {
        let head = state.head();
        let id = head.map(|turn| turn.id);
        if self.conversation != state.conversation.id {
            let is_opened = state.run.is_none() && head.is_some();
            self.conversation.clone_from(&state.conversation.id);
            self.turn = None;
            if is_opened {
                // A conversation that was gone on with is told from its beginning.
                for turn in state.conversation.path() {
                    self.turn(state, turn, true, out);
                }
            }
        }
        if let Some(turn) = head.filter(|_| id != self.turn || !self.ended) {
            self.turn(state, turn, self.echo, out);
        }
    }

    fn turn(&mut self, state: &State, turn: &Turn, echo: bool, out: &mut String) {
        let is_shown = state.shown().is_some_and(|shown| shown.id == turn.id);
        let running = state.run.as_ref().is_some_and(|run| run.turn == turn.id);
        if self.turn != Some(turn.id) {
            self.turn = Some(turn.id);
            (self.thinking, self.answer, self.ended) = Default::default();
            if echo {
                line(out, "you", &turn.prompt);
            }
            let asked: Vec<String> = turn
                .constraints
                .iter()
                .enumerate()
                .filter(|(at, _)| !turn.is_dropped(*at))
                .map(|(_, constraint)| constraint.label())
                .collect();
            if !asked.is_empty() {
                line(out, "constraints", &asked.join("; "));
            }
        }
        let thinking_over = !running || turn.thinking_end.is_some() || !turn.answer.is_empty();
        if !turn.thinking.trim().is_empty() && !self.thinking.over {
            if state.thinking_folded {
                if self.thinking.bytes == 0 {
                    out.push_str("thinking\n");
                }
                self.thinking.bytes = turn.thinking.len();
            } else {
                self.thinking.tell("thinking", &turn.thinking, thinking_over, out);
            }
            if thinking_over {
                self.thinking.over = true;
                let seconds = turn.thinking_s.map(|s| format!(" for {}", duration(s.into())));
                let _ = writeln!(out, "thought{}", seconds.unwrap_or_default());
            }
        }
        if !turn.answer.trim().is_empty() {
            self.answer.tell("answer", &turn.answer, !running, out);
        }
        if !running && !self.ended {
            self.ended = true;
            ending(state, turn, is_shown, out);
        }
    }

    fn notice(&mut self, state: &State, out: &mut String) {
        let words = state.notice.as_ref().map_or(String::new(), |notice| {
            let label = match notice.kind {
                NoticeKind::Info => "note",
                NoticeKind::Warning => "warning",
                NoticeKind::Error => "error",
            };
            format!("{label}: {}", one_line(&notice.text))
        });
        tell_change(&mut self.notice, words, out);
    }

    fn unsaved(&mut self, state: &State, out: &mut String) {
        let words = state.unsaved.as_ref().map_or(String::new(), |reason| {
            format!("warning: this conversation is not saved: {}", one_line(reason))
        });
        tell_change(&mut self.unsaved, words, out);
    }

    fn list(&mut self, state: &State, out: &mut String) {
        let words = match &state.overlay {
            None => String::new(),
            Some(Overlay::Help { .. }) => help(),
            Some(Overlay::Picker(picker)) if picker.kind == PickerKind::Command => help(),
            Some(Overlay::Picker(picker)) if picker.is_waiting() => return,
            Some(Overlay::Picker(picker)) => rows(picker),
            Some(Overlay::Form(form)) => question(form),
            Some(Overlay::Inspect) => inspected(state),
            Some(Overlay::Compare(compare)) if compare.sides[1].is_some() && state.run.is_none() => {
                compared(state, compare)
            }
            Some(Overlay::Compare(_)) => return,
        };
        tell_change(&mut self.list, words, out);
    }
}

impl Told {
    /// Tells `text` on from where it was, up to the last whole sentence; all of it when it is over.
    fn tell(&mut self, label: &str, text: &str, over: bool, out: &mut String) {
        let rest = text.get(self.bytes..).unwrap_or_default();
        let end = if over { rest.len() } else { settled(rest) };
        if end > 0 {
            if self.bytes == 0 {
                let _ = writeln!(out, "{label}:");
            }
            let told = sanitize(&rest[..end]);
            let told = if self.bytes == 0 {
                told.trim_start_matches('\n')
            } else {
                &told
            };
            out.push_str(told);
            self.open = !rest[..end].ends_with('\n');
            self.bytes += end;
        }
        if over && std::mem::take(&mut self.open) {
            out.push('\n');
        }
    }
}

/// Bytes up to the end of the last line or sentence; of text without either up to a word.
fn settled(text: &str) -> usize {
    let newline = text.rfind('\n').map_or(0, |at| at + 1);
    let sentence = [". ", "! ", "? ", ": "]
        .iter()
        .filter_map(|end| text.rfind(end))
        .max();
    let wide = text
        .rfind(['。', '！', '？'])
        .map_or(0, |at| at + '。'.len_utf8());
    let end = newline.max(sentence.map_or(0, |at| at + 2)).max(wide);
    if end == 0 && text.len() > LONG_SENTENCE {
        return text.rfind(' ').map_or(0, |at| at + 1);
    }
    end
}

/// How the turn ended and what became of its constraints.
fn ending(state: &State, turn: &Turn, is_shown: bool, out: &mut String) {
    let note = match turn.finish {
        Some(Finish::Stop) => None,
        Some(Finish::Length) => Some("cut off, the limit of tokens was reached".into()),
        Some(Finish::ContextFull) => Some("cut off, the context is full".into()),
        Some(Finish::Stopped) => Some("stopped".into()),
        Some(Finish::Failed) => turn
            .error
            .as_deref()
            .map(|error| format!("failed, {}", one_line(error))),
        None => Some("interrupted".into()),
    };
    if let Some(note) = note {
        line(out, "end", &note);
    }
    if turn.is_unanswered() && !turn.constraints.is_empty() {
        line(out, "constraints", "not answered, so not checked");
        return;
    }
    for (index, constraint) in turn.constraints.iter().enumerate() {
        if turn.is_dropped(index) {
            continue;
        }
        let (verdict, value) = match state.statuses.get(index).filter(|_| is_shown) {
            Some(status) => (status.verdict, status.value.as_str()),
            None => match turn.checked.iter().find(|checked| checked.constraint == index) {
                Some(checked) => (checked.verdict, checked.value.as_str()),
                None => continue,
            },
        };
        let words = said(verdict);
        let value = if value.is_empty() {
            String::new()
        } else {
            format!(", {value}")
        };
        line(out, words, &format!("{}{value}", constraint.label()));
    }
}

fn said(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pending => "open",
        Verdict::Holding | Verdict::Met => "met",
        Verdict::AtRisk => "at risk",
        Verdict::Broken => "broken",
        Verdict::NotCheckable => "not checkable",
    }
}

/// The argument that is asked for.
fn question(form: &Form) -> String {
    let mut out = String::new();
    if let Some(problem) = &form.problem {
        let _ = writeln!(out, "{}", one_line(problem));
    }
    if let Some(field) = form.fields.get(form.at) {
        let now = match field.text.as_str() {
            "" => String::new(),
            text => format!(", now {}", one_line(text)),
        };
        let hint = match field.kind {
            ArgType::Relation => "at least, less than, exactly",
            ArgType::Flag => "yes or nothing",
            _ => field.hint(),
        };
        let _ = write!(out, "{}: {hint}{now}; or /cancel", field.name.replace('_', " "));
    }
    out
}

/// The thinking against the constraints, a line for each.
fn inspected(state: &State) -> String {
    let mut out = String::from("thinking against constraints:\n");
    let Some(turn) = state.shown() else {
        return out;
    };
    let mut inspector = Inspector::new(&turn.prompt, &turn.constraints);
    inspector.read(&turn.thinking);
    for (at, constraint) in turn.constraints.iter().enumerate() {
        if turn.is_dropped(at) {
            continue;
        }
        let consideration = inspector.consideration(at);
        let considered = match (consideration.first_at, consideration.planned) {
            (None, _) => "never considered".to_owned(),
            (Some(share), planned) => format!(
                "considered in {} passages, first after {:.0}%, {}planned",
                consideration.passages.len(),
                share * 100.0,
                if planned { "" } else { "not " }
            ),
        };
        let verdict = state
            .statuses
            .get(at)
            .map_or("open", |status| said(status.verdict));
        let _ = writeln!(out, "{}: {considered}, {verdict}", constraint.label());
    }
    let minds = inspector.changes_of_mind();
    let share = inspector.restated_share() * 100.0;
    let _ = write!(out, "{share:.0}% restates the prompt, changes of mind: {minds}");
    out
}

/// The verdicts of two answers, a line for each requirement.
fn compared(state: &State, compare: &Compare) -> String {
    let mut out = String::from("compared, the first answer and the second:\n");
    let turns = [0, 1].map(|at| state.conversation.turn(compare.sides[at].as_ref()?.turn));
    let Some(first) = turns[0] else {
        return out;
    };
    for pair in matched(first, turns[1]) {
        let verdicts = [0, 1].map(|at| {
            let statuses = compare.sides[at].as_ref().map(|side| &side.statuses);
            let status = pair.at[at].and_then(|position| statuses?.get(position));
            status.map_or("not asked", |status| said(status.verdict))
        });
        let _ = writeln!(
            out,
            "{}: {}, {}",
            pair.constraint.label(),
            verdicts[0],
            verdicts[1]
        );
    }
    out.truncate(out.trim_end().len());
    out
}

fn rows(picker: &Picker) -> String {
    let mut out = format!("{}:\n", picker.kind.title());
    for (index, row) in picker.rows().enumerate().take(MOST_ROWS) {
        let detail = one_line(&row.detail);
        let detail = if detail.is_empty() {
            detail
        } else {
            format!(", {detail}")
        };
        let _ = writeln!(out, "{}. {}{detail}", index + 1, one_line(&row.label));
    }
    if picker.rows().len() == 0 {
        let _ = writeln!(out, "{}", picker.when_empty());
    }
    out.push_str(match picker.kind {
        PickerKind::Title => "type the title, or /cancel",
        PickerKind::Found => "type words to look for, the number of a row, or /cancel",
        _ => "type the number of a row, or /cancel",
    });
    out
}

fn help() -> String {
    let mut out = String::from("commands:\n");
    for group in Group::ALL {
        let commands = Action::ALL
            .iter()
            .filter(|a| a.group() == *group && a.is_command());
        for action in commands {
            let argument = action.argument().map(|argument| format!(" {argument}"));
            let _ = writeln!(
                out,
                "/{}{}, {}",
                action.name(),
                argument.unwrap_or_default(),
                action.about()
            );
        }
    }
    out.push_str("any other line is a message; one that ends with a backslash goes on in the next line");
    out
}

fn tell_change(told: &mut String, words: String, out: &mut String) {
    if *told != words {
        if !words.is_empty() {
            let _ = writeln!(out, "{words}");
        }
        *told = words;
    }
}

/// `label: text`, the further lines of the text as they are.
fn line(out: &mut String, label: &str, text: &str) {
    let _ = writeln!(out, "{label}: {}", sanitize(text.trim_end()));
}
