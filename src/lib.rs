//! `raif`: a terminal chat for language models that reason.
//!
//! # Module map
//!
//! Each module may use the modules above it in this list, never one below. `tests/layers.rs` reads the imports and
//! enforces it, together with the purity column.
//!
//! | module        | owns                                                            | pure |
//! |---------------|-----------------------------------------------------------------|------|
//! | `constraints` | prompt to typed constraints, answer to verdicts                 | yes  |
//! | `reasoning`   | splitting a stream into thinking and answer; thinking budgets   | yes  |
//! | `chat`        | the conversation tree, its records, what is sent to the model   | yes  |
//! | `dirs`        | where the program keeps its files                               |      |
//! | `models`      | catalog, pulls, what is on disk, GGUF inspection                |      |
//! | `engine`      | the trait that continues a prompt; `local`, `scripted`          |      |
//! | `methods`     | ways to ask (`io`, `cot`, …): small programs over an engine     |      |
//! | `store`       | transcripts on disk                                             |      |
//! | `app`         | events, actions, effects, state: `handle(event) -> effects`     | yes  |
//! | `ui`          | state to cells, with caches; takes no decision                  |      |
//! | `term`        | terminal guard, input, clipboard                                |      |
//! | `config`      | files, environment and flags to settings, keymap, theme         |      |
//! | `runtime`     | the only place that performs effects, the only async code       |      |
//! | `cli`         | arguments to library, one file a subcommand                     |      |
//!
//! A *pure* module knows nothing of the terminal, of tokio, of candle, of files or of the clock.
//!
//! One way through: key → action → `State::handle` → effects → model thread → events → records →
//! (thinking | answer → checker) → dirty → one coalesced draw.

pub mod app;
pub mod chat;
pub mod cli;
pub mod config;
pub mod constraints;
pub mod dirs;
pub mod engine;
pub mod methods;
pub mod models;
pub mod reasoning;
pub mod runtime;
pub mod store;
pub mod term;
pub mod ui;
