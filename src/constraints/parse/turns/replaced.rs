//! When a statement takes the place of a rule so far.

use crate::{
    constraints::{Constraint, parse::conflicts::bounds},
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
    if counts(new, old) {
        return true;
    }
    if kind.is_empty() || kind != family(&old.id) {
        return new.id == old.id && new.kwargs == old.kwargs || takes_back(new, old);
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

/// `… at least twice`, of the one word that an answer had to have.
fn counts(new: &Constraint, old: &Constraint) -> bool {
    let word = |value: Option<&serde_json::Value>| value?.as_str().map(str::to_lowercase);
    let old_word = || match old
        .kwargs
        .get("keywords")
        .or(old.kwargs.get("phrases"))?
        .as_array()?
        .as_slice()
    {
        [only] => word(Some(only)),
        _ => None,
    };
    new.id == "keywords:frequency"
        && has_relation(new, "at least")
        && matches!(old.id.as_str(), "keywords:existence" | "raif:include_phrase")
        && old_word().is_some_and(|old| Some(old) == word(new.kwargs.get("keyword")))
}

/// A rule on the words with which an answer begins or ends.
pub(super) fn at_an_edge(rule: &Constraint) -> bool {
    matches!(rule.id.as_str(), "startend:end_checker" | "raif:starts_with")
}

/// A word is forbidden that was asked for, or asked for that was forbidden.
pub(super) fn takes_back(new: &Constraint, old: &Constraint) -> bool {
    let words = |rule: &Constraint| -> Vec<String> {
        let lists = ["keywords", "phrases", "forbidden_words"]
            .iter()
            .filter_map(|name| rule.kwargs.get(*name)?.as_array());
        let edges = ["end_phrase", "phrase"]
            .iter()
            .filter_map(|name| rule.kwargs.get(*name));
        lists
            .flatten()
            .chain(edges)
            .filter_map(|word| {
                Some(
                    word.as_str()?
                        .trim_matches(|c: char| !c.is_alphanumeric())
                        .to_lowercase(),
                )
            })
            .collect()
    };
    let forbids =
        |rule: &Constraint| matches!(rule.id.as_str(), "keywords:forbidden_words" | "raif:avoid_phrase");
    let old_words = words(old);
    forbids(new) != forbids(old) && words(new).iter().any(|word| old_words.contains(word))
}

pub(super) fn has_relation(constraint: &Constraint, name: &str) -> bool {
    constraint
        .kwargs
        .get("relation")
        .is_some_and(|relation| relation == name)
}

/// `relax it to five` keeps the relation of the limit it changes.
pub(super) fn adopt_relation(text: &str, new: &mut Constraint, old: &Constraint) {
    let bare = matches!(
        new.id.as_str(),
        "raif:exact_words" | "raif:exact_sentences" | "raif:word_approx"
    );
    let changes = says!(
        text,
        r"\b(?:relax|raise|lower|bump|change|extend|expand|tighten|increase|reduce|make|stretch|loosen|up|drop|cut|push|move|set|go|bring|take|trim|get|shrink|pare|whittle|shorten|lengthen|boil|condense|squeeze|slim|double|halve|run|aim|stick|come|keep)\b ?(?:it|that|this|them|things|your answers|the [a-z]+(?: [a-z]+)?)? ?(?:up |down |back |out )?(?:to|at)\b|^(?:down|up|back) to\b|\b(?:you )?(?:can|may) (?:have|use|write|take|fill)\b|\bi(?:'ll| will) (?:allow|give)\b|\b(?:take|allow (?:yourself|it|us|me)|give (?:yourself|it)|treat yourself to|you get|you have) [\w-]+ (?:words|sentences)\b|\b(?:let's )?say\b|\bmake (?:it|that) \w+ (?:words|sentences)|^(?:(?:just|only|try|ok(?:ay)?|now|no|more like|rather|so|and|then),? )*[\w-]+ (?:words|sentences)(?: please| pls| then| instead| now)?$|\b(?:limit|cap|maximum|minimum|ceiling|floor|max|target) (?:is|to|of|becomes|should be|can be)\b|\b(?:is|are) (?:fine|enough|plenty|ok|okay|allowed)\b"
    ) && !says!(
        text,
        r"\b(?:exactly|precisely|dead on|spot on|on the dot|or so)\b|\b(?:about|around|roughly|approximately|circa|some) [\w-]+ (?:words|sentences)\b"
    );
    if new.id == "raif:char_limit"
        && old.id == new.id
        && new.kwargs.get("min_chars") == new.kwargs.get("max_chars")
    {
        if !old.kwargs.contains_key("min_chars") {
            new.kwargs.retain(|name, _| name == "max_chars");
        }
        return;
    }
    if !(bare && changes) {
        return;
    }
    let said = ["num_words", "num_sentences"]
        .iter()
        .find_map(|name| new.kwargs.get(*name));
    let Some(value) = said.and_then(serde_json::Value::as_u64) else {
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

/// `New word, "taciturn", in place of the old one`: of lists of words the later one.
pub(super) fn in_place_of(text: &str, new: &Constraint, old: &Constraint) -> bool {
    new.id == old.id
        && new.kwargs != old.kwargs
        && says!(
            text,
            r"\b(?:in place of|instead of|rather than|in lieu of|replacing|replaces|swap) (?:it|that|the (?:old|other|last|previous|first|earlier|current)|what)\b|^(?:and |ok,? |now,? )*(?:the )?(?:new|next|different) (?:key ?)?(?:word|phrase|ending|opening|sign[ -]?off)\b"
        )
}

/// Rules of one sort, of which an answer follows one.
pub(super) fn same_family(a: &Constraint, b: &Constraint) -> bool {
    a.id == b.id || !family(&a.id).is_empty() && family(&a.id) == family(&b.id)
}
