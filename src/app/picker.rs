//! A list to choose from, narrowed by typing.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
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
    /// A file to attach: what is typed is its path.
    File,
    /// A code block to copy.
    Code,
    /// A place in any conversation: what is typed are the words that are looked for.
    Found,
    Format,
    /// A title for this conversation: what is typed is the title.
    Title,
    /// A conversation to delete, and whether that is meant.
    Delete,
    ConfirmDelete,
    Theme,
}

impl PickerKind {
    pub fn title(self) -> &'static str {
        match self {
            Self::Command => "commands",
            Self::Model => "models",
            Self::Method => "methods",
            Self::Conversation => "conversations",
            Self::Constraint => "add a requirement · checked, not told to the model",
            Self::Compare => "compare with",
            Self::CompareModel => "compare with the answer of",
            Self::File => "attach a file",
            Self::Code => "copy a code block",
            Self::Found => "find in all conversations",
            Self::Format => "write this conversation to a file",
            Self::Title => "title of this conversation",
            Self::Delete => "delete a conversation",
            Self::ConfirmDelete => "delete this conversation?",
            Self::Theme => "themes",
        }
    }

    /// The rows are narrowed here by what is typed; else they are made anew for it.
    fn narrows(self) -> bool {
        !matches!(self, Self::Found | Self::Title)
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
    /// Its rows have not come yet.
    waiting: bool,
}

impl Picker {
    pub fn new(kind: PickerKind, choices: Vec<Choice>) -> Self {
        let mut picker = Self {
            kind,
            query: String::new(),
            choices,
            matching: Vec::new(),
            selected: 0,
            waiting: false,
        };
        picker.narrow();
        picker
    }

    /// A list whose choices are on their way.
    pub fn waiting(kind: PickerKind) -> Self {
        Self {
            waiting: true,
            ..Self::new(kind, Vec::new())
        }
    }

    pub fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// What an empty list says.
    pub fn when_empty(&self) -> &'static str {
        let typed = !self.query.is_empty();
        match (self.kind, typed) {
            _ if self.waiting => "looking…",
            (PickerKind::Title, _) => "Enter gives it this title",
            (PickerKind::Found, false) => "type two letters or more",
            (PickerKind::Found, true) => "no conversation has these words",
            (PickerKind::Command, true) => "no command is called that; Enter makes it a message",
            (PickerKind::Conversation | PickerKind::Delete, false) => "no conversation is saved yet",
            (_, false) => "there is nothing here",
            (_, true) => "nothing is called that",
        }
    }

    /// Narrows by a text as a whole.
    pub fn set_query(&mut self, query: &str) {
        self.query.clear();
        self.paste(query);
    }

    /// The choices that arrived after the list was opened.
    pub fn fill(&mut self, choices: Vec<Choice>) {
        self.choices = choices;
        self.waiting = false;
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

    /// The row that the mouse points at, counted from the first.
    pub fn point(&mut self, row: usize) -> bool {
        let known = row < self.matching.len();
        if known {
            self.selected = row;
        }
        known
    }

    /// What was typed behind the name of a command.
    pub fn argument(&self) -> &str {
        self.query
            .split_once(' ')
            .map_or("", |(_, argument)| argument.trim())
    }

    /// The folder whose files are listed, as it was typed: empty, or with a slash at its end.
    pub fn folder(&self) -> &str {
        self.query.rfind('/').map_or("", |slash| &self.query[..=slash])
    }

    /// What the rows are narrowed by.
    fn pattern(&self) -> &str {
        let name = self.query.split(' ').next().unwrap_or_default();
        let is_command = self.kind == PickerKind::Command && self.choices.iter().any(|c| c.id == name);
        if is_command { name } else { &self.query }
    }

    fn narrow(&mut self) {
        self.selected = 0;
        if self.query.is_empty() || !self.kind.narrows() {
            self.matching = (0..self.choices.len()).collect();
            return;
        }
        // With something behind its name it is that command and no other.
        if self.kind == PickerKind::Command && self.query.contains(' ') {
            let name = self.pattern();
            if let Some(at) = self.choices.iter().position(|c| c.id == name) {
                self.matching = vec![at];
                return;
            }
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        // What is added must be what was meant: letters here and there are not enough.
        let pattern = match self.kind {
            PickerKind::Constraint => Pattern::new(
                self.pattern(),
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Substring,
            ),
            _ => Pattern::parse(self.pattern(), CaseMatching::Ignore, Normalization::Smart),
        };
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
    fn a_command_keeps_what_follows_its_name() {
        let rows = vec![
            choice("/rename", "give a title"),
            choice("/export", "write a file"),
        ];
        let rows = rows
            .into_iter()
            .map(|c| Choice {
                id: c.label[1..].into(),
                ..c
            })
            .collect();
        let mut picker = Picker::new(PickerKind::Command, rows);
        "export html".chars().for_each(|c| picker.type_char(c));
        assert_eq!(picker.chosen().map(|c| c.id.as_str()), Some("export"));
        assert_eq!(picker.argument(), "html");
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
