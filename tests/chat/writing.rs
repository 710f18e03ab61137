//! The real binary in a pseudo-terminal: writing, copying, finding, and the manners of a program of the terminal.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::keys::{CTRL_F, CTRL_G, ENTER, UP, quit, saved, say};
use crate::support::pty::Setup;

/// A program that the chat may start.
fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_message_is_written_in_another_editor() {
    let setup = Setup::scripted("brief.jsonl");
    let editor = program(
        setup.home.path(),
        "editor",
        "printf 'at length\\nand well\\n' >> \"$1\"",
    );
    let mut chat = setup.variable("EDITOR", &editor.display().to_string()).start();
    chat.until_shows("● ready");
    chat.paste("Explain it");
    chat.keys(CTRL_G);
    chat.until_shows("and well");
    assert!(chat.sent(b"\x1b[?1049l"), "the editor had the terminal");
    chat.keys(ENTER);
    chat.until_shows("The first answer.");
    quit(&mut chat);
    let saved = std::fs::read_to_string(&chat.transcripts()[0]).unwrap();
    assert!(saved.contains("Explain it\\nat length\\nand well\""), "{saved}");
}

#[test]
fn where_no_editor_is_set_the_usual_one_is_taken() {
    let setup = Setup::scripted("brief.jsonl");
    program(setup.home.path(), "nano", "printf ' at length' >> \"$1\"");
    let path = format!(
        "{}:{}",
        setup.home.path().display(),
        std::env::var("PATH").unwrap()
    );
    let mut chat = setup.variable("PATH", &path).start();
    chat.until_shows("● ready");
    chat.paste("Explain it");
    chat.keys(CTRL_G);
    chat.until_shows("at length");
    quit(&mut chat);
}

#[test]
fn an_editor_that_fails_costs_nothing() {
    let mut chat = Setup::scripted("brief.jsonl").variable("VISUAL", "false").start();
    chat.until_shows("● ready");
    chat.paste("a draft");
    chat.keys(CTRL_G);
    let screen = chat.until_shows("false ended with");
    assert!(screen.contains("a draft"), "{screen}");
    quit(&mut chat);
}

#[test]
fn a_file_is_attached_by_its_path() {
    let setup = Setup::scripted("brief.jsonl");
    std::fs::create_dir(setup.home.path().join("notes")).unwrap();
    std::fs::write(setup.home.path().join("notes/rules.md"), "Use no commas.\n").unwrap();
    let mut chat = setup.start();
    chat.until_shows("● ready");
    chat.keys("Sum up @not");
    chat.until_shows("notes/");
    chat.keys("\trul");
    chat.until_shows("notes/rules.md");
    chat.keys(ENTER);
    chat.until_shows("[notes/rules.md, 1 line]");
    chat.keys(ENTER);
    chat.until_shows("The first answer.");
    quit(&mut chat);
    let saved = std::fs::read_to_string(&chat.transcripts()[0]).unwrap();
    assert!(
        saved.contains("notes/rules.md:\\n```md\\nUse no commas.\\n```"),
        "{saved}"
    );
}

#[test]
fn what_was_typed_in_one_session_is_in_the_history_of_the_next() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "the first message");
    chat.until_shows("The first answer.");
    chat.paste("never sent");
    quit(&mut chat);
    let home = Arc::clone(chat.home());
    let mut again = Setup::scripted("brief.jsonl").home(&home).start();
    again.until_shows("● ready");
    // The history is read meanwhile.
    std::thread::sleep(std::time::Duration::from_millis(300));
    again.keys(UP);
    again.until_shows("never sent");
    again.keys(UP);
    again.until_shows("the first message");
    quit(&mut again);
}

#[test]
fn an_answer_is_copied_through_the_terminal_and_to_the_desktop() {
    let setup = Setup::scripted("brief.jsonl");
    let clipboard = setup.home.path().join("clipboard");
    program(
        setup.home.path(),
        "xclip",
        &format!("cat > {}", clipboard.display()),
    );
    let path = format!(
        "{}:{}",
        setup.home.path().display(),
        std::env::var("PATH").unwrap()
    );
    let mut chat = setup.variable("PATH", &path).variable("DISPLAY", ":9").start();
    chat.until_shows("● ready");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.keys("\x1bc");
    chat.until_shows("copied the answer");
    // "The first answer." in base64.
    assert!(chat.sent(b"\x1b]52;c;VGhlIGZpcnN0IGFuc3dlci4="), "OSC 52");
    assert_eq!(std::fs::read_to_string(&clipboard).unwrap(), "The first answer.");
    quit(&mut chat);
}

#[test]
fn dragging_the_mouse_copies_from_the_source() {
    let mut chat = Setup::scripted("brief.jsonl").size(70, 24).start();
    chat.until_shows("● ready");
    say(&mut chat, "One");
    let screen = chat.until_shows("The first answer.");
    let row = 1 + screen
        .lines()
        .position(|line| line.contains("The first answer."))
        .unwrap();
    // Press on the first letter, drag along the row, release: "The first".
    chat.keys(&format!("\x1b[<0;3;{row}M\x1b[<32;12;{row}M\x1b[<0;12;{row}m"));
    chat.until_shows("copied the selected text: 9 characters");
    assert!(chat.sent(b"\x1b]52;c;VGhlIGZpcnN0"), "OSC 52");
    // The mouse is given back and taken again.
    chat.keys("i/mouse\r");
    chat.until_shows("terminal's own again");
    assert!(chat.sent(b"\x1b[?1002l"));
    quit(&mut chat);
}

#[test]
fn words_are_found_here_and_in_other_conversations() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "Tell me of the otter");
    chat.until_shows("The first answer.");
    chat.keys(CTRL_F);
    chat.keys("OTTER");
    chat.until_shows("1 of 1");
    chat.keys(ENTER);
    // A new conversation, from which the old one is found.
    chat.keys("\x0e");
    chat.until("a new conversation", |screen| !screen.contains("otter"));
    // Its words in another order.
    chat.keys("/search-all OTTER tell\r");
    chat.until_shows("Tell me of the otter");
    chat.keys(ENTER);
    chat.until_shows("2 of 2 with \"OTTER tell\"");
    quit(&mut chat);
}

#[test]
fn a_conversation_is_exported_renamed_and_deleted() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.keys("/rename Of Rivers\r");
    chat.until_shows("raif · Of Rivers");
    chat.keys("/export md\r");
    chat.until_shows("written to");
    let written = std::fs::read_to_string(chat.home().path().join("raif-of-rivers.md")).unwrap();
    assert!(written.contains("The first answer."), "{written}");
    chat.keys("/delete\r");
    chat.until_shows("1 turn");
    chat.keys(ENTER);
    chat.until_shows("delete it for good");
    chat.keys("\x1b[B\r");
    chat.until_shows("the conversation is deleted");
    assert!(chat.transcripts().is_empty());
    quit(&mut chat);
}

#[test]
fn leaving_says_how_to_come_back() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    quit(&mut chat);
    let id = chat.transcripts()[0]
        .file_stem()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let raw = String::from_utf8_lossy(&chat.raw()).into_owned();
    let after = raw.rsplit("\x1b[?1049l").next().unwrap();
    assert!(after.contains(&format!("raif --resume {id}")), "{after:?}");
}

#[test]
fn a_suspended_chat_gives_the_terminal_back_and_goes_on() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    chat.paste("half a message");
    chat.until_shows("half a message");
    chat.keys("\x1a");
    chat.until("the terminal to be given back", |screen| {
        !screen.contains("half a message")
    });
    chat.until("the chat to go on", |screen| {
        // It may not have stopped yet, and then it has nothing to continue from.
        chat.signal(rustix::process::Signal::CONT);
        screen.contains("half a message")
    });
    assert!(chat.sent(b"\x1b[?1049l"), "the terminal was given back");
    quit(&mut chat);
}

#[test]
fn escape_and_a_key_that_arrive_together_are_both_heard() {
    let mut chat = Setup::scripted("endless.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "Think");
    chat.until_shows("let me think again");
    chat.keys("\x1b\x11");
    assert!(chat.ended().success());
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.until_shows("● ready");
    // What is still on its way arrives; then there is silence.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let before = chat.raw().len();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(chat.raw().len(), before);
    quit(&mut chat);
}

#[test]
fn every_frame_is_one_synchronized_update() {
    let mut chat = Setup::scripted("lines.jsonl").start();
    chat.until_shows("● ready");
    say(&mut chat, "Count");
    chat.until_shows("line number 30");
    quit(&mut chat);
    let raw = String::from_utf8_lossy(&chat.raw()).into_owned();
    let frames = raw.matches("\x1b[?2026h").count();
    assert!(frames > 3, "{frames}");
    // Between the frames nothing is printed but what switches modes.
    for between in raw.split("\x1b[?2026l").skip(1) {
        let outside = between.split("\x1b[?2026h").next().unwrap();
        assert!(!outside.contains("line number"), "{outside:?}");
    }
}

#[test]
fn a_dumb_terminal_is_told_of_plain_lines() {
    let mut chat = Setup::scripted("brief.jsonl").variable("TERM", "dumb").start();
    chat.until_shows("raif --plain");
    assert!(!chat.ended().success());
}

/// As a terminal without bracketed paste sends it: nothing but the characters, all at once.
#[test]
fn much_text_without_marks_arrives_whole_without_another_key() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    let text = "word ".repeat(4_000);
    chat.keys(&text);
    chat.until_shows("pasted 20,000 characters");
    chat.keys(ENTER);
    chat.until_shows("The first answer.");
    quit(&mut chat);
    assert!(saved(&chat).contains(text.trim_end()));
}

#[test]
fn lines_without_marks_are_one_message() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    chat.keys("Name three rivers:\rone in Asia\rone in Africa\r");
    chat.until_shows("one in Africa");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(chat.transcripts().is_empty(), "{}", chat.screen());
    chat.keys(ENTER);
    chat.until_shows("The first answer.");
    quit(&mut chat);
    let saved = saved(&chat);
    assert!(
        saved.contains("Name three rivers:\\none in Asia\\none in Africa"),
        "{saved}"
    );
}
