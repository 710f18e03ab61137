//! Finding words in conversations: plain text, all of the words in any order, case ignored as Unicode says.

use regex::{Regex, RegexBuilder};

use super::{Store, StoreError};
use crate::chat::{Conversation, TurnId, sanitize, words};

/// How much is shown on each side of a match, in characters.
const CONTEXT: usize = 40;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// One of the words.
    any: Regex,
    /// Each of them.
    each: Vec<Regex>,
}

/// Where in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Prompt,
    Thinking,
    Answer,
}

/// The first match in one part of one turn, on one line and safe to print.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Hit {
    pub turn: TurnId,
    pub part: Part,
    pub before: String,
    pub matched: String,
    pub after: String,
    /// How often it matches in this part.
    pub count: usize,
    /// How many of the words are in this part.
    #[serde(skip)]
    words: usize,
}

/// A conversation with matches.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Found {
    pub id: String,
    pub title: String,
    pub hits: Vec<Hit>,
}

impl Query {
    /// Words that must all occur, in any order; between double quotes a phrase.
    pub fn new(text: &str) -> Result<Self, StoreError> {
        let pattern = |text: &str| {
            let built = RegexBuilder::new(text).case_insensitive(true).build();
            built.map_err(|_| StoreError::QueryTooLong)
        };
        let words: Vec<String> = words(text).into_iter().map(regex::escape).collect();
        Ok(Self {
            any: pattern(&words.join("|"))?,
            each: words.iter().map(|word| pattern(word)).collect::<Result<_, _>>()?,
        })
    }

    /// The places in `conversation` with the most of the words, oldest turn first; none where a word is missing.
    pub fn hits(&self, conversation: &Conversation) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut missing: Vec<&Regex> = self.each.iter().collect();
        for turn in conversation.turns() {
            let parts = [
                (Part::Prompt, &turn.prompt),
                (Part::Thinking, &turn.thinking),
                (Part::Answer, &turn.answer),
            ];
            for (part, text) in parts {
                hits.extend(self.hit(turn.id, part, text));
                missing.retain(|word| !word.is_match(text));
            }
        }
        if !missing.is_empty() {
            return Vec::new();
        }
        let most = hits.iter().map(|hit| hit.words).max();
        hits.retain(|hit| Some(hit.words) == most);
        hits
    }

    fn hit(&self, turn: TurnId, part: Part, text: &str) -> Option<Hit> {
        let first = self.any.find(text)?;
        let (before, after) = (&text[..first.start()], &text[first.end()..]);
        let start = before.char_indices().rev().take(CONTEXT).last();
        let end = after.char_indices().nth(CONTEXT).map_or(after.len(), |(i, _)| i);
        Some(Hit {
            turn,
            part,
            before: joined(&before[start.map_or(before.len(), |(i, _)| i)..]),
            matched: joined(first.as_str()),
            after: joined(&after[..end]),
            count: self.any.find_iter(text).count(),
            words: self.each.iter().filter(|word| word.is_match(text)).count(),
        })
    }
}

/// On one line, with a space left where it meets its neighbour.
fn joined(text: &str) -> String {
    let mut line = sanitize::one_line(text);
    if text.starts_with(char::is_whitespace) {
        line.insert(0, ' ');
    }
    if text.ends_with(char::is_whitespace) && line != " " {
        line.push(' ');
    }
    line
}

impl Store {
    /// Looks through all conversations, the newest first, reading each as the iterator comes to it.
    pub fn search<'a>(
        &'a self,
        query: &'a Query,
    ) -> Result<impl Iterator<Item = Result<Found, StoreError>> + 'a, StoreError> {
        let ids = self.ids()?.into_iter().rev();
        Ok(ids.filter_map(move |id| match self.load(&id) {
            Ok(loaded) => {
                let hits = query.hits(&loaded.conversation);
                let title = super::export::title(&loaded.conversation);
                (!hits.is_empty()).then_some(Ok(Found { id, title, hits }))
            }
            Err(error) => Some(Err(error)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::Record;
    use crate::store::testing::conversation;

    fn only(query: &str, text: &str) -> Option<Hit> {
        Query::new(query).unwrap().hit(TurnId(0), Part::Answer, text)
    }

    #[test]
    fn case_does_not_matter_in_any_script() {
        assert_eq!(only("ÄRGER", "großer ärger").unwrap().matched, "ärger");
        assert_eq!(only("σ", "ΟΔΟΣ").unwrap().matched, "Σ");
        assert_eq!(only("a.b", "axb"), None);
    }

    #[test]
    fn a_snippet_is_one_safe_line() {
        let hit = only("needle", "one\n\u{1b}[31mtwo needle\nthree needle").unwrap();
        assert_eq!(
            (
                hit.before.as_str(),
                hit.matched.as_str(),
                hit.after.as_str(),
                hit.count
            ),
            ("one two ", "needle", " three needle", 2)
        );
        let hit = only("x", &format!("{}x{}", "é".repeat(100), "ü".repeat(100))).unwrap();
        assert_eq!(
            (hit.before.chars().count(), hit.after.chars().count()),
            (CONTEXT, CONTEXT)
        );
    }

    #[test]
    fn a_query_of_a_megabyte_is_an_error_or_found() {
        match Query::new(&"é".repeat(500_000)) {
            Ok(query) => assert!(query.hit(TurnId(0), Part::Prompt, "é").is_none()),
            Err(error) => assert!(error.to_string().contains("shorter")),
        }
    }

    #[test]
    fn every_word_must_be_somewhere_in_any_order() {
        let mut conversation = Conversation::default();
        for (prompt, answer) in [
            ("Name an otter", "Lutra lutra"),
            ("Where?", "In the RIVER, says the otter"),
        ] {
            let turn = conversation.next_id();
            conversation.apply(&Record::Turn {
                turn,
                parent: None,
                prompt: prompt.into(),
                model: "m".into(),
                method: "io".into(),
                started_ms: 0,
                constraints: Vec::new(),
            });
            let text = answer.into();
            conversation.apply(&Record::Answer { turn, text });
        }
        let found = |query: &str| {
            let hits = Query::new(query).unwrap().hits(&conversation);
            hits.iter().map(|hit| hit.words).collect::<Vec<_>>()
        };
        assert_eq!(found("river otter"), [2], "one place has both");
        assert_eq!(found("otter where lutra"), [1, 1, 1, 1]);
        assert_eq!(found("otter badger"), [0; 0]);
        assert_eq!(found("\"the otter\""), [1]);
        assert_eq!(found("\"otter the\""), [0; 0]);
    }

    proptest! {
        #[test]
        fn every_part_that_holds_it_is_found(conversation in conversation(), word in "[a-z]{1,2}") {
            let hits = Query::new(&word).unwrap().hits(&conversation);
            let holds = |text: &str| usize::from(text.to_lowercase().contains(&word));
            let least: usize = conversation
                .turns()
                .iter()
                .map(|t| holds(&t.prompt) + holds(&t.thinking) + holds(&t.answer))
                .sum();
            prop_assert!(hits.len() >= least);
        }
    }
}
