//! Syllables of English words, as SyllaPy counts them.

use std::{collections::HashMap, sync::LazyLock};

use super::chars::{is_ascii_punctuation, is_digit, strip};

/// Syllables of a word; 0 for a number or for nothing. Known words come from a list, others are guessed by their vowels.
pub fn syllables(word: &str) -> usize {
    static KNOWN: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        let lines = include_str!("../../../assets/syllables/english.txt").lines();
        let lines = lines
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(n, words)| Some((n.parse().ok()?, words)));
        lines
            .flat_map(|(n, words)| words.split(' ').map(move |word| (word, n)))
            .collect()
    });
    let lower = strip(word).to_lowercase();
    let word = lower.trim_matches(is_ascii_punctuation);
    if word.is_empty() || word.contains(is_digit) {
        return 0;
    }
    if let Some(&known) = KNOWN.get(word) {
        return known;
    }
    // Parts of a compound count by themselves; one that cannot be counted spoils the whole.
    if word.contains('-') {
        let parts: Vec<usize> = word.split('-').map(part).collect();
        return if parts.contains(&0) { 0 } else { parts.iter().sum() };
    }
    guess(word)
}

fn part(part: &str) -> usize {
    if part.is_empty() { 0 } else { syllables(part) }
}

fn guess(word: &str) -> usize {
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        groups += usize::from(is_vowel(c) && !before);
        before = is_vowel(c);
    }
    if word.ends_with('e') {
        groups = groups.saturating_sub(1);
    }
    let mut reversed = word.chars().rev().skip(2);
    if word.ends_with("le") && reversed.next().is_some_and(|c| !is_vowel(c)) {
        groups += 1;
    }
    groups.max(1)
}

#[cfg(test)]
mod tests {
    use super::syllables;

    #[test]
    fn known_and_guessed() {
        for (word, wanted) in [
            ("blorple", 2),
            ("a", 1),
            ("x", 1),
            ("2nd", 0),
            ("", 0),
            ("zzzla-blor", 2),
        ] {
            assert_eq!(syllables(word), wanted, "{word}");
        }
    }
}
