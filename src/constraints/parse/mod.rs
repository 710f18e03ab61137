//! From a free prompt to constraints.

use super::Constraint;

/// What was read in a prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In the order of the prompt.
    pub constraints: Vec<Constraint>,
}

/// Reads a prompt. Deterministic; the same prompt always gives the same reading.
pub fn parse(_prompt: &str) -> Reading {
    Reading::default()
}
