use std::collections::HashMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Settings from `text` as the user's file (none if empty) and `variables`.
fn load_from(text: &str, variables: &[(&str, &str)]) -> (tempfile::TempDir, Result<Config, ConfigError>) {
    let dir = tempfile::tempdir().unwrap();
    if !text.is_empty() {
        fs::write(dir.path().join("config.toml"), text).unwrap();
    }
    let mut env: HashMap<String, OsString> = variables
        .iter()
        .map(|(n, v)| ((*n).to_owned(), v.into()))
        .collect();
    env.insert("RAIF_CONFIG_DIR".to_owned(), dir.path().into());
    env.entry("RAIF_STATE_DIR".to_owned())
        .or_insert_with(|| dir.path().join("state").into());
    let config = load_with(|name| env.get(name).cloned());
    (dir, config)
}

fn error(text: &str, variables: &[(&str, &str)]) -> String {
    let (dir, config) = load_from(text, variables);
    let message = config.unwrap_err().to_string();
    message.replace(&format!("{}/", dir.path().display()), "")
}

fn all_settings() -> String {
    let on = |line: &str| match line.strip_prefix('#') {
        Some(value) if !value.starts_with(' ') && value.contains('=') => value.to_owned(),
        _ => line.to_owned(),
    };
    template().lines().map(|line| on(line) + "\n").collect()
}

#[test]
fn without_a_file_the_defaults_hold() {
    let (_dir, config) = load_from("", &[]);
    let config = config.unwrap();
    assert_eq!(config.settings.method, "io");
    assert_eq!(config.settings.options, Options::default());
    assert!(config.settings.screen.mouse && config.settings.screen.animation);
    assert!(config.shown().iter().all(|s| s.origin == Origin::Default));
}

#[test]
fn every_setting_is_documented_in_order_and_can_be_set() {
    let text = all_settings();
    let names: Vec<String> = file::entries(&text, Path::new("x"))
        .unwrap()
        .into_iter()
        .map(|entry| entry.key)
        .collect();
    let known: Vec<&str> = KEYS.iter().map(|k| k.name).collect();
    assert_eq!(names, known);
    let (_dir, config) = load_from(&text, &[]);
    let config = config.unwrap();
    assert_eq!(config.unknown, []);
    for shown in config.shown() {
        assert!(shown.value.is_some(), "{}", shown.key);
        assert!(matches!(shown.origin, Origin::File { .. }), "{}", shown.key);
    }
}

#[test]
fn the_template_changes_nothing() {
    let (_dir, plain) = load_from("", &[]);
    let (_dir, with) = load_from(&template(), &[]);
    assert_eq!(plain.unwrap().settings, with.unwrap().settings);
}

#[test]
fn the_environment_wins_over_the_file() {
    let (dir, config) = load_from(
        "model = \"a\"\nmethod = \"cot\"\n[sampling]\ntemperature = 1\nseed = 7",
        &[
            ("RAIF_MODEL", "b"),
            ("RAIF_SAMPLING_TEMPERATURE", "0.5"),
            ("RAIF_SCREEN_MOUSE", "false"),
            ("RAIF_METHOD", ""),
        ],
    );
    let config = config.unwrap();
    assert_eq!(config.settings.model.as_deref(), Some("b"));
    assert_eq!(config.settings.method, "cot");
    assert_eq!(config.settings.options.temperature, Some(0.5));
    assert_eq!(config.settings.options.seed, Some(7));
    assert!(!config.settings.screen.mouse);
    let origin = |key| {
        let shown = config.shown();
        shown.into_iter().find(|s| s.key == key).unwrap().origin
    };
    assert_eq!(origin("model"), Origin::Variable("RAIF_MODEL".into()));
    assert_eq!(origin("screen.bell"), Origin::Default);
    assert_eq!(
        origin("sampling.seed"),
        Origin::File {
            path: dir.path().join("config.toml"),
            line: 5
        }
    );
}

#[test]
fn a_value_that_cannot_be_names_its_place() {
    for (text, message) in [
        (
            "\n[sampling]\ntemperature = \"hot\"",
            "config.toml:3: sampling.temperature must be a number from 0 to 10, not \"hot\"",
        ),
        (
            "sampling.top_p = nan",
            "config.toml:1: sampling.top_p must be a number from 0 to 1, not NaN",
        ),
        (
            "threads = 0",
            "config.toml:1: threads must be a whole number, 1 or more, not 0",
        ),
        (
            "limits.max_tokens = -1",
            "config.toml:1: limits.max_tokens must be a whole number, 1 or more, not -1",
        ),
        (
            "ctx = 99999999999999999999",
            "config.toml:1: ctx must be a whole number, 1 or more, not a number that is too large",
        ),
        (
            "model = ['a']",
            "config.toml:1: model must be text in quotes, not a list",
        ),
        (
            "\nmethod = \"zzz\"",
            "config.toml:2: method must be one of io, cot, sdc, not \"zzz\"",
        ),
        ("method = \"\"", "config.toml:1: method must be a name, not \"\""),
        (
            "data_dir = \"here\"",
            "config.toml:1: data_dir must be an absolute path, not \"here\"",
        ),
        (
            "[screen]\nmouse = 1",
            "config.toml:2: screen.mouse must be true or false, not 1",
        ),
    ] {
        assert_eq!(error(text, &[]), message);
    }
    assert_eq!(
        error("", &[("RAIF_THREADS", "many")]),
        "RAIF_THREADS: threads must be a whole number, 1 or more, not \"many\""
    );
    assert!(error("\n\nmodel = ", &[]).starts_with("config.toml:3: this is not TOML: "));
}

#[test]
fn a_name_that_is_not_known_is_reported_and_passed_over() {
    let (_dir, config) = load_from(
        "modle = \"a\"\n[sampling]\nheat = 1\nseed = 2\n[model]\nx = 1",
        &[],
    );
    let config = config.unwrap();
    let unknown: Vec<_> = config.unknown.iter().map(|u| (u.line, u.key.as_str())).collect();
    assert_eq!(unknown, [(1, "modle"), (3, "sampling.heat"), (6, "model.x")]);
    assert_eq!(config.settings.options.seed, Some(2));
}

#[test]
fn a_setting_in_the_wrong_table_is_told_where_it_belongs() {
    let (_dir, config) = load_from(
        "theme = \"dark\"\n[screen]\nmodel = \"a\"\n[sampling]\nmax-tokens = 1",
        &[],
    );
    let said: Vec<String> = config.unwrap().unknown.iter().map(Unknown::to_string).collect();
    let ends = |at: usize, words: &str| assert!(said[at].ends_with(words), "{}", said[at]);
    ends(
        0,
        "config.toml:1: there is no setting \"theme\"; `theme` belongs below the line `[screen]`",
    );
    ends(
        1,
        "`model` belongs above the first line with a table, like `[screen]`",
    );
    ends(2, "`max_tokens` belongs below the line `[limits]`");
}

#[test]
fn the_data_folder_moves_with_its_setting() {
    let (_dir, config) = load_from("data_dir = \"/from/file\"", &[]);
    assert_eq!(
        config.unwrap().dirs.conversations(),
        Path::new("/from/file/conversations")
    );
    let (_dir, config) = load_from("data_dir = \"/from/file\"", &[("RAIF_DATA_DIR", "/from/env")]);
    assert_eq!(config.unwrap().dirs.models(), Path::new("/from/env/models"));
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let message = error(&"# x\n".repeat(300_000), &[]);
    assert!(message.contains("longer than 1 MiB"), "{message}");
}

#[test]
fn init_writes_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/config.toml");
    init(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), template());
    assert!(matches!(init(&path), Err(InitError::Exists { .. })));
}

proptest! {
    #[test]
    fn no_file_makes_it_panic(text in "[a-z.=\\[\\]\"' \\n0-9#{},-]{0,80}") {
        let _ = file::entries(&text, Path::new("x"));
    }
}

#[test]
fn what_the_chat_remembers_holds_until_the_user_says_otherwise() {
    let state = tempfile::tempdir().unwrap();
    let path = state.path().join("screen.toml");
    let there = [("RAIF_STATE_DIR", state.path().to_str().unwrap())];
    let screen = |text: &str| load_from(text, &there).1.unwrap().settings.screen;
    assert!(!screen("").fold_thinking && screen("").show_constraints);
    let left = Remembered {
        fold_thinking: true,
        show_constraints: false,
    };
    remember(&path, left).unwrap();
    assert!(screen("").fold_thinking && !screen("").show_constraints);
    let said = screen("[screen]\nfold_thinking = false");
    assert!(!said.fold_thinking && !said.show_constraints);
    // A damaged file is no reason not to start.
    fs::write(&path, "[screen]\nfold_thinking = 7\nshow").unwrap();
    assert!(!screen("").fold_thinking);
}
