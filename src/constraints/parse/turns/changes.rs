//! What a later prompt makes of a rule so far: another value in its place, one more, another word.

use std::{ops::Range, sync::LazyLock};

use super::Held;
use crate::{
    constraints::{
        Constraint,
        parse::conflicts::bounds,
        wording::{count_of, pattern::compile},
    },
    says,
};

/// Ids of which an answer has one.
fn family(id: &str) -> &str {
    match id {
        "raif:word_range"
        | "raif:word_approx"
        | "raif:exact_words"
        | "length_constraints:number_words"
        | "count:word_count_range" => "words",
        "raif:exact_sentences" | "length_constraints:number_sentences" => "sentences",
        "raif:paragraph_count" | "length_constraints:number_paragraphs" => "paragraphs",
        "change_case:english_lowercase" | "change_case:english_capital" | "format:title_case" => "case",
        "detectable_format:json_format"
        | "raif:yaml_format"
        | "raif:xml_format"
        | "raif:csv_format"
        | "raif:html_format" => "form",
        "keywords:existence" | "keywords:forbidden_words" | "raif:include_phrase" | "raif:avoid_phrase" => "",
        "keywords:frequency" | "keywords:letter_frequency" => "counted",
        id => id,
    }
}

pub(super) fn replaces(new: &Constraint, old: &Constraint) -> bool {
    let kind = family(&new.id);
    if new.scope != old.scope {
        return false;
    }
    if kind.is_empty() || kind != family(&old.id) {
        return new.id == old.id && new.kwargs == old.kwargs;
    }
    match (bounds(new), bounds(old)) {
        // A floor and a ceiling that go together are two limits.
        (Some(new), Some(old)) if new.what == old.what => {
            let one_sided = |lo: u64, hi: u64| (lo > 0) != (hi < u64::MAX);
            let opposite =
                one_sided(new.lo, new.hi) && one_sided(old.lo, old.hi) && (new.lo > 0) != (old.lo > 0);
            !(opposite && new.lo <= old.hi && old.lo <= new.hi)
        }
        (Some(_), Some(_)) => false,
        _ => true,
    }
}

fn has_relation(constraint: &Constraint, name: &str) -> bool {
    constraint
        .kwargs
        .get("relation")
        .is_some_and(|relation| relation == name)
}

/// `relax it to five` keeps the relation of the limit it changes.
pub(super) fn adopt_relation(text: &str, new: &mut Constraint, old: &Constraint) {
    let bare = matches!(new.id.as_str(), "raif:exact_words" | "raif:exact_sentences");
    let changes = says!(
        text,
        r"\b(?:relax|raise|lower|bump|change|extend|tighten|increase|reduce|make|stretch|loosen|up|drop|cut|push|move|set|go)\b ?(?:it|that|the [a-z ]+?)? ?(?:up |down )?to\b|\bmake (?:it|that) \w+ (?:words|sentences)"
    );
    if !(bare && changes) {
        return;
    }
    let Some(value) = bounds(new).map(|bounds| bounds.lo) else {
        return;
    };
    let (least, most) = (has_relation(old, "at least"), has_relation(old, "less than"));
    if !(least || most) || family(&new.id) != family(&old.id) {
        return;
    }
    new.id.clone_from(&old.id);
    let name = if family(&old.id) == "words" {
        "num_words"
    } else {
        "num_sentences"
    };
    new.kwargs.clone_from(&old.kwargs);
    new.kwargs.insert(
        name.into(),
        if most { value.saturating_add(1) } else { value }.into(),
    );
}

/// `One more hashtag would be good`, `two more, please`: the number of what is counted already, and so many.
pub(super) fn one_more(prompt: &str, text: &str, stated: &mut Vec<Constraint>, held: &[Held]) {
    const COUNTED: [(&str, &str, &str); 7] = [
        ("hashtag", "raif:hashtags", "num"),
        ("emoji", "raif:emoji", "num"),
        ("bullet", "detectable_format:number_bullet_lists", "num_bullets"),
        ("paragraph", "raif:paragraph_count", "num"),
        ("sentence", "raif:exact_sentences", "num_sentences"),
        ("line", "raif:num_lines", "num"),
        ("item", "raif:numbered_list", "num_items"),
    ];
    static MORE: LazyLock<regex::Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:([a-z]+|\d+) more(?: ([a-z]+?)s?)?|(another|an extra) ([a-z]+?)s?)(?:[.,!?;\n]|$| (?:please|would|though|and|then|at|to)\b)",
        )
    });
    let known = |noun: &str| COUNTED.iter().any(|(name, ..)| *name == noun);
    // `another` is of what is named; `two more` may leave it out.
    let Some((found, more)) = MORE.captures_iter(text).find_map(|found| {
        let more = match found.get(1) {
            Some(count) => count_of(count.as_str())?,
            None => 1,
        };
        let named = found.get(4).is_none_or(|noun| known(noun.as_str()));
        named.then_some((found, more))
    }) else {
        return;
    };
    let noun = found
        .get(2)
        .or(found.get(4))
        .map(|noun| noun.as_str())
        .filter(|noun| known(noun));
    let counted = held.iter().rev().find_map(|item| {
        let old = &item.active.constraint;
        let (_, _, name) = COUNTED
            .iter()
            .find(|(known, id, _)| old.id == *id && noun.is_none_or(|noun| noun == *known))?;
        Some((old, *name, old.kwargs.get(*name)?.as_u64()?))
    });
    let Some((old, name, count)) = counted else { return };
    stated.retain(|constraint| constraint.id != old.id);
    let mut changed = old.clone();
    changed
        .kwargs
        .insert(name.into(), count.saturating_add(more).into());
    changed.span = span_of(prompt, text, found.get_match().range());
    stated.push(changed);
}

/// `Swap reliable for dependable`: another word that must occur.
pub(super) fn swapped(prompt: &str, text: &str, turn: usize, held: &mut [Held]) {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:swap|replace|change|switch) (?:out )?(?:the word )?([\p{L}'-]+) (?:for|with|to|by) (?:the word )?([\p{L}'-]+)",
        )
    });
    let Some(found) = PATTERN.captures(text) else {
        return;
    };
    let is_it = |word: &serde_json::Value| word.as_str().is_some_and(|word| word.to_lowercase() == found[1]);
    for item in held
        .iter_mut()
        .filter(|item| item.active.constraint.id == "keywords:existence")
    {
        let constraint = &mut item.active.constraint;
        let Some(words) = constraint
            .kwargs
            .get_mut("keywords")
            .and_then(|words| words.as_array_mut())
        else {
            continue;
        };
        if let Some(word) = words.iter_mut().find(|word| is_it(word)) {
            *word = found[2].into();
            constraint.span = span_of(prompt, text, found.get_match().range());
            item.active.from_turn = turn;
        }
    }
}

/// `Make that 3`, `even shorter, 25 tops`: another number for what was counted last.
pub(super) fn make_that(prompt: &str, text: &str, turn: usize, held: &mut [Held]) {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:shorter|longer|tighter|briefer|less|fewer|more)\b[^.!?\n]{0,30}[ ,](\d+|[a-z]+) (?:tops|max|maximum|at (?:the )?most)(?:[.,!;]|$)|\bmake (?:that|it) (\d+|[a-z]+)(?:[.,!?;]|$| (?:from now|instead|please|then)\b)",
        )
    });
    let Some(found) = PATTERN.captures(text) else {
        return;
    };
    let said = found.get(1).or(found.get(2)).map_or("", |said| said.as_str());
    let Some(count) = count_of(said).filter(|count| *count > 1) else {
        return;
    };
    const NUMBERS: [&str; 5] = ["num_bullets", "num_sentences", "num_words", "num_items", "num"];
    for item in held.iter_mut().rev() {
        let constraint = &mut item.active.constraint;
        let Some(name) = NUMBERS.iter().find(|name| constraint.kwargs.contains_key(**name)) else {
            continue;
        };
        let below = has_relation(constraint, "less than");
        constraint
            .kwargs
            .insert((*name).into(), count.saturating_add(u64::from(below)).into());
        constraint.span = span_of(prompt, text, found.get_match().range());
        item.active.from_turn = turn;
        return;
    }
}

/// `Turn it into a table instead`: another shape takes the place of the one so far.
pub(super) fn reshapes(text: &str, new: &Constraint, old: &Constraint) -> bool {
    let is_shape = |id: &str| {
        matches!(
            id,
            "detectable_format:number_bullet_lists"
                | "raif:list_items"
                | "raif:numbered_list"
                | "raif:table"
                | "detectable_format:json_format"
                | "raif:csv_format"
        )
    };
    new.id != old.id
        && is_shape(&new.id)
        && is_shape(&old.id)
        && says!(
            text,
            r"\b(?:turn|make|change|convert) (?:it|this|that|them|the list) (?:in)?to an?\b|\binstead\b|\brather than\b"
        )
}

/// A range of the lower-case text as one of the prompt; all of it where the two differ in length.
fn span_of(prompt: &str, text: &str, range: Range<usize>) -> Range<usize> {
    match prompt.len() == text.len() && prompt.get(range.clone()).is_some() {
        true => range,
        false => 0..prompt.len(),
    }
}

/// `add a Section 4`: one more of what is labelled already.
pub(super) fn increment(prompt: &str, text: &str, stated: &mut Vec<Constraint>, held: &[Held]) {
    let Some(sections) = held
        .iter()
        .map(|item| &item.active.constraint)
        .find(|old| old.id == "detectable_format:multiple_sections")
    else {
        return;
    };
    let Some(label) = sections
        .kwargs
        .get("section_spliter")
        .and_then(|label| label.as_str())
    else {
        return;
    };
    let Some(found) = text
        .find(&format!("{} ", label.to_lowercase()))
        .filter(|_| says!(text, r"\b(?:add|append|another|extra|one more|include)\b"))
    else {
        return;
    };
    let digits: String = text[found + label.len() + 1..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let Ok(number) = digits.parse::<u64>() else { return };
    stated.retain(|constraint| constraint.id != "detectable_format:multiple_sections");
    let mut more = sections.clone();
    more.kwargs.insert("num_sections".into(), number.into());
    let start = text[..found].rfind("add").unwrap_or(found);
    let end = found + label.len() + 1 + digits.len();
    more.span = span_of(prompt, text, start..end);
    stated.push(more);
}
