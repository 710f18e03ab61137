//! Labelled sections: `Section X`, `PARAGRAPH 1, PARAGRAPH 2`, `mark the beginning of each section with Day X`.

use std::ops::Range;

use crate::{
    constraints::wording::{
        lex::TokenKind,
        phrase::{Found, kwargs},
        sketch::Document,
    },
    says,
};

/// Labels of one prompt, at most.
const MOST: usize = 64;

/// A label and what it was seen with.
struct Label {
    splitter: String,
    /// The highest number it was seen with; 0 for `X`.
    highest: u64,
    seen: u64,
    /// It was seen with `X`: the numbers it was seen with too are examples.
    pattern: bool,
    span: Range<usize>,
}

/// Finds section labels and how many there must be.
pub fn find(document: &Document, out: &mut Vec<Found>) {
    if !says!(
        &document.text,
        r"\b(?:sections?|parts?|chapters?|mark(?:ed|ing|ers?)?|label(?:s|led|ed)?|head(?:s|ed|ing|ings)?|titled|paragraphs?|structure|start(?:s|ing)?|begin(?:s|ning)?|split|divid(?:e|ed|ing)|break|stretches|pieces|under|acts?|scenes?)\b|标|注明|部分|章节|分别|冠以|命名|开头|打头"
    ) {
        return;
    }
    for label in labels(document) {
        let enough = label.pattern || label.seen > 1;
        if !enough {
            continue;
        }
        let seen = Some(label.highest).filter(|&highest| highest > 0);
        let stated = if label.pattern || seen.is_none() {
            stated(document, &label)
        } else {
            None
        };
        let Some(sections) = stated.or(seen) else {
            continue;
        };
        out.push(Found {
            id: "detectable_format:multiple_sections",
            kwargs: kwargs([
                ("section_spliter", label.splitter.into()),
                ("num_sections", sections.into()),
            ]),
            span: label.span,
            numbered: false,
            rank: 77,
            claims: Vec::new(),
            source: (u32::MAX, 0),
        });
        return;
    }
}

fn labels(document: &Document) -> Vec<Label> {
    let lexed = &document.lexed;
    let mut labels: Vec<Label> = Vec::new();
    // `Day 1 through Day 5` names what is between.
    let through_before =
        |at: usize| at > 0 && matches!(lexed.word(at - 1), "through" | "to" | "until" | "till" | "thru");
    // `Chapter 1 etc`, `Part 1, Part 2, and so on`, `Day 1, …` are examples of the others.
    let example = |at: usize| {
        let at = at + usize::from(lexed.kind(at) == Some(&TokenKind::Mark(',')));
        match lexed.word(at) {
            "etc" | "etcetera" => true,
            "and" => matches!(lexed.word(at + 1), "so" | "on" | "onwards"),
            _ => {
                lexed.source(at) == "…"
                    || [at, at + 1].map(|at| lexed.kind(at)) == [Some(&TokenKind::Mark('.')); 2]
            }
        }
    };
    let mut add = |at: usize, splitter: &str, number: u64, span: Range<usize>| match labels
        .iter()
        .position(|label| label.splitter == splitter)
    {
        Some(known) => {
            let label = &mut labels[known];
            if number == label.highest + 1 || number == 0 || through_before(at) && number > label.highest {
                label.highest = label.highest.max(number);
                label.seen += 1;
                label.pattern |= number == 0 || example(at + 2);
                if span.start < label.span.end + 200 {
                    label.span.end = span.end;
                }
            }
        }
        None if number <= 1 && labels.len() < MOST => labels.push(Label {
            splitter: splitter.to_owned(),
            highest: number,
            seen: 1,
            pattern: number == 0 || example(at + 2),
            span,
        }),
        None => {}
    };
    for at in 0..lexed.tokens.len() {
        match &lexed.tokens[at].kind {
            TokenKind::Quote(inner) => {
                let text = lexed.prompt[inner.clone()].trim_end_matches([',', '.', ':']);
                if let Some((word, number)) = text.rsplit_once(' ')
                    && word.chars().all(char::is_alphabetic)
                {
                    match number {
                        "X" | "x" | "N" | "#" => add(at, word, 0, lexed.tokens[at].span.clone()),
                        _ => {
                            if let Ok(number) = number.parse() {
                                add(at, word, number, lexed.tokens[at].span.clone());
                            }
                        }
                    }
                }
            }
            TokenKind::Word(_) if lexed.tokens[at].capital => {
                let Some(next) = lexed.tokens.get(at + 1).filter(|next| next.spaced) else {
                    continue;
                };
                let span = lexed.tokens[at].span.start..next.span.end;
                match &next.kind {
                    TokenKind::Word(_) if matches!(lexed.source(at + 1), "X" | "N") => {
                        add(at, lexed.source(at), 0, span)
                    }
                    TokenKind::Amount(_) => {
                        if let Ok(number) = lexed.source(at + 1).parse() {
                            add(at, lexed.source(at), number, span);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    // `Step X` of a template and `Day 1` of a plan alike need a word that says they are labels.
    labels.retain(|label| {
        let near = document.lexed.tokens.partition_point(|token| token.span.start < label.span.start);
        let at = document.position(near);
        let end = document.lexed.tokens.partition_point(|token| token.span.start < label.span.end);
        let sentence = document.sentence(at).start..document.sentence(document.position(end)).end.max(at);
        says!(
            &document.text[sentence],
            r"\b(?:sections?|parts?|mark(?:ed|ing|s)?|label(?:s|led|ed)?|paragraphs|structure|start(?:s|ing)?|begin(?:s|ning)?|titled|called|head(?:s|ed|ings?)|named|bits|pieces|scenes|acts|chapters|stretches|markers?|noted|denoted|split|divid(?:e|ed|ing)|at the top|break)\b|标|部分|章节|分别|分成|冠以|开头|打头"
        )
    });
    labels
}

/// How many sections the prompt asks for: the amount of sections, or of what the label names.
fn stated(document: &Document, label: &Label) -> Option<u64> {
    let text = &document.text;
    let noun = label.splitter.to_lowercase();
    let mut best: Option<(usize, u64)> = None;
    let label_at = document.position(
        document
            .lexed
            .tokens
            .partition_point(|token| token.span.start < label.span.start),
    );
    for (at, _) in text.match_indices('\u{1}') {
        let TokenKind::Amount(index) = document.lexed.tokens[document.token_at(at)].kind else {
            continue;
        };
        let quantity = &document.quantities[index];
        let Some(count) = quantity.lo.or(quantity.hi) else {
            continue;
        };
        // A number of the label itself: `Section 2 and so on`.
        if text[..at].ends_with("each ") || text[..at].trim_end().ends_with(noun.as_str()) {
            continue;
        }
        // `there should be 4 of them`, `five in all`
        let before: String = text[..at]
            .chars()
            .rev()
            .take(24)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let after: String = text[at + 1..].chars().take(50).collect();
        let fits = says!(
            &after,
            r"^(?: \x03)?(?: [a-z]+){0,2} (?:sections?|parts?|chapters?|days?|paragraphs?|scenes?|acts?|pieces|stretches|stanzas?)\b|^(?:个|大|小)*(?:部分|章|节|段|天|幕|场|块|板块|单元|篇)"
        ) || after.trim_start().starts_with(noun.as_str())
            || at > label_at
                && (says!(
                    &after,
                    r"^(?: \x03)?,? (?:of (?:them|those|these|such)|such|in (?:all|total|number)|altogether|overall|total)\b"
                ) || says!(
                    &before,
                    r"\b(?:need|want|like|be|make it|have|expect|get|give me|take|do|up to|until|through to) $"
                ) && says!(&after, r"^(?: \x03)?(?: please)?(?:[.,;!)\n]|$)"));
        let distance = at.abs_diff(label_at);
        if fits && best.is_none_or(|(other, _)| distance < other) {
            best = Some((distance, count));
        }
    }
    best.map(|(_, count)| count)
}
