//! Every view at three widths, seen through a terminal emulator: what is compared is what a person would see.

mod states;
mod terminal;
mod views;
