//! How people state what separates paragraphs, and of how many parts a text is.

use super::assemble::{BLANK, PARTS, STARS};
use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        quantity::Quantity,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["*", "asterisk", "aterisk", "asteri", "star"],
        pattern: r"\b(?:separat[a-z]*|divid[a-z]*|split[a-z]*|delimit[a-z]*|break[a-z]*|between|divider|separator|marked|with|use)\b{x}(?:\*\*\*(?:[^*]|$)|{n} (?:[a-z]+ )?(?:asterisks?|aterisks?|astericks?|asterixs?|stars?)\b(?:(?: symbols?)? ?\(?\*{3,8}\)?)?)|(?:^|[^*])\*\*\*(?: on (?:its|their) own(?: line)?| alone)?(?: in)? (?:between\b|\x01 and the next\b)|(?:^|[^*])\*\*\* (?:as|for|being|is|are) (?:the |a |our )*(?:paragraph )?(?:dividers?|separators?|breaks?|markers?|delimiters?)\b",
        rank: 65,
        read: stars,
    },
    Phrase {
        cues: &["*"],
        pattern: r"\n\*\*\*\n",
        rank: 64,
        read: |hit| {
            let parts = hit.document.text.matches("\n***\n").count() + 1;
            if says!(&hit.document.text, r"\bformat\b") {
                hit.emit(STARS, kwargs([("num", parts.into())]));
            }
        },
    },
    Phrase {
        cues: &["format", "template", "layout"],
        pattern: r"\b(?:format|template|layout)(?: below| here)?:\s*{q}",
        rank: 64,
        read: |hit| {
            let parts = hit.quote().map_or(0, |quote| {
                quote.lines().filter(|line| line.trim() == "***").count()
            }) + 1;
            if parts > 1 {
                hit.emit(STARS, kwargs([("num", parts.into())]));
            }
        },
    },
    Phrase {
        cues: &["blank", "empty", "line", "new", "newline", "double", "\\"],
        pattern: r"\b(?:separat[a-z]*|divid[a-z]*|split[a-z]*|apart|between|with|leave|break[a-z]*|and|have|w/)\b{w}\b(?:blank lines?|empty lines?|line breaks?|new ?lines?|double (?:line|new)[ -]?(?:breaks?|lines?)|a line)\b(?:{w} (?:between|separating) (?:them|the paragraphs|paragraphs|each|the two))?|{n} (?:new lines|line breaks|newlines) (?:between|to separate)(?: them| the paragraphs| paragraphs| each)?",
        rank: 20,
        read: |hit| hit.emit(BLANK, Default::default()),
    },
    Phrase {
        cues: &["section", "part", "stanza", "chunk", "block", "piece"],
        pattern: r"{n} (?:[a-z]+ ){0,2}?(?:sections?|parts?|chunks?|blocks?|pieces|stanzas|passages)\b",
        rank: 10,
        read: |hit| {
            if let Some(num) = hit.amount(0).and_then(|quantity| quantity.lo) {
                hit.emit(PARTS, kwargs([("num", num.into())]));
            }
        },
    },
];

pub fn stars(hit: &mut Hit) {
    let three = says!(hit.text(), r"(?:^|[^*])\*\*\*(?:[^*]|$)")
        || hit.amount(0).and_then(|quantity| quantity.exact()) == Some(3);
    if three && !says!(hit.text(), r"\*{4}") {
        hit.emit(STARS, Default::default());
    }
}

/// How many parts exactly are meant; `keep it to one paragraph` is one: an answer has one at least.
pub fn exact_parts(hit: &Hit, quantity: &Quantity) -> Option<u64> {
    let said = hit.document.lexed.prompt[hit.document.source(hit.range.clone())].to_lowercase();
    let limit = says!(
        &said,
        r"\b(?:more|most|max|maximum|up to|exceed|over|longer|tops|within|under)\b"
    );
    let only_one = quantity.hi == Some(1) && !limit;
    quantity.exact().or(only_one.then_some(1))
}
