//! What a frame costs, state to cells.
//!
//! `cargo bench --bench frame`. The conversation is 1 MB of thinking and Markdown; the screen is 200 by 60.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

#[path = "support/megabyte.rs"]
mod megabyte;

use divan::Bencher;
use raif::ui::{Cache, Theme, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use megabyte::answer;

const AREA: Rect = Rect::new(0, 0, 200, 60);

fn main() {
    divan::main();
}

/// A token comes, a frame is made.
#[divan::bench(sample_count = 500, sample_size = 1)]
fn token_and_frame(bencher: Bencher) {
    let theme = Theme::builtin("dark").expect("a theme");
    let mut state = megabyte::state();
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
    let state = megabyte::state();
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
    let state = megabyte::state();
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        let mut cache = Cache::waiting();
        paint(&mut buffer, AREA, &state, &mut cache, &theme)
    });
}
