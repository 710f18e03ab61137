//! The chat as a state machine: events in, effects out.
//!
//! Owns what is on screen and what every key means: [`State::handle`] takes an [`Event`] and returns the [`Effect`]s to be
//! performed. Does not own how it looks (`ui`), nor doing anything (`runtime`): nothing here reads a file, a clock or a
//! terminal. The one exception to plain data is the composer, which wraps a text-area widget ([`composer`]).
//!
//! Invariants:
//! - whatever changes the conversation is a [`Record`](crate::chat::Record): applied here and sent to be saved, in that order;
//! - one turn runs at a time;
//! - a pane that the reader scrolled stays where it is until the reader goes back to its end.

pub mod action;
pub mod compare;
pub mod composer;
pub mod edits;
pub mod effect;
pub mod event;
mod focus;
mod held;
pub mod input;
pub mod keymap;
pub mod listing;
mod picker;
mod reading;
mod run;
mod scroll;
pub mod search;
pub mod select;
pub mod state;
#[cfg(test)]
mod tests;
mod update;
mod waiting;

pub use action::Action;
pub use compare::Compare;
pub use edits::Form;
pub use effect::Effect;
pub use event::{Event, Now};
pub use focus::Focus;
pub use listing::Listing;
pub use picker::{Choice, Picker, PickerKind};
pub use reading::Tally;
pub use run::{Phase, Run};
pub use scroll::{Scroll, Viewport};
pub use search::Search;
pub use select::Selection;
pub use state::{ModelState, Notice, NoticeKind, Overlay, Pull, Reveal, Start, State};
pub use waiting::Waiting;
