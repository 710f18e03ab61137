//! Keys as a terminal sends them, and what is done with them all the time.

use crate::support::pty::Chat;

pub const ENTER: &str = "\r";
/// Nothing may be sent after it before its effect is seen: read together, the two are an Alt key.
pub const ESC: &str = "\x1b";
pub const UP: &str = "\x1b[A";
pub const PAGE_UP: &str = "\x1b[5~";
pub const SHIFT_TAB: &str = "\x1b[Z";
pub const CTRL_C: &str = "\x03";
pub const CTRL_F: &str = "\x06";
pub const CTRL_G: &str = "\x07";
pub const CTRL_Q: &str = "\x11";
pub const CTRL_R: &str = "\x12";
pub const CTRL_T: &str = "\x14";
pub const ALT_D: &str = "\x1bd";
pub const ALT_T: &str = "\x1bt";
pub const ALT_UP: &str = "\x1b[1;3A";

/// Writes a message and sends it.
pub fn say(chat: &mut Chat, text: &str) {
    chat.paste(text);
    chat.keys(ENTER);
}

/// Leaves, and looks how the terminal was given back.
#[track_caller]
pub fn quit(chat: &mut Chat) {
    chat.keys(CTRL_Q);
    assert!(chat.ended().success());
    assert!(chat.sent(b"\x1b[?1049l"), "the alternate screen was left");
    assert!(chat.sent(b"\x1b[?25h"), "the cursor is shown");
    assert!(chat.sent(b"\x1b[?2004l"), "bracketed paste is off");
}

/// The transcript of the only conversation.
#[track_caller]
pub fn saved(chat: &Chat) -> String {
    std::fs::read_to_string(&chat.transcripts()[0]).expect("a transcript")
}
