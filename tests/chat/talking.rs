//! Talking: sending, streaming, stopping, branching, comparing.

use std::sync::Arc;

use serde_json::Value;

use crate::keys::{ALT_D, ALT_UP, CTRL_R, CTRL_T, ENTER, ESC, PAGE_UP, quit, saved, say};
use crate::support::pty::{Chat, Setup};
use crate::support::test_models;

#[test]
fn a_turn_streams_into_its_panes_and_is_kept() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    chat.until_shows("message");
    say(&mut chat, "Say something in fewer than 50 words.");
    let screen = chat.until_shows("The first answer.");
    assert!(
        screen.contains("A short plan."),
        "the thinking has its own pane:\n{screen}"
    );
    chat.until("the constraint's running value", |s| {
        s.contains("3/49") || s.contains("3/50")
    });
    quit(&mut chat);
    let saved = saved(&chat);
    assert!(saved.contains("The first answer.") && saved.contains("A short plan."));
}

#[test]
fn a_second_turn_and_another_answer_to_it() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    say(&mut chat, "One");
    chat.until("the end of the answer", |s| {
        s.contains("The first answer.") && s.contains("● ready")
    });
    chat.keys(CTRL_R);
    chat.until_shows("The second answer.");
    chat.until("one branch on screen", |s| !s.contains("The first answer."));
    // Alt+Left.
    chat.keys("\x1b[1;3D");
    chat.until_shows("The first answer.");
    quit(&mut chat);
}

#[test]
fn escape_stops_and_what_came_stays() {
    let mut chat = Setup::scripted("lines.jsonl").start();
    say(&mut chat, "Count");
    chat.until_shows("line number 3");
    chat.keys(ESC);
    let screen = chat.until_shows("stopped");
    assert!(screen.contains("line number"), "{screen}");
    quit(&mut chat);
}

#[test]
fn a_reader_who_scrolled_is_not_pulled_back() {
    let mut chat = Setup::scripted("lines.jsonl").start();
    say(&mut chat, "Count");
    chat.until_shows("line number 80");
    chat.keys(PAGE_UP);
    chat.until("the end out of sight", |s| !s.contains("▼ live"));
    let first_seen = |screen: &str| {
        screen
            .lines()
            .find(|l| l.contains("line number"))
            .map(str::to_owned)
    };
    let before = first_seen(&chat.screen());
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(first_seen(&chat.screen()), before);
    quit(&mut chat);
}

#[test]
fn a_key_ends_thinking_that_would_never_end() {
    let mut chat = Setup::scripted("endless.jsonl").start();
    say(&mut chat, "Think");
    chat.until_shows("let me think again");
    chat.keys(CTRL_T);
    chat.until_shows("Here is the answer after all.");
    quit(&mut chat);
}

#[test]
fn a_budget_ends_thinking_by_itself() {
    let mut chat = Setup::scripted("endless.jsonl")
        .args(&["--think-budget", "30"])
        .start();
    say(&mut chat, "Think");
    chat.until_shows("Here is the answer after all.");
    quit(&mut chat);
}

#[test]
fn what_an_earlier_program_left_on_the_screen_is_cleared() {
    let chat = Setup::scripted("brief.jsonl").start();
    let raw = chat.raw();
    let at = |sequence: &[u8]| raw.windows(sequence.len()).position(|w| w == sequence);
    assert!(
        at(b"\x1b[2J").is_some_and(|cleared| at("message".as_bytes()).is_some_and(|drawn| cleared < drawn))
    );
}

#[test]
fn any_size_is_drawn_and_a_storm_of_sizes_is_survived() {
    let mut chat = Setup::scripted("lines.jsonl").size(10, 4).start();
    std::thread::sleep(std::time::Duration::from_millis(200));
    say(&mut chat, "Count");
    for (columns, rows) in [
        (1, 1),
        (10, 4),
        (300, 100),
        (70, 24),
        (3, 50),
        (100, 30),
        (20, 2),
        (140, 40),
    ] {
        for wobble in 0..4 {
            chat.resize(columns + wobble, rows + wobble);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
    chat.resize(140, 40);
    chat.until_shows("line number");
    assert!(chat.is_running());
    quit(&mut chat);
}

#[test]
fn a_megabyte_is_pasted_and_sent_whole() {
    let mut chat = Setup::scripted("brief.jsonl").start();
    chat.until_shows("message");
    let text = "a line of text to be pasted\n".repeat(40_000);
    say(&mut chat, &text);
    // Far more than the context holds: that is said, and nothing of it is lost.
    chat.until_shows("the context is full");
    quit(&mut chat);
    let saved = saved(&chat);
    assert!(saved.matches("to be pasted").count() >= 40_000);
}

#[test]
fn nothing_a_model_writes_reaches_the_terminal_as_a_command() {
    let mut chat = Setup::scripted("hostile.jsonl").start();
    say(&mut chat, "Attack");
    chat.until_shows("end.");
    quit(&mut chat);
    let raw = chat.raw();
    for sequence in [
        &b"\x1b]0;"[..],
        b"\x1b[2J",
        b"\x1b]52",
        "\u{9b}".as_bytes(),
        b"\x07",
    ] {
        // Clearing the screen is something the chat itself may do before its first frame.
        let from = raw.windows(6).position(|w| w == b"Attack").unwrap_or(0);
        assert!(
            !raw[from..].windows(sequence.len()).any(|w| w == sequence),
            "{sequence:?} reached the terminal"
        );
    }
}

#[test]
fn what_is_not_saved_is_said_until_it_is() {
    let setup = Setup::scripted("brief.jsonl");
    let data = setup.home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    // A file where the folder should be.
    std::fs::write(data.join("conversations"), "in the way").unwrap();
    let mut chat = setup
        .variable("RAIF_DATA_DIR", &data.display().to_string())
        .start();
    chat.until_shows("message");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    let is_said = |screen: &str| screen.contains("This conversation is not saved: could not");
    let screen = chat.until("that nothing is saved", is_said);
    assert!(screen.contains("RAIF_DATA_DIR"), "{screen}");
    chat.keys("a key does not make it go");
    let screen = chat.until_shows("a key does not make it go");
    assert!(is_said(&screen), "{screen}");
    std::fs::remove_file(data.join("conversations")).unwrap();
    chat.until_shows("saving works again");
    assert!(!is_said(&chat.screen()), "{}", chat.screen());
    quit(&mut chat);
    let written = std::fs::read_dir(data.join("conversations")).unwrap();
    let written = written
        .flatten()
        .find(|row| row.path().extension().is_some_and(|e| e == "jsonl"));
    let written = std::fs::read_to_string(written.unwrap().path()).unwrap();
    assert!(written.contains("The first answer."), "{written}");
}

#[test]
fn what_could_not_be_saved_to_the_end_is_said_at_the_end() {
    let mut chat = Setup::scripted("brief.jsonl")
        .variable("RAIF_DATA_DIR", "/proc/nowhere")
        .start();
    chat.until_shows("message");
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.until_shows("This conversation is not saved");
    quit(&mut chat);
    assert!(chat.sent(b"raif: this conversation was not saved: could not"));
}

#[test]
fn without_a_terminal_it_says_what_to_use() {
    let output = assert_cmd::Command::cargo_bin("raif")
        .expect("the binary")
        .args(["--script", "tests/scripts/brief.jsonl"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("raif ask"));
}

#[test]
fn the_starter_answers_and_its_answer_is_checked() {
    let Some(starter) = test_models::model(test_models::STARTER) else {
        return;
    };
    let starter = starter.display().to_string();
    let mut chat = Setup::new(&["--model", &starter, "--temperature", "0", "--max-tokens", "60"]).start();
    say(&mut chat, "Name three primary colours. Use fewer than 90 words.");
    chat.until("the end of its answer", |screen| {
        screen.contains("● ready") && screen.contains("tok/s") && screen.contains("/89")
    });
    quit(&mut chat);
    let saved = saved(&chat);
    let records = saved
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let records: Vec<Value> = records.collect();
    let of = |kind: &'static str| records.iter().filter(move |record| record["type"] == kind);
    let answer: String = of("answer")
        .filter_map(|record| record["text"].as_str())
        .collect();
    let end = of("end").next().expect("the turn has ended");
    assert!(
        ["stop", "length"].contains(&end["finish"].as_str().unwrap_or_default()),
        "{end}"
    );
    assert!(
        end["checked"][0]["value"]
            .as_str()
            .is_some_and(|v| v.ends_with("/89 words")),
        "{end}"
    );
    let first_words = answer.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    assert!(first_words.len() > 10, "{answer:?}");
    let home = Arc::clone(chat.home());
    let mut again = Setup::new(&["--model", &starter, "--resume"]).home(&home).start();
    again.until_shows(&first_words);
    quit(&mut again);
}

#[test]
fn an_earlier_turn_is_read_with_its_thinking() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    say(&mut chat, "Two");
    chat.until_shows("Another plan.");
    chat.until_shows("The second answer.");
    chat.keys(ALT_UP);
    let screen = chat.until_shows("A short plan.");
    assert!(
        screen.contains("turn 1 of 2") && !screen.contains("Another plan."),
        "{screen}"
    );
    quit(&mut chat);
}

#[test]
fn the_same_prompt_is_answered_twice_side_by_side() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    say(&mut chat, "One");
    chat.until_shows("The first answer.");
    chat.until_shows("ready");
    chat.keys(ALT_D);
    chat.until_shows("another seed");
    chat.keys(ENTER);
    let screen = chat.until_shows("The second answer.");
    assert!(screen.contains("The first answer."), "{screen}");
    quit(&mut chat);
    let saved = saved(&chat);
    assert!(saved.contains("The first answer.") && saved.contains("The second answer."));
}

#[test]
fn messages_that_wait_are_listed_and_each_is_answered() {
    let mut chat = Setup::scripted("endless.jsonl").size(100, 30).start();
    say(&mut chat, "Think");
    chat.until_shows("let me think again");
    say(&mut chat, "the second message");
    say(&mut chat, "the third message");
    let screen = chat.until_shows("2 messages wait for this answer");
    assert!(screen.contains("… waits  the second message"), "{screen}");
    assert!(screen.contains("… waits  the third message"), "{screen}");
    chat.keys(CTRL_T);
    chat.until_shows("1 message waits");
    chat.keys(ESC);
    let screen = chat.until("the message to come back", |screen| {
        !screen.contains("1 message waits")
    });
    assert!(screen.contains("the third message"), "{screen}");
    chat.until_shows("stopped");
    quit(&mut chat);
    let saved = saved(&chat);
    assert!(saved.contains("the second message") && !saved.contains("the third message"));
}

fn records(saved: &str) -> Vec<Value> {
    let records = saved.lines().map(serde_json::from_str);
    records.map(|record| record.expect("JSON")).collect()
}

/// The answer of a turn, of whose records those of another may stand between.
fn answer_of(records: &[Value], turn: u32) -> String {
    let of_turn = |record: &&Value| record["type"] == "answer" && record["turn"] == turn;
    let answers = records.iter().filter(of_turn);
    answers.filter_map(|record| record["text"].as_str()).collect()
}

/// A message that is answered twice at once, by another seed.
fn ask_twice(chat: &mut Chat, message: &str) {
    chat.until_shows("● ready");
    chat.keys(message);
    chat.keys(ALT_D);
    chat.until_shows("another seed");
    chat.keys(ENTER);
}

#[test]
fn a_message_is_answered_twice_and_both_are_seen() {
    let mut chat = Setup::scripted("brief.jsonl").size(140, 40).start();
    ask_twice(&mut chat, "One");
    chat.until("both answers", |s| {
        s.contains("The first answer.") && s.contains("The second answer.") && s.contains("● ready")
    });
    quit(&mut chat);
    let records = records(&saved(&chat));
    let mut answers = [0, 1].map(|turn| answer_of(&records, turn));
    answers.sort();
    assert_eq!(answers, ["The first answer.", "The second answer."]);
}

#[test]
fn the_starter_writes_two_answers_at_the_same_time() {
    let Some(starter) = test_models::model(test_models::STARTER) else {
        return;
    };
    let starter = starter.display().to_string();
    let arguments = ["--model", &starter, "--seed", "7", "--max-tokens", "40"];
    let mut chat = Setup::new(&arguments).size(140, 40).start();
    ask_twice(&mut chat, "Tell me a long story about a river.");
    chat.until("the end of both", |s| {
        s.contains("● ready") && s.contains("tok/s")
    });
    quit(&mut chat);
    let saved = saved(&chat);
    let records = records(&saved);
    let place = |kind: &str, turn: u32| {
        let found = records
            .iter()
            .position(|record| record["type"] == kind && record["turn"] == turn);
        found.unwrap_or_else(|| panic!("no {kind} of turn {turn}: {saved}"))
    };
    assert!(place("answer", 0) < place("end", 1), "{saved}");
    assert!(place("answer", 1) < place("end", 0), "{saved}");
    assert_ne!(answer_of(&records, 0), answer_of(&records, 1), "another seed");
}
