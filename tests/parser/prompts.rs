//! What is read in a prompt, against labels.

use serde_json::Value;

use crate::labels::{atoms, bag, labelled, parse_rows, read, rows};

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
    let mut all = parse_rows(include_str!("../data/fresh_prompts.jsonl"));
    all.extend(parse_rows(include_str!("../data/worded_prompts.jsonl")));
    all.extend(parse_rows(include_str!("../data/prompts_zh.jsonl")));
    let score = score(&all);
    assert!(
        score.exact >= 0.98 && score.precision >= 0.99 && score.clean >= 0.99,
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
    assert!(score.exact >= 0.95, "exact {}", score.exact);
}
