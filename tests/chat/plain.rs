//! The chat without a screen: lines in, lines out.

use std::path::Path;
use std::process::Output;

use crate::support::pty::Setup;

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/scripts")
        .join(name)
        .display()
        .to_string()
}

/// Pipes lines into the chat.
fn piped(name: &str, lines: &str, args: &[&str]) -> (Output, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let output = assert_cmd::Command::cargo_bin("raif")
        .unwrap()
        .args(["--plain", "--script", &script(name)])
        .args(args)
        .env_clear()
        .env("TERM", "dumb")
        .env("HOME", home.path())
        .env("HF_ENDPOINT", "http://127.0.0.1:9")
        .current_dir(home.path())
        .write_stdin(lines)
        .output()
        .unwrap();
    (output, home)
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn lines_are_answered_in_order_with_labels_and_verdicts() {
    let (output, _home) = piped(
        "brief.jsonl",
        "Say something in fewer than 50 words.\n\nAgain\n",
        &[],
    );
    assert!(output.status.success(), "{output:?}");
    let out = text(&output);
    let expected = [
        "ready: ",
        "you: Say something in fewer than 50 words.",
        "constraints: ",
        "thinking:\nA short plan.",
        "thought for ",
        "answer:\nThe first answer.",
        "met: under 50 words, 3/49 words",
        "you: Again",
        "answer:\nThe second answer.",
    ];
    let mut at = 0;
    for part in expected {
        at += out[at..]
            .find(part)
            .unwrap_or_else(|| panic!("{part:?} is not there in its order:\n{out}"));
    }
    assert!(String::from_utf8_lossy(&output.stderr).contains("raif --resume"));
}

#[test]
fn no_byte_of_it_steers_a_terminal() {
    for name in ["hostile.jsonl", "brief.jsonl"] {
        let (output, _home) = piped(name, "One\n/help\n/method\n2\n", &[]);
        let out = text(&output);
        assert!(
            !out.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
            "{out:?}"
        );
    }
}

#[test]
fn commands_and_lists_work_by_line() {
    let lines = "One\n/rename Of Rivers\n/export json\n/resume\n1\n/nonsense\n/quit\nnever read\n";
    let (output, home) = piped("brief.jsonl", lines, &[]);
    let out = text(&output);
    assert!(out.contains("conversations:\n1. Of Rivers"), "{out}");
    assert!(out.contains("warning: there is no command /nonsense"), "{out}");
    assert!(!out.contains("never read"), "{out}");
    let written = std::fs::read_to_string(home.path().join("raif-of-rivers.json")).unwrap();
    assert!(written.contains("The first answer."));
}

#[test]
fn folded_thinking_is_announced_and_not_read_out() {
    let (output, _home) = piped("brief.jsonl", "/fold-thinking\nOne\n", &[]);
    let out = text(&output);
    assert!(out.contains("thinking\nthought for"), "{out}");
    assert!(!out.contains("A short plan."), "{out}");
}

#[test]
fn a_message_that_cannot_be_answered_is_a_failure() {
    let home = tempfile::tempdir().unwrap();
    let output = assert_cmd::Command::cargo_bin("raif")
        .unwrap()
        .args(["--plain", "--model", "/nowhere/none.gguf"])
        .env_clear()
        .env("HOME", home.path())
        .write_stdin("Hello\n")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output).contains("no model: "), "{}", text(&output));
}

#[test]
fn in_a_terminal_lines_are_asked_for_and_escape_sequences_are_not_used() {
    let mut chat = Setup::scripted("brief.jsonl")
        .args(&["--plain"])
        .variable("TERM", "dumb")
        .start();
    chat.until_shows("you:");
    chat.keys("Hello\r");
    let screen = chat.until("the next question", |screen| screen.matches("you:").count() == 2);
    assert!(screen.contains("answer:\nThe first answer."), "{screen}");
    // Ctrl+C twice at rest leaves, as on the screen.
    chat.keys("\x03");
    chat.until_shows("again to quit");
    chat.keys("\x03");
    assert!(chat.ended().success());
    assert!(!chat.raw().contains(&0x1b), "no sequence was sent");
}

#[test]
fn in_a_terminal_an_answer_can_be_stopped() {
    let mut chat = Setup::scripted("endless.jsonl").args(&["--plain"]).start();
    chat.until_shows("you:");
    chat.keys("Think\r");
    chat.until_shows("let me think again");
    chat.keys("/stop\r");
    chat.until_shows("end: stopped");
    chat.keys("/quit\r");
    assert!(chat.ended().success());
}
