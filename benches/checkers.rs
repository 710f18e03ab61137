//! How fast answers are checked: finished ones (rows a second) and growing ones (time a token).

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use raif::constraints::{
    Constraint, Kwargs, Semantics,
    check::{LiveCheck, decide},
};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

fn constraint(id: &str, kwargs: Value) -> Constraint {
    Constraint {
        id: id.into(),
        kwargs: kwargs.as_object().cloned().unwrap_or_default(),
        span: 0..0,
        scope: None,
    }
}

/// IFEval's answers if they are at hand, else made ones of their size.
fn rows() -> Vec<(String, String, Vec<Constraint>)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/data/ifeval/answers_with_verdicts.jsonl"
    );
    let read = |text: String| -> Vec<_> {
        let rows = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        rows.map(|row| {
            let ids = row["instruction_id_list"].as_array().cloned().unwrap_or_default();
            let constraints = ids.iter().enumerate().map(|(i, id)| {
                let kwargs: Kwargs = row["kwargs"][i].as_object().cloned().unwrap_or_default();
                Constraint {
                    id: id.as_str().unwrap_or_default().into(),
                    kwargs,
                    span: 0..0,
                    scope: None,
                }
            });
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (text("prompt"), text("response"), constraints.collect())
        })
        .collect()
    };
    std::fs::read_to_string(path).map(read).unwrap_or_else(|_| {
        let answer = "Dr. Smith *said* it's well-known. Is it? Yes!\n\n* One, two\n".repeat(28);
        (0..200)
            .map(|i| {
                (
                    String::new(),
                    answer.clone(),
                    twenty().into_iter().skip(i % 20).take(2).collect(),
                )
            })
            .collect()
    })
}

fn twenty() -> Vec<Constraint> {
    vec![
        constraint("punctuation:no_comma", json!({})),
        constraint(
            "length_constraints:number_words",
            json!({"num_words": 20000, "relation": "less than"}),
        ),
        constraint(
            "length_constraints:number_sentences",
            json!({"num_sentences": 5000, "relation": "at least"}),
        ),
        constraint(
            "keywords:existence",
            json!({"keywords": ["absent", "missing", "nowhere"]}),
        ),
        constraint(
            "keywords:forbidden_words",
            json!({"forbidden_words": ["absent", "missing", "nowhere"]}),
        ),
        constraint(
            "keywords:frequency",
            json!({"keyword": "well", "frequency": 5000, "relation": "at least"}),
        ),
        constraint(
            "keywords:letter_frequency",
            json!({"letter": "z", "let_frequency": 9, "let_relation": "at least"}),
        ),
        constraint(
            "detectable_format:number_highlighted_sections",
            json!({"num_highlights": 50000}),
        ),
        constraint(
            "detectable_format:number_bullet_lists",
            json!({"num_bullets": 50000}),
        ),
        constraint(
            "detectable_content:number_placeholders",
            json!({"num_placeholders": 3}),
        ),
        constraint("detectable_format:title", json!({})),
        constraint(
            "detectable_content:postscript",
            json!({"postscript_marker": "P.P.S"}),
        ),
        constraint(
            "startend:end_checker",
            json!({"end_phrase": "Is there anything else?"}),
        ),
        constraint(
            "change_case:capital_word_frequency",
            json!({"capital_frequency": 9, "capital_relation": "at least"}),
        ),
        constraint("language:response_language", json!({"language": "en"})),
        constraint(
            "length_constraints:number_paragraphs",
            json!({"num_paragraphs": 3}),
        ),
        constraint("count:pronouns", json!({"N": 20000})),
        constraint("ratio:stop_words", json!({"percentage": 50})),
        constraint("raif:word_range", json!({"min": 10, "max": 20000})),
        constraint("raif:heading_count", json!({"num": 3, "relation": "at least"})),
    ]
}

/// All rows of the file, strict and loose, on one core.
#[divan::bench]
fn finished_answers(bencher: divan::Bencher) {
    let rows = rows();
    bencher
        .counter(divan::counter::ItemsCount::new(rows.len()))
        .bench_local(|| {
            for (prompt, answer, constraints) in &rows {
                for constraint in constraints {
                    divan::black_box(decide(constraint, prompt, answer, Semantics::Official));
                }
            }
        });
}

/// Twenty constraints on an answer of 10,000 tokens, their statuses asked for after each, as the screen does.
#[divan::bench(args = [Semantics::Official, Semantics::AsWorded])]
fn growing_answer(bencher: divan::Bencher, semantics: Semantics) {
    let tokens: Vec<&str> = [
        "Dr", ".", " Smith", " *", "said", "*", " it", "'s", " well", "-known", ".", " Is", " it", "?",
        "\n\n",
    ]
    .into_iter()
    .cycle()
    .take(10_000)
    .collect();
    let answer = tokens.concat();
    bencher
        .counter(divan::counter::ItemsCount::new(tokens.len()))
        .bench_local(|| {
            let mut live = LiveCheck::new(&twenty(), "", semantics);
            let mut length = 0;
            for token in &tokens {
                length += token.len();
                live.feed(&answer[..length], token);
                divan::black_box(live.statuses());
            }
            live.finish(&answer);
            live.statuses()
        });
}
