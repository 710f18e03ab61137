//! How people state shares of the answer.

use crate::{
    constraints::parse::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["stop", "stopword"],
        pattern: r"\bstop ?words?\b{x}{n} ?(?:%|percent|per cent)(?: of (?:it|the|your|all)(?: total)?(?: words| text| response)?)?|{n} ?(?:%|percent|per cent){x}\bstop ?words?\b",
        rank: 60,
        read: |hit| {
            if let Some(share) = hit.amount(0).and_then(|quantity| quantity.hi.or(quantity.lo)) {
                hit.emit("ratio:stop_words", kwargs([("percentage", share.into())]));
            }
        },
    },
    Phrase {
        cues: &["declarative", "statement", "interrogative", "question"],
        pattern: r"(?:{n} ?: ?{n}|{n} to {n}|twice as many|double the number of|two to one)\b{x}\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b(?: sentences?)?",
        rank: 60,
        read: |hit| hit.emit("ratio:sentence_type", Default::default()),
    },
    Phrase {
        cues: &["declarative", "interrogative", "exclam", "statement"],
        pattern: r"\b(?:ratio|balance|equal|same|even|as many|mix|balanced)\b{x}\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b{x}\b(?:exclamator[a-z]*|exclamations?)\b(?: sentences?)?\)?(?:{x}\bbalanced)?|\b(?:declaratives?|statements?)\b{x}\b(?:interrogatives?|questions?)\b{x}\b(?:exclamator[a-z]*|exclamations?)\b{x}\b(?:balanced?|equal(?:ly)?|same|even(?:ly)?)",
        rank: 60,
        read: |hit| hit.emit("ratio:sentence_balance", Default::default()),
    },
    Phrase {
        cues: &["trigram"],
        pattern: r"\btrigram overlap\b{x}{n} ?(?:%|percent)(?: ?\(±?{n}%\))?(?: with the (?:provided|given|following)? ?(?:reference )?text)?|{n} ?(?:%|percent) trigram overlap",
        rank: 60,
        read: overlap,
    },
];

/// The reference text is the prompt itself, without the sentence that asks for the overlap.
fn overlap(hit: &mut Hit) {
    let Some(share) = hit.amount(0).and_then(|quantity| quantity.lo) else { return };
    let prompt = hit.document.lexed.prompt;
    let sentence = hit.document.sentence(hit.range.start).start;
    let start = hit.document.source(sentence..hit.range.end).start;
    let labelled = prompt.find("Reference Text:").or_else(|| prompt.find("Reference text:"));
    let text = match labelled {
        Some(at) => prompt[at..].split_once(':').map_or("", |(_, text)| text),
        None if says!(&hit.document.text[..sentence.min(hit.document.text.len())], r"\w") => &prompt[..start],
        None => {
            let end = hit.document.source(hit.range.clone()).end;
            prompt[end..].trim_start_matches(['.', ' '])
        }
    };
    hit.emit(
        "ratio:overlap",
        kwargs([("percentage", share.into()), ("reference_text", text.trim().into())]),
    );
}
