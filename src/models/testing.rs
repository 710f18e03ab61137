// GGUF files made by hand, for tests. (Integration tests include this file too.)

/// A file of version 3, in the order in which things are added.
#[derive(Clone, Default)]
pub struct GgufBuilder {
    metadata: Vec<u8>,
    metadata_count: u64,
    tensors: Vec<u8>,
    tensor_count: u64,
    data: Vec<u8>,
}

impl GgufBuilder {
    /// A metadata value of `kind`, whose bytes are given.
    pub fn raw(mut self, key: &str, kind: u32, bytes: &[u8]) -> Self {
        self.metadata.extend(string(key));
        self.metadata.extend(kind.to_le_bytes());
        self.metadata.extend(bytes);
        self.metadata_count += 1;
        self
    }

    pub fn string(self, key: &str, value: &str) -> Self {
        self.raw(key, 8, &string(value))
    }

    pub fn u32(self, key: &str, value: u32) -> Self {
        self.raw(key, 4, &value.to_le_bytes())
    }

    pub fn strings(self, key: &str, values: &[&str]) -> Self {
        let mut bytes = 8u32.to_le_bytes().to_vec();
        bytes.extend((values.len() as u64).to_le_bytes());
        values.iter().for_each(|value| bytes.extend(string(value)));
        self.raw(key, 9, &bytes)
    }

    /// A tensor of type `id`, and `bytes` zeros for it in the data section.
    pub fn tensor(self, name: &str, dims: &[u64], id: u32, bytes: usize) -> Self {
        let offset = self.data.len() as u64;
        self.tensor_at(name, dims, id, offset, bytes)
    }

    pub fn tensor_at(mut self, name: &str, dims: &[u64], id: u32, offset: u64, bytes: usize) -> Self {
        self.tensors.extend(string(name));
        self.tensors.extend((dims.len() as u32).to_le_bytes());
        dims.iter().for_each(|dim| self.tensors.extend(dim.to_le_bytes()));
        self.tensors.extend(id.to_le_bytes());
        self.tensors.extend(offset.to_le_bytes());
        self.tensor_count += 1;
        self.data.resize(self.data.len() + bytes.next_multiple_of(32), 0);
        self
    }

    pub fn build(&self) -> Vec<u8> {
        let mut file = b"GGUF".to_vec();
        file.extend(3u32.to_le_bytes());
        file.extend(self.tensor_count.to_le_bytes());
        file.extend(self.metadata_count.to_le_bytes());
        file.extend(&self.metadata);
        file.extend(&self.tensors);
        file.resize(file.len().next_multiple_of(32), 0);
        file.extend(&self.data);
        file
    }
}

/// A whole model in small: every kind of thing that a real header has.
pub fn small_model() -> GgufBuilder {
    let tokens: Vec<String> = (0..64).map(|i| format!("token{i}")).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let mut types = 5u32.to_le_bytes().to_vec();
    types.extend(64u64.to_le_bytes());
    types.extend([1, 0, 0, 0].repeat(64));
    GgufBuilder::default()
        .string("general.architecture", "llama")
        .string("general.name", "small\u{7} model")
        .u32("general.file_type", 15)
        .u32("llama.block_count", 2)
        .u32("llama.context_length", 2048)
        .u32("llama.embedding_length", 256)
        .u32("llama.attention.head_count", 4)
        .u32("llama.attention.head_count_kv", 2)
        .string("tokenizer.ggml.model", "gpt2")
        .string("tokenizer.ggml.pre", "smollm")
        .strings("tokenizer.ggml.tokens", &tokens)
        .raw("tokenizer.ggml.token_type", 9, &types)
        .string("tokenizer.chat_template", "{{ messages }}")
        .tensor("token_embd.weight", &[256, 64], 12, 64 * 144)
        .tensor("output_norm.weight", &[256], 0, 1024)
}

fn string(text: &str) -> Vec<u8> {
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}
