//! Bullet points.

use super::lists;
use crate::constraints::{
    checker::{CharFinder, Found},
    text::chars::is_space,
};

/// Lines that begin with `-`, or with `*` and something other than `*`; nested ones and `---` count, `•` and numbers do not.
/// An asterisk alone on its line takes the next line with it, as in the published pattern.
#[derive(Default)]
pub struct Bullets {
    place: Place,
}

#[derive(Default, Clone, Copy)]
enum Place {
    /// Only white space since the line began.
    #[default]
    Start,
    /// Behind an asterisk that began the line, which stood here.
    Star(usize),
    /// In a line that is decided.
    Rest,
}

impl CharFinder for Bullets {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        self.place = match self.place {
            Place::Start if c == '-' => {
                found.add(at..at + 1);
                Place::Rest
            }
            Place::Start if c == '*' => Place::Star(at),
            Place::Start if is_space(c) => Place::Start,
            Place::Star(star) if c != '*' => {
                found.add(star..star + 1);
                Place::Rest
            }
            Place::Rest if c == '\n' => Place::Start,
            _ => Place::Rest,
        };
    }
}

/// Bullets as people mean them: whatever mark a line begins with, `•` and `+` included, and a text behind it.
#[derive(Default)]
pub struct AnyBullets {
    place: Mark,
}

#[derive(Default, Clone, Copy)]
enum Mark {
    /// Only white space since the line began.
    #[default]
    Start,
    /// Behind a mark that began the line and stood from the first of these bytes to before the second; true once white space followed it.
    Behind(usize, usize, bool),
    Rest,
}

impl CharFinder for AnyBullets {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        self.place = match self.place {
            _ if c == '\n' => Mark::Start,
            Mark::Start if lists::is_bullet_mark(c) => Mark::Behind(at, at + c.len_utf8(), false),
            Mark::Start if is_space(c) => Mark::Start,
            Mark::Behind(mark, end, _) if is_space(c) => Mark::Behind(mark, end, true),
            Mark::Behind(mark, end, true) => {
                found.add(mark..end);
                Mark::Rest
            }
            _ => Mark::Rest,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str, mut bullets: impl CharFinder) -> usize {
        let mut found = Found::default();
        text.char_indices()
            .for_each(|(at, c)| bullets.take(at, c, &mut found));
        found.count()
    }

    #[test]
    fn published_edge_cases() {
        for (text, wanted) in [
            ("* a\n* b\n- c", 3),
            ("  * nested\n---\n-5", 3),
            ("*word* here\n**bold**", 1),
            ("*\n* eaten", 1),
            ("1. a\n• b\n+ c", 0),
            ("*", 0),
            ("a - b\n\n\n - c", 1),
        ] {
            assert_eq!(count(text, Bullets::default()), wanted, "{text:?}");
        }
    }

    #[test]
    fn whatever_mark_opens_an_item() {
        for (text, wanted) in [
            ("• a\n• b\n+ c", 3),
            ("- a\n  * nested", 2),
            ("---\n-5\n*word* here\n**bold**\n* \n1. one", 0),
        ] {
            assert_eq!(count(text, AnyBullets::default()), wanted, "{text:?}");
        }
    }
}
