//! Looking for words in the conversation on screen.

use regex::RegexBuilder;

use crate::app::action::Action;
use crate::app::event::Geometry;
use crate::app::focus::Focus;
use crate::app::scroll::Scroll;
use crate::app::search::{Part, Search};
use crate::app::state::{NoticeKind, State};
use crate::chat::{Record, words};

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
            by_words: false,
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
            search.by_words = true;
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
        let phrase = regex::escape(&search.query);
        self.find_as(&mut search, &phrase);
        if search.hits.is_empty() && search.by_words {
            let each: Vec<String> = words(&search.query).into_iter().map(regex::escape).collect();
            self.find_as(&mut search, &each.join("|"));
        }
        search.at = search.hits.len().saturating_sub(1);
        self.search = Some(search);
        self.show_hit();
    }

    fn find_as(&self, search: &mut Search, pattern: &str) {
        search.hits.clear();
        search.pattern = (!pattern.is_empty())
            .then(|| RegexBuilder::new(pattern).case_insensitive(true).build().ok())
            .flatten();
        let head = self.head().map(|turn| turn.id);
        for turn in self.conversation.path() {
            search.find(turn, Some(turn.id) == head);
        }
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
