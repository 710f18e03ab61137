//! Prompts that nobody writes: enormous, and put together at random.

use proptest::prelude::*;
use raif::constraints::parse;

#[test]
fn long_hostile_prompts_are_read_to_the_end() {
    for unit in [
        "a",
        "[",
        "(",
        "\"",
        "'",
        "\n",
        "*",
        "`",
        "<<",
        "“",
        "#",
        "一",
        "字",
        "1 ",
        "if 3 words, ",
        "for a, ",
        "3 lines, the last one ",
        "no word \"x\" ",
        "the above\n\n",
    ] {
        let prompt = format!("{}\n\nUse at most 30 words.", unit.repeat((1 << 20) / unit.len()));
        let reading = parse::parse(&prompt);
        for constraint in &reading.constraints {
            assert!(prompt.get(constraint.span.clone()).is_some(), "{unit:?}");
        }
    }
}

/// Pieces of prompts that are put together at random.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "at least",
            "no more than",
            "between",
            "and",
            "300",
            "three",
            "words",
            "sentences",
            "\"quoted\"",
            "'x'",
            "“",
            "”",
            "\n",
            "\n\n",
            "***",
            "******",
            "* ",
            "- ",
            "1. ",
            "<<title>>",
            "[name]",
            "```",
            "`",
            "if",
            "otherwise",
            "then",
            "finally",
            "do not use",
            "the word",
            "the letter",
            "e",
            "twice",
            "once",
            "P.S.",
            "P.P.S",
            "in French",
            "all caps",
            "json",
            ".",
            ",",
            ":",
            "?",
            "!",
            "the following",
            "above",
            "Repeat the request",
            "paragraph 2",
            "starts with",
            "end with",
            "至少",
            "三百",
            "字",
            "不要",
            "“好”",
            "第二段",
            "é",
            "🌱",
            "\u{200d}",
            "\u{1}",
            "\u{2}",
            "\u{6}",
            "don't",
            "Section X",
            "%",
            "trigram overlap of 5%",
            "0",
            "99999999999999999999",
            "half a dozen",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Any text is read: spans are of the prompt, and the same text gives the same reading.
    #[test]
    fn any_text_is_read(pieces in prop::collection::vec(piece(), 0..40), glue in prop::bool::ANY) {
        let prompt = pieces.join(if glue { " " } else { "" });
        let reading = parse::parse(&prompt);
        for constraint in &reading.constraints {
            prop_assert!(prompt.get(constraint.span.clone()).is_some());
        }
        for soft in &reading.soft {
            prop_assert!(prompt.get(soft.span.clone()).is_some());
        }
        prop_assert_eq!(&reading, &parse::parse(&prompt));
        let tree = serde_json::to_string(&reading.tree);
        prop_assert!(tree.is_ok());
        let turns = parse::follow(&[&prompt, &prompt]);
        prop_assert_eq!(turns.len(), 2);
    }
}

/// Found by reading the code: each made it panic, or took seconds, once.
#[test]
fn what_was_once_too_much_is_read() {
    parse::parse(
        "An odd count gets two sentences; and an even count number? Use three bullets. Review happy? Use two paragraphs. \
         Review angry? Use no commas.",
    );
    parse::parse("99999999999999999999 or 5 words.");
    // Kelvin signs, which are shorter in lower case.
    parse::follow(&[
        "Write 3 sections, label each section \"\u{212a}\u{212a} X\", about cats.",
        "add another kk 4",
    ]);
    parse::follow(&["For the next 18446744073709551615 answers use no commas.", "And?"]);
    parse::parse(&format!(
        "Explain the history {}",
        "of cats and dogs ".repeat(12_000)
    ));
    parse::parse(&"In a town people can dance.\n".repeat(8_000));
}
