//! Answering with one of several options.

use regex::Regex;

use crate::constraints::text::chars::{strip, trim_punctuation};

/// What the answer may be.
pub struct Options {
    options: Vec<String>,
    /// To the letter, punctuation included: `a)` is not `a`.
    exact: bool,
}

impl Options {
    pub fn new(options: &[&str]) -> Self {
        Self {
            options: options.iter().map(|option| option.to_string()).collect(),
            exact: false,
        }
    }

    /// Options in one text: what `/` separates, else `or` (wherever it stands), else commas. Options that look like `a, b, c`
    /// are meant to the letter.
    pub fn published(text: &str) -> Self {
        let separator = ["/", "or"]
            .into_iter()
            .find(|separator| text.contains(separator))
            .unwrap_or(",");
        let options = text
            .split(separator)
            .map(|option| strip(option).to_owned())
            .collect();
        let exact = Regex::new(r"^\W*[aA]\W*[bB]\W*[cC]\W*").is_ok_and(|lettered| lettered.is_match(text));
        Self { options, exact }
    }

    pub fn accept(&self, answer: &str) -> bool {
        let same = |option: &String| {
            if self.exact {
                option == answer
            } else {
                trim_punctuation(option).to_lowercase() == trim_punctuation(answer).to_lowercase()
            }
        };
        self.options.iter().any(same)
    }
}
