//! Files that are wrong: an error each, never a panic.

use super::file::{Builder, Meta, Random};
use super::plain::Plain;
use crate::engine::EngineError;
use crate::engine::local::Decoder;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::models::gguf::{GgmlType, Gguf};

const OPTIONS: fn() -> CpuOptions = || CpuOptions {
    threads: 1,
    context: 64,
    isa: Isa::detect(),
    kv_cache: CacheType::default(),
};

fn reason(builder: &Builder) -> String {
    let file = match builder.try_open() {
        Ok(file) => file,
        Err(error) => return error.to_string(),
    };
    match CpuDecoder::load(&file.gguf, &OPTIONS()) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("a wrong file was loaded"),
    }
}

fn valid() -> Builder {
    Plain::qwen2(GgmlType::Q8_0).generate(31).builder
}

#[test]
fn a_missing_tensor_is_named() {
    let valid = valid();
    for index in 0..valid.tensors.len() {
        let mut builder = valid.clone();
        let (name, ..) = builder.tensors.remove(index);
        if !name.ends_with(".bias") {
            assert!(reason(&builder).contains(&name), "{name}");
        }
    }
}

#[test]
fn a_misshapen_tensor_is_named() {
    let valid = valid();
    for index in 0..valid.tensors.len() {
        let (name, dims, dtype, bytes) = valid.tensors[index].clone();
        let flat = vec![dims.iter().product::<u64>(), 1];
        let swapped: Vec<u64> = dims.iter().rev().copied().chain([1]).collect();
        for dims in [flat, swapped, vec![dtype.block_len() as u64], vec![0, 16], vec![]] {
            let mut builder = valid.clone();
            builder.tensors[index] = (name.clone(), dims, dtype, bytes.clone());
            assert!(reason(&builder).contains("tensor"), "{name}");
        }
    }
}

#[test]
fn an_unknown_tensor_is_refused() {
    let mut builder = valid();
    builder.floats("blk.1.ffn_gate_inp.weight", &[4], &[0.0; 4]);
    assert!(reason(&builder).contains("blk.1.ffn_gate_inp.weight"));
}

#[test]
fn a_type_without_kernels_is_named() {
    for dtype in [
        GgmlType::IQ4_XS,
        GgmlType::IQ2_XXS,
        GgmlType::Q8_K,
        GgmlType::Q8_1,
        GgmlType::IQ4_NL,
    ] {
        let mut builder = Plain::qwen2(GgmlType::Q4_K).generate(32).builder;
        let tensor = builder
            .tensors
            .iter_mut()
            .find(|(name, ..)| name == "blk.0.ffn_up.weight")
            .unwrap();
        let elements: u64 = tensor.1.iter().product();
        tensor.2 = dtype;
        tensor.3 = vec![0; elements as usize / dtype.block_len() * dtype.block_bytes()];
        let reason = reason(&builder);
        assert!(
            reason.contains(dtype.name()) && reason.contains("Q4_K_M"),
            "{reason}"
        );
    }
}

#[test]
fn absurd_metadata_are_refused() {
    let absurd: [(&str, Meta); 12] = [
        ("general.architecture", Meta::Str("rwkv")),
        ("qwen2.block_count", Meta::Uint(0)),
        ("qwen2.block_count", Meta::Uint(u32::MAX)),
        ("qwen2.embedding_length", Meta::Uint(u32::MAX)),
        ("qwen2.embedding_length", Meta::Uint(63)),
        ("qwen2.feed_forward_length", Meta::Uint(1 << 23)),
        ("qwen2.attention.head_count", Meta::Uint(0)),
        ("qwen2.attention.head_count", Meta::Uint(5)),
        ("qwen2.attention.head_count_kv", Meta::Uint(3)),
        ("qwen2.attention.key_length", Meta::Uint(8)),
        ("qwen2.rope.dimension_count", Meta::Uint(1 << 20)),
        ("qwen2.rope.scaling.type", Meta::Str("longrope")),
    ];
    for (key, value) in absurd {
        let mut builder = valid();
        builder.meta.retain(|(known, _)| known != key);
        builder.meta(key, value);
        assert!(!reason(&builder).is_empty());
        builder.meta.retain(|(known, _)| known != key);
        if !key.contains("rope") && !key.ends_with("key_length") && !key.ends_with("kv") {
            assert!(!reason(&builder).is_empty(), "{key} is needed");
        }
    }
}

#[test]
fn numbers_that_are_not_finite_are_an_error_of_the_model() {
    let mut builder = valid();
    let norm = builder
        .tensors
        .iter_mut()
        .find(|(name, ..)| name == "output_norm.weight")
        .unwrap();
    for number in norm.3.as_chunks_mut::<4>().0 {
        *number = f32::NAN.to_le_bytes();
    }
    let mut decoder = CpuDecoder::load(&builder.open().gguf, &OPTIONS()).unwrap();
    let error = decoder.forward(&[1], &mut Vec::new());
    assert!(matches!(error, Err(EngineError::Compute(_))));
    assert_eq!(decoder.len(), 0);
}

#[test]
fn mutated_files_never_panic() {
    let bytes = Plain::qwen2(GgmlType::Q8_0).generate(33).builder.bytes();
    let header = bytes.len() - bytes.len() / 2;
    let mut random = Random(34);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mutated.gguf");
    for round in 0..400 {
        let mut mutated = bytes.clone();
        // Mostly where the header is, which is the first few kilobytes.
        let range = if round % 4 == 0 { header } else { 4096 };
        for _ in 0..1 + random.bits() % 4 {
            let at = random.bits() as usize % range;
            mutated[at] = match random.bits() % 3 {
                0 => random.bits() as u8,
                1 => 0xff,
                _ => mutated[at] ^ 1 << (random.bits() % 8),
            };
        }
        if round % 10 == 0 {
            mutated.truncate(random.bits() as usize % mutated.len());
        }
        std::fs::write(&path, &mutated).unwrap();
        let Ok(gguf) = Gguf::open(&path) else { continue };
        let Ok(mut decoder) = CpuDecoder::load(&gguf, &OPTIONS()) else {
            continue;
        };
        let mut logits = Vec::new();
        // Wrong numbers may come out, or an error.
        let _ = decoder.forward(&[1, 2, 3], &mut logits);
        let _ = decoder.forward(&[4], &mut logits);
    }
}
