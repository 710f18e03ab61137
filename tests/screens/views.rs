use insta::assert_snapshot;
use raif::app::event::{Listed, ModelEvent, PullEvent};
use raif::app::{Event, Scroll};
use raif::chat::Finish;

use crate::states::{ANSWER, Chat, PROMPT, THINKING, answering, finished, thinking};
use crate::terminal::Screen;

const SIZES: [(u16, u16); 3] = [(140, 40), (100, 30), (70, 24)];

/// The state at the three sizes, as text.
pub fn sizes(chat: &mut Chat) -> String {
    let mut text = String::new();
    for (columns, rows) in SIZES {
        text.push_str(&at(chat, columns, rows));
        text.push('\n');
    }
    text
}

pub fn at(chat: &mut Chat, columns: u16, rows: u16) -> String {
    let mut screen = Screen::new(columns, rows, "dark");
    let geometry = screen.draw(&chat.state);
    chat.handle(Event::Drawn(geometry));
    screen.draw(&chat.state);
    screen.text()
}

#[test]
fn first_run() {
    let mut chat = Chat::new();
    chat.model(ModelEvent::Missing {
        starter: "SmolLM2-135M-Instruct".into(),
        about: "98 MB, Apache-2.0".into(),
    });
    chat.pull(PullEvent::Note(
        "hub: no answer after 3 s; trying the package mirror".into(),
    ));
    chat.pull(PullEvent::Progress {
        done: 68_000_000,
        total: 98_000_000,
        bytes_per_s: 31_000_000,
    });
    chat.write("Hello");
    chat.press("enter");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn ready_for_the_first_message() {
    assert_snapshot!(sizes(&mut Chat::ready()));
}

#[test]
fn no_model_and_why() {
    let mut chat = Chat::new();
    let message = "the model /models/broken.gguf cannot be loaded: it ends after 12 bytes, in the middle of its header; \
                   delete it and fetch it again with `raif models pull`";
    chat.model(ModelEvent::LoadFailed {
        message: message.into(),
    });
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn thinking_live() {
    assert_snapshot!(sizes(&mut thinking()));
}

#[test]
fn answering_live_with_a_broken_constraint() {
    assert_snapshot!(sizes(&mut answering()));
}

#[test]
fn past_turns_tables_and_code_in_several_scripts() {
    assert_snapshot!(sizes(&mut finished()));
}

#[test]
fn the_conversation_from_its_beginning() {
    let mut chat = finished();
    chat.state.answer_scroll = Scroll::At(0);
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn thinking_folded() {
    let mut chat = answering();
    chat.press("alt+t");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_selected_constraint() {
    let mut chat = answering();
    chat.press("tab tab tab down enter");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_zoomed_pane() {
    let mut chat = answering();
    chat.press("tab z");
    assert_snapshot!(at(&mut chat, 100, 30));
}

#[test]
fn no_sidebar() {
    let mut chat = answering();
    chat.press("alt+s");
    assert_snapshot!(at(&mut chat, 140, 40));
}

#[test]
fn help() {
    let mut chat = finished();
    chat.press("f1");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_command_palette() {
    let mut chat = finished();
    chat.press("ctrl+p c o p y");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_list_of_models() {
    let mut chat = Chat::ready();
    chat.press("alt+m");
    let row = |id: &str, detail: &str| Listed {
        id: id.into(),
        label: id.into(),
        detail: detail.into(),
    };
    chat.handle(Event::Models(vec![
        row(
            "raif-deepseek-qwen-7b",
            "7.6 B · Q4_K_M · 4.7 GB · reasons · on this machine",
        ),
        row("smollm2-135m-instruct", "135 M · Q4_1 · 98 MB · on this machine"),
        row(
            "pull qwen3-4b",
            "4.0 B · Q4_K_M · 2.5 GB · reasons when it wants to",
        ),
    ]));
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_first_run_that_came_to_nothing() {
    let mut chat = Chat::new();
    chat.model(ModelEvent::Missing {
        starter: "SmolLM2-135M-Instruct".into(),
        about: "98 MB, Apache-2.0".into(),
    });
    chat.pull(PullEvent::Failed(
        "SmolLM2-135M-Instruct could not be fetched (hub: it cannot be reached; package mirror: there is no pip)".into(),
    ));
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn an_answer_that_was_stopped_before_it_began() {
    let mut chat = Chat::ready();
    chat.send(PROMPT);
    chat.think("The user wants a lantern text.");
    chat.finish(Finish::Stopped);
    chat.press("tab tab tab");
    let selected = sizes(&mut chat);
    chat.press("alt+v");
    assert_snapshot!(format!("{selected}{}", at(&mut chat, 120, 30)));
}

#[test]
fn names_stay_readable_in_the_narrowest_sidebar() {
    let mut chat = Chat::ready();
    chat.turn(
        "Write exactly 3 bullet points in fewer than 100 words. Do not use the words plant, garden or tomato 番茄. End with \
         \"Light your way.\" Mention photosynthesis at least 2 times. Use a friendly tone.",
        "Three bullets.",
        "* A garden with a tomato\n* and a plant\n",
    );
    assert_snapshot!(format!("{}{}", at(&mut chat, 120, 30), at(&mut chat, 100, 20)));
}

#[test]
fn an_answer_that_failed() {
    let mut chat = Chat::ready();
    chat.send(PROMPT);
    chat.fail("the prompt is 9000 tokens and the context holds 8192: shorten it, start a new conversation, or raise --ctx");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn stopped_on_a_second_branch() {
    let mut chat = Chat::ready();
    chat.turn(PROMPT, THINKING, ANSWER);
    chat.press("ctrl+r");
    chat.think("Again, from the beginning.");
    chat.finish(Finish::Stopped);
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_long_message_being_written() {
    let mut chat = finished();
    chat.write("A first line that is long enough to wrap on the narrow screen but not on the others, 是不是？\n\nand\nfour\nmore\nlines\n");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn themes_differ_in_looks_only() {
    assert_snapshot!(looks(&answering()));
}

/// The looks of the state in every theme; the text is the same in all of them.
pub fn looks(chat: &Chat) -> String {
    let mut looks = String::new();
    let mut texts = Vec::new();
    for theme in ["dark", "light", "high-contrast", "mono"] {
        let mut screen = Screen::new(140, 24, theme);
        screen.draw(&chat.state);
        looks.push_str(&format!("{theme}\n{}\n", screen.looks()));
        texts.push(screen.text());
    }
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
    looks
}

#[test]
fn every_size_is_drawn() {
    for chat in [&mut Chat::new(), &mut thinking(), &mut finished()] {
        for keys in [
            "",
            "tab",
            "tab",
            "tab",
            "alt+up",
            "ctrl+p",
            "esc f1",
            "esc alt+v",
            "esc alt+d",
            "enter",
        ] {
            chat.press(keys);
            for (columns, rows) in [
                (1, 1),
                (2, 3),
                (10, 4),
                (24, 9),
                (23, 30),
                (200, 3),
                (80, 8),
                (119, 10),
            ] {
                let mut screen = Screen::new(columns, rows, "dark");
                let geometry = screen.draw(&chat.state);
                chat.handle(Event::Drawn(geometry));
            }
        }
    }
}

#[test]
fn a_small_terminal_still_talks() {
    assert_snapshot!(at(&mut answering(), 10, 4));
}

#[test]
fn the_cursor_is_at_the_caret() {
    let mut chat = Chat::ready();
    chat.write("你好 e\u{301} 👩‍💻");
    let mut screen = Screen::new(100, 30, "dark");
    screen.draw(&chat.state);
    // Two cells of frame, then 2 + 2 + 1 + 1 + 1 + 2 cells of text.
    assert_eq!(screen.emulator().cursor_position(), (27, 2 + 9));
    assert!(!screen.emulator().hide_cursor());
    // Over the three characters of the emoji, and the space.
    chat.press("left left left left");
    screen.draw(&chat.state);
    let (_, column) = screen.emulator().cursor_position();
    assert!(column < 2 + 9, "{column}");
    chat.press("tab");
    screen.draw(&chat.state);
    assert!(screen.emulator().hide_cursor(), "nothing is typed into a pane");
}

#[test]
fn what_stands_behind_a_cluster_is_sent_with_every_frame() {
    let mut chat = Chat::ready();
    chat.turn("👩‍👩‍👧‍👦 behind", "", "No family is wide.");
    let mut screen = Screen::new(100, 30, "dark");
    screen.draw(&chat.state);
    let before = screen.sent().len();
    chat.write("x");
    screen.draw(&chat.state);
    let sent = String::from_utf8(screen.sent()[before..].to_vec()).unwrap();
    assert!(sent.contains("behind"), "{sent:?}");
    assert!(!sent.contains("wide"), "only those rows: {sent:?}");
    // A terminal that gives the family eight cells has its row right all the same.
    let text = screen.text();
    let row = text
        .lines()
        .find(|row| row.starts_with('│') && row.contains("behind"))
        .unwrap();
    assert!(row.ends_with('│'), "{row:?}");
}

#[test]
fn nothing_from_a_model_or_a_user_steers_the_terminal() {
    let evil = "a\u{1b}[2Jb\u{1b}]0;title\u{7}c\u{9b}31md\u{202e}e\rf\u{8}g";
    let mut chat = Chat::ready();
    chat.turn(evil, evil, evil);
    chat.write(evil);
    let mut screen = Screen::new(140, 40, "dark");
    screen.draw(&chat.state);
    let text = screen.text();
    let sent = String::from_utf8(screen.sent()).unwrap();
    for steering in [
        "\u{1b}]",
        "\u{1b}[2J",
        "\u{7}",
        "\u{8}",
        "\u{9b}",
        "\u{202e}",
        "\r",
    ] {
        assert!(!sent.contains(steering), "{steering:?} was sent");
    }
    assert!(
        text.contains("answer") && text.contains("message"),
        "the screen is whole:\n{text}"
    );
}

#[test]
fn a_new_width_keeps_the_place() {
    let mut chat = Chat::ready();
    let answer: String = (1..=200)
        .map(|n| format!("Paragraph number {n} says that it is number {n} of many.\n\n"))
        .collect();
    chat.turn("Write a lot.", "", &answer);
    let mut wide = Screen::new(140, 40, "dark");
    chat.handle(Event::Drawn(wide.draw(&chat.state)));
    chat.press("tab pageup pageup pageup");
    wide.draw(&chat.state);
    let before = first_paragraph(&wide.text());
    let mut narrow = wide.resized(60, 40);
    chat.handle(Event::Drawn(narrow.draw(&chat.state)));
    assert_eq!(first_paragraph(&narrow.text()), before);
    narrow.draw(&chat.state);
    assert_eq!(first_paragraph(&narrow.text()), before, "and the next frame");
    let mut wide = narrow.resized(140, 40);
    wide.draw(&chat.state);
    assert_eq!(first_paragraph(&wide.text()), before, "and back");
}

/// The number of the first paragraph in view.
fn first_paragraph(text: &str) -> u32 {
    let after = text
        .split("Paragraph number ")
        .nth(1)
        .expect("a paragraph is in view");
    after.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn a_reader_who_scrolled_up_is_left_alone() {
    let mut chat = answering();
    chat.answer(&"\nOne more line.\n".repeat(60));
    let mut screen = Screen::new(140, 24, "dark");
    chat.handle(Event::Drawn(screen.draw(&chat.state)));
    chat.press("tab tab pageup");
    let seen = |screen: &Screen| {
        screen
            .text()
            .lines()
            .skip(2)
            .take(10)
            // Without the constraints, whose counts go on.
            .map(|line| line.chars().take(100).collect::<String>())
            .collect::<Vec<_>>()
    };
    screen.draw(&chat.state);
    let before = seen(&screen);
    chat.answer(&"\nAnd more.\n".repeat(30));
    chat.handle(Event::Drawn(screen.draw(&chat.state)));
    assert_eq!(seen(&screen), before);
    assert!(screen.text().contains("▼ "), "what is below is counted");
    chat.press("G");
    screen.draw(&chat.state);
    assert!(screen.text().contains("▼ live"));
}
