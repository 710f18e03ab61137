//! Messages that are sent before the model is free.

use super::*;

fn waiting(chat: &Chat) -> Vec<&str> {
    chat.state.waiting.iter().map(Waiting::shown).collect()
}

fn send(chat: &mut Chat, text: &str) {
    chat.write(text);
    chat.press("enter");
}

/// A chat that answers the first message, with two more behind it.
fn busy() -> Chat {
    let mut chat = Chat::ready();
    for text in ["First", "Second", "Third"] {
        send(&mut chat, text);
    }
    chat
}

#[test]
fn a_message_waits_for_the_model_and_goes_out_by_itself() {
    let mut chat = Chat::new();
    chat.model(ModelEvent::Missing {
        starter: "starter".into(),
        about: "98 MB".into(),
    });
    let pulls = chat
        .effects
        .iter()
        .filter(|e| matches!(e, Effect::Pull { .. }))
        .count();
    assert_eq!(pulls, 1);
    chat.write("Hello");
    chat.press("enter");
    assert_eq!(waiting(&chat), ["Hello"]);
    assert!(chat.asked().is_empty());
    chat.handle(Event::Pull(PullEvent::Done {
        name: "starter".into(),
    }));
    assert!(chat.effects.contains(&Effect::LoadModel {
        name: Some("starter".into())
    }));
    chat.model(ModelEvent::Ready(ModelInfo {
        name: "starter".into(),
        context: 2048,
        reasoning: Reasoning::None,
        default_system: None,
        default_sampling: None,
    }));
    assert_eq!(chat.asked().len(), 1);
    assert!(chat.state.composer.is_empty());
}

#[test]
fn each_message_that_waits_becomes_a_turn_of_its_own() {
    let mut chat = busy();
    assert_eq!(waiting(&chat), ["Second", "Third"]);
    assert!(chat.state.composer.is_empty());
    for (turn, left) in [(0, vec!["Third"]), (1, vec![]), (2, vec![])] {
        assert_eq!(chat.asked().len(), turn as usize + 1);
        chat.answer(turn, "done");
        chat.finish(turn, Finish::Stop);
        assert_eq!(waiting(&chat), left);
    }
    let path = chat.state.conversation.path();
    let prompts: Vec<_> = path.iter().map(|turn| turn.prompt.as_str()).collect();
    assert_eq!(prompts, ["First", "Second", "Third"]);
}

#[test]
fn escape_stops_the_answer_and_gives_what_waits_back() {
    for key in ["esc", "ctrl+c"] {
        let mut chat = busy();
        chat.write("half");
        chat.press(key);
        assert!(chat.effects.contains(&Effect::Stop));
        assert_eq!(chat.state.composer.text(), "Second\nThird\nhalf");
        chat.finish(0, Finish::Stopped);
        assert_eq!(chat.asked().len(), 1, "nothing starts after a stop");
    }
}

#[test]
fn escape_takes_a_message_back_that_waits_for_the_model() {
    let mut chat = Chat::new();
    send(&mut chat, "Hello");
    chat.press("esc");
    assert!(waiting(&chat).is_empty());
    assert_eq!(chat.state.composer.text(), "Hello");
}

#[test]
fn up_takes_the_last_one_back_to_be_changed() {
    let mut chat = busy();
    chat.press("up");
    assert_eq!(chat.state.composer.text(), "Third");
    assert_eq!(waiting(&chat), ["Second"]);
    chat.press("! enter");
    assert_eq!(waiting(&chat), ["Second", "Third!"]);
}

#[test]
fn what_was_pasted_comes_back_whole_and_apart() {
    let mut chat = Chat::new();
    let long = |word: &str| format!("{word}\n").repeat(200);
    let (first, second) = (long("one"), long("two"));
    send(&mut chat, &first);
    send(&mut chat, &second);
    chat.press("esc");
    assert_eq!(chat.state.composer.full_text(), format!("{first}\n{second}"));
}

#[test]
fn a_change_of_the_branch_waits_with_its_message() {
    let mut chat = Chat::ready();
    chat.talk(0, "One", "1");
    chat.press("ctrl+r");
    chat.press("alt+e");
    chat.write(" again");
    chat.press("enter");
    send(&mut chat, "Two");
    chat.finish(1, Finish::Stop);
    chat.finish(2, Finish::Stop);
    let turns = chat.state.conversation.turns();
    assert_eq!((turns[2].prompt.as_str(), turns[2].parent), ("One again", None));
    assert_eq!(
        (turns[3].prompt.as_str(), turns[3].parent),
        ("Two", Some(TurnId(2)))
    );
}
