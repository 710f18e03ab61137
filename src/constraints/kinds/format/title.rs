//! A title in double angular brackets.

use crate::constraints::{
    checker::{CharFinder, Found},
    text::chars::is_space,
};

/// `<<…>>` on one line with something inside that is neither white space nor a bracket at its edge.
#[derive(Default)]
pub struct Title {
    /// `<` in a row, until there are two.
    opening: usize,
    /// Inside the first `<<` of the line: where it began.
    start: Option<usize>,
    /// What has been seen inside, behind further `<`.
    inside: Inside,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Inside {
    begun: bool,
    /// Text that counts, in front of the run of `>` in progress.
    text: bool,
    /// `>` in a row.
    closing: usize,
}

impl CharFinder for Title {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if c == '\n' {
            *self = Self::default();
            return;
        }
        let Some(start) = self.start else {
            self.opening = if c == '<' { self.opening + 1 } else { 0 };
            if self.opening == 2 {
                self.start = Some(at - 1);
            }
            return;
        };
        let inside = &mut self.inside;
        if c == '<' && !inside.begun {
            return;
        }
        inside.begun = true;
        if c == '>' {
            inside.closing += 1;
            if inside.closing >= 2 && inside.text {
                found.add(start..at + 1);
                // Greedy: a line has one title.
                inside.text = false;
                inside.closing = 0;
                self.start = None;
                self.opening = 0;
                self.inside = Inside::default();
            }
            return;
        }
        // A run of `>` that something follows is text.
        inside.text |= inside.closing > 0 || !is_space(c);
        inside.closing = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    fn found(text: &str) -> bool {
        let (mut title, mut found) = (Title::default(), Found::default());
        text.char_indices()
            .for_each(|(at, c)| title.take(at, c, &mut found));
        found.count() > 0
    }

    proptest! {
        #[test]
        fn agrees_with_the_published_pattern(text in "[<<<>>>a \n]{0,16}") {
            let pattern = Regex::new(r"<<[^\n]+>>").unwrap();
            let wanted = pattern.find_iter(&text).any(|m| {
                !m.as_str().trim_start_matches('<').trim_end_matches('>').trim().is_empty()
            });
            prop_assert_eq!(found(&text), wanted);
        }
    }
}
