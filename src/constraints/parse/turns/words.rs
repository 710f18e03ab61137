//! What a later prompt makes of the words of a rule so far: `swap reliable for dependable`, `use "Dear all" instead`.

use serde_json::Value;

use super::{Held, naming::forbids, sentence::Sentence, values::Changed};
use crate::{
    constraints::{Constraint, wording::pattern::Pattern},
    says,
};

/// `Swap reliable for dependable`, `new word, "taciturn"`: another word or phrase for one so far.
pub(super) fn other_word(sentence: &Sentence, held: &[Held], stated: &[Constraint]) -> Changed {
    static SWAP: Pattern = Pattern::new(
        r"\b(?:swap|replace|change|switch|exchange|substitute|trade) (?:out )?(?:the (?:key)?word |the phrase )?([\p{L}'-]+|\x22) (?:for|with|to|by|into) (?:the (?:key)?word |the phrase )?([\p{L}'-]+|\x22)",
    );
    if let Some(found) = SWAP.captures(&sentence.text) {
        let said = |nth: usize| match (&found[nth], sentence.quoted.as_slice()) {
            ("\"", [quoted]) => quoted.clone(),
            (word, _) => word.to_owned(),
        };
        let (old, new) = (said(1), said(2));
        let changed = (0..held.len()).find_map(|at| {
            let rule = &held[at].active.constraint;
            let words = rule
                .kwargs
                .get("keywords")
                .filter(|_| rule.id == "keywords:existence")?
                .as_array()?;
            let nth = words
                .iter()
                .position(|word| word.as_str().is_some_and(|word| word.to_lowercase() == old))?;
            let mut words = words.clone();
            words[nth] = new.as_str().into();
            Some((at, vec![("keywords", words.into())]))
        });
        if changed.is_some() {
            return changed;
        }
    }
    if let Some(changed) = quoted_swap(sentence, held) {
        return Some(changed);
    }
    let replaced = says!(
        &sentence.text,
        r"\b(?:new|next|different|today's|another) (?:key)?(?:word|phrase|ending|sign[ -]?off|opening|opener|closer|catchphrase|term)\b|\b(?:(?:word|phrase|ending|sign[ -]?off|opening|opener|closer|term) (?:is|becomes) now)\b|\b(?:in place of|instead of|rather than|replaces|replacing|swap (?:it|that|the) [^,]*for|change (?:it|that|the [a-z ]+) to|switch (?:it|that|the [a-z ]+) to|make (?:it|that)) "
    );
    let [quoted] = sentence.quoted.as_slice() else {
        return None;
    };
    let instead = instead(sentence).is_some();
    let rule_of_its_own = stated
        .iter()
        .any(|stated| sentence.holds(stated.span.start) && !(instead && only_says(stated, quoted)));
    if !(replaced || instead) || rule_of_its_own {
        return None;
    }
    let ends = says!(
        &sentence.text,
        r"\b(?:ending|sign[ -]?off|closer|catchphrase|closing)\b"
    );
    let begins = says!(&sentence.text, r"\b(?:opening|opener|greeting)\b");
    (0..held.len()).rev().find_map(|at| {
        let rule = &held[at].active.constraint;
        match rule.id.as_str() {
            "startend:end_checker" if !begins => Some((at, vec![("end_phrase", quoted.as_str().into())])),
            "raif:starts_with" if !ends => Some((at, vec![("phrase", quoted.as_str().into())])),
            "keywords:existence" if !(begins || ends) => {
                Some((at, vec![("keywords", vec![quoted.as_str()].into())]))
            }
            "raif:include_phrase" if !(begins || ends) => {
                Some((at, vec![("phrases", vec![quoted.as_str()].into())]))
            }
            "raif:avoid_phrase" if !(begins || ends) => {
                Some((at, vec![("phrases", vec![quoted.as_str()].into())]))
            }
            "keywords:frequency" if !(begins || ends) => {
                Some((at, vec![("keyword", quoted.as_str().into())]))
            }
            "keywords:forbidden_words" if !(begins || ends) => {
                Some((at, vec![("forbidden_words", vec![quoted.as_str()].into())]))
            }
            _ => None,
        }
    })
}

/// `Say "bright" instead of "sunny"`, `swap "sunny" for "bright"`: one word or phrase for another that a rule asks for.
fn quoted_swap(sentence: &Sentence, held: &[Held]) -> Changed {
    let [first, second] = sentence.quoted.as_slice() else {
        return None;
    };
    let (new, old) = if says!(
        &sentence.text,
        r#"" (?:instead of|rather than|in place of|in lieu of|not) (?:the )?(?:words? |phrase )?""#
    ) {
        (first, second)
    } else if says!(
        &sentence.text,
        r#"\b(?:swap|replace|change|switch|exchange|substitute|trade) (?:out )?(?:the )?(?:words? |phrase |ending |opening )?" (?:for|with|to|by|into) (?:the )?(?:words? |phrase )?""#
    ) {
        (second, first)
    } else {
        return None;
    };
    (0..held.len()).rev().find_map(|at| {
        let rule = &held[at].active.constraint;
        let is_old = |value: &Value| value.as_str().is_some_and(|word| word.to_lowercase() == *old);
        let name = *["keywords", "phrases", "keyword", "end_phrase", "phrase"]
            .iter()
            .find(|name| rule.kwargs.contains_key(**name))?;
        match rule.kwargs.get(name)? {
            Value::Array(words) if !forbids(rule) => {
                let mut words = words.clone();
                *words.iter_mut().find(|word| is_old(word))? = new.as_str().into();
                Some((at, vec![(name, words.into())]))
            }
            value => is_old(value).then(|| (at, vec![(name, new.as_str().into())])),
        }
    })
}

/// The quotation that takes the place of another: `Use "Dear all" instead from now on`.
pub(super) fn instead(sentence: &Sentence) -> Option<&String> {
    let [quoted] = sentence.quoted.as_slice() else {
        return None;
    };
    says!(
        &sentence.text,
        r#"\b(?:use|say|write|put|try|have|go (?:with|for)|do|take|switch to|change (?:it|that) to|make (?:it|that)|swap in|with|to) (?:the (?:words?|phrase|line) )?" instead(?: (?:from|please|pls|for|then|now|in|next|this|thanks?|though|and)\b|[,;:)]|$)|\binstead,? (?:please )?(?:use|say|write|put|try|go with) (?:the (?:words?|phrase|line) )?""#
    )
    .then_some(quoted)
}

/// Whether a rule asks for this word or phrase and nothing else.
pub(super) fn only_says(rule: &Constraint, quoted: &str) -> bool {
    let name = match rule.id.as_str() {
        "keywords:existence" => "keywords",
        "raif:include_phrase" => "phrases",
        _ => return false,
    };
    rule.kwargs
        .get(name)
        .and_then(Value::as_array)
        .is_some_and(|words| {
            words
                .iter()
                .all(|word| word.as_str().is_some_and(|word| word.to_lowercase() == quoted))
        })
}
