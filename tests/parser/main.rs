//! The prompt parser against labelled prompts, and against hostile ones.
//!
//! The labelled files lie beside the project (`../shared/data`); where they are missing the tests that need them say so and pass.
//! The files of `tests/data` are the project's own, written from memory of how people word things and labelled before the parser
//! saw them: every id in several wordings, in several voices (`worded_prompts.jsonl`, whose `batch` says which came first), talk
//! about constraints that asks nothing, Chinese, compositions, contradictions, conversations.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod composition;
mod hostile;
mod labels;
mod parts;
mod prompts;
mod soft;
