//! How people state shares of the answer.

use crate::constraints::wording::{
    phrase::{Found, Hit, Phrase, kwargs},
    sketch::Document,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["stop", "stopword"],
        pattern: r"\bstop ?words?\b(?: ?\([^)\n]{0,120}\))?{x}{n} ?(?:%|percent|per cent)(?: of (?:it|the|your|all)(?: total)?(?: words| text| response)?)?|{n} ?(?:%|percent|per cent){x}\bstop ?words?\b",
        rank: 60,
        read: |hit| {
            if let Some(share) = hit.amount(0).and_then(|quantity| quantity.hi.or(quantity.lo)) {
                hit.emit("ratio:stop_words", kwargs([("percentage", share.into())]));
            }
        },
    },
    Phrase {
        cues: &["declarative", "statement", "interrogative", "question"],
        pattern: r"{n} (?:statements?|declaratives?)(?: sentences?)? (?:for|to) (?:each|every|\x01) (?:question|interrogative)s?\b|(?:{n} ?: ?{n}|{n} to {n}|{n} times as many|double the number of|{n} times more){x}\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b(?: sentences?)?",
        rank: 60,
        read: |hit| hit.emit("ratio:sentence_type", Default::default()),
    },
    Phrase {
        cues: &["declarative", "interrogative", "exclam", "statement"],
        pattern: r"\bas many (?:[a-z]+ )?(?:exclamations?|questions?|statements?|declaratives?)\b{x}\bas (?:many )?(?:[a-z]+ )?(?:exclamations?|questions?|statements?|declaratives?)\b{x}\bas (?:many )?(?:[a-z]+ )?(?:exclamations?|questions?|statements?|declaratives?)\b|\b(?:ratio|balance|equal|same|even|as many|mix|balanced)\b{x}\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b{x}\b(?:exclamator[a-z]*|exclamations?)\b(?: sentences?)?\)?(?:{x}\bbalanced)?|\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b{x}\b(?:exclamator[a-z]*|exclamations?)\b{x}\b(?:balanced?|equal(?:ly)?|same|even(?:ly)?)",
        rank: 60,
        read: |hit| hit.emit("ratio:sentence_balance", Default::default()),
    },
    Phrase {
        cues: &["trigram"],
        pattern: r"(?:\b(?:maintain|keep|have|reach|ensure|achieve) (?:a |an )?)?\btrigram overlap\b{x}{n} ?(?:%|percent)(?: ?\(±?{n}%\))?(?: with the (?:provided|given|following)? ?(?:reference )?text)?|{n} ?(?:%|percent|per cent) (?:of (?:its|the|all) )?(?:trigram overlap|trigrams? (?:are |is |must be |be )*(?:shared|in common|the same|kept|overlap[a-z]*))(?: with the (?:original|text|passage|source))?(?:,? give or take {n} points?)?",
        rank: 60,
        read: overlap,
    },
];

/// The reference text is the prompt without its constraints, filled in by [`assemble`]; or what is labelled as such.
fn overlap(hit: &mut Hit) {
    let Some(share) = hit.amount(0).and_then(|quantity| quantity.lo) else {
        return;
    };
    hit.claim_no_numbers()
        .emit("ratio:overlap", kwargs([("percentage", share.into())]));
}

/// Gives an overlap its reference text: the prompt without the sentences that state constraints at its ends.
#[allow(clippy::ptr_arg, reason = "one of the assemblers, which may add to the list")]
pub fn assemble(document: &Document, found: &mut Vec<Found>) {
    if !found.iter().any(|other| other.id == "ratio:overlap") {
        return;
    }
    let prompt = document.lexed.prompt;
    let labelled = prompt
        .find("Reference Text:")
        .or_else(|| prompt.find("Reference text:"));
    let mut text = labelled
        .map_or(prompt, |at| &prompt[at + "Reference Text:".len()..])
        .trim();
    let stated: Vec<&str> = found
        .iter()
        .map(|other| {
            let token = document
                .lexed
                .tokens
                .partition_point(|token| token.span.start < other.span.start);
            let sentence = document.sentence(document.position(token));
            let sentence = document.source(sentence);
            // One that begins with a capital letter within a sentence is glued to a text without a full stop.
            let glued =
                other.id == "ratio:overlap" && prompt[other.span.start..].starts_with(char::is_uppercase);
            let start = if glued { other.span.start } else { sentence.start };
            prompt[start..sentence.end.max(start)].trim()
        })
        .collect();
    for _ in 0..stated.len().min(8) {
        for sentence in &stated {
            let cut = text
                .trim_end_matches('.')
                .strip_suffix(sentence.trim_end_matches('.'));
            text = cut.unwrap_or(text).trim();
            let cut = text.strip_prefix(sentence.trim_end_matches('.'));
            text = cut.map_or(text, |cut| cut.trim_start_matches('.').trim());
        }
    }
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
    for other in found.iter_mut().filter(|other| other.id == "ratio:overlap") {
        other.kwargs.insert("reference_text".into(), text.into());
    }
}
