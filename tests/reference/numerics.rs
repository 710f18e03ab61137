//! How good the kernels' numbers are: perplexity against llama.cpp's, and divergence from exact arithmetic on the same
//! weights, on `fixtures/reference/perplexity.txt`.

use std::collections::HashMap;

use raif::engine::local::cpu::{CpuDecoder, Isa};
use raif::engine::local::{BatchDecoder, CandleDecoder, Decoder, Precision, SequenceId, Step, Tokenizer};
use raif::models::gguf::Gguf;

use crate::material::cpu_decoder;
use crate::{material, test_models};

/// Tokens that llama-perplexity computes at a time, of which it scores the second half.
const CHUNK: usize = 512;

/// The model and the ids of the text, or a word on stderr of what is missing.
fn open(name: &str) -> Option<(Gguf, Vec<u32>)> {
    let text = material::shared("fixtures/reference/perplexity.txt")?;
    let gguf = Gguf::open(&test_models::model(&format!("{name}.gguf"))?).expect("a GGUF");
    let tokenizer = Tokenizer::from_gguf(&gguf).expect("a tokenizer");
    assert_eq!(tokenizer.leading_bos(), None, "its chunks would begin with one");
    let text = std::fs::read_to_string(text).expect("a text");
    let ids = tokenizer.encode(&text, false).expect("ids");
    Some((gguf, ids))
}

fn log_probabilities(logits: &[f32]) -> impl Iterator<Item = f64> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - most).exp()).sum();
    let less = f64::from(most) + sum.ln();
    logits.iter().map(move |logit| f64::from(*logit) - less)
}

/// As llama-perplexity computes it: chunk after chunk, each on its own.
fn perplexity(decoder: &mut CpuDecoder, ids: &[u32]) -> f64 {
    let vocab = decoder.vocab_size();
    let (mut sum, mut count) = (0.0, 0);
    let mut logits = Vec::new();
    for chunk in ids.chunks_exact(CHUNK) {
        let (context, scored) = chunk.split_at(CHUNK / 2);
        decoder.truncate(0);
        decoder.forward(context, &mut logits).expect("logits");
        // A few at a time: a vocabulary's logits are large.
        for (ids, next) in scored[..scored.len() - 1].chunks(51).zip(scored[1..].chunks(51)) {
            let step = Step {
                sequence: SequenceId::MAIN,
                ids,
                logits: ids.len(),
            };
            decoder.forward_batch(&[step], &mut logits).expect("logits");
            for (logits, next) in logits.chunks(vocab).zip(next) {
                sum -= log_probabilities(logits).nth(*next as usize).expect("a logit");
                count += 1;
            }
        }
    }
    (sum / f64::from(count)).exp()
}

fn perplexity_is_that_of_llama_cpp(name: &str) {
    let (Some(expected), Some((gguf, ids))) =
        (material::shared("fixtures/reference/perplexity.json"), open(name))
    else {
        return;
    };
    let expected = std::fs::read_to_string(expected).expect("a readable fixture");
    let expected: HashMap<String, serde_json::Value> = serde_json::from_str(&expected).expect("JSON");
    let expected = expected[name].as_f64().expect("a number");
    for isa in Isa::available()
        .into_iter()
        .filter(|isa| isa.name() != "portable")
    {
        let found = perplexity(&mut cpu_decoder(&gguf, isa), &ids);
        eprintln!(
            "{name} {}: perplexity {found:.4}, llama.cpp's {expected:.4}",
            isa.name()
        );
        assert!(
            (found / expected - 1.0).abs() < 0.005,
            "{} {found} is not {expected}",
            isa.name()
        );
    }
}

#[test]
fn perplexity_of_starter() {
    perplexity_is_that_of_llama_cpp("smollm2-135m-instruct-q4_1");
}

#[test]
fn perplexity_of_qwen_half_billion() {
    perplexity_is_that_of_llama_cpp("qwen2.5-coder-0.5b-instruct-q4_k_m");
}

#[test]
fn perplexity_of_qwen_one_and_a_half_billion() {
    perplexity_is_that_of_llama_cpp("qwen2.5-coder-1.5b-instruct-q4_k_m");
}

/// The mean, over the tokens of a text, of the divergence of `decoder`'s next-token distribution from `exact`'s.
fn divergence(exact: &[Vec<f64>], decoder: &mut dyn Decoder, ids: &[u32]) -> f64 {
    let mut logits = Vec::new();
    let mut sum = 0.0;
    for (id, exact) in ids.iter().zip(exact) {
        decoder.forward(&[*id], &mut logits).expect("logits");
        let found = log_probabilities(&logits);
        sum += exact
            .iter()
            .zip(found)
            .map(|(p, q)| p.exp() * (p - q))
            .sum::<f64>();
    }
    sum / ids.len() as f64
}

/// Rounding activations costs the kernels no more than it costs candle.
fn diverges_no_more_than_candle(name: &str, tokens: usize) {
    let Some((gguf, ids)) = open(name) else {
        return;
    };
    let ids = &ids[..tokens];
    let candle = |precision| CandleDecoder::load(&gguf, tokens, precision).expect("a decoder");
    let mut exact = candle(Precision::F32);
    let mut logits = Vec::new();
    let exact: Vec<Vec<f64>> = ids
        .iter()
        .map(|id| {
            exact.forward(&[*id], &mut logits).expect("logits");
            log_probabilities(&logits).collect()
        })
        .collect();
    let theirs = divergence(&exact, &mut candle(Precision::Stored), ids);
    for isa in Isa::available()
        .into_iter()
        .filter(|isa| isa.name() != "portable")
    {
        let ours = divergence(&exact, &mut cpu_decoder(&gguf, isa), ids);
        eprintln!(
            "{name} {}: mean divergence {ours:.6}, candle's {theirs:.6}",
            isa.name()
        );
        assert!(ours <= 1.1 * theirs, "{} {ours}, candle {theirs}", isa.name());
    }
}

#[test]
fn divergence_of_starter() {
    diverges_no_more_than_candle("smollm2-135m-instruct-q4_1", 128);
}

#[test]
fn divergence_of_qwen_half_billion() {
    diverges_no_more_than_candle("qwen2.5-coder-0.5b-instruct-q4_k_m", 64);
}
