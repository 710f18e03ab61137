//! Several sequences at once, forks, and logits of several tokens: each the same to the bit as one token after another.

use super::plain::Plain;
use crate::engine::EngineError;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::engine::local::{BatchDecoder, Decoder, SequenceId, Step};
use crate::models::gguf::GgmlType;

const CONTEXT: usize = 400;

fn decoder(plain: &Plain, isa: Isa, kv_cache: CacheType) -> CpuDecoder {
    let file = plain.builder.open();
    let options = CpuOptions {
        threads: 2,
        context: CONTEXT,
        isa,
        kv_cache,
    };
    CpuDecoder::load(&file.gguf, &options).unwrap()
}

/// `len` tokens that differ from `seed` to `seed`.
fn tokens(seed: usize, len: usize) -> Vec<u32> {
    (0..len)
        .map(|i| ((i * i + 7 * i + 13 * seed * (i + 1)) % 83) as u32)
        .collect()
}

/// The logits after each token, one token at a time.
fn alone(decoder: &mut CpuDecoder, ids: &[u32]) -> Vec<Vec<f32>> {
    decoder.truncate(0);
    let each = ids.iter().map(|id| {
        let mut logits = Vec::new();
        decoder.forward(&[*id], &mut logits).unwrap();
        logits
    });
    each.collect()
}

fn models() -> Vec<Plain> {
    let windowed = Plain {
        window: Some(40),
        ..Plain::llama(GgmlType::Q8_0)
    };
    vec![
        Plain::qwen2(GgmlType::Q4_K),
        Plain::qwen3(GgmlType::Q4_1),
        windowed,
        Plain {
            heads: 12,
            kv_heads: 1,
            ..Plain::qwen2(GgmlType::F32)
        },
    ]
}

fn every_way(mut check: impl FnMut(CpuDecoder)) {
    for plain in models() {
        let plain = plain.generate(51);
        for isa in [Isa::detect(), Isa::available()[Isa::available().len() - 1]] {
            for kv_cache in CacheType::ALL {
                check(decoder(&plain, isa, kv_cache));
            }
        }
    }
}

#[test]
fn each_sequence_of_a_batch_computes_what_it_computes_alone() {
    every_way(|mut decoder| {
        // Prompts of any length, one token and many in one pass, sequences that join and leave.
        let texts: Vec<_> = (0..7).map(|seed| tokens(seed, 30 + 11 * seed)).collect();
        let expected: Vec<_> = texts.iter().map(|ids| alone(&mut decoder, ids)).collect();
        decoder.truncate(0);
        let mut sequences = vec![SequenceId::MAIN];
        sequences.extend((1..7).map(|_| decoder.fork(SequenceId::MAIN, 0)));
        let mut done = [0; 7];
        let mut logits = Vec::new();
        for round in 0.. {
            let due = |at: &usize| done[*at] < texts[*at].len() && !(round + at).is_multiple_of(3);
            let now: Vec<usize> = (0..7).filter(due).collect();
            if now.is_empty() && (0..7).all(|at| done[at] == texts[at].len()) {
                break;
            }
            let steps: Vec<_> = now
                .iter()
                .map(|at| {
                    let left = &texts[*at][done[*at]..];
                    let ids = &left[..left.len().min([1, 1, 20, 3][(round * at) % 4])];
                    Step {
                        sequence: sequences[*at],
                        ids,
                        logits: [1, ids.len(), 0][(round + at) % 3],
                    }
                })
                .collect();
            decoder.forward_batch(&steps, &mut logits).unwrap();
            let mut rows = logits.chunks_exact(83);
            for (at, step) in now.into_iter().zip(&steps) {
                done[at] += step.ids.len();
                for place in done[at] - step.logits..done[at] {
                    assert!(
                        rows.next() == Some(&expected[at][place][..]),
                        "sequence {at}, token {place}"
                    );
                }
            }
            assert!(rows.next().is_none());
        }
    });
}

#[test]
fn a_fork_begins_with_what_it_shares_and_goes_its_own_way() {
    every_way(|mut decoder| {
        let common = tokens(1, 150);
        let [first, second, third] = [2, 3, 4].map(|seed| [&common[..140], &tokens(seed, 40)].concat());
        let expected = [&first, &second, &third].map(|ids| alone(&mut decoder, ids).pop().unwrap());
        decoder.truncate(0);
        let mut logits = Vec::new();
        decoder.forward(&common, &mut logits).unwrap();
        let fork = decoder.fork(SequenceId::MAIN, 140);
        let of_fork = decoder.fork(fork, 200);
        decoder.truncate(140);
        let sequences = [SequenceId::MAIN, fork, of_fork];
        let texts = [&first, &second, &third];
        let steps: Vec<_> = sequences
            .iter()
            .zip(texts)
            .map(|(sequence, ids)| Step {
                sequence: *sequence,
                ids: &ids[140..],
                logits: 1,
            })
            .collect();
        decoder.forward_batch(&steps, &mut logits).unwrap();
        for (rows, expected) in logits.chunks_exact(83).zip(&expected) {
            assert!(rows == expected);
        }
        // Rolled back and gone on with, whatever the others did.
        decoder.forget(of_fork);
        decoder.truncate_sequence(fork, 145);
        let step = Step {
            sequence: fork,
            ids: &second[145..],
            logits: 1,
        };
        decoder.forward_batch(&[step], &mut logits).unwrap();
        assert!(logits == expected[1]);
    });
}

#[test]
fn a_batch_beyond_what_a_pass_takes_is_several_passes() {
    let plain = Plain::qwen2(GgmlType::Q8_0).generate(52);
    let mut decoder = decoder(&plain, Isa::detect(), CacheType::F16);
    let texts = [tokens(1, 300), tokens(2, 100), tokens(3, 250)];
    let expected: Vec<_> = texts.iter().map(|ids| alone(&mut decoder, ids)).collect();
    decoder.truncate(0);
    let mut sequences = vec![SequenceId::MAIN];
    sequences.extend((1..3).map(|_| decoder.fork(SequenceId::MAIN, 0)));
    let wanted = [70, 1, 250];
    let steps: Vec<_> = (0..3)
        .map(|at| Step {
            sequence: sequences[at],
            ids: &texts[at],
            logits: wanted[at],
        })
        .collect();
    let mut logits = Vec::new();
    decoder.forward_batch(&steps, &mut logits).unwrap();
    let expected = (0..3).flat_map(|at| &expected[at][texts[at].len() - wanted[at]..]);
    assert_eq!(logits.len(), 83 * (70 + 1 + 250));
    for (row, expected) in logits.chunks_exact(83).zip(expected) {
        assert!(row == expected);
    }
}

#[test]
fn what_is_refused_changes_no_sequence() {
    let plain = Plain::qwen2(GgmlType::Q8_0).generate(53);
    let mut decoder = decoder(&plain, Isa::detect(), CacheType::F16);
    let mut logits = Vec::new();
    decoder.forward(&[1, 2, 3], &mut logits).unwrap();
    let fork = decoder.fork(SequenceId::MAIN, 2);
    let over = decoder.fork(SequenceId::MAIN, 2);
    decoder.forget(over);
    let step = |sequence, ids| Step {
        sequence,
        ids,
        logits: 1,
    };
    let good = step(SequenceId::MAIN, &[4][..]);
    let long = [0; CONTEXT];
    for bad in [
        step(fork, &[][..]),
        step(fork, &[83][..]),
        step(over, &[1][..]),
        step(fork, &long[..]),
    ] {
        let refused = decoder.forward_batch(&[good, bad], &mut logits);
        assert!(matches!(
            refused,
            Err(EngineError::Compute(_) | EngineError::PromptTooLong { .. })
        ));
        assert_eq!(decoder.len(), 3);
    }
    decoder
        .forward_batch(&[good, step(fork, &long[2..])], &mut logits)
        .unwrap();
}

#[test]
fn a_cache_in_eight_bits_takes_about_half_and_changes_little() {
    let plain = Plain::llama(GgmlType::F32).generate(54);
    let ids = tokens(5, 120);
    let [(exact, wide), (coarse, narrow)] = CacheType::ALL.map(|kv_cache| {
        let mut logits = Vec::new();
        let mut decoder = decoder(&plain, Isa::detect(), kv_cache);
        decoder.forward(&ids, &mut logits).unwrap();
        (logits, decoder.cache_bytes_a_position())
    });
    assert_eq!(narrow * 32, wide * 17);
    let spread = exact.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let worst = exact
        .iter()
        .zip(&coarse)
        .fold(0.0f32, |most, (a, b)| most.max((a - b).abs()));
    assert!(worst > 0.0 && worst < 0.05 * spread, "{worst} of {spread}");
}
