//! What is asked and no program decides is listed, in the prompt's own words; a plain question has none of it.

use raif::constraints::parse;

fn soft(prompt: &str) -> Vec<String> {
    parse::parse(prompt)
        .soft
        .into_iter()
        .map(|soft| soft.text)
        .collect()
}

#[test]
fn requirements_without_an_id_are_listed() {
    for (prompt, wanted) in [
        (
            "Write a story where every sentence begins with S.",
            "every sentence begins with S",
        ),
        (
            "Tell me about dogs. Don't start any sentence with 'The'.",
            "Don't start any sentence with 'The'",
        ),
        ("Tell me about tides. End with a question.", "End with a question"),
        ("Write a poem. No contractions, please.", "No contractions"),
        ("Write an ad with no punctuation.", "no punctuation"),
        (
            "Tell me about dogs, no word longer than 7 letters.",
            "no word longer than 7 letters",
        ),
        (
            "Write a poem. Start each line with a capital letter.",
            "Start each line with a capital letter",
        ),
        ("Don't use contractions", "Don't use contractions"),
        ("Write a haiku about the sea.", "Write a haiku"),
        ("Give 3 bullets about cats, and a title", "and a title"),
        ("A poem on moss in 3 stanzas.", "3 stanzas"),
        (
            "Translate \"chair\" into Welsh. Only the translation.",
            "Only the translation",
        ),
        ("写一段话，不要出现数字。", "不要出现数字"),
        ("解释量子力学，语气要幽默。", "语气要幽默"),
    ] {
        assert_eq!(soft(prompt), [wanted], "{prompt}");
    }
}

#[test]
fn plain_questions_require_nothing() {
    for prompt in [
        "What is a black hole?",
        "How do I end a letter with a question?",
        "Why do poems have stanzas?",
        "Do you know how to write a haiku?",
        "Who decided that every sentence begins with a capital?",
        "为什么有的诗不押韵？",
    ] {
        assert!(soft(prompt).is_empty(), "{prompt}: {:?}", soft(prompt));
    }
}
