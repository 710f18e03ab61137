//! How people state these constraints.

use crate::constraints::parse::phrase::Phrase;

pub const PHRASES: &[Phrase] = &[];
