//! Tables, headings, code, YAML, XML, CSV, HTML: what a parser decides.

pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
