use proptest::prelude::*;

use super::*;

fn press(composer: &mut Composer, keys: &str) {
    for key in keys.split_whitespace() {
        composer.key(key.parse().unwrap());
    }
}

#[test]
fn history_goes_back_and_gives_the_draft_again() {
    let mut composer = Composer::new();
    composer.remember_earlier(&["zero".into()]);
    for text in ["one", "two"] {
        composer.set_text(text);
        composer.take();
    }
    composer.set_text("draft");
    composer.browse_history(true);
    assert_eq!(composer.text(), "two");
    (0..4).for_each(|_| composer.browse_history(true));
    assert_eq!(composer.text(), "zero");
    (0..3).for_each(|_| composer.browse_history(false));
    assert_eq!(composer.text(), "draft");
    composer.browse_history(false);
    assert_eq!(composer.text(), "draft");
}

#[test]
fn a_paste_keeps_its_lines_whatever_ends_them() {
    let mut composer = Composer::new();
    composer.insert("a\r\nb\rc\n");
    assert_eq!(composer.text(), "a\nb\nc\n");
}

#[test]
fn a_long_paste_is_a_token_and_goes_out_whole() {
    let long = "a line\n".repeat(40_000);
    let mut composer = Composer::new();
    composer.insert("Read this: ");
    composer.insert(&long);
    composer.insert(" Now sum it up.");
    assert_eq!(composer.text(), "Read this: [pasted 40,000 lines] Now sum it up.");
    let sent = composer.take();
    assert_eq!(sent, format!("Read this: {long} Now sum it up."));
    composer.browse_history(true);
    assert_eq!(composer.full_text(), sent);
}

#[test]
fn a_token_is_deleted_and_passed_as_a_whole() {
    let long = "x\n".repeat(200);
    let mut composer = Composer::new();
    composer.insert("a ");
    composer.insert(&long);
    press(&mut composer, "left");
    composer.insert("b");
    assert_eq!(composer.text(), "a b[pasted 200 lines]");
    press(&mut composer, "delete");
    assert_eq!(composer.text(), "a b");
    assert!(composer.undo());
    assert_eq!(composer.full_text(), format!("a b{long}"));
    press(&mut composer, "end space ctrl+w");
    assert_eq!(composer.text(), "a b");
}

#[test]
fn two_pastes_of_a_length_are_told_apart() {
    let mut composer = Composer::new();
    composer.insert(&"x\n".repeat(200));
    composer.insert(&"y\n".repeat(200));
    assert_eq!(composer.text(), "[pasted 200 lines][pasted 200 lines #2]");
    assert_eq!(composer.full_text(), "x\n".repeat(200) + &"y\n".repeat(200));
}

#[test]
fn files_follow_the_message_and_survive_another_editor() {
    let mut composer = Composer::new();
    composer.insert("Explain ");
    composer.attach("a.rs", "fn a() {}\n".into());
    composer.insert("briefly");
    assert_eq!(composer.text(), "Explain [a.rs, 1 line] briefly");
    let text = composer.editable_text().replace("briefly", "at length");
    composer.set_edited(&text);
    assert_eq!(
        composer.full_text(),
        "Explain `a.rs` at length\n\na.rs:\n```rs\nfn a() {}\n```"
    );
}

proptest! {
    #[test]
    fn no_sequence_of_keys_breaks_a_token(keys in prop::collection::vec(0..15usize, 0..60)) {
        const KEYS: [&str; 15] = [
            "-", "a", "space", "left", "right", "backspace", "delete", "ctrl+w", "alt+backspace", "alt+d", "home",
            "end", "up", "down", "alt+b",
        ];
        let mut composer = Composer::new();
        composer.insert("one two\nthree ");
        composer.insert(&"x\n".repeat(200));
        for key in keys {
            press(&mut composer, KEYS[key]);
            let text = composer.text();
            prop_assert_eq!(text.contains("pasted"), text.contains("[pasted 200 lines]"), "{}", text);
        }
    }
}
