//! A conversation of 1 MB that is being answered.

use raif::app::event::{ModelEvent, Now};
use raif::app::input::Input;
use raif::app::keymap::Keymap;
use raif::app::{Event, Start, State};
use raif::chat::{Finish, Stats, ThinkingEnd};
use raif::engine::{self, ModelInfo, Outcome, Reasoning};

const TURNS: usize = 50;

pub fn handle(state: &mut State, event: Event) {
    let now = Now {
        elapsed_ms: state.now.elapsed_ms + 5,
        ..state.now
    };
    state.handle(event, now);
}

fn stream(state: &mut State, event: engine::Event) {
    let turn = state.run.as_ref().expect("a running turn").turn;
    handle(state, Event::Model(ModelEvent::Stream { turn, event }));
}

fn send(state: &mut State, prompt: &str) {
    handle(state, Event::Input(Input::Paste(prompt.into())));
    handle(state, Event::Input(Input::Key("enter".parse().expect("a key"))));
}

fn think(state: &mut State, text: &str) {
    stream(
        state,
        engine::Event::Thinking {
            text: text.into(),
            tokens: 1,
        },
    );
}

pub fn answer(state: &mut State, text: &str) {
    stream(
        state,
        engine::Event::Answer {
            text: text.into(),
            tokens: 1,
        },
    );
}

/// Fifty turns of 20 kB, and one that is being answered.
pub fn state() -> State {
    let mut state = State::new(Start {
        method: "io".into(),
        methods: Vec::new(),
        keymap: Keymap::built_in(),
        ..Start::default()
    });
    let info = ModelInfo {
        name: "bench".into(),
        context: 8192,
        reasoning: Reasoning::Opened,
        default_system: None,
        default_sampling: None,
    };
    handle(&mut state, Event::Model(ModelEvent::Ready(info)));
    let trace =
        "I should consider what the reader needs, and in which order it is best said. Wait, 这样更好。\n\n"
            .repeat(110);
    let section = "## A heading\n\nSome **bold** prose with `code` that goes on for a while, 你好 included.\n\n* one\n* two\n\n\
                   | a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {\n    println!(\"{}\", 1 + 1);\n}\n```\n\n";
    for _ in 0..TURNS {
        send(
            &mut state,
            "Write a long answer with 3 bullet points and no commas.",
        );
        think(&mut state, &trace);
        stream(&mut state, engine::Event::ThinkingEnded(ThinkingEnd::Model));
        answer(&mut state, &section.repeat(50));
        let turn = state.run.as_ref().expect("a running turn").turn;
        let result = Ok(Outcome {
            finish: Finish::Stop,
            stats: Stats::default(),
        });
        handle(&mut state, Event::Model(ModelEvent::Finished { turn, result }));
    }
    send(&mut state, "And now a last one.");
    think(&mut state, &trace);
    stream(&mut state, engine::Event::ThinkingEnded(ThinkingEnd::Model));
    answer(&mut state, &section.repeat(10));
    state
}
