//! The prompt parser against labelled prompts, and against hostile ones.
//!
//! The labelled files lie beside the project (`../shared/data`); where they are missing the tests that need them say so and pass.
//! The files of `tests/data` are the project's own, written from memory of how people word things and labelled before the parser
//! saw them: every id in several wordings, in several voices (`worded_prompts.jsonl`, whose `batch` says which came first), talk
//! about constraints that asks nothing, Chinese, compositions, contradictions, conversations.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::{collections::BTreeMap, path::Path};

use proptest::prelude::*;
use raif::constraints::{
    Kwargs,
    parse::{self, Node, NodeKind},
};
use serde_json::{Map, Value};

/// The rows of a labelled file; `None`, said aloud, where it is missing.
fn rows(name: &str) -> Option<Vec<Value>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(parse_rows(&text)),
        Err(_) => {
            eprintln!("skipped: the labelled prompts {name} are not here");
            None
        }
    }
}

fn parse_rows(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect()
}

fn canon(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 => format!("{}", float as i64),
            _ => number.to_string(),
        },
        Value::String(text) => text
            .to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        Value::Array(items) => {
            let mut items: Vec<String> = items.iter().map(canon).collect();
            items.sort();
            items.join("|")
        }
        other => other.to_string(),
    }
}

/// A constraint as comparable atoms: keyword lists one a word, ids that mean the same as one.
fn atoms(id: &str, kwargs: &Kwargs) -> Vec<String> {
    let each = |kind: &str, name: &str| -> Vec<String> {
        let items = kwargs
            .get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        items
            .iter()
            .map(|item| format!("{kind} {}", canon(item)))
            .collect()
    };
    let get = |name: &str| kwargs.get(name).map(canon).unwrap_or_default();
    match id {
        "count:word_count_range" => vec![format!("range {} {}", get("min_words"), get("max_words"))],
        "raif:word_range" => vec![format!("range {} {}", get("min"), get("max"))],
        "keywords:existence" => each("include", "keywords"),
        "raif:include_phrase" => each("include", "phrases"),
        "keywords:forbidden_words" => each("avoid", "forbidden_words"),
        "raif:avoid_phrase" => each("avoid", "phrases"),
        "keywords:frequency" if get("frequency") == "1" && get("relation") == "at least" => {
            vec![format!("include {}", get("keyword"))]
        }
        _ => {
            let arguments: BTreeMap<&str, String> = kwargs
                .iter()
                .filter(|(name, value)| {
                    let is_default = *name == "relation" && *value == "exactly"
                        || *name == "tolerance_pct" && canon(value) == "10";
                    !value.is_null() && !is_default
                })
                .map(|(name, value)| (name.as_str(), canon(value)))
                .collect();
            vec![format!("{id} {arguments:?}")]
        }
    }
}

fn bag(ids: &[(String, Kwargs)]) -> Vec<String> {
    let mut all: Vec<String> = ids.iter().flat_map(|(id, kwargs)| atoms(id, kwargs)).collect();
    all.sort();
    all
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn labelled(row: &Value) -> Vec<(String, Kwargs)> {
    let ids = row["instruction_id_list"].as_array().cloned().unwrap_or_default();
    let kwargs = row["kwargs"].as_array().cloned().unwrap_or_default();
    ids.iter()
        .zip(&kwargs)
        .map(|(id, kwargs)| (id.as_str().unwrap_or_default().to_owned(), object(kwargs)))
        .collect()
}

fn read(prompt: &str) -> Vec<(String, Kwargs)> {
    parse::parse(prompt)
        .constraints
        .into_iter()
        .map(|constraint| (constraint.id, constraint.kwargs))
        .collect()
}

struct Score {
    exact: f64,
    precision: f64,
    clean: f64,
}

fn score(rows: &[Value]) -> Score {
    let (mut right, mut positives, mut clean, mut negatives, mut hit, mut found) = (0, 0, 0, 0, 0, 0);
    for row in rows {
        let free: Vec<&str> = row["also_ok"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let wanted = labelled(row);
        let want = bag(&wanted);
        let mut have = read(row["prompt"].as_str().expect("a prompt"));
        have.retain(|(id, kwargs)| {
            !free.contains(&id.as_str()) || atoms(id, kwargs).iter().any(|atom| want.contains(atom))
        });
        let have = bag(&have);
        let mut rest = want.clone();
        for atom in &have {
            if let Some(at) = rest.iter().position(|other| other == atom) {
                rest.remove(at);
                hit += 1;
            }
        }
        found += have.len();
        if want.is_empty() {
            negatives += 1;
            clean += usize::from(have.is_empty());
        } else {
            positives += 1;
            right += usize::from(want == have);
        }
        if want != have {
            eprintln!("{}: wanted {want:?}, read {have:?}", row["key"]);
        }
    }
    let share = |part: usize, of: usize| if of == 0 { 1.0 } else { part as f64 / of as f64 };
    Score {
        exact: share(right, positives),
        precision: share(hit, found),
        clean: share(clean, negatives),
    }
}

#[test]
fn ifeval_prompts_are_read() {
    let Some(mut all) = rows("ifeval/prompts.jsonl") else {
        return;
    };
    let questionable = rows("ifeval/questionable.json")
        .map(|rows| rows[0].clone())
        .unwrap_or_default();
    let out: Vec<Value> = questionable.as_array().cloned().unwrap_or_default();
    all.retain(|row| !out.contains(&row["key"]));
    let score = score(&all);
    assert!(score.exact >= 0.95, "exact {}", score.exact);
}

#[test]
fn ifbench_prompts_are_read() {
    let Some(all) = rows("ifbench/prompts.jsonl") else {
        return;
    };
    let score = score(&all);
    assert!(score.exact >= 0.95, "exact {}", score.exact);
}

#[test]
fn everyday_prompts_are_read() {
    let Some(all) = rows("everyday.jsonl") else { return };
    let score = score(&all);
    assert!(
        score.exact >= 0.90 && score.precision >= 0.98,
        "exact {} precision {}",
        score.exact,
        score.precision
    );
}

#[test]
fn the_projects_own_prompts_are_read() {
    let mut all = parse_rows(include_str!("data/fresh_prompts.jsonl"));
    all.extend(parse_rows(include_str!("data/worded_prompts.jsonl")));
    all.extend(parse_rows(include_str!("data/prompts_zh.jsonl")));
    let score = score(&all);
    assert!(
        score.exact >= 0.95 && score.precision >= 0.98 && score.clean >= 0.97,
        "exact {} precision {} clean {}",
        score.exact,
        score.precision,
        score.clean
    );
}

#[test]
fn prompts_without_constraints_yield_none() {
    let Some(all) = rows("negatives.jsonl") else {
        return;
    };
    let score = score(&all);
    assert!(score.clean >= 0.97, "clean {}", score.clean);
}

#[test]
fn chinese_prompts_are_read() {
    let Some(all) = rows("prompts_zh.jsonl") else {
        return;
    };
    let score = score(&all);
    assert!(score.exact >= 0.85, "exact {}", score.exact);
}

/// The tree's shape with its atoms; the order of `and` does not matter.
fn shape(kind: &str, children: Vec<String>, atom: Option<Vec<String>>) -> String {
    match kind {
        "atom" => {
            let mut atoms = atom.unwrap_or_default();
            atoms.sort();
            atoms.join(";")
        }
        "and" => {
            let mut flat: Vec<String> = Vec::new();
            for child in children.into_iter().filter(|child| !child.is_empty()) {
                match child
                    .strip_prefix("and(")
                    .and_then(|child| child.strip_suffix(")and"))
                {
                    Some(inner) => flat.extend(inner.split(" & ").map(str::to_owned)),
                    None => flat.push(child),
                }
            }
            flat.sort();
            if flat.len() > 1 {
                format!("and({})and", flat.join(" & "))
            } else {
                flat.concat()
            }
        }
        _ => format!("{kind}<{}>", children.join(" , ")),
    }
}

fn labelled_shape(node: &Value) -> String {
    let children = node["children"]
        .as_array()
        .into_iter()
        .flatten()
        .map(labelled_shape)
        .collect();
    let atom = node["id"].as_str().map(|id| atoms(id, &object(&node["kwargs"])));
    shape(node["type"].as_str().unwrap_or_default(), children, atom)
}

fn read_shape(node: &Node, all: &[(String, Kwargs)]) -> String {
    let kind = match node.kind {
        NodeKind::And => "and",
        NodeKind::Chain => "chain",
        NodeKind::Selection => "selection",
        NodeKind::Atom => "atom",
    };
    let children = node.children.iter().map(|child| read_shape(child, all)).collect();
    shape(
        kind,
        children,
        node.constraint.map(|at| atoms(&all[at].0, &all[at].1)),
    )
}

#[test]
fn compositions_are_trees() {
    let mut all = parse_rows(include_str!("data/compositions.jsonl"));
    all.extend(rows("composition.jsonl").unwrap_or_default());
    let right = all
        .iter()
        .filter(|row| {
            let prompt = row["prompt"].as_str().expect("a prompt");
            read_shape(&parse::parse(prompt).tree, &read(prompt)) == labelled_shape(&row["tree"])
        })
        .count();
    assert!(
        right as f64 >= 0.85 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

#[test]
fn contradictions_are_found() {
    let mut all = parse_rows(include_str!("data/conflicts.jsonl"));
    all.extend(rows("conflicts.jsonl").unwrap_or_default());
    let right = all
        .iter()
        .filter(|row| {
            let reading = parse::parse(row["prompt"].as_str().expect("a prompt"));
            let mut have: Vec<Vec<String>> = reading
                .conflicts
                .iter()
                .map(|conflict| {
                    let mut pair = conflict
                        .pair
                        .map(|at| reading.constraints[at].id.clone())
                        .to_vec();
                    pair.sort();
                    pair
                })
                .collect();
            let mut want: Vec<Vec<String>> = serde_json::from_value(row["pairs"].clone()).expect("pairs");
            want.iter_mut().for_each(|pair| pair.sort());
            have.sort();
            want.sort();
            have == want
        })
        .count();
    assert!(
        right as f64 >= 0.85 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

#[test]
fn constraints_persist_over_turns() {
    let mut all = parse_rows(include_str!("data/conversations.jsonl"));
    all.extend(rows("multi_turn.jsonl").unwrap_or_default());
    let mut right = 0;
    for row in &all {
        let turns = row["turns"].as_array().expect("turns");
        let prompts: Vec<&str> = turns.iter().filter_map(|turn| turn["prompt"].as_str()).collect();
        let active = parse::follow(&prompts);
        right += usize::from(turns.iter().zip(&active).all(|(turn, active)| {
            let want: Vec<(String, Kwargs)> = turn["active"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|item| {
                    (
                        item["id"].as_str().unwrap_or_default().to_owned(),
                        object(&item["kwargs"]),
                    )
                })
                .collect();
            let have: Vec<(String, Kwargs)> = active
                .iter()
                .map(|active| (active.constraint.id.clone(), active.constraint.kwargs.clone()))
                .collect();
            bag(&want) == bag(&have)
        }));
    }
    assert!(
        right as f64 >= 0.85 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

/// What is said of a part binds that part: the id, the part and its index, `-` where the whole answer is meant.
#[test]
fn parts_of_the_answer_are_read() {
    for (prompt, wanted) in [
        (
            "Write about frogs. The first paragraph should have fewer than 40 words and the second paragraph must contain the word \"pond\".",
            "number_words paragraph 1, existence paragraph 2",
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

#[test]
fn the_tree_holds_every_constraint_once() {
    fn count(node: &Node, seen: &mut Vec<usize>) {
        seen.extend(node.constraint);
        node.children.iter().for_each(|child| count(child, seen));
    }
    for row in parse_rows(include_str!("data/fresh_prompts.jsonl")) {
        let reading = parse::parse(row["prompt"].as_str().expect("a prompt"));
        let mut seen = Vec::new();
        count(&reading.tree, &mut seen);
        seen.sort_unstable();
        assert_eq!(seen, (0..reading.constraints.len()).collect::<Vec<_>>(), "{row}");
    }
}

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
        "no word \"x\" ",
        "the above\n\n",
    ] {
        let prompt = format!("{}\n\nUse at most 30 words.", unit.repeat((1 << 18) / unit.len()));
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
