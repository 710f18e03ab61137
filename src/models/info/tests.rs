use super::*;
use crate::models::testing::{GgufBuilder, small_model};

fn of(file: &GgufBuilder, machine: Option<Memory>) -> ModelFile {
    let path = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&path, file.build()).unwrap();
    ModelFile::of(&Gguf::open(path.path()).unwrap(), machine)
}

#[test]
fn a_header_tells_what_the_model_is() {
    let info = of(&small_model(), None);
    assert_eq!(
        info.title.as_deref(),
        Some("small model"),
        "control characters are gone"
    );
    assert_eq!(info.architecture.as_deref(), Some("llama"));
    assert_eq!(info.parameters, 64 * 256 + 256);
    assert_eq!(info.quantisation, Some("Q4_K_M"));
    let types: Vec<_> = info.types.iter().map(|t| (t.name, t.tensors, t.bytes)).collect();
    assert_eq!(types, [("Q4_K", 1, 64 * 144), ("F32", 1, 1024)]);
    assert_eq!((info.layers, info.context), (Some(2), Some(2048)));
    assert_eq!(
        (info.tokenizer.as_deref(), info.vocabulary),
        (Some("gpt2 (smollm)"), Some(64))
    );
    assert!(info.chat_template);
}

#[test]
fn memory_is_weights_and_keys_and_values() {
    let machine = |available| {
        Some(Memory {
            total: 2 * available,
            available,
        })
    };
    let need = of(&small_model(), None).memory;
    // 2048 tokens, 2 layers, 2 KV heads, keys and values of 64 numbers, 2 bytes each.
    assert_eq!(need.kv_cache, 2048 * 2 * 2 * (64 + 64) * 2);
    assert_eq!(need.context, 2048);
    assert_eq!(need.fit, Fit::Unknown);
    assert_eq!(of(&small_model(), machine(need.total)).memory.fit, Fit::Fits);
    assert_eq!(
        of(&small_model(), machine(need.total - 1)).memory.fit,
        Fit::NotNow
    );
    assert_eq!(
        of(&small_model(), machine(need.total / 2 - 1)).memory.fit,
        Fit::TooLarge
    );
}

#[test]
fn absurd_sizes_are_too_large_not_a_panic() {
    let max = u64::MAX.to_le_bytes();
    let absurd = GgufBuilder::default()
        .string("general.architecture", "qwen2")
        .raw("qwen2.block_count", 10, &max)
        .raw("qwen2.context_length", 10, &max)
        .raw("qwen2.attention.head_count", 10, &max)
        .raw("qwen2.attention.key_length", 10, &max)
        .raw("qwen2.attention.value_length", 10, &max);
    let need = of(
        &absurd,
        Some(Memory {
            total: 1 << 40,
            available: 1 << 40,
        }),
    )
    .memory;
    assert_eq!((need.kv_cache, need.fit), (u64::MAX, Fit::TooLarge));
    let empty = of(&GgufBuilder::default().u32("x.attention.head_count", 0), None);
    assert_eq!((empty.architecture, empty.memory.kv_cache), (None, 0));
}
