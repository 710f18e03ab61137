//! The prompts that have an id of their own.

use crate::constraints::wording::phrase::Phrase;

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["multiple", "divi"],
        pattern: r"\b(?:count|go) (?:from )?{n}{x}\b(?:print|output|list|show|say|give)\b{w} multiples of \x01|\b(?:from|between|going|counting|count|up)(?: up)?(?: from)? \x01(?: (?:to|and) \x01)?,? (?:print|output|list|show|say|give)\b{w}\b(?:divisible by|divided by|multiples of) {n}|\bcount from \x01(?: to \x01)?,? but only (?:print|output|list|show) multiples of \x01",
        rank: 80,
        read: |hit| hit.emit("custom:multiples", Default::default()),
    },
    Phrase {
        cues: &["multiple", "mcq"],
        pattern: r"{n} (?:multiple choice|mcq) questions\b(?:{x}{n} options each)?{x}\x02(?:\.)?(?:[^\n]*?\b(?:longer|length)[a-z]*\b[^.!?\n]*)?|{n} multiple choice questions with {n} options each",
        rank: 80,
        read: |hit| hit.emit("custom:mcq_count_length", Default::default()),
    },
    Phrase {
        cues: &["reverse", "african", "backward"],
        pattern: r"\bcountries (?:of|in) africa\b{x}\breverse alphabetical\b(?:{x}\b(?:new|own|separate) line)?|\bafrican countries\b{x}\b(?:backwards|reverse|z to a)\b(?:{x}\bper line)?",
        rank: 80,
        read: |hit| hit.emit("custom:reverse_newline", Default::default()),
    },
    Phrase {
        cues: &["reverse", "backward"],
        pattern: r"\bsentence in reverse order(?: of what it should be)?,? (?:per|by) word\b|\bwords? (?:of (?:your|the) sentence )?in reverse order|\bsentence whose words run backwards?\b(?:,? last word first)?",
        rank: 80,
        read: |hit| hit.emit("custom:word_reverse", Default::default()),
    },
    Phrase {
        cues: &["reverse", "backward"],
        pattern: r"\bsentence in reverse order(?: of what it should be)?,? (?:per|by) (?:letter|character)\b|\b(?:letters|characters) (?:of (?:your|the) (?:sentence|answer) )?in reverse order|\b(?:spell|write) (?:your |the )?(?:whole |entire )?(?:sentence|answer) backwards?,? (?:letter by letter|by letter)",
        rank: 80,
        read: |hit| hit.emit("custom:character_reverse", Default::default()),
    },
    Phrase {
        cues: &["alphabet"],
        pattern: r"{n} sentence (?:story|tale|text|poem)\b{x}\b(?:each|every) sentence{x}\balphabet(?: in order)?|\b(?:in|of) {n} sentences\b[^\n]{0,60}\bstarts? with an? \x02? ?(?:a )?word\b[^\n]{0,80}\b(?:up to|through to|until) z\b|\bin {n} sentences: [^\n]{0,160}\bup to z\b",
        rank: 82,
        read: |hit| hit.emit("custom:sentence_alphabet", Default::default()),
    },
    Phrase {
        cues: &["latitude", "capital"],
        pattern: r"\bcapital cities of european countries\b{x}\blatitude\b{x}{n} degrees(?:[^\n]*)?|\beuropean capitals?\b{x}\bnorth of the \x04 parallel\b[^\n]*",
        rank: 82,
        read: |hit| hit.emit("custom:european_capitals_sort", Default::default()),
    },
    Phrase {
        cues: &["csv"],
        pattern: r"\bgenerate csv data: the column names are [^\n]*|\b(?:comma separated|tab delimited|tab separated) csv\b[^\n]*",
        rank: 85,
        read: |hit| {
            let text = hit.text();
            let id = if text.contains("special character") {
                "custom:csv_special_character"
            } else if text.contains("tab delimited")
                || text.contains("tab separated")
                || text.contains("all fields")
                || text.contains("each field")
                || text.contains("quote")
            {
                "custom:csv_quotes"
            } else {
                "custom:csv_city"
            };
            hit.emit(id, Default::default());
        },
    },
    Phrase {
        cues: &["date", "napoleon"],
        pattern: r"\b(?:start )?dates? of\b{x}\bnapoleon\b{x}\byyyy-? ?mm-? ?dd\b|\bnapoleon's battles\b[^\n]*\byyyy-? ?mm-? ?dd\b[^.\n]*|\bdates? of\b{x}\bbattles napoleon fought\b{x}(?:\bdate format\b:?[^.\n]*)?",
        rank: 82,
        read: |hit| hit.emit("custom:date_format_list", Default::default()),
    },
];
