//! What is thinking and what is answer.
//!
//! Owns the splitter of a raw token stream, and the guard that notices thinking in circles. Pure: knows neither tokens nor models.

mod code;
mod repetition;
mod splitter;

pub use repetition::LoopGuard;
pub use splitter::{Segment, Splitter};
