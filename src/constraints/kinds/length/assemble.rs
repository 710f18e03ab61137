//! Paragraphs: how many, what separates them, what one of them begins with, each stated apart from the others.

use std::ops::Range;

use serde_json::Value;

use crate::constraints::wording::{phrase::Found, sketch::Document};

/// Separators, found like constraints and consumed here.
pub const STARS: &str = "separator:***";
pub const BLANK: &str = "separator:blank line";
/// Parts that are not called paragraphs.
pub const PARTS: &str = "parts";

/// `at least 120 characters, at most 155 characters` is one limit.
fn join_characters(prompt: &str, found: &mut Vec<Found>) {
    let only = |other: &Found, name: &str| {
        other.id == "raif:char_limit" && other.kwargs.len() == 1 && other.kwargs.contains_key(name)
    };
    let least = found.iter().position(|other| only(other, "min_chars"));
    let most = found.iter().position(|other| only(other, "max_chars"));
    let (Some(least), Some(most)) = (least, most) else {
        return;
    };
    let (first, second) = (least.min(most), least.max(most));
    let between = found[first].span.end..found[second].span.start.max(found[first].span.end);
    let between = prompt.get(between).unwrap_or_default();
    // In Chinese the two are labelled each for itself.
    if between.len() > 40 || !prompt.get(found[first].span.clone()).is_some_and(str::is_ascii) {
        return;
    }
    let other = found.remove(second);
    let joined = &mut found[first];
    joined.span = union(&joined.span, &other.span);
    joined.kwargs.extend(other.kwargs);
    joined.claims.extend(other.claims);
}

pub fn assemble(document: &Document, found: &mut Vec<Found>) {
    join_characters(document.lexed.prompt, found);
    let span_of = |found: &[Found], id: &str| {
        found
            .iter()
            .find(|other| other.id == id)
            .map(|other| other.span.clone())
    };
    let stars = found.iter().find(|other| other.id == STARS).cloned();
    let blank = span_of(found, BLANK);
    if let Some(stars) = stars {
        let stated = stars.kwargs.get("num").and_then(Value::as_u64);
        let count = nearest(found, "raif:paragraph_count", &stars.span)
            .or_else(|| nearest(found, PARTS, &stars.span));
        match count {
            Some(at) => {
                let num = found[at].kwargs.get("num").cloned();
                let parts = &mut found[at];
                parts.id = "length_constraints:number_paragraphs";
                parts.kwargs.clear();
                parts
                    .kwargs
                    .insert("num_paragraphs".into(), num.unwrap_or(Value::Null));
                parts.span = union(&parts.span, &stars.span);
                parts.rank = 75;
            }
            None => {
                if let Some(num) = stated {
                    let mut whole = stars.clone();
                    whole.id = "length_constraints:number_paragraphs";
                    whole.kwargs.clear();
                    whole.kwargs.insert("num_paragraphs".into(), num.into());
                    found.push(whole);
                }
            }
        }
    }
    // `two paragraphs, each labelled PARAGRAPH X` counts them once.
    let labelled = found
        .iter()
        .filter(|other| other.id == "detectable_format:multiple_sections")
        .find(|other| {
            other
                .kwargs
                .get("section_spliter")
                .and_then(Value::as_str)
                .is_some_and(|label| label.eq_ignore_ascii_case("paragraph"))
        })
        .and_then(|other| other.kwargs.get("num_sections").cloned());
    if labelled.is_some() {
        found.retain(|other| {
            other.id != "raif:paragraph_count" || other.kwargs.get("num") != labelled.as_ref()
        });
    }
    // Labels of a template that is divided by asterisks are not sections of their own.
    if found
        .iter()
        .any(|other| other.id == "length_constraints:number_paragraphs")
    {
        found.retain(|other| other.id != "detectable_format:multiple_sections");
    }
    let first_word = "length_constraints:nth_paragraph_first_word";
    if let Some(at) = found.iter().position(|other| other.id == first_word) {
        let count = nearest(found, "raif:paragraph_count", &found[at].span);
        match count {
            Some(count) => {
                let num = found[count].kwargs.get("num").cloned().unwrap_or(Value::Null);
                let total = num.as_i64().unwrap_or(1);
                let span = union(&found[count].span, &found[at].span);
                let claims = found[count].claims.clone();
                let paragraph = &mut found[at];
                let nth = match paragraph.kwargs.get("nth_paragraph").and_then(Value::as_i64) {
                    Some(-1) => total,
                    Some(-2) => (total + 1) / 2,
                    Some(nth) => nth,
                    None => 1,
                };
                // The published rule knows small letters only.
                let word = paragraph.kwargs.get("first_word").and_then(Value::as_str);
                let word = word.unwrap_or_default().to_lowercase();
                paragraph.kwargs.insert("first_word".into(), word.into());
                paragraph.kwargs.insert("num_paragraphs".into(), num);
                paragraph.kwargs.insert("nth_paragraph".into(), nth.into());
                paragraph.span = span;
                paragraph.claims.extend(claims);
                paragraph.rank = 76;
                found.remove(count);
            }
            None => {
                // The number of paragraphs is unknown: all that is left is how one of them begins.
                let paragraph = &mut found[at];
                let word = paragraph.kwargs.get("first_word").cloned().unwrap_or(Value::Null);
                paragraph.id = "raif:starts_with";
                paragraph.kwargs.clear();
                paragraph.kwargs.insert("phrase".into(), word);
            }
        }
    } else if let Some(blank) = blank
        && let Some(count) = nearest(found, "raif:paragraph_count", &blank)
    {
        found[count].span = union(&found[count].span, &blank);
    }
    found.retain(|other| ![STARS, BLANK, PARTS].contains(&other.id));
}

/// The constraint of an id that stands nearest to a span, if its number is exact or at least a lower bound.
fn nearest(found: &[Found], id: &str, span: &Range<usize>) -> Option<usize> {
    let distance = |other: &Range<usize>| {
        if other.start < span.start {
            span.start.saturating_sub(other.end)
        } else {
            other.start.saturating_sub(span.end)
        }
    };
    (0..found.len())
        .filter(|&at| {
            found[at].id == id
                && found[at]
                    .kwargs
                    .get("relation")
                    .is_none_or(|relation| relation != "less than")
        })
        .min_by_key(|&at| distance(&found[at].span))
        .filter(|&at| distance(&found[at].span) < 600)
}

fn union(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
