//! A conversation as a document.
//!
//! `json` and `jsonl` hold everything, every branch, to the byte; `md`, `html` and `text` are for reading: the branch
//! that the conversation ends in, without characters that steer a terminal.

mod html;
mod markdown;
mod text;

use crate::chat::{Conversation, Edit, Finish, Record, ThinkingEnd, Turn, sanitize};
use crate::constraints::Verdict;

/// What a conversation can be exported to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    /// One object.
    Json,
    /// Records as in a transcript, pieces of a stream joined: can be read back.
    Jsonl,
    /// One page that needs no other file and runs nothing.
    Html,
    /// As a terminal shows it.
    Text,
}

pub fn export(conversation: &Conversation, format: Format) -> String {
    match format {
        Format::Markdown => markdown::export(conversation),
        Format::Html => html::export(conversation),
        Format::Text => text::export(conversation),
        Format::Json => json(conversation, true) + "\n",
        Format::Jsonl => {
            let lines = conversation
                .records()
                .into_iter()
                .map(|r: Record| json(&r, false) + "\n");
            lines.collect()
        }
    }
}

fn json(value: &impl serde::Serialize, pretty: bool) -> String {
    let json = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    // Conversations have string keys only; serialising them to memory cannot fail.
    sanitize::escape_json(&json.unwrap_or_default()).into_owned()
}

/// The title that was given, else the start of the first prompt, on one line.
pub fn title(conversation: &Conversation) -> String {
    let given = conversation.title.as_deref().map(sanitize::one_line);
    given.filter(|t| !t.is_empty()).unwrap_or_else(|| {
        let prompt = conversation.turns().first().map_or("", |t| &t.prompt);
        let start: String = prompt.chars().take(200).collect();
        shorten(&sanitize::one_line(&start), 80)
    })
}

/// At most `chars` characters, with an ellipsis if some are left out.
pub fn shorten(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some(_) => {
            let kept: String = text.chars().take(chars.saturating_sub(1)).collect();
            kept + "…"
        }
    }
}

/// `Thought for 12 s · 840 tokens`; `None` for a turn without thinking.
fn thinking_line(turn: &Turn) -> Option<String> {
    if turn.thinking.is_empty() && turn.thinking_end.is_none() {
        return None;
    }
    let mut line = match turn.thinking_s {
        Some(seconds) => format!("Thought for {seconds:.0} s"),
        None => "Thinking".to_owned(),
    };
    if turn.stats.thinking_tokens > 0 {
        line += &format!(" · {} tokens", turn.stats.thinking_tokens);
    }
    line += match turn.thinking_end {
        Some(ThinkingEnd::Budget) => " · ended by its budget",
        Some(ThinkingEnd::User) => " · ended by a key",
        Some(ThinkingEnd::Unclosed) => " · never closed",
        Some(ThinkingEnd::Model) | None => "",
    };
    Some(line)
}

/// What a reader must know of how a turn ended; `None` if it ended by itself.
fn ending(turn: &Turn) -> Option<String> {
    let error = turn.error.as_deref().map(sanitize::one_line);
    match turn.finish {
        None => Some("interrupted: this turn has no end".to_owned()),
        Some(Finish::Stop) => None,
        Some(Finish::Length) => Some("ended at the token limit".to_owned()),
        Some(Finish::ContextFull) => Some("ended because the context is full".to_owned()),
        Some(Finish::Stopped) => Some("stopped".to_owned()),
        Some(Finish::Failed) => Some(format!("failed: {}", error.unwrap_or_default())),
    }
}

/// `model · method · 2026-11-23 09:20 UTC`.
fn origin(turn: &Turn) -> String {
    let mut line = format!(
        "{} · {}",
        sanitize::one_line(&turn.model),
        sanitize::one_line(&turn.method)
    );
    if let Some(time) = utc(turn.started_ms) {
        line += " · ";
        line += &time;
    }
    line
}

fn utc(ms: i64) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(ms).ok().filter(|_| ms > 0)?;
    Some(time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// One constraint of a turn and what became of it.
struct Row {
    mark: char,
    verdict: &'static str,
    /// The words of the prompt that state it; a dash where the prompt does not have them.
    words: String,
    id: String,
    value: String,
}

/// The constraints of a turn in their order; those without a verdict are pending.
fn rows(turn: &Turn) -> Vec<Row> {
    let rows = turn.constraints.iter().enumerate().map(|(i, constraint)| {
        let checked = turn.checked.iter().find(|c| c.constraint == i);
        let (mark, verdict) = if turn.is_dropped(i) {
            ('–', "dropped by hand")
        } else {
            words(checked.map_or(Verdict::Pending, |c| c.verdict))
        };
        let stated = turn.prompt.get(constraint.span.clone()).unwrap_or_default();
        let as_read = turn.as_read.as_ref().map_or(Some(constraint), |read| read.get(i));
        let label = || sanitize::one_line(&constraint.label());
        let words = match (
            Some(sanitize::one_line(stated)).filter(|w| !w.is_empty()),
            as_read,
        ) {
            (_, None) => {
                let nth = i - turn.as_read.as_ref().map_or(0, Vec::len);
                match turn.edits.iter().filter(|edit| edit.adds()).nth(nth) {
                    Some(Edit::Keep { .. }) => format!("{} (from an earlier turn)", label()),
                    _ => format!("{} (added by hand)", label()),
                }
            }
            (words, Some(read)) if read.kwargs != constraint.kwargs => {
                format!("{} (changed by hand: {})", words.unwrap_or("—".into()), label())
            }
            (words, Some(_)) => words.unwrap_or("—".into()),
        };
        Row {
            mark,
            verdict,
            words,
            id: sanitize::one_line(&constraint.id),
            value: checked.map(|c| sanitize::one_line(&c.value)).unwrap_or_default(),
        }
    });
    rows.collect()
}

fn words(verdict: Verdict) -> (char, &'static str) {
    match verdict {
        Verdict::Pending => ('…', "pending"),
        Verdict::Holding => ('✓', "holding"),
        Verdict::Met => ('✓', "met"),
        Verdict::AtRisk => ('!', "at risk"),
        Verdict::Broken => ('✗', "broken"),
        Verdict::NotCheckable => ('?', "not checkable"),
    }
}

/// `None` if the branch that is shown is all there is.
fn other_branches(conversation: &Conversation) -> Option<String> {
    match conversation.turns().len() - conversation.path().len() {
        0 => None,
        1 => Some("1 more turn is on another branch; the json export has it.".to_owned()),
        n => Some(format!(
            "{n} more turns are on other branches; the json export has them."
        )),
    }
}

#[cfg(test)]
mod tests;
