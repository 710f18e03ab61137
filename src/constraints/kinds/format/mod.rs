//! The answer's form: bullets, sections, titles, JSON, templates.

use super::Kind;

pub const KINDS: &[Kind] = &[];
