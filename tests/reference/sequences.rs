//! However a model's context is fed, the same tokens follow: in pieces, over forgotten tokens, beside other sequences, as
//! a draft that is verified.

use raif::engine::local::cpu::CpuDecoder;
use raif::engine::local::{BatchDecoder, Decoder, SequenceId, Step, argmax};
use raif::models::gguf::Gguf;

use crate::material::{cpu_decoder, fast, references};
use crate::{material, test_models};

/// The model and the prompts of its references, or a word on stderr of what is missing.
fn open(name: &str) -> Option<(Gguf, Vec<Vec<u32>>)> {
    let prompts = material::shared(&format!("fixtures/reference/{name}.json"))?;
    let gguf = Gguf::open(&test_models::model(&format!("{name}.gguf"))?).expect("a GGUF");
    let references = references(&prompts);
    Some((gguf, references.into_iter().map(|r| r.prompt_ids).collect()))
}

fn best(logits: &[f32]) -> u32 {
    argmax(logits).expect("numbers")
}

fn greedy(decoder: &mut CpuDecoder, prompt: &[u32], steps: usize) -> Vec<u32> {
    let mut logits = Vec::new();
    decoder.truncate(0);
    decoder.forward(prompt, &mut logits).expect("logits");
    let mut ids = vec![best(&logits)];
    while ids.len() < steps {
        decoder
            .forward(&ids[ids.len() - 1..], &mut logits)
            .expect("logits");
        ids.push(best(&logits));
    }
    ids
}

/// In pieces and over forgotten tokens, to the bit.
fn pieces_do_not_matter(name: &str) {
    let Some((gguf, prompts)) = open(name) else { return };
    for isa in fast() {
        let mut decoder = cpu_decoder(&gguf, isa);
        let (mut at_once, mut in_pieces) = (Vec::new(), Vec::new());
        for (index, prompt) in prompts.iter().enumerate() {
            decoder.truncate(0);
            decoder.forward(prompt, &mut at_once).expect("logits");
            greedy(&mut decoder, prompt, 8);
            let (head, tail) = prompt.split_at(prompt.len() / 2);
            decoder.truncate(head.len());
            for piece in tail.chunks(3) {
                decoder.forward(piece, &mut in_pieces).expect("logits");
            }
            assert!(at_once == in_pieces, "{name} {} prompt {index}", isa.name());
        }
    }
}

#[test]
fn pieces_do_not_matter_to_the_starter() {
    pieces_do_not_matter("smollm2-135m-instruct-q4_1");
}

#[test]
fn pieces_do_not_matter_to_qwen_half_billion() {
    pieces_do_not_matter("qwen2.5-coder-0.5b-instruct-q4_k_m");
}

/// Up to sixteen prompts at once, and drafts verified in one pass, give what one token after another gives.
#[test]
fn company_does_not_matter() {
    const STEPS: usize = 12;
    let Some((gguf, mut prompts)) = open("smollm2-135m-instruct-q4_1") else {
        return;
    };
    prompts.truncate(16);
    for isa in fast() {
        let mut decoder = cpu_decoder(&gguf, isa);
        let vocab = decoder.vocab_size();
        let alone: Vec<_> = prompts
            .iter()
            .map(|prompt| greedy(&mut decoder, prompt, STEPS))
            .collect();
        decoder.truncate(0);
        let mut sequences = vec![SequenceId::MAIN];
        sequences.extend((1..prompts.len()).map(|_| decoder.fork(SequenceId::MAIN, 0)));
        let mut logits = Vec::new();
        let mut together: Vec<Vec<u32>> = vec![Vec::new(); prompts.len()];
        for step in 0..STEPS {
            let next = |at: usize| match step {
                0 => prompts[at].clone(),
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
            decoder.forward_batch(&batch, &mut logits).expect("logits");
            for (logits, ids) in logits.chunks_exact(vocab).zip(&mut together) {
                ids.push(best(logits));
            }
        }
        assert_eq!(together, alone, "{}", isa.name());

        // All that was said as one draft: its tokens come out again, and the one that follows each.
        decoder.truncate(prompts[0].len());
        let draft = Step {
            sequence: SequenceId::MAIN,
            ids: &alone[0],
            logits: STEPS,
        };
        decoder.forward_batch(&[draft], &mut logits).expect("logits");
        let said: Vec<u32> = logits.chunks_exact(vocab).map(best).collect();
        assert_eq!(said[..STEPS - 1], alone[0][1..]);
    }
}
