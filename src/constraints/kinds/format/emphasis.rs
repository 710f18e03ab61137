//! Highlighted parts.

use crate::constraints::{
    checker::{CharFinder, Found},
    text::chars::is_space,
};

/// What stands between asterisks on one line, and what stands between two pairs of them: two patterns that are searched
/// independently, as published (`***x***` is two). Blank ones do not count.
#[derive(Default)]
pub struct Highlights {
    single: Single,
    double: Double,
}

/// `\*[^\n*]*\*`: the byte after the opening asterisk, and whether text came.
#[derive(Default)]
struct Single(Option<(usize, bool)>);

/// `\*\*[^\n*]*\*\*`.
#[derive(Default, Clone, Copy)]
enum Double {
    #[default]
    Outside,
    /// One asterisk.
    Half,
    /// Two, here.
    Open(usize),
    /// Two and one more.
    OpenHalf,
    /// Inside, from here on, with text or without.
    Inside(usize, bool),
    /// One closing asterisk.
    InsideHalf(usize, bool),
}

impl CharFinder for Highlights {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        self.single.0 = match (self.single.0, c) {
            (None, '*') => Some((at, false)),
            (None, _) | (Some(_), '\n') => None,
            (Some((start, text)), '*') => {
                if text {
                    found.add(start..at + 1);
                }
                None
            }
            (Some((start, text)), c) => Some((start, text || !is_space(c))),
        };
        self.double = match (self.double, c) {
            (Double::Outside, '*') => Double::Half,
            (Double::Half, '*') => Double::Open(at - 1),
            (Double::Open(_), '*') => Double::OpenHalf,
            (Double::OpenHalf, '*') => Double::Outside,
            (Double::Inside(start, text), '*') => Double::InsideHalf(start, text),
            (Double::InsideHalf(start, text), '*') => {
                if text {
                    found.add(start..at + 1);
                }
                Double::Outside
            }
            (_, '\n') => Double::Outside,
            (Double::Open(start), c) => Double::Inside(start, !is_space(c)),
            (Double::OpenHalf, c) => Double::Inside(at - 2, !is_space(c)),
            (Double::Inside(start, text), c) => Double::Inside(start, text || !is_space(c)),
            (Double::Outside | Double::Half | Double::InsideHalf(..), _) => Double::Outside,
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    fn count(text: &str) -> usize {
        let (mut highlights, mut found) = (Highlights::default(), Found::default());
        text.char_indices()
            .for_each(|(at, c)| highlights.take(at, c, &mut found));
        found.count()
    }

    #[test]
    fn published_edge_cases() {
        for (text, wanted) in [
            ("**b**", 1),
            ("*a*", 1),
            ("***x***", 2),
            ("* item *x*", 1),
            ("__x__", 0),
            ("* *", 0),
        ] {
            assert_eq!(count(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_published_patterns(text in "[*a \n]{0,24}") {
            let single = Regex::new(r"\*[^\n*]*\*").unwrap();
            let double = Regex::new(r"\*\*[^\n*]*\*\*").unwrap();
            let filled = |regex: &Regex| regex.find_iter(&text).filter(|m| !m.as_str().trim_matches('*').trim().is_empty()).count();
            prop_assert_eq!(count(&text), filled(&single) + filled(&double));
        }
    }
}
