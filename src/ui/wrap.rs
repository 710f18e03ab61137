//! Plain text to rows of a given width.
//!
//! A row is a byte range of its source, so places in the text and rows on screen map onto each other. The ranges of all
//! rows, joined, are the source: nothing is lost or doubled. Line breaks follow the Unicode line breaking rules; a word
//! wider than the row is cut between graphemes.
//!
//! Text that grows at its end is wrapped again only from the last settled place: the start of its last paragraph, or, in
//! a long paragraph, a place within the last few thousand bytes. The result is that of wrapping the whole anew.

use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

use super::width::{glyph, width};

/// Bytes of a paragraph that are looked at together.
const WINDOW: usize = 4096;

/// One row of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// First byte.
    pub start: usize,
    /// End of what is shown: spaces and the line break at the end of a row are not.
    pub end: usize,
    /// Where the next row starts.
    pub next: usize,
}

impl Row {
    pub fn shown(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A source wrapped to a width.
#[derive(Clone, Debug, Default)]
pub struct Wrapped {
    columns: usize,
    rows: Vec<Row>,
    settled: Settled,
    len: usize,
}

/// The state of the wrapper at a place that later text cannot change.
#[derive(Clone, Copy, Debug, Default)]
struct Settled {
    /// Bytes of the source that are behind.
    at: usize,
    /// Rows that are complete.
    rows: usize,
    /// The row being filled: where it starts, how far it is filled.
    row: Filling,
}

#[derive(Clone, Copy, Debug, Default)]
struct Filling {
    start: usize,
    end: usize,
    /// Cells taken, with the spaces after `end`.
    used: usize,
}

impl Wrapped {
    /// `columns` of zero count as one.
    pub fn new(source: &str, columns: usize) -> Self {
        let mut wrapped = Self {
            columns: columns.max(1),
            ..Self::default()
        };
        wrapped.update(source);
        wrapped
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes in what was appended to the source since the last call. `source` must start with the text seen before.
    pub fn update(&mut self, source: &str) {
        if source.len() == self.len && !self.rows.is_empty() {
            return;
        }
        self.len = source.len();
        self.rows.truncate(self.settled.rows);
        let mut state = self.settled;
        loop {
            let rest = &source[state.at..];
            let paragraph = rest.find('\n');
            let end = paragraph.unwrap_or(rest.len());
            if end > WINDOW {
                self.fill_window(source, &mut state);
            } else {
                self.fill(source, state.at..state.at + end, &mut state.row);
                let Some(break_at) = paragraph else { break };
                state.at += break_at + 1;
                self.end_row(&mut state.row, state.at);
            }
            state.rows = self.rows.len();
            self.settled = state;
        }
        let mut last = state.row;
        self.end_row(&mut last, source.len());
    }

    /// Places the next stretch of a paragraph longer than the window, up to a break that later text cannot move.
    fn fill_window(&mut self, source: &str, state: &mut Settled) {
        let limit = source.floor_char_boundary(state.at + WINDOW);
        let window = &source[state.at..limit];
        let last_word = words(window).last().map_or(0, |word| word.start);
        let end = if last_word == 0 {
            limit
        } else {
            state.at + last_word
        };
        self.fill(source, state.at..end, &mut state.row);
        state.at = end;
    }

    fn fill(&mut self, source: &str, stretch: Range<usize>, row: &mut Filling) {
        for word in words(&source[stretch.clone()]) {
            let start = stretch.start + word.start;
            let text = &source[start..stretch.start + word.end];
            let spaces = &source[stretch.start + word.end..stretch.start + word.next];
            let cells = width(text);
            if row.used + cells > self.columns && row.used > 0 && !text.is_empty() {
                self.end_row(row, start);
            }
            if cells > self.columns {
                self.cut(start, text, row);
            } else if !text.is_empty() {
                row.end = start + text.len();
                row.used += cells;
            }
            row.used += spaces.len();
        }
    }

    /// Places a word that is wider than a row.
    fn cut(&mut self, start: usize, word: &str, row: &mut Filling) {
        for (at, grapheme) in word.grapheme_indices(true) {
            let cells = glyph(grapheme).1;
            if row.used + cells > self.columns && row.used > 0 {
                self.end_row(row, start + at);
            }
            row.end = start + at + grapheme.len();
            row.used += cells;
        }
    }

    fn end_row(&mut self, row: &mut Filling, next: usize) {
        self.rows.push(Row {
            start: row.start,
            end: row.end,
            next,
        });
        *row = Filling {
            start: next,
            end: next,
            ..Filling::default()
        };
    }

    /// The row that shows byte `at`, or the last row before it.
    pub fn row_of(&self, at: usize) -> usize {
        self.rows.partition_point(|row| row.start <= at).saturating_sub(1)
    }
}

struct Word {
    start: usize,
    /// End of the word without the spaces after it.
    end: usize,
    next: usize,
}

/// What a row may be broken between.
fn words(text: &str) -> impl Iterator<Item = Word> + '_ {
    let separator = if text.is_ascii() {
        WordSeparator::AsciiSpace
    } else {
        WordSeparator::UnicodeBreakProperties
    };
    let mut at = 0;
    separator.find_words(text).map(move |word| {
        let start = at;
        let end = start + word.word.len();
        at = end + word.whitespace.len();
        Word { start, end, next: at }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(source: &str, columns: usize) -> Vec<&str> {
        Wrapped::new(source, columns)
            .rows()
            .iter()
            .map(|row| &source[row.shown()])
            .collect()
    }

    #[test]
    fn breaks_between_words_and_keeps_empty_lines() {
        assert_eq!(
            shown("the quick  brown\n\nfox ", 10),
            ["the quick", "brown", "", "fox"]
        );
        assert_eq!(shown("", 10), [""]);
        assert_eq!(shown("a\n", 10), ["a", ""]);
        assert_eq!(shown("  indented", 20), ["  indented"]);
    }

    #[test]
    fn cuts_long_words_and_wide_text_between_graphemes() {
        assert_eq!(shown("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(shown("你好世界", 5), ["你好", "世界"]);
        assert_eq!(shown("👩‍💻👩‍💻👩‍💻", 4), ["👩‍💻👩‍💻", "👩‍💻"]);
    }

    #[test]
    fn a_place_maps_to_its_row() {
        let wrapped = Wrapped::new("one two three", 5);
        assert_eq!(wrapped.row_of(0), 0);
        assert_eq!(wrapped.row_of(4), 1);
        assert_eq!(wrapped.row_of(12), 2);
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z]{1,12}",
            Just(" ".to_owned()),
            Just("\n".to_owned()),
            Just("\t".to_owned()),
            Just("你好，世界。".to_owned()),
            Just("👩‍💻".to_owned()),
            Just("e\u{301}".to_owned()),
            Just("\u{1b}[31m".to_owned()),
            "\\PC",
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn rows_join_to_the_source_and_fit(source in text(), columns in 4usize..30) {
            let wrapped = Wrapped::new(&source, columns);
            let mut at = 0;
            for row in wrapped.rows() {
                prop_assert_eq!(row.start, at);
                prop_assert!(row.end >= row.start && row.next >= row.end);
                prop_assert!(width(&source[row.shown()]) <= columns, "{:?}", &source[row.shown()]);
                prop_assert!(source[row.end..row.next].chars().all(|c| c == ' ' || c == '\n'));
                at = row.next;
            }
            prop_assert_eq!(at, source.len());
        }

        #[test]
        fn growing_text_gives_the_rows_of_the_whole(parts in prop::collection::vec(text(), 1..6), repeat in 1usize..40) {
            let parts: Vec<String> = parts.iter().map(|p| p.repeat(repeat)).collect();
            let mut source = String::new();
            let mut growing = Wrapped::new("", 17);
            for part in &parts {
                source.push_str(part);
                growing.update(&source);
            }
            let whole = Wrapped::new(&source, 17);
            prop_assert_eq!(growing.rows(), whole.rows());
        }
    }
}
