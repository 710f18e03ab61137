//! Leaving in every way, and what is there when one comes back.

use std::io::Read;
use std::time::{Duration, Instant};

use portable_pty::{PtySize, native_pty_system};

use crate::keys::{ALT_T, CTRL_C, CTRL_Q, SHIFT_TAB, UP, quit, saved, say};
use crate::support::pty::{Chat, Setup};

/// Another chat that goes on with the conversation of one that is over.
fn resumed(chat: &Chat) -> Chat {
    let again = Setup::scripted("brief.jsonl").size(140, 40).home(chat.home());
    again.args(&["--resume"]).start()
}

#[test]
fn a_killed_chat_is_resumed_with_what_it_had() {
    let mut chat = Setup::scripted("lines.jsonl").start();
    say(&mut chat, "Count, please");
    chat.until_shows("line number 30");
    chat.kill();
    let mut again = resumed(&chat);
    again.until_shows("interrupted");
    let screen = again.screen();
    assert!(screen.contains("line number 20"), "{screen}");
    say(&mut again, "Go on");
    again.until_shows("The first answer.");
    quit(&mut again);
    assert_eq!(again.transcripts().len(), 1, "the same transcript goes on");
}

#[test]
fn a_program_that_is_told_to_end_saves_and_gives_the_terminal_back() {
    for signal in [rustix::process::Signal::TERM, rustix::process::Signal::HUP] {
        let mut chat = Setup::scripted("lines.jsonl").start();
        say(&mut chat, "Count");
        chat.until_shows("line number 3");
        chat.signal(signal);
        chat.ended();
        assert!(chat.sent(b"\x1b[?1049l"), "the terminal was given back");
        let saved = saved(&chat);
        assert!(
            saved.contains("line number 3") && saved.contains(r#""finish":"stopped""#),
            "{saved}"
        );
    }
}

/// A terminal that does not control the program, as under some launchers, sends no signal when it goes.
#[test]
fn a_terminal_that_goes_without_a_word_ends_it() {
    let setup = Setup::scripted("brief.jsonl");
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = setup.command();
    command.set_controlling_tty(false);
    let mut raif = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut output = pair.master.try_clone_reader().unwrap();
    assert!(output.read(&mut [0; 100]).unwrap() > 0, "it draws");
    drop((output, pair.master));
    let begun = Instant::now();
    while raif.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(60) {
            raif.kill().unwrap();
            panic!("it runs on without a terminal");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn it_can_be_left_in_every_state() {
    for (script, keys) in [
        ("brief.jsonl", ""),
        ("brief.jsonl", "half a message"),
        ("lines.jsonl", "Count\r"),
        ("endless.jsonl", "Think\r"),
        ("brief.jsonl", "\x1bOP"),
        ("brief.jsonl", "/"),
    ] {
        let mut chat = Setup::scripted(script).start();
        chat.until_shows("message");
        chat.keys(keys);
        std::thread::sleep(Duration::from_millis(100));
        quit(&mut chat);
    }
}

#[test]
fn interrupting_twice_at_rest_leaves() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("message");
    chat.keys(CTRL_C);
    chat.until_shows("again to quit");
    chat.keys(CTRL_C);
    assert!(chat.ended().success());
}

#[test]
fn a_requirement_changed_by_hand_is_there_after_a_resume() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    say(&mut chat, "Say something in fewer than 50 words, without commas.");
    chat.until_shows("The first answer.");
    chat.until_shows("ready");
    chat.keys(SHIFT_TAB);
    chat.keys("d");
    chat.until_shows("dropped");
    quit(&mut chat);
    let mut again = resumed(&chat);
    again.until_shows("dropped");
    quit(&mut again);
    let shown = assert_cmd::Command::cargo_bin("raif")
        .expect("the binary")
        .args(["sessions", "show"])
        .env_clear()
        .env("HOME", chat.home().path())
        .output()
        .expect("it runs");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("dropped by hand"), "{shown}");
}

#[test]
fn folded_thinking_is_remembered() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.keys(ALT_T);
    chat.until("no thinking", |s| {
        !s.contains("A short plan.") && s.contains("thought")
    });
    quit(&mut chat);
    let mut again = resumed(&chat);
    let screen = again.until_shows("The first answer.");
    assert!(
        !screen.contains("A short plan.") && screen.contains("thought"),
        "{screen}"
    );
    quit(&mut again);
}

#[test]
fn a_message_that_waited_is_in_the_history_of_the_next_session_and_that_is_said() {
    let by_key = |chat: &mut Chat| chat.keys(CTRL_Q);
    let by_signal = |chat: &mut Chat| chat.signal(rustix::process::Signal::TERM);
    let ways: [&dyn Fn(&mut Chat); 2] = [&by_key, &by_signal];
    for leave in ways {
        let mut chat = Setup::scripted("endless.jsonl").start();
        say(&mut chat, "Think");
        chat.until_shows("let me think again");
        say(&mut chat, "and then this");
        chat.until_shows("and then this");
        leave(&mut chat);
        chat.ended();
        assert!(
            chat.sent("the message that waited was not sent".as_bytes()),
            "{}",
            chat.screen()
        );
        assert!(!saved(&chat).contains("and then this"));
        let mut again = Setup::scripted("brief.jsonl").home(chat.home()).start();
        again.until_shows("● ready");
        again.keys(UP);
        again.until_shows("and then this");
        quit(&mut again);
    }
}

#[test]
fn a_light_background_is_answered_with_the_light_theme_and_typed_nowhere() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("● ready");
    assert!(chat.sent(b"\x1b]11;?\x1b\\"));
    chat.keys("a\x1b]11;rgb:ffff/ffff/fafa\x1b\\b");
    chat.until_shows("ab");
    assert!(!chat.screen().contains("rgb"), "{}", chat.screen());
    chat.keys("\x1bl");
    chat.until("the theme in use", |screen| {
        screen
            .lines()
            .any(|line| line.contains("light") && line.contains("in use"))
    });
    // A theme that was set is not asked about.
    let chat = Setup::scripted("brief.jsonl")
        .variable("RAIF_SCREEN_THEME", "dark")
        .start();
    chat.until_shows("● ready");
    assert!(!chat.sent(b"\x1b]11"));
}

#[test]
fn a_conversation_of_another_model_says_who_goes_on() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    quit(&mut chat);
    let other = chat.home().path().join("other.jsonl");
    std::fs::write(
        &other,
        "{\"type\": \"model\", \"name\": \"other\"}\n{\"type\": \"text\", \"text\": \"Hello.\"}\n",
    )
    .unwrap();
    let other = other.display().to_string();
    let mut again = Setup::new(&["--script", &other, "--resume"])
        .home(chat.home())
        .start();
    again.until_shows("scripted answered until now; other goes on");
    quit(&mut again);
}
