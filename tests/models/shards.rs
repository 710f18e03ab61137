//! Repositories of safetensors on a hub: fetched, verified and converted one file at a time.

use std::collections::HashMap;
use std::path::Path;

use raif::models::gguf::Gguf;

use crate::checkpoints::Checkpoint;
use crate::hub::{Hub, Manners};
use crate::machine::{Machine, files_below, run};
use crate::safetensors::folder;

/// A hub with the folder's files.
fn hub_of(folder: &str, manners: Manners) -> Hub {
    let files = files_below(Path::new(folder)).into_iter().map(|file| {
        let bytes = std::fs::read(Path::new(folder).join(&file)).unwrap();
        (file, bytes)
    });
    Hub::start(Manners {
        files: files.collect(),
        ..manners
    })
}

#[test]
fn a_repository_of_safetensors_is_converted_file_by_file() {
    let machine = Machine::new();
    let model = Checkpoint {
        shards: 3,
        ..Checkpoint::llama()
    };
    let source = folder(&machine, &model, "source");
    let hub = hub_of(&source, Manners::default());
    let ran = hub.pull(&machine, "me/Some-Model");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.err.matches("converting to Q4_K_M").count(), 3, "{}", ran.err);
    let path = run(machine.raif(["path", "me/Some-Model"])).out;
    assert!(path.ends_with("models/Some-Model-q4_k_m.gguf\n"), "{path}");
    let left = files_below(&machine.hub_home());
    assert!(
        !left.iter().any(|file| file.ends_with(".safetensors")),
        "{left:?}"
    );
    let ran = run(machine.raif(["import", &source, "--name", "direct"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let open = |name: &str| Gguf::open(&machine.data().join("models").join(name)).unwrap();
    let (pulled, direct) = (open("Some-Model-q4_k_m.gguf"), open("direct.gguf"));
    for tensor in direct.tensors() {
        let other = pulled.tensor(&tensor.name).unwrap();
        assert!(pulled.bytes(other) == direct.bytes(tensor), "{}", tensor.name);
    }
    assert_eq!(hub.pull(&machine, "me/Some-Model").code, Some(0));
    let shards = || hub.asked_for(".safetensors").len();
    let before = shards();
    assert_eq!(hub.pull(&machine, "me/Some-Model").code, Some(0));
    assert_eq!(shards(), before, "what is here is not fetched again");
}

#[test]
fn a_pull_that_broke_goes_on_with_the_next_file() {
    let machine = Machine::new();
    let model = Checkpoint {
        shards: 3,
        ..Checkpoint::qwen2()
    };
    let source = folder(&machine, &model, "source");
    let hub = hub_of(
        &source,
        Manners {
            cuts_of: Some(("model-00003-of-00003.safetensors".into(), 5)),
            ..Manners::default()
        },
    );
    let ran = hub.pull(&machine, "me/Some-Model");
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.last_line().contains("the connection broke"), "{}", ran.err);
    assert_eq!(
        run(machine.raif(["path", "me/Some-Model"])).code,
        Some(1),
        "half a model is none"
    );
    let first = || hub.asked_for("model-00001-of-00003.safetensors").len();
    let before = first();
    let ran = hub.pull(&machine, "me/Some-Model");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(first(), before, "what was converted is not fetched again");
    assert_eq!(ran.err.matches("converting").count(), 1, "{}", ran.err);
    assert_eq!(
        machine
            .files()
            .iter()
            .filter(|file| file.contains(".pull"))
            .count(),
        1,
        "the lock"
    );
}

#[test]
fn a_file_of_weights_that_was_not_verified_is_verified_before_it_is_converted() {
    let machine = Machine::new();
    let model = Checkpoint {
        shards: 2,
        ..Checkpoint::qwen2()
    };
    let source = folder(&machine, &model, "source");
    let hub = hub_of(&source, Manners::default());
    let shard = "model-00002-of-00002.safetensors";
    let snapshot = machine
        .hub_home()
        .join("hub/models--me--Some-Model/snapshots/c0ffee");
    std::fs::create_dir_all(&snapshot).unwrap();
    let leave = |bytes: &[u8]| {
        std::fs::write(snapshot.join(shard), bytes).unwrap();
        std::fs::write(snapshot.join(format!("{shard}.unverified")), "").unwrap();
    };
    // As a process leaves it that is killed before it has compared the checksum.
    let whole = std::fs::read(Path::new(&source).join(shard)).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    leave(&damaged);
    let ran = hub.pull(&machine, "me/Some-Model");
    assert!(ran.last_line().contains("SHA-256"), "{}", ran.err);
    assert_eq!(run(machine.raif(["path", "me/Some-Model"])).code, Some(1));
    assert_eq!(hub.asked_for(shard).len(), 0);
    leave(&whole);
    let ran = hub.pull(&machine, "me/Some-Model");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(hub.asked_for(shard).len(), 0, "what is whole is only verified");
}

#[test]
fn a_repository_without_a_model_is_said() {
    let machine = Machine::new();
    let readme = Manners {
        files: HashMap::from([("README.md".to_owned(), b"nothing".to_vec())]),
        ..Manners::default()
    };
    let ran = Hub::start(readme).pull(&machine, "me/Some-Model");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.last_line().contains("neither a GGUF nor safetensors"),
        "{}",
        ran.err
    );
}
