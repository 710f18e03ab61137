//! Two answers to one prompt.

use super::*;
use crate::app::event::Listed;
use crate::constraints::Verdict;

fn compared(chat: &Chat) -> &Compare {
    match &chat.state.overlay {
        Some(Overlay::Compare(compare)) => compare,
        other => panic!("nothing is compared: {other:?}"),
    }
}

fn sides(chat: &Chat) -> [Option<u32>; 2] {
    [0, 1].map(|at| compared(chat).sides[at].as_ref().map(|side| side.turn.0))
}

fn answered() -> Chat {
    let mut chat = Chat::ready();
    chat.talk(0, "Name two colours, no commas.", "red, blue");
    chat
}

#[test]
fn branches_that_are_there_are_compared() {
    let mut chat = answered();
    chat.press("ctrl+r");
    chat.answer(1, "red and blue");
    chat.finish(1, Finish::Stop);
    chat.press("alt+d enter");
    assert_eq!(sides(&chat), [Some(1), Some(0)]);
    let verdicts = |at: usize| -> Vec<Verdict> {
        let side = compared(&chat).sides[at].as_ref().unwrap();
        side.statuses.iter().map(|s| s.verdict).collect()
    };
    assert!(verdicts(1).contains(&Verdict::Broken));
    assert!(!verdicts(0).contains(&Verdict::Broken));
    // Keeping a side is going to its branch.
    chat.press("right enter");
    assert!(chat.state.overlay.is_none());
    assert_eq!(chat.state.head().unwrap().id, TurnId(0));
    assert!(matches!(
        chat.saved().last(),
        Some(Record::Head {
            turn: Some(TurnId(0))
        })
    ));
}

#[test]
fn another_method_answers_the_same_prompt_as_a_branch() {
    let mut chat = answered();
    chat.press("alt+d");
    chat.write("cot");
    chat.press("enter");
    assert_eq!(sides(&chat), [Some(0), Some(1)]);
    let asked: Vec<&str> = chat.asked().iter().map(|ask| ask.method.as_str()).collect();
    assert_eq!(asked, ["io", "cot"]);
    assert_eq!(chat.state.method, "io", "the next message is asked as before");
    chat.answer(1, "red, blue, ");
    let side = compared(&chat).sides[1].as_ref().unwrap();
    assert!(side.statuses.iter().any(|s| s.verdict == Verdict::Broken), "live");
    chat.finish(1, Finish::Stop);
    assert_eq!(
        chat.state.conversation.siblings(TurnId(0)),
        [TurnId(0), TurnId(1)]
    );
}

/// The turns of each effect that asks.
fn asked_together(chat: &Chat) -> Vec<Vec<u32>> {
    let turns = |effect: &Effect| match effect {
        Effect::Generate(asks) => Some(asks.iter().map(|ask| ask.turn.0).collect()),
        _ => None,
    };
    chat.effects.iter().filter_map(turns).collect()
}

fn broken(chat: &Chat, at: usize) -> bool {
    let side = compared(chat).sides[at].as_ref().unwrap();
    side.statuses.iter().any(|s| s.verdict == Verdict::Broken)
}

/// A draft, sent for two answers.
fn sent_twice() -> Chat {
    let mut chat = answered();
    chat.write("And two numbers, no commas.");
    chat.press("alt+d");
    chat.write("another seed");
    chat.press("enter");
    chat
}

#[test]
fn a_message_is_answered_twice_at_once() {
    let mut chat = sent_twice();
    assert_eq!(sides(&chat), [Some(1), Some(2)]);
    assert_eq!(asked_together(&chat), [vec![0], vec![1, 2]]);
    let attempts: Vec<usize> = chat.asked().iter().map(|ask| ask.attempt).collect();
    assert_eq!(attempts, [0, 0, 1], "by another seed");
    let turn = |chat: &Chat, id: u32| chat.state.conversation.turn(TurnId(id)).unwrap().clone();
    assert_eq!(
        (turn(&chat, 1).prompt, turn(&chat, 1).parent),
        (turn(&chat, 2).prompt, Some(TurnId(0)))
    );
    // Both stream, each with its own verdicts.
    for (id, piece) in [(2, "3, "), (1, "1 "), (2, "4"), (1, "2")] {
        chat.answer(id, piece);
    }
    assert_eq!(
        (turn(&chat, 1).answer, turn(&chat, 2).answer),
        ("1 2".into(), "3, 4".into())
    );
    assert_eq!([0, 1].map(|at| broken(&chat, at)), [false, true]);
    assert_eq!(chat.state.run_of(TurnId(2)).unwrap().answer_tokens, 2);
}

#[test]
fn of_two_at_once_either_may_end_first() {
    for order in [[1, 2], [2, 1]] {
        let mut chat = sent_twice();
        chat.answer(1, "1 2");
        chat.answer(2, "3, 4");
        chat.finish(order[0], Finish::Stop);
        assert!(chat.state.run.is_some() && chat.state.run_of(TurnId(order[0])).is_none());
        chat.answer(order[1], " more");
        chat.finish(order[1], Finish::Stop);
        assert!(chat.state.run.is_none());
        assert_eq!([0, 1].map(|at| broken(&chat, at)), [false, true]);
        assert_eq!(chat.state.conversation.unfinished().count(), 0);
        // Nothing waits any more: either is kept, and the next message follows it.
        chat.press("enter");
        assert_eq!(chat.state.head().unwrap().id, TurnId(1));
        chat.talk(3, "Next", "fine");
        assert_eq!(
            chat.state.conversation.turn(TurnId(3)).unwrap().parent,
            Some(TurnId(1))
        );
    }
}

#[test]
fn two_at_once_are_stopped_together() {
    let mut chat = sent_twice();
    chat.answer(1, "1");
    chat.press("ctrl+c ctrl+c");
    let stops = chat.effects.iter().filter(|effect| **effect == Effect::Stop);
    assert_eq!(stops.count(), 1, "the second key asks for nothing more");
    chat.finish(1, Finish::Stopped);
    chat.finish(2, Finish::Stopped);
    assert!(chat.state.run.is_none());
    chat.talk(3, "Something else", "fine");
    assert_eq!(asked_together(&chat).last(), Some(&vec![3]));
}

#[test]
fn who_stops_the_first_does_not_want_another_models() {
    let mut chat = Chat::ready();
    chat.write("Go on");
    chat.press("alt+d");
    chat.write("another model");
    chat.press("enter");
    chat.handle(Event::Models(vec![Listed {
        id: "other".into(),
        label: "other".into(),
        detail: String::new(),
    }]));
    chat.press("enter");
    assert_eq!(sides(&chat), [Some(0), None], "it waits for its model");
    chat.press("ctrl+c");
    assert!(chat.effects.contains(&Effect::Stop));
    chat.finish(0, Finish::Stopped);
    assert_eq!(chat.asked().len(), 1);
    chat.talk(1, "Something else", "fine");
    assert_eq!(chat.asked().len(), 2);
}

#[test]
fn another_model_answers_and_the_first_comes_back() {
    let mut chat = answered();
    chat.press("alt+d");
    chat.write("another model");
    chat.press("enter");
    assert!(chat.effects.contains(&Effect::ListModels));
    let row = |id: &str| Listed {
        id: id.into(),
        label: id.into(),
        detail: String::new(),
    };
    chat.handle(Event::Models(vec![row("pull far"), row("other")]));
    chat.press("enter");
    let loads = |chat: &Chat| -> Vec<Option<String>> {
        let load = |e: &Effect| match e {
            Effect::LoadModel { name } => Some(name.clone()),
            _ => None,
        };
        chat.effects.iter().filter_map(load).collect()
    };
    assert_eq!(
        loads(&chat),
        [Some("other".into())],
        "one that is not here cannot be chosen"
    );
    chat.model(ModelEvent::Ready(ModelInfo {
        name: "other".into(),
        context: 2048,
        reasoning: Reasoning::None,
        default_system: None,
        default_sampling: None,
    }));
    chat.answer(1, "green blue");
    chat.finish(1, Finish::Stop);
    assert_eq!(chat.state.conversation.turn(TurnId(1)).unwrap().model, "other");
    assert_eq!(loads(&chat), [Some("other".into()), None]);
    assert_eq!(chat.state.model_name, None);
}

#[test]
fn closing_the_view_comes_back_to_the_answer_that_was_read() {
    let mut chat = answered();
    chat.press("alt+d");
    chat.write("another seed");
    chat.press("enter");
    chat.answer(1, "red");
    chat.finish(1, Finish::Stop);
    chat.press("esc");
    assert!(chat.state.overlay.is_none());
    assert_eq!(chat.state.shown().map(|turn| turn.id), Some(TurnId(0)));
    assert_eq!(
        chat.state.conversation.head().map(|turn| turn.id),
        Some(TurnId(0))
    );
}
