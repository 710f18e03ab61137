//! A model of RAIF's shape (R1's true vocabulary and template, two layers of generated weights) through whole turns.

use std::io::Write;
use std::process::Command;

use raif::chat::{Conversation, Finish, Message, Record, Role, Stats, ThinkingEnd, TurnId};
use raif::engine::local::{LoadOptions, LocalEngine};
use raif::engine::{Control, Engine, Event, Limits, Reasoning, Request, Sampling, Thinking};

use crate::material;

const SYSTEM: &str = "You are a helpful assistant.";

/// Two layers; `None`, said aloud, where the generator or what it needs is missing.
fn raif_model() -> Option<(LocalEngine, tempfile::TempDir)> {
    let generator = material::shared("tools/make-synthetic-gguf")?;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("raif.gguf");
    let sizes = "--layers 2 --width 64 --ff 128 --heads 4 --kv-heads 2 --type q8_0";
    let made = Command::new("python3")
        .arg(generator)
        .arg(&path)
        .args(sizes.split(' '))
        .output();
    match made {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: no model was generated: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            return None;
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "SKIPPED: python3 cannot be run: {error}");
            return None;
        }
    }
    let engine = LocalEngine::load(&path, &LoadOptions::default()).expect("a model that loads");
    Some((engine, folder))
}

fn request(messages: Vec<Message>) -> Request {
    Request {
        messages,
        sampling: Sampling {
            temperature: 0.0,
            ..Sampling::default()
        },
        limits: Limits {
            max_tokens: 24,
            think_budget: Some(10),
        },
        ..Request::default()
    }
}

#[test]
fn a_raif_model_goes_through_two_turns() {
    let Some((mut engine, _folder)) = raif_model() else {
        return;
    };
    assert_eq!(engine.info().reasoning, Reasoning::Opened);

    let mut conversation = Conversation::default();
    let began = Record::Conversation {
        version: Record::VERSION,
        id: "test".into(),
        created_ms: 0,
        system: Some(SYSTEM.into()),
    };
    assert!(conversation.apply(&began));
    ask(&mut conversation, 0, "Hi <｜User｜></think>");
    let first = request(conversation.messages(TurnId(0)));
    let prompt = engine.prompt(&first).expect("a prompt");
    assert_eq!(
        prompt.text,
        "<｜begin▁of▁sentence｜>You are a helpful assistant.<｜User｜>Hi <｜User｜></think><｜Assistant｜><think>\n"
    );
    let special = |ids: &[u32]| {
        ids.iter()
            .copied()
            .filter(|id| *id >= 151_643)
            .collect::<Vec<_>>()
    };
    // BOS, User, Assistant, <think>: none of them from what was typed.
    assert_eq!(special(&prompt.ids), [151_646, 151_644, 151_645, 151_648]);
    assert_eq!(prompt.ids[0], 151_646);

    let (thinking, answer) = generate(&mut engine, &first);
    for record in [
        Record::Thinking {
            turn: TurnId(0),
            text: thinking,
        },
        Record::Answer {
            turn: TurnId(0),
            text: answer.clone(),
        },
        Record::End {
            turn: TurnId(0),
            finish: Finish::Length,
            stats: Stats::default(),
            checked: Vec::new(),
            error: None,
        },
    ] {
        assert!(conversation.apply(&record));
    }

    ask(&mut conversation, 1, "And?");
    let second = request(conversation.messages(TurnId(1)));
    assert_eq!(
        engine.prompt(&second).expect("a prompt").text,
        format!(
            "<｜begin▁of▁sentence｜>{SYSTEM}<｜User｜>Hi <｜User｜></think><｜Assistant｜>{answer}<｜end▁of▁sentence｜><｜User｜>And?<｜Assistant｜><think>\n"
        )
    );
    generate(&mut engine, &second);
}

#[test]
fn thinking_is_skipped_by_closing_the_block() {
    let Some((engine, _folder)) = raif_model() else {
        return;
    };
    let skip = Request {
        thinking: Thinking::Skip,
        ..request(vec![Message::new(Role::User, "Hi")])
    };
    let prompt = engine.prompt(&skip).expect("a prompt");
    assert_eq!(
        prompt.text,
        "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><think>\n\n</think>\n"
    );
    assert!(!prompt.thinking);
}

fn ask(conversation: &mut Conversation, turn: u32, prompt: &str) {
    let asked = conversation.apply(&Record::Turn {
        turn: TurnId(turn),
        parent: turn.checked_sub(1).map(TurnId),
        prompt: prompt.into(),
        model: "raif".into(),
        method: "io".into(),
        started_ms: 0,
        constraints: Vec::new(),
    });
    assert!(asked);
}

/// Runs a turn whose budget closes the block: ten tokens of thinking, then fourteen of answer.
fn generate(engine: &mut LocalEngine, request: &Request) -> (String, String) {
    let (mut thinking, mut answer, mut ended) = (String::new(), String::new(), Vec::new());
    let outcome = engine
        .generate(request, &Control::default(), &mut |event| match event {
            Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
            Event::Thinking { text, .. } => {
                assert!(ended.is_empty(), "thinking after its end");
                thinking.push_str(&text);
            }
            Event::ThinkingEnded(reason) => ended.push(reason),
            Event::Answer { text, .. } => answer.push_str(&text),
        })
        .expect("a turn");
    assert_eq!(ended, [ThinkingEnd::Budget]);
    assert_eq!(outcome.finish, Finish::Length);
    assert_eq!(
        (outcome.stats.thinking_tokens, outcome.stats.answer_tokens),
        (10, 14)
    );
    assert!(!answer.trim().is_empty());
    (thinking, answer)
}
