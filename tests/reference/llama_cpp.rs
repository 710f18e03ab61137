//! The local engine against llama.cpp: prompts, tokens and logits of the same files (`../shared/fixtures/reference`).

use std::path::{Path, PathBuf};

use raif::chat::Message;
use raif::engine::Request;
use raif::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use raif::engine::local::{CandleDecoder, ChatFormat, Decoder, Precision, Tokenizer, argmax, physical_cores};
use raif::models::gguf::Gguf;
use serde::Deserialize;

use crate::{material, test_models};

#[derive(Deserialize)]
struct TokenizationRow {
    tokenizer: String,
    text: String,
    parse_special: bool,
    ids: Vec<u32>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    messages: Vec<Message>,
    rendered: Option<String>,
    text: Option<String>,
    prompt_ids: Vec<u32>,
    greedy_ids: Vec<u32>,
    top5: Vec<Vec<Ranked>>,
}

#[derive(Deserialize)]
struct Ranked {
    id: u32,
    logprob: f32,
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    serde_json::from_slice(&std::fs::read(path).expect("a readable fixture")).expect("JSON")
}

fn tokenizer(path: &Path) -> Tokenizer {
    Tokenizer::from_gguf(&Gguf::open(path).expect("it works")).expect("it works")
}

/// Every row of the named tokenizer equals llama.cpp's, made from the vocabulary of `gguf`.
fn tokenizes_as_the_reference(name: &str, gguf: Option<PathBuf>) {
    let (Some(rows), Some(gguf)) = (material::shared("fixtures/reference/tokenization.jsonl"), gguf) else {
        return;
    };
    let tokenizer = tokenizer(&gguf);
    let rows: Vec<TokenizationRow> = std::fs::read_to_string(rows)
        .expect("it works")
        .lines()
        .map(|line| serde_json::from_str(line).expect("it works"))
        .filter(|row: &TokenizationRow| row.tokenizer == name)
        .collect();
    assert!(rows.len() > 100, "only {} rows for {name}", rows.len());
    for row in rows {
        assert_eq!(
            tokenizer.encode(&row.text, row.parse_special).expect("it works"),
            row.ids,
            "{:?}, special tokens parsed: {}",
            row.text,
            row.parse_special
        );
        let bytes: Vec<u8> = row
            .ids
            .iter()
            .flat_map(|id| tokenizer.token_bytes(*id))
            .copied()
            .collect();
        if !row.parse_special {
            assert_eq!(String::from_utf8_lossy(&bytes), row.text, "and back");
        }
    }
}

#[test]
fn tokenization_smollm() {
    tokenizes_as_the_reference("smollm", test_models::model(test_models::STARTER));
}

#[test]
fn tokenization_qwen2() {
    tokenizes_as_the_reference(
        "qwen2",
        test_models::model("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
    );
}

#[test]
fn tokenization_deepseek_r1_qwen() {
    tokenizes_as_the_reference(
        "deepseek-r1-qwen",
        material::shared("fixtures/r1-distill-qwen-7b.header.gguf"),
    );
}

/// Prompts are equal to the byte and the token; log-probabilities and greedy tokens as far as quantised kernels agree.
fn continues_as_the_reference(name: &str, open: fn(&Gguf) -> Box<dyn Decoder>) {
    let (Some(fixture), Some(path)) = (
        material::shared(&format!("fixtures/reference/{name}.json")),
        test_models::model(&format!("{name}.gguf")),
    ) else {
        return;
    };
    let gguf = Gguf::open(&path).expect("it works");
    let tokenizer = Tokenizer::from_gguf(&gguf).expect("it works");
    let format = ChatFormat::from_gguf(&gguf, &tokenizer).expect("it works");
    let mut decoder = open(&gguf);
    let mut logits = Vec::new();
    let mut compared = 0;
    for reference in read::<Vec<Reference>>(&fixture) {
        let ids = match &reference.text {
            Some(text) => tokenizer.encode(text, false).expect("it works"),
            None => {
                let request = Request {
                    messages: reference.messages,
                    ..Request::default()
                };
                let prompt = format.prompt(&tokenizer, &request).expect("it works");
                assert_eq!(Some(prompt.text), reference.rendered);
                prompt.ids
            }
        };
        assert_eq!(ids, reference.prompt_ids);

        decoder.truncate(0);
        decoder.forward(&ids, &mut logits).expect("it works");
        for (step, (expected, top)) in reference.greedy_ids.iter().zip(&reference.top5).enumerate() {
            let gap = top[0].logprob - top[1].logprob;
            let best = argmax(&logits).expect("it works");
            if step == 0 && gap > 0.1 {
                let found = log_probability(&logits, top[0].id);
                assert_eq!(best, top[0].id);
                assert!(
                    (found - top[0].logprob).abs() < 0.2,
                    "{found} for {}",
                    top[0].logprob
                );
            }
            if gap <= 0.15 {
                break;
            }
            assert_eq!(best, *expected, "greedy token {step} after {ids:?}");
            compared += 1;
            decoder.forward(&[best], &mut logits).expect("it works");
        }
    }
    assert!(compared >= 20, "only {compared} greedy tokens could be compared");
}

fn log_probability(logits: &[f32], id: u32) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits[id as usize] - most - sum.ln()
}

fn on_candle(gguf: &Gguf) -> Box<dyn Decoder> {
    Box::new(CandleDecoder::load(gguf, 512, Precision::Stored).expect("a decoder"))
}

fn on_cpu_kernels(gguf: &Gguf) -> Box<dyn Decoder> {
    let options = CpuOptions {
        threads: physical_cores(),
        context: 512,
        isa: Isa::detect(),
        kv_cache: CacheType::default(),
    };
    Box::new(CpuDecoder::load(gguf, &options).expect("a decoder"))
}

#[test]
fn candle_continues_starter() {
    continues_as_the_reference("smollm2-135m-instruct-q4_1", on_candle);
}

#[test]
fn candle_continues_qwen_half_billion() {
    continues_as_the_reference("qwen2.5-coder-0.5b-instruct-q4_k_m", on_candle);
}

#[test]
fn candle_continues_qwen_one_and_a_half_billion() {
    continues_as_the_reference("qwen2.5-coder-1.5b-instruct-q4_k_m", on_candle);
}

#[test]
fn cpu_kernels_continue_starter() {
    continues_as_the_reference("smollm2-135m-instruct-q4_1", on_cpu_kernels);
}

#[test]
fn cpu_kernels_continue_qwen_half_billion() {
    continues_as_the_reference("qwen2.5-coder-0.5b-instruct-q4_k_m", on_cpu_kernels);
}

#[test]
fn cpu_kernels_continue_qwen_one_and_a_half_billion() {
    continues_as_the_reference("qwen2.5-coder-1.5b-instruct-q4_k_m", on_cpu_kernels);
}
