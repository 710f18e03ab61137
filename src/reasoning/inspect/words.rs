//! How a trace reads, by its words: passages, sentences that take something back or plan something, and which words count.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// How a sentence begins that takes something back.
pub const MARKERS: &[&str] = &[
    "wait",
    "hmm",
    "actually",
    "alternatively",
    "hold on",
    "on second thought",
    "scratch that",
    "no, wait",
    "but wait",
    "oh wait",
    "let me reconsider",
    "let me rethink",
    "let me re-",
    "等等",
    "不对",
    "等一下",
];

/// What says that something is going to be done.
pub const INTENTIONS: &[&str] = &[
    "i will",
    "i'll",
    "i should",
    "i need",
    "i must",
    "i can",
    "i could",
    "i would",
    "i'd",
    "i have to",
    "i want",
    "i'm going",
    "we will",
    "we'll",
    "we should",
    "we need",
    "we must",
    "we can",
    "we could",
    "we have to",
    "let me",
    "let's",
    "let us",
    "going to",
    "make sure",
    "need to",
    "have to",
    "must",
    "should",
    "plan",
    "avoid",
];

/// The same in a language without spaces between words.
const INTENTIONS_UNSPACED: &[&str] = &[
    "我会",
    "我要",
    "我需要",
    "我应该",
    "应该",
    "需要",
    "必须",
    "确保",
    "避免",
    "打算",
    "先",
];

/// Words that say nothing about which constraint is meant.
pub(super) const COMMON: &[&str] = &[
    "a", "about", "all", "also", "an", "and", "answer", "any", "anywhere", "are", "as", "at", "be", "but",
    "by", "can", "do", "does", "don", "ensure", "entire", "for", "from", "have", "i", "if", "in", "include",
    "is", "it", "its", "just", "keep", "make", "must", "my", "need", "of", "on", "only", "or", "output",
    "please", "put", "reply", "response", "should", "so", "sure", "t", "that", "the", "them", "then",
    "there", "this", "to", "use", "using", "want", "whole", "will", "with", "write", "you", "your",
];

/// Lower-case words with their places; numbers written out become digits, so that `three` is `3`.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, String)> {
    text.unicode_word_indices().map(|(at, word)| {
        let lower = word.to_lowercase().replace('’', "'");
        let number = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        let digits = number.iter().position(|n| *n == lower).map(|n| n.to_string());
        (at, digits.unwrap_or(lower))
    })
}

/// Takes a plural off.
pub(super) fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    }
}

/// Paragraphs and list items from `start` on, without the blank space around them.
pub(super) fn passages(trace: &str, start: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = start;
    for line in trace[start..].split_inclusive('\n') {
        let text = line.trim();
        let begin = at + (line.len() - line.trim_start().len());
        let end = begin + text.len();
        at += line.len();
        if text.is_empty() {
            open = false;
            continue;
        }
        match found.last_mut() {
            Some(last) if open && !begins_item(text) => last.end = end,
            _ => found.push(begin..end),
        }
        open = true;
    }
    found
}

pub(super) fn begins_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn begins_item(line: &str) -> bool {
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after_number.len() < line.len() && after_number.starts_with(['.', ')']);
    numbered || ["- ", "* ", "• "].iter().any(|mark| line.starts_with(mark))
}

/// Sentences that take something back.
pub(super) fn changes_of_mind(text: &str) -> impl Iterator<Item = Range<usize>> {
    let begins_with_marker = |sentence: &str| {
        let lower: String = sentence.chars().take(24).flat_map(char::to_lowercase).collect();
        MARKERS.iter().any(|marker| {
            lower.strip_prefix(marker).is_some_and(|rest| {
                !marker.is_ascii() || marker.ends_with('-') || !rest.starts_with(char::is_alphanumeric)
            })
        })
    };
    let mut end = 0;
    text.split_inclusive(['.', '!', '?', '\n', '。', '！', '？'])
        .map(move |sentence| {
            let start = end + (sentence.len() - sentence.trim_start().len());
            end += sentence.len();
            start..end
        })
        .filter(move |range| begins_with_marker(&text[range.start.min(range.end)..range.end]))
}

/// `spoken` is the passage's words, each between spaces.
pub(super) fn intends(text: &str, spoken: &str) -> bool {
    let says = |words: &&str| spoken.contains(&format!(" {words} "));
    INTENTIONS.iter().any(says) || INTENTIONS_UNSPACED.iter().any(|words| text.contains(words))
}
