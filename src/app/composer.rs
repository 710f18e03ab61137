//! The message being written.
//!
//! Owns the text area (a library's: undo, word motion, selection, wrapping), the texts that stand in it as one token each
//! (a long paste, an attached file), and the history of messages. The only part of the state that is a widget.
//!
//! A token is written, deleted and passed over as a whole, so what it stands for is never lost by half. What goes out is
//! [`Composer::take`]: pastes in their place, files fenced behind the message.

use ratatui_textarea::{CursorMove, Input as AreaInput, Key as AreaKey, TextArea, WrapMode};

use super::held::{self, Held};
use super::input::{Key, KeyCode};

/// Messages that are kept for the history.
const MOST_HISTORY: usize = 1_000;

/// A text editor of a few lines.
#[derive(Debug, Default)]
pub struct Composer {
    area: TextArea<'static>,
    /// What tokens of the text stand for. A token that was deleted keeps its own: undo brings it back.
    held: Vec<Held>,
    history: Vec<Draft>,
    /// Position in the history, and the draft that was left for it.
    browsing: Option<(usize, Draft)>,
}

/// A message as it stands in the editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) shown: String,
    held: Vec<Held>,
}

impl Draft {
    /// A text that was written elsewhere; a long one becomes a token.
    fn of(text: &str) -> Self {
        if held::is_long(text) {
            let held = Held::paste(text.to_owned(), &[]);
            return Self {
                shown: held.token.clone(),
                held: vec![held],
            };
        }
        Self {
            shown: text.to_owned(),
            held: Vec::new(),
        }
    }

    pub(super) fn full(&self) -> String {
        held::expand(&self.shown, &self.held)
    }

    /// Puts another message below this one. Tokens that stand for different texts stay apart.
    fn append(&mut self, mut other: Self) {
        let taken: Vec<Held> = self.held.iter().chain(&other.held).cloned().collect();
        for held in &mut other.held {
            let old = held.token.clone();
            held.tell_from(&taken);
            other.shown = other.shown.replace(&old, &held.token);
        }
        if !self.shown.is_empty() && !other.shown.is_empty() {
            self.shown.push('\n');
        }
        self.shown.push_str(&other.shown);
        self.held.append(&mut other.held);
    }
}

impl Composer {
    pub fn new() -> Self {
        let mut composer = Self::default();
        composer.set_text("");
        composer
    }

    /// The text as it stands in the editor.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The text that would go out.
    pub fn full_text(&self) -> String {
        held::expand(&self.text(), &self.held)
    }

    /// What a reader of constraints should see: all of it, or, if that is more than `most` bytes, what was typed.
    pub fn readable_text(&self, most: usize) -> String {
        let text = self.text();
        if text.len() + self.held.iter().map(|h| h.text.len()).sum::<usize>() <= most {
            held::expand(&text, &self.held)
        } else {
            held::without(&text, &self.held)
        }
    }

    /// The text for another editor: pastes written out, files still as their tokens.
    pub fn editable_text(&self) -> String {
        held::expand_pastes(&self.text(), &self.held)
    }

    /// Takes the text back from another editor; the tokens of files in it keep their meaning.
    pub fn set_edited(&mut self, text: &str) {
        let files: Vec<Held> = self.held.drain(..).filter(Held::is_file).collect();
        let mut draft = Draft::of(text);
        draft.held.extend(files);
        self.show(draft);
    }

    pub fn is_blank(&self) -> bool {
        self.area.lines().iter().all(|l| l.trim().is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    pub fn area(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Replaces the text and puts the caret behind it.
    pub fn set_text(&mut self, text: &str) {
        self.show(Draft::of(text));
    }

    fn show(&mut self, draft: Draft) {
        let mut area = TextArea::new(draft.shown.split('\n').map(str::to_owned).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(ratatui::style::Style::default());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        self.area = area;
        self.held = draft.held;
    }

    /// Writes `text` at the caret; a long one as a token.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        if held::is_long(&text) {
            self.hold(Held::paste(text, &self.held));
        } else {
            self.area.insert_str(text);
        }
        self.browsing = None;
    }

    /// Puts a file into the message.
    pub fn attach(&mut self, name: &str, text: String) {
        self.hold(Held::file(name, text, &self.held));
        self.area.insert_str(" ");
        self.browsing = None;
    }

    fn hold(&mut self, held: Held) {
        self.area.insert_str(&held.token);
        self.held.push(held);
    }

    /// The caret is where a word begins.
    pub fn at_word_start(&self) -> bool {
        self.before_caret()
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    }

    /// The line of the caret, up to it.
    fn before_caret(&self) -> String {
        let (row, column) = self.place();
        let line = self.area.lines().get(row).map_or("", String::as_str);
        line.chars().take(column).collect()
    }

    fn place(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Gives a key to the editor; true if the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        let Some(code) = area_key(key.code) else {
            return false;
        };
        let before = self.place();
        let tokens = self.count_tokens();
        let changed = self.area.input(AreaInput {
            key: code,
            ctrl: key.ctrl,
            alt: key.alt,
            shift: key.shift,
        });
        if self.count_tokens() < tokens {
            self.delete_whole(key, before);
        }
        self.leave_token(before);
        if changed {
            self.browsing = None;
        }
        changed
    }

    /// An Alt key that the editor itself knows: word motion and deletion.
    pub fn knows_alt(key: Key) -> bool {
        let motion = match key.code {
            KeyCode::Char(c) => "bfdhnpv<>[]".contains(c),
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Enter => true,
            KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right => key.ctrl,
            _ => false,
        };
        key.alt && (!key.ctrl || !matches!(key.code, KeyCode::Char(_))) && motion
    }

    /// Deletes from the caret to the start of its line; there, the line break before it.
    pub fn delete_to_start(&mut self) -> bool {
        let changed = self.area.delete_line_by_head();
        if changed {
            self.browsing = None;
        }
        changed
    }

    /// Takes back the last change, of what was typed or deleted letter by letter a whole word.
    pub fn undo(&mut self) -> bool {
        self.step_by_words(TextArea::undo, TextArea::redo)
    }

    /// Makes again what [`Composer::undo`] took back.
    pub fn redo(&mut self) -> bool {
        self.step_by_words(TextArea::redo, TextArea::undo)
    }

    fn step_by_words(
        &mut self,
        step: fn(&mut TextArea<'static>) -> bool,
        back: fn(&mut TextArea<'static>) -> bool,
    ) -> bool {
        let mut word = None;
        loop {
            let before = self.area.lines().join("\n");
            if !step(&mut self.area) {
                return word.is_some();
            }
            let changed = changed_letter(&before, &self.area.lines().join("\n"));
            match (changed, word) {
                // The word before, or another change, is for the next time.
                (changed, Some(_)) if changed.is_none() || changed != word => {
                    back(&mut self.area);
                    return true;
                }
                (None, _) => return true,
                (Some(_), _) => word = changed,
            }
        }
    }

    /// Puts the caret where the mouse points, a row and a column of the text as it is drawn.
    pub fn point(&mut self, row: usize, column: usize) {
        let place = self.area.screen_to_data(row, column);
        self.jump(place.0, place.1);
        self.leave_token((place.0, place.1));
    }

    fn jump(&mut self, row: usize, column: usize) {
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(small(row), small(column)));
    }

    /// The tokens of a line, in characters.
    fn tokens(&self, row: usize) -> Vec<(usize, usize)> {
        let line = self.area.lines().get(row).map_or("", String::as_str);
        held::tokens(line, &self.held)
            .map(|(range, _)| {
                (
                    line[..range.start].chars().count(),
                    line[..range.end].chars().count(),
                )
            })
            .collect()
    }

    fn count_tokens(&self) -> usize {
        if self.held.is_empty() {
            return 0;
        }
        held::tokens(&self.text(), &self.held).count()
    }

    /// A key deleted a part of a token: all of it goes, and what was between it and the caret.
    fn delete_whole(&mut self, key: Key, (row, column): (usize, usize)) {
        let c = |wanted: char| key.code == KeyCode::Char(wanted);
        let backward =
            key.code == KeyCode::Backspace || (key.ctrl && (c('h') || c('w'))) || (key.alt && c('h'));
        let forward = key.code == KeyCode::Delete || ((key.ctrl || key.alt) && c('d'));
        // Other keys delete whole tokens: a caret is never inside of one.
        if !(backward || forward) {
            return;
        }
        self.area.undo();
        let tokens = self.tokens(row);
        let cut = if backward {
            let token = tokens.into_iter().rev().find(|(_, end)| *end <= column);
            token.map(|(start, _)| (start, column))
        } else {
            let token = tokens.into_iter().find(|(start, _)| column <= *start);
            token.map(|(_, end)| (column, end))
        };
        if let Some((start, end)) = cut {
            self.jump(row, start);
            self.area.delete_str(end - start);
        }
    }

    /// The caret does not stay inside a token.
    fn leave_token(&mut self, before: (usize, usize)) {
        if self.held.is_empty() {
            return;
        }
        let (row, column) = self.place();
        if let Some((start, end)) = self
            .tokens(row)
            .into_iter()
            .find(|(start, end)| *start < column && column < *end)
        {
            let leftwards = row == before.0 && column < before.1;
            self.jump(row, if leftwards { start } else { end });
        }
    }

    /// Takes the text out and remembers it.
    pub fn take(&mut self) -> String {
        self.take_draft().full()
    }

    pub(super) fn take_draft(&mut self) -> Draft {
        let draft = Draft {
            shown: self.text(),
            held: std::mem::take(&mut self.held),
        };
        self.keep(draft.clone());
        self.set_text("");
        draft
    }

    /// Puts messages that were taken out back, before what was written since.
    pub(super) fn give_back(&mut self, drafts: impl IntoIterator<Item = Draft>) {
        let mut all = Draft::default();
        for draft in drafts {
            all.append(draft);
        }
        all.append(Draft {
            shown: self.text(),
            held: std::mem::take(&mut self.held),
        });
        self.show(all);
        self.browsing = None;
    }

    /// Puts a sent message at the end of the history.
    pub fn remember(&mut self, text: &str) {
        self.keep(Draft::of(text));
    }

    /// Puts the messages of earlier sessions, oldest first, before those of this one.
    pub fn remember_earlier(&mut self, texts: &[String]) {
        let earlier = texts.iter().filter(|text| !text.trim().is_empty());
        let mut all: Vec<Draft> = earlier.map(|text| Draft::of(text)).collect();
        let added = all.len();
        all.append(&mut self.history);
        self.history = all;
        if let Some((at, _)) = &mut self.browsing {
            *at += added;
        }
    }

    fn keep(&mut self, draft: Draft) {
        if !draft.shown.trim().is_empty() && self.history.last() != Some(&draft) {
            self.history.push(draft);
            if self.history.len() > MOST_HISTORY {
                self.history.remove(0);
            }
        }
        self.browsing = None;
    }

    /// The caret is on the first (`up`) or last line, so that moving on means the history.
    pub fn at_edge(&self, up: bool) -> bool {
        let row = self.place().0;
        if up {
            row == 0
        } else {
            row + 1 >= self.area.lines().len()
        }
    }

    /// Shows the message before or after the one shown; the draft comes back after the newest.
    pub fn browse_history(&mut self, back: bool) {
        let (at, draft) = self.browsing.take().unwrap_or_else(|| {
            let draft = Draft {
                shown: self.text(),
                held: self.held.clone(),
            };
            (self.history.len(), draft)
        });
        let next = if back {
            at.checked_sub(1)
        } else {
            Some(at + 1).filter(|n| *n <= self.history.len())
        };
        let next = next.unwrap_or(at);
        let shown = self.history.get(next).cloned().unwrap_or_else(|| draft.clone());
        if shown.shown != self.text() {
            self.show(shown);
        }
        if next < self.history.len() {
            self.browsing = Some((next, draft));
        }
    }

    pub fn move_caret(&mut self, up: bool) {
        let before = self.place();
        self.area
            .move_cursor(if up { CursorMove::Up } else { CursorMove::Down });
        self.leave_token(before);
    }
}

fn area_key(code: KeyCode) -> Option<AreaKey> {
    Some(match code {
        KeyCode::Char(c) => AreaKey::Char(c),
        KeyCode::Enter => AreaKey::Enter,
        KeyCode::Esc | KeyCode::Insert => return None,
        KeyCode::Tab => AreaKey::Tab,
        KeyCode::Backspace => AreaKey::Backspace,
        KeyCode::Delete => AreaKey::Delete,
        KeyCode::Up => AreaKey::Up,
        KeyCode::Down => AreaKey::Down,
        KeyCode::Left => AreaKey::Left,
        KeyCode::Right => AreaKey::Right,
        KeyCode::Home => AreaKey::Home,
        KeyCode::End => AreaKey::End,
        KeyCode::PageUp => AreaKey::PageUp,
        KeyCode::PageDown => AreaKey::PageDown,
        KeyCode::Function(n) => AreaKey::F(n),
    })
}

/// Whether one letter came (`true`) or went; nothing where that is not all, or where it was white space.
fn changed_letter(before: &str, after: &str) -> Option<bool> {
    let came = after.len() > before.len();
    let (longer, shorter) = if came { (after, before) } else { (before, after) };
    let same = longer
        .bytes()
        .zip(shorter.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (start, rest) = longer.split_at(longer.floor_char_boundary(same));
    let letter = rest.chars().next().filter(|letter| !letter.is_whitespace())?;
    (shorter.get(start.len()..)? == &rest[letter.len_utf8()..]).then_some(came)
}

#[cfg(test)]
mod tests;
