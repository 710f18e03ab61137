//! The message being written.
//!
//! Owns the text area (a library's: undo, word motion, selection, wrapping) and the history of sent messages. The only part
//! of the state that is a widget.

use ratatui_textarea::{CursorMove, Input as AreaInput, Key as AreaKey, TextArea, WrapMode};

use super::input::{Key, KeyCode};

/// A text editor of a few lines.
#[derive(Debug, Default)]
pub struct Composer {
    area: TextArea<'static>,
    history: Vec<String>,
    /// Position in the history, and the draft that was left for it.
    browsing: Option<(usize, String)>,
}

impl Composer {
    pub fn new() -> Self {
        let mut composer = Self::default();
        composer.set_text("");
        composer
    }

    pub fn text(&self) -> String {
        self.area.lines().join("\n")
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
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.set_cursor_line_style(ratatui::style::Style::default());
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        self.area = area;
    }

    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.area.insert_str(text);
        self.browsing = None;
    }

    /// Gives a key to the editor; true if the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        let Some(code) = area_key(key.code) else {
            return false;
        };
        let changed = self.area.input(AreaInput {
            key: code,
            ctrl: key.ctrl,
            alt: key.alt,
            shift: key.shift,
        });
        if changed {
            self.browsing = None;
        }
        changed
    }

    /// Takes the text out and remembers it.
    pub fn take(&mut self) -> String {
        let text = self.text();
        self.remember(&text);
        self.set_text("");
        text
    }

    /// Puts a sent message at the end of the history.
    pub fn remember(&mut self, text: &str) {
        if !text.trim().is_empty() && self.history.last().map(String::as_str) != Some(text) {
            self.history.push(text.to_owned());
        }
        self.browsing = None;
    }

    /// The caret is on the first (`up`) or last line, so that moving on means the history.
    pub fn at_edge(&self, up: bool) -> bool {
        let row = self.area.cursor().0;
        if up {
            row == 0
        } else {
            row + 1 >= self.area.lines().len()
        }
    }

    /// Shows the message before or after the one shown; the draft comes back after the newest.
    pub fn browse_history(&mut self, back: bool) {
        let (at, draft) = match self.browsing.take() {
            Some(browsing) => browsing,
            None => (self.history.len(), self.text()),
        };
        let next = if back {
            at.checked_sub(1)
        } else {
            Some(at + 1).filter(|n| *n <= self.history.len())
        };
        let next = next.unwrap_or(at);
        let text = self.history.get(next).cloned().unwrap_or_else(|| draft.clone());
        if text != self.text() {
            self.set_text(&text);
        }
        if next < self.history.len() {
            self.browsing = Some((next, draft));
        }
    }

    pub fn move_caret(&mut self, up: bool) {
        self.area
            .move_cursor(if up { CursorMove::Up } else { CursorMove::Down });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_goes_back_and_gives_the_draft_again() {
        let mut composer = Composer::new();
        for text in ["one", "two"] {
            composer.set_text(text);
            composer.take();
        }
        composer.set_text("draft");
        composer.browse_history(true);
        assert_eq!(composer.text(), "two");
        composer.browse_history(true);
        composer.browse_history(true);
        assert_eq!(composer.text(), "one");
        composer.browse_history(false);
        composer.browse_history(false);
        assert_eq!(composer.text(), "draft");
        composer.browse_history(false);
        assert_eq!(composer.text(), "draft");
    }

    #[test]
    fn a_paste_keeps_its_lines_whatever_ends_them() {
        let mut composer = Composer::new();
        composer.insert("a\r\nb\rc\n");
        assert_eq!(composer.text(), "a\nb\nc\n");
    }
}
