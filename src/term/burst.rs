//! Pastes of terminals that do not mark them, told by their speed.
//!
//! A person's keys come one by one. A run of text that came together is a paste if it is long, or if a line break in it is
//! followed by more: it must not be sent line by line. A line break at its end still sends, for programs that write a line
//! into the terminal.

use crate::app::input::{Input, Key, KeyCode};

/// A run of this many characters was not typed, nor is it the name of a command.
const LONG: usize = 64;

/// Keys that came together, with what was pasted among them as one.
pub(super) fn pastes_of(inputs: Vec<Input>) -> Vec<Input> {
    let mut out = Vec::with_capacity(inputs.len());
    let mut run: Vec<(char, Input)> = Vec::new();
    for input in inputs {
        match text_of(&input) {
            // Carriage return and line feed are one break.
            Some('\n') if input == LINE_FEED && run.last().is_some_and(|(_, last)| *last == ENTER) => {}
            Some(c) => run.push((c, input)),
            None => {
                close(&mut run, &mut out);
                out.push(input);
            }
        }
    }
    close(&mut run, &mut out);
    out
}

const ENTER: Input = Input::Key(Key::plain(KeyCode::Enter));
const LINE_FEED: Input = Input::Key(Key::ctrl('j'));

/// The character that a key writes.
fn text_of(input: &Input) -> Option<char> {
    let Input::Key(key) = input else {
        return None;
    };
    match key.code {
        KeyCode::Char(c) if !key.ctrl && !key.alt => Some(c),
        KeyCode::Enter | KeyCode::Tab if *key == Key::plain(key.code) => {
            Some(if key.code == KeyCode::Tab { '\t' } else { '\n' })
        }
        // A line feed as it is.
        KeyCode::Char('j') if *key == Key::ctrl('j') => Some('\n'),
        _ => None,
    }
}

fn close(run: &mut Vec<(char, Input)>, out: &mut Vec<Input>) {
    let enter = |(_, input): &(char, Input)| *input == ENTER;
    // A key that is held may come in one piece.
    let is_held = run.windows(2).all(|keys| keys[0].1 == keys[1].1);
    let written = run.iter().rposition(|key| !enter(key)).map_or(0, |last| last + 1);
    let has_lines = run[..written].iter().any(enter);
    if !has_lines && (written < LONG || is_held) {
        out.extend(run.drain(..).map(|(_, input)| input));
        return;
    }
    // The break behind several lines is their last one's.
    let pasted = if has_lines { run.len() } else { written };
    out.push(Input::Paste(run.drain(..pasted).map(|(c, _)| c).collect()));
    out.extend(run.drain(..).map(|(_, input)| input));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Input> {
        let key = |c| match c {
            '\r' => Key::plain(KeyCode::Enter),
            '\n' => Key::ctrl('j'),
            '\t' => Key::plain(KeyCode::Tab),
            '\x1b' => Key::plain(KeyCode::Esc),
            c => Key::plain(KeyCode::Char(c)),
        };
        text.chars().map(|c| Input::Key(key(c))).collect()
    }

    fn paste(text: &str) -> Input {
        Input::Paste(text.into())
    }

    #[test]
    fn a_short_run_is_keys() {
        for typed in [
            "",
            "j",
            "\r",
            "hello\r",
            "/search-all otter\r",
            "\trul",
            "one\r\r",
        ] {
            assert_eq!(pastes_of(keys(typed)), keys(typed), "{typed:?}");
        }
    }

    #[test]
    fn lines_that_come_together_are_one_paste() {
        for (sent, text) in [
            ("one\rtwo", "one\ntwo"),
            ("one\rtwo\r", "one\ntwo\n"),
            ("\rone", "\none"),
            ("one\r\ntwo", "one\ntwo"),
            ("one\r\ttwo", "one\n\ttwo"),
        ] {
            assert_eq!(pastes_of(keys(sent)), [paste(text)], "{sent:?}");
        }
    }

    #[test]
    fn a_key_that_is_held_is_no_paste() {
        let held = keys(&"j".repeat(200));
        assert_eq!(pastes_of(held.clone()), held);
    }

    #[test]
    fn a_long_line_is_one_paste_and_is_sent_by_the_break_behind_it() {
        let line = "word ".repeat(20);
        assert_eq!(pastes_of(keys(&line)), [paste(&line)]);
        let mut wanted = vec![paste(&line)];
        wanted.extend(keys("\r"));
        assert_eq!(pastes_of(keys(&format!("{line}\r"))), wanted);
    }

    #[test]
    fn other_keys_stand_between_pastes() {
        let mut wanted = vec![paste("a\nb")];
        wanted.extend(keys("\x1bc"));
        assert_eq!(pastes_of(keys("a\rb\x1bc")), wanted);
    }
}
