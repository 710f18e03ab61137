//! State to cells.
//!
//! Owns the looks: layout, wrapping, Markdown, themes, and the caches that make a frame cheap. Takes no decision: reads
//! the state, changes nothing but its own caches. Source text is the truth; rows are made from it and thrown away.

pub mod ink;
pub mod markdown;
pub mod theme;
pub mod width;
pub mod wrap;
