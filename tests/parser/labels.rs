//! Labelled rows, and constraints in a form in which two are equal if they mean the same.

use std::{collections::BTreeMap, path::Path};

use raif::constraints::{Kwargs, parse};
use serde_json::{Map, Value};

/// The rows of a labelled file; `None`, said aloud, where it is missing.
pub fn rows(name: &str) -> Option<Vec<Value>> {
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

pub fn parse_rows(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect()
}

pub fn canon(value: &Value) -> String {
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
pub fn atoms(id: &str, kwargs: &Kwargs) -> Vec<String> {
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

pub fn bag(ids: &[(String, Kwargs)]) -> Vec<String> {
    let mut all: Vec<String> = ids.iter().flat_map(|(id, kwargs)| atoms(id, kwargs)).collect();
    all.sort();
    all
}

pub fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

pub fn labelled(row: &Value) -> Vec<(String, Kwargs)> {
    let ids = row["instruction_id_list"].as_array().cloned().unwrap_or_default();
    let kwargs = row["kwargs"].as_array().cloned().unwrap_or_default();
    ids.iter()
        .zip(&kwargs)
        .map(|(id, kwargs)| (id.as_str().unwrap_or_default().to_owned(), object(kwargs)))
        .collect()
}

pub fn read(prompt: &str) -> Vec<(String, Kwargs)> {
    parse::parse(prompt)
        .constraints
        .into_iter()
        .map(|constraint| (constraint.id, constraint.kwargs))
        .collect()
}
