//! The real models against what llama.cpp computed from the same files (`fixtures/reference`).

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::engine::local::{BatchDecoder, Decoder, SequenceId, Step};
use crate::models::gguf::Gguf;

#[derive(Deserialize)]
struct Reference {
    prompt_ids: Vec<u32>,
    greedy_ids: Vec<u32>,
    top5: Vec<Vec<Candidate>>,
}

#[derive(Deserialize)]
struct Candidate {
    id: u32,
    logprob: f32,
}

impl Reference {
    /// How much likelier the best token is than the second best at a step.
    fn gap(&self, step: usize) -> f32 {
        self.top5[step][0].logprob - self.top5[step][1].logprob
    }
}

/// A model and its references, or a word on stderr of what is missing.
fn load(name: &str) -> Option<(Gguf, Vec<Reference>)> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let models = std::env::var_os("RAIF_TEST_MODELS")
        .map_or_else(|| package.join("target/test-models"), PathBuf::from);
    let model = models.join(format!("{name}.gguf"));
    let reference = package
        .join("../shared/fixtures/reference")
        .join(format!("{name}.json"));
    for path in [&model, &reference] {
        if !path.exists() {
            let _ = writeln!(std::io::stderr(), "SKIPPED: {} is not there", path.display());
            return None;
        }
    }
    let reference = std::fs::read_to_string(reference).unwrap();
    Some((
        Gguf::open(&model).unwrap(),
        serde_json::from_str(&reference).unwrap(),
    ))
}

fn best(logits: &[f32]) -> (u32, f32) {
    let best = (0..logits.len())
        .max_by(|a, b| logits[*a].total_cmp(&logits[*b]))
        .unwrap();
    let sum: f64 = logits.iter().map(|x| f64::from(x - logits[best]).exp()).sum();
    (best as u32, -(sum.ln() as f32))
}

fn greedy(decoder: &mut CpuDecoder, first: &[u32], steps: usize) -> Vec<u32> {
    let mut logits = Vec::new();
    decoder.forward(first, &mut logits).unwrap();
    let mut ids = vec![best(&logits).0];
    while ids.len() < steps {
        decoder.forward(&ids[ids.len() - 1..], &mut logits).unwrap();
        ids.push(best(&logits).0);
    }
    ids
}

fn check(name: &str, isa: Isa, prompts: usize, steps: usize) {
    let Some((gguf, references)) = load(name) else {
        return;
    };
    let mut decoder = CpuDecoder::load(
        &gguf,
        &CpuOptions {
            threads: 2,
            context: 512,
            isa,
            kv_cache: CacheType::default(),
        },
    )
    .unwrap();
    let mut logits = Vec::new();
    for (index, reference) in references.iter().enumerate().take(prompts) {
        decoder.truncate(0);
        decoder.forward(&reference.prompt_ids, &mut logits).unwrap();
        let (id, logprob) = best(&logits);
        if reference.gap(0) > 0.1 {
            let expected = &reference.top5[0][0];
            assert_eq!(id, expected.id, "{name} {} prompt {index}", isa.name());
            assert!(
                (logprob - expected.logprob).abs() < 0.2,
                "{name} prompt {index}: {logprob}"
            );
        }
        decoder.truncate(0);
        let steps = steps.min(reference.greedy_ids.len());
        let ids = greedy(&mut decoder, &reference.prompt_ids, steps);
        let firm = (0..steps)
            .position(|step| reference.gap(step) < 0.15)
            .unwrap_or(steps);
        assert_eq!(
            ids[..firm],
            reference.greedy_ids[..firm],
            "{name} {} prompt {index}",
            isa.name()
        );

        // Fed in pieces and over forgotten tokens, the same to the bit.
        let (head, tail) = reference.prompt_ids.split_at(reference.prompt_ids.len() / 2);
        decoder.truncate(head.len());
        let mut again = Vec::new();
        for piece in tail.chunks(3) {
            decoder.forward(piece, &mut again).unwrap();
        }
        assert!(
            logits == again,
            "{name} {} prompt {index}: pieces matter",
            isa.name()
        );
    }
}

/// Up to sixteen prompts at once, and drafts verified in one pass, give what one token after another gives.
fn together(name: &str, isa: Isa, steps: usize) {
    let Some((gguf, references)) = load(name) else {
        return;
    };
    let options = CpuOptions {
        threads: 2,
        context: 512,
        isa,
        kv_cache: CacheType::default(),
    };
    let mut decoder = CpuDecoder::load(&gguf, &options).unwrap();
    let prompts: Vec<_> = references.iter().take(16).map(|r| &r.prompt_ids[..]).collect();
    let mut alone = Vec::new();
    for prompt in &prompts {
        decoder.truncate(0);
        alone.push(greedy(&mut decoder, prompt, steps));
    }
    decoder.truncate(0);
    let mut sequences = vec![SequenceId::MAIN];
    sequences.extend((1..prompts.len()).map(|_| decoder.fork(SequenceId::MAIN, 0)));
    let mut logits = Vec::new();
    let mut together: Vec<Vec<u32>> = vec![Vec::new(); prompts.len()];
    for step in 0..steps {
        let next = |at: usize| match step {
            0 => prompts[at].to_vec(),
            _ => vec![together[at][step - 1]],
        };
        let ids: Vec<_> = (0..prompts.len()).map(next).collect();
        let batch: Vec<_> = sequences
            .iter()
            .zip(&ids)
            .map(|(sequence, ids)| Step {
                sequence: *sequence,
                ids,
                logits: 1,
            })
            .collect();
        decoder.forward_batch(&batch, &mut logits).unwrap();
        let vocab = decoder.vocab_size();
        for (logits, ids) in logits.chunks_exact(vocab).zip(&mut together) {
            ids.push(best(logits).0);
        }
    }
    assert_eq!(together, alone, "{name} {}", isa.name());

    // All that was said as one draft: its tokens come out again, and the one that follows each.
    decoder.truncate(prompts[0].len());
    let draft = Step {
        sequence: SequenceId::MAIN,
        ids: &alone[0],
        logits: steps,
    };
    decoder.forward_batch(&[draft], &mut logits).unwrap();
    let said: Vec<u32> = logits
        .chunks_exact(decoder.vocab_size())
        .map(|row| best(row).0)
        .collect();
    assert_eq!(said[..steps - 1], alone[0][1..]);
}

fn fast() -> impl Iterator<Item = Isa> {
    let mut all = Isa::available();
    all.pop();
    all.into_iter()
}

#[test]
fn smollm2_135m() {
    for isa in fast() {
        check("smollm2-135m-instruct-q4_1", isa, usize::MAX, 32);
    }
}

#[test]
fn smollm2_135m_together() {
    for isa in fast() {
        together("smollm2-135m-instruct-q4_1", isa, 12);
    }
}

#[test]
fn smollm2_135m_portable() {
    let portable = Isa::available().pop().unwrap();
    check("smollm2-135m-instruct-q4_1", portable, 1, 2);
}

#[test]
fn qwen_0_5b() {
    for isa in fast() {
        check("qwen2.5-coder-0.5b-instruct-q4_k_m", isa, usize::MAX, 32);
    }
}

#[test]
fn qwen_1_5b() {
    check(
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        Isa::detect(),
        usize::MAX,
        12,
    );
}
