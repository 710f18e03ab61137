//! What is said of words: which, and whether they must or must not occur.

use crate::{
    constraints::wording::phrase::{Hit, kwargs},
    says,
};

pub fn subject_items(hit: &mut Hit) -> Vec<String> {
    if hit.quotes().is_empty() {
        let from = hit.document.token_at(hit.range.start);
        let start = (from..from + 5).find(|&token| {
            matches!(
                hit.document.lexed.word(token),
                "word"
                    | "words"
                    | "keyword"
                    | "keywords"
                    | "term"
                    | "terms"
                    | "phrase"
                    | "phrases"
                    | "name"
                    | "names"
            )
        });
        return start.map(|token| hit.list_from(token + 1)).unwrap_or_default();
    }
    hit.list_at_quote()
}

/// Whether a statement about words forbids them, asks for them, or does neither (`may be used`, `is used`).
pub fn polarity(text: &str) -> Option<bool> {
    if says!(
        text,
        r"\b(?:not|never|off limits|banned|forbidden|out|taboo|out of bounds|verboten|disallowed|off the table|barred|prohibited|avoided|excluded|omitted|left out|skipped|neither|nor|blacklisted|outlawed|vetoed|a no no|a no go|no go|unwelcome|under no circumstances|on no account)\b"
    ) {
        return Some(false);
    }
    says!(
        text,
        r"\b(?:must|should|shall|needs? (?:to|a mention)|need a mention|has to|have to|ought to|gets? a mention|is to|are to)\b"
    )
    .then_some(true)
}

pub fn emit_required(hit: &mut Hit, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    if forbidden_too(hit) || forbidden_to_each(hit) {
        return emit_banned(hit, items);
    }
    let phrases = items.iter().any(|item| item.split_whitespace().count() > 1);
    match phrases {
        true => hit.emit("raif:include_phrase", kwargs([("phrases", items.into())])),
        false => hit.emit("keywords:existence", kwargs([("keywords", items.into())])),
    }
}

/// What is quoted at the match must occur.
pub fn emit_required_quotes(hit: &mut Hit) {
    let items = hit.list_at_quote();
    emit_required(hit, items);
}

pub fn emit_banned(hit: &mut Hit, items: Vec<String>) {
    let (phrases, words): (Vec<String>, Vec<String>) = items
        .into_iter()
        .partition(|item| item.split_whitespace().count() > 1);
    if !words.is_empty() {
        hit.emit(
            "keywords:forbidden_words",
            kwargs([("forbidden_words", words.into())]),
        );
    }
    if !phrases.is_empty() {
        hit.emit("raif:avoid_phrase", kwargs([("phrases", phrases.into())]));
    }
}

/// `do not exceed 100 words or use the words …`: what is said after `or` is forbidden as well.
fn forbidden_too(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:not|never|without|avoid|avoiding)\b[^.!?;:\n]*\b(?:or|nor) (?:to )?$|\bdo \x01[^.!?;:\n]*\b(?:or|nor) (?:to )?$"
    )
}

/// `neither toast may use the word`: it is said of each that it does not.
fn forbidden_to_each(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:neither|no|none|not one)(?: of (?:them|the|these))? (?:[a-z]+ ){0,2}(?:may|must|should|can|is to|are to|will|shall|might|is allowed to|are allowed to|gets to) $"
    )
}
