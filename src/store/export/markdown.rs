//! Markdown: prompts quoted, thinking folded, answers as they are, verdicts as a table.

use std::fmt::Write;

use super::{ending, origin, other_branches, rows, thinking_line, title};
use crate::chat::{Conversation, Turn, sanitize};

pub(super) fn export(conversation: &Conversation) -> String {
    let mut out = format!("# {}\n", escape(&title(conversation)));
    if let Some(system) = &conversation.system {
        out += "\n**System message**\n\n";
        quote(&mut out, system);
    }
    for (i, turn) in conversation.path().into_iter().enumerate() {
        one_turn(&mut out, i + 1, turn);
    }
    if let Some(note) = other_branches(conversation) {
        let _ = writeln!(out, "\n---\n\n*{note}*");
    }
    out
}

fn one_turn(out: &mut String, number: usize, turn: &Turn) {
    let _ = writeln!(out, "\n---\n\n## {number}\n");
    quote(out, &turn.prompt);
    let _ = writeln!(out, "\n*{}*", escape(&origin(turn)));
    if let Some(line) = thinking_line(turn) {
        let _ = writeln!(out, "\n<details><summary>{line}</summary>\n");
        fence(out, &turn.thinking);
        *out += "\n</details>\n";
    }
    let answer = sanitize::sanitize(&turn.answer);
    if !answer.trim().is_empty() {
        let _ = writeln!(out, "\n{}", answer.trim_end());
    }
    if let Some(ending) = ending(turn) {
        let _ = writeln!(out, "\n*{}*", escape(&ending));
    }
    let rows = rows(turn);
    if rows.is_empty() {
        return;
    }
    *out += "\n| | constraint | verdict | value | id |\n|---|---|---|---|---|\n";
    for row in rows {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | `{}` |",
            row.mark,
            escape(&row.words),
            row.verdict,
            escape(&row.value),
            row.id.replace(['`', '|'], "")
        );
    }
}

fn quote(out: &mut String, text: &str) {
    for line in sanitize::sanitize(text).trim_end().split('\n') {
        let _ = writeln!(out, "> {line}");
    }
}

/// As code, inside a fence that nothing in `text` can close.
fn fence(out: &mut String, text: &str) {
    let text = sanitize::sanitize(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let _ = writeln!(out, "{fence}text\n{}\n{fence}", text.trim_end());
}

/// One line of text that is not to be read as markup.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
