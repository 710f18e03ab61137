//! Going back to earlier turns, and selecting what they asked for.

use super::*;
use crate::app::state::Reveal;
use crate::constraints::Verdict;

fn two_turns() -> Chat {
    let mut chat = Chat::ready();
    chat.talk(0, "Write two words, no commas.", "one, two");
    chat.talk(
        1,
        "Write in all lowercase letters.",
        "this is a quiet answer in small letters",
    );
    chat
}

#[test]
fn the_panes_follow_the_turn_that_is_read() {
    let mut chat = two_turns();
    assert_eq!(chat.state.shown_of(), None);
    chat.press("alt+up");
    assert_eq!(chat.state.shown().unwrap().id, TurnId(0));
    assert_eq!(chat.state.shown_of(), Some((1, 2)));
    assert_eq!(chat.state.reveal, Some(Reveal::Turn(TurnId(0))));
    let broken = chat
        .state
        .statuses
        .iter()
        .filter(|s| s.verdict == Verdict::Broken)
        .count();
    assert_eq!(
        (broken, chat.state.statuses.len()),
        (1, chat.state.listing.constraints.len())
    );
    chat.press("alt+up");
    assert_eq!(
        chat.state.shown().unwrap().id,
        TurnId(0),
        "there is none before the first"
    );
    chat.press("alt+down");
    assert_eq!(chat.state.shown().unwrap().id, TurnId(1));
    let verdicts: Vec<(&str, Verdict)> = chat
        .state
        .listing
        .constraints
        .iter()
        .zip(&chat.state.statuses)
        .map(|(constraint, status)| (constraint.id.as_str(), status.verdict))
        .collect();
    assert!(
        verdicts.contains(&("change_case:english_lowercase", Verdict::Met)),
        "{verdicts:?}"
    );
}

#[test]
fn behind_the_last_turn_stands_the_draft() {
    let mut chat = two_turns();
    chat.write("No commas");
    assert!(chat.state.is_listing_draft(), "it is listed while it is written");
    chat.press("alt+up");
    assert!(!chat.state.is_listing_draft());
    assert_eq!(chat.state.shown().unwrap().id, TurnId(1));
    chat.press("alt+down");
    assert!(chat.state.is_listing_draft());
    chat.press("ctrl+c");
    assert!(
        !chat.state.is_listing_draft(),
        "an empty message asks for nothing"
    );
}

#[test]
fn what_streams_goes_on_while_an_earlier_turn_is_read() {
    let mut chat = two_turns();
    chat.write("No commas.");
    chat.press("enter");
    assert_eq!(chat.state.shown().unwrap().id, TurnId(2));
    chat.press("alt+up alt+up");
    let before = chat.state.statuses.clone();
    chat.answer(2, "a, b");
    assert_eq!(chat.state.statuses, before);
    chat.press("alt+down alt+down");
    assert_eq!(chat.state.statuses[0].verdict, Verdict::Broken);
    chat.press("alt+up");
    chat.finish(2, Finish::Stop);
    assert_eq!(
        chat.state.shown().unwrap().id,
        TurnId(1),
        "the end of the answer moves nobody"
    );
    assert_eq!(chat.state.head().unwrap().checked[0].verdict, Verdict::Broken);
}

#[test]
fn copying_and_asking_again_mean_the_turn_that_is_read() {
    let mut chat = two_turns();
    chat.press("alt+up alt+c");
    let copied = chat
        .effects
        .iter()
        .any(|e| matches!(e, Effect::Copy { text, .. } if text == "one, two"));
    assert!(copied);
    chat.press("ctrl+r");
    chat.answer(2, "three four");
    chat.finish(2, Finish::Stop);
    let path: Vec<u32> = chat.state.conversation.path().iter().map(|t| t.id.0).collect();
    assert_eq!(path, [2]);
    chat.press("alt+left");
    let path: Vec<u32> = chat.state.conversation.path().iter().map(|t| t.id.0).collect();
    assert_eq!(path, [0, 1], "nothing was lost");
}

#[test]
fn selecting_a_row_shows_its_place_and_then_its_words() {
    let mut chat = Chat::ready();
    chat.talk(0, "Write two words, no commas.", "one, two");
    let row = chat.state.listing.rows.len() - 1;
    chat.press("shift+tab G");
    assert_eq!(chat.state.selected, row);
    assert_eq!(chat.state.reveal, Some(Reveal::Answer(3..4)));
    assert!(chat.state.reveal_passage);
    chat.press("enter");
    assert!(matches!(chat.state.reveal, Some(Reveal::Prompt(_))));
    chat.press("enter");
    assert_eq!(chat.state.reveal, Some(Reveal::Answer(3..4)), "and round again");
}
