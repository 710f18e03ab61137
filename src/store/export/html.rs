//! One HTML page: no script, no outside file, everything escaped.

use std::fmt::Write;

use super::{ending, origin, other_branches, rows, thinking_line, title};
use crate::chat::{Conversation, Turn, sanitize};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}\
.text{white-space:pre-wrap;overflow-wrap:anywhere}\
.prompt{border-left:.25rem solid;padding-left:.75rem;font-weight:600}\
details,.quiet{opacity:.75}\
article{border-top:1px solid;margin-top:1.5rem;padding-top:.5rem}\
table{border-collapse:collapse;margin:.5rem 0}\
td,th{border:1px solid;padding:.1rem .5rem;text-align:left}";

pub(super) fn export(conversation: &Conversation) -> String {
    let title = escape(&title(conversation));
    let mut out = format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    if let Some(system) = &conversation.system {
        let _ = writeln!(out, "<p class=\"quiet text\">{}</p>", escape(system));
    }
    for turn in conversation.path() {
        one_turn(&mut out, turn);
    }
    if let Some(note) = other_branches(conversation) {
        let _ = writeln!(out, "<p class=\"quiet\">{note}</p>");
    }
    out + "</body>\n</html>\n"
}

fn one_turn(out: &mut String, turn: &Turn) {
    let _ = writeln!(
        out,
        "<article>\n<p class=\"prompt text\">{}</p>",
        escape(&turn.prompt)
    );
    let _ = writeln!(out, "<p class=\"quiet\">{}</p>", escape(&origin(turn)));
    if let Some(line) = thinking_line(turn) {
        let _ = writeln!(
            out,
            "<details><summary>{line}</summary><div class=\"text\">{}</div></details>",
            escape(&turn.thinking)
        );
    }
    let _ = writeln!(out, "<div class=\"text\">{}</div>", escape(&turn.answer));
    if let Some(ending) = ending(turn) {
        let _ = writeln!(out, "<p class=\"quiet\">{}</p>", escape(&ending));
    }
    let rows = rows(turn);
    if !rows.is_empty() {
        *out += "<table>\n<tr><th></th><th>constraint</th><th>verdict</th><th>value</th><th>id</th></tr>\n";
        for row in rows {
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td><code>{}</code></td></tr>",
                row.mark,
                escape(&row.words),
                row.verdict,
                escape(&row.value),
                escape(&row.id)
            );
        }
        *out += "</table>\n";
    }
    *out += "</article>\n";
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize::sanitize(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}
