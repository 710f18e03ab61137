//! Generated models: right against [`Plain`], and the same however they are fed.

use super::file::QUANTISED;
use super::plain::Plain;
use crate::engine::EngineError;
use crate::engine::local::Decoder;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::models::gguf::GgmlType;

const IDS: [u32; 40] = [
    1, 5, 80, 2, 2, 17, 33, 9, 0, 82, 41, 7, 7, 7, 60, 12, 3, 55, 21, 30, 8, 71, 64, 19, 44, 50, 13, 2, 6,
    77, 25, 38, 11, 4, 70, 29, 66, 1, 0, 48,
];

fn decoder(plain: &Plain, isa: Isa, threads: usize) -> CpuDecoder {
    let file = plain.builder.open();
    CpuDecoder::load(
        &file.gguf,
        &CpuOptions {
            threads,
            context: 700,
            isa,
            kv_cache: CacheType::default(),
        },
    )
    .unwrap()
}

fn feed(decoder: &mut CpuDecoder, pieces: &[&[u32]]) -> Vec<f32> {
    let mut logits = Vec::new();
    for piece in pieces {
        decoder.forward(piece, &mut logits).unwrap();
    }
    logits
}

/// Largest difference of logits, in units of their spread.
fn distance(got: &[f32], exact: &[f64]) -> f64 {
    let mean = exact.iter().sum::<f64>() / exact.len() as f64;
    let spread = (exact.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / exact.len() as f64).sqrt();
    got.iter().zip(exact).fold(0.0f64, |worst, (got, exact)| {
        worst.max((f64::from(*got) - exact).abs())
    }) / spread
}

#[test]
fn every_architecture_computes_what_it_says() {
    let windowed = Plain {
        window: Some(11),
        ..Plain::llama(GgmlType::F32)
    };
    for plain in [
        Plain::qwen2(GgmlType::F32),
        Plain::llama(GgmlType::F32),
        Plain::qwen3(GgmlType::F32),
        windowed,
        Plain {
            heads: 12,
            kv_heads: 1,
            ..Plain::qwen2(GgmlType::F32)
        },
    ] {
        let plain = plain.generate(21);
        for isa in Isa::available() {
            for len in [1, 2, 23, 40] {
                let got = feed(&mut decoder(&plain, isa, 2), &[&IDS[..len]]);
                let distance = distance(&got, &plain.logits(&IDS[..len]));
                assert!(
                    distance < 5e-3,
                    "{} {} {len} tokens: {distance}",
                    plain.arch,
                    isa.name()
                );
            }
        }
    }
}

#[test]
fn every_quantised_type_computes_what_it_holds() {
    for (dtype, _) in QUANTISED {
        let plain = Plain::qwen2(dtype).generate(22);
        let exact = plain.logits(&IDS[..9]);
        for isa in Isa::available() {
            let got = feed(&mut decoder(&plain, isa, 2), &[&IDS[..9]]);
            let distance = distance(&got, &exact);
            // Activations are rounded to bytes.
            assert!(distance < 0.15, "{dtype:?} {}: {distance}", isa.name());
        }
    }
}

#[test]
fn results_do_not_depend_on_how_tokens_are_fed() {
    let plain = Plain::llama(GgmlType::Q8_0).generate(23);
    let long: Vec<u32> = (0..600).map(|i| (i * i + 7 * i) as u32 % 83).collect();
    for isa in [Isa::detect(), Isa::available()[Isa::available().len() - 1]] {
        let whole = feed(&mut decoder(&plain, isa, 2), &[&long]);
        let one_thread = feed(&mut decoder(&plain, isa, 1), &[&long]);
        assert_eq!(whole, one_thread, "threads matter");
        let five_threads = feed(&mut decoder(&plain, isa, 5), &[&long]);
        assert_eq!(whole, five_threads, "threads matter");
        let pieces: Vec<&[u32]> = long.chunks(37).collect();
        assert_eq!(
            whole,
            feed(&mut decoder(&plain, isa, 2), &pieces),
            "pieces matter"
        );
        let singles: Vec<&[u32]> = long.chunks(1).collect();
        assert_eq!(
            whole,
            feed(&mut decoder(&plain, isa, 2), &singles),
            "decode differs from prefill"
        );
        let mut rolled = decoder(&plain, isa, 2);
        feed(&mut rolled, &[&long[..500], &long[..80]]);
        rolled.truncate(333);
        assert_eq!(rolled.len(), 333);
        assert_eq!(
            whole,
            feed(&mut rolled, &[&long[333..]]),
            "what was forgotten matters"
        );
    }
}

#[test]
fn what_cannot_be_fed_is_refused_and_changes_nothing() {
    let plain = Plain::qwen2(GgmlType::Q8_0).generate(24);
    let mut decoder = decoder(&plain, Isa::detect(), 2);
    let mut logits = Vec::new();
    decoder.forward(&[1, 2, 3], &mut logits).unwrap();
    assert_eq!((decoder.vocab_size(), logits.len(), decoder.len()), (83, 83, 3));
    assert!(matches!(
        decoder.forward(&[], &mut logits),
        Err(EngineError::Compute(_))
    ));
    assert!(matches!(
        decoder.forward(&[1, 83], &mut logits),
        Err(EngineError::Compute(_))
    ));
    assert!(matches!(
        decoder.forward(&[0; 698], &mut logits),
        Err(EngineError::PromptTooLong {
            tokens: 701,
            context: 700
        })
    ));
    assert_eq!(decoder.len(), 3);
    decoder.forward(&[0; 697], &mut logits).unwrap();
    assert_eq!(decoder.len(), decoder.context());
    assert!(decoder.forward(&[0], &mut logits).is_err());
}
