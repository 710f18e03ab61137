//! What a rule on case already implies.

use crate::constraints::wording::{phrase::Found, sketch::Document};

/// The published rules on case include that the answer is in English.
pub fn assemble(_: &Document, found: &mut Vec<Found>) {
    let cased = found.iter().any(|other| {
        matches!(
            other.id,
            "change_case:english_lowercase" | "change_case:english_capital"
        )
    });
    if cased {
        found.retain(|other| {
            other.id != "language:response_language"
                || other.kwargs.get("language").is_none_or(|code| code != "en")
        });
    }
    // `some words in capitals` besides a stated number is the lower bound only where the number is an upper one.
    let bounded = found.iter().any(|other| {
        other.id == "change_case:capital_word_frequency"
            && other.rank > 54
            && other
                .kwargs
                .get("capital_relation")
                .is_some_and(|relation| relation == "at least")
    });
    if bounded {
        found.retain(|other| other.id != "change_case:capital_word_frequency" || other.rank != 54);
    }
}
