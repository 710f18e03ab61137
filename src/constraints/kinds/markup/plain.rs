//! Marks of Markdown and HTML.

use std::ops::Range;

use super::blocks::is_heading;
use crate::constraints::{
    checker::{Finder, Found, Unit, Units},
    kinds::format::lists,
    text::chars::strip,
};

/// Finds headings, bullets, quotes, fences, rules, tables, emphasis, code spans, links and tags, line by line. Numbered
/// lines are plain text.
pub struct Markdown(Units);

impl Default for Markdown {
    fn default() -> Self {
        Self(Units::new(Unit::Line))
    }
}

impl Finder for Markdown {
    fn feed(&mut self, answer: &str, from: usize, found: &mut Found) {
        self.0.feed(answer, from, |line| look(answer, line, found));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, |line| look(answer, line, found));
    }
}

fn look(answer: &str, line: Range<usize>, found: &mut Found) {
    let text = strip(&answer[line.clone()]);
    let bullet = text.starts_with(['-', '*', '+']) && lists::item(text).is_some();
    let rule = text.len() >= 3
        && ['-', '*', '_']
            .into_iter()
            .any(|mark| text.chars().all(|c| c == mark));
    let block =
        text.starts_with("```") || text.starts_with("> ") || text.starts_with('|') && text.ends_with('|');
    if is_heading(text) || bullet || rule || block && text.len() > 1 || has_inline_mark(text) {
        found.add(line);
    }
}

/// `**bold**`, `*italic*`, `` `code` ``, `[text](link)`, `<tag>`.
fn has_inline_mark(text: &str) -> bool {
    let paired = |mark: &str| {
        text.split(mark)
            .skip(1)
            .zip(text.split(mark).skip(2))
            .any(|(inside, _)| {
                !inside.is_empty()
                    && !inside.starts_with(char::is_whitespace)
                    && !inside.ends_with(char::is_whitespace)
            })
    };
    let link = text
        .split_once("](")
        .is_some_and(|(before, after)| before.contains('[') && after.contains(')'));
    let tag = text.split('<').skip(1).any(|rest| {
        rest.strip_prefix('/')
            .unwrap_or(rest)
            .starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.contains('>')
    });
    paired("**") || paired("__") || paired("*") || paired("`") || link || tag
}

#[cfg(test)]
mod tests {
    use super::has_inline_mark;

    #[test]
    fn marks_and_what_only_looks_like_one() {
        for text in ["a **b** c", "*b*", "use `x`", "see [a](b)", "<b>x</b>"] {
            assert!(has_inline_mark(text), "{text}");
        }
        for text in ["2 * 3 * 4", "a_b_c", "x < y and y > z", "[note]", "it's"] {
            assert!(!has_inline_mark(text), "{text}");
        }
    }
}
