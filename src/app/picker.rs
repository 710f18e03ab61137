//! A list to choose from, narrowed by typing.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::event::Listed;

/// What is being chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    Command,
    Model,
    Method,
    Conversation,
    /// What can be asked for.
    Constraint,
    /// What to compare an answer with.
    Compare,
    CompareModel,
}

impl PickerKind {
    pub fn title(self) -> &'static str {
        match self {
            Self::Command => "commands",
            Self::Model => "models",
            Self::Method => "methods",
            Self::Conversation => "conversations",
            Self::Constraint => "add a requirement",
            Self::Compare => "compare with",
            Self::CompareModel => "compare with the answer of",
        }
    }
}

/// One row.
pub type Choice = Listed;

/// An open list.
#[derive(Clone, Debug)]
pub struct Picker {
    pub kind: PickerKind,
    pub query: String,
    choices: Vec<Choice>,
    /// Positions of the choices that match, best first.
    matching: Vec<usize>,
    selected: usize,
}

impl Picker {
    pub fn new(kind: PickerKind, choices: Vec<Choice>) -> Self {
        let mut picker = Self {
            kind,
            query: String::new(),
            choices,
            matching: Vec::new(),
            selected: 0,
        };
        picker.narrow();
        picker
    }

    /// The choices that arrived after the list was opened.
    pub fn fill(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
        self.narrow();
    }

    pub fn type_char(&mut self, c: char) {
        self.query.push(c);
        self.narrow();
    }

    pub fn paste(&mut self, text: &str) {
        self.query
            .extend(text.chars().filter(|c| !c.is_control()).take(200));
        self.narrow();
    }

    pub fn backspace(&mut self) {
        self.query.pop();
        self.narrow();
    }

    pub fn step(&mut self, lines: isize) {
        let last = self.matching.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(lines).min(last);
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Choice> {
        self.matching.iter().map(|i| &self.choices[*i])
    }

    pub fn selected(&self) -> usize {
        self.selected
    }

    pub fn chosen(&self) -> Option<&Choice> {
        self.rows().nth(self.selected)
    }

    fn narrow(&mut self) {
        self.selected = 0;
        if self.query.is_empty() {
            self.matching = (0..self.choices.len()).collect();
            return;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(&self.query, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        // A hit in the label outweighs one in the explanation.
        let mut score = |choice: &Choice| {
            let label = pattern.score(Utf32Str::new(&choice.label, &mut buffer), &mut matcher);
            label
                .map(|s| s + 1000)
                .or_else(|| pattern.score(Utf32Str::new(&choice.detail, &mut buffer), &mut matcher))
        };
        let mut scored: Vec<(u32, usize)> = self
            .choices
            .iter()
            .enumerate()
            .filter_map(|(i, c)| Some((score(c)?, i)))
            .collect();
        scored.sort_by_key(|(score, i)| (std::cmp::Reverse(*score), *i));
        self.matching = scored.into_iter().map(|(_, i)| i).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(label: &str, detail: &str) -> Choice {
        Choice {
            id: label.into(),
            label: label.into(),
            detail: detail.into(),
        }
    }

    #[test]
    fn typing_narrows_and_the_label_counts_more() {
        let rows = vec![
            choice("quit", "leave"),
            choice("help", "all keys"),
            choice("leave", "quit quietly"),
        ];
        let mut picker = Picker::new(PickerKind::Command, rows);
        "quit".chars().for_each(|c| picker.type_char(c));
        assert_eq!(
            picker.rows().map(|c| c.label.as_str()).collect::<Vec<_>>(),
            ["quit", "leave"]
        );
        picker.step(5);
        assert_eq!(picker.chosen().unwrap().label, "leave");
        picker.type_char('!');
        assert!(picker.chosen().is_none());
        (0..5).for_each(|_| picker.backspace());
        assert_eq!(picker.rows().len(), 3);
    }
}
