//! The local engine against llama.cpp: prompts, tokens and logits of the same files (`../shared/fixtures/reference`).

use std::path::{Path, PathBuf};

use raif::engine::Request;
use raif::engine::local::cpu::Isa;
use raif::engine::local::{CandleDecoder, ChatFormat, Decoder, Precision, Tokenizer, argmax};
use raif::models::gguf::Gguf;
use serde::Deserialize;

use crate::material::{cpu_decoder, fast, references};
use crate::{material, test_models};

#[derive(Deserialize)]
struct TokenizationRow {
    tokenizer: String,
    text: String,
    parse_special: bool,
    ids: Vec<u32>,
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

/// How much of a model's references is gone through.
struct Extent {
    prompts: usize,
    /// Tokens after each.
    steps: usize,
}

const ALL: Extent = Extent {
    prompts: usize::MAX,
    steps: usize::MAX,
};

/// Prompts are equal to the byte and the token; log-probabilities and greedy tokens as far as quantised kernels agree.
fn continues_as_the_reference(name: &str, extent: Extent, open: impl Fn(&Gguf) -> Box<dyn Decoder>) {
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
    for reference in references(&fixture).into_iter().take(extent.prompts) {
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
        let steps = reference.greedy_ids.iter().zip(&reference.top5);
        for (step, (expected, top)) in steps.take(extent.steps).enumerate() {
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
    assert!(
        compared >= extent.steps.min(20),
        "only {compared} greedy tokens could be compared"
    );
}

fn log_probability(logits: &[f32], id: u32) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits[id as usize] - most - sum.ln()
}

fn on_candle(gguf: &Gguf) -> Box<dyn Decoder> {
    Box::new(CandleDecoder::load(gguf, 512, Precision::Stored).expect("a decoder"))
}

fn on_kernels(isa: Isa) -> impl Fn(&Gguf) -> Box<dyn Decoder> {
    move |gguf| Box::new(cpu_decoder(gguf, isa))
}

#[test]
fn candle_continues_starter() {
    continues_as_the_reference("smollm2-135m-instruct-q4_1", ALL, on_candle);
}

#[test]
fn candle_continues_qwen_half_billion() {
    continues_as_the_reference("qwen2.5-coder-0.5b-instruct-q4_k_m", ALL, on_candle);
}

#[test]
fn candle_continues_qwen_one_and_a_half_billion() {
    continues_as_the_reference("qwen2.5-coder-1.5b-instruct-q4_k_m", ALL, on_candle);
}

#[test]
fn kernels_continue_starter() {
    for isa in fast() {
        continues_as_the_reference("smollm2-135m-instruct-q4_1", ALL, on_kernels(isa));
    }
}

#[test]
fn portable_kernels_continue_starter() {
    let portable = Isa::available().pop().expect("there is always one");
    let extent = Extent { prompts: 1, steps: 2 };
    continues_as_the_reference("smollm2-135m-instruct-q4_1", extent, on_kernels(portable));
}

#[test]
fn kernels_continue_qwen_half_billion() {
    for isa in fast() {
        continues_as_the_reference("qwen2.5-coder-0.5b-instruct-q4_k_m", ALL, on_kernels(isa));
    }
}

#[test]
fn kernels_continue_qwen_one_and_a_half_billion() {
    continues_as_the_reference(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        ALL,
        on_kernels(Isa::detect()),
    );
}
