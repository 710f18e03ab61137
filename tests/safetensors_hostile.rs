//! Damaged folders of safetensors: an error or a sound plan each, no panic, no allocation beyond what the files are worth.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

#[path = "../src/models/convert/testing.rs"]
mod checkpoints;

use std::path::Path;

use checkpoints::Checkpoint;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use raif::models::{ModelFile, Quant};

/// What reading a folder may take beyond its files' size, in bytes.
const READING_MEMORY: usize = 192 << 20;

const FILES: [&str; 5] = [
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "model.safetensors.index.json",
    "model-00001-of-00002.safetensors",
];

/// What is done to a sound file; places are shares of its length.
#[derive(Clone, Debug)]
enum Damage {
    Byte(u16, u8),
    Cut(u16),
    /// A number, bracket or word of JSON written over what is there.
    Json(u16, &'static str),
    /// A digit made another one: sizes, offsets, ids.
    Digit(u16, u8),
    /// The eight bytes before a header.
    Length(u64),
    Copy {
        from: u16,
        to: u16,
        length: u8,
    },
}

const WORDS: [&str; 14] = [
    "18446744073709551615",
    "-1",
    "1e999",
    "0",
    "null",
    "[]",
    "{}",
    "\"../../x\"",
    "\"\\u0000\"",
    "[[[[[[[[",
    "\"F64\"",
    "true",
    ",",
    "\"",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<u16>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        at().prop_map(Damage::Cut),
        (at(), 0..WORDS.len()).prop_map(|(at, word)| Damage::Json(at, WORDS[word])),
        (at(), b'0'..=b'9').prop_map(|(at, digit)| Damage::Digit(at, digit)),
        (at(), b'0'..=b'9').prop_map(|(at, digit)| Damage::Digit(at, digit)),
        any::<u64>().prop_map(Damage::Length),
        (0..1u64 << 20).prop_map(Damage::Length),
        (at(), at(), any::<u8>()).prop_map(|(from, to, length)| Damage::Copy { from, to, length }),
    ]
}

/// The part of a file that is read for a plan.
fn head(bytes: &[u8]) -> usize {
    bytes.len().min(24_000)
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    let len = head(bytes);
    let place = |share: u16| usize::from(share) * len / 65_536;
    match damage {
        Damage::Byte(at, byte) if len > 0 => bytes[place(*at)] = *byte,
        Damage::Cut(at) => bytes.truncate(place(*at)),
        Damage::Json(at, word) => {
            let at = place(*at);
            let end = (at + word.len()).min(bytes.len());
            bytes.splice(at..end, word.bytes());
        }
        Damage::Digit(at, digit) => {
            let from = place(*at);
            if let Some(there) = bytes[from..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                *there = *digit;
            }
        }
        Damage::Length(length) if len >= 8 => bytes[..8].copy_from_slice(&length.to_le_bytes()),
        Damage::Copy { from, to, length } => {
            let (from, to) = (place(*from), place(*to));
            let length = usize::from(*length).min(len - from.max(to));
            bytes.copy_within(from..from + length, to);
        }
        Damage::Byte(..) | Damage::Length(_) => {}
    }
}

/// Whether the folder is taken; what is taken must be sound.
fn check(folder: &Path) -> bool {
    let Ok(file) = ModelFile::of_folder(folder, Quant::Q8_0) else {
        return false;
    };
    assert!(file.parameters > 0 && file.bytes > 0);
    true
}

/// The most address space that this process ever had; `None` where the system does not say.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

/// Damages a small folder of `family` in `cases` ways; leaves it sound. How many were refused.
fn damaged(family: Checkpoint, folder: &Path, cases: u32) -> u32 {
    let small = Checkpoint {
        shards: 2,
        layers: 1,
        // It is written twice a case.
        width: 32,
        hidden: 32,
        heads: 1,
        kv_heads: 1,
        ..family
    };
    small.write_to(folder);
    let path = |file: &str| folder.join(file);
    let whole = FILES.map(|file| std::fs::read(path(file)).unwrap());
    assert!(
        check(folder),
        "{} is sound before it is damaged",
        small.model_type
    );
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let damages = (0..FILES.len(), prop::collection::vec(damage(), 1..4));
    let refused = std::cell::Cell::new(0);
    let result = TestRunner::new(config).run(&damages, |(file, damages)| {
        let mut bytes = whole[file].clone();
        damages.iter().for_each(|damage| apply(&mut bytes, damage));
        std::fs::write(path(FILES[file]), &bytes).unwrap();
        refused.set(refused.get() + u32::from(!check(folder)));
        std::fs::write(path(FILES[file]), &whole[file]).unwrap();
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    refused.get()
}

/// The only test of this process, so that its memory is this test's.
#[test]
fn ten_thousand_damaged_folders() {
    let folder = tempfile::tempdir().unwrap();
    let before = peak();
    let families = [
        Checkpoint::llama,
        Checkpoint::mistral,
        Checkpoint::qwen3,
        Checkpoint::qwen2,
    ];
    for family in families {
        let refused = damaged(family(), folder.path(), 2_500);
        assert!((250..2_500).contains(&refused), "{refused} were refused");
    }

    places_outside_the_folder_are_refused(folder.path());

    // Lists as long as their files let them be.
    let path = |file: &str| folder.path().join(file);
    let mut largest = 0;
    for (file, open, item, close) in [
        (
            "tokenizer.json",
            "{\"model\":{\"vocab\":{",
            "\"\":0,",
            "\"\":0}}}",
        ),
        ("tokenizer.json", "{\"model\":{\"merges\":[", "\"\",", "\"\"]}}"),
        ("tokenizer.json", "{\"model\":{\"merges\":[", "[],", "[]]}}"),
        (
            "tokenizer.json",
            "{\"added_tokens\":[",
            "{\"id\":0,\"content\":\"\"},",
            "0]}",
        ),
        (
            "tokenizer.json",
            "{\"pre_tokenizer\":{\"type\":\"\",\"parts\":[",
            "{\"type\":\"\"},",
            "0]}}",
        ),
        ("tokenizer_config.json", "{\"chat_template\":[", "{},", "{}]}"),
        ("config.json", "{\"eos_token_id\":[", "0,", "0]}"),
        (
            "model.safetensors.index.json",
            "{\"weight_map\":{",
            "\"\":\"\",",
            "\"\":\"\"}}",
        ),
    ] {
        let mut text = open.to_owned();
        text += &item.repeat((16 << 20) / item.len());
        text += close;
        largest = largest.max(text.len());
        let sound = std::fs::read(path(file)).unwrap();
        std::fs::write(path(file), text).unwrap();
        assert!(!check(folder.path()), "{file}");
        std::fs::write(path(file), sound).unwrap();
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        let allowed = 2 * largest + READING_MEMORY;
        assert!(after - before <= allowed, "{} MB", (after - before) >> 20);
    }
}

fn places_outside_the_folder_are_refused(folder: &Path) {
    let index = folder.join("model.safetensors.index.json");
    let sound = std::fs::read_to_string(&index).unwrap();
    let shard = "model-00001-of-00002.safetensors";
    for name in [
        "../../x.safetensors",
        "/etc/x.safetensors",
        "sub/x.safetensors",
        ".safetensors",
        "..",
        "",
        "model.bin",
    ] {
        std::fs::write(&index, sound.replacen(shard, name, 1)).unwrap();
        let error = ModelFile::of_folder(folder, Quant::Q8_0).unwrap_err().to_string();
        assert!(error.contains("is not a file of this folder"), "{name}: {error}");
    }
    std::fs::write(&index, &sound).unwrap();
    #[cfg(unix)]
    {
        let shard = folder.join(shard);
        let kept = folder.join("kept");
        std::fs::rename(&shard, &kept).unwrap();
        // A link as the hub's cache has them is followed; one to nothing, to itself, to a device or a folder is not read.
        let nowhere = folder.join("nowhere");
        for (to, sound) in [
            (kept.as_path(), true),
            (nowhere.as_path(), false),
            (shard.as_path(), false),
            (Path::new("/dev/zero"), false),
            (folder, false),
        ] {
            std::os::unix::fs::symlink(to, &shard).unwrap();
            assert_eq!(check(folder), sound, "{}", to.display());
            std::fs::remove_file(&shard).unwrap();
        }
        std::fs::rename(&kept, &shard).unwrap();
    }
    assert!(check(folder));
}
