//! Keys as the keymap and the composer know them, free of any terminal library.

use std::fmt;
use std::str::FromStr;

/// A key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub code: KeyCode,
    pub ctrl: bool,
    pub alt: bool,
    /// Only for keys that are not characters: `A` is the character `A`.
    pub shift: bool,
}

/// Which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    Char(char),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Function(u8),
}

/// What the terminal sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    Paste(String),
    /// Wheel: negative is up.
    Wheel {
        column: u16,
        row: u16,
        lines: i32,
    },
    Click {
        column: u16,
        row: u16,
    },
    /// The mouse moved with its button held.
    Drag {
        column: u16,
        row: u16,
    },
    Release,
    /// What the terminal said of its background, when it was asked.
    Background {
        light: bool,
    },
    Resize {
        columns: u16,
        rows: u16,
    },
}

impl Key {
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    pub const fn ctrl(c: char) -> Self {
        Self {
            code: KeyCode::Char(c),
            ctrl: true,
            alt: false,
            shift: false,
        }
    }
}

const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
];

/// `ctrl+t`, `alt+enter`, `shift+tab`, `f1`, `g`, `G`, `pageup`.
impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut key = Key::plain(KeyCode::Esc);
        let mut rest = text.trim();
        // A lone "+" is a key, so a modifier needs something after its "+".
        while let Some((modifier, after)) = rest
            .split_once('+')
            .filter(|(m, after)| !m.is_empty() && !after.is_empty())
        {
            match modifier.to_ascii_lowercase().as_str() {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                _ => return Err(format!("{modifier} is not a modifier (ctrl, alt, shift)")),
            }
            rest = after;
        }
        let lower = rest.to_ascii_lowercase();
        let mut chars = rest.chars();
        key.code = if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == lower) {
            *code
        } else if let (Some(c), None) = (chars.next(), chars.next()) {
            KeyCode::Char(if key.ctrl { c.to_ascii_lowercase() } else { c })
        } else if let Some(n) = lower
            .strip_prefix('f')
            .and_then(|n| n.parse().ok())
            .filter(|n| (1..=24).contains(n))
        {
            KeyCode::Function(n)
        } else {
            return Err(format!("{rest:?} is not a key"));
        };
        if let (KeyCode::Char(c), true) = (key.code, key.shift) {
            key.code = KeyCode::Char(c.to_ascii_uppercase());
            key.shift = false;
        }
        Ok(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if on {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if self.ctrl || self.alt => write!(f, "{}", c.to_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::Function(n) => write!(f, "F{n}"),
            KeyCode::PageUp => f.write_str("PageUp"),
            KeyCode::PageDown => f.write_str("PageDown"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            code => write!(f, "{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_any_spelling() {
        let key = |s: &str| s.parse::<Key>();
        assert_eq!(key("ctrl+t"), Ok(Key::ctrl('t')));
        assert_eq!(key("Ctrl+T"), Ok(Key::ctrl('t')));
        assert_eq!(key("shift+a"), Ok(Key::plain(KeyCode::Char('A'))));
        assert_eq!(key("+"), Ok(Key::plain(KeyCode::Char('+'))));
        assert_eq!(key("ctrl++"), Ok(Key::ctrl('+')));
        assert_eq!(key("F12"), Ok(Key::plain(KeyCode::Function(12))));
        assert_eq!(
            key("shift+tab").map(|k| (k.code, k.shift)),
            Ok((KeyCode::Tab, true))
        );
        for wrong in ["", "hyper+x", "ctrl+", "f25", "enterr"] {
            assert!(key(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_is_what_can_be_written() {
        for text in [
            "ctrl+t",
            "alt+enter",
            "shift+tab",
            "f1",
            "g",
            "G",
            "pageup",
            "space",
        ] {
            let key: Key = text.parse().unwrap();
            assert_eq!(key.to_string().parse::<Key>().unwrap_or(key), key, "{text}");
        }
    }
}
