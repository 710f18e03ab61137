//! How turns, models and the chat itself end, and what is said of it.

use super::*;
use crate::app::input::Input;
use crate::constraints::Verdict;

const ASKS: &str = "Write exactly 3 bullet points, no commas.";

fn ready(name: &str) -> ModelEvent {
    ModelEvent::Ready(ModelInfo {
        name: name.into(),
        context: 2048,
        reasoning: Reasoning::Opened,
        default_system: None,
        default_sampling: None,
    })
}

fn said(chat: &Chat) -> &str {
    chat.state
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

#[test]
fn what_was_never_answered_has_no_verdicts() {
    let stopped = |chat: &mut Chat| chat.finish(0, Finish::Stopped);
    let cut_off = |chat: &mut Chat| chat.finish(0, Finish::Length);
    let failed = |chat: &mut Chat| {
        chat.model(ModelEvent::Finished {
            turn: TurnId(0),
            result: Err("out of memory".into()),
        });
    };
    let ways: [&dyn Fn(&mut Chat); 3] = [&stopped, &cut_off, &failed];
    for end in ways {
        let mut chat = Chat::ready();
        chat.write(ASKS);
        chat.press("enter");
        chat.stream(
            0,
            engine::Event::Thinking {
                text: "Three bullets.".into(),
                tokens: 3,
            },
        );
        end(&mut chat);
        assert!(chat.state.is_unanswered());
        assert_eq!(chat.state.listing.constraints.len(), 2);
        assert_eq!(chat.state.statuses, []);
        assert_eq!(chat.state.tally(), Tally::default());
        assert_eq!(chat.state.head().unwrap().checked, []);
        // Nor after somebody went away from it and came back, or changed what it asks for.
        chat.press("shift+tab d");
        assert!(chat.state.statuses.is_empty() && chat.state.head().unwrap().checked.is_empty());
    }
}

#[test]
fn an_answer_that_the_model_left_empty_is_one() {
    let mut chat = Chat::ready();
    chat.write(ASKS);
    chat.press("enter");
    chat.finish(0, Finish::Stop);
    assert!(!chat.state.is_unanswered());
    assert_eq!(chat.state.head().unwrap().checked.len(), 2);
}

#[test]
fn verdicts_that_an_earlier_version_gave_an_answer_that_never_came_are_forgotten() {
    let mut chat = Chat::ready();
    chat.talk(0, ASKS, "* a\n* b\n* c\n");
    let checked = chat.state.head().unwrap().checked.clone();
    assert_eq!(checked.len(), 2);
    let mut old = Conversation::default();
    for record in chat.saved() {
        old.apply(record);
    }
    old.apply(&Record::Turn {
        turn: TurnId(1),
        parent: None,
        prompt: ASKS.into(),
        model: "tiny".into(),
        method: "io".into(),
        started_ms: 0,
        constraints: chat.state.head().unwrap().constraints.clone(),
    });
    old.apply(&Record::End {
        turn: TurnId(1),
        finish: Finish::Stopped,
        stats: Stats::default(),
        checked,
        error: None,
    });
    assert_eq!(old.turns()[1].checked, []);
}

#[test]
fn what_holds_so_far_is_counted_as_that_until_the_answer_is_over() {
    let mut chat = Chat::ready();
    chat.write("Write one sentence, no commas.");
    chat.press("enter");
    chat.answer(0, "One two");
    let holding = chat
        .state
        .statuses
        .iter()
        .filter(|s| s.verdict == Verdict::Holding);
    let holding = holding.count();
    assert!(holding > 0, "{:?}", chat.state.statuses);
    assert_eq!((chat.state.tally().holding, chat.state.tally().met), (holding, 0));
    chat.answer(0, " three.");
    chat.finish(0, Finish::Stop);
    assert_eq!(
        (chat.state.tally().holding, chat.state.tally().met),
        (0, chat.state.statuses.len())
    );
}

fn opened(finish: Finish) -> Event {
    let mut earlier = Chat::ready();
    earlier.talk(0, "One", "1");
    earlier.write("Two");
    earlier.press("enter");
    if finish == Finish::Stop {
        earlier.answer(1, "2");
        earlier.finish(1, finish);
    }
    Event::Opened(Box::new(Opened {
        conversation: earlier.state.conversation,
        warnings: Vec::new(),
    }))
}

#[test]
fn a_draft_keeps_what_the_conversation_on_screen_asks_for() {
    let mut chat = Chat::ready();
    chat.talk(
        0,
        "From now on use no commas in all your answers. Name a colour.",
        "red",
    );
    chat.write("Make it two colours");
    assert_eq!(chat.state.draft_listing.kept(), 1);
    chat.handle(opened(Finish::Stop));
    assert_eq!(chat.state.draft_listing.kept(), 0);
}

#[test]
fn another_model_that_goes_on_with_a_conversation_is_said_once() {
    for model_first in [true, false] {
        let mut chat = Chat::new();
        if model_first {
            chat.model(ready("other"));
            chat.handle(opened(Finish::Stop));
        } else {
            chat.handle(opened(Finish::Stop));
            chat.model(ready("other"));
        }
        assert_eq!(said(&chat), "tiny answered until now; other goes on");
        chat.state.notice = None;
        chat.model(ready("third"));
        assert_eq!(said(&chat), "", "who changes the model knows it");
    }
    let mut chat = Chat::new();
    chat.handle(opened(Finish::Stop));
    chat.model(ready("tiny"));
    assert_eq!(said(&chat), "");
}

#[test]
fn another_model_does_not_hide_that_the_last_answer_was_interrupted() {
    let mut chat = Chat::new();
    chat.handle(opened(Finish::Failed));
    chat.model(ready("other"));
    assert!(
        said(&chat).contains("interrupted") && said(&chat).contains("other goes on"),
        "{}",
        said(&chat)
    );
}

#[test]
fn why_there_is_no_model_is_said_in_one_place() {
    let missing = || {
        let mut chat = Chat::new();
        chat.model(ModelEvent::Missing {
            starter: "starter".into(),
            about: "98 MB".into(),
        });
        chat
    };
    let mut chat = missing();
    chat.handle(Event::Pull(PullEvent::Failed("no connection".into())));
    let absent = |reason: &str| ModelState::Absent {
        reason: reason.into(),
    };
    assert_eq!((said(&chat), &chat.state.model), ("", &absent("no connection")));
    let mut chat = missing();
    chat.handle(Event::Pull(PullEvent::Cancelled));
    assert_eq!(
        (said(&chat), &chat.state.model),
        ("", &absent("the download was cancelled"))
    );
    // With a conversation on screen there is no other place than above the message.
    let mut chat = Chat::ready();
    chat.talk(0, "One", "1");
    chat.model(ModelEvent::LoadFailed {
        message: "it is damaged".into(),
    });
    assert_eq!(said(&chat), "it is damaged");
    // A model that answers does not go away because another one could not be fetched.
    let mut chat = Chat::ready();
    chat.handle(Event::Line("/model pull big".into()));
    chat.handle(Event::Pull(PullEvent::Failed("no connection".into())));
    assert_eq!(said(&chat), "no connection");
    assert!(matches!(chat.state.model, ModelState::Ready(_)));
}

#[test]
fn what_waits_to_be_sent_is_kept_however_the_chat_ends() {
    let by_key = |chat: &mut Chat| chat.press("ctrl+q");
    let by_system = |chat: &mut Chat| chat.handle(Event::Ends);
    let ways: [&dyn Fn(&mut Chat); 2] = [&by_key, &by_system];
    for end in ways {
        let mut chat = Chat::ready();
        chat.write("One");
        chat.press("enter");
        chat.write("Two");
        chat.press("enter");
        assert_eq!(chat.state.waiting.len(), 1);
        end(&mut chat);
        let kept = Effect::Remember { text: "Two".into() };
        assert!(chat.effects.contains(&kept), "{:?}", chat.effects);
        assert!(chat.effects.ends_with(&[kept, Effect::Quit]));
        assert!(chat.effects.contains(&Effect::Stop));
    }
}

#[test]
fn a_download_is_cancelled_by_one_key_or_by_two_where_something_is_written() {
    let fetching = || {
        let mut chat = Chat::new();
        chat.model(ModelEvent::Missing {
            starter: "starter".into(),
            about: String::new(),
        });
        chat
    };
    let cancelled = |chat: &Chat| chat.effects.contains(&Effect::CancelPull);
    let mut chat = fetching();
    chat.press("esc");
    assert!(cancelled(&chat));
    let mut chat = fetching();
    chat.write("Hello");
    chat.press("esc");
    assert!(!cancelled(&chat));
    assert_eq!(said(&chat), "press Esc again to cancel the download");
    chat.press("esc");
    assert!(cancelled(&chat));
    assert_eq!(chat.state.composer.text(), "Hello");
    let mut chat = fetching();
    chat.write("Hello");
    chat.press("esc");
    chat.now.elapsed_ms += 5_000;
    chat.press("esc");
    assert!(!cancelled(&chat), "long ago is forgotten");
}

#[test]
fn a_model_that_cannot_be_loaded_leaves_the_one_that_worked() {
    let mut chat = Chat::ready();
    chat.talk(0, "One", "1");
    chat.handle(Event::Line("/model broken".into()));
    chat.model(ModelEvent::LoadFailed {
        message: "it is damaged".into(),
    });
    assert_eq!(said(&chat), "it is damaged");
    let again = Effect::LoadModel {
        name: Some("tiny".into()),
    };
    assert_eq!(chat.effects.last(), Some(&again));
    chat.model(ready("tiny"));
    assert!(matches!(chat.state.model, ModelState::Ready(_)));
    assert_eq!(said(&chat), "it is damaged", "why stays to be read");
    chat.model(ModelEvent::LoadFailed {
        message: "it is gone".into(),
    });
    assert!(matches!(chat.state.model, ModelState::Absent { .. }));
}

#[test]
fn another_attempt_is_told_from_the_first() {
    let mut chat = Chat::ready();
    chat.talk(0, "One", "1");
    chat.press("ctrl+r");
    chat.finish(1, Finish::Stop);
    chat.state.method = "cot".into();
    chat.press("ctrl+r");
    chat.finish(2, Finish::Stop);
    chat.talk(3, "Two", "2");
    let attempts: Vec<usize> = chat.asked().iter().map(|ask| ask.attempt).collect();
    assert_eq!(attempts, [0, 1, 0, 0]);
}

#[test]
fn a_theme_that_nobody_chose_follows_the_background() {
    let start = |theme_follows| {
        let mut chat = Chat::ready();
        chat.state.theme = "dark".into();
        chat.state.theme_follows = theme_follows;
        chat
    };
    let light = |chat: &mut Chat| chat.handle(Event::Input(Input::Background { light: true }));
    let uses = |chat: &Chat| chat.effects.contains(&Effect::UseTheme { name: "light".into() });
    let mut chat = start(true);
    chat.handle(Event::Input(Input::Background { light: false }));
    assert!(!uses(&chat) && chat.state.theme == "dark");
    light(&mut chat);
    assert!(uses(&chat) && chat.state.theme == "light");
    let mut chat = start(false);
    light(&mut chat);
    assert!(!uses(&chat), "the one that was set stays");
    let mut chat = start(true);
    chat.handle(Event::Line("/theme dark".into()));
    light(&mut chat);
    assert!(!uses(&chat), "the one that was chosen meanwhile stays");
}
