//! Finding a fixed text in a stream of characters.

use std::ops::Range;

use super::chars::is_word;

/// Where a match may begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// Anywhere.
    Any,
    /// `\b` on both sides, as Python's `re` has it: a change between a word character and none.
    Boundary,
    /// Not inside a word: a word character at an end of the literal has none beside it.
    WholeWord,
}

/// Finds the non-overlapping occurrences of a literal, left to right (Knuth, Morris and Pratt): constant work a character.
#[derive(Clone, Debug)]
pub struct Literal {
    wanted: Vec<char>,
    fallback: Vec<usize>,
    ignore_case: bool,
    edges: Edges,
    matched: usize,
    /// Byte offset of each of the last `wanted.len()` characters, and whether a word character stood before it.
    starts: Vec<(usize, bool)>,
    taken: usize,
    previous_is_word: bool,
    /// A match that waits for the character after it.
    waiting: Option<Range<usize>>,
}

impl Literal {
    /// An empty literal is found nowhere.
    pub fn new(literal: &str, ignore_case: bool, edges: Edges) -> Self {
        let wanted: Vec<char> = literal
            .chars()
            .map(|c| if ignore_case { fold(c) } else { c })
            .collect();
        let mut fallback = vec![0; wanted.len() + 1];
        for i in 1..wanted.len() {
            let mut k = fallback[i];
            while k > 0 && wanted[i] != wanted[k] {
                k = fallback[k];
            }
            fallback[i + 1] = if wanted[i] == wanted[k] { k + 1 } else { 0 };
        }
        Self {
            fallback,
            ignore_case,
            edges,
            matched: 0,
            starts: vec![(0, false); wanted.len()],
            taken: 0,
            previous_is_word: false,
            waiting: None,
            wanted,
        }
    }

    /// Takes the next character; the match that it settles.
    pub fn take(&mut self, at: usize, c: char) -> Option<Range<usize>> {
        if self.wanted.is_empty() {
            return None;
        }
        let word = self.edges != Edges::Any && is_word(c);
        let settled = self
            .waiting
            .take()
            .filter(|_| self.edge(self.wanted[self.wanted.len() - 1], word));
        if settled.is_some() {
            self.matched = 0;
        }
        let length = self.wanted.len();
        self.starts[self.taken % length] = (at, self.previous_is_word);
        self.taken += 1;
        self.previous_is_word = word;

        let folded = if self.ignore_case { fold(c) } else { c };
        if self.matched == length {
            self.matched = self.fallback[length];
        }
        while self.matched > 0 && self.wanted[self.matched] != folded {
            self.matched = self.fallback[self.matched];
        }
        if self.wanted[self.matched] == folded {
            self.matched += 1;
        }
        if self.matched < length {
            return settled;
        }
        let (start, word_before) = self.starts[self.taken % length];
        let found = start..at + c.len_utf8();
        if self.edges == Edges::Any {
            self.matched = 0;
            return Some(found);
        }
        if self.edge(self.wanted[0], word_before) {
            self.waiting = Some(found);
        }
        settled
    }

    /// The text is over; the match that this settles.
    pub fn end(&mut self) -> Option<Range<usize>> {
        self.waiting
            .take()
            .filter(|_| self.edge(self.wanted[self.wanted.len() - 1], false))
    }

    fn edge(&self, inside: char, outside_is_word: bool) -> bool {
        match self.edges {
            Edges::Any => true,
            Edges::Boundary => is_word(inside) != outside_is_word,
            Edges::WholeWord => !(is_word(inside) && outside_is_word),
        }
    }
}

/// Whether `text` holds `literal`.
pub fn contains(text: &str, literal: &str, ignore_case: bool, edges: Edges) -> bool {
    let mut finder = Literal::new(literal, ignore_case, edges);
    text.char_indices().any(|(at, c)| finder.take(at, c).is_some()) || finder.end().is_some()
}

/// Simple case folding, near enough to `re.IGNORECASE`.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        'ſ' => 's',
        'ς' => 'σ',
        'İ' => 'i',
        _ => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, literal: &str, edges: Edges) -> Vec<Range<usize>> {
        let mut finder = Literal::new(literal, true, edges);
        let mut found: Vec<_> = text
            .char_indices()
            .filter_map(|(at, c)| finder.take(at, c))
            .collect();
        found.extend(finder.end());
        found
    }

    #[test]
    fn matches_do_not_overlap() {
        assert_eq!(all("aaaa", "aa", Edges::Any), [0..2, 2..4]);
        assert!(all("a a a", "a a", Edges::WholeWord).iter().eq([&(0..3)]));
        assert_eq!(all("ababcabab", "ABAB", Edges::Any), [0..4, 5..9]);
        assert!(all("", "x", Edges::Any).is_empty() && all("xyz", "", Edges::Any).is_empty());
    }

    #[test]
    fn edges_wait_for_the_next_character() {
        assert_eq!(
            all("can't cannot a-can-b can", "can", Edges::Boundary),
            [0..3, 15..18, 21..24]
        );
        assert!(
            all("it's #1 and x#1", "#1", Edges::Boundary)
                .iter()
                .eq([&(13..15)])
        );
        assert_eq!(all("it's #1 and x#1", "#1", Edges::WholeWord), [5..7, 13..15]);
        assert!(all("aaa aa", "aa", Edges::Boundary).iter().eq([&(4..6)]));
    }
}
