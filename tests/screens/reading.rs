//! What is read beside the answer: composition, changes by hand, earlier turns, the thinking against the constraints, two
//! answers side by side.

use insta::assert_snapshot;
use raif::chat::Finish;

use crate::states::{ANSWER, Chat, PROMPT, THINKING};
use crate::views::{at, looks, sizes};

const COMPOSED: &str = "First write a title in all capital letters. Then, if the text is about a place, write a description \
                        of at least 60 words. Otherwise write a haiku 俳句 with no commas. Finally, end with \"Light \
                        your way.\" Keep a friendly tone throughout.";
const SELECTED: &str = "If the text is about a place, write a description of at least 60 words. Otherwise write a haiku 俳句 \
                        with no commas. End with \"Light your way.\" Keep a friendly tone.";
const HAIKU: &str = "LANTERN\n\nlight upon the hill 🏮\nsmall and warm and never still\nnight is what we fill\n\nLight your way.";

/// Real verdicts, nothing set by hand.
fn answered() -> Chat {
    let mut chat = Chat::ready();
    chat.turn(PROMPT, THINKING, ANSWER);
    chat
}

#[test]
fn composition_before_it_is_sent() {
    let mut chat = Chat::ready();
    chat.write(COMPOSED);
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn composition_with_the_branch_that_was_taken() {
    let mut chat = Chat::ready();
    chat.turn(
        SELECTED,
        "I should write a haiku with no commas, since a lantern is no place.",
        HAIKU,
    );
    chat.press("shift+tab");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn composition_while_it_is_undecided() {
    let mut chat = Chat::ready();
    chat.send(COMPOSED);
    chat.end_thinking();
    chat.answer("LANTERN\n\nA hill, and a light");
    chat.press("shift+tab down");
    assert_snapshot!(at(&mut chat, 140, 40));
}

#[test]
fn requirements_that_contradict_each_other() {
    let mut chat = Chat::ready();
    chat.write("Write a slogan in all capital letters. Write in all lowercase letters, with fewer than 5 words and at least 10 sentences.");
    assert_snapshot!(at(&mut chat, 140, 40));
}

#[test]
fn requirements_changed_by_hand() {
    let mut chat = answered();
    chat.press("shift+tab down d a");
    chat.write("length_constraints:number_paragraphs");
    chat.press("enter 2 enter");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_list_of_what_can_be_asked_for() {
    let mut chat = answered();
    chat.press("shift+tab a");
    chat.write("words");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_arguments_of_a_requirement() {
    let mut chat = answered();
    chat.press("shift+tab a");
    chat.write("keywords:forbidden_words");
    chat.press("enter");
    chat.write("光, \"bright, light\", cheap");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn an_argument_that_is_wrong() {
    let mut chat = answered();
    chat.press("shift+tab a");
    chat.write("length_constraints:number_words");
    chat.press("enter");
    chat.write("many");
    chat.press("tab right enter");
    assert_snapshot!(at(&mut chat, 100, 30));
}

#[test]
fn an_earlier_turn_with_its_thinking_and_verdicts() {
    let mut chat = answered();
    chat.turn(
        "And in Chinese? 请用中文",
        "用户想要中文。",
        "白天充电，夜晚发光。🏮",
    );
    chat.press("alt+up");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn the_thinking_against_the_constraints() {
    let mut chat = answered();
    chat.press("alt+v");
    assert_snapshot!(sizes(&mut chat));
    assert_snapshot!("the_thinking_against_the_constraints_looks", looks(&chat));
}

#[test]
fn the_thinking_against_the_constraints_live() {
    let mut chat = Chat::ready();
    chat.send(PROMPT);
    chat.think("The user wants exactly 3 bullet points. I will write three of them. Wait, 太阳能。");
    chat.press("alt+v");
    assert_snapshot!(at(&mut chat, 100, 30));
}

fn two_branches() -> Chat {
    let mut chat = answered();
    chat.press("ctrl+r");
    chat.think("Bullets: three. No comma. 不要逗号。");
    chat.end_thinking();
    chat.answer("* Charges by day and shines all night\n* Folds flat for any pack 🏮\n* Tough light and waterproof\n\nLight your way.");
    chat.finish(Finish::Stop);
    chat
}

#[test]
fn two_answers_side_by_side() {
    let mut chat = two_branches();
    chat.press("alt+d enter");
    assert_snapshot!(sizes(&mut chat));
    assert_snapshot!("two_answers_side_by_side_looks", looks(&chat));
}

#[test]
fn what_an_answer_can_be_compared_with() {
    let mut chat = two_branches();
    chat.press("alt+d");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_second_answer_that_comes_in() {
    let mut chat = answered();
    chat.press("alt+d");
    chat.write("cot");
    chat.press("enter");
    chat.think("Let me think. 想一想。");
    chat.end_thinking();
    chat.answer("* Charges by day, ");
    assert_snapshot!(sizes(&mut chat));
}

#[test]
fn a_message_that_is_sent_twice_is_answered_twice_at_once() {
    let mut chat = Chat::ready();
    chat.write(PROMPT);
    chat.press("alt+d enter");
    chat.think("Three bullets.");
    assert_snapshot!(at(&mut chat, 100, 30));
}
