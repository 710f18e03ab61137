//! What sentences and lines are held against.

use crate::constraints::{
    checker::Judgement,
    text::{
        chars::{is_ascii_punctuation, split, strip, trim_punctuation},
        emoji::is_emoji,
    },
};

fn is_edge(c: char) -> bool {
    is_ascii_punctuation(c) || c == ' '
}

/// Each sentence has exactly so many words more than the one before.
pub fn longer_by(step: usize) -> impl FnMut(&str) -> Judgement + Send {
    let mut last = None;
    move |sentence| {
        let words = split(sentence)
            .filter(|word| !word.chars().all(is_ascii_punctuation))
            .count();
        last.replace(words).is_none_or(|last| words == last + step).into()
    }
}

/// The words in runs that begin alike are more in every sentence.
pub fn growing_alliteration() -> impl FnMut(&str) -> Judgement + Send {
    let mut last = None;
    move |sentence| {
        let firsts: Vec<char> = split(&sentence.to_lowercase())
            .filter_map(|word| word.trim_start_matches(is_edge).chars().next())
            .collect();
        let mut words = 0;
        let mut running = false;
        for pair in firsts.windows(2) {
            let alike = pair[0] == pair[1];
            words += if alike { if running { 1 } else { 2 } } else { 0 };
            running = alike;
        }
        last.replace(words).is_none_or(|last| words > last).into()
    }
}

/// Each sentence begins with the last word of the one before; what stands behind that first word counts as part of it.
pub fn chained() -> impl FnMut(&str) -> Judgement + Send {
    let mut last: Option<Option<String>> = None;
    move |sentence| {
        let lower = sentence.to_lowercase();
        let first = split(lower.trim_start_matches(is_edge)).next().map(str::to_owned);
        let end = split(lower.trim_end_matches(is_edge))
            .next_back()
            .map(str::to_owned);
        match last.replace(end) {
            None => Judgement::Kept,
            Some(last) => (last.is_some() && last == first).into(),
        }
    }
}

/// The first and the last word of a line are the same.
pub fn ends_as_it_starts(line: &str) -> Judgement {
    let lower = strip(line).to_lowercase();
    let mut words = split(trim_punctuation(&lower));
    match (words.next(), words.next_back()) {
        (None, _) => Judgement::Skipped,
        (Some(_), None) => Judgement::Kept,
        (Some(first), Some(last)) => (first == last).into(),
    }
}

/// All sentences have as many characters as the first.
pub fn equally_long() -> impl FnMut(&str) -> Judgement + Send {
    let mut wanted = None;
    move |sentence| {
        let length = strip(sentence).chars().count();
        (*wanted.get_or_insert(length) == length).into()
    }
}

/// Each sentence ends in an emoji (or has one in front of its last character), or the next one begins with it.
pub fn emoji_at_ends(sentences: &[&str]) -> bool {
    let bare: Vec<Vec<char>> = sentences
        .iter()
        .map(|sentence| {
            let kept: String = sentence.chars().filter(|&c| !is_ascii_punctuation(c)).collect();
            strip(&kept).chars().collect()
        })
        .collect();
    bare.iter().enumerate().all(|(i, sentence)| {
        let Some(&last) = sentence.last() else {
            return false;
        };
        let before = sentence.len().checked_sub(2).map_or(last, |at| sentence[at]);
        if is_emoji(last) || is_emoji(before) {
            return true;
        }
        bare.get(i + 1)
            .and_then(|next| next.first())
            .is_some_and(|&first| is_emoji(first))
    })
}

/// The second and the second to last token are the keyword; a token of punctuation at the end does not count.
pub fn stands_second(tokens: &[String], keyword: &str) -> bool {
    const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    let Some(last) = tokens.last() else { return false };
    let back = if PUNCTUATION.contains(last.as_str()) { 3 } else { 2 };
    let is_keyword = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.to_lowercase() == keyword)
    };
    tokens.len() >= back && is_keyword(1) && is_keyword(tokens.len() - back)
}
