//! Folders of safetensors through the real binary: imported and run; and models that are too large.

use std::path::Path;

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use raif::models::gguf::{GgmlType, Gguf, Value};
use serde_json::json;
use tokenizers::Tokenizer;

use crate::checkpoints::Checkpoint;
use crate::gguf_files::GgufBuilder;
use crate::machine::{Machine, Ran, run};
use crate::tensor_names::gguf_name;
use crate::test_models;

/// A folder called `name` with a small model in it.
pub fn folder(machine: &Machine, model: &Checkpoint, name: &str) -> String {
    let path = machine.data().join(name);
    std::fs::create_dir_all(&path).unwrap();
    model.write_to(&path);
    path.display().to_string()
}

fn json(ran: &Ran) -> serde_json::Value {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn a_folder_is_converted_once_and_runs() {
    let machine = Machine::new();
    let path = folder(&machine, &Checkpoint::mistral(), "My-Model");
    let info = json(&run(machine.raif(["info", &path, "--json"])));
    assert_eq!(
        (&info["architecture"], &info["quantisation"]),
        (&"llama".into(), &"Q4_K_M".into())
    );
    assert!(info["safetensors"].as_u64().unwrap() > info["bytes"].as_u64().unwrap());
    let ask = || {
        let mut ask = machine.command("ask");
        ask.args([
            "--model",
            &path,
            "--temperature",
            "0",
            "--max-tokens",
            "8",
            "--json",
            "Hi",
        ]);
        run(ask)
    };
    let first = ask();
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(first.err.contains("converting to Q4_K_M"), "{}", first.err);
    let again = ask();
    assert!(!again.err.contains("converting"), "once is enough: {}", again.err);
    let answer = |ran: &Ran| json(ran)["answer"].clone();
    assert_eq!(answer(&first), answer(&again));
    let ran = run(machine.raif(["path", "My-Model-q4_k_m"]));
    let gguf = Gguf::open(Path::new(ran.out.trim_end())).unwrap();
    assert_eq!(
        gguf.file_len() as u64,
        info["bytes"].as_u64().unwrap(),
        "as info said"
    );
    assert_eq!(gguf.str("general.name"), Some("My Model"));

    let ran = run(machine.raif(["import", &path, "--quant", "q8_0"]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(machine.raif(["list"]));
    assert!(
        ran.out.contains("My-Model-q8_0") && ran.out.contains("My-Model-q4_k_m"),
        "{}",
        ran.out
    );
    // Something else under the same name is not overwritten.
    Checkpoint::qwen2().write_to(Path::new(&path));
    let ran = run(machine.raif(["import", &path]));
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("already a model called My-Model-q4_k_m"),
        "{}",
        ran.err
    );
    assert!(
        !machine.files().iter().any(|file| file.contains(".import")),
        "{:?}",
        machine.files()
    );
}

#[test]
fn what_cannot_be_converted_is_one_sentence_and_leaves_nothing() {
    let machine = Machine::new();
    let empty = machine.data().join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let ran = run(machine.raif(["import", empty.to_str().unwrap()]));
    assert!(
        ran.code == Some(1) && ran.err.contains("without a config.json"),
        "{}",
        ran.err
    );
    let path = folder(&machine, &Checkpoint::qwen2(), "cut");
    let weights = Path::new(&path).join("model.safetensors");
    let bytes = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &bytes[..bytes.len() - 1]).unwrap();
    for command in ["import", "info"] {
        let ran = run(machine.raif([command, &path]));
        assert!(
            ran.code == Some(1) && ran.last_line().contains("fetch it again"),
            "{}",
            ran.err
        );
    }
    std::fs::write(&weights, bytes).unwrap();
    let ran = run(machine.raif(["import", &path, "--name", "../up"]));
    assert!(
        ran.code == Some(1) && ran.err.contains("cannot be a model's name"),
        "{}",
        ran.err
    );
    let file = machine.data().join("Mine.gguf");
    std::fs::write(&file, &machine.gguf).unwrap();
    let ran = run(machine.raif(["import", file.to_str().unwrap(), "--quant", "Q8_0"]));
    assert!(
        ran.code == Some(1) && ran.err.contains("leave --quant away"),
        "{}",
        ran.err
    );
    assert!(
        !machine.files().iter().any(|file| file.starts_with("models/")),
        "{:?}",
        machine.files()
    );
}

/// Texts that byte-level tokenizers are known to disagree on.
const TEXTS: [&str; 12] = [
    "the then there and another in the 1234567 thin",
    "  leading,   inner and trailing   ",
    "tabs\tand\r\nnewlines\n\n\n more",
    "don't I'LL we've SHE'D",
    "CamelCaseWords and ALLCAPS, naïve café",
    "数字 12345 と漢字、ひらがな",
    "😀 👩‍💻 and ♻️ symbols ©®",
    "price: $1,234.56 (20% off)!!! ...",
    "path/to/file.rs -> x[i] += 1;  // note",
    "<think>\nwhy\n</think>\n\nso",
    "the[TOOL]the<|im_end|>the",
    "",
];

/// `raif dev WHAT --model MODEL`: one row for each.
fn dev(machine: &Machine, what: &str, model: &str, rows: &[serde_json::Value]) -> Vec<serde_json::Value> {
    use std::io::Write;
    let mut command = machine.command("dev");
    command
        .args([what, "--model", model])
        .stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let ran = Ran::of(child.wait_with_output().unwrap());
    writer.join().unwrap();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let answers = ran.out.lines().map(|row| serde_json::from_str(row).unwrap());
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers.len(), rows.len());
    answers
}

/// Each text's ids by the program's tokenizer of `model` are those of `tokenizer.json`.
fn same_tokens(machine: &Machine, model: &str, tokenizer: &Path, texts: &[String]) {
    let theirs = Tokenizer::from_file(tokenizer).unwrap();
    let rows: Vec<_> = texts
        .iter()
        .map(|text| json!({"text": text, "parse_special": true}))
        .collect();
    for (text, ours) in texts.iter().zip(dev(machine, "tokenize", model, &rows)) {
        let ids = theirs
            .encode_fast(text.as_str(), false)
            .unwrap()
            .get_ids()
            .to_vec();
        assert_eq!(ours["ids"], json!(ids), "{model}: {text:?}");
    }
}

#[test]
fn the_converted_tokenizer_is_the_folders_own() {
    let machine = Machine::new();
    let texts = TEXTS.map(str::to_owned);
    for (name, model) in [
        ("a", Checkpoint::qwen2()),
        ("b", Checkpoint::llama()),
        ("c", Checkpoint::mistral()),
        ("d", Checkpoint::qwen3()),
    ] {
        let path = folder(&machine, &model, name);
        let ran = run(machine.raif(["import", &path, "--quant", "q8_0", "--name", name]));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        same_tokens(&machine, name, &Path::new(&path).join("tokenizer.json"), &texts);
    }
}

#[test]
fn a_model_beyond_all_memory_is_refused_with_what_would_work() {
    let machine = Machine::new();
    let path = machine.data().join("huge.gguf");
    std::fs::create_dir_all(machine.data()).unwrap();
    let header = GgufBuilder::default()
        .string("general.architecture", "qwen2")
        .u32("qwen2.block_count", 1)
        .u32("qwen2.context_length", 4096)
        .u32("qwen2.embedding_length", 4096)
        .u32("qwen2.feed_forward_length", 4096)
        .u32("qwen2.attention.head_count", 32)
        .tensor_at("token_embd.weight", &[4096, 1 << 30], 1, 0, 0)
        .build();
    std::fs::write(&path, &header).unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    // Eight terabytes that take no room on disk.
    if file.set_len(header.len() as u64 + (8 << 40)).is_err() {
        eprintln!("skipped: this file system has no files of that size");
        return;
    }
    let path = path.to_str().unwrap();
    for (command, args) in [
        ("ask", vec!["--model", path, "Hi"]),
        ("bench", vec!["--model", path]),
    ] {
        let ran = run(machine.command(command).args(args));
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert!(
            ran.err.contains("8.8 TB") && ran.err.contains("what would work"),
            "{}",
            ran.err
        );
    }
    let info = run(machine.raif(["info", path]));
    assert!(info.out.contains("does not fit"), "{}{}", info.out, info.err);
}

/// The starter as its makers' safetensors would be, made from its GGUF: BF16, pairs of halves, `tokenizer.json`.
fn starter_as_safetensors(gguf: &Gguf, folder: &Path) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let texts = |key: &str| gguf.array(key).unwrap().iter().map(text).collect::<Vec<_>>();
    let number = |key: &str| gguf.uint(&format!("llama.{key}")).unwrap();
    let (heads, width) = (number("attention.head_count"), number("embedding_length"));
    let dim = (width / heads) as usize;
    let tokens = texts("tokenizer.ggml.tokens");
    let config = json!({
        "model_type": "llama", "hidden_size": width, "intermediate_size": number("feed_forward_length"),
        "num_hidden_layers": number("block_count"), "num_attention_heads": heads,
        "num_key_value_heads": number("attention.head_count_kv"), "vocab_size": tokens.len(),
        "max_position_embeddings": number("context_length"), "tie_word_embeddings": true,
        "rms_norm_eps": gguf.float("llama.attention.layer_norm_rms_epsilon"),
        "rope_theta": gguf.float("llama.rope.freq_base"), "hidden_act": "silu"
    });
    let types = gguf.array("tokenizer.ggml.token_type").unwrap();
    let mut vocab = serde_json::Map::new();
    let mut added = Vec::new();
    for ((id, token), kind) in tokens.iter().enumerate().zip(types) {
        vocab.insert(token.clone(), id.into());
        match kind {
            Value::Int(1) => {}
            kind => added.push(
                json!({"id": id, "content": token, "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": *kind == Value::Int(3)}),
            ),
        }
    }
    let mut tokenizer = Checkpoint::qwen2().tokenizer();
    tokenizer["normalizer"] = serde_json::Value::Null;
    tokenizer["post_processor"] = serde_json::Value::Null;
    tokenizer["pre_tokenizer"] = json!({"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": true},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]});
    tokenizer["added_tokens"] = added.into();
    tokenizer["model"]["vocab"] = vocab.into();
    tokenizer["model"]["merges"] = texts("tokenizer.ggml.merges").into();
    let id = |key: &str| &tokens[gguf.uint(&format!("tokenizer.ggml.{key}_token_id")).unwrap() as usize];
    let settings = json!({"bos_token": id("bos"), "eos_token": id("eos"), "add_bos_token": false,
        "chat_template": gguf.str("tokenizer.chat_template")});

    let names = Checkpoint {
        layers: number("block_count") as usize,
        width: 8,
        hidden: 8,
        heads: 1,
        kv_heads: 1,
        head_dim: 8,
        biases: false,
        ..Checkpoint::qwen2()
    };
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, ..) in names.tensors() {
        let (from, by_head) = gguf_name(&name);
        let tensor = gguf.tensor(&from).unwrap();
        let shape: Vec<usize> = tensor.dims.iter().rev().map(|dim| *dim as usize).collect();
        let dtype = match tensor.dtype {
            GgmlType::F32 => GgmlDType::F32,
            GgmlType::Q4_1 => GgmlDType::Q4_1,
            GgmlType::Q8_0 => GgmlDType::Q8_0,
            other => panic!("{from} is {other:?}"),
        };
        let storage = QStorage::from_data(gguf.bytes(tensor).to_vec().into(), &Device::Cpu, dtype).unwrap();
        let numbers = QTensor::new(storage, shape.clone())
            .unwrap()
            .dequantize(&Device::Cpu)
            .unwrap();
        let numbers: Vec<f32> = numbers.flatten_all().unwrap().to_vec1().unwrap();
        let columns = *shape.last().unwrap();
        let start = data.len();
        for index in 0..numbers.len() / columns {
            // From neighbours back to halves.
            let (head, row) = (index / dim, index % dim);
            let row = match by_head {
                true => {
                    head * dim
                        + if row < dim / 2 {
                            2 * row
                        } else {
                            2 * (row - dim / 2) + 1
                        }
                }
                false => index,
            };
            let row = &numbers[row * columns..][..columns];
            data.extend(row.iter().flat_map(|n| half::bf16::from_f32(*n).to_le_bytes()));
        }
        header.insert(
            name,
            json!({"dtype": "BF16", "shape": shape, "data_offsets": [start, data.len()]}),
        );
    }
    let header = serde_json::to_vec(&header).unwrap();
    let weights = [&(header.len() as u64).to_le_bytes(), header.as_slice(), &data].concat();
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("model.safetensors"), weights).unwrap();
    for (file, value) in [
        ("config.json", config),
        ("tokenizer.json", tokenizer),
        ("tokenizer_config.json", settings),
    ] {
        std::fs::write(folder.join(file), serde_json::to_vec(&value).unwrap()).unwrap();
    }
}

#[test]
fn the_starters_safetensors_compute_what_its_gguf_does() {
    let Some(starter) = test_models::model(test_models::STARTER) else {
        return;
    };
    let machine = Machine::new();
    let source = machine.data().join("starter-hf");
    starter_as_safetensors(&Gguf::open(&starter).unwrap(), &source);
    let ran = run(machine.raif([
        "import",
        source.to_str().unwrap(),
        "--quant",
        "q8_0",
        "--name",
        "again",
    ]));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let original = starter.to_str().unwrap();
    let prompts = [
        "The capital of France is",
        "one two three four five",
        "def main():\n    print(",
    ];
    let rows = prompts.map(|text| json!({"text": text, "parse_special": false}));
    let ids = dev(&machine, "tokenize", original, &rows);
    assert_eq!(dev(&machine, "tokenize", "again", &rows), ids);
    let rows: Vec<_> = ids
        .iter()
        .map(|row| json!({"prompt_ids": row["ids"], "n": 2}))
        .collect();
    let (ours, theirs) = (
        dev(&machine, "logits", "again", &rows),
        dev(&machine, "logits", original, &rows),
    );
    for (prompt, (ours, theirs)) in prompts.iter().zip(ours.iter().zip(&theirs)) {
        for step in 0..2 {
            let (ours, theirs) = (&ours["top5"][step][0], &theirs["top5"][step][0]);
            assert_eq!(ours["id"], theirs["id"], "{prompt}");
            let logprob = |best: &serde_json::Value| best["logprob"].as_f64().unwrap();
            assert!(
                (logprob(ours) - logprob(theirs)).abs() < 0.2,
                "{prompt}: {ours} {theirs}"
            );
        }
    }
    let mut texts: Vec<String> = TEXTS.map(str::to_owned).into();
    texts.extend(TEXTS.map(|text| text.repeat(3)));
    same_tokens(&machine, "again", &source.join("tokenizer.json"), &texts);
}
