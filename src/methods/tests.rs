use proptest::prelude::*;

use super::*;
use crate::chat::{Finish, ThinkingEnd};
use crate::engine::scripted::ScriptedEngine;
use crate::engine::{Reasoning, Sampling, Thinking};

/// Keeps what it is asked.
struct Recorder {
    engine: ScriptedEngine,
    info: ModelInfo,
    requests: Vec<Request>,
}

impl Recorder {
    fn new(reasoning: Reasoning, script: &str) -> Self {
        let name = serde_json::to_string(&reasoning).expect("a name");
        let script = format!("{{\"type\": \"model\", \"reasoning\": {name}}}\n{script}");
        let engine = ScriptedEngine::parse(&script).expect("the script is right");
        Self {
            info: engine.info().clone(),
            engine,
            requests: Vec::new(),
        }
    }
}

impl Engine for Recorder {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn generate(
        &mut self,
        request: &Request,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        self.requests.push(request.clone());
        self.engine.generate(request, control, sink)
    }
}

#[derive(Debug, Default, PartialEq)]
struct Heard {
    thinking: String,
    answer: String,
    ends: Vec<ThinkingEnd>,
}

fn ask(
    method: &str,
    engine: &mut Recorder,
    messages: &[Message],
    options: &Options,
    mut at_event: impl FnMut(&Event, &Control),
) -> (Heard, Outcome) {
    let control = Control::default();
    let mut heard = Heard::default();
    let question = Question {
        messages,
        options,
        prompts: &Prompts::default(),
    };
    let method = find(method).expect("a method of that name");
    let outcome = method.answer(engine, &question, &control, &mut |event| {
        at_event(&event, &control);
        match event {
            Event::Thinking { text, .. } => heard.thinking.push_str(&text),
            Event::Answer { text, .. } => heard.answer.push_str(&text),
            Event::ThinkingEnded(end) => heard.ends.push(end),
            Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
        }
    });
    (heard, outcome.expect("the script does not fail"))
}

fn user(text: &str) -> Vec<Message> {
    vec![Message::new(Role::User, text)]
}

const PLAIN: &str = r#"{"type": "text", "text": "Hello there."}"#;
const THINKS: &str = r#"{"type": "text", "text": " a plan.\n</think>\n\nHello there."}"#;

#[test]
fn names_are_known_and_different() {
    for method in METHODS {
        assert_eq!(find(method.name()).map(Method::name), Some(method.name()));
        assert!(!method.about().is_empty() && !method.about().contains('\n'));
        assert_eq!(METHODS.iter().filter(|m| m.name() == method.name()).count(), 1);
    }
    assert!(find("no such method").is_none());
}

#[test]
fn io_asks_as_it_is() {
    let mut engine = Recorder::new(Reasoning::None, PLAIN);
    let (heard, outcome) = ask("io", &mut engine, &user("Hi"), &Options::default(), |_, _| {});
    assert_eq!(
        (heard.answer.as_str(), outcome.finish),
        ("Hello there.", Finish::Stop)
    );
    assert_eq!(engine.requests[0].messages, user("Hi"));
    assert_eq!(engine.requests[0].reply_prefix, "");
}

#[test]
fn defaults_give_way_to_the_model_and_both_to_the_user() {
    let mut engine = Recorder::new(Reasoning::Opened, THINKS);
    engine.info.default_system = Some("You are a helpful assistant.".into());
    engine.info.default_sampling = Some(Sampling {
        temperature: 0.2,
        top_k: 20,
        ..Sampling::default()
    });
    ask("io", &mut engine, &user("Hi"), &Options::default(), |_, _| {});
    let own = [vec![Message::new(Role::System, "Be brief.")], user("Hi")].concat();
    let options = Options {
        temperature: Some(0.0),
        seed: Some(7),
        max_tokens: Some(100),
        think_budget: Some(9),
        ..Options::default()
    };
    ask("io", &mut engine, &own, &options, |_, _| {});
    let [first, second] = &engine.requests[..] else {
        panic!("two requests")
    };
    assert_eq!(first.messages[0].content, "You are a helpful assistant.");
    assert_eq!((first.sampling.temperature, first.sampling.top_k), (0.2, 20));
    assert_eq!(
        (first.limits.max_tokens, first.limits.think_budget),
        (4096, Some(3072))
    );
    assert_eq!(second.messages, own);
    assert_eq!(
        (
            second.sampling.temperature,
            second.sampling.top_k,
            second.sampling.seed
        ),
        (0.0, 20, 7)
    );
    assert_eq!(
        (second.limits.max_tokens, second.limits.think_budget),
        (100, Some(9))
    );
    assert_ne!(
        first.sampling.seed,
        Recorder::seed_of_another_run(),
        "a new seed each time"
    );
}

impl Recorder {
    fn seed_of_another_run() -> u64 {
        let mut engine = Self::new(Reasoning::None, PLAIN);
        ask("io", &mut engine, &user("Hi"), &Options::default(), |_, _| {});
        engine.requests[0].sampling.seed
    }
}

#[test]
fn cot_opens_a_think_block_where_the_model_would_not() {
    let mut engine = Recorder::new(Reasoning::None, THINKS);
    let messages = [vec![Message::new(Role::System, "Be brief.")], user("Hi")].concat();
    let (heard, _) = ask("cot", &mut engine, &messages, &Options::default(), |_, _| {});
    assert_eq!(
        (heard.thinking.as_str(), heard.answer.as_str()),
        ("The user asks a plan.\n", "Hello there.")
    );
    let request = &engine.requests[0];
    assert_eq!(request.reply_prefix, "<think>\nThe user asks");
    assert_eq!(request.limits.think_budget, Some(256));
    assert_eq!(
        request.messages[0].content,
        format!("Be brief.\n\n{}", Prompts::default().cot)
    );
    assert_eq!(request.messages[1..], messages[1..]);
}

#[test]
fn cot_leaves_a_reasoning_model_and_a_wish_for_no_thinking_alone() {
    let no_think = Options {
        no_think: true,
        ..Options::default()
    };
    for (reasoning, options) in [
        (Reasoning::Opened, Options::default()),
        (Reasoning::Spontaneous, Options::default()),
        (Reasoning::None, no_think),
    ] {
        let mut engine = Recorder::new(reasoning, PLAIN);
        ask("cot", &mut engine, &user("Hi"), &options, |_, _| {});
        ask("io", &mut engine, &user("Hi"), &options, |_, _| {});
        let [mut cot, io] = [engine.requests[0].clone(), engine.requests[1].clone()];
        cot.sampling.seed = io.sampling.seed;
        assert_eq!(cot, io);
    }
}

#[test]
fn cot_gets_an_answer_from_a_model_that_ends_inside_its_thinking() {
    let script = r#"
        {"type": "reply"}
        {"type": "text", "text": " for a greeting."}
        {"type": "reply"}
        {"type": "text", "text": "Hello there."}
    "#;
    let mut engine = Recorder::new(Reasoning::None, script);
    let (heard, outcome) = ask("cot", &mut engine, &user("Hi"), &Options::default(), |_, _| {});
    assert_eq!(
        heard,
        Heard {
            thinking: "The user asks for a greeting.".into(),
            answer: "Hello there.".into(),
            ends: vec![ThinkingEnd::Model],
        }
    );
    assert_eq!(outcome.finish, Finish::Stop);
    let prompt = &engine.requests[1].messages.last().expect("a prompt").content;
    assert!(prompt.contains("The user asks for a greeting."), "{prompt}");

    let limited = Options {
        max_tokens: Some(2),
        think_budget: Some(9),
        ..Options::default()
    };
    let mut engine = Recorder::new(Reasoning::None, script);
    let (heard, outcome) = ask("cot", &mut engine, &user("Hi"), &limited, |_, _| {});
    assert_eq!(
        (heard.ends, outcome.finish),
        (vec![ThinkingEnd::Unclosed], Finish::Length)
    );
    assert_eq!(engine.requests.len(), 1);
}

const TWO_PASSES: &str = r#"
    {"type": "reply"}
    {"type": "prefill", "tokens": 10}
    {"type": "text", "text": ", a {request} plan.\n</think>\n\nA first try that is long.", "ms": 1}
    {"type": "reply"}
    {"type": "prefill", "tokens": 20}
    {"type": "text", "text": "Hello there.", "ms": 1}
"#;

#[test]
fn sdc_thinks_first_and_answers_with_the_thought() {
    let mut engine = Recorder::new(Reasoning::None, TWO_PASSES);
    let (heard, outcome) = ask(
        "sdc",
        &mut engine,
        &user("Say {thought}"),
        &Options::default(),
        |_, _| {},
    );
    assert_eq!(
        heard,
        Heard {
            thinking: "The user asks, a {request} plan.\n".into(),
            answer: "Hello there.".into(),
            ends: vec![ThinkingEnd::Model],
        }
    );
    assert_eq!(outcome.finish, Finish::Stop);
    assert_eq!(
        (outcome.stats.prompt_tokens, outcome.stats.answer_tokens),
        (30, 2)
    );
    assert_eq!(engine.requests.len(), 2);
    let second = &engine.requests[1];
    assert_eq!(
        (second.thinking, second.reply_prefix.as_str()),
        (Thinking::Skip, "")
    );
    let prompt = &second.messages.last().expect("a prompt").content;
    assert!(
        prompt.starts_with("Say {thought}\n"),
        "what is filled in stays as it is: {prompt}"
    );
    assert!(
        prompt.contains("\nThe user asks, a {request} plan.\n"),
        "{prompt}"
    );
}

#[test]
fn sdc_is_one_pass_where_there_is_no_thought() {
    let mut engine = Recorder::new(Reasoning::Spontaneous, PLAIN);
    let (heard, _) = ask("sdc", &mut engine, &user("Hi"), &Options::default(), |_, _| {});
    assert_eq!(
        (heard.answer.as_str(), engine.requests.len()),
        ("Hello there.", 1)
    );
}

#[test]
fn sdc_stopped_while_thinking_does_not_go_on() {
    let mut engine = Recorder::new(Reasoning::None, TWO_PASSES);
    let (heard, outcome) = ask(
        "sdc",
        &mut engine,
        &user("Hi"),
        &Options::default(),
        |event, control| {
            if matches!(event, Event::Thinking { .. }) {
                control.stop();
            }
        },
    );
    assert_eq!(outcome.finish, Finish::Stopped);
    assert_eq!(
        (heard.ends, engine.requests.len()),
        (vec![ThinkingEnd::Unclosed], 1)
    );
}

#[test]
fn sdc_goes_on_to_the_answer_when_the_user_ends_thinking() {
    let mut engine = Recorder::new(Reasoning::None, TWO_PASSES);
    let (heard, _) = ask(
        "sdc",
        &mut engine,
        &user("Hi"),
        &Options::default(),
        |event, control| {
            if matches!(event, Event::Thinking { .. }) {
                control.end_thinking();
            }
        },
    );
    assert_eq!(heard.ends, [ThinkingEnd::User]);
    assert_eq!(heard.answer, "Hello there.");
}

#[test]
fn the_users_prompts_replace_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(
        Prompts::load(folder.path()).expect("no files"),
        Prompts::default()
    );
    std::fs::write(folder.path().join("cot.md"), "Think.\n").expect("written");
    assert_eq!(Prompts::load(folder.path()).expect("one file").cot, "Think.");
    std::fs::write(folder.path().join("sdc.md"), "{thought} only").expect("written");
    let error = Prompts::load(folder.path()).expect_err("a placeholder is missing");
    assert!(error.to_string().contains("{request}"), "{error}");
    std::fs::write(folder.path().join("sdc.md"), [0xff, 0xfe]).expect("written");
    assert!(matches!(
        Prompts::load(folder.path()),
        Err(PromptError::Read { .. })
    ));
}

proptest! {
    #[test]
    fn an_answer_always_has_room(max_tokens in 1usize..100_000) {
        let options = Options { max_tokens: Some(max_tokens), ..Options::default() };
        let limits = options.limits();
        prop_assert!(limits.think_budget.is_some_and(|budget| budget <= max_tokens));
        prop_assert!(max_tokens < 4 || limits.think_budget.is_some_and(|budget| budget < max_tokens));
    }

    #[test]
    fn choices_give_way_in_order(mine: Option<f32>, theirs: Option<f32>) {
        let both = Options { temperature: mine, ..Options::default() }
            .or(&Options { temperature: theirs, ..Options::default() });
        prop_assert_eq!(both.temperature.map(f32::to_bits), mine.or(theirs).map(f32::to_bits));
    }
}
