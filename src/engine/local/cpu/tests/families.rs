//! Every family on both back ends: our own pass against candle's, from the same file.

use super::file::Meta;
use super::plain::Plain;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::engine::local::{CandleDecoder, Decoder, LoadError, LoadOptions, Precision, open_decoder};
use crate::models::gguf::GgmlType;

/// What a family can have, each as a small model.
fn models() -> Vec<(&'static str, Plain)> {
    let with = |plain: Plain, key: &str, value: Meta| {
        let mut plain = plain.generate(51);
        let key = format!("{}.{key}", plain.arch);
        plain.builder.meta(&key, value);
        plain
    };
    let llama = || Plain::llama(GgmlType::F32);
    let qwen2 = || Plain::qwen2(GgmlType::F32);
    let mut llama3 = llama().generate(51);
    let divisors: Vec<f32> = (0..16).map(|pair| 1.0 + pair as f32 / 2.0).collect();
    llama3.builder.floats("rope_freqs.weight", &[16], &divisors);
    let mut yarn = with(qwen2(), "rope.scaling.type", Meta::Str("yarn"));
    yarn.builder.meta("qwen2.rope.scaling.factor", Meta::Float(4.0));
    yarn.builder
        .meta("qwen2.rope.scaling.original_context_length", Meta::Uint(32));
    let mut linear = with(qwen2(), "rope.scaling.type", Meta::Str("linear"));
    linear.builder.meta("qwen2.rope.scaling.factor", Meta::Float(3.0));
    vec![
        ("qwen2", qwen2().generate(51)),
        ("llama", llama().generate(51)),
        ("llama with divided frequencies", llama3),
        (
            "mistral",
            with(llama(), "attention.sliding_window", Meta::Uint(9)),
        ),
        ("qwen3", Plain::qwen3(GgmlType::F32).generate(51)),
        ("yarn", yarn),
        ("linear", linear),
    ]
}

fn logits(decoder: &mut dyn Decoder, ids: &[u32], piece: usize) -> Vec<Vec<f32>> {
    ids.chunks(piece)
        .map(|ids| {
            let mut logits = Vec::new();
            decoder.forward(ids, &mut logits).unwrap();
            logits
        })
        .collect()
}

#[test]
fn both_back_ends_agree_on_every_family() {
    let ids: Vec<u32> = (0..48).map(|i| (i * i + 5 * i) % 83).collect();
    let mut all = Vec::new();
    for (name, plain) in models() {
        let file = plain.builder.open();
        for piece in [48, 16, 1] {
            let mut ours = CpuDecoder::load(&file.gguf, &options()).unwrap();
            let mut candle = CandleDecoder::load(&file.gguf, 64, Precision::F32).unwrap();
            let ours = logits(&mut ours, &ids, piece);
            let candle = logits(&mut candle, &ids, piece);
            for (position, (ours, candle)) in ours.iter().zip(&candle).enumerate() {
                let size = candle.iter().fold(0f32, |most, x| most.max(x.abs()));
                let worst = ours
                    .iter()
                    .zip(candle)
                    .fold(0f32, |most, (a, b)| most.max((a - b).abs()));
                assert!(
                    worst < 5e-3 * size,
                    "{name}, piece {position} of {piece}: {worst} of {size}"
                );
            }
            if piece == 48 {
                all.push((name, candle));
            }
        }
    }
    for pair in all.windows(2) {
        assert!(
            pair[0].1 != pair[1].1,
            "{} is computed as {}",
            pair[0].0,
            pair[1].0
        );
    }
}

fn options() -> CpuOptions {
    CpuOptions {
        threads: 2,
        context: 64,
        isa: Isa::detect(),
        kv_cache: CacheType::default(),
    }
}

#[test]
fn neither_leaves_a_tensor_out() {
    let mut plain = Plain::llama(GgmlType::F32).generate(56);
    plain.builder.floats("blk.0.attn_output.bias", &[96], &[1.0; 96]);
    let file = plain.builder.open();
    let refused = CandleDecoder::load(&file.gguf, 64, Precision::F32).err();
    assert!(refused.is_some_and(|error| error.to_string().contains("blk.0.attn_output.bias")));
    assert!(CpuDecoder::load(&file.gguf, &options()).is_err());
}

#[test]
fn candle_takes_over_for_shapes_only_never_for_what_is_wrong_with_a_file() {
    let odd_heads = Plain {
        dim: 24,
        heads: 4,
        ..Plain::llama(GgmlType::F32)
    };
    let file = odd_heads.generate(57).builder.open();
    let ours = CpuDecoder::load(&file.gguf, &options()).err();
    assert!(ours.is_some_and(|error| error.is_beyond_the_kernels()));
    let mut logits = Vec::new();
    let mut decoder = open_decoder(&file.gguf, &LoadOptions::default()).unwrap();
    decoder.forward(&[1, 2, 3], &mut logits).unwrap();
    assert!(logits.iter().all(|logit| logit.is_finite()));

    let mut plain = Plain::llama(GgmlType::F32).generate(58);
    plain
        .builder
        .tensors
        .retain(|(name, ..)| name != "output_norm.weight");
    let error = open_decoder(&plain.builder.open().gguf, &LoadOptions::default()).err();
    assert!(matches!(error, Some(LoadError::NoTensor(name)) if name == "output_norm.weight"));
}
