//! Items of lists.

use crate::constraints::text::chars::strip;

/// The text of a list item: behind `-`, `*`, `+`, `•` or a number.
pub fn item(line: &str) -> Option<&str> {
    bullet(line).or_else(|| number(line))
}

/// What people put in front of an item that has no number.
pub fn is_bullet_mark(c: char) -> bool {
    matches!(c, '-' | '*' | '+' | '•' | '‣' | '◦' | '▪' | '●' | '·' | '–' | '—')
}

fn bullet(line: &str) -> Option<&str> {
    let line = strip(line);
    let rest = line.strip_prefix(is_bullet_mark)?;
    // `**bold**` and `---` are no items.
    rest.starts_with([' ', '\t'])
        .then(|| strip(rest))
        .filter(|text| !text.is_empty())
}

fn number(line: &str) -> Option<&str> {
    let line = strip(line).trim_start_matches('*');
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let text = rest
        .strip_prefix(['.', ')', '、'])
        .filter(|_| (1..=3).contains(&digits))?;
    let spaced = text.starts_with([' ', '\t', '*']) || text.starts_with(|c: char| !c.is_ascii());
    (spaced && !strip(text).is_empty()).then(|| strip(text))
}

/// `1.` or `1)` and a text.
pub fn is_numbered(line: &str) -> bool {
    number(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_and_what_only_looks_like_one() {
        assert_eq!(item("  - one"), Some("one"));
        assert_eq!(item("12) twelve"), Some("twelve"));
        assert_eq!(item("1. **x**: y"), Some("**x**: y"));
        for line in [
            "---",
            "**bold** text",
            "-5 degrees",
            "3.14 is pi",
            "1999. was a year",
            "plain",
            "- ",
        ] {
            assert_eq!(item(line), None, "{line}");
        }
    }
}
