//! How constraints combine, contradict each other and persist, against labels.

use raif::constraints::{
    Kwargs,
    parse::{self, Node, NodeKind},
};
use serde_json::Value;

use crate::labels::{atoms, bag, object, parse_rows, read, rows};

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
    let mut all = parse_rows(include_str!("../data/compositions.jsonl"));
    all.extend(rows("composition.jsonl").unwrap_or_default());
    let right = all
        .iter()
        .filter(|row| {
            let prompt = row["prompt"].as_str().expect("a prompt");
            read_shape(&parse::parse(prompt).tree, &read(prompt)) == labelled_shape(&row["tree"])
        })
        .count();
    assert!(
        right as f64 >= 0.89 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

#[test]
fn contradictions_are_found() {
    let mut all = parse_rows(include_str!("../data/conflicts.jsonl"));
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
        right as f64 >= 0.92 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

#[test]
fn constraints_persist_over_turns() {
    let mut all = parse_rows(include_str!("../data/conversations.jsonl"));
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
        right as f64 >= 0.93 * all.len() as f64,
        "{right} of {}",
        all.len()
    );
}

#[test]
fn rules_are_called_off_in_any_order() {
    let rules = "Rules for this chat: no commas, no emojis, at most 50 words. What is tin?";
    let active = parse::follow(&[rules, "Drop the third rule and the first rule. What is zinc?"]);
    let left: Vec<&str> = active[1]
        .iter()
        .map(|active| active.constraint.id.as_str())
        .collect();
    assert_eq!(left, ["raif:emoji"]);
}

#[test]
fn the_tree_holds_every_constraint_once() {
    fn count(node: &Node, seen: &mut Vec<usize>) {
        seen.extend(node.constraint);
        node.children.iter().for_each(|child| count(child, seen));
    }
    for row in parse_rows(include_str!("../data/fresh_prompts.jsonl")) {
        let reading = parse::parse(row["prompt"].as_str().expect("a prompt"));
        let mut seen = Vec::new();
        count(&reading.tree, &mut seen);
        seen.sort_unstable();
        assert_eq!(seen, (0..reading.constraints.len()).collect::<Vec<_>>(), "{row}");
    }
}

#[test]
fn a_task_s_own_rules_end_with_it_whatever_else_stands() {
    let rule = "Write a poem of exactly 50 words about cats.";
    let standing = "From now on, use no commas.";
    for first in [format!("{rule} {standing}"), format!("{standing} {rule}")] {
        let active = parse::follow(&[&first, "Write a story about dogs."]);
        let left: Vec<&str> = active[1]
            .iter()
            .map(|active| active.constraint.id.as_str())
            .collect();
        assert_eq!(left, ["punctuation:no_comma"], "{first}");
    }
}

#[test]
fn cases_may_have_arrows() {
    let prompt = "Good news → two sentences, bad news → three bullets. The mail: we have won.";
    let reading = parse::parse(prompt);
    assert_eq!(reading.constraints.len(), 2);
    assert!(reading.tree.apart(0, 1), "{:?}", reading.tree);
}

#[test]
fn what_one_constraint_says_of_two_parts_is_no_sequence() {
    let reading =
        parse::parse("Every quoted phrase must be followed by an unquoted explanation. Topic: Wilde.");
    assert_eq!(reading.tree.kind, NodeKind::And);
    assert_eq!(reading.constraints.len(), 1);
}

#[test]
fn a_conversation_comes_back_to_earlier_work() {
    let prompts = [
        "Write a toast for my sister in exactly 80 words.",
        "How do you pronounce Saoirse?",
        "Back to the toast: make it warmer.",
        "Get it under 70.",
    ];
    let active = parse::follow(&prompts);
    let counts: Vec<usize> = active.iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 0, 1, 1]);
    assert_eq!(active[3][0].constraint.kwargs["num_words"], 70);
}
