//! Plain lines for a terminal or a pager.

use std::fmt::Write;

use super::{ending, origin, other_branches, rows, thinking_line, title};
use crate::chat::{Conversation, Turn, sanitize};

pub(super) fn export(conversation: &Conversation) -> String {
    let mut out = format!("{}\n", title(conversation));
    if let Some(system) = &conversation.system {
        block(&mut out, "System", system);
    }
    for turn in conversation.path() {
        one_turn(&mut out, turn);
    }
    if let Some(note) = other_branches(conversation) {
        let _ = writeln!(out, "\n{note}");
    }
    out
}

fn one_turn(out: &mut String, turn: &Turn) {
    block(out, "You", &turn.prompt);
    if let Some(line) = thinking_line(turn) {
        block(out, &line, &turn.thinking);
    }
    block(out, &origin(turn), &turn.answer);
    if let Some(ending) = ending(turn) {
        let _ = writeln!(out, "  ({ending})");
    }
    let rows = rows(turn);
    if !rows.is_empty() {
        *out += "\nConstraints\n";
    }
    for row in rows {
        let _ = write!(out, "  {} {}: {}", row.mark, row.verdict, row.words);
        if !row.value.is_empty() {
            let _ = write!(out, " ({})", row.value);
        }
        let _ = writeln!(out, " [{}]", row.id);
    }
}

fn block(out: &mut String, heading: &str, text: &str) {
    let _ = writeln!(out, "\n{heading}");
    for line in sanitize::sanitize(text).trim_end().lines() {
        let _ = writeln!(out, "  {line}");
    }
}
