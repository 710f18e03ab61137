//! Finding a regular expression in a text that grows.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// The most that a compiled pattern may take: users' keywords are inserted into patterns unescaped.
const SIZE_LIMIT: usize = 1 << 20;

/// Patterns that can match more bytes than this are settled at the end only: each piece costs a look back this far.
const LONGEST: usize = 1024;

/// Finds the non-overlapping matches of a pattern, leftmost first, as `re.findall` does.
///
/// A match is reported when no further text can change it: as soon as the text reaches as far as the longest match could,
/// plus one character for a boundary. A pattern without such a limit is settled at the end only.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    longest: Option<usize>,
    /// Everything before has been searched for the last time.
    settled: usize,
}

impl Pattern {
    /// Compiles `pattern`; the error is one a person can read.
    pub fn new(pattern: &str, ignore_case: bool) -> Result<Self, String> {
        let regex = RegexBuilder::new(pattern)
            .case_insensitive(ignore_case)
            .multi_line(true)
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|error| error.to_string())?;
        let longest = regex_syntax::ParserBuilder::new()
            .case_insensitive(ignore_case)
            .multi_line(true)
            .build()
            .parse(pattern)
            .map_err(|error| error.to_string())?
            .properties()
            .maximum_len()
            .filter(|&longest| longest <= LONGEST);
        Ok(Self {
            regex,
            longest,
            settled: 0,
        })
    }

    /// Reports the matches that can no longer change. `answer` is the whole text so far.
    pub fn feed(&mut self, answer: &str, mut found: impl FnMut(Range<usize>)) {
        let Some(longest) = self.longest else { return };
        // One character more than the longest match: what stands behind it decides a boundary.
        let reach = longest + 4;
        while let Some(place) = self.regex.find_at(answer, self.settled) {
            if place.start() + reach > answer.len() {
                break;
            }
            self.settled = after(answer, &place.range());
            found(place.range());
        }
        let mut sure = answer.len().saturating_sub(reach);
        while !answer.is_char_boundary(sure) {
            sure -= 1;
        }
        self.settled = self.settled.max(sure);
    }

    /// Reports the matches that waited for more text.
    pub fn finish(&mut self, answer: &str, mut found: impl FnMut(Range<usize>)) {
        while self.settled <= answer.len()
            && let Some(place) = self.regex.find_at(answer, self.settled)
        {
            self.settled = after(answer, &place.range());
            found(place.range());
        }
        self.settled = answer.len() + 1;
    }
}

/// Where the search goes on: behind the match, and one character on if it was empty.
fn after(answer: &str, place: &Range<usize>) -> usize {
    if place.is_empty() {
        place.end + answer[place.end..].chars().next().map_or(1, char::len_utf8)
    } else {
        place.end
    }
}

/// Whether a keyword means itself when it is used as a pattern.
pub fn is_plain(keyword: &str) -> bool {
    !keyword.contains([
        '\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$',
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn in_pieces(pattern: &str, pieces: &[String]) -> Vec<Range<usize>> {
        let mut finder = Pattern::new(pattern, true).unwrap();
        let (mut answer, mut found) = (String::new(), Vec::new());
        for piece in pieces {
            answer.push_str(piece);
            finder.feed(&answer, |place| found.push(place));
        }
        finder.finish(&answer, |place| found.push(place));
        found
    }

    proptest! {
        #[test]
        fn chunking_does_not_matter(pieces in proptest::collection::vec("[aAbé. \n]{0,3}", 0..40)) {
            for pattern in ["a.b", r"\ba\b", r"a\s?b", "a?", "é+a", r"p?a\.", "(a|ab)(b|é)?"] {
                let whole: Vec<_> = Pattern::new(pattern, true).unwrap().regex.find_iter(&pieces.concat()).map(|m| m.range()).collect();
                let ours = in_pieces(pattern, &pieces);
                // `find_iter` skips an empty match right behind another one, Python does not.
                let ours: Vec<_> = ours.into_iter().filter(|r| !r.is_empty()).collect();
                let whole: Vec<_> = whole.into_iter().filter(|r| !r.is_empty()).collect();
                prop_assert_eq!(ours, whole, "{}", pattern);
            }
        }
    }
}
