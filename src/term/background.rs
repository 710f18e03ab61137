//! Whether the terminal's background is light: it is asked once, and answers among the keys.
//!
//! The question is OSC 11 of xterm (control sequences, "Operating System Commands"): `ESC ] 11 ; ? ESC \\`, answered by
//! `ESC ] 11 ; rgb:RRRR/GGGG/BBBB` and `ESC \\` or BEL. The reader of keys takes that for keys, so it is put together here
//! again. An answer may come at any time or never: nothing waits for it, and a late one is not typed into the message.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::input::{Input, Key, KeyCode};

const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";
/// Longer than any answer: what goes on longer was typed.
const LONGEST: usize = 32;

/// An answer is owed: only then can what looks like one be one.
static ASKED: AtomicBool = AtomicBool::new(false);

pub(super) fn ask(out: &mut impl Write) -> io::Result<()> {
    ASKED.store(true, Ordering::Relaxed);
    out.write_all(QUESTION)?;
    out.flush()
}

/// Takes the answer out of the inputs.
#[derive(Debug, Default)]
pub(super) struct Listener {
    /// What may be the beginning of the answer.
    held: Vec<Input>,
    /// Its text so far.
    text: String,
    /// The last input was the key Esc: a sequence that came in two pieces begins with it.
    after_esc: bool,
}

impl Listener {
    /// What is left of the inputs, with this one: all of them, the answer instead of its keys, or none yet.
    pub fn take(&mut self, input: Input) -> Vec<Input> {
        if !ASKED.load(Ordering::Relaxed) && self.held.is_empty() {
            return vec![input];
        }
        self.listen(input)
    }

    fn listen(&mut self, input: Input) -> Vec<Input> {
        let Input::Key(key) = input else {
            let mut all = self.let_go();
            all.push(input);
            return all;
        };
        let after_esc = std::mem::replace(&mut self.after_esc, key == Key::plain(KeyCode::Esc));
        let is = |c: char, alt: bool| {
            key == Key {
                alt,
                ..Key::plain(KeyCode::Char(c))
            }
        };
        if self.held.is_empty() {
            if is(']', true) || (is(']', false) && after_esc) {
                self.held.push(input);
                return Vec::new();
            }
            return vec![input];
        }
        self.held.push(input);
        if is('\\', true) || (is('\\', false) && after_esc) || key == Key::ctrl('g') {
            return match is_light(&self.text) {
                Some(light) => {
                    ASKED.store(false, Ordering::Relaxed);
                    self.let_go();
                    vec![Input::Background { light }]
                }
                None => self.let_go(),
            };
        }
        match key.code {
            KeyCode::Char(c) if !key.ctrl && !key.alt => self.text.push(c),
            KeyCode::Esc if self.text.len() > PREFIX.len() => {}
            _ => return self.let_go(),
        }
        if may_be_answer(&self.text) {
            Vec::new()
        } else {
            self.let_go()
        }
    }

    /// It was no answer.
    fn let_go(&mut self) -> Vec<Input> {
        self.text.clear();
        std::mem::take(&mut self.held)
    }
}

const PREFIX: &str = "11;rgb";

/// The beginning of `11;rgb:ffff/ffff/ffff` or `11;rgba:…`.
fn may_be_answer(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else {
        return PREFIX.starts_with(text);
    };
    let rest = rest.strip_prefix('a').unwrap_or(rest);
    match rest.strip_prefix(':') {
        Some(colour) => text.len() <= LONGEST && colour.chars().all(|c| c.is_ascii_hexdigit() || c == '/'),
        None => rest.is_empty(),
    }
}

/// Whether the colour of an answer is nearer to white than to black, as the eye weighs its parts (ITU-R BT.601).
fn is_light(text: &str) -> Option<bool> {
    let colour = text
        .strip_prefix(PREFIX)?
        .trim_start_matches('a')
        .strip_prefix(':')?;
    let mut parts = colour.split('/').map(|part| {
        let largest = 16_u32
            .checked_pow(u32::try_from(part.len()).ok()?)?
            .checked_sub(1)?;
        let value = u32::from_str_radix(part, 16).ok()?;
        (largest > 0).then(|| f64::from(value) / f64::from(largest))
    });
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that the reader makes of an answer.
    fn keys(text: &str) -> Vec<Input> {
        let mut keys = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let key = match c {
                '\x1b' => Key {
                    alt: true,
                    ..Key::plain(KeyCode::Char(chars.next().unwrap()))
                },
                '\x07' => Key::ctrl('g'),
                c => Key::plain(KeyCode::Char(c)),
            };
            keys.push(Input::Key(key));
        }
        keys
    }

    fn heard(keys: &[Input]) -> Vec<Input> {
        let mut listener = Listener::default();
        keys.iter().flat_map(|key| listener.listen(key.clone())).collect()
    }

    #[test]
    fn an_answer_is_taken_out_of_what_is_typed() {
        for (answer, light) in [
            ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\", true),
            ("\x1b]11;rgb:fdf6/e3e3/0000\x07", true),
            ("\x1b]11;rgb:1e/1e/2E\x1b\\", false),
            ("\x1b]11;rgba:0000/0000/0000/ffff\x1b\\", false),
        ] {
            let mut all = keys("a");
            all.extend(keys(answer));
            all.extend(keys("b"));
            let mut wanted = keys("a");
            wanted.push(Input::Background { light });
            wanted.extend(keys("b"));
            assert_eq!(heard(&all), wanted, "{answer:?}");
        }
    }

    #[test]
    fn an_answer_in_two_pieces_is_an_answer() {
        let esc = Input::Key(Key::plain(KeyCode::Esc));
        let mut all = vec![esc.clone()];
        all.extend(keys("]11;rgb:0000/0000/0000"));
        all.push(esc.clone());
        all.extend(keys("\\"));
        assert_eq!(heard(&all), [esc, Input::Background { light: false }]);
    }

    #[test]
    fn what_only_looks_like_one_is_typed() {
        for typed in [
            "\x1b]x",
            "\x1b]11;rgb:zz",
            "\x1b]11;rgb:\x1b\\",
            "\x1b]11;rgb:ff\x1bx",
            "]11;rgb:ffff/ffff/ffff",
            "\x1b]11;rgb:0123456789abcdef0123456789abcdef0",
        ] {
            let typed = keys(typed);
            assert_eq!(heard(&typed), typed);
        }
    }
}
