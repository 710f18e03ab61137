//! How people state rules that every sentence keeps.

use crate::constraints::wording::phrase::{Phrase, kwargs};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["sentence"],
        pattern: r"\b(?:each|every) (?:new |successive |subsequent )?(?:sentence)?{x}{n} (?:more )?words? (?:more )?(?:than|longer than) the (?:previous|preceding|prior|last|\x04|\x01 before|(?:one|sentence) (?:before|that came before|preceding))(?: (?:one|sentence|it))?(?: before)?|\b(?:each|every) sentence{x}{n} words? longer{x}(?:previous|last|before)(?: (?:one|it|sentence))?",
        rank: 72,
        read: |hit| {
            if let Some(step) = hit.amount(0).and_then(|quantity| quantity.lo) {
                hit.emit("sentence:increment", kwargs([("small_n", step.into())]));
            }
        },
    },
    Phrase {
        cues: &["alliterat", "letter"],
        pattern: r"\b(?:each|every|with each|with every) sentence\b{x}\b(?:run|string|streak|chain|number) of (?:consecutive )?words\b{x}\bsame letter\b{x}\b(?:longer|grow|grows|increase[sd]?|more|bigger)\b(?: than (?:in )?the (?:sentence before|previous one|one before|last))?|\b(?:each|every) (?:[a-z]+ )?sentence\b{x}\balliterat[a-z]*\b(?:{x}\b(?:previous|last|before|preceding)(?: (?:one|it))?)?",
        rank: 60,
        read: |hit| hit.emit("sentence:alliteration_increment", Default::default()),
    },
    Phrase {
        cues: &["sentence"],
        pattern: r"{n} sentences?\b{x}\b(?:same|equal|identical|matching|equally)\b{v}\b(?:characters?|letters|length|long)\b(?:{x}\bdifferent words)?",
        rank: 72,
        read: |hit| hit.emit("ratio:sentence_words", Default::default()),
    },
];
