//! English stop words.

use std::{collections::HashSet, sync::LazyLock};

/// Whether a lower-case word is on NLTK's list.
pub fn is_stop_word(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        include_str!("../../../assets/stopwords/english.txt")
            .lines()
            .collect()
    });
    WORDS.contains(word)
}
