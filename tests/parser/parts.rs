//! Which part of the answer a constraint binds.

use raif::constraints::parse;

/// What is said of a part binds that part: the id, the part and its index, `-` where the whole answer is meant.
#[test]
fn parts_of_the_answer_are_read() {
    for (prompt, wanted) in [
        (
            "Write about frogs. The first paragraph should have fewer than 40 words and the second paragraph must contain the word \"pond\".",
            "number_words paragraph 1, existence paragraph 2",
        ),
        (
            "No more than ten words per line and 12 lines",
            "number_words line each, num_lines -",
        ),
        (
            "At most two sentences per paragraph and 4 paragraphs.",
            "number_sentences paragraph each, paragraph_count -",
        ),
        (
            "Every line must be under 8 words. Write a poem.",
            "number_words line each",
        ),
        (
            "Write a poem with fewer than 40 words in the last stanza.",
            "number_words stanza last",
        ),
        (
            "Explain tides. No more than 15 words per sentence.",
            "number_words sentence each",
        ),
        (
            "Each paragraph must start with \"Meanwhile\". Tell a story.",
            "starts_with paragraph each",
        ),
        (
            "An email about nits. Subject line: 60 characters tops. Body: between 100 and 150 words.",
            "char_limit subject 1, word_range body 1",
        ),
        (
            "Write an email with the subject line in all caps.",
            "english_capital subject 1",
        ),
        (
            "Write an essay on moss. The conclusion should be under 50 words.",
            "number_words conclusion 1",
        ),
        (
            "Summarise the text. The summary should be under 50 words.",
            "number_words -",
        ),
        (
            "Output JSON with two fields. \"summary\" must not exceed 25 words.",
            "json_format -, number_words json_field summary",
        ),
        (
            "Put the options in a table. In the \"notes\" column stick to five words or fewer.",
            "table -, number_words column notes",
        ),
        (
            "Write three taglines, each under six words.",
            "number_words tagline each",
        ),
        (
            "In the second bullet use at least 10 words. List three fruits.",
            "number_words bullet 2",
        ),
        (
            "The last sentence must be \"The end.\" Use at least 100 words.",
            "end_checker -, number_words -",
        ),
        (
            "In the first paragraph set the scene, and keep the whole thing under 100 words.",
            "number_words -",
        ),
        (
            "Write a poem with 4 stanzas of 4 lines each.",
            "num_lines stanza each",
        ),
        (
            "Three paragraphs of two sentences on rivers.",
            "paragraph_count -, exact_sentences paragraph each",
        ),
        ("Keep sentences under 12 words.", "number_words sentence each"),
        (
            "In Section 2, do not use the word \"tariff\". Write a report on trade.",
            "forbidden_words section 2",
        ),
        (
            "List 4 rules; each bullet in caps.",
            "english_capital bullet each",
        ),
        (
            "Write about cats; the second paragraph should start with \"However\".",
            "starts_with paragraph 2",
        ),
        (
            "Write a report with a conclusion under 50 words.",
            "number_words conclusion 1",
        ),
        ("写一首诗，每行五个字。", "char_limit line each"),
        (
            "列出三个要点，每点不超过20个字。",
            "number_bullet_lists -, char_limit bullet each",
        ),
        (
            "写三段，第二段不超过五十字。",
            "paragraph_count -, char_limit paragraph 2",
        ),
        ("写首诗，标题不超过十个字。", "char_limit title 1"),
        (
            "First write a story under 50 words. Then give its moral in one sentence.",
            "number_words step 1, exact_sentences step 2",
        ),
    ] {
        let read: Vec<String> = parse::parse(prompt)
            .constraints
            .iter()
            .map(|constraint| {
                let name = constraint.id.rsplit(':').next().unwrap_or_default();
                match &constraint.scope {
                    Some(scope) => format!("{name} {} {}", scope.part, scope.index),
                    None => format!("{name} -"),
                }
            })
            .collect();
        assert_eq!(read.join(", "), wanted, "{prompt}");
    }
}
