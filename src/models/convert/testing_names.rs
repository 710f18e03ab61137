// The names of tensors, for tests. (Integration tests include this file too.)

/// What a GGUF calls a tensor, and whether its rows are those of heads that rotate.
pub fn gguf_name(name: &str) -> (String, bool) {
    let by_head = name.contains("q_proj") || name.contains("k_proj");
    let name = match name.strip_prefix("model.layers.") {
        Some(rest) => format!("blk.{rest}"),
        None => name.to_owned(),
    };
    let pairs = [
        ("model.embed_tokens", "token_embd"),
        ("model.norm", "output_norm"),
        ("lm_head", "output"),
        ("input_layernorm", "attn_norm"),
        ("self_attn.q_proj", "attn_q"),
        ("self_attn.k_proj", "attn_k"),
        ("self_attn.v_proj", "attn_v"),
        ("self_attn.q_norm", "attn_q_norm"),
        ("self_attn.k_norm", "attn_k_norm"),
        ("self_attn.o_proj", "attn_output"),
        ("post_attention_layernorm", "ffn_norm"),
        ("mlp.gate_proj", "ffn_gate"),
        ("mlp.up_proj", "ffn_up"),
        ("mlp.down_proj", "ffn_down"),
    ];
    let renamed = pairs.iter().fold(name, |name, (from, to)| name.replace(from, to));
    (renamed, by_head)
}
