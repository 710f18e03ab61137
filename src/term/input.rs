//! The terminal library's events as the chat's inputs.

use crossterm::event::{
    Event, KeyCode as Code, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::input::{Input, Key, KeyCode};

/// Rows a turn of the wheel moves.
const WHEEL_LINES: i32 = 3;

/// `None` for what the chat has no use for (key releases, focus, mouse moves).
pub(super) fn from_event(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => from_key(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Mouse(mouse) => from_mouse(mouse),
        Event::Resize(columns, rows) => Some(Input::Resize { columns, rows }),
        Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
    }
}

fn from_key(event: KeyEvent) -> Option<Key> {
    let has = |modifier| event.modifiers.contains(modifier);
    let mut key = Key {
        code: KeyCode::Esc,
        ctrl: has(KeyModifiers::CONTROL),
        alt: has(KeyModifiers::ALT),
        shift: has(KeyModifiers::SHIFT),
    };
    key.code = match event.code {
        // A terminal sends the character that the shift made, or the plain one and the shift: both are the former.
        Code::Char(c) => {
            let shifted = if key.shift && !key.ctrl {
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            };
            key.shift = false;
            KeyCode::Char(if key.ctrl {
                shifted.to_ascii_lowercase()
            } else {
                shifted
            })
        }
        Code::BackTab => {
            key.shift = true;
            KeyCode::Tab
        }
        Code::Tab => KeyCode::Tab,
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(n) => KeyCode::Function(n),
        _ => return None,
    };
    Some(key)
}

fn from_mouse(event: MouseEvent) -> Option<Input> {
    let (column, row) = (event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollUp => Some(Input::Wheel {
            column,
            row,
            lines: -WHEEL_LINES,
        }),
        MouseEventKind::ScrollDown => Some(Input::Wheel {
            column,
            row,
            lines: WHEEL_LINES,
        }),
        MouseEventKind::Down(MouseButton::Left) => Some(Input::Click { column, row }),
        MouseEventKind::Drag(MouseButton::Left) => Some(Input::Drag { column, row }),
        MouseEventKind::Up(MouseButton::Left) => Some(Input::Release),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: Code, modifiers: KeyModifiers) -> Option<Key> {
        from_key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn both_ways_of_sending_a_shifted_letter_are_one_key() {
        let shouted = Some(Key::plain(KeyCode::Char('G')));
        assert_eq!(key(Code::Char('G'), KeyModifiers::SHIFT), shouted);
        assert_eq!(key(Code::Char('G'), KeyModifiers::NONE), shouted);
        assert_eq!(key(Code::Char('g'), KeyModifiers::SHIFT), shouted);
        assert_eq!(key(Code::Char('T'), KeyModifiers::CONTROL), Some(Key::ctrl('t')));
        assert_eq!(key(Code::BackTab, KeyModifiers::SHIFT), "shift+tab".parse().ok());
        assert_eq!(key(Code::BackTab, KeyModifiers::NONE), "shift+tab".parse().ok());
    }

    #[test]
    fn releases_are_not_presses() {
        let release = KeyEvent::new_with_kind(Code::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(from_event(Event::Key(release)), None);
    }
}
