//! `raif eval`, the real binary: with recorded streams, and with the starter model.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

#[path = "support/command.rs"]
mod command;
#[path = "support/test_models.rs"]
mod test_models;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use command::{Bench, Ran, run};
use serde_json::{Value, json};

/// Three prompts: one instruction, two, and one that no program can check.
const DATA: &str = r#"
{"key": 1, "prompt": "Use no commas.", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
{"key": 2, "prompt": "Quote, small.", "instruction_id_list": ["startend:quotation", "change_case:english_lowercase"], "kwargs": [{}, {}]}
{"key": "three", "prompt": "Write a lot.", "instruction_id_list": ["length_constraints:number_words"], "kwargs": [null]}
"#;

/// The first answer follows without its thinking only; the second half of its instructions, and all when read loosely.
const SCRIPT: &str = r#"
    {"type": "model", "name": "recorded", "reasoning": "opened"}
    {"type": "reply"}
    {"type": "text", "text": "Well, commas,\n</think>\n\nNone here."}
    {"type": "reply"}
    {"type": "text", "text": "Quotes,\n</think>\n\nsure:\n\"this is a small answer which is written in english\""}
    {"type": "reply"}
    {"type": "text", "text": "A lot,\n</think>\n\nWords."}
"#;

/// `raif eval ifeval --data DATA --out OUT` with a script.
fn eval(bench: &Bench, script: &str) -> Command {
    let mut command = bench.scripted("eval ifeval", script);
    command.arg("--data").arg(bench.file("data.jsonl", DATA));
    command.arg("--out").arg(bench.home.path().join("out.jsonl"));
    command
}

fn rows(bench: &Bench) -> Vec<Value> {
    let text = std::fs::read_to_string(bench.home.path().join("out.jsonl")).unwrap();
    let rows = text
        .lines()
        .map(|row| serde_json::from_str(row).expect("a whole row"));
    rows.collect()
}

/// Rows as the benchmark has its prompts: side by side they end in any order.
fn in_order(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(|row| (row["key"].is_string(), row["key"].to_string()));
    rows
}

fn report(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).expect("one object")
}

const ACCURACIES: [&str; 4] = [
    "prompt_strict",
    "instruction_strict",
    "prompt_loose",
    "instruction_loose",
];

fn accuracies(report: &Value) -> [f64; 4] {
    ACCURACIES.map(|name| report[name].as_f64().expect("a share"))
}

#[test]
fn the_four_accuracies_are_of_answers_without_their_thinking() {
    let bench = Bench::new();
    let ran = run(eval(&bench, SCRIPT).arg("--json"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let report = report(&ran);
    assert_eq!(accuracies(&report), [1.0 / 3.0, 2.0 / 4.0, 2.0 / 3.0, 3.0 / 4.0]);
    assert_eq!(
        (&report["prompts"], &report["instructions"]),
        (&json!(3), &json!(4))
    );
    assert_eq!(
        (&report["not_checkable"], &report["model"]),
        (&json!(1), &json!("recorded"))
    );
    assert!(ran.err.contains("1 of 3 · "), "{}", ran.err);
    let rows = in_order(rows(&bench));
    assert_eq!(rows[0]["response"], "None here.");
    assert_eq!(rows[0]["thinking"], "Well, commas,\n");
    assert_eq!(rows[0]["run"]["temperature"], json!(0.6));
    assert_eq!(rows[2]["strict"], json!([null]));

    let table = run(bench
        .scripted("eval ifeval", SCRIPT)
        .arg("--data")
        .arg(bench.home.path().join("data.jsonl")));
    assert!(
        table
            .out
            .contains("strict        33.3 %         50.0 %\nloose         66.7 %         75.0 %\n"),
        "{}",
        table.out
    );
    assert!(
        table.out.contains("unchecked  1 of 4 instructions"),
        "{}",
        table.out
    );
}

#[test]
fn an_answer_that_was_kept_can_be_checked_again() {
    let bench = Bench::new();
    assert_eq!(run(&mut eval(&bench, SCRIPT)).code, Some(0));
    let out = std::fs::File::open(bench.home.path().join("out.jsonl")).unwrap();
    let checked = run(bench
        .raif()
        .args(["check", "--batch", "--semantics", "official"])
        .stdin(out));
    let checked: Vec<Value> = checked
        .out
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    for (row, again) in rows(&bench).iter().zip(&checked) {
        for name in ["key", "strict", "loose", "follow_all_strict", "follow_all_loose"] {
            assert_eq!(row[name], again[name]);
        }
    }
    assert_eq!(checked.len(), 3);
}

#[test]
fn a_run_goes_on_where_it_was_even_within_a_row() {
    let bench = Bench::new();
    let whole = accuracies(&report(&run(eval(&bench, SCRIPT).arg("--json"))));
    let out = bench.home.path().join("out.jsonl");
    let text = std::fs::read_to_string(&out).unwrap();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.sort_by_key(|line| (line.starts_with("{\"key\":\"three\""), *line));
    // What plays next is what was not answered: the script begins with it.
    let third = SCRIPT
        .lines()
        .filter(|line| !line.contains("None here") && !line.contains("Quotes,"));
    let third = third
        .collect::<Vec<_>>()
        .join("\n")
        .replacen("{\"type\": \"reply\"}", "", 2);
    for kept in [
        lines[..2].concat(),
        [&lines[..2].concat(), &lines[2][..40]].concat(),
    ] {
        std::fs::write(&out, kept).unwrap();
        let ran = run(eval(&bench, &third).arg("--json"));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(accuracies(&report(&ran)), whole);
        assert_eq!(
            in_order(rows(&bench))
                .iter()
                .map(|row| &row["key"])
                .collect::<Vec<_>>(),
            [&json!(1), &json!(2), &json!("three")]
        );
    }
    // All is done: the model is not asked, and a shorter run counts its own prompts alone.
    let fails = r#"{"type": "model", "name": "recorded"}
        {"type": "fail", "message": "asked"}"#;
    let ran = run(eval(&bench, fails).args(["--limit", "1", "--json"]));
    assert_eq!(
        (ran.code, accuracies(&report(&ran))),
        (Some(0), [1.0; 4]),
        "{}",
        ran.err
    );
}

#[test]
fn what_would_mix_two_runs_is_refused() {
    let bench = Bench::new();
    assert_eq!(run(&mut eval(&bench, SCRIPT)).code, Some(0));
    let before = rows(&bench);
    let ran = run(eval(&bench, SCRIPT).args(["--max-tokens", "50"]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("max_tokens: 4096 there, 50 here"), "{}", ran.err);
    // More at once is the same run.
    assert_eq!(run(eval(&bench, SCRIPT).args(["--batch", "1"])).code, Some(0));
    let mut other = eval(&bench, SCRIPT);
    bench.file("data.jsonl", &DATA.replace("Use no", "Never use"));
    let ran = run(&mut other);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("another prompt with the key 1"), "{}", ran.err);
    assert_eq!(rows(&bench), before);
    // The benchmark itself as --out is nobody's answers.
    let data = bench.file("data.jsonl", DATA);
    let ran = run(bench
        .scripted("eval ifeval", SCRIPT)
        .arg("--data")
        .arg(&data)
        .arg("--out")
        .arg(&data));
    assert!(ran.err.contains("is no answer of `raif eval`"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(data).unwrap(), DATA);
}

#[test]
fn a_prompt_that_fails_is_said_and_asked_again_by_the_next_run() {
    let script = SCRIPT.replacen(
        "{\"type\": \"text\", \"text\": \"Quotes,",
        "{\"type\": \"fail\", \"message\": \"out of paper\"}\n{\"type\": \"text\", \"text\": \"Quotes,",
        1,
    );
    let bench = Bench::new();
    let ran = run(eval(&bench, &script).arg("--json"));
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("the prompt 2 is not answered") && ran.err.contains("out of paper"),
        "{}",
        ran.err
    );
    let report = report(&ran);
    assert_eq!((&report["failed"], &report["prompts"]), (&json!(1), &json!(2)));
    assert_eq!(rows(&bench).len(), 2);
    assert_eq!(run(&mut eval(&bench, SCRIPT)).code, Some(0));
    assert_eq!(rows(&bench)[2]["key"], 2);
}

#[test]
fn a_benchmark_that_cannot_be_used_is_refused_before_anything_is_asked() {
    let bench = Bench::new();
    let mut command = eval(&bench, SCRIPT);
    bench.file(
        "data.jsonl",
        &DATA.replace("startend:quotation", "startend:telepathy"),
    );
    let ran = run(&mut command);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(
        ran.err.contains("line 3 of the benchmark") && ran.err.contains("startend:telepathy"),
        "{}",
        ran.err
    );
    assert!(!bench.home.path().join("out.jsonl").exists());
    let ran = run(bench.raif().args(["eval", "ifeval"]));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("--data"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_finished_and_exits_with_130() {
    let script = format!("{SCRIPT}\n{{\"type\": \"loop\", \"text\": \" and on\", \"ms\": 5}}");
    let bench = Bench::new();
    let out = bench.home.path().join("out.jsonl");
    let mut command = eval(&bench, &script);
    command.args(["--json", "--max-tokens", "100000"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let lines = || std::fs::read_to_string(&out).map_or(0, |text| text.lines().count());
    while lines() < 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "two answers come at once"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    let interrupt = ["-INT", &child.id().to_string()].map(str::to_owned);
    assert!(Command::new("kill").args(interrupt).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["prompts"], &report["prompts_in_all"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(rows(&bench).len(), 2);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        err.contains("stopped after 2 of 3 prompts: the same command goes on"),
        "{err}"
    );
}

/// Material beside the package; `None`, said aloud, where there is none.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/ifeval")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", path.display());
    None
}

/// A model that says what was once answered gets what the published checkers gave for it.
#[test]
fn answers_with_published_verdicts_get_their_accuracies() {
    let Some(data) = shared("answers_with_verdicts.jsonl") else {
        return;
    };
    let answers: Vec<Value> = std::fs::read_to_string(&data)
        .unwrap()
        .lines()
        .map(|row| serde_json::from_str(row).unwrap())
        .collect();
    let replies = answers.iter().map(|row| {
        format!(
            "{{\"type\": \"reply\"}}\n{}\n",
            json!({ "type": "text", "text": row["response"] })
        )
    });
    let script: String = replies.collect();
    let bench = Bench::new();
    let mut command = bench.scripted("eval ifeval", &script);
    let ran = run(command.arg("--data").arg(&data).arg("--json"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let expected = ["strict", "loose"].map(|name| {
        let verdicts = answers.iter().map(|row| row[name].as_array().unwrap());
        let all: Vec<&Value> = verdicts.clone().flatten().collect();
        let followed = all.iter().filter(|verdict| **verdict == &json!(true)).count();
        let prompts = verdicts.filter(|verdicts| verdicts.iter().all(|verdict| *verdict == json!(true)));
        [
            prompts.count() as f64 / answers.len() as f64,
            followed as f64 / all.len() as f64,
        ]
    });
    assert_eq!(accuracies(&report(&ran)).to_vec(), expected.concat());
}

/// Whatever the method: company changes no answer.
#[test]
fn the_starter_answers_in_a_batch_as_it_does_alone() {
    let (Some(model), Some(data)) = (test_models::model(test_models::STARTER), shared("prompts.jsonl"))
    else {
        return;
    };
    for (method, limit) in [("io", "6"), ("sdc", "3")] {
        let [alone, together] = ["1", "4"].map(|batch| {
            let bench = Bench::new();
            let out = bench.home.path().join("out.jsonl");
            let mut command = bench.raif();
            command.args([
                "eval",
                "ifeval",
                "--temperature",
                "0",
                "--max-tokens",
                "24",
                "--json",
            ]);
            command.args(["--limit", limit, "--batch", batch, "--method", method]);
            command
                .arg("--data")
                .arg(&data)
                .arg("--model")
                .arg(&model)
                .arg("--out")
                .arg(&out);
            let ran = run(&mut command);
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            let mut rows = rows(&bench);
            rows.sort_by_key(|row| row["key"].as_u64());
            let said = |row: &Value| ["key", "thinking", "response", "finish"].map(|name| row[name].clone());
            (
                accuracies(&report(&ran)),
                rows.iter().map(said).collect::<Vec<_>>(),
            )
        });
        assert_eq!(alone.1.len().to_string(), limit);
        assert_eq!(together, alone, "{method}");
    }
}
