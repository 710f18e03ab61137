//! How people state rules that every word keeps, and counts of kinds of words.

use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        quantity::Quantity,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["unique", "different", "distinct"],
        pattern: r"{n} (?:unique|different|distinct) words?\b",
        rank: 60,
        read: |hit| floor(hit, "count:unique_word_count", "N"),
    },
    Phrase {
        cues: &["conjunction"],
        pattern: r"{n} (?:[a-z]+ ){0,2}?conjunctions?\b",
        rank: 60,
        read: |hit| floor(hit, "count:conjunctions", "small_n"),
    },
    Phrase {
        cues: &["pronoun"],
        pattern: r"{n} (?:[a-z]+ )?pronouns?\b",
        rank: 60,
        read: |hit| floor(hit, "count:pronouns", "N"),
    },
    Phrase {
        cues: &["name"],
        pattern: r"{n} (?:different |distinct |unique )?(?:person|people|personal|first|given|character)(?:'s|s')? names?\b(?:{x}from (?:this|the following|the) list(?: of (?:person )?names)?)?|{n} (?:\x03 )?(?:of )?(?:the |these )?(?:different |distinct )?(?:names|people){w}(?:from|in|on) (?:this|the following|the) list",
        rank: 60,
        read: |hit| floor(hit, "count:person_names", "N"),
    },
    Phrase {
        cues: &["number", "numeral", "figures"],
        pattern: r"{n} (?:different |distinct |separate )?(?:numbers|numerals|number)\b(?: in (?:the|your) (?:response|answer|reply|text))?(?:, written as digits)?(?: \x03|, \x03)?",
        rank: 60,
        read: numbers,
    },
    Phrase {
        cues: &["palindrome"],
        pattern: r"{n} (?:[a-z]+ ){0,3}?palindromes?\b(?:{x}{n} (?:characters?|letters?)(?: long)?)?",
        rank: 60,
        read: |hit| hit.emit("words:palindrome", Default::default()),
    },
    Phrase {
        cues: &["alphabet"],
        pattern: r"\b(?:each|every|the|successive|consecutive|all) (?:[a-z]+ )?words?\b{x}\b(?:next letter of the alphabet|alphabet|alphabetical order)\b{x}(?:(?:loop|wrap|back|start|go|begin|return)[a-z]*{x}(?:\x02|\ba\b|over|again|z)(?: after (?:\x02|z))?|$)|\bwords? (?:must |should |to )?(?:run|go|work|march) through the alphabet\b(?:{x}\bback to a\b)?",
        rank: 60,
        read: |hit| {
            if !says!(hit.text(), r"\bsentence'?s?\b") {
                hit.emit("words:alphabet", Default::default());
            }
        },
    },
    Phrase {
        cues: &["vowel"],
        pattern: r"\b(?:only|just|no more than|at most|contain|contains|using|use|with){w} ?{n} (?:different |distinct |of the five |of the \x01 )?(?:types? of |kinds? of )?vowels?\b|{n} (?:different |distinct )?(?:types|kinds) of vowels?\b",
        rank: 60,
        read: |hit| hit.emit("words:vowel", Default::default()),
    },
    Phrase {
        cues: &["consonant"],
        pattern: r"\b(?:each|every|all) (?:single )?words?\b{x}\bconsonant(?:s| clusters?)\b(?:{x}\bconsonants together\)?)?|\bconsonant clusters?\b{x}\b(?:each|every|all|any) (?:single )?words?\b",
        rank: 60,
        read: |hit| hit.emit("words:consonants", Default::default()),
    },
    Phrase {
        cues: &["prime"],
        pattern: r"\b(?:words?)\b{x}\b(?:lengths?|letters|characters|long)\b{x}\bprime(?: numbers?| length)?\b|\bwords?\b{x}\bprime{v}(?:letters|characters|long|lengths?)\b|\bprime(?: number)?(?: of)? (?:length|lengths|letters|numbers? of letters)\b{w}\bwords?|\bwords? (?:of|with) (?:a )?prime|\bletters in (?:each|every|any) word{w}\bprime\b",
        rank: 60,
        read: |hit| hit.emit("words:prime_lengths", Default::default()),
    },
    Phrase {
        cues: &["repeat", "word", "same"],
        pattern: r"\b(?:not|never|no|without|avoid)\b{w}\b(?:repeat|repeating|reuse|use|using|repeated)\b{w}\b(?:any|the same|a|each|single|one|same) (?:single |one |given )?word\b{w}{n} times?|\b(?:no|not a single|each|every|any) (?:single |\x01 )?words?\b(?: (?:repeated|repeating|appearing|appears?|occurs?|should|must|used|may|can|will|gets?|comes?|crops?|shows?|turns?|up|to|be|is)\b)*{v}{n} times?",
        rank: 62,
        read: |hit| {
            // `no word should be used more than 4 times`
            let none = says!(hit.text(), r"^(?:no|not) ");
            let limit = hit.amount(0).and_then(|quantity| match quantity.hi {
                None if none => quantity.lo.map(|lo| lo.saturating_sub(1)),
                limit => limit,
            });
            if let Some(limit) = limit {
                hit.emit("words:repeats", kwargs([("small_n", limit.into())]));
            }
        },
    },
    Phrase {
        cues: &["consecutive", "neighb", "adjacent", "two", "row"],
        pattern: r"\b(?:no|not|never|avoid) (?:have )?{n} (?:consecutive|adjacent|neighbou?ring|successive) words?\b{x}\b(?:same|identical)\b{w}\b(?:first )?(?:letter|initial)|\b(?:consecutive|adjacent|neighbou?ring|successive) words\b{x}\b(?:not|never|different|different first)\b{x}\b(?:letters?|initials?)|{n} words in a row\b{x}\b(?:not|never|different)\b{x}\b(?:letters?|initials?)|\b(?:not|never|no) {n} words in a row\b{x}\b(?:letters?|initials?)|\b(?:neighbou?ring|adjacent|consecutive|successive) words (?:must|should|can|may) not (?:begin|start)\b{w}\bsame letter",
        rank: 62,
        read: |hit| hit.emit("words:no_consecutive", Default::default()),
    },
    Phrase {
        cues: &["syllable"],
        pattern: r"\b(?:alternat[a-z]*|switch|swap|take turns)\b{x}\bodd\b{x}\beven\b{x}\bsyllables?|\bodd\b{x}\beven\b{x}\bsyllables?\b{x}alternat[a-z]*|\balternat[a-z]*{x}\beven\b{x}\bodd\b{x}syllables?|\b(?:back and forth|in turn|taking turns|one after the other)\b[^.!?\n]*\bodd\b{x}\bsyllables?\b{x}\beven\b|\bodd (?:number of |numbered )?syllables?{x}\beven\b{x}\b(?:odd again|then odd|and so on|back to odd)",
        rank: 60,
        read: |hit| hit.emit("words:odd_even_syllables", Default::default()),
    },
    Phrase {
        cues: &["person", "i", "first"],
        pattern: r"\b(?:no|not|never|nothing|without|avoid|avoiding|drop|skip|bans?|banned|banning|forbids?|forbidden|prohibits?|disallows?|steer clear)\b(?: (?:using|writing|write|slip|into|use|the|any|in|be|of)\b)* \x04 person(?: (?:pronouns?|singular|plural))?\b|\x04 person (?:is|are) (?:banned|forbidden|off limits|not allowed|out|prohibited)\b|\b(?:third|\x04) person\b{x}\bno (?:i|me|my|we)\b(?:(?:,| or|, or| and) (?:i|me|my|mine|we|us|our|ours|myself))*|\b(?:never|without|avoid|avoiding) (?:using |the words? |saying )?(?:i|we)(?:,| or|, or| nor| and|/)+ ?(?:i|me|my|we|us)\b|\bno (?:i|me|my|we)(?:,| or|, or| nor| and|/)? ?(?:i|me|my|we|us)\b(?:(?:,| or|, or| nor| and) (?:i|me|my|mine|we|us|our|ours))*",
        rank: 60,
        read: |hit| {
            if says!(
                hit.text(),
                r"\b(?:no|never|without|avoid|avoiding) (?:[a-z]+ ){0,2}(?:i|me|my|we)\b"
            ) || hit.ordinal(0) == Some(1)
            {
                hit.emit("raif:no_first_person", Default::default());
            }
        },
    },
    Phrase {
        cues: &["人称"],
        pattern: r"(?:不要|不能|不得|禁止|别|不用|避免|不许|不可)(?:再)?(?:使用|用|出现|以)?第一人称",
        rank: 60,
        read: |hit| hit.emit("raif:no_first_person", Default::default()),
    },
];

/// Ids that have a lower bound only.
fn floor(hit: &mut Hit, id: &'static str, name: &'static str) {
    if let Some(count) = hit.amount(0).and_then(|quantity| quantity.lo) {
        hit.emit(id, kwargs([(name, count.into())]));
    }
}

fn numbers(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0) else { return };
    let counted = |quantity: &Quantity| quantity.related && quantity.exact().is_some();
    if counted(quantity)
        && !says!(hit.after(), r"^ (?:of|between|from \x01|that (?:add|sum))")
        && !says!(hit.before(), r"\b(?:add|sum|multiply|of) (?:[a-z]+ )?$")
    {
        let count = quantity.exact().unwrap_or(0);
        hit.emit("count:numbers", kwargs([("N", count.into())]));
    }
}
