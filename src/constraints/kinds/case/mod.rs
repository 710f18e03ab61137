//! Upper and lower case.

pub mod assemble;
pub mod chinese;
pub mod phrases;

use super::Kind;

pub const KINDS: &[Kind] = &[];
