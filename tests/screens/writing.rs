//! Writing, finding, choosing and selecting, as they look.

use insta::assert_snapshot;
use raif::app::Event;
use raif::app::event::{Geometry, Listed};
use raif::app::input::Input;
use raif::ui::selection;

use crate::states::{Chat, answering, finished};
use crate::terminal::Screen;
use crate::views::{at, sizes};

fn row(id: &str, label: &str, detail: &str) -> Listed {
    Listed {
        id: id.into(),
        label: label.into(),
        detail: detail.into(),
    }
}

#[test]
fn a_long_paste_and_a_file_in_a_message() {
    let mut chat = Chat::ready();
    chat.write("Compare ");
    chat.write(&"一行文字 of a long paste\n".repeat(40_000));
    chat.write(" with ");
    chat.handle(Event::Attached {
        name: "notes/灯笼.md".into(),
        text: "# 太阳能灯笼\n\nUse no commas.\n".into(),
    });
    chat.write("in fewer than 50 words.");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_list_of_files() {
    let mut chat = Chat::ready();
    chat.write("Explain ");
    chat.press("@");
    chat.handle(Event::Files {
        folder: String::new(),
        rows: vec![
            row("src/", "src/", "folder"),
            row("太阳能灯笼.md", "太阳能灯笼.md", "1.2 kB"),
            row("README.md", "README.md", "8.4 kB"),
        ],
    });
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn words_that_are_found() {
    let mut chat = finished();
    chat.press("ctrl+f b u l l e t");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_hit_that_is_read() {
    let mut chat = finished();
    chat.press("ctrl+f l i g h t enter N");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn found_words_and_a_selection_look_their_part_in_every_theme() {
    let mut chat = answering();
    chat.press("ctrl+f f o r enter");
    let mut looks = String::new();
    for theme in ["dark", "light", "mono"] {
        let mut screen = Screen::new(100, 20, theme);
        let drawn = screen.draw(&chat.state);
        chat.handle(Event::Drawn(drawn));
        let (column, row) = (drawn.answer_text.column, drawn.answer_text.row);
        chat.handle(Event::Input(Input::Click {
            column: column + 2,
            row,
        }));
        chat.handle(Event::Input(Input::Drag {
            column: column + 6,
            row: row + 1,
        }));
        screen.draw(&chat.state);
        looks.push_str(&format!("{theme}\n{}\n", screen.looks()));
    }
    assert_snapshot!(looks);
}

#[test]
fn conversations_and_what_one_asks_before_deleting() {
    let mut chat = finished();
    chat.press("ctrl+o");
    chat.handle(Event::Conversations(vec![
        row(
            "a",
            "Name three rivers in Europe.",
            "2 turns · smollm2-135m-instruct · 24 Nov 2026 10:12",
        ),
        row(
            "b",
            "太阳能灯笼",
            "1 turn · raif-deepseek-qwen-7b · 23 Nov 2026 09:20",
        ),
    ]));
    let list = sizes(&mut chat);
    chat.press("down delete");
    assert_snapshot!(format!("{list}\n{}", sizes(&mut chat)));
}

#[test]
fn places_in_all_conversations() {
    let mut chat = finished();
    chat.press("f3 l a m p");
    chat.handle(Event::Found {
        query: "lamp".into(),
        rows: vec![
            row("a", "Solar lantern copy", "3× a lamp that charges by day and"),
            row("b", "太阳能灯笼", "1× 白天充电 the lamp 夜晚发光"),
        ],
    });
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_title_is_typed() {
    let mut chat = finished();
    chat.press("f2 L a n t e r n s");
    assert_snapshot!(at(&mut chat, 100, 30));
    chat.press("enter");
    assert!(at(&mut chat, 100, 30).contains("raif · Lanterns"));
}

#[test]
fn a_chord_waits_for_its_second_key() {
    let mut chat = finished();
    chat.press("tab y");
    assert!(
        at(&mut chat, 100, 30).contains("y …"),
        "{}",
        at(&mut chat, 100, 30)
    );
}

/// Drags over everything from the first cell of one pane to behind its last.
fn dragged(chat: &mut Chat, screen: &mut Screen, from: (u16, u16), to: (u16, u16)) -> String {
    let drawn = screen.draw(&chat.state);
    chat.handle(Event::Drawn(drawn));
    let point = |drawn: &Geometry, (column, row): (u16, u16)| {
        (drawn.answer_text.column + column, drawn.answer_text.row + row)
    };
    let (column, row) = point(&drawn, from);
    chat.handle(Event::Input(Input::Click { column, row }));
    let (column, row) = point(&drawn, to);
    chat.handle(Event::Input(Input::Drag { column, row }));
    let selected = chat.state.selection.expect("a selection");
    selection::text(&chat.state, screen.cache(), &selected)
}

#[test]
fn what_is_selected_is_the_source_without_frames_or_hard_wraps() {
    let answer = "# A heading\n\nA **bold** paragraph that is long enough to be wrapped in a pane of this width, 太阳能灯笼 included.\n\n\
                  * one\n* two\n\n```rust\nfn main() {}\n```\n";
    let mut chat = Chat::ready();
    chat.turn("Say it.", "", answer);
    let mut screen = Screen::new(70, 30, "dark");
    let whole = dragged(&mut chat, &mut screen, (0, 0), (70, 29));
    assert_eq!(whole, format!("Say it.\n\n{}", answer.trim_end()));
    // Rows: you, the prompt, a blank, answer, the heading, a blank, the paragraph on two rows.
    let part = dragged(&mut chat, &mut screen, (2, 6), (13, 7));
    assert!(part.starts_with("bold** paragraph"), "{part}");
    assert!(!part.contains('\n') && part.contains("wrapped"), "{part}");
}

/// Clicks `times` on a cell of the answer, and gives what that selects and how it looks.
fn clicked(
    chat: &mut Chat,
    screen: &mut Screen,
    (column, row): (u16, u16),
    times: usize,
) -> (String, String) {
    let drawn = screen.draw(&chat.state);
    chat.handle(Event::Drawn(drawn));
    chat.wait(1_000);
    for _ in 0..times {
        chat.handle(Event::Input(Input::Click {
            column: drawn.answer_text.column + column,
            row: drawn.answer_text.row + row,
        }));
    }
    let selected = chat.state.selection.expect("a selection");
    let text = selection::text(&chat.state, screen.cache(), &selected);
    screen.draw(&chat.state);
    (text, screen.looks())
}

#[test]
fn two_clicks_select_a_word_and_three_a_line_of_the_source() {
    let answer = "* Charges by day, shines all night and folds flat for any pack that you may carry\n* 太阳能灯笼 don't\n";
    let mut chat = Chat::ready();
    chat.turn("Say it, in two lines\nplease.", "", answer);
    let mut screen = Screen::new(60, 24, "mono");
    // Rows: you, the prompt on two, a blank, answer, the first item on two, the second.
    assert_eq!(clicked(&mut chat, &mut screen, (4, 5), 2).0, "Charges");
    assert_eq!(clicked(&mut chat, &mut screen, (2, 5), 2).0, "Charges");
    assert_eq!(
        clicked(&mut chat, &mut screen, (5, 6), 3).0,
        answer.lines().next().unwrap()
    );
    let wide = clicked(&mut chat, &mut screen, (15, 7), 2);
    assert_eq!(wide.0, "don't");
    assert_eq!(clicked(&mut chat, &mut screen, (0, 2), 3).0, "please.");
    assert_eq!(clicked(&mut chat, &mut screen, (0, 1), 2).0, "Say");
    assert_snapshot!(clicked(&mut chat, &mut screen, (5, 5), 3).1);
}

#[test]
fn messages_that_wait() {
    let mut chat = answering();
    for text in [
        "And now in Chinese.",
        "Shorter, please.",
        "Another one\nof two lines.",
        "The last one.",
    ] {
        chat.write(text);
        chat.press("enter");
    }
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_conversation_that_is_not_saved() {
    let mut chat = finished();
    chat.handle(Event::SaveFailed(
        "could not write the transcript /home/you/.local/share/raif/conversations/0198a3b0.jsonl: the disk is full; free \
         some space or set RAIF_DATA_DIR to a folder elsewhere"
            .into(),
    ));
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_list_of_conversations() {
    let mut chat = Chat::ready();
    chat.press("ctrl+o");
    chat.handle(Event::Conversations(vec![
        row(
            "1",
            "Write a product description for a solar lantern. Use exactly 3 bullet points, no commas",
            "26 Nov 2026 06:40 · 4 turns, 2 branches · raif-deepseek-qwen-7b",
        ),
        row(
            "2",
            "Of Rivers",
            "5 Nov 2026 21:03 · 1 turn · smollm2-135m-instruct",
        ),
    ]));
    let all = [140, 120, 100, 70].map(|columns| at(&mut chat, columns, 20));
    assert_snapshot!(all.concat());
}

#[test]
fn a_warning_that_does_not_fit_the_last_row() {
    let mut chat = Chat::ready();
    chat.handle(Event::Warning(
        "/home/you/.config/raif/config.toml:1: there is no setting \"theme\"; `theme` belongs below the line `[screen]`\n\
         /home/you/.config/raif/config.toml:3: there is no setting \"ui.mouse\"; `mouse` belongs below the line `[screen]`"
            .into(),
    ));
    assert_snapshot!(at(&mut chat, 100, 20));
}
