//! `raif ask`, the real binary, with recorded streams.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

#[path = "support/command.rs"]
mod command;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use command::{Bench, run};
use serde_json::Value;

const SCRIPT: &str = r#"
    {"type": "model", "name": "recorded", "reasoning": "opened"}
    {"type": "prefill", "tokens": 12, "ms": 1}
    {"type": "text", "text": "Two words.\n</think>\n\n", "ms": 1}
    {"type": "text", "text": "Hello\u001b[31m there,\nfriend.", "ms": 1}
"#;

fn ask(bench: &Bench, script: &str) -> Command {
    bench.scripted("ask", script)
}

#[test]
fn the_answer_is_on_standard_output_and_nothing_else() {
    let ran = run(ask(&Bench::new(), SCRIPT).arg("Hi"));
    assert_eq!(ran.code, Some(0));
    // A pipe gets every byte of the model's.
    assert_eq!(ran.out, "Hello\u{1b}[31m there,\nfriend.\n");
    assert_eq!(ran.err, "");
}

#[test]
fn thinking_goes_to_standard_error_on_request() {
    let ran = run(ask(&Bench::new(), SCRIPT).args(["--show-thinking", "Hi"]));
    assert_eq!(ran.out, "Hello\u{1b}[31m there,\nfriend.\n");
    assert_eq!(ran.err, "Two words.\n");
}

#[test]
fn json_has_exactly_the_documented_fields() {
    let ran = run(ask(&Bench::new(), SCRIPT).args(["--json", "--seed", "1", "Use no commas."]));
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(ran.out.lines().count(), 1, "one object on one line");
    let object: Value = serde_json::from_str(&ran.out).expect("JSON");
    let keys = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&object),
        [
            "model",
            "method",
            "prompt",
            "thinking",
            "answer",
            "finish",
            "constraints",
            "stats"
        ]
    );
    assert_eq!(
        keys(&object["stats"]),
        [
            "prompt_tokens",
            "cached_tokens",
            "thinking_tokens",
            "answer_tokens",
            "left_out_turns",
            "drafted_tokens",
            "accepted_tokens",
            "prefill_s",
            "decode_s",
            "ttft_s",
            "tokens_per_s"
        ]
    );
    assert_eq!(object["model"], "recorded");
    assert_eq!(object["method"], "io");
    assert_eq!(object["prompt"], "Use no commas.");
    assert_eq!(object["thinking"], "Two words.\n");
    assert_eq!(object["answer"], "Hello\u{1b}[31m there,\nfriend.");
    assert_eq!(object["finish"], "stop");
    assert_eq!(object["stats"]["prompt_tokens"], 12);
    assert_eq!(object["stats"]["answer_tokens"], 4);
}

#[test]
fn a_prompt_comes_from_standard_input() {
    let bench = Bench::new();
    for with_dash in [true, false] {
        let mut command = ask(&bench, SCRIPT);
        command.arg("--json");
        if with_dash {
            command.arg("-");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        child
            .stdin
            .take()
            .expect("a pipe")
            .write_all("Schreib über Käse.\n".as_bytes())
            .expect("written");
        let output = child.wait_with_output().expect("it ends");
        let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(object["prompt"], "Schreib über Käse.");
    }
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_wrong() {
    let bench = Bench::new();
    for (arguments, says) in [
        (vec![""], "the prompt is empty"),
        (vec![], "the prompt is empty"),
        (vec!["--method", "telepathy", "Hi"], "io"),
        (vec!["--temperature", "warm", "Hi"], "not a number from 0 to 10"),
        (vec!["--top-p", "NaN", "Hi"], "not a number from 0 to 1"),
        (vec!["--max-tokens", "0", "Hi"], "not a whole number from 1"),
        (vec!["--no-think", "--think-budget", "5", "Hi"], "--think-budget"),
    ] {
        let ran = run(ask(&bench, SCRIPT).args(&arguments));
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_prompt_that_is_not_text_is_refused() {
    let bench = Bench::new();
    let mut child = ask(&bench, SCRIPT)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(&[0xff, 0xfe, 0x00])
        .expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be read from standard input"));
}

#[test]
fn a_failure_exits_with_1_and_keeps_what_came() {
    let script = r#"
        {"type": "text", "text": "Half an"}
        {"type": "fail", "message": "the file is damaged"}
    "#;
    let bench = Bench::new();
    let ran = run(ask(&bench, script).arg("Hi"));
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "Half an\n"));
    assert_eq!(
        ran.err,
        "raif: the model failed while computing: the file is damaged\n"
    );
    let ran = run(ask(&bench, script).args(["--json", "Hi"]));
    let object: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, &object["finish"]), (Some(1), &Value::from("failed")));
    assert_eq!(object["answer"], "Half an");
}

#[test]
fn a_missing_model_or_script_is_one_clear_line() {
    let bench = Bench::new();
    for arguments in [["--script", "/no/such/file"], ["--model", "/no/such/file.gguf"]] {
        let ran = run(bench.raif().arg("ask").args(arguments).arg("Hi"));
        assert_eq!(ran.code, Some(1));
        assert!(ran.err.starts_with("raif: "), "{}", ran.err);
        assert!(ran.err.contains("/no/such/file"), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn budgets_and_skipping_reach_the_engine() {
    let bench = Bench::new();
    let ran = run(ask(&bench, SCRIPT).args(["--show-thinking", "--think-budget", "1", "Hi"]));
    assert_eq!(ran.err, "Two\n");
    let ran = run(ask(&bench, SCRIPT).args(["--show-thinking", "--no-think", "Hi"]));
    assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)));
    let ran = run(ask(&bench, SCRIPT).args(["--max-tokens", "6", "Hi"]));
    assert_eq!((ran.out.as_str(), ran.code), ("Hello\u{1b}[31m\n", Some(0)));
    assert!(ran.err.contains("--max-tokens"), "{}", ran.err);
}

#[test]
fn the_users_prompts_are_checked() {
    let bench = Bench::new();
    let config = bench.home.path().join("config");
    std::fs::create_dir_all(config.join("prompts")).expect("a folder");
    std::fs::write(config.join("prompts/sdc.md"), "Answer at once.").expect("written");
    let ran = run(ask(&bench, SCRIPT).env("RAIF_CONFIG_DIR", &config).arg("Hi"));
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("sdc.md") && ran.err.contains("{request}"),
        "{}",
        ran.err
    );
}

const ENDLESS: &str = r#"{"type": "loop", "text": "and on ", "ms": 5}"#;

#[test]
fn a_reader_who_leaves_is_no_error() {
    let bench = Bench::new();
    let mut child = ask(&bench, ENDLESS)
        .args(["--max-tokens", "100000", "Hi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut begin = [0; 6];
    child
        .stdout
        .take()
        .expect("a pipe")
        .read_exact(&mut begin)
        .expect("the answer begins");
    let output = child.wait_with_output().expect("it ends by itself");
    assert_eq!(&begin, b"and on");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_came_and_exits_with_130() {
    let script = r#"
        {"type": "model", "reasoning": "opened"}
        {"type": "text", "text": "Ready.</think>Begin: "}
        {"type": "loop", "text": "and on ", "ms": 5}
    "#;
    for json in [false, true] {
        let bench = Bench::new();
        let mut child = ask(&bench, script)
            .args(["--max-tokens", "100000", "--show-thinking", "Hi"])
            .args(json.then_some("--json"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut begin = [0; 6];
        let mut err = child.stderr.take().expect("a pipe");
        err.read_exact(&mut begin).expect("thinking begins");
        assert_eq!(&begin, b"Ready.");
        let killed = Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .expect("kill is there");
        assert!(killed.success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130));
        if json {
            let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
            assert_eq!(
                (&object["finish"], &object["thinking"]),
                (&"stopped".into(), &"Ready.".into())
            );
        } else {
            let out = String::from_utf8(output.stdout).expect("text");
            assert!(out.is_empty() || out.ends_with('\n'), "{out:?}");
        }
    }
}
