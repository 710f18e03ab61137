//! Constraints that no answer can follow together.
//!
//! Owns which pairs contradict each other and why. Reports, never resolves. Constraints of different branches, steps or parts
//! do not contradict each other; one of a step may contradict one of the whole answer.

use serde::Serialize;
use serde_json::Value;

use super::tree::Node;
use crate::constraints::Constraint;

/// Two constraints, by their index, and why they cannot both hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    pub pair: [usize; 2],
    pub reason: String,
}

pub fn find(constraints: &[Constraint], tree: &Node) -> Vec<Conflict> {
    let mut out = Vec::new();
    // A prompt with hundreds of constraints is not one that a person wrote: the pairs are bounded.
    let constraints = &constraints[..constraints.len().min(200)];
    for (a, first) in constraints.iter().enumerate() {
        for (b, second) in constraints.iter().enumerate().skip(a + 1) {
            if tree.apart(a, b) {
                continue;
            }
            let found = if first.scope == second.scope {
                reason(first, second).or_else(|| reason(second, first))
            } else {
                of_the_whole(first, second).or_else(|| of_the_whole(second, first))
            };
            if let Some(reason) = found {
                out.push(Conflict { pair: [a, b], reason });
            }
        }
    }
    out
}

/// What a constraint counts, and its inclusive bounds.
pub struct Bounds {
    pub what: String,
    pub lo: u64,
    pub hi: u64,
}

/// The bounds that a constraint puts on a count, if it does.
pub fn bounds(constraint: &Constraint) -> Option<Bounds> {
    let kwargs = &constraint.kwargs;
    let number = |name: &str| kwargs.get(name).and_then(Value::as_u64);
    let text = |name: &str| {
        kwargs
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_lowercase()
    };
    let related = |what: String, name: &str, relation: &str| {
        let value = number(name)?;
        let (lo, hi) = match kwargs.get(relation).and_then(Value::as_str) {
            Some("at least") => (value, u64::MAX),
            Some("less than") => (0, value.saturating_sub(1)),
            _ => (value, value),
        };
        Some(Bounds { what, lo, hi })
    };
    let between = |what: &str, lo: Option<u64>, hi: Option<u64>| {
        Some(Bounds {
            what: what.into(),
            lo: lo.unwrap_or(0),
            hi: hi.unwrap_or(u64::MAX),
        })
    };
    match constraint.id.as_str() {
        "length_constraints:number_words" => related("words".into(), "num_words", "relation"),
        "raif:word_range" => between("words", number("min"), number("max")),
        "raif:word_approx" | "raif:exact_words" => {
            let value = number("num_words")?;
            let unstated = if constraint.id == "raif:word_approx" {
                10
            } else {
                0
            };
            let slack = value.saturating_mul(number("tolerance_pct").unwrap_or(unstated)) / 100;
            between(
                "words",
                Some(value - slack.min(value)),
                Some(value.saturating_add(slack)),
            )
        }
        "length_constraints:number_sentences" => related("sentences".into(), "num_sentences", "relation"),
        "raif:exact_sentences" => related("sentences".into(), "num_sentences", ""),
        "length_constraints:number_paragraphs" | "length_constraints:nth_paragraph_first_word" => {
            related("paragraphs".into(), "num_paragraphs", "")
        }
        "raif:paragraph_count" => related("paragraphs".into(), "num", "relation"),
        "raif:num_lines" => related("lines".into(), "num", "relation"),
        "raif:heading_count" => related("headings".into(), "num", "relation"),
        "raif:hashtags" | "raif:emoji" => {
            let what = constraint.id.trim_start_matches("raif:");
            match kwargs.contains_key("forbidden") {
                true => between(what, Some(0), Some(0)),
                false => related(what.into(), "num", "relation"),
            }
        }
        "format:emoji" => between("emoji", Some(1), None),
        "raif:char_limit" => between("characters", number("min_chars"), number("max_chars")),
        "detectable_format:number_bullet_lists" => related("bullets".into(), "num_bullets", ""),
        "raif:list_items" => related("bullets".into(), "num_items", "relation"),
        "keywords:frequency" => related(format!("times “{}”", text("keyword")), "frequency", "relation"),
        "keywords:letter_frequency" => related(
            format!("times the letter {}", text("letter")),
            "let_frequency",
            "let_relation",
        ),
        "punctuation:no_comma" => between("times the letter ,", Some(0), Some(0)),
        "change_case:capital_word_frequency" => related(
            "words in capitals".into(),
            "capital_frequency",
            "capital_relation",
        ),
        _ => None,
    }
}

fn words(constraint: &Constraint, name: &str) -> Vec<String> {
    constraint
        .kwargs
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_lowercase)
        .collect()
}

fn required(constraint: &Constraint) -> Vec<String> {
    match constraint.id.as_str() {
        "keywords:existence" => words(constraint, "keywords"),
        "raif:include_phrase" => words(constraint, "phrases"),
        "keywords:frequency"
            if constraint
                .kwargs
                .get("relation")
                .is_some_and(|relation| relation == "at least") =>
        {
            constraint
                .kwargs
                .get("keyword")
                .and_then(Value::as_str)
                .map(str::to_lowercase)
                .into_iter()
                .collect()
        }
        "startend:end_checker" => phrase(constraint, "end_phrase"),
        "raif:starts_with" => phrase(constraint, "phrase"),
        _ => Vec::new(),
    }
}

fn phrase(constraint: &Constraint, name: &str) -> Vec<String> {
    constraint
        .kwargs
        .get(name)
        .and_then(Value::as_str)
        .map(str::to_lowercase)
        .into_iter()
        .collect()
}

/// Whether a phrase has a word that an answer without the first person cannot have.
fn speaks_of_itself(phrase: &str) -> bool {
    phrase.split(|c: char| !c.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "i" | "me" | "my" | "mine" | "we" | "us" | "our" | "ours" | "myself"
        )
    })
}

/// The whole answer is in this form.
fn form(id: &str) -> Option<&'static str> {
    Some(match id {
        "detectable_format:json_format" => "JSON",
        "raif:yaml_format" => "YAML",
        "raif:xml_format" => "XML",
        "raif:csv_format" => "CSV",
        "raif:html_format" => "HTML",
        "raif:code_only" => "code only",
        _ => return None,
    })
}

/// What only running text outside any such form can have.
fn needs_prose(constraint: &Constraint) -> bool {
    match constraint.id.as_str() {
        "detectable_format:title"
        | "detectable_content:postscript"
        | "combination:two_responses"
        | "length_constraints:number_paragraphs"
        | "length_constraints:nth_paragraph_first_word"
        | "raif:paragraph_count"
        | "detectable_format:multiple_sections"
        | "raif:table"
        | "raif:numbered_list"
        | "combination:repeat_prompt"
        | "raif:exact_sentences"
        | "raif:heading_count" => true,
        "detectable_format:number_bullet_lists" => {
            constraint.kwargs.get("num_bullets").is_some_and(|num| num != 0)
        }
        "startend:end_checker" | "raif:starts_with" => true,
        _ => false,
    }
}

/// Why a rule for the whole answer excludes one for a step of it.
fn of_the_whole(whole: &Constraint, step: &Constraint) -> Option<String> {
    if whole.scope.is_some() || step.scope.as_ref().is_none_or(|scope| scope.part != "step") {
        return None;
    }
    if let (Some(all), Some(some)) = (bounds(whole), bounds(step))
        && all.what == some.what
        && all.hi < some.lo
    {
        return Some(format!("one step alone has more {} than the whole may", all.what));
    }
    form(&whole.id)
        .filter(|_| needs_prose(step))
        .map(|form| format!("not possible in an answer that is {form}"))
}

/// Whether one of the options, given as the whole answer, can be what a rule asks for.
fn leaves_room(options: &[String], rule: &Constraint, bound: Option<&Bounds>) -> bool {
    let count = |option: &String, what: &str| match what {
        "words" => Some(option.split_whitespace().count()),
        "characters" => Some(option.chars().count()),
        "bullets" | "headings" => Some(0),
        "sentences" | "paragraphs" | "lines" => Some(option.lines().count().max(1)),
        _ => None,
    };
    let fits = |option: &String| match bound {
        Some(bound) => count(option, &bound.what).is_none_or(|count| count as u64 >= bound.lo),
        None => !matches!(
            rule.id.as_str(),
            "raif:table" | "detectable_content:postscript" | "detectable_format:multiple_sections"
        ),
    };
    options.is_empty() || options.iter().any(fits)
}

/// Why `a` excludes `b`. Asked both ways round.
fn reason(a: &Constraint, b: &Constraint) -> Option<String> {
    if let (Some(first), Some(second)) = (bounds(a), bounds(b)) {
        if first.what == second.what && (first.lo > second.hi || second.lo > first.hi) {
            return Some(format!("no number of {} satisfies both", first.what));
        }
        // Of so many words each has a letter at least, and a space stands between two.
        if first.what == "characters"
            && second.what == "words"
            && first.hi < second.lo.saturating_mul(2).saturating_sub(1)
        {
            return Some("so many words do not fit into so few characters".into());
        }
        if first.what == "words" && second.what.starts_with("times “") && first.hi < second.lo {
            return Some("the word alone would be more words than that".into());
        }
        if first.what == "words" && second.what == "sentences" && first.hi < second.lo {
            return Some("every sentence has at least one word".into());
        }
        if first.what == "lines"
            && matches!(second.what.as_str(), "paragraphs" | "bullets")
            && first.hi < second.lo
        {
            return Some("each of them is a line at least".into());
        }
        if first.what == "sentences" && second.what == "paragraphs" && first.hi < second.lo {
            return Some("every paragraph has at least one sentence".into());
        }
    }
    let bound = bounds(b);
    if a.id == "raif:one_of" && !leaves_room(&words(a, "options"), b, bound.as_ref()) {
        return Some("none of the options can be that".into());
    }
    match (a.id.as_str(), b.id.as_str()) {
        ("change_case:english_lowercase", "change_case:english_capital") => {
            return Some("all lower case and all capitals".into());
        }
        ("change_case:english_lowercase", "change_case:capital_word_frequency")
            if bound.as_ref().is_some_and(|bound| bound.lo > 0) =>
        {
            return Some("words in capitals in an answer in lower case".into());
        }
        ("change_case:english_capital", "change_case:capital_word_frequency")
            if bound.as_ref().is_some_and(|bound| bound.hi < u64::MAX) =>
        {
            return Some("few words in capitals in an answer all in capitals".into());
        }
        ("raif:no_first_person", _) if required(b).iter().any(|phrase| speaks_of_itself(phrase)) => {
            return Some("the required phrase is in the first person".into());
        }
        ("change_case:english_lowercase", "format:title_case") => {
            return Some("title case in an answer in lower case".into());
        }
        ("change_case:english_capital", "format:title_case") => {
            return Some("title case in an answer in capitals".into());
        }
        ("change_case:english_lowercase" | "change_case:english_capital", "language:response_language")
            if b.kwargs.get("language").is_some_and(|code| code != "en") =>
        {
            return Some("the rule on case is for an answer in English".into());
        }
        ("language:response_language", "language:response_language") if a.kwargs != b.kwargs => {
            return Some("the whole answer in two languages".into());
        }
        ("startend:end_checker", "detectable_content:postscript") => {
            return Some("the closing phrase and the postscript are both to come last".into());
        }
        ("startend:end_checker", "startend:end_checker") | ("raif:starts_with", "raif:starts_with")
            if a.kwargs != b.kwargs =>
        {
            return Some("two different phrases in the same place".into());
        }
        (
            "raif:no_markdown" | "raif:plain_text",
            "detectable_format:number_highlighted_sections"
            | "raif:table"
            | "raif:heading_count"
            | "raif:code_block",
        ) => {
            return Some("Markdown is asked for and excluded".into());
        }
        ("punctuation:no_comma", _) if required(b).iter().any(|phrase| phrase.contains(',')) => {
            return Some("the required phrase holds a comma".into());
        }
        ("punctuation:no_comma", "combination:repeat_prompt")
            if b.kwargs
                .get("prompt_to_repeat")
                .and_then(Value::as_str)
                .is_some_and(|text| text.contains(',')) =>
        {
            return Some("the text to repeat holds a comma".into());
        }
        ("punctuation:no_comma", "raif:csv_format" | "detectable_format:json_format") => {
            return Some("the format needs commas".into());
        }
        ("format:no_whitespace", other) if needs_prose(b) || other == "raif:table" => {
            return Some("the form needs white space".into());
        }
        _ => {}
    }
    let banned: Vec<String> = match a.id.as_str() {
        "keywords:forbidden_words" => words(a, "forbidden_words"),
        "raif:avoid_phrase" => words(a, "phrases"),
        _ => Vec::new(),
    };
    for wanted in required(b) {
        let parts: Vec<&str> = wanted
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .collect();
        if let Some(word) = banned
            .iter()
            .find(|word| **word == wanted || parts.contains(&word.as_str()))
        {
            return Some(format!("“{word}” is required and forbidden"));
        }
        if let Some(first) = bounds(a)
            && a.id == "keywords:letter_frequency"
            && first.hi == 0
            && let Some(letter) = a.kwargs.get("letter").and_then(Value::as_str)
            && wanted.contains(letter)
        {
            return Some(format!("“{wanted}” needs the letter {letter}"));
        }
    }
    match (form(&a.id), form(&b.id)) {
        (Some(first), Some(second)) if first != second && first != "code only" && second != "code only" => {
            return Some(format!("the answer cannot be {first} and {second}"));
        }
        (Some(first), None) if needs_prose(b) => {
            return Some(format!("not possible in an answer that is {first}"));
        }
        _ => {}
    }
    None
}
