//! Damaged and hostile GGUF headers: an error or a sound table, no panic, and no more memory than the file is worth.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

#[path = "../src/models/testing.rs"]
mod gguf_files;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use raif::models::gguf::{Gguf, HEADER_MEMORY};

/// Bytes of the largest file.
const LARGE: usize = 64 << 20;

/// What is done to a sound file.
#[derive(Clone, Debug)]
enum Damage {
    Byte(usize, u8),
    /// Eight bytes at once: counts, lengths, offsets.
    Number(usize, u64),
    Cut(usize),
    /// A piece copied over another.
    Splice {
        from: usize,
        to: usize,
        length: usize,
    },
    Insert(usize, Vec<u8>),
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..1000u64,
        (0..64u32).prop_map(|bit| 1 << bit),
        (0..64u32).prop_map(|bit| (1u64 << bit) - 1),
        Just(u64::MAX),
    ]
}

fn damage(length: usize) -> impl Strategy<Value = Damage> {
    let at = || 0..length;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        (at(), number()).prop_map(|(at, n)| Damage::Number(at, n)),
        at().prop_map(Damage::Cut),
        (at(), at(), 1..200usize).prop_map(|(from, to, length)| Damage::Splice { from, to, length }),
        (at(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

fn apply(file: &mut Vec<u8>, damage: &Damage) {
    let end = file.len();
    match damage {
        Damage::Byte(at, byte) if *at < end => file[*at] = *byte,
        Damage::Number(at, n) if at + 8 <= end => file[*at..at + 8].copy_from_slice(&n.to_le_bytes()),
        Damage::Cut(at) => file.truncate(*at),
        Damage::Splice { from, to, length } if from + length <= end && to + length <= end => {
            file.copy_within(*from..from + length, *to);
        }
        Damage::Insert(at, bytes) if *at <= end => {
            file.splice(at..at, bytes.iter().copied());
        }
        _ => {}
    }
}

/// Opens the file; what is taken must be sound.
fn check(path: &Path, length: usize) -> bool {
    let Ok(gguf) = Gguf::open(path) else { return false };
    for tensor in gguf.tensors() {
        assert!(tensor.range.end <= length);
        assert!(tensor.range.start >= 24, "{} lies in the header", tensor.name);
        assert_eq!(gguf.bytes(tensor).len(), tensor.range.len());
        let blocks = tensor.elements() / tensor.dtype.block_len() as u64;
        assert_eq!(
            blocks * tensor.dtype.block_bytes() as u64,
            tensor.range.len() as u64
        );
        assert_eq!(gguf.tensor(&tensor.name), Some(tensor));
    }
    true
}

/// The most address space that this process ever had; `None` where the system does not say.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1024)
}

/// The only test of this process, so that its memory is this test's.
#[test]
fn ten_thousand_damaged_headers() {
    let whole = gguf_files::small_model().build();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.gguf");
    let write = |bytes: &[u8]| std::fs::write(&path, bytes).unwrap();
    write(&whole);
    assert!(check(&path, whole.len()));
    let before = peak();

    let config = Config {
        cases: 10_000,
        failure_persistence: None,
        ..Config::default()
    };
    let damages = prop::collection::vec(damage(whole.len()), 1..4);
    let result = TestRunner::new(config).run(&damages, |damages| {
        let mut file = whole.clone();
        damages.iter().for_each(|damage| apply(&mut file, damage));
        write(&file);
        check(&path, file.len());
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // Arrays as long as their file lets them be: a byte of file would be a value of 32 bytes, a name of at least 24.
    for (kind, least) in [(0u32, 1), (7, 1), (2, 2), (4, 4), (8, 8), (9, 12), (10, 8)] {
        for share in [1, 4, 16] {
            let count = (LARGE / least / share) as u64;
            let array = [kind.to_le_bytes().as_slice(), &count.to_le_bytes()].concat();
            write(&gguf_files::GgufBuilder::default().raw("k", 9, &array).build());
            let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
            file.set_len((LARGE + 1024) as u64).unwrap();
            check(&path, LARGE + 1024);
        }
    }
    if let (Some(before), Some(after)) = (before, peak()) {
        // The map of the largest file, its worth, the constant, and what an allocator keeps.
        let allowed = 2 * LARGE + HEADER_MEMORY + (16 << 20);
        assert!(after - before <= allowed, "{} MB", (after - before) >> 20);
    }
}
