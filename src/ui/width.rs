//! How many cells text takes, and what of it may reach the terminal.
//!
//! One function, [`glyph`], decides both for every grapheme, so that wrapping and drawing can never disagree. It is also
//! the last gate before the terminal: control characters and direction overrides come out as nothing.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// Cells of a tab: a fixed number, so that a row's width does not depend on where it starts.
const TAB: &str = "    ";

/// What is drawn for one grapheme, and its width in cells.
pub fn glyph(grapheme: &str) -> (&str, usize) {
    if let [byte] = grapheme.as_bytes() {
        return match byte {
            b'\t' => (TAB, TAB.len()),
            0x20..0x7f => (grapheme, 1),
            _ => ("", 0),
        };
    }
    if grapheme.chars().any(is_unsafe) {
        return ("", 0);
    }
    (grapheme, usize::from(grapheme.cell_width()))
}

/// Control characters, and the marks that reorder the rest of a row.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Cells that `text` takes on one row.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return text.len();
    }
    text.graphemes(true).map(|g| glyph(g).1).sum()
}

/// The longest start of `text` that takes at most `max` cells.
pub fn fit(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += glyph(grapheme).1;
        if used > max {
            return &text[..at];
        }
    }
    text
}

/// `text` on one row of at most `max` cells; what does not fit ends in `…`. Line breaks become spaces.
pub fn ellipsis(text: &str, max: usize) -> String {
    let flat = text.replace(['\n', '\t'], " ");
    if width(&flat) <= max {
        return flat;
    }
    if max == 0 {
        return String::new();
    }
    let mut cut = fit(&flat, max - 1).trim_end().to_owned();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_terminal() {
        for (text, cells) in [
            ("abc", 3),
            ("你好", 4),
            ("👩‍💻", 2),
            ("e\u{301}", 1),
            ("♻️", 2),
            ("a\tb", 6),
            ("", 0),
        ] {
            assert_eq!(width(text), cells, "{text:?}");
        }
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_drawn() {
        for text in ["\u{1b}", "\u{7f}", "\u{9b}", "\u{202e}", "\r\n", "\u{7}"] {
            assert_eq!(glyph(text), ("", 0), "{text:?}");
        }
    }

    #[test]
    fn ellipsis_never_exceeds_its_cells() {
        assert_eq!(ellipsis("你好世界", 5), "你好…");
        assert_eq!(ellipsis("你好世界", 4), "你…");
        assert_eq!(ellipsis("two\nlines", 20), "two lines");
        assert_eq!(ellipsis("abc", 0), "");
    }
}
