//! `raif sessions` and `raif config`, the real binary in folders of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Output;
use std::time::Instant;

use raif::chat::{CheckedConstraint, Finish, Record, Stats, ThinkingEnd, TurnId};
use raif::constraints::{Constraint, Kwargs, Verdict};
use raif::store::Store;

struct Home {
    dir: tempfile::TempDir,
    store: Store,
}

impl Home {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path().join("data/conversations"));
        Self { dir, store }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn raif(&self, args: &[&str]) -> Output {
        self.raif_with(args, &[])
    }

    fn raif_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        assert_cmd::cargo::cargo_bin_cmd!("raif")
            .args(args)
            .env_clear()
            .env("RAIF_CONFIG_DIR", self.path().join("config"))
            .env("RAIF_DATA_DIR", self.path().join("data"))
            .env("RAIF_STATE_DIR", self.path().join("state"))
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    /// A conversation of one turn; its id.
    fn saved(&self, prompt: &str, answer: &str, finish: Option<Finish>) -> String {
        let id = Store::new_id();
        let turn = TurnId(0);
        let mut writer = self.store.create(&id).unwrap();
        let mut records = vec![
            Record::Conversation {
                version: Record::VERSION,
                id: id.clone(),
                created_ms: 1_700_000_000_000,
                system: None,
            },
            Record::Turn {
                turn,
                parent: None,
                prompt: prompt.into(),
                model: "tiny".into(),
                method: "io".into(),
                started_ms: 1_700_000_000_000,
                constraints: vec![Constraint {
                    id: "punctuation:no_comma".into(),
                    kwargs: Kwargs::new(),
                    span: 0..4,
                    scope: None,
                }],
            },
            Record::Thinking {
                turn,
                text: "Hmm \u{1b}]0;owned\u{7}let me see.".into(),
            },
            Record::ThinkingEnded {
                turn,
                end: ThinkingEnd::Model,
                seconds: 2.0,
            },
            Record::Answer {
                turn,
                text: answer.into(),
            },
        ];
        records.extend(finish.map(|finish| Record::End {
            turn,
            finish,
            stats: Stats::default(),
            checked: vec![CheckedConstraint {
                constraint: 0,
                verdict: Verdict::Met,
                strict: Some(true),
                loose: Some(true),
                value: "0 commas".into(),
            }],
            error: None,
        }));
        for record in records {
            writer.append(record, Instant::now()).unwrap();
        }
        id
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn an_empty_store_says_so_and_is_not_made() {
    let home = Home::new();
    let list = home.raif(&["sessions", "list"]);
    assert!(list.status.success() && list.stdout.is_empty());
    assert!(err(&list).contains("No conversations yet"));
    assert_eq!(out(&home.raif(&["sessions", "list", "--json"])), "[]\n");
    let show = home.raif(&["sessions", "show"]);
    assert_eq!(show.status.code(), Some(1));
    assert!(err(&show).starts_with("raif: there are no conversations yet"));
    assert!(!home.path().join("data").exists());
}

#[test]
fn list_shows_each_conversation_by_an_id_that_finds_it() {
    let home = Home::new();
    for n in 0..5 {
        home.saved(
            &format!("prompt {n}\u{1b}[31m red"),
            "x",
            (n > 0).then_some(Finish::Stop),
        );
    }
    let text = out(&home.raif(&["sessions", "list"]));
    assert_eq!(text.lines().count(), 5);
    assert!(!text.contains('\u{1b}'));
    assert!(text.contains("prompt 0 red (unfinished)"), "{text}");
    for line in text.lines() {
        let id = line.split_whitespace().next().unwrap();
        assert!(home.raif(&["sessions", "show", id]).status.success(), "{id}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&home.raif(&["sessions", "list", "--json", "-n", "2"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[0]["turns"], 1);
}

#[test]
fn show_prints_everything_and_nothing_that_steers_a_terminal() {
    let home = Home::new();
    let id = home.saved(
        "Say it without commas",
        "It is \u{1b}[2J\u{9b}31mso\u{202e}.",
        Some(Finish::Stop),
    );
    let show = home.raif(&["sessions", "show", &id[..13]]);
    let text = out(&show);
    for part in [
        "You\n  Say it without commas",
        "Thought for 2 s\n  Hmm let me see.",
        "It is so.",
        "✓ met: Say",
        "(0 commas)",
        "[punctuation:no_comma]",
    ] {
        assert!(text.contains(part), "{part:?} in {text}");
    }
    assert!(
        !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{text:?}"
    );
    let json = out(&home.raif(&["sessions", "show", "--json"]));
    assert!(
        !json
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}')
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["turns"][0]["answer"], "It is \u{1b}[2J\u{9b}31mso\u{202e}.");
}

#[test]
fn a_damaged_transcript_is_shown_as_far_as_it_goes() {
    let home = Home::new();
    let id = home.saved("hello", "kept", None);
    let path = home.store.path(&id).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(b"\x00\xff rubbish\n{\"type\":\"answer\",\"turn\":0,\"te");
    std::fs::write(&path, bytes).unwrap();
    let show = home.raif(&["sessions", "show"]);
    assert!(show.status.success());
    assert!(out(&show).contains("kept") && out(&show).contains("interrupted"));
    assert!(err(&show).contains("line 6: damaged"), "{}", err(&show));
    assert!(err(&show).contains("line 7: cut off"), "{}", err(&show));
}

#[test]
fn search_looks_everywhere() {
    let home = Home::new();
    let first = home.saved("Why is the Sky blue?", "Scattering.", Some(Finish::Stop));
    home.saved("Something else", "Grass is green.", Some(Finish::Stop));
    let found = out(&home.raif(&["sessions", "search", "sKY"]));
    assert!(found.starts_with(&first), "{found}");
    assert!(found.contains("turn 1 prompt: …Why is the Sky blue?…"));
    assert_eq!(found.lines().count(), 2);
    let json: serde_json::Value =
        serde_json::from_slice(&home.raif(&["sessions", "search", "--json", "LET ME SEE"]).stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[0]["hits"][0]["part"], "thinking");
    let none = home.raif(&["sessions", "search", "nowhere"]);
    assert!(none.status.success() && none.stdout.is_empty());
}

#[test]
fn export_writes_each_format_and_overwrites_nothing() {
    let home = Home::new();
    home.saved("Say <b>", "Done.", Some(Finish::Stop));
    for (format, start) in [
        ("md", "# Say"),
        ("json", "{"),
        ("jsonl", "{\"type\":\"conversation\""),
        ("html", "<!doctype html>"),
    ] {
        let text = out(&home.raif(&["sessions", "export", "--format", format]));
        assert!(text.starts_with(start), "{format}: {text}");
    }
    let file = home.path().join("out.html");
    let args = [
        "sessions",
        "export",
        "--format",
        "html",
        "-o",
        file.to_str().unwrap(),
    ];
    assert!(home.raif(&args).status.success());
    let again = home.raif(&args);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("could not write"));
    assert_eq!(
        home.raif(&["sessions", "export", "--format", "pdf"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn rm_deletes_what_is_named_and_nothing_if_one_name_is_wrong() {
    let home = Home::new();
    let first = home.saved("one", "x", Some(Finish::Stop));
    let second = home.saved("two", "x", Some(Finish::Stop));
    let wrong = home.raif(&["sessions", "rm", &first, "no-such-id"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(err(&wrong).contains("there is no conversation"));
    let writer = home.store.open(&first).unwrap();
    assert!(err(&home.raif(&["sessions", "rm", &first])).contains("another raif is writing"));
    drop(writer);
    assert!(home.raif(&["sessions", "rm", &first]).status.success());
    let left = out(&home.raif(&["sessions", "list"]));
    assert_eq!(left.lines().count(), 1);
    assert!(home.store.load(&second).is_ok());
}

#[test]
fn config_is_made_once_and_shown_with_its_origins() {
    let home = Home::new();
    let file = home.path().join("config/config.toml");
    let path = out(&home.raif(&["config", "path"]));
    assert_eq!(Path::new(path.trim_end()), file);
    assert!(home.raif(&["config", "init"]).status.success());
    let again = home.raif(&["config", "init"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("is there already"));

    std::fs::write(&file, "method = \"cot\"\nmodle = 1\n").unwrap();
    let show = home.raif_with(&["config", "show"], &[("RAIF_SAMPLING_TEMPERATURE", "0.6")]);
    let text = out(&show);
    let line = |start: &str| text.lines().find(|l| l.starts_with(start)).unwrap_or_default();
    assert!(line("method").ends_with("config.toml:1"), "{text}");
    assert!(line("sampling.temperature = 0.6 ").ends_with("# RAIF_SAMPLING_TEMPERATURE"));
    assert!(line("screen.mouse = true").ends_with("# default"));
    assert!(line("#model").ends_with("# not set"));
    assert!(err(&show).contains("config.toml:2: there is no setting \"modle\""));
    // What is printed is a settings file.
    text.parse::<toml::Table>().unwrap();

    let json: serde_json::Value =
        serde_json::from_slice(&home.raif(&["config", "show", "--json"]).stdout).unwrap();
    let method = json["settings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["key"] == "method");
    assert_eq!(method.unwrap()["value"], "cot");
}

#[test]
fn a_wrong_setting_stops_with_its_place() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    std::fs::write(
        home.path().join("config/config.toml"),
        "[screen]\nmouse = \"yes\"\n",
    )
    .unwrap();
    let show = home.raif(&["config", "show"]);
    assert_eq!(show.status.code(), Some(1));
    assert!(
        err(&show).contains("config.toml:2: screen.mouse must be true or false, not \"yes\""),
        "{}",
        err(&show)
    );
}

#[test]
fn asking_for_nothing_is_wrong_usage_and_says_what_to_ask() {
    let home = Home::new();
    for (args, words) in [
        (&["sessions", "list", "-n", "0"][..], "leave it out to list all"),
        (&["sessions", "search", ""], "nothing to look for"),
        (&["sessions", "search", "  "], "nothing to look for"),
    ] {
        let output = home.raif(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(err(&output).contains(words), "{}", err(&output));
    }
}

#[test]
fn a_file_that_cannot_be_read_as_it_is_meant_is_named_with_its_line_and_what_to_do() {
    for (file, source, words) in [
        (
            "config.toml",
            "method = \"io\"\nmodel = starter\n",
            "config.toml:2: this is not TOML",
        ),
        (
            "keymap.toml",
            "[composer]\n\"ctrl+s\" = \"sned\"\n",
            "keymap.toml:2: [composer] \"ctrl+s\"",
        ),
        ("keymap.toml", "[composer\n", "keymap.toml:1: this is not TOML"),
        (
            "themes/dark.toml",
            "[styles]\nheading = \"blurple\"\n",
            "dark.toml:2: `blurple`",
        ),
    ] {
        let home = Home::new();
        let path = home.path().join("config").join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, source).unwrap();
        let output = home.raif(&["--plain"]);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(words) && said.contains("correct the line"),
            "{said}"
        );
        assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    }
}
