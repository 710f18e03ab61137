//! The checkers against published verdicts, and the laws that every one of them keeps.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::path::PathBuf;

use proptest::prelude::*;
use raif::constraints::{
    Constraint, Kwargs, Scope, Semantics, Verdict,
    check::{LiveCheck, decide},
    checker::Checker,
    kinds::{self, ArgType, Kind},
};
use serde_json::{Value, json};

const BOTH: [Semantics; 2] = [Semantics::Official, Semantics::AsWorded];

/// All that a checker says of itself.
fn state(checker: &dyn Checker) -> (Verdict, String, Vec<std::ops::Range<usize>>) {
    (checker.verdict(), checker.value(), checker.places())
}

fn constraint(id: &str, kwargs: Kwargs) -> Constraint {
    Constraint {
        id: id.into(),
        kwargs,
        span: 0..0,
        scope: None,
    }
}

/// The rows of a file; none, said on stderr, where the shared material is missing.
fn rows(path: &str) -> Vec<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    match std::fs::read_to_string(&path) {
        Ok(text) => text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
        Err(error) => {
            eprintln!(
                "skipped: {} cannot be read ({error}); it is not part of this repository",
                path.display()
            );
            Vec::new()
        }
    }
}

/// Compares with published verdicts; the share that is the same, strict and loose, if there is anything to compare.
fn agreement(rows: &[Value]) -> Option<(f64, f64)> {
    let (mut same, mut all) = ([0, 0], [0, 0]);
    for row in rows {
        let lists = |name| row[name].as_array().unwrap().clone();
        for (i, id) in lists("instruction_id_list").iter().enumerate() {
            let kwargs = lists("kwargs")[i].as_object().cloned().unwrap_or_default();
            let constraint = constraint(id.as_str().unwrap(), kwargs);
            let prompt = row["prompt"].as_str().unwrap_or_default();
            let decision = decide(
                &constraint,
                prompt,
                row["response"].as_str().unwrap(),
                Semantics::Official,
            );
            for (mode, ours) in [("strict", decision.strict), ("loose", decision.loose)]
                .into_iter()
                .enumerate()
            {
                if let Some(published) = lists(ours.0)[i].as_bool() {
                    all[mode] += 1;
                    same[mode] += usize::from(ours.1 == Some(published));
                    if ours.1 != Some(published) {
                        eprintln!("{} {id}: published {published}, ours {:?}", ours.0, ours.1);
                    }
                }
            }
        }
    }
    (all[0] > 0).then(|| (same[0] as f64 / all[0] as f64, same[1] as f64 / all[1] as f64))
}

#[test]
fn ifeval_verdicts_are_the_published_ones() {
    if let Some((strict, loose)) = agreement(&rows("../shared/data/ifeval/answers_with_verdicts.jsonl")) {
        assert!(strict >= 0.995 && loose >= 0.995, "{strict} {loose}");
    }
}

#[test]
fn ifbench_verdicts_are_the_published_ones() {
    if let Some((strict, loose)) = agreement(&rows("../shared/data/ifbench/answers_with_verdicts.jsonl")) {
        assert!(strict >= 0.98 && loose >= 0.98, "{strict} {loose}");
    }
}

/// `tests/data/checker_vectors.jsonl` comes from the project's shared material: id, kwargs, text and what the published
/// code says.
#[test]
fn edge_cases_are_decided_as_published() {
    let vectors: Vec<Value> = rows("tests/data/checker_vectors.jsonl")
        .into_iter()
        .map(|row| {
            json!({
                "prompt": "", "response": row["text"], "instruction_id_list": [row["id"]], "kwargs": [row["kwargs"]],
                "strict": [row["strict"]], "loose": [row["loose"]],
            })
        })
        .collect();
    assert_eq!(agreement(&vectors), Some((1.0, 1.0)));
}

/// Arguments that suit texts of the alphabets below.
fn sample_kwargs(kind: &Kind, variant: usize) -> Kwargs {
    let mut kwargs = Kwargs::new();
    for (i, arg) in kind.args.iter().enumerate() {
        if arg.optional && variant.is_multiple_of(2) && arg.name != "num" && arg.name != "max_chars" {
            continue;
        }
        let value = match arg.kind {
            ArgType::Count => json!([1, 2, 3, 5][(variant + i) % 4]),
            ArgType::Relation => json!(["at least", "less than"][(variant / 2) % 2]),
            ArgType::Text => match arg.name {
                "letter" => json!(["a", "#", "É"][variant % 3]),
                "postscript_marker" => json!(["P.S.", "P.P.S", "Note"][variant % 3]),
                "options" => json!(["yes/no", "a), b), c)"][variant % 2]),
                _ => json!(["a b", "the", "a.b?", "Dr."][(variant + i) % 4]),
            },
            ArgType::TextList => match arg.name {
                "languages" => json!(["en", "de"]),
                _ => json!([["the", "a.b"], ["é", "b a"]][variant % 2]),
            },
            ArgType::Language => json!(["en", "sw"][variant % 2]),
            ArgType::Flag => json!(true),
        };
        kwargs.insert(arg.name.into(), value);
    }
    kwargs
}

fn checker(kind: &Kind, variant: usize, semantics: Semantics) -> Option<Box<dyn Checker>> {
    kind.checker(&sample_kwargs(kind, variant), "the prompt 字", semantics)
        .ok()
}

#[test]
fn every_kind_builds_from_its_own_arguments_and_has_a_label() {
    for kind in kinds::all() {
        for (variant, semantics) in (0..12).flat_map(|variant| BOTH.map(|semantics| (variant, semantics))) {
            let kwargs = sample_kwargs(kind, variant);
            if let Err(error) = kind.checker(&kwargs, "", semantics) {
                panic!("{}: {error} {kwargs:?}", kind.id);
            }
            assert!(
                !kind.label(&kwargs).is_empty() && !kind.about.is_empty(),
                "{}",
                kind.id
            );
        }
        assert!(!kind.label(&Kwargs::new()).is_empty());
    }
}

#[test]
fn what_is_missing_or_unknown_is_never_a_pass() {
    for kind in kinds::all().filter(|kind| kind.args.iter().any(|arg| !arg.optional)) {
        let decision = decide(
            &constraint(kind.id, Kwargs::new()),
            "p",
            "Some answer.",
            Semantics::Official,
        );
        assert_eq!((decision.strict, decision.loose), (None, None), "{}", kind.id);
    }
    let unknown = decide(
        &constraint("no:such_id", Kwargs::new()),
        "p",
        "Some answer.",
        Semantics::Official,
    );
    assert_eq!((unknown.strict, unknown.loose), (None, None));
    let pattern = json!({ "keywords": ["("] }).as_object().unwrap().clone();
    let invalid = decide(
        &constraint("keywords:existence", pattern),
        "p",
        "(",
        Semantics::Official,
    );
    assert_eq!(invalid.strict, None);
}

#[test]
fn integers_may_be_floats_or_strings() {
    for number in [json!(3), json!(3.0), json!("3")] {
        let kwargs = json!({ "num_words": number, "relation": "at least" })
            .as_object()
            .unwrap()
            .clone();
        let constraint = constraint("length_constraints:number_words", kwargs);
        assert_eq!(
            decide(&constraint, "", "one two three", Semantics::Official).strict,
            Some(true)
        );
        assert_eq!(
            decide(&constraint, "", "one two", Semantics::Official).strict,
            Some(false)
        );
    }
}

#[test]
fn a_blank_answer_follows_nothing() {
    for kind in kinds::all() {
        for semantics in BOTH {
            let constraints = [constraint(kind.id, sample_kwargs(kind, 1))];
            let decision = decide(&constraints[0], "", " \n\t\n ", semantics);
            assert_eq!(
                (decision.strict, decision.loose),
                (Some(false), Some(false)),
                "{}",
                kind.id
            );
            let mut live = LiveCheck::new(&constraints, "", semantics);
            live.finish("");
            assert_eq!(live.statuses()[0].verdict, Verdict::Broken, "{}", kind.id);
        }
    }
}

/// Pieces of answers: what ends words, sentences, lines and marks in every order.
fn pieces() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        8 => "[a-cA-CéÉ .,?!]{1,6}",
        3 => "[*#\"'<>\\[\\](){}|`:;/-]{1,3}",
        3 => proptest::sample::select(vec![
            "the ", "The ", "a b", "Dr. ", "1. ", "- ", "* ", "\n", "\n\n", "***", "******", "P.S. ", "yes", "```\n", "# ",
            "| a | b |\n| - | - |\n", "<i>a</i>", "{\"a\": 1}", "🙂", "😀 ", "中文。", "\u{a0}", "...", "I am ", "#a ", "14, ",
            "\r\n", "My Answer:", "Section 1", "a.b", "<<a>>", "!?", "ABC ",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The state after any chunking is the state after feeding everything at once; what is latched stays; in the end it is
    /// what the check of the finished answer says.
    #[test]
    fn live_is_batch(pieces in pieces(), variant in 0_usize..12) {
        let answer = pieces.concat();
        for kind in kinds::all() {
            for semantics in BOTH {
                let Some(mut live) = checker(kind, variant, semantics) else { continue };
                let mut latched = None;
                let mut length = 0;
                for piece in &pieces {
                    length += piece.len();
                    live.feed(&answer[..length], piece);
                    let verdict = live.verdict();
                    if let Some(latched) = latched {
                        prop_assert_eq!(verdict, latched, "{} changed a latched verdict", kind.id);
                    }
                    latched = verdict.is_latched().then_some(verdict);
                    let Some(mut once) = checker(kind, variant, semantics) else { continue };
                    once.feed(&answer[..length], &answer[..length]);
                    prop_assert_eq!(state(live.as_ref()), state(once.as_ref()), "{} {:?}", kind.id, &answer[..length]);
                }
                live.finish(&answer);
                let verdict = live.verdict();
                if let Some(latched) = latched {
                    prop_assert_eq!(verdict, latched, "{} changed a latched verdict at the end", kind.id);
                }
                // The language of a few letters is nobody's to tell, but the published checker tells one.
                let undecided = verdict == Verdict::NotCheckable;
                let may_be = kind.id == "language:response_language" && semantics == Semantics::AsWorded;
                prop_assert!(
                    matches!(verdict, Verdict::Met | Verdict::Broken) || (undecided && may_be),
                    "{} ends as {:?}", kind.id, verdict
                );
                for place in live.places() {
                    prop_assert!(answer.get(place.clone()).is_some(), "{} {:?}", kind.id, place);
                }
                let decision = decide(&constraint(kind.id, sample_kwargs(kind, variant)), "the prompt 字", &answer, semantics);
                let followed = verdict == Verdict::Met && !answer.trim().is_empty();
                prop_assert_eq!(decision.strict, (!undecided).then_some(followed), "{} {:?}", kind.id, answer);
                prop_assert!(decision.loose >= decision.strict, "{}", kind.id);
            }
        }
    }

    /// Nothing that an answer or an argument holds makes a checker panic.
    #[test]
    fn any_text_is_survived(answer in "\\PC{0,80}", argument in "\\PC{0,12}", number in any::<u32>()) {
        for kind in kinds::all() {
            let mut kwargs = Kwargs::new();
            for arg in kind.args {
                kwargs.insert(arg.name.into(), match arg.kind {
                    ArgType::Count => json!(number),
                    ArgType::Relation => json!("exactly"),
                    ArgType::Text | ArgType::Language => json!(argument),
                    ArgType::TextList => json!([argument]),
                    ArgType::Flag => json!(false),
                });
            }
            let _ = kind.label(&kwargs);
            for semantics in BOTH {
                decide(&constraint(kind.id, kwargs.clone()), &argument, &answer, semantics);
            }
        }
    }
}

#[test]
fn a_scope_binds_a_part_of_the_answer() {
    let answer = "One, two.\n\nNo comma here. Nor here.\n\n- a\n- b, c";
    let verdict = |part: &str, index: &str| {
        let scope = Some(Scope {
            part: part.into(),
            index: index.into(),
        });
        let constraint = Constraint {
            scope,
            ..constraint("punctuation:no_comma", Kwargs::new())
        };
        let mut live = LiveCheck::new(std::slice::from_ref(&constraint), "", Semantics::AsWorded);
        for (at, c) in answer.char_indices() {
            let end = at + c.len_utf8();
            live.feed(&answer[..end], &answer[at..end]);
        }
        live.finish(answer);
        let decision = decide(&constraint, "", answer, Semantics::AsWorded);
        let verdict = live.statuses()[0].verdict;
        assert_eq!(
            decision.strict,
            (verdict != Verdict::NotCheckable).then_some(verdict == Verdict::Met)
        );
        verdict
    };
    assert_eq!(verdict("paragraph", "1"), Verdict::Broken);
    assert_eq!(verdict("paragraph", "2"), Verdict::Met);
    assert_eq!(verdict("paragraph", "9"), Verdict::Broken);
    assert_eq!(verdict("bullet", "1"), Verdict::Met);
    assert_eq!(verdict("bullet", "each"), Verdict::Broken);
    assert_eq!(verdict("sentence", "2"), Verdict::Met);
    assert_eq!(verdict("line", "last"), Verdict::Broken);
    assert_eq!(verdict("speaker", "1"), Verdict::NotCheckable);
}

/// What once failed: a verdict latched in the middle of a piece.
#[test]
fn a_latched_verdict_has_the_same_value_however_the_answer_came() {
    let kind = kinds::all()
        .find(|kind| kind.id == "combination:two_responses")
        .unwrap();
    for answer in ["************.", "a******b******c******d"] {
        let mut whole = checker(kind, 0, Semantics::Official).unwrap();
        whole.feed(answer, answer);
        let mut pieces = checker(kind, 0, Semantics::Official).unwrap();
        for end in 1..=answer.len() {
            pieces.feed(&answer[..end], &answer[end - 1..end]);
        }
        assert_eq!(state(whole.as_ref()), state(pieces.as_ref()));
    }
}

/// The screen cuts the answer at the places that a rule gives.
#[test]
fn places_end_between_characters() {
    let answer = "• á\n• b\n「c」“d”、《e》。！？\n☐ 中文 🎉 f\n—g—\n";
    for kind in kinds::all() {
        for semantics in [Semantics::Official, Semantics::AsWorded] {
            for number in 0..3 {
                let Some(mut live) = checker(kind, number, semantics) else {
                    continue;
                };
                live.feed(answer, answer);
                live.finish(answer);
                for place in live.places() {
                    assert!(answer.get(place.clone()).is_some(), "{} {place:?}", kind.id);
                }
            }
        }
    }
}

/// Long runs of one thing, in small pieces. Work that grew with the square of the answer would not come to an end here.
#[test]
fn long_runs_of_one_thing_cost_what_they_hold() {
    const LENGTH: usize = 1 << 17;
    for unit in [
        "a", "(", "[", "\"", "'", "\n", " ", "*", "<", ".", "a. ", "?!", "- ", "`", "中", "{\"a\":[", "#",
    ] {
        let answer = unit.repeat(LENGTH / unit.len());
        for kind in kinds::all() {
            let Some(mut live) = checker(kind, 1, Semantics::Official) else {
                continue;
            };
            let step = unit.len() * (256 / unit.len());
            let mut length = 0;
            while length < answer.len() {
                let end = (length + step).min(answer.len());
                live.feed(&answer[..end], &answer[length..end]);
                length = end;
            }
            live.finish(&answer);
            assert!(live.verdict().is_latched(), "{}", kind.id);
        }
    }
}
