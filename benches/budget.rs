//! What the screen may cost, and what it costs: `cargo bench --bench budget -- [--model FILE]`.
//!
//! Frames are made from a conversation of 1 MB on 200 by 60 cells; the rest is measured on the real program in a
//! pseudo-terminal. With a model, decoding with the screen on is held against `raif ask`, turn about.

#![allow(clippy::unwrap_used, reason = "what cannot be measured is not measured")]

#[path = "support/megabyte.rs"]
mod megabyte;
#[cfg(target_os = "linux")]
#[path = "support/program.rs"]
mod program;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use raif::app::Event;
use raif::app::input::Input;
use raif::ui::{Cache, Theme, paint};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use megabyte::{answer, handle};

const AREA: Rect = Rect::new(0, 0, 200, 60);
const FRAMES: usize = 2_000;

/// Counts the bytes that are in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it is; only a number is kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    frames();
    memory();
    #[cfg(target_os = "linux")]
    program::measure(program::model_of(std::env::args()).as_deref());
}

/// One line of the table.
fn told(what: &str, figure: &str, budget: &str, kept: bool) {
    println!(
        "{what:<52} {figure:>22}   {budget:<14} {}",
        if kept { "kept" } else { "BROKEN" }
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A stream of tokens, a frame after each; and keys typed meanwhile.
fn frames() {
    let theme = Theme::builtin("dark").unwrap();
    let mut state = megabyte::state();
    let mut cache = Cache::waiting();
    let mut buffer = Buffer::empty(AREA);
    paint(&mut buffer, AREA, &state, &mut cache, &theme);
    let mut words = ["word ", "and ", "another, ", "line.\n", "\n", "* point "]
        .iter()
        .cycle();
    let mut measure = |key: bool| {
        let mut times: Vec<Duration> = (0..FRAMES)
            .map(|_| {
                let start = Instant::now();
                if key {
                    handle(&mut state, Event::Input(Input::Key("x".parse().unwrap())));
                } else {
                    answer(&mut state, words.next().unwrap());
                }
                buffer.reset();
                paint(&mut buffer, AREA, &state, &mut cache, &theme);
                start.elapsed()
            })
            .collect();
        times.sort();
        (
            milliseconds(times[FRAMES / 2]),
            milliseconds(times[FRAMES * 99 / 100]),
        )
    };
    let (median, late) = measure(false);
    told(
        "token to cells, median",
        &format!("{median:.3} ms"),
        "< 1 ms",
        median < 1.0,
    );
    told(
        "token to cells, 99th percentile",
        &format!("{late:.3} ms"),
        "< 4 ms",
        late < 4.0,
    );
    let (median, late) = measure(true);
    let figure = format!("{median:.3} ms, 99%: {late:.3}");
    told("key to cells", &figure, "< 16.7 ms", late < 16.7);
}

/// What the conversation, its rows and the caches take.
fn memory() {
    let before = IN_USE.load(Ordering::Relaxed);
    let state = megabyte::state();
    let mut cache = Cache::default();
    let mut buffer = Buffer::empty(AREA);
    let theme = Theme::builtin("dark").unwrap();
    let bytes: usize = state
        .conversation
        .turns()
        .iter()
        .map(|t| t.thinking.len() + t.answer.len())
        .sum();
    paint(&mut buffer, AREA, &state, &mut cache, &theme);
    let used = (IN_USE.load(Ordering::Relaxed) - before) as f64 / 1e6;
    let what = format!("memory of a conversation of {:.2} MB", bytes as f64 / 1e6);
    told(&what, &format!("{used:.1} MB"), "< 20 MB", used < 20.0);
}
