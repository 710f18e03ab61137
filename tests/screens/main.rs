//! Every view at three widths, seen through a terminal emulator: what is compared is what a person would see.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod reading;
mod states;
mod terminal;
mod views;
mod writing;
