//! An answer that is one JSON value.

use std::ops::Range;

use crate::constraints::{
    Verdict,
    checker::Checker,
    text::{chars::is_space, json::Value},
};

/// One JSON value as Python's `json.loads` takes it (`NaN` and scalars included), alone or in a fenced block without text
/// around it.
#[derive(Default)]
pub struct Json {
    stage: Stage,
    value: Value,
    broken: Option<Range<usize>>,
    finished: bool,
}

#[derive(Default, Clone, Debug)]
enum Stage {
    /// White space, or the beginning of a fence: the characters of it so far.
    #[default]
    Start,
    Fence(String),
    /// Behind the fence's beginning, in front of the value.
    Opened,
    Value,
    /// Behind the value: so many backticks, and whether white space followed them.
    Tail(usize, bool),
}

/// What may follow the three backticks.
const TAGS: [&str; 3] = ["```json", "```Json", "```JSON"];

impl Json {
    fn take(&mut self, c: char) -> bool {
        match &mut self.stage {
            Stage::Start if is_space(c) => true,
            Stage::Start if c == '`' => {
                self.stage = Stage::Fence("`".into());
                true
            }
            Stage::Fence(seen) => {
                seen.push(c);
                if TAGS.iter().any(|tag| tag.starts_with(seen.as_str())) {
                    if seen.len() == TAGS[0].len() {
                        self.stage = Stage::Opened;
                    }
                    return true;
                }
                // Not a tag: what came behind the backticks belongs to the value.
                let value = seen.strip_prefix("```").map(str::to_owned);
                self.stage = Stage::Opened;
                value.is_some_and(|value| value.chars().all(|c| self.take(c)))
            }
            Stage::Opened if is_space(c) => true,
            Stage::Start | Stage::Opened => {
                self.stage = Stage::Value;
                self.value.take(c)
            }
            Stage::Value if c == '`' && self.value.may_end() => {
                self.stage = Stage::Tail(1, false);
                true
            }
            // White space that is not JSON's may still stand at the end of the answer.
            Stage::Value if is_space(c) && self.value.may_end() => {
                self.stage = Stage::Tail(0, false);
                true
            }
            Stage::Value => self.value.take(c),
            Stage::Tail(ticks, spaced) => match c {
                '`' if *ticks < 3 && !*spaced => {
                    *ticks += 1;
                    true
                }
                c if is_space(c) => {
                    *spaced = *ticks > 0;
                    true
                }
                _ => false,
            },
        }
    }

    /// The answer so far is complete JSON.
    fn is_complete(&self) -> bool {
        match self.stage {
            Stage::Value => self.value.may_end(),
            Stage::Tail(ticks, _) => ticks == 0 || ticks == 3,
            _ => false,
        }
    }
}

impl Checker for Json {
    fn feed(&mut self, answer: &str, piece: &str) {
        if self.broken.is_some() {
            return;
        }
        let from = answer.len() - piece.len();
        let wrong = piece.char_indices().find(|&(_, c)| !self.take(c));
        self.broken = wrong.map(|(offset, c)| from + offset..from + offset + c.len_utf8());
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.broken, self.is_complete(), self.finished) {
            (Some(_), ..) | (None, false, true) => Verdict::Broken,
            (None, true, true) => Verdict::Met,
            (None, true, false) => Verdict::Holding,
            (None, false, false) => Verdict::Pending,
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.broken.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> bool {
        let mut json = Json::default();
        json.feed(text, text);
        json.finish(text);
        json.verdict() == Verdict::Met
    }

    #[test]
    fn fences_and_scalars() {
        for text in [
            "{\"a\": [1, -2.5e3, null]}",
            " ```json\n{\"a\": 1}\n``` \n",
            "```\n[1]\n```",
            "```JSON[1]```",
            "NaN",
            "-Infinity",
            "12",
            "12```",
            "\"x\"",
            "{}",
        ] {
            assert!(verdict(text), "{text}");
        }
        for text in [
            "",
            "Here: {}",
            "{} done",
            "```python\n{}\n```",
            "{'a': 1}",
            "[1,]",
            "01",
            "{} ` ``",
            "\"a\nb\"",
            "``` ```",
            "{}``",
        ] {
            assert!(!verdict(text), "{text}");
        }
    }
}
