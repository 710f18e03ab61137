//! How people state shares of the answer.

use crate::{
    constraints::wording::{
        phrase::{Found, Hit, kwargs},
        rule::Rule,
        sketch::Document,
    },
    says,
};

pub const RULES: &[Rule] = &[
    Rule {
        cues: &["stop", "stopword", "function", "filler"],
        about: r"\b(?:stop ?words?|stopwords?)\b",
        parts: &[
            r"{n}{post} ?(?:%|percent|per cent|pct|pc\b)|\b(?:percentage|proportion|share)\b[^.!?\n\x01]*\bstop ?words?\b[^.!?\n\x01]*{n}",
        ],
        unless: r"(?:%|per ?cent) of (?:the |our |all )?(?:respondents|people|users|participants|students|customers|voters|readers|us|them)\b",
        beside: 1,
        rank: 60,
        read: |hit| {
            let share = hit
                .amounts()
                .next()
                .and_then(|quantity| quantity.hi.or(quantity.lo));
            if let Some(share) = share {
                hit.emit("ratio:stop_words", kwargs([("percentage", share.into())]));
            }
        },
    },
    Rule {
        cues: &["declarative", "statement", "assertion"],
        about: r"\b(?:declaratives?|statements?|assertions?)\b",
        parts: &[
            r"\b(?:questions?|interrogatives?)\b",
            r"{n} times(?: as many| more)?\b|\b(?:double|half|\x04 half)\b|{n} ?: ?{n}|{n} to {n}|{n} (?:[a-z]+ )?(?:declarative|statement|assertion)s?\b|\b(?:two thirds|{n} thirds)\b|\btwofold\b",
        ],
        unless: r"\bexclam",
        beside: 1,
        rank: 60,
        read: |hit| {
            let double = says!(hit.text(), r"\b(?:double|half|twofold|thirds?)\b")
                || hit.amounts().any(|quantity| quantity.exact() == Some(2));
            if double {
                hit.emit("ratio:sentence_type", Default::default());
            }
        },
    },
    Rule {
        cues: &["exclam"],
        about: r"\bexclam[a-z]*\b",
        parts: &[
            r"\b(?:questions?|interrogatives?)\b",
            r"\b(?:declaratives?|statements?|assertions?)\b",
            r"\b(?:ratio|balanced?|balancing|equal(?:ly)?|same|even(?:ly)?|as many|as often|mix|identical|alike|in (?:turn|balance)|one for one|match(?:es|ing)?|equivalent|level|proportions?|thirds|for (?:each|every))\b|\b(?:a|one) \x04 |\bfor {n} ",
        ],
        unless: r"\b(?:no|never|without|avoid) (?:[a-z]+ )?exclam",
        beside: 1,
        rank: 61,
        read: |hit| hit.emit("ratio:sentence_balance", Default::default()),
    },
    Rule {
        cues: &["trigram"],
        about: r"(?:\b(?:maintain|keep|have|reach|ensure|achieve|aim for|make|get|hit) (?:a |an )?(?:[a-z]+ )?)?\btrigrams?\b",
        parts: &[r"{n}{post} ?(?:%|percent|per cent|pct|pc\b)"],
        unless: "",
        beside: 1,
        rank: 60,
        read: overlap,
    },
];

/// The reference text is the prompt without its constraints, filled in by [`assemble`]; or what is labelled as such.
fn overlap(hit: &mut Hit) {
    let Some(share) = hit.amount(0).and_then(|quantity| quantity.lo) else {
        return;
    };
    hit.emit("ratio:overlap", kwargs([("percentage", share.into())]));
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
    let block = other_block(prompt, found);
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
    let text = block.unwrap_or(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}');
    for other in found.iter_mut().filter(|other| other.id == "ratio:overlap") {
        other.kwargs.insert("reference_text".into(), text.into());
    }
}

/// The text that a blank line divides from the block that states the overlap, if it is one block and not labelled.
fn other_block<'p>(prompt: &'p str, found: &[Found]) -> Option<&'p str> {
    let stated = &found.iter().find(|other| other.id == "ratio:overlap")?.span;
    let mut start = 0;
    let mut blocks = prompt.split("\n\n").filter(|block| {
        let place = start..start + block.len();
        start = place.end + "\n\n".len();
        let empty = block.trim().is_empty();
        !(empty || place.contains(&stated.start))
    });
    let other = blocks.next()?;
    let single = blocks.next().is_none() && !prompt.to_lowercase().contains("reference text:");
    single.then_some(other.trim())
}
