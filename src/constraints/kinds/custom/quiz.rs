//! Multiple choice questions.

use std::sync::LazyLock;

use regex::Regex;

use crate::constraints::text::chars::strip;

/// Four questions, each longer than the one before, with five lettered options each, and nothing in front of them.
pub fn is_growing_quiz(answer: &str) -> bool {
    static QUESTION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\n*(?:Question \d+[.|):;]?\s*)").ok());
    static OPTION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[A-Ea-e][.|)]\s*\w+").ok());
    let (Some(question), Some(option)) = (&*QUESTION, &*OPTION) else {
        return false;
    };
    if !answer.starts_with("Question") {
        return false;
    }
    let questions: Vec<&str> = question
        .split(answer)
        .map(strip)
        .filter(|text| !text.is_empty())
        .collect();
    let mut lengths = Vec::new();
    for text in &questions {
        let (mut asked, mut options) = (String::new(), 0);
        for line in text.split('\n').map(strip) {
            if option.is_match(line) {
                options += 1;
            } else if options == 0 {
                asked.push(' ');
                asked.push_str(line);
            }
        }
        if options != 5 {
            return false;
        }
        lengths.push(strip(&asked).chars().count());
    }
    questions.len() == 4 && lengths.is_sorted_by(|a, b| a < b)
}
