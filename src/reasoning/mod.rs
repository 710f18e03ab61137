//! What is thinking and what is answer.
//!
//! Owns the splitter of a raw token stream. Pure: knows neither tokens nor models.

mod code;
mod splitter;

pub use splitter::{Segment, Splitter};
