//! How fast prompts are read: one core, real prompts.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use raif::constraints::parse;

fn main() {
    divan::main();
}

/// The prompts of a labelled file, or a built-in one where the file is missing.
fn prompts() -> Vec<String> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/ifeval/prompts.jsonl");
    let own = include_str!("../tests/data/fresh_prompts.jsonl").to_owned();
    std::fs::read_to_string(file)
        .unwrap_or(own)
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<serde_json::Value>(line).ok()?["prompt"]
                .as_str()
                .map(str::to_owned)
        })
        .collect()
}

#[divan::bench]
fn read_prompts(bencher: divan::Bencher) {
    let prompts = prompts();
    bencher
        .counter(divan::counter::ItemsCount::new(prompts.len()))
        .bench(|| {
            prompts
                .iter()
                .map(|prompt| parse::parse(prompt).constraints.len())
                .sum::<usize>()
        });
}

#[divan::bench(args = ["a", "[", "\"", "\n", "if 3 words, "])]
fn one_megabyte_of(bencher: divan::Bencher, unit: &str) {
    let prompt = unit.repeat((1 << 20) / unit.len());
    bencher.bench(|| parse::parse(&prompt).constraints.len());
}
