//! Whole turns of the local engine: with a scripted decoder where the text matters, with the real one where the numbers do.

mod rope;
mod sequences;

use proptest::prelude::*;

use super::testing::{
    self, ASSISTANT, BOS, CLOSE, EOS, OPEN, PLAIN_TEMPLATE, R1_TEMPLATE, ScriptedDecoder, TinyGguf,
};
use super::*;
use crate::chat::{Finish, Message, Role, ThinkingEnd};
use crate::engine::{Limits, Thinking};
use crate::models::gguf::Value;

fn load(gguf: &TinyGguf) -> Result<LocalEngine, EngineError> {
    LocalEngine::load(gguf.write().path(), &LoadOptions::default())
}

/// The tokenizer and chat format of a template, with a decoder that is not computed.
fn engine(template: &str, decoder: ScriptedDecoder) -> LocalEngine {
    let file = TinyGguf::new(template).write();
    let gguf = Gguf::open(file.path()).unwrap();
    let tokenizer = Tokenizer::from_gguf(&gguf).unwrap();
    let format = ChatFormat::from_gguf(&gguf, &tokenizer).unwrap();
    LocalEngine::assemble(
        file.path(),
        &LoadOptions::default(),
        tokenizer,
        format,
        Box::new(decoder),
    )
}

fn asking(prompt: &str) -> Request {
    Request {
        messages: vec![Message::new(Role::User, prompt)],
        sampling: Sampling {
            temperature: 0.0,
            ..Sampling::default()
        },
        ..Request::default()
    }
}

/// An R1 model that thinks `thinking`, closes its block, and answers `answer`, wherever its block is closed.
fn reasoner(context: usize, thinking: &str, answer: &str) -> LocalEngine {
    let thinking: Vec<u32> = thinking.bytes().map(u32::from).collect();
    let answer: Vec<u32> = answer.bytes().map(u32::from).collect();
    let decoder = ScriptedDecoder::new(context, move |ids| {
        let Some(at) = ids.iter().rposition(|id| *id == ASSISTANT) else {
            return EOS;
        };
        let reply = &ids[at + 1..];
        match reply.iter().position(|id| *id == CLOSE) {
            None => {
                let said = reply.len().checked_sub(2);
                let next = said.and_then(|said| thinking.get(said));
                next.copied().unwrap_or(CLOSE)
            }
            Some(at) => {
                let said = reply[at + 1..]
                    .iter()
                    .skip_while(|id| **id == u32::from(b'\n'))
                    .count();
                answer.get(said).copied().unwrap_or(EOS)
            }
        }
    });
    engine(R1_TEMPLATE, decoder)
}

/// The events of a turn, put together.
#[derive(Debug, Default, PartialEq)]
struct Told {
    thinking: String,
    answer: String,
    ended: Vec<ThinkingEnd>,
    thinking_tokens: usize,
    answer_tokens: usize,
    left_out: usize,
}

fn run(engine: &mut LocalEngine, request: &Request) -> (Told, Outcome) {
    let control = Control::default();
    run_with(engine, request, &control, |_| {})
}

fn run_with(
    engine: &mut LocalEngine,
    request: &Request,
    control: &Control,
    mut watch: impl FnMut(&Told),
) -> (Told, Outcome) {
    let mut told = Told::default();
    let outcome = engine
        .generate(request, control, &mut |event| {
            match event {
                Event::TurnsLeftOut(turns) => told.left_out = turns,
                Event::Prefill { done, total, cached } => assert!(cached <= done && done <= total),
                Event::Thinking { text, tokens } => {
                    told.thinking.push_str(&text);
                    told.thinking_tokens += tokens;
                }
                Event::ThinkingEnded(reason) => told.ended.push(reason),
                Event::Answer { text, tokens } => {
                    told.answer.push_str(&text);
                    told.answer_tokens += tokens;
                }
            }
            watch(&told);
        })
        .unwrap();
    assert_eq!(outcome.stats.thinking_tokens, told.thinking_tokens);
    assert_eq!(outcome.stats.answer_tokens, told.answer_tokens);
    (told, outcome)
}

#[test]
fn a_reasoner_is_prompted_into_its_think_block() {
    let engine = reasoner(256, "", "");
    assert_eq!(engine.info().reasoning, Reasoning::Opened);
    let request = Request {
        messages: vec![
            Message::new(Role::System, "S"),
            Message::new(Role::User, "one"),
            Message::new(Role::Assistant, "two"),
            Message::new(Role::User, "three"),
        ],
        ..Request::default()
    };
    let prompt = engine.prompt(&request).unwrap();
    assert_eq!(
        prompt.text,
        "<｜begin▁of▁sentence｜>S<｜User｜>one<｜Assistant｜>two<｜end▁of▁sentence｜><｜User｜>three<｜Assistant｜><think>\n"
    );
    assert!(prompt.thinking);
    assert_eq!(prompt.ids.iter().filter(|id| **id == BOS).count(), 1);
    assert_eq!(prompt.ids[prompt.ids.len() - 2..], [OPEN, u32::from(b'\n')]);

    let skipping = engine
        .prompt(&Request {
            thinking: Thinking::Skip,
            reply_prefix: "Well".into(),
            ..request
        })
        .unwrap();
    assert!(
        skipping
            .text
            .ends_with("<｜Assistant｜><think>\n\n</think>\nWell")
    );
    assert!(!skipping.thinking);
}

#[test]
fn a_template_that_opens_the_block_is_not_opened_twice() {
    for opening in ["<think>", "<think>\\n", "<think>\\n\\n"] {
        let template = format!("{{{{ messages[0].content + '<｜Assistant｜>{opening}' }}}}");
        let engine = engine(&template, ScriptedDecoder::replying(256, 0, vec![]));
        let prompt = engine.prompt(&asking("Q")).unwrap();
        assert_eq!(
            prompt.text,
            format!("Q<｜Assistant｜>{}", opening.replace("\\n", "\n"))
        );
        assert!(prompt.thinking);
        let skip = Request {
            thinking: Thinking::Skip,
            ..asking("Q")
        };
        assert_eq!(
            engine.prompt(&skip).unwrap().text,
            "Q<｜Assistant｜><think>\n\n</think>\n"
        );
    }
}

#[test]
fn a_reply_prefix_opens_a_block_for_a_model_that_would_not() {
    let engine = engine(PLAIN_TEMPLATE, ScriptedDecoder::replying(256, 0, vec![]));
    assert_eq!(engine.info().reasoning, Reasoning::None);
    let prompt = engine
        .prompt(&Request {
            reply_prefix: "<think>\n".into(),
            ..asking("Q")
        })
        .unwrap();
    assert!(prompt.thinking);
    assert!(prompt.ids.contains(&OPEN));
    assert!(!engine.prompt(&asking("Q")).unwrap().thinking);
}

#[test]
fn a_hybrid_model_thinks_by_itself_and_skips_as_its_template_says() {
    let template = "{{ messages[0].content }}:{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}";
    let engine = engine(template, ScriptedDecoder::replying(256, 0, vec![]));
    assert_eq!(engine.info().reasoning, Reasoning::Spontaneous);
    let prompt = engine.prompt(&asking("Q")).unwrap();
    assert_eq!((prompt.text.as_str(), prompt.thinking), ("Q:", false));
    let skip = Request {
        thinking: Thinking::Skip,
        ..asking("Q")
    };
    assert_eq!(engine.prompt(&skip).unwrap().text, "Q:<think>\n\n</think>\n\n");
}

#[test]
fn a_prompt_begins_with_bos_once_whoever_adds_it() {
    let with_bos =
        |template: &str| TinyGguf::new(template).set("tokenizer.ggml.add_bos_token", Value::Bool(true));
    for template in [
        "{{ messages[0].content }}",
        "{{ bos_token + messages[0].content }}",
    ] {
        let engine = load(&with_bos(template)).unwrap();
        let prompt = engine.prompt(&asking("Q")).unwrap();
        assert_eq!(prompt.ids, [BOS, u32::from(b'Q')]);
        assert_eq!(prompt.text, "<｜begin▁of▁sentence｜>Q");
    }
}

#[test]
fn thinking_and_answer_arrive_apart() {
    let mut engine = reasoner(256, "hmm ☃", "Yes. ☃");
    let (told, outcome) = run(&mut engine, &asking("Q"));
    assert_eq!(
        (told.thinking.as_str(), told.answer.as_str()),
        ("hmm ☃", "Yes. ☃")
    );
    assert_eq!(told.ended, [ThinkingEnd::Model]);
    assert_eq!(outcome.finish, Finish::Stop);
    assert_eq!(outcome.stats.thinking_tokens, "hmm ☃".len() + 1);
    assert_eq!(outcome.stats.answer_tokens, "Yes. ☃".len());
}

#[test]
fn a_budget_closes_the_block_and_the_answer_follows() {
    let mut engine = reasoner(256, &"loop ".repeat(100), "Done");
    let mut request = asking("Q");
    for budget in [0, 1, 12] {
        request.limits.think_budget = Some(budget);
        let (told, outcome) = run(&mut engine, &request);
        assert_eq!(told.thinking, "loop loop loop loop"[..budget]);
        assert_eq!(told.thinking_tokens, budget);
        assert_eq!(told.ended, [ThinkingEnd::Budget]);
        assert_eq!(told.answer, "Done");
        assert_eq!(outcome.finish, Finish::Stop);
    }
}

#[test]
fn a_key_closes_the_block_and_the_answer_follows() {
    let mut engine = reasoner(256, &"loop ".repeat(100), "Done");
    let control = Control::default();
    let (told, _) = run_with(&mut engine, &asking("Q"), &control, |told| {
        if told.thinking_tokens == 7 {
            control.end_thinking();
        }
    });
    assert_eq!(told.thinking, "loop lo");
    assert_eq!(
        (told.ended, told.answer.as_str()),
        (vec![ThinkingEnd::User], "Done")
    );
}

#[test]
fn an_unclosed_block_is_told_once_on_every_way_out() {
    let endless = "thinking ".repeat(100);
    let mut request = asking("Q");
    request.limits = Limits {
        max_tokens: 5,
        think_budget: None,
    };
    let (told, outcome) = run(&mut reasoner(256, &endless, ""), &request);
    assert_eq!(
        (told.ended, outcome.finish),
        (vec![ThinkingEnd::Unclosed], Finish::Length)
    );

    let (told, outcome) = run(&mut reasoner(20, &endless, ""), &asking("Q"));
    assert_eq!(
        (told.ended, outcome.finish),
        (vec![ThinkingEnd::Unclosed], Finish::ContextFull)
    );

    let control = Control::default();
    control.stop();
    let (told, outcome) = run_with(&mut reasoner(256, &endless, ""), &asking("Q"), &control, |_| {});
    assert_eq!(
        (told.ended, outcome.finish),
        (vec![ThinkingEnd::Unclosed], Finish::Stopped)
    );
}

#[test]
fn stopping_takes_effect_at_the_next_token() {
    let mut engine = reasoner(256, &"loop ".repeat(100), "");
    let control = Control::default();
    let (told, outcome) = run_with(&mut engine, &asking("Q"), &control, |told| {
        if told.thinking_tokens == 3 {
            control.stop();
        }
    });
    assert_eq!((told.thinking.as_str(), outcome.finish), ("loo", Finish::Stopped));
}

#[test]
fn a_stop_string_ends_the_answer_and_is_no_part_of_it() {
    let mut engine = reasoner(256, "END", "the END of it");
    let mut request = asking("Q");
    request.stop = vec!["END".into()];
    let (told, outcome) = run(&mut engine, &request);
    assert_eq!((told.thinking.as_str(), told.answer.as_str()), ("END", "the "));
    assert_eq!(outcome.finish, Finish::Stop);
    assert_eq!(outcome.stats.answer_tokens, "the END".len());
}

#[test]
fn the_next_turn_reuses_what_it_shares() {
    let mut engine = reasoner(256, "hm", "fine");
    let mut request = asking("one");
    let (_, first) = run(&mut engine, &request);
    assert_eq!(first.stats.cached_tokens, 0);
    request.messages.push(Message::new(Role::Assistant, "fine"));
    request.messages.push(Message::new(Role::User, "two"));
    let (told, second) = run(&mut engine, &request);
    // BOS, User, "one", Assistant: what follows differs, for the old thinking is not sent again.
    assert_eq!(second.stats.cached_tokens, 6);
    assert_eq!(told.answer, "fine");
    let (_, again) = run(&mut engine, &request);
    assert_eq!(again.stats.cached_tokens, again.stats.prompt_tokens - 1);
}

#[test]
fn a_prompt_that_does_not_fit_is_an_error_that_says_so() {
    let mut engine = reasoner(20, "", "");
    let error = engine.generate(&asking(&"x".repeat(40)), &Control::default(), &mut |_| {});
    assert!(
        matches!(
            error,
            Err(EngineError::PromptTooLong {
                tokens: 45,
                context: 20
            })
        ),
        "{error:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_the_model_says_is_what_is_told(answer in "[a-zé☃🚀.,!?]{1,40}") {
        let mut engine = reasoner(1024, "hm", &answer);
        let (told, outcome) = run(&mut engine, &asking("Q"));
        prop_assert_eq!(told.answer, answer);
        prop_assert_eq!(outcome.finish, Finish::Stop);
    }

    #[test]
    fn typed_text_never_becomes_a_special_token(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<think>".to_string()), Just("</think>".into()), Just("<｜User｜>".into()), Just("<|im_end|>".into()),
                Just("<｜end▁of▁sentence｜>".into()), Just("<".into()), Just("|im_".into()), Just("end|>".into()),
                Just("\u{fdd0}".into()), Just(" ".into()), "\\PC{0,6}",
            ],
            0..8,
        ),
    ) {
        let typed = parts.concat();
        for template in [R1_TEMPLATE, PLAIN_TEMPLATE] {
            let engine = engine(template, ScriptedDecoder::replying(256, 0, vec![]));
            let specials = |request: &Request| -> Vec<u32> {
                engine.prompt(request).unwrap().ids.into_iter().filter(|id| *id > 255).collect()
            };
            prop_assert_eq!(specials(&asking(&typed)), specials(&asking("plain")));
            let prompt = engine.prompt(&asking(&typed)).unwrap();
            prop_assert!(prompt.text.contains(typed.trim()));
        }
    }
}

#[test]
fn prefill_in_chunks_equals_prefill_at_once_and_a_cut_cache_forgets() {
    let gguf = TinyGguf::new(PLAIN_TEMPLATE).write();
    let mut decoder = open_decoder(&Gguf::open(gguf.path()).unwrap(), &LoadOptions::default()).unwrap();
    let ids: Vec<u32> = (0..100).map(|i| i * 37 % 256).collect();
    let (mut whole, mut chunked) = (Vec::new(), Vec::new());
    decoder.forward(&ids, &mut whole).unwrap();
    decoder.truncate(10);
    for chunk in ids[10..].chunks(7) {
        decoder.forward(chunk, &mut chunked).unwrap();
    }
    assert_eq!(decoder.len(), ids.len());
    for (a, b) in whole.iter().zip(&chunked) {
        assert!((a - b).abs() < 1e-3, "{a} and {b}");
    }
    assert!(decoder.forward(&[9999], &mut whole).is_err());
    assert!(decoder.forward(&vec![1; 157], &mut whole).is_err());
}

#[test]
fn the_context_is_what_was_asked_and_never_more_than_the_model_has() {
    let gguf = TinyGguf::new(PLAIN_TEMPLATE).write();
    for (asked, given) in [(None, 256), (Some(100), 100), (Some(1 << 40), 256)] {
        let options = LoadOptions {
            context: asked,
            ..LoadOptions::default()
        };
        let engine = LocalEngine::load(gguf.path(), &options).unwrap();
        assert_eq!(engine.info().context, given);
    }
}

/// The reason that loading gives.
fn refusal(gguf: &TinyGguf) -> String {
    match load(gguf) {
        Err(EngineError::Load { reason, .. }) => reason,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was loaded"),
    }
}

#[test]
fn a_file_that_cannot_be_run_says_why() {
    let tiny = || TinyGguf::new(PLAIN_TEMPLATE);
    let text = |s: &str| Value::String(s.into());
    let cases = [
        (
            tiny().set("general.architecture", text("mamba")),
            "architecture is \"mamba\"",
        ),
        (tiny().without("general.architecture"), "no general.architecture"),
        (
            tiny().set("tokenizer.ggml.pre", text("gpt-5")),
            "pre-tokenizer is \"gpt-5\"",
        ),
        (
            tiny().set("tokenizer.ggml.model", text("llama")),
            "of the kind \"llama\"",
        ),
        (
            tiny().without("tokenizer.ggml.tokens"),
            "no tokenizer.ggml.tokens",
        ),
        (
            tiny().set("tokenizer.ggml.token_type", Value::Array(vec![Value::Int(1)])),
            "the types of 1",
        ),
        (
            tiny().set("tokenizer.ggml.merges", Value::Array(vec![text("one")])),
            "is not two parts",
        ),
        (
            tiny().set("tokenizer.ggml.merges", Value::Array(vec![text("no such")])),
            "tokenizer is damaged",
        ),
        (tiny().without("tokenizer.chat_template"), "no chat template"),
        (
            tiny().set("qwen2.block_count", Value::Uint(u64::MAX)),
            "from 1 to",
        ),
        (
            tiny().set("qwen2.block_count", Value::Uint(4000)),
            "no tensor blk.2.attn_norm.weight",
        ),
        (tiny().set("qwen2.embedding_length", Value::Uint(0)), "from 1 to"),
        (
            tiny().set("qwen2.embedding_length", Value::Uint(64)),
            "where [64, 264] is needed",
        ),
        (
            tiny().set("qwen2.attention.head_count_kv", Value::Uint(3)),
            "divide the heads",
        ),
        (
            tiny().set("qwen2.rope.scaling.type", text("longrope")),
            "rope.scaling.type is longrope",
        ),
        (
            tiny().without_tensor("blk.1.ffn_up.weight"),
            "no tensor blk.1.ffn_up.weight",
        ),
        (
            tiny().reshaped("blk.0.attn_k.weight", &[32, 8]),
            "where [32, 16] is needed",
        ),
    ];
    for (gguf, expected) in cases {
        let reason = refusal(&gguf);
        assert!(reason.contains(expected), "{reason:?} should say {expected:?}");
    }
}

#[test]
fn a_template_that_fails_or_never_ends_says_so() {
    for (template, expected) in [
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
            "did not come to an end",
        ),
        (
            "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
            "did not come to an end",
        ),
        (
            "{{ raise_exception('only tools are served') }}",
            "only tools are served",
        ),
        ("{{ messages[0].content", "template fails"),
        ("{{ nothing.like.this }}", "template fails"),
        ("Hello", "drops what the user says"),
    ] {
        let reason = refusal(&TinyGguf::new(template));
        assert!(reason.contains(expected), "{reason:?} should say {expected:?}");
    }
}

#[test]
fn a_template_without_a_place_for_a_system_message_refuses_one() {
    for template in [
        "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}{{ messages[0].content }}",
        "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}",
    ] {
        let engine = engine(template, ScriptedDecoder::replying(64, 0, vec![]));
        let mut request = asking("Q");
        assert_eq!(engine.prompt(&request).unwrap().text, "Q");
        request.messages.insert(0, Message::new(Role::System, "S"));
        let error = engine.prompt(&request).unwrap_err().to_string();
        assert!(error.contains("no place for a system message"), "{error}");
    }
}

#[test]
fn damaged_files_are_refused_whatever_byte_is_gone() {
    let bytes = TinyGguf::new(PLAIN_TEMPLATE).bytes();
    for len in (0..bytes.len()).step_by(bytes.len() / 97) {
        let file = testing::file(&bytes[..len]);
        let loaded = LocalEngine::load(file.path(), &LoadOptions::default());
        assert!(
            matches!(loaded, Err(EngineError::Load { .. })),
            "cut to {len} bytes"
        );
    }
}
