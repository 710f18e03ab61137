//! The real binary in a pseudo-terminal: what a person would type, and what they would see.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod keys;
mod leaving;
mod plain;
#[path = "../support/mod.rs"]
mod support;
mod talking;
#[cfg(unix)]
mod writing;
