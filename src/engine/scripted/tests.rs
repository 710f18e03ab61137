use super::*;
use crate::chat::{Finish, Message, Role, ThinkingEnd};
use crate::engine::testing::generate_list;
use crate::engine::{Limits, Thinking};

fn run(script: &str, request: &Request, mut at_event: impl FnMut(&Event, &Control)) -> (Vec<Event>, Outcome) {
    let mut engine = ScriptedEngine::parse(script).expect("the script is right");
    let control = Control::default();
    let mut events = Vec::new();
    let outcome = engine
        .generate(request, &control, &mut |event| {
            at_event(&event, &control);
            events.push(event);
        })
        .expect("the script does not fail");
    (events, outcome)
}

fn texts(events: &[Event]) -> (String, String, Vec<ThinkingEnd>) {
    let mut texts = (String::new(), String::new(), Vec::new());
    for event in events {
        match event {
            Event::Thinking { text, .. } => texts.0.push_str(text),
            Event::Answer { text, .. } => texts.1.push_str(text),
            Event::ThinkingEnded(end) => texts.2.push(*end),
            Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
        }
    }
    texts
}

const REASONING: &str = r#"
    {"type": "model", "reasoning": "opened"}
    {"type": "prefill", "tokens": 100}
    {"type": "text", "text": "One two three.\n</think>\n\nFour five."}
"#;

#[test]
fn a_reply_is_played_through_the_splitter() {
    let (events, outcome) = run(REASONING, &Request::default(), |_, _| {});
    assert_eq!(
        texts(&events),
        (
            "One two three.\n".into(),
            "Four five.".into(),
            vec![ThinkingEnd::Model]
        )
    );
    assert_eq!(outcome.finish, Finish::Stop);
    assert_eq!(
        (outcome.stats.prompt_tokens, outcome.stats.answer_tokens),
        (100, 2)
    );
    let counted: usize = events
        .iter()
        .map(|event| match event {
            Event::Thinking { tokens, .. } => *tokens,
            _ => 0,
        })
        .sum();
    assert_eq!(
        (counted, outcome.stats.thinking_tokens),
        (5, 5),
        "the tag is a token"
    );
}

#[test]
fn a_budget_and_a_key_go_on_behind_the_close() {
    let request = Request {
        limits: Limits {
            think_budget: Some(2),
            ..Limits::default()
        },
        ..Request::default()
    };
    let (events, _) = run(REASONING, &request, |_, _| {});
    assert_eq!(
        texts(&events),
        ("One two".into(), "Four five.".into(), vec![ThinkingEnd::Budget])
    );
    let (events, _) = run(REASONING, &Request::default(), |event, control| {
        if matches!(event, Event::Thinking { .. }) {
            control.end_thinking();
        }
    });
    assert_eq!(
        texts(&events),
        ("One".into(), "Four five.".into(), vec![ThinkingEnd::User])
    );
}

#[test]
fn thinking_is_skipped_where_the_request_says_so() {
    let request = Request {
        thinking: Thinking::Skip,
        ..Request::default()
    };
    let (events, _) = run(REASONING, &request, |_, _| {});
    assert_eq!(texts(&events), (String::new(), "Four five.".into(), vec![]));
}

#[test]
fn a_stop_ends_it_within_a_token() {
    let (events, outcome) = run(REASONING, &Request::default(), |event, control| {
        if matches!(event, Event::Thinking { .. }) {
            control.stop();
        }
    });
    assert_eq!(
        texts(&events),
        ("One".into(), String::new(), vec![ThinkingEnd::Unclosed])
    );
    assert_eq!(outcome.finish, Finish::Stopped);
}

#[test]
fn a_loop_ends_with_its_budget_or_its_tokens() {
    let script = r#"
        {"type": "model", "reasoning": "opened"}
        {"type": "loop", "text": " wait"}
        {"type": "text", "text": "</think>Done."}
    "#;
    let mut request = Request::default();
    request.limits.think_budget = Some(30);
    let (events, outcome) = run(script, &request, |_, _| {});
    assert_eq!(outcome.stats.thinking_tokens, 30);
    assert_eq!(texts(&events).1, "Done.");
    request.limits = Limits {
        max_tokens: 20,
        think_budget: None,
    };
    let (events, outcome) = run(script, &request, |_, _| {});
    assert_eq!(
        (outcome.finish, outcome.stats.thinking_tokens),
        (Finish::Length, 20)
    );
    assert_eq!(texts(&events).2, [ThinkingEnd::Unclosed]);
}

#[test]
fn the_context_is_a_limit_and_replies_follow_each_other() {
    let script = r#"
        {"type": "model", "context": 6}
        {"type": "reply"}
        {"type": "text", "text": "a b c d e f g"}
        {"type": "reply"}
        {"type": "fail", "message": "out of paper"}
    "#;
    let request = Request {
        messages: vec![Message::new(Role::User, "one two three")],
        ..Request::default()
    };
    let mut engine = ScriptedEngine::parse(script).expect("the script is right");
    let mut sink = |_| {};
    let first = engine
        .generate(&request, &Control::default(), &mut sink)
        .expect("the first reply");
    assert_eq!(
        (first.finish, first.stats.answer_tokens),
        (Finish::ContextFull, 3)
    );
    let second = engine.generate(&request, &Control::default(), &mut sink);
    assert!(matches!(second, Err(EngineError::Compute(message)) if message == "out of paper"));
    let third = engine.generate(&request, &Control::default(), &mut sink);
    assert_eq!(
        third.map(|outcome| outcome.finish).ok(),
        Some(Finish::ContextFull)
    );
}

#[test]
fn several_requests_have_their_own_events_controls_and_outcomes() {
    let script = r#"
        {"type": "reply"}
        {"type": "text", "text": "one two"}
        {"type": "reply"}
        {"type": "fail", "message": "out of paper"}
        {"type": "reply"}
        {"type": "text", "text": "five six seven"}
    "#;
    let asked: Vec<_> = (0..3).map(|_| (Request::default(), Control::default())).collect();
    let mut answers = vec![String::new(); 3];
    let mut engine = ScriptedEngine::parse(script).expect("the script is right");
    let outcomes = generate_list(&mut engine, &asked, &mut |at, event| {
        if let Event::Answer { text, .. } = event {
            answers[at].push_str(&text);
            if at == 2 {
                asked[2].1.stop();
            }
        }
    });
    assert_eq!(answers, ["one two", "", "five"]);
    let finishes: Vec<_> = outcomes
        .into_iter()
        .map(|outcome| outcome.map(|o| o.finish).ok())
        .collect();
    assert_eq!(finishes, [Some(Finish::Stop), None, Some(Finish::Stopped)]);
}

#[test]
fn a_wrong_script_says_where() {
    for (script, place) in [
        ("", "no reply"),
        ("not json", "line 1"),
        ("\n{\"type\": \"song\"}", "line 2"),
        (r#"{"type": "text", "text": "a", "colour": 1}"#, "line 1"),
        ("{\"type\": \"reply\"}\n{\"type\": \"model\"}", "line 2"),
    ] {
        let error = ScriptedEngine::parse(script).expect_err(script);
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn a_block_that_is_opened_again_after_the_key_is_ended_too() {
    let script = r#"
        {"type": "model", "reasoning": "opened"}
        {"type": "text", "text": "One two.\n</think>\n\n<think>Three four.</think>\n\nFive six."}
    "#;
    let mut pressed = false;
    let (events, _) = run(script, &Request::default(), |event, control| {
        if matches!(event, Event::Thinking { .. }) && !pressed {
            pressed = true;
            control.end_thinking();
        }
    });
    assert_eq!(
        texts(&events),
        ("One".into(), "Five six.".into(), vec![ThinkingEnd::User])
    );
}

#[test]
fn a_close_that_was_held_back_is_not_followed_by_another() {
    // In a fence that is left open a close is a close, which is known only when somebody asks for the end.
    let script = r#"
        {"type": "model", "reasoning": "opened"}
        {"type": "text", "text": "A plan:\n```\nlet x\n</think>\n\nFive six seven."}
    "#;
    let (events, outcome) = run(script, &Request::default(), |event, control| {
        if matches!(event, Event::Thinking { text, .. } if text.contains('x')) {
            control.end_thinking();
        }
    });
    let (thinking, answer, ends) = texts(&events);
    assert_eq!(thinking, "A plan:\n```\nlet x");
    let budget = Request {
        limits: Limits {
            think_budget: Some(8),
            ..Limits::default()
        },
        ..Request::default()
    };
    let held = texts(&run(script, &budget, |_, _| {}).0);
    assert_eq!(
        (answer, ends),
        ("Five six seven.".into(), vec![ThinkingEnd::User])
    );
    assert_eq!(
        held.1, "Five six seven.",
        "nothing is skipped in search of a second close"
    );
    assert_eq!(held.2, [ThinkingEnd::Model]);
    assert_eq!(outcome.finish, Finish::Stop);
}
