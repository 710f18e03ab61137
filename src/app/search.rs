//! Finding words in the conversation on screen.
//!
//! Case is ignored as Unicode says. The hits of a turn that is being answered are found again as it grows.

use std::ops::Range;

use regex::Regex;

use super::focus::Focus;
use super::scroll::Scroll;
use crate::chat::{Turn, TurnId};

/// More places than this are not looked for: nobody steps through them.
const MOST_HITS: usize = 10_000;

/// What is looked for, and where it is.
#[derive(Clone, Debug)]
pub struct Search {
    pub query: String,
    /// Where it does not stand as it is, each word of it for itself, as a search through all conversations looks.
    pub(super) by_words: bool,
    /// The words are being typed; after that `n` and `N` step through the hits.
    pub typing: bool,
    /// In reading order.
    pub hits: Vec<Hit>,
    /// The hit that is shown.
    pub at: usize,
    /// The next frame brings it into view.
    pub seek: bool,
    pub(super) pattern: Option<Regex>,
    /// Where the reader was.
    pub(super) before: (Focus, Scroll, Scroll),
}

/// One place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub turn: TurnId,
    pub part: Part,
    /// Bytes of that part.
    pub range: Range<usize>,
}

/// Which text of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Prompt,
    Thinking,
    Answer,
}

impl Search {
    pub fn hit(&self) -> Option<&Hit> {
        self.hits.get(self.at)
    }

    /// The hits in one text.
    pub fn within(&self, turn: TurnId, part: Part) -> impl Iterator<Item = (usize, &Hit)> {
        let first = self
            .hits
            .partition_point(|hit| (hit.turn, hit.part) < (turn, part));
        let hits = self.hits.iter().enumerate().skip(first);
        hits.take_while(move |(_, hit)| (hit.turn, hit.part) == (turn, part))
    }

    pub(super) fn find(&mut self, turn: &Turn, with_thinking: bool) {
        let Some(pattern) = &self.pattern else { return };
        for (part, text) in [
            (Part::Prompt, &turn.prompt),
            (Part::Thinking, &turn.thinking),
            (Part::Answer, &turn.answer),
        ] {
            if part == Part::Thinking && !with_thinking {
                continue;
            }
            let room = MOST_HITS.saturating_sub(self.hits.len());
            self.hits
                .extend(pattern.find_iter(text).take(room).map(|found| Hit {
                    turn: turn.id,
                    part,
                    range: found.range(),
                }));
        }
    }
}
