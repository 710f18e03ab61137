//! Requirements changed by hand, before and after sending.

use super::*;
use crate::chat::Edit;
use crate::constraints::Verdict;

fn edits<'a>(chat: &'a Chat) -> Vec<&'a Edit> {
    let edit = |record: &&'a Record| match record {
        Record::Edit { edit, .. } => Some(edit),
        _ => None,
    };
    chat.saved().iter().filter_map(edit).collect()
}

/// What was saved is what is on screen.
fn assert_saved(chat: &Chat) {
    let mut folded = Conversation::default();
    for record in chat.saved() {
        assert!(folded.apply(record), "{record:?}");
    }
    assert_eq!(folded, chat.state.conversation);
}

fn answered() -> Chat {
    let mut chat = Chat::ready();
    chat.talk(0, "Name two colours, no commas.", "red, blue");
    chat.press("shift+tab");
    assert_eq!(chat.state.focus, Focus::Constraints);
    chat
}

fn commas(chat: &Chat) -> usize {
    let is_it = |c: &crate::constraints::Constraint| c.id == "punctuation:no_comma";
    chat.state.listing.constraints.iter().position(is_it).unwrap()
}

fn select(chat: &mut Chat, constraint: usize) {
    let row = chat.state.listing.row_of(constraint).unwrap();
    while chat.state.selected != row {
        let key = if chat.state.selected < row { "down" } else { "up" };
        chat.press(key);
    }
}

#[test]
fn a_false_requirement_is_dropped_and_comes_back() {
    let mut chat = answered();
    let at = commas(&chat);
    select(&mut chat, at);
    let broken = chat.state.tally().broken;
    chat.press("d");
    assert!(chat.state.listing.is_dropped(at));
    assert_eq!(chat.state.tally().broken, broken - 1);
    assert!(
        !chat
            .state
            .head()
            .unwrap()
            .checked
            .iter()
            .any(|c| c.constraint == at)
    );
    assert_saved(&chat);
    chat.press("d");
    assert!(!chat.state.listing.is_dropped(at));
    assert_eq!(chat.state.tally().broken, broken);
    assert_eq!(edits(&chat), [&Edit::Drop { at }, &Edit::Restore { at }]);
    assert_saved(&chat);
}

#[test]
fn one_is_added_from_the_list_and_checked_at_once() {
    let mut chat = answered();
    chat.press("a");
    chat.write("length_constraints:number_words");
    chat.press("enter");
    let Some(Overlay::Form(form)) = &chat.state.overlay else {
        panic!("no form: {:?}", chat.state.overlay)
    };
    assert_eq!(form.id, "length_constraints:number_words");
    chat.write("many");
    chat.press("enter");
    let Some(Overlay::Form(form)) = &chat.state.overlay else {
        panic!("it closed")
    };
    let problem = form.problem.clone().unwrap_or_default();
    assert!(problem.contains("num_words"), "{problem}");
    chat.press("backspace backspace backspace backspace 1 0 0 enter");
    assert!(chat.state.overlay.is_none());
    let status = chat.state.statuses.last().unwrap();
    assert_eq!(
        (status.verdict, status.value.is_empty()),
        (Verdict::Broken, false)
    );
    assert_eq!(
        chat.state.selected_constraint(),
        Some(chat.state.statuses.len() - 1)
    );
    assert_saved(&chat);
}

#[test]
fn an_argument_is_changed_and_the_answer_is_checked_again() {
    let mut chat = Chat::ready();
    chat.talk(0, "Answer with at least 100 words.", "only five words are here");
    chat.press("shift+tab");
    assert_eq!(chat.state.statuses[0].verdict, Verdict::Broken);
    chat.press("e backspace backspace enter");
    assert_eq!(chat.state.listing.constraints[0].label(), "at least 1 word");
    assert_eq!(chat.state.statuses[0].verdict, Verdict::Met);
    assert_eq!(chat.state.head().unwrap().checked[0].strict, Some(true));
    assert_saved(&chat);
}

#[test]
fn a_change_while_it_answers_restarts_the_check() {
    let mut chat = Chat::ready();
    chat.write("Name colours.");
    chat.press("enter");
    chat.answer(0, "red, ");
    chat.press("shift+tab a");
    chat.write("punctuation:no_comma");
    chat.press("enter");
    assert_eq!(chat.state.statuses.last().unwrap().verdict, Verdict::Broken);
    chat.answer(0, "blue");
    chat.finish(0, Finish::Stop);
    let checked = &chat.state.head().unwrap().checked;
    assert!(
        checked.iter().any(|c| c.verdict == Verdict::Broken),
        "{checked:?}"
    );
    assert_saved(&chat);
}

#[test]
fn changes_to_a_draft_survive_typing_and_go_with_it() {
    let mut chat = Chat::ready();
    chat.write("Use no commas, and at least 20 words");
    let position = |chat: &Chat, id: &str| {
        let list = &chat.state.draft_listing;
        list.constraints.iter().position(|c| c.id == id).unwrap()
    };
    let row = chat
        .state
        .draft_listing
        .row_of(position(&chat, "punctuation:no_comma"))
        .unwrap();
    chat.press("shift+tab");
    while chat.state.selected != row {
        chat.press("down");
    }
    chat.press("d a");
    chat.write("startend:quotation");
    chat.press("enter i");
    chat.write(", please");
    let at = position(&chat, "punctuation:no_comma");
    assert!(chat.state.draft_listing.is_dropped(at));
    assert!(edits(&chat).is_empty(), "nothing is saved before it is sent");
    chat.press("enter");
    assert_eq!(edits(&chat).len(), 2);
    let turn = chat.state.head().unwrap();
    assert!(turn.is_dropped(at));
    assert_eq!(turn.constraints.last().unwrap().id, "startend:quotation");
    assert_eq!(turn.as_read.as_ref().unwrap().len() + 1, turn.constraints.len());
    assert_saved(&chat);
    // The next message starts afresh, and asking again keeps them.
    chat.finish(0, Finish::Stop);
    chat.press("ctrl+r");
    assert!(chat.state.head().unwrap().is_dropped(at));
}

#[test]
fn letters_here_and_there_add_nothing() {
    let mut chat = answered();
    chat.press("tab tab");
    chat.press("a");
    chat.write("blub blub");
    chat.press("enter");
    assert!(edits(&chat).is_empty());
}

#[test]
fn keys_outside_the_list_only_lead_to_it() {
    let mut chat = answered();
    chat.press("tab tab");
    chat.press("d");
    assert_eq!(chat.state.focus, Focus::Constraints);
    assert!(edits(&chat).is_empty());
}

#[test]
fn what_an_earlier_turn_asked_for_holds_on_until_it_is_dropped() {
    let mut chat = Chat::ready();
    chat.talk(
        0,
        "From now on use no commas in all your answers. Name a colour.",
        "red",
    );
    chat.write("Make it two colours");
    assert_eq!(chat.state.draft_listing.kept(), 1, "it is said before it is sent");
    chat.press("enter");
    chat.answer(1, "red, blue");
    chat.finish(1, Finish::Stop);
    let turn = chat.state.head().unwrap();
    assert!(
        matches!(turn.edits[..], [Edit::Keep { from: TurnId(0), .. }]),
        "{:?}",
        turn.edits
    );
    assert_eq!(turn.checked.last().unwrap().verdict, Verdict::Broken);
    assert_saved(&chat);
    let at = turn.constraints.len() - 1;
    chat.press("shift+tab");
    select(&mut chat, at);
    chat.press("d");
    assert_eq!(chat.state.listing.kept(), 0);
    assert_saved(&chat);
    // Before sending it can be dropped too.
    chat.press("i");
    chat.write("Make it three");
    let row = chat.state.draft_listing.rows.len() - 1;
    chat.press("shift+tab");
    while chat.state.selected != row {
        chat.press("down");
    }
    chat.press("d");
    assert_eq!(chat.state.draft_listing.kept(), 0);
    chat.press("d");
    assert_eq!(chat.state.draft_listing.kept(), 1);
}

#[test]
fn a_requirement_may_be_written_in_words() {
    let mut chat = Chat::ready();
    chat.talk(0, "Name three rivers.", "Rhine, Main, Elbe");
    chat.press("shift+tab a");
    chat.write("at most 5 words and no commas");
    chat.press("enter");
    let ids: Vec<String> = chat
        .state
        .listed()
        .0
        .constraints
        .iter()
        .map(|c| c.id.clone())
        .collect();
    let added = ["length_constraints:number_words", "punctuation:no_comma"];
    assert!(
        added.iter().all(|id| ids.iter().any(|listed| listed == id)),
        "{ids:?}"
    );
    // The id of a kind is that kind, whatever else it might say.
    chat.press("a");
    chat.write("keywords:forbidden_words");
    chat.press("enter");
    assert!(
        matches!(&chat.state.overlay, Some(Overlay::Form(form)) if form.id == "keywords:forbidden_words")
    );
}
