//! Finding words in the conversation on screen.
//!
//! Case is ignored as Unicode says. The hits of a turn that is being answered are found again as it grows.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::action::Action;
use super::event::Geometry;
use super::scroll::Scroll;
use super::state::{Focus, NoticeKind, State};
use crate::chat::{Record, Turn, TurnId};

/// More places than this are not looked for: nobody steps through them.
const MOST_HITS: usize = 10_000;

/// What is looked for, and where it is.
#[derive(Clone, Debug)]
pub struct Search {
    pub query: String,
    /// The words are being typed; after that `n` and `N` step through the hits.
    pub typing: bool,
    /// In reading order.
    pub hits: Vec<Hit>,
    /// The hit that is shown.
    pub at: usize,
    /// The next frame brings it into view.
    pub seek: bool,
    pattern: Option<Regex>,
    /// Where the reader was.
    before: (Focus, Scroll, Scroll),
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

    fn find(&mut self, turn: &Turn, with_thinking: bool) {
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

impl State {
    /// The words are being typed.
    pub fn is_searching(&self) -> bool {
        self.search.as_ref().is_some_and(|search| search.typing)
    }

    pub(super) fn open_search(&mut self) {
        let before = (self.focus, self.thinking_scroll, self.answer_scroll);
        let query = self.search.take().map(|search| search.query).unwrap_or_default();
        self.search = Some(Search {
            query,
            typing: true,
            hits: Vec::new(),
            at: 0,
            seek: false,
            pattern: None,
            before,
        });
        self.find();
    }

    pub(super) fn search_for(&mut self, words: &str) {
        self.open_search();
        if let Some(search) = &mut self.search {
            search.query = words.to_owned();
        }
        self.find();
        self.end_typing();
    }

    pub(super) fn search_type(&mut self, text: &str) {
        if let Some(search) = &mut self.search {
            search
                .query
                .extend(text.chars().filter(|c| !c.is_control()).take(200));
        }
        self.find();
    }

    pub(super) fn search_backspace(&mut self) {
        match &mut self.search {
            Some(search) if search.query.is_empty() => self.leave_search(),
            Some(search) => {
                search.query.pop();
                self.find();
            }
            None => {}
        }
    }

    /// True when the search took the action.
    pub(super) fn act_on_search(&mut self, action: Action) -> bool {
        match action {
            Action::ScrollUp | Action::HistoryBack | Action::PreviousHit => self.step_hit(-1),
            Action::ScrollDown | Action::HistoryForward | Action::NextHit => self.step_hit(1),
            Action::Send => self.end_typing(),
            Action::Stop | Action::Search => self.leave_search(),
            Action::Interrupt | Action::Quit => {
                self.leave_search();
                return false;
            }
            Action::PageUp | Action::PageDown => return false,
            _ => {}
        }
        true
    }

    /// Enter: the keys go to the pane with the hit.
    fn end_typing(&mut self) {
        let Some(search) = &mut self.search else { return };
        search.typing = false;
        if search.hits.is_empty() {
            let words = format!("nothing here has \"{}\"", search.query);
            self.leave_search();
            self.say(NoticeKind::Info, words);
        } else {
            self.show_hit();
        }
    }

    /// Esc: back to where the reader was.
    fn leave_search(&mut self) {
        if let Some(search) = self.search.take() {
            (self.focus, self.thinking_scroll, self.answer_scroll) = search.before;
        }
    }

    pub(super) fn step_hit(&mut self, step: isize) {
        match &mut self.search {
            Some(search) if !search.hits.is_empty() => {
                let at = search.at as isize + step;
                search.at = at.rem_euclid(search.hits.len() as isize) as usize;
                self.show_hit();
            }
            Some(_) => {}
            None => self.open_search(),
        }
    }

    /// All hits anew; the newest is shown.
    fn find(&mut self) {
        let Some(mut search) = self.search.take() else {
            return;
        };
        search.hits.clear();
        search.pattern = (!search.query.is_empty())
            .then(|| regex::escape(&search.query))
            .and_then(|text| RegexBuilder::new(&text).case_insensitive(true).build().ok());
        let head = self.head().map(|turn| turn.id);
        for turn in self.conversation.path() {
            search.find(turn, Some(turn.id) == head);
        }
        search.at = search.hits.len().saturating_sub(1);
        self.search = Some(search);
        self.show_hit();
    }

    /// The turn of a record grew.
    pub(super) fn search_again(&mut self, record: &Record) {
        let (Record::Thinking { turn, .. } | Record::Answer { turn, .. }) = record else {
            return;
        };
        let Some(mut search) = self.search.take() else {
            return;
        };
        search.hits.retain(|hit| hit.turn != *turn);
        if let Some(turn) = self.conversation.turn(*turn) {
            search.find(turn, true);
        }
        search.at = search.at.min(search.hits.len().saturating_sub(1));
        self.search = Some(search);
    }

    fn show_hit(&mut self) {
        let Some(search) = &mut self.search else { return };
        let Some(part) = search.hit().map(|hit| hit.part) else {
            return;
        };
        search.seek = true;
        self.focus = match part {
            Part::Thinking => {
                self.thinking_folded = false;
                Focus::Thinking
            }
            Part::Prompt | Part::Answer => Focus::Answer,
        };
    }

    /// A frame brought the hit into view.
    pub(super) fn sought(&mut self, drawn: &Geometry) {
        let Some(search) = self.search.as_mut().filter(|search| search.seek) else {
            return;
        };
        search.seek = false;
        match search.hit().map(|hit| hit.part) {
            Some(Part::Thinking) => self.thinking_scroll = Scroll::At(drawn.thinking.top),
            Some(_) => self.answer_scroll = Scroll::At(drawn.answer.top),
            None => {}
        }
    }
}
