//! What is thinking, what is answer, and how the thinking deals with the prompt's constraints.
//!
//! Owns the splitter of a raw token stream, the guard that notices thinking in circles, and the inspection of a trace.
//! Pure: knows neither tokens nor models.

mod code;
mod inspect;
mod repetition;
mod splitter;

pub use inspect::{Consideration, Inspector, Passage};
pub use repetition::LoopGuard;
pub use splitter::{Segment, Splitter};
