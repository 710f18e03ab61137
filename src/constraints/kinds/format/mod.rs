//! The answer's form: bullets, sections, titles, JSON, templates.

pub mod chinese;
pub mod phrases;
pub mod sections;

use super::Kind;

pub const KINDS: &[Kind] = &[];
