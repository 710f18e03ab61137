//! Tables, headings, code, YAML, XML, CSV, HTML: what a parser decides.

use super::Kind;

pub const KINDS: &[Kind] = &[];
