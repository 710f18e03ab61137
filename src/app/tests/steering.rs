//! Writing and steering: lists, commands, search, the mouse, lines without a screen.

use super::*;
use crate::app::event::{Area, Geometry, Listed};
use crate::app::select::{SelectedPane, Unit};

fn row(id: &str) -> Listed {
    Listed {
        id: id.into(),
        label: id.into(),
        detail: String::new(),
    }
}

fn type_text(chat: &mut Chat, text: &str) {
    for c in text.chars() {
        let code = input::KeyCode::Char(c);
        chat.handle(Event::Input(Input::Key(input::Key::plain(code))));
    }
}

fn notice(chat: &Chat) -> &str {
    chat.state
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

fn picker(chat: &Chat) -> &Picker {
    match &chat.state.overlay {
        Some(Overlay::Picker(picker)) => picker,
        overlay => panic!("no list: {overlay:?}"),
    }
}

#[test]
fn every_command_is_a_key_a_slash_and_a_row_of_the_palette() {
    let mut chat = Chat::ready();
    chat.press("ctrl+p");
    let offered: Vec<_> = picker(&chat).rows().map(|row| row.id.clone()).collect();
    for action in Action::ALL.iter().filter(|action| action.is_command()) {
        assert!(
            offered.iter().any(|id| id == action.name()),
            "{action:?} is not in the palette"
        );
        assert!(
            !chat.state.keymap.keys_of(*action).is_empty(),
            "{action:?} has no key"
        );
    }
}

#[test]
fn a_command_takes_what_follows_its_name() {
    let mut chat = Chat::ready();
    chat.talk(0, "Name three rivers", "Rhine");
    type_text(&mut chat, "/rename Rivers of Europe");
    chat.press("enter");
    assert_eq!(chat.state.conversation.title.as_deref(), Some("Rivers of Europe"));
    assert!(chat.saved().iter().any(|r| matches!(r, Record::Title { .. })));
    type_text(&mut chat, "/export html");
    chat.press("enter");
    assert!(
        chat.effects
            .iter()
            .any(|e| matches!(e, Effect::Export { format, .. } if format == "html"))
    );
    type_text(&mut chat, "/export pdf");
    chat.press("enter");
    assert!(
        notice(&chat).contains("md, html, json, jsonl"),
        "{}",
        notice(&chat)
    );
}

#[test]
fn a_slash_that_is_no_command_becomes_a_message() {
    let mut chat = Chat::ready();
    type_text(&mut chat, "/usr/bin what is it?");
    chat.press("enter");
    assert_eq!(chat.state.composer.text(), "/usr/bin what is it?");
    assert!(chat.asked().is_empty());
    chat.press("enter");
    assert_eq!(chat.asked().len(), 1);
}

#[test]
fn an_alt_key_that_means_nothing_is_escape_and_the_key() {
    let mut chat = Chat::ready();
    chat.write("Go");
    chat.press("enter");
    chat.answer(0, "1");
    chat.press("ctrl+alt+q");
    assert!(chat.effects.contains(&Effect::Stop));
    assert!(chat.effects.contains(&Effect::Quit));
    // What the keymap or the editor knows stays what it is.
    let mut chat = Chat::ready();
    chat.write("one two");
    chat.press("alt+b");
    chat.write("x");
    assert_eq!(chat.state.composer.text(), "one xtwo");
}

#[test]
fn undo_brings_back_what_was_deleted() {
    let mut chat = Chat::ready();
    chat.write("one two");
    chat.press("ctrl+w ctrl+/");
    assert_eq!(chat.state.composer.text(), "one two");
    chat.press("alt+u");
    assert_eq!(chat.state.composer.text(), "one ");
}

#[test]
fn undo_takes_back_a_word_at_a_time() {
    let mut chat = Chat::ready();
    for letter in "hällo wörld, zwei".split("") {
        chat.press(if letter == " " { "space" } else { letter });
    }
    let mut steps = Vec::new();
    for _ in 0..6 {
        chat.press("ctrl+/");
        steps.push(chat.state.composer.text());
    }
    assert_eq!(
        steps,
        ["hällo wörld, ", "hällo wörld,", "hällo ", "hällo", "", ""]
    );
    for _ in 0..3 {
        chat.press("alt+u");
    }
    assert_eq!(chat.state.composer.text(), "hällo wörld,");
    // Letters that went are another word than letters that came.
    chat.press("backspace backspace ctrl+/");
    assert_eq!(chat.state.composer.text(), "hällo wörld,");
}

#[test]
fn what_was_sent_and_what_was_not_is_kept_for_later_sessions() {
    let mut chat = Chat::ready();
    chat.handle(Event::History(vec!["from yesterday".into()]));
    chat.talk(0, "sent", "ok");
    chat.write("not sent");
    chat.press("ctrl+q");
    let kept: Vec<_> = chat
        .effects
        .iter()
        .filter_map(|e| match e {
            Effect::Remember { text } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(kept, ["sent", "not sent"]);
    chat.press("up up up");
    assert_eq!(chat.state.composer.text(), "from yesterday");
}

#[test]
fn an_at_sign_opens_the_files_and_one_is_attached() {
    let mut chat = Chat::ready();
    chat.write("Explain ");
    type_text(&mut chat, "@src");
    assert!(chat.effects.contains(&Effect::ListFiles {
        folder: String::new()
    }));
    chat.handle(Event::Files {
        folder: String::new(),
        rows: vec![row("src/"), row("README.md")],
    });
    chat.press("tab");
    assert!(chat.effects.contains(&Effect::ListFiles {
        folder: "src/".into()
    }));
    chat.handle(Event::Files {
        folder: "src/".into(),
        rows: vec![row("src/lib.rs"), row("src/main.rs")],
    });
    type_text(&mut chat, "main");
    chat.press("enter");
    assert!(chat.effects.contains(&Effect::ReadFile {
        path: "src/main.rs".into()
    }));
    chat.handle(Event::Attached {
        name: "src/main.rs".into(),
        text: "Use no commas.\n".into(),
    });
    chat.write("in fewer than 50 words");
    assert_eq!(
        chat.state.composer.text(),
        "Explain [src/main.rs, 1 line] in fewer than 50 words"
    );
    assert_eq!(
        chat.state.draft.constraints.len(),
        1,
        "{:?}",
        chat.state.draft.constraints
    );
    chat.press("enter");
    let sent = &chat.asked()[0].messages[0].content;
    assert!(
        sent.ends_with("src/main.rs:\n```rs\nUse no commas.\n```"),
        "{sent}"
    );
    assert_eq!(chat.state.listed().0.constraints.len(), 1);
}

#[test]
fn an_at_sign_that_is_text_stays_text() {
    let mut chat = Chat::ready();
    type_text(&mut chat, "mail me@home or @alice ");
    assert_eq!(chat.state.composer.text(), "mail me@home or @alice ");
    type_text(&mut chat, "@bob");
    chat.press("esc");
    assert_eq!(chat.state.composer.text(), "mail me@home or @alice @bob");
}

#[test]
fn a_search_goes_through_the_conversation_and_back_to_where_one_was() {
    let mut chat = Chat::ready();
    chat.talk(0, "Name a river", "The Rhine is a RIVER.");
    chat.talk(1, "And another", "The Rhône river");
    chat.press("ctrl+f");
    type_text(&mut chat, "river");
    let places = |chat: &Chat| {
        let search = chat.state.search.as_ref().expect("a search");
        (search.at, search.hits.len())
    };
    assert_eq!(places(&chat), (2, 3));
    chat.press("down");
    assert_eq!(places(&chat), (0, 3));
    chat.press("enter n");
    assert_eq!(places(&chat), (1, 3));
    assert_eq!(chat.state.focus, Focus::Answer);
    chat.press("N N");
    assert_eq!(places(&chat), (2, 3));
    chat.press("esc");
    assert!(chat.state.search.is_none());
    chat.press("i ctrl+f");
    type_text(&mut chat, "danube");
    chat.press("enter");
    assert!(chat.state.search.is_none() && notice(&chat).contains("danube"));
    assert_eq!(chat.state.focus, Focus::Composer);
}

#[test]
fn hits_follow_an_answer_that_grows() {
    let mut chat = Chat::ready();
    chat.write("Go");
    chat.press("enter");
    chat.answer(0, "one wo");
    chat.press("ctrl+f");
    type_text(&mut chat, "word");
    assert_eq!(chat.state.search.as_ref().map(|s| s.hits.len()), Some(0));
    chat.answer(0, "rd and a word");
    assert_eq!(chat.state.search.as_ref().map(|s| s.hits.len()), Some(2));
}

#[test]
fn a_place_in_another_conversation_is_opened_and_shown() {
    let mut other = Chat::ready();
    other.talk(0, "Name a river", "The Rhine");
    let mut chat = Chat::ready();
    chat.press("f3");
    type_text(&mut chat, "rhine");
    assert!(chat.effects.contains(&Effect::Find {
        query: "rhine".into()
    }));
    let id = other.state.conversation.id.clone();
    // What was asked for before is not shown for what is asked for now.
    chat.handle(Event::Found {
        query: "rhin".into(),
        rows: vec![row("wrong")],
    });
    chat.handle(Event::Found {
        query: "rhine".into(),
        rows: vec![row(&id)],
    });
    chat.press("enter");
    assert!(chat.effects.contains(&Effect::Open { id }));
    chat.handle(Event::Opened(Box::new(Opened {
        conversation: other.state.conversation.clone(),
        warnings: Vec::new(),
    })));
    let search = chat.state.search.as_ref().expect("a search");
    assert_eq!((search.query.as_str(), search.hits.len()), ("rhine", 1));
}

#[test]
fn a_conversation_is_deleted_only_after_asking() {
    let mut chat = Chat::ready();
    chat.talk(0, "a", "b");
    let id = chat.state.conversation.id.clone();
    for (answer, deletes) in [("enter", false), ("down enter", true)] {
        chat.press("ctrl+o");
        chat.handle(Event::Conversations(vec![row(&id)]));
        chat.press("delete");
        assert_eq!(picker(&chat).kind, PickerKind::ConfirmDelete);
        chat.press(answer);
        assert_eq!(chat.effects.contains(&Effect::Delete { id: id.clone() }), deletes);
    }
    chat.handle(Event::Deleted { id });
    assert!(chat.state.head().is_none());
    assert_eq!(chat.state.conversation, Conversation::default());
}

#[test]
fn of_several_code_blocks_one_is_chosen() {
    let mut chat = Chat::ready();
    chat.talk(0, "code", "```sh\nls\n```\n\n```rust\nfn main() {}\n```\n");
    chat.press("alt+k down enter");
    let copied = |chat: &Chat| {
        chat.effects.iter().rev().find_map(|e| match e {
            Effect::Copy { text, .. } => Some(text.clone()),
            _ => None,
        })
    };
    assert_eq!(copied(&chat).as_deref(), Some("ls"));
    chat.press("alt+k enter");
    assert_eq!(copied(&chat).as_deref(), Some("fn main() {}"));
    // A chord of a pane.
    chat.press("tab y y");
    assert!(copied(&chat).is_some_and(|text| text.starts_with("code\n\n```sh")));
}

#[test]
fn a_drag_selects_in_its_pane_and_a_release_copies() {
    let mut chat = Chat::ready();
    chat.talk(0, "a", "b");
    let text = Area {
        column: 2,
        row: 1,
        columns: 40,
        rows: 10,
    };
    chat.handle(Event::Drawn(Geometry {
        answer: Viewport {
            rows: 30,
            height: 10,
            top: 20,
        },
        answer_area: Area {
            column: 0,
            row: 0,
            columns: 44,
            rows: 12,
        },
        answer_text: text,
        ..Geometry::default()
    }));
    let at = |column, row| Input::Drag { column, row };
    chat.handle(Event::Input(Input::Click { column: 5, row: 2 }));
    chat.handle(Event::Input(at(9, 4)));
    let selection = chat.state.selection.expect("a selection");
    let (from, to) = selection.ends();
    assert_eq!((from.row, from.column, to.row, to.column), (21, 3, 23, 7));
    assert_eq!(selection.pane, SelectedPane::Answer);
    // Above the pane it scrolls, and the selection stays in the pane.
    chat.handle(Event::Input(at(60, 0)));
    assert_eq!(chat.state.answer_scroll, Scroll::At(18));
    chat.handle(Event::Input(Input::Release));
    assert!(matches!(chat.effects.last(), Some(Effect::CopySelection(_))));
    // A click alone selects nothing.
    chat.effects.clear();
    chat.handle(Event::Input(Input::Click { column: 5, row: 2 }));
    chat.handle(Event::Input(Input::Release));
    assert!(chat.effects.is_empty() && chat.state.selection.is_none());
}

#[test]
fn clicks_that_belong_together_select_a_word_then_a_line() {
    let mut chat = Chat::ready();
    chat.talk(0, "a", "b");
    let area = Area {
        column: 0,
        row: 0,
        columns: 40,
        rows: 10,
    };
    chat.handle(Event::Drawn(Geometry {
        answer: Viewport {
            rows: 10,
            height: 10,
            top: 0,
        },
        answer_area: area,
        answer_text: area,
        ..Geometry::default()
    }));
    let mut click = |column, wait: u64| {
        chat.now.elapsed_ms += wait;
        chat.handle(Event::Input(Input::Click { column, row: 2 }));
        chat.effects.clear();
        let unit = chat.state.selection.expect("a selection").unit;
        chat.handle(Event::Input(Input::Release));
        let copies = chat.effects.iter().any(|e| matches!(e, Effect::CopySelection(_)));
        assert_eq!(copies, unit != Unit::Cell);
        unit
    };
    assert_eq!(click(5, 0), Unit::Cell);
    assert_eq!(click(5, 0), Unit::Word);
    assert_eq!(click(5, 0), Unit::Line);
    assert_eq!(click(5, 0), Unit::Cell, "and from the beginning");
    assert_eq!(click(9, 0), Unit::Cell, "another place");
    assert_eq!(click(9, 1000), Unit::Cell, "too late");
    assert_eq!(click(9, 0), Unit::Word);
}

#[test]
fn ctrl_u_clears_to_the_start_of_the_line_as_in_a_shell() {
    let mut chat = Chat::ready();
    chat.write("first line\nsecond line");
    chat.press("ctrl+u");
    assert_eq!(chat.state.composer.text(), "first line\n");
    chat.press("ctrl+/");
    assert_eq!(chat.state.composer.text(), "first line\nsecond line");
    chat.press("home right right ctrl+u");
    assert_eq!(chat.state.composer.text(), "first line\ncond line");
    for undo in ["ctrl+_", "ctrl+7"] {
        chat.press("end ctrl+u");
        chat.press(undo);
        assert_eq!(chat.state.composer.text(), "first line\ncond line", "{undo}");
    }
}

#[test]
fn the_mouse_can_be_left_to_the_terminal_at_any_time() {
    let mut chat = Chat::ready();
    type_text(&mut chat, "/mouse");
    chat.press("enter");
    assert!(chat.effects.contains(&Effect::UseMouse(true)));
    chat.press("alt+i");
    assert!(chat.effects.contains(&Effect::UseMouse(false)));
}

#[test]
fn somebody_who_looks_elsewhere_is_told_of_a_long_answer_only() {
    let mut chat = Chat::ready();
    let bell = effect::Notify {
        bell: true,
        desktop: false,
    };
    chat.state.notify = bell;
    chat.talk(0, "short", "1");
    assert!(!chat.effects.contains(&Effect::Notify(bell)));
    chat.write("long");
    chat.press("enter");
    chat.now.elapsed_ms += 12_000;
    chat.finish(1, Finish::Stop);
    assert!(chat.effects.contains(&Effect::Notify(bell)));
}

#[test]
fn lines_are_messages_commands_and_answers_to_lists() {
    let mut chat = Chat::ready();
    let mut say = |line: &str| chat.handle(Event::Line(line.into()));
    say("one \\");
    say("two");
    assert_eq!(chat.asked()[0].messages[0].content, "one \ntwo");
    chat.answer(0, "ok");
    chat.finish(0, Finish::Stop);
    chat.handle(Event::Line("//not a command".into()));
    assert_eq!(chat.asked()[1].messages[2].content, "/not a command");
    chat.finish(1, Finish::Stop);
    chat.handle(Event::Line("/nonsense".into()));
    assert!(notice(&chat).contains("/nonsense"));
    chat.handle(Event::Line("/method".into()));
    chat.handle(Event::Line("9".into()));
    assert!(notice(&chat).contains("number"));
    chat.handle(Event::Line("2".into()));
    assert_eq!(chat.state.method, "cot");
    chat.handle(Event::Line("/method io".into()));
    assert_eq!(chat.state.method, "io");
    chat.handle(Event::Line("/rename".into()));
    chat.handle(Event::Line("A title".into()));
    assert_eq!(chat.state.conversation.title.as_deref(), Some("A title"));
}
