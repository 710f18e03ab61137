//! Conditions: `if …, …; otherwise …`, `in French when …`, `with more than five names …`.
//!
//! Owns how far the words of condition ([`markers`]) reach. What a condition governs is a [`Clause`]; how clauses make a tree is
//! in [`super::tree`].

use std::ops::Range;

use super::markers;
use crate::{
    constraints::wording::sketch::{Document, MASKED},
    says,
};

/// Words at which what is conditioned ends.
const STOPS: &[&str] = &[
    ";",
    " either way",
    " both ways",
    " in either case",
    " in either event",
    " in both cases",
    " in both events",
    " in any case",
    " in all cases",
    " in every case",
    " regardless",
    " whichever",
    "\n",
];

/// A condition and what it governs.
pub struct Clause {
    /// Bytes of the sketch: the words of the condition.
    pub condition: Range<usize>,
    /// What holds under it.
    pub body: Range<usize>,
    pub closes: bool,
    pub nested: bool,
    pub joins: Option<String>,
}

/// The clauses of a prompt whose constraints stand at `places`, in order.
pub fn clauses(document: &Document, places: &[usize]) -> Vec<Clause> {
    let text = &document.text;
    let mut out: Vec<Clause> = Vec::new();
    if places.is_empty() {
        return out;
    }
    let found = markers::find(document, places);
    // Up to here conditions belong to the one before them: `if not: when …, …; when …, …`
    let mut group = 0;
    for (nth, marker) in found.iter().enumerate() {
        let sentence = document.sentence(marker.start);
        let next = found.get(nth + 1).map_or(text.len(), |next| next.start);
        let asked = text[marker.clone()].ends_with('?');
        // The answer to a question is the sentence behind it.
        let sentence = match asked {
            true => document.sentence((marker.end + 2).min(text.len())),
            false => sentence,
        };
        let mut end = sentence_end(document, sentence.end).max(marker.end).min(next);
        for stop in STOPS {
            if let Some(at) = text[marker.end..end].find(stop) {
                end = end.min(marker.end + at);
            }
        }
        let word = &text[marker.clone()];
        let alone = matches!(
            word,
            "otherwise"
                | "failing that"
                | "failing which"
                | "barring that"
                | "or else"
                | "else"
                | "in which case"
        ) || word.contains(" other ") && word.starts_with("in ");
        let before = text[..marker.start].trim_end();
        let leads = before.is_empty()
            || before.ends_with([
                '.', ',', ';', ':', '!', '?', '\n', '\u{2}', '-', '•', '(', '\u{6}',
            ])
            || before.ends_with(" and")
            || before.ends_with(" but")
            || before.ends_with(" or")
            || text[..marker.start].ends_with('\n');
        let comma = text[marker.end..end]
            .find([',', ':', '–', '—'])
            .map(|at| marker.end + at);
        // `if it has nuts say so in capitals, and …`: the comma stands behind what is conditioned.
        let holds = |from: usize, to: usize| places.iter().any(|at| (from..to).contains(at));
        let comma = comma.filter(|&at| {
            holds(at, end)
                || !holds(marker.end, at)
                || text[..end].trim_end().ends_with(':')
                || says!(
                    &text[at..end],
                    r"^[,:] ?(?:then |please |just |go ahead and )?(?:correct|fix|leave|ignore|skip|delete|remove|{tells})\b"
                )
        });
        // `three paragraphs, unless …`
        let done = out
            .last()
            .map_or(0, |clause| clause.body.end.max(clause.condition.end));
        let trails =
            before.ends_with(',') && !holds(marker.end, end) && holds(done.max(sentence.start), marker.start);
        let then = text[marker.end..end].find(" then ").map(|at| marker.end + at);
        let joins = word
            .strip_prefix("in the ")
            .and_then(|word| word.strip_suffix(" case"))
            .map(|word| word.chars().take(4).collect());
        // `an odd count gets me three sentences`
        let outcome = word.starts_with("a ")
            || word.starts_with("an ")
            || word.ends_with(':')
            || says!(word, r"^[a-z]+ [a-z]+ (?:gets?|earns|calls for)$");
        // `If not, say why: in one sentence if …, in two if …`
        let trailing = !leads
            && !places.is_empty()
            && out.last().is_some_and(|last| {
                last.body.contains(&marker.start.saturating_sub(1)) || last.body.end >= marker.start
            });
        if group <= marker.start
            && trailing
            && let Some(last) = out.last_mut()
            && let Some(colon) = text[last.body.start..marker.start]
                .rfind(':')
                .map(|at| last.body.start + at)
            && colon > last.body.start + 1
            && !text[last.body.start..marker.start].contains(['.', ';'])
        {
            last.body.end = colon;
            group = document.sentence(marker.start).end;
        }
        let (condition, body) = if alone || asked || outcome || joins.is_some() || word == "in that case" {
            (marker.clone(), marker.end..end)
        } else if let Some(close) = text[marker.end..sentence.end.max(marker.end)]
            .find(')')
            .filter(|_| before.ends_with('('))
        {
            // `in French (if …) or in German (if …)`
            let from = done.max(sentence.start).min(marker.start);
            (marker.start..marker.end + close, from..marker.start)
        } else if leads && !trails {
            let first = places
                .iter()
                .copied()
                .filter(|&at| at >= marker.end && at < end)
                .min();
            let split = comma.or(then).or(first).unwrap_or(end);
            (marker.start..split.max(marker.end), split..end)
        } else {
            // `in French if …`: the condition follows what it conditions.
            let start = text[sentence.start.min(marker.start)..marker.start]
                .trim_end_matches([',', ' '])
                .rfind([';', ','])
                .map_or(sentence.start, |at| sentence.start + at + 1);
            let start = start
                .max(
                    out.last()
                        .map_or(0, |clause| clause.body.end.max(clause.condition.end)),
                )
                .min(marker.start);
            let mut stop = comma.unwrap_or(end);
            // `in French if …, and in German if …`: what the next one conditions begins here.
            if let Some(first) = places
                .iter()
                .copied()
                .filter(|&at| at > marker.end && at < stop)
                .min()
                && let Some(link) = text[marker.end..first]
                    .rfind(" and ")
                    .or_else(|| text[marker.end..first].rfind(" but "))
                && next < sentence.end
            {
                stop = marker.end + link;
            }
            (marker.start..stop, start..marker.start)
        };
        // `…, otherwise` at the end: what it conditions stands before it.
        let (condition, body) = if alone && text[marker.end..end].trim().is_empty() {
            let from = out
                .last()
                .map_or(sentence.start, |clause| clause.condition.end.max(clause.body.end))
                .min(marker.start);
            (condition, from..marker.start)
        } else {
            (condition, body)
        };
        // What follows the colon of a condition in its sentence, or the list under it, is conditioned by both.
        let sentence_of = document.sentence(marker.start).start;
        if group <= marker.start
            && let Some(last) = out.last()
            && before.trim_end_matches(['•', ' ', '\n']).ends_with(':')
            && !holds(last.body.start, marker.start.min(last.body.end))
            && says!(&text[last.condition.start..marker.start], r"^[^.;\n:]*:[ \n•]*$")
        {
            group = match before.ends_with(['•', '\n']) {
                true => list_end(text, marker.start),
                false => document.sentence(marker.start).end,
            };
        }
        let grouped = marker.start < group;
        let apart_in_sentence = says!(
            &text[sentence_of.min(marker.start)..marker.start],
            r"; ?(?:if|when|should|for|in case)\b[^;]*$"
        ) && !says!(
            &text[marker.end..],
            r"^ (?:it |they |that |this )?(?:is |are )?(?:neither|none|not|anything else|any other)\b"
        );
        let nested = grouped
            || before.ends_with(" and,") && out.last().is_some_and(|last| last.body.end > sentence_of)
            || before.ends_with(", and")
                && word != "otherwise"
                && out.last().is_some_and(|last| {
                    last.body.end >= before.len().saturating_sub(8)
                        && !text[last.condition.start..marker.start].contains([';', '.'])
                })
                && (word.starts_with("should")
                    || apart_in_sentence
                    || word == "when"
                    || says!(
                        &text[marker.start..end],
                        r"\b(?:as well|also|too|on top|in addition|further)\b"
                    ));
        if nested && let Some(last) = out.last_mut() {
            last.body.end = last.body.end.min(marker.start);
        }
        out.push(Clause {
            condition,
            body,
            closes: alone,
            nested,
            joins,
        });
    }
    // A lone condition without any constraint in or under it is no composition.
    let filled = |clause: &Clause| {
        places
            .iter()
            .any(|at| clause.body.contains(at) || clause.condition.contains(at))
    };
    if !out.iter().any(filled) {
        out.clear();
    }
    out
}

/// Where the items of a list end, of which one holds the byte `at`.
fn list_end(text: &str, at: usize) -> usize {
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        if end > at && !line.starts_with('•') {
            break;
        }
        end += line.len();
    }
    end
}

/// Where a sentence really ends whose end was found at `end`: in `explain what it means in one sentence` something is masked.
fn sentence_end(document: &Document, mut end: usize) -> usize {
    while document.text.as_bytes().get(end) == Some(&MASKED) {
        let masked = &document.lexed.prompt[document.source(end..end + 1)];
        let after = &document.text[end + 1..];
        if masked.trim_end().ends_with(['.', '!', '?', ':']) || masked.contains('\n') || after.is_empty() {
            break;
        }
        end = document.sentence(end + 1).end.max(end + 1);
    }
    end
}
