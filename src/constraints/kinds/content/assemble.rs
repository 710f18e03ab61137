//! What a stated number makes superfluous.

use crate::constraints::wording::{phrase::Found, sketch::Document};

/// Placeholders and emojis asked for without a number, besides a statement with one.
pub fn assemble(_: &Document, found: &mut Vec<Found>) {
    for (id, vague) in [("detectable_content:number_placeholders", 30), ("raif:emoji", 40)] {
        if found.iter().any(|other| other.id == id && other.rank > vague) {
            found.retain(|other| other.id != id || other.rank != vague);
        }
    }
}
