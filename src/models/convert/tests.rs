//! Folders made here, converted, and held against what they were made of.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use super::testing::Checkpoint;
use super::testing_names::gguf_name;
use super::*;
use crate::models::gguf::{GgmlType, Value};
use crate::models::pull::Cancel;

/// Converts the folder at `path`.
fn convert(path: &Path, quant: Quant) -> Result<(tempfile::NamedTempFile, Gguf), ConvertError> {
    let folder = Folder::open(path)?.expect("a folder");
    let mut conversion = folder.convert(quant, "test", None)?;
    let mut out = tempfile::NamedTempFile::new().unwrap();
    conversion.begin(out.as_file_mut())?;
    for file in folder.files() {
        let mut shard = folder.open_shard(file)?;
        conversion.add(&mut shard, out.as_file_mut(), &Cancel::default(), &mut |_| {})?;
    }
    conversion.end(out.as_file())?;
    let gguf = Gguf::open(out.path()).unwrap();
    assert_eq!(gguf.file_len() as u64, conversion.len());
    Ok((out, gguf))
}

/// What a tensor of the file means, `[rows × columns]`.
fn dequantised(gguf: &Gguf, name: &str) -> Vec<f32> {
    use candle_core::quantized::{GgmlDType, QStorage, QTensor};
    let tensor = gguf.tensor(name).unwrap_or_else(|| panic!("no {name}"));
    let dtype = match tensor.dtype {
        GgmlType::F32 => GgmlDType::F32,
        GgmlType::F16 => GgmlDType::F16,
        GgmlType::Q8_0 => GgmlDType::Q8_0,
        GgmlType::Q5_0 => GgmlDType::Q5_0,
        GgmlType::Q4_K => GgmlDType::Q4K,
        GgmlType::Q6_K => GgmlDType::Q6K,
        other => panic!("{name} is {other:?}"),
    };
    let bytes = gguf.bytes(tensor).to_vec();
    let cpu = candle_core::Device::Cpu;
    let storage = QStorage::from_data(bytes.into(), &cpu, dtype).unwrap();
    let shape: Vec<usize> = tensor.dims.iter().rev().map(|dim| *dim as usize).collect();
    let whole = QTensor::new(storage, shape).unwrap().dequantize(&cpu).unwrap();
    whole.flatten_all().unwrap().to_vec1().unwrap()
}

/// The mean difference over the mean size.
fn relative_error(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let difference: f32 = a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum();
    difference / b.iter().map(|b| b.abs()).sum::<f32>()
}

/// The rows of heads as neighbours instead of halves, worked out one number at a time.
fn interleaved(numbers: &[f32], heads: usize, dim: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; numbers.len()];
    for head in 0..heads {
        for row in 0..dim {
            let to = if row < dim / 2 {
                2 * row
            } else {
                2 * (row - dim / 2) + 1
            };
            for column in 0..columns {
                out[(head * dim + to) * columns + column] = numbers[(head * dim + row) * columns + column];
            }
        }
    }
    out
}

fn written(model: &Checkpoint) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    model.write_to(folder.path());
    folder
}

#[test]
fn every_family_keeps_its_weights() {
    for model in [
        Checkpoint::qwen2(),
        Checkpoint::llama(),
        Checkpoint::mistral(),
        Checkpoint::qwen3(),
    ] {
        for (quant, most) in [(Quant::Q8_0, 0.006), (Quant::Q4KM, 0.12)] {
            let folder = written(&model);
            let (_file, gguf) = convert(folder.path(), quant).unwrap();
            let arch = gguf.str("general.architecture").unwrap();
            assert_eq!(arch == "llama", ["llama", "mistral"].contains(&model.model_type));
            for (source, shape, numbers) in model.tensors() {
                let (name, by_head) = gguf_name(&source);
                let found = dequantised(&gguf, &name);
                let heads = shape[0] / model.head_dim;
                let expected = match by_head && arch == "llama" {
                    true => interleaved(&numbers, heads, model.head_dim, *shape.get(1).unwrap_or(&1)),
                    false => numbers,
                };
                let error = relative_error(&found, &expected);
                let most = if shape.len() == 1 { 1e-9 } else { most };
                assert!(error <= most, "{} {name} {quant:?}: {error}", model.model_type);
            }
            let expected = model.tensors().len() + usize::from(model.llama3_rope);
            assert_eq!(gguf.tensors().len(), expected, "{}", model.model_type);
        }
    }
}

#[test]
fn a_mixture_is_the_usual_one() {
    let model = Checkpoint {
        layers: 8,
        tied: false,
        ..Checkpoint::qwen2()
    };
    let (_file, gguf) = convert(written(&model).path(), Quant::Q4KM).unwrap();
    let dtype = |name: &str| gguf.tensor(name).unwrap().dtype;
    assert_eq!(dtype("token_embd.weight"), GgmlType::Q4_K);
    assert_eq!(dtype("output.weight"), GgmlType::Q6_K);
    let better: Vec<u32> = (0..8)
        .filter(|layer| dtype(&format!("blk.{layer}.attn_v.weight")) == GgmlType::Q6_K)
        .collect();
    assert_eq!(better, [0, 3, 6, 7]);
    for layer in 0..8 {
        let down = dtype(&format!("blk.{layer}.ffn_down.weight"));
        assert_eq!(down == GgmlType::Q6_K, better.contains(&layer));
        assert_eq!(dtype(&format!("blk.{layer}.attn_q.weight")), GgmlType::Q4_K);
        assert_eq!(dtype(&format!("blk.{layer}.attn_norm.weight")), GgmlType::F32);
    }
    // Where one matrix is both, it is the output that counts; narrow rows fall back.
    let tied = Checkpoint {
        width: 96,
        heads: 3,
        kv_heads: 1,
        ..Checkpoint::qwen2()
    };
    let (_file, gguf) = convert(written(&tied).path(), Quant::Q4KM).unwrap();
    let dtype = |name: &str| gguf.tensor(name).unwrap().dtype;
    assert_eq!(dtype("token_embd.weight"), GgmlType::Q8_0);
    assert_eq!(dtype("blk.0.attn_q.weight"), GgmlType::Q5_0);
    assert_eq!(dtype("blk.1.attn_v.weight"), GgmlType::Q8_0);
    assert!(gguf.tensor("output.weight").is_none());
}

#[test]
fn shards_and_types_of_numbers_make_no_difference() {
    let single = Checkpoint::qwen2();
    let of = |model: &Checkpoint| {
        let (_file, gguf) = convert(written(model).path(), Quant::Q8_0).unwrap();
        dequantised(&gguf, "blk.1.ffn_down.weight")
    };
    let whole = of(&single);
    let sharded = Checkpoint {
        shards: 3,
        ..single.clone()
    };
    assert_eq!(of(&sharded), whole);
    for dtype in ["F16", "F32"] {
        let other = Checkpoint {
            dtype,
            ..single.clone()
        };
        assert!(relative_error(&of(&other), &whole) < 0.01, "{dtype}");
    }
}

#[test]
fn metadata_are_those_of_the_folder() {
    let (_file, gguf) = convert(written(&Checkpoint::llama()).path(), Quant::Q4KM).unwrap();
    assert_eq!(gguf.uint("general.file_type"), Some(15));
    assert_eq!(gguf.uint("llama.block_count"), Some(2));
    assert_eq!(gguf.uint("llama.attention.head_count_kv"), Some(2));
    assert_eq!(gguf.float("llama.rope.freq_base"), Some(500_000.0));
    assert_eq!(gguf.tensor("rope_freqs.weight").unwrap().dims, [16]);
    assert_eq!(gguf.str("tokenizer.ggml.pre"), Some("llama-bpe"));
    assert_eq!(gguf.uint("tokenizer.ggml.bos_token_id"), Some(256));
    assert_eq!(gguf.uint("tokenizer.ggml.eos_token_id"), Some(257));
    assert_eq!(gguf.uint("tokenizer.ggml.eot_token_id"), Some(259));
    assert_eq!(gguf.bool("tokenizer.ggml.add_bos_token"), Some(true));
    assert_eq!(gguf.float("general.sampling.temp"), Some(f64::from(0.6f32)));
    assert_eq!(
        gguf.str("tokenizer.chat_template"),
        Some(super::testing::TEMPLATE)
    );
    let tokens = gguf.array("tokenizer.ggml.tokens").unwrap();
    assert_eq!(tokens.len(), 320);
    assert_eq!(tokens[319], Value::String("[PAD319]".into()));
    let types = gguf.array("tokenizer.ggml.token_type").unwrap();
    let kinds: BTreeSet<_> = types[256..264].iter().map(|v| format!("{v:?}")).collect();
    assert_eq!(types[319], Value::Int(5));
    assert!(kinds.contains("Int(3)") && kinds.contains("Int(4)"), "{kinds:?}");
    let (_file, gguf) = convert(written(&Checkpoint::mistral()).path(), Quant::Q8_0).unwrap();
    assert_eq!(gguf.uint("llama.attention.sliding_window"), Some(64));
    assert_eq!(gguf.str("tokenizer.ggml.pre"), Some("tekken"));
    let (_file, gguf) = convert(written(&Checkpoint::qwen3()).path(), Quant::Q8_0).unwrap();
    assert_eq!(gguf.uint("qwen3.attention.key_length"), Some(32));
}

#[test]
fn what_is_wrong_with_a_folder_is_said() {
    let sound = || written(&Checkpoint::qwen2());
    let refusal = |spoil: &dyn Fn(&Path)| {
        let folder = sound();
        spoil(folder.path());
        convert(folder.path(), Quant::Q8_0)
            .map(drop)
            .unwrap_err()
            .to_string()
    };
    let edit = |file: &'static str, from: &'static str, to: &'static str| {
        move |folder: &Path| {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.contains(from), "{file} has no {from}");
            std::fs::write(path, text.replacen(from, to, 1)).unwrap();
        }
    };
    for (spoil, sign) in [
        (edit("config.json", "qwen2", "bert"), "\"bert\""),
        (
            edit("config.json", "\"hidden_size\":256", "\"hidden_size\":512"),
            "shape",
        ),
        (
            edit(
                "config.json",
                "\"num_hidden_layers\":2",
                "\"num_hidden_layers\":3",
            ),
            "no tensor",
        ),
        (
            edit(
                "config.json",
                "\"num_hidden_layers\":2",
                "\"num_hidden_layers\":1",
            ),
            "nothing",
        ),
        (edit("config.json", "{", "["), "config.json"),
        (edit("tokenizer.json", "Isolated", "Removed"), "cuts text"),
        (edit("tokenizer.json", "\\\\p{N}|", "\\\\p{N}+|"), "cuts text"),
        (edit("tokenizer.json", "\"NFC\"", "\"Lowercase\""), "Lowercase"),
        (edit("tokenizer.json", "\"BPE\"", "\"Unigram\""), "Unigram"),
        (edit("tokenizer.json", "\"id\":257", "\"id\":256"), "256"),
        (edit("tokenizer.json", "\"id\":257", "\"id\":4000"), "4000"),
    ] {
        let said = refusal(&spoil);
        assert!(said.contains(sign), "{sign}: {said}");
    }
    for file in ["tokenizer.json", "model.safetensors"] {
        let said = refusal(&|folder| std::fs::remove_file(folder.join(file)).unwrap());
        assert!(said.contains(file), "{said}");
    }
    let said = refusal(&|folder| {
        let path = folder.join("model.safetensors");
        let mut bytes = std::fs::read(&path).unwrap();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&[0xff; 4]);
        std::fs::write(path, bytes).unwrap();
    });
    assert!(said.contains("not a number"), "{said}");
    assert!(
        Folder::open(tempfile::tempdir().unwrap().path())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_conversion_can_be_stopped() {
    let folder = written(&Checkpoint::qwen2());
    let folder = Folder::open(folder.path()).unwrap().unwrap();
    let mut conversion = folder.convert(Quant::Q8_0, "test", None).unwrap();
    let mut out = tempfile::tempfile().unwrap();
    conversion.begin(&mut out).unwrap();
    let cancel = Cancel::default();
    cancel.cancel();
    let mut shard = folder.open_shard("model.safetensors").unwrap();
    let stopped = conversion.add(&mut shard, &mut out, &cancel, &mut |_| {});
    assert!(matches!(stopped, Err(ConvertError::Cancelled)));
    assert!(matches!(conversion.end(&out), Err(ConvertError::NoTensor(_))));
}

/// The true metadata of DeepSeek-R1-Distill-Qwen-7B, from a folder of its configuration without the weights.
#[test]
fn the_real_r1_has_the_metadata_that_llama_cpp_gives_it() {
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/r1-distill-qwen-7b.header.gguf");
    if !fixture.exists() {
        eprintln!("skipped: {} is not there", fixture.display());
        return;
    }
    let real = Gguf::open(&fixture).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("DeepSeek-R1-Distill-Qwen-7B");
    write_r1(&real, &path);
    let folder = Folder::open(&path).unwrap().unwrap();
    let conversion = folder
        .convert_later(Quant::Q4KM, "test", Some("mit"))
        .unwrap()
        .unwrap();
    // The size of the Q4_K_M file of this model on the hub, but for metadata.
    assert_eq!(conversion.len() / 1_000_000, 4_683);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    conversion.begin(file.as_file_mut()).unwrap();
    let ours = Gguf::open(file.path()).unwrap();
    let mut compared = 0;
    for (key, value) in real.metadata() {
        match ours.get(key) {
            Some(found) => {
                assert!(found == value, "{key} differs");
                compared += 1;
            }
            None => assert!(
                ["general.organization", "general.basename", "general.size_label"].contains(&key.as_str()),
                "{key} is missing"
            ),
        }
    }
    assert_eq!(compared, 24);
}

/// A folder with the configuration and the tokenizer that the real model has on the hub, without its weights.
fn write_r1(real: &Gguf, path: &Path) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let tokens = real.array("tokenizer.ggml.tokens").unwrap().iter().map(text);
    let types = real.array("tokenizer.ggml.token_type").unwrap();
    let mut vocab = serde_json::Map::new();
    let mut added = Vec::new();
    for ((id, token), kind) in tokens.enumerate().zip(types) {
        match kind {
            Value::Int(1) => drop(vocab.insert(token, id.into())),
            Value::Int(5) => {}
            kind => added.push(json!({"id": id, "content": token, "special": *kind == Value::Int(3)})),
        }
    }
    let merges: Vec<String> = real
        .array("tokenizer.ggml.merges")
        .unwrap()
        .iter()
        .map(text)
        .collect();
    let mut tokenizer = Checkpoint::qwen2().tokenizer();
    tokenizer["added_tokens"] = added.into();
    tokenizer["model"]["vocab"] = vocab.into();
    tokenizer["model"]["merges"] = merges.into();
    let settings = json!({
        "add_bos_token": true,
        "add_eos_token": false,
        "bos_token": {"content": "<｜begin▁of▁sentence｜>"},
        "eos_token": {"content": "<｜end▁of▁sentence｜>"},
        "pad_token": "<|vision_pad|>",
        "chat_template": real.str("tokenizer.chat_template"),
    });
    let config = json!({
        "bos_token_id": 151_643, "eos_token_id": 151_643, "hidden_act": "silu", "hidden_size": 3584,
        "intermediate_size": 18_944, "max_position_embeddings": 131_072, "max_window_layers": 28, "model_type": "qwen2",
        "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "rms_norm_eps": 1e-6,
        "rope_theta": 10_000, "sliding_window": 4096, "tie_word_embeddings": false, "use_sliding_window": false,
        "vocab_size": 152_064
    });
    let shape = Checkpoint {
        layers: 28,
        tied: false,
        width: 8,
        hidden: 8,
        heads: 1,
        kv_heads: 1,
        head_dim: 8,
        ..Checkpoint::qwen2()
    };
    let names = shape
        .tensors()
        .into_iter()
        .map(|(name, ..)| (name, "model-1.safetensors".into()));
    let index = json!({"weight_map": names.collect::<serde_json::Map<_, serde_json::Value>>()});
    std::fs::create_dir(path).unwrap();
    for (file, value) in [
        ("config.json", config),
        ("tokenizer.json", tokenizer),
        ("tokenizer_config.json", settings),
        ("model.safetensors.index.json", index),
    ] {
        std::fs::write(path.join(file), serde_json::to_string(&value).unwrap()).unwrap();
    }
}
