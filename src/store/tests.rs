use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::testing::records;
use super::*;
use crate::chat::{Conversation, Record, TurnId};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("data/conversations"));
    (dir, store)
}

fn header(id: &str) -> Record {
    Record::Conversation {
        version: Record::VERSION,
        id: id.to_owned(),
        created_ms: 1_700_000_000_000,
        system: None,
    }
}

fn prompt(turn: u32, text: &str) -> Record {
    Record::Turn {
        turn: TurnId(turn),
        parent: turn.checked_sub(1).map(TurnId),
        prompt: text.to_owned(),
        model: "tiny".to_owned(),
        method: "io".to_owned(),
        started_ms: 1_700_000_000_000,
        constraints: Vec::new(),
    }
}

fn answer(turn: u32, text: &str) -> Record {
    Record::Answer {
        turn: TurnId(turn),
        text: text.to_owned(),
    }
}

fn saved(store: &Store, prompts: &[&str]) -> String {
    let id = Store::new_id();
    let mut writer = store.create(&id).unwrap();
    writer.append(header(&id), Instant::now()).unwrap();
    for (turn, text) in (0..).zip(prompts) {
        writer.append(prompt(turn, text), Instant::now()).unwrap();
    }
    id
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    let (_dir, store) = store();
    let id = saved(&store, &["one"]);
    let (loaded, mut writer) = store.open(&id).unwrap();
    assert_eq!(loaded.conversation.unfinished().count(), 1);
    writer.append(answer(0, "an"), Instant::now()).unwrap();
    writer.append(answer(0, "swer"), Instant::now()).unwrap();
    writer.append(prompt(1, "two"), Instant::now()).unwrap();
    drop(writer);
    let loaded = store.load(&id).unwrap();
    assert_eq!(loaded.warned, 0);
    assert_eq!(loaded.conversation.turns()[0].answer, "answer");
    assert_eq!(loaded.conversation.head().unwrap().prompt, "two");
}

#[test]
fn two_writers_never_share_a_file_and_a_reader_may() {
    let (_dir, store) = store();
    let id = saved(&store, &["one"]);
    let (_, writer) = store.open(&id).unwrap();
    assert!(matches!(store.open(&id), Err(StoreError::Locked { .. })));
    assert!(matches!(store.remove(&id), Err(StoreError::Locked { .. })));
    assert_eq!(store.load(&id).unwrap().conversation.turns().len(), 1);
    drop(writer);
    store.remove(&id).unwrap();
    assert!(matches!(store.open(&id), Err(StoreError::NotFound { .. })));
}

#[test]
fn a_torn_end_is_not_glued_to_what_follows() {
    let (_dir, store) = store();
    let id = saved(&store, &["one"]);
    let path = store.path(&id).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(br#"{"type":"answer","turn":0,"te"#);
    std::fs::write(&path, bytes).unwrap();
    let (loaded, mut writer) = store.open(&id).unwrap();
    assert_eq!(loaded.warnings[0].trouble, Trouble::CutOff);
    writer.append(prompt(1, "two"), Instant::now()).unwrap();
    let loaded = store.load(&id).unwrap();
    assert_eq!(loaded.conversation.turns().len(), 2);
    assert_eq!(
        loaded.warnings,
        [Warning {
            line: 3,
            trouble: Trouble::Damaged
        }]
    );
}

#[test]
fn ids_are_found_by_their_start_and_never_leave_the_folder() {
    let (_dir, store) = store();
    assert!(matches!(store.find("0"), Err(StoreError::NotFound { .. })));
    let first = saved(&store, &["one"]);
    let second = saved(&store, &["two"]);
    assert_eq!(store.find(&first.to_uppercase()).unwrap(), first);
    assert_eq!(store.find(&second.replace('-', "")).unwrap(), second);
    assert!(matches!(
        store.find("0"),
        Err(StoreError::Ambiguous { matches: 2, .. })
    ));
    for bad in ["", "../../etc/passwd", "x", &first[..8]] {
        assert!(
            matches!(store.load(bad), Err(StoreError::NotFound { .. })),
            "{bad}"
        );
        assert!(
            matches!(store.create(bad), Err(StoreError::NotFound { .. })),
            "{bad}"
        );
    }
}

#[test]
fn the_latest_is_the_one_used_last() {
    let (_dir, store) = store();
    assert_eq!(store.latest().unwrap(), None);
    let first = saved(&store, &["one"]);
    let second = saved(&store, &["two"]);
    let touch = |id: &str, seconds| {
        let file = File::options()
            .append(true)
            .open(store.path(id).unwrap())
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
    };
    touch(&first, 20);
    touch(&second, 10);
    assert_eq!(store.latest().unwrap().as_deref(), Some(first.as_str()));
    let listed: Vec<_> = store
        .list()
        .unwrap()
        .summaries
        .into_iter()
        .map(|s| s.id)
        .collect();
    assert_eq!(listed, [first, second]);
}

#[test]
fn turns_are_those_of_the_branch_that_is_read() {
    let (_dir, store) = store();
    let id = saved(&store, &["one", "two", "three"]);
    let listed = || store.list().unwrap().summaries.remove(0);
    assert_eq!((listed().turns, listed().branches), (3, 1));
    assert_eq!(listed().length(), "3 turns");
    let (_, mut writer) = store.open(&id).unwrap();
    let again = |turn, parent| match prompt(turn, "again") {
        Record::Turn {
            prompt,
            model,
            method,
            started_ms,
            constraints,
            ..
        } => Record::Turn {
            turn: TurnId(turn),
            parent,
            prompt,
            model,
            method,
            started_ms,
            constraints,
        },
        record => record,
    };
    writer.append(again(3, None), Instant::now()).unwrap();
    assert_eq!(listed().length(), "1 turn, 2 branches");
    // One that a damaged file leaves without the turn before it counts nowhere.
    writer.append(again(4, Some(TurnId(9))), Instant::now()).unwrap();
    writer
        .append(
            Record::Head {
                turn: Some(TurnId(1)),
            },
            Instant::now(),
        )
        .unwrap();
    assert_eq!(listed().length(), "2 turns, 2 branches");
}

#[test]
fn a_list_follows_the_files_whatever_the_cache_says() {
    let (_dir, store) = store();
    assert!(store.list().unwrap().summaries.is_empty());
    let id = saved(&store, &["  hello\n\u{1b}[31mworld ", "more"]);
    let other = saved(&store, &["other"]);
    let listing = store.list().unwrap();
    let summary = listing.summaries.iter().find(|s| s.id == id).unwrap();
    assert_eq!(
        (
            summary.first_prompt.as_str(),
            summary.turns,
            summary.model.as_str(),
            summary.unfinished
        ),
        ("hello world", 2, "tiny", true)
    );
    assert_eq!(store.list().unwrap().summaries, listing.summaries);

    store.remove(&other).unwrap();
    let (_, mut writer) = store.open(&id).unwrap();
    writer
        .append(Record::Title { title: "T".into() }, Instant::now())
        .unwrap();
    let listing = store.list().unwrap();
    assert_eq!(listing.summaries.len(), 1);
    assert_eq!(listing.summaries[0].title.as_deref(), Some("T"));

    for rubbish in ["", "{", "[]", r#"{"version":1,"entries":[{}]}"#] {
        std::fs::write(store.dir().join(".summaries.json"), rubbish).unwrap();
        assert_eq!(store.list().unwrap().summaries, listing.summaries);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, store) = store();
    let id = saved(&store, &["secret"]);
    store.list().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store.path(&id).unwrap()), 0o600);
    assert_eq!(mode(&store.dir().join(".summaries.json")), 0o600);
    assert_eq!(mode(store.dir()), 0o700);
    assert_eq!(mode(&dir.path().join("data")), 0o700);
}

#[test]
fn a_folder_that_cannot_be_made_is_one_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "").unwrap();
    let store = Store::new(dir.path().join("file/conversations"));
    let error = store.create(&Store::new_id()).unwrap_err().to_string();
    assert!(error.starts_with("could not make the folder"), "{error}");
}

/// A device that takes nothing: what was not written is kept and tried again, and nothing panics.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_and_the_chat_can_go_on() {
    let file = File::options().append(true).open("/dev/full").unwrap();
    let mut writer = Writer::new("/dev/full".into(), file).unwrap();
    for _ in 0..3 {
        let error = writer.append(prompt(0, "one"), Instant::now()).unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_file_folds_to_the_conversation_that_was_shown(records in records(), steps in prop::collection::vec(0u64..300, 1..20)) {
        let (_dir, store) = store();
        let id = Store::new_id();
        let mut writer = store.create(&id).unwrap();
        let mut shown = Conversation::default();
        let mut now = Instant::now();
        for (record, step) in records.into_iter().zip(steps.into_iter().cycle()) {
            shown.apply(&record);
            writer.append(record, now).unwrap();
            now += Duration::from_millis(step);
        }
        writer.flush().unwrap();
        shown.id = id.clone();
        let loaded = store.load(&id).unwrap();
        prop_assert_eq!(loaded.warned, 0);
        prop_assert_eq!(loaded.conversation, shown);
    }
}
