//! The chat without a terminal, a model or a disk: events in, state and effects out.

mod compare;
mod edits;
mod ends;
mod reading;
mod steering;
mod waiting;

use super::event::{ModelEvent, Opened, PullEvent};
use super::input::{Input, Key};
use super::keymap::Keymap;
use super::*;
use crate::chat::{Conversation, Finish, Record, Role, Stats, ThinkingEnd, TurnId};
use crate::engine::{self, ModelInfo, Outcome, Reasoning};

/// A chat, its clock and everything it asked for.
pub(super) struct Chat {
    pub(super) state: State,
    pub(super) now: Now,
    pub(super) effects: Vec<Effect>,
}

impl Chat {
    pub(super) fn new() -> Self {
        let state = State::new(Start {
            method: "io".into(),
            methods: vec![
                ("io".into(), "as it is".into()),
                ("cot".into(), "think first".into()),
            ],
            keymap: Keymap::built_in(),
            ..Start::default()
        });
        Self {
            state,
            now: Now::default(),
            effects: Vec::new(),
        }
    }

    pub(super) fn ready() -> Self {
        let mut chat = Self::new();
        chat.model(ModelEvent::Ready(ModelInfo {
            name: "tiny".into(),
            context: 2048,
            reasoning: Reasoning::Opened,
            default_system: None,
            default_sampling: None,
        }));
        chat
    }

    pub(super) fn handle(&mut self, event: Event) {
        self.now.elapsed_ms += 100;
        self.now.wall_ms += 100;
        let effects = self.state.handle(event, self.now);
        self.effects.extend(effects);
    }

    pub(super) fn model(&mut self, event: ModelEvent) {
        self.handle(Event::Model(event));
    }

    pub(super) fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.handle(Event::Input(Input::Key(key.parse::<Key>().unwrap())));
        }
    }

    pub(super) fn write(&mut self, text: &str) {
        self.handle(Event::Input(Input::Paste(text.into())));
    }

    pub(super) fn stream(&mut self, turn: u32, event: engine::Event) {
        self.model(ModelEvent::Stream {
            turn: TurnId(turn),
            event,
        });
    }

    pub(super) fn answer(&mut self, turn: u32, text: &str) {
        self.stream(
            turn,
            engine::Event::Answer {
                text: text.into(),
                tokens: 1,
            },
        );
    }

    pub(super) fn finish(&mut self, turn: u32, finish: Finish) {
        let result = Ok(Outcome {
            finish,
            stats: Stats::default(),
        });
        self.model(ModelEvent::Finished {
            turn: TurnId(turn),
            result,
        });
    }

    /// One whole turn.
    pub(super) fn talk(&mut self, turn: u32, prompt: &str, answer: &str) {
        self.write(prompt);
        self.press("enter");
        self.answer(turn, answer);
        self.finish(turn, Finish::Stop);
    }

    pub(super) fn saved<'a>(&'a self) -> Vec<&'a Record> {
        let record = |e: &'a Effect| match e {
            Effect::Save { record, .. } => Some(record),
            _ => None,
        };
        self.effects.iter().filter_map(record).collect()
    }

    pub(super) fn asked<'a>(&'a self) -> Vec<&'a effect::Ask> {
        let ask = |e: &'a Effect| match e {
            Effect::Generate(asks) => Some(asks),
            _ => None,
        };
        self.effects.iter().filter_map(ask).flatten().collect()
    }
}

#[test]
fn what_is_on_screen_is_the_fold_of_what_was_saved() {
    let mut chat = Chat::ready();
    chat.write("Say hi.");
    chat.press("enter");
    chat.stream(
        0,
        engine::Event::Thinking {
            text: "Let me ".into(),
            tokens: 2,
        },
    );
    chat.stream(
        0,
        engine::Event::Thinking {
            text: "see.".into(),
            tokens: 1,
        },
    );
    chat.stream(0, engine::Event::ThinkingEnded(ThinkingEnd::Model));
    chat.answer(0, "hi");
    chat.finish(0, Finish::Stop);
    chat.talk(1, "And bye.", "bye");

    let mut folded = Conversation::default();
    for record in chat.saved() {
        assert!(folded.apply(record));
    }
    assert_eq!(folded, chat.state.conversation);
    assert_eq!(folded.turns().len(), 2);
    assert_eq!(folded.turns()[0].thinking, "Let me see.");
    assert_eq!(folded.turns()[0].thinking_s, Some(0.2));
}

#[test]
fn old_thinking_is_not_sent_again() {
    let mut chat = Chat::ready();
    chat.write("One");
    chat.press("enter");
    chat.stream(
        0,
        engine::Event::Thinking {
            text: "secret".into(),
            tokens: 1,
        },
    );
    chat.stream(0, engine::Event::ThinkingEnded(ThinkingEnd::Model));
    chat.answer(0, "1");
    chat.finish(0, Finish::Stop);
    chat.write("Two");
    chat.press("enter");
    let sent: Vec<_> = chat.asked()[1]
        .messages
        .iter()
        .map(|m| (m.role, m.content.as_str()))
        .collect();
    assert_eq!(
        sent,
        [(Role::User, "One"), (Role::Assistant, "1"), (Role::User, "Two")]
    );
}

#[test]
fn escape_stops_once_and_the_turn_is_kept() {
    let mut chat = Chat::ready();
    chat.write("Count");
    chat.press("enter");
    chat.answer(0, "1 2");
    chat.press("esc esc");
    assert_eq!(chat.effects.iter().filter(|e| **e == Effect::Stop).count(), 1);
    chat.answer(0, " 3");
    chat.finish(0, Finish::Stopped);
    let turn = chat.state.head().unwrap();
    assert_eq!(
        (turn.answer.as_str(), turn.finish),
        ("1 2 3", Some(Finish::Stopped))
    );
}

#[test]
fn regenerating_and_editing_add_branches_and_lose_nothing() {
    let mut chat = Chat::ready();
    chat.talk(0, "Name one", "A");
    chat.press("ctrl+r");
    chat.answer(1, "B");
    chat.finish(1, Finish::Stop);
    chat.press("alt+e");
    assert_eq!(chat.state.composer.text(), "Name one");
    chat.write(" more");
    chat.press("enter");
    chat.answer(2, "C");
    chat.finish(2, Finish::Stop);

    let answers: Vec<_> = chat
        .state
        .conversation
        .turns()
        .iter()
        .map(|t| t.answer.as_str())
        .collect();
    assert_eq!(answers, ["A", "B", "C"]);
    assert_eq!(chat.state.conversation.siblings(TurnId(0)).len(), 3);
    for shown in ["B", "A", "C"] {
        chat.press("alt+left");
        assert_eq!(chat.state.head().unwrap().answer, shown);
    }
}

#[test]
fn going_to_a_branch_arrives_at_its_newest_turn() {
    let mut chat = Chat::ready();
    chat.talk(0, "a", "1");
    chat.talk(1, "b", "2");
    chat.press("ctrl+r");
    chat.answer(2, "3");
    chat.finish(2, Finish::Stop);
    chat.talk(3, "c", "4");
    chat.press("alt+left");
    assert_eq!(chat.state.head().unwrap().id, TurnId(1));
    chat.press("alt+right");
    assert_eq!(chat.state.head().unwrap().id, TurnId(3));
}

#[test]
fn interrupt_stops_then_clears_then_quits() {
    let mut chat = Chat::ready();
    chat.write("Go");
    chat.press("enter");
    chat.write("draft");
    chat.press("ctrl+c");
    assert!(chat.effects.contains(&Effect::Stop));
    chat.finish(0, Finish::Stopped);
    chat.press("ctrl+c");
    assert!(chat.state.composer.is_empty());
    chat.press("ctrl+c");
    assert!(!chat.effects.contains(&Effect::Quit));
    chat.press("ctrl+c");
    assert!(chat.effects.contains(&Effect::Quit));
    chat.press("up");
    assert_eq!(chat.state.composer.text(), "draft");
}

#[test]
fn a_second_interrupt_long_after_does_not_quit() {
    let mut chat = Chat::ready();
    chat.press("ctrl+c");
    chat.now.elapsed_ms += 10_000;
    chat.press("ctrl+c");
    assert!(!chat.effects.contains(&Effect::Quit));
}

#[test]
fn what_is_typed_after_an_interrupt_takes_it_back() {
    let mut chat = Chat::ready();
    chat.press("ctrl+c");
    chat.write("draft");
    chat.press("ctrl+c");
    chat.press("ctrl+c");
    assert!(
        !chat.effects.contains(&Effect::Quit),
        "the message was cleared, then it is asked again"
    );
    chat.press("ctrl+c");
    assert!(chat.effects.contains(&Effect::Quit));
}

#[test]
fn the_screen_is_drawn_anew_on_request() {
    let mut chat = Chat::ready();
    chat.press("ctrl+l");
    assert!(chat.effects.contains(&Effect::Redraw));
}

#[test]
fn sending_ends_what_was_said_of_the_message() {
    let mut chat = Chat::ready();
    chat.talk(0, "One", "1");
    chat.press("alt+e");
    assert!(chat.state.notice.is_some(), "a new branch");
    chat.press("enter");
    assert!(chat.state.notice.is_none());
    chat.press("alt+left");
    assert!(chat.state.notice.is_some(), "it says why it does not move");
}

#[test]
fn a_stray_stream_of_a_turn_that_is_over_changes_nothing() {
    let mut chat = Chat::ready();
    chat.talk(0, "a", "1");
    chat.answer(0, "late");
    chat.finish(0, Finish::Stop);
    assert_eq!(chat.state.head().unwrap().answer, "1");
}

#[test]
fn thinking_in_circles_is_said_once_and_not_ended() {
    let mut chat = Chat::ready();
    chat.write("Go");
    chat.press("enter");
    let circle = "Wait. Let me go through the whole of the request again and count every single word of it, from the first \
                  to the last, because I may have missed one of them the last time that I went through all of it. ";
    for _ in 0..8 {
        let text = circle.to_owned();
        chat.stream(0, engine::Event::Thinking { text, tokens: 40 });
    }
    let notice = chat
        .state
        .notice
        .as_ref()
        .map(|n| n.text.clone())
        .unwrap_or_default();
    assert!(notice.contains("circles"), "{notice:?}");
    assert!(!chat.effects.contains(&Effect::EndThinking));
    chat.press("up");
    let text = circle.to_owned();
    chat.stream(0, engine::Event::Thinking { text, tokens: 40 });
    assert!(chat.state.notice.is_none());

    chat.finish(0, Finish::Stop);
    chat.write("Again");
    chat.press("enter");
    for _ in 0..8 {
        let text = circle.to_owned();
        chat.stream(1, engine::Event::Thinking { text, tokens: 40 });
    }
    assert!(chat.state.notice.is_some());
    chat.stream(1, engine::Event::ThinkingEnded(ThinkingEnd::Model));
    assert!(
        chat.state.notice.is_none(),
        "its advice can no longer be followed"
    );
}

#[test]
fn a_failed_turn_keeps_its_message_and_the_chat_goes_on() {
    let mut chat = Chat::ready();
    chat.write("a");
    chat.press("enter");
    chat.model(ModelEvent::Finished {
        turn: TurnId(0),
        result: Err("it broke".into()),
    });
    assert_eq!(chat.state.head().unwrap().error.as_deref(), Some("it broke"));
    chat.talk(1, "b", "fine");
    assert_eq!(chat.state.head().unwrap().answer, "fine");
    // A turn without an answer is not part of what the model sees.
    assert_eq!(chat.asked()[1].messages.len(), 1);
}

#[test]
fn a_slash_opens_the_commands_and_runs_one() {
    let mut chat = Chat::ready();
    chat.press("/ n e w");
    let Some(Overlay::Picker(picker)) = &chat.state.overlay else {
        panic!("no palette")
    };
    assert_eq!(picker.chosen().unwrap().id, "new");
    chat.press("enter");
    assert!(chat.state.overlay.is_none());
    // A slash inside a message is a slash.
    chat.write("a");
    chat.press("/");
    assert_eq!(chat.state.composer.text(), "a/");
}

#[test]
fn what_was_typed_after_a_slash_is_not_lost() {
    let mut chat = Chat::ready();
    chat.press("/ a space b esc");
    assert_eq!(chat.state.composer.text(), "/a b");
}

#[test]
fn a_resumed_conversation_goes_on_where_it_was() {
    let mut first = Chat::ready();
    first.talk(0, "Remember 7", "ok");
    let mut second = Chat::ready();
    let conversation = first.state.conversation.clone();
    second.handle(Event::Opened(Box::new(Opened {
        conversation,
        warnings: Vec::new(),
    })));
    second.talk(1, "What was it?", "7");
    assert_eq!(second.asked()[0].messages.len(), 3);
    // Only what is new is saved, to the same transcript.
    assert!(
        !second
            .saved()
            .iter()
            .any(|r| matches!(r, Record::Conversation { .. }))
    );
    assert_eq!(second.state.conversation.id, first.state.conversation.id);
    second.press("up up");
    assert_eq!(second.state.composer.text(), "Remember 7");
}

#[test]
fn panes_stay_where_the_reader_put_them_while_text_arrives() {
    let mut chat = Chat::ready();
    chat.write("Go");
    chat.press("enter");
    let view = |rows, top| Viewport {
        rows,
        height: 10,
        top,
    };
    chat.handle(Event::Drawn(event::Geometry {
        answer: view(50, 40),
        ..Default::default()
    }));
    chat.press("pageup");
    assert_eq!(chat.state.answer_scroll, Scroll::At(32));
    chat.answer(0, "more and more");
    chat.handle(Event::Drawn(event::Geometry {
        answer: view(80, 32),
        ..Default::default()
    }));
    assert_eq!(chat.state.answer_scroll, Scroll::At(32));
}

#[test]
fn turns_that_no_longer_fit_are_told_of_when_they_become_more() {
    let mut chat = Chat::ready();
    let mut told = Vec::new();
    for (turn, left_out) in [(0, 0), (1, 1), (2, 1), (3, 3)] {
        chat.write("next");
        chat.press("enter");
        chat.state.notice = None;
        if left_out > 0 {
            chat.stream(turn, engine::Event::TurnsLeftOut(left_out));
        }
        told.extend(chat.state.notice.take().map(|notice| notice.text));
        chat.answer(turn, "answer");
        let stats = Stats {
            left_out_turns: left_out,
            ..Stats::default()
        };
        chat.model(ModelEvent::Finished {
            turn: TurnId(turn),
            result: Ok(Outcome {
                finish: Finish::Stop,
                stats,
            }),
        });
    }
    assert_eq!(
        told,
        [
            "the first turn no longer fits the context and was left out",
            "the first 3 turns no longer fit the context and were left out"
        ]
    );
}
