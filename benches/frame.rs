//! What a frame costs, state to cells.
//!
//! `cargo bench --bench frame`. The conversation is 1 MB of thinking and Markdown; the screen is 200 by 60.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use divan::Bencher;
use raif::app::event::{ModelEvent, Now};
use raif::app::input::Input;
use raif::app::keymap::Keymap;
use raif::app::{Event, Start, State};
use raif::chat::{Finish, Stats, ThinkingEnd};
use raif::engine::{self, ModelInfo, Outcome, Reasoning};
use raif::ui::{Cache, Theme, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const AREA: Rect = Rect::new(0, 0, 200, 60);
const TURNS: usize = 50;

fn main() {
    divan::main();
}

fn handle(state: &mut State, event: Event) {
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

fn answer(state: &mut State, text: &str) {
    stream(
        state,
        engine::Event::Answer {
            text: text.into(),
            tokens: 1,
        },
    );
}

/// Fifty turns of 20 kB, and one that is being answered.
fn megabyte() -> State {
    let mut state = State::new(Start {
        model_name: None,
        method: "io".into(),
        methods: Vec::new(),
        system: None,
        keymap: Keymap::built_in(),
        thinking_folded: false,
        sidebar_hidden: false,
        reduced_motion: false,
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

/// A token comes, a frame is made.
#[divan::bench(sample_count = 500, sample_size = 1)]
fn token_and_frame(bencher: Bencher) {
    let theme = Theme::builtin("dark").expect("a theme");
    let mut state = megabyte();
    let mut cache = Cache::waiting();
    let mut buffer = Buffer::empty(AREA);
    paint(&mut buffer, AREA, &state, &mut cache, &theme);
    let mut words = ["word ", "and ", "another, ", "line.\n", "\n", "* point "]
        .iter()
        .cycle();
    bencher.bench_local(|| {
        answer(&mut state, words.next().expect("a cycle"));
        buffer.reset();
        paint(&mut buffer, AREA, &state, &mut cache, &theme)
    });
}

/// The frame alone.
#[divan::bench(sample_count = 500, sample_size = 1)]
fn frame_while_answering(bencher: Bencher) {
    let theme = Theme::builtin("dark").expect("a theme");
    let state = megabyte();
    let mut cache = Cache::waiting();
    let mut buffer = Buffer::empty(AREA);
    paint(&mut buffer, AREA, &state, &mut cache, &theme);
    bencher.bench_local(|| {
        buffer.reset();
        paint(&mut buffer, AREA, &state, &mut cache, &theme)
    });
}

/// Everything is made anew, as after a new width.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn first_frame_at_a_width(bencher: Bencher) {
    let theme = Theme::builtin("dark").expect("a theme");
    let state = megabyte();
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        let mut cache = Cache::waiting();
        paint(&mut buffer, AREA, &state, &mut cache, &theme)
    });
}
