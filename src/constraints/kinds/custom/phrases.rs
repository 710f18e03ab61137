//! The prompts that have an id of their own.

use crate::{
    constraints::wording::{
        pattern::Pattern,
        phrase::{Found, Hit},
        rule::Rule,
        sketch::Document,
    },
    says,
};

pub const RULES: &[Rule] = &[
    Rule {
        cues: &["multiple", "divi", "seven", "7", "go", "table", "time"],
        about: r"\b(?:multiples?|divisible|divided|divides?|times table|(?:goes?|going) (?:[a-z]+ )?into|leave no remainder)\b",
        parts: &[
            r"\b(?:count|counting|from|between|range|numbers?|up to|through)\b",
            r"{n}[^.!?\n]*",
            r"\b(?:only|just|but|skip|omit|leave out|leaving out|print|output|list|show|say|give|write|nothing else|drop|exclude|name)\b",
        ],
        unless: r"\b(?:function|code|script|program|python|prove|why)\b",
        beside: 1,
        rank: 80,
        read: |hit| {
            let hit = hit.claim_between();
            let mut seven = false;
            let (mut ten, mut fifty) = (false, false);
            for quantity in hit.amounts() {
                seven |= quantity.lo == Some(7);
                ten |= quantity.lo == Some(10);
                fifty |= quantity.hi == Some(50);
            }
            if seven && ten && fifty {
                hit.emit("custom:multiples", Default::default());
            }
        },
    },
    Rule {
        cues: &["multiple", "mcq", "quiz"],
        about: r"\b(?:multiple choice|mcqs?)\b",
        parts: &[
            r"{n} (?:[a-z]+ ){0,3}?(?:multiple choice|mcqs?|questions?|quiz questions)\b",
            r"{n}{post} (?:[a-z]+ ){0,3}?(?:options?|choices|answers?|alternatives|possible answers)\b|\b(?:options?|choices|alternatives|answers)\b{v}{n}",
        ],
        unless: "",
        beside: 2,
        rank: 80,
        read: |hit| {
            let mut amounts = hit.amounts().filter_map(|quantity| quantity.exact());
            let (four, five) = (amounts.next() == Some(4), amounts.any(|count| count == 5));
            if four && five {
                hit.emit("custom:mcq_count_length", Default::default());
            }
        },
    },
    Rule {
        cues: &["africa"],
        about: r"\bafrican?\b",
        parts: &[
            r"\b(?:countr(?:y|ies)|nations?|states)\b",
            r"\b(?:revers[a-z]*|backwards?|z to a|z a|descending|from z|z first|last to first|starting (?:with|from|at) z)\b",
        ],
        unless: "",
        beside: 1,
        rank: 80,
        read: |hit| hit.emit("custom:reverse_newline", Default::default()),
    },
    Rule {
        cues: &["revers", "backward", "back", "last", "flip", "mirror"],
        about: BACKWARDS,
        parts: &[r"\bwords?\b", r"\b(?:sentence|answer|reply|response)\b"],
        unless: r"\b(?:letters?|characters?|spell|spelled|spelt|alphabetical)\b|\bthe reverse (?:of|side)\b",
        beside: 1,
        rank: 80,
        read: |hit| {
            if about_the_eagle(hit) {
                hit.claim_between()
                    .emit("custom:word_reverse", Default::default());
            }
        },
    },
    Rule {
        cues: &["revers", "backward", "back", "last", "flip", "mirror", "final"],
        about: BACKWARDS,
        parts: &[
            r"\b(?:letters?|characters?|spell|spells|spelled|spelt|spelling)\b",
            r"\b(?:sentence|answer|reply|response)\b",
        ],
        unless: r"\balphabetical",
        beside: 1,
        rank: 81,
        read: |hit| {
            if about_the_eagle(hit) {
                hit.claim_between()
                    .emit("custom:character_reverse", Default::default());
            }
        },
    },
    Rule {
        cues: &["alphabet", "letter", "z"],
        about: r"\balphabet\b|\b(?:a to z|a z|to z|at z|until z|till z|through z|by z|reach z)\b|\bletters? in order\b|\bone sentence (?:per|for each|for every) letter\b|\beach letter\b",
        parts: &[
            r"{n}{post} (?:[a-z]+ )?(?:sentences?|sentence long|of them)\b|\bsentences?: ?{n}|{n} in (?:all|total)|\x04 sentence\b|\b(?:per|each|every) letter",
            r"\bsentences?\b",
            r"\b(?:begin|begins|beginning|start|starts|starting|open|opens|opening|first|initial)\b|\x04 word",
        ],
        unless: r"\bnext word\b|\b(?:each|every) word\b",
        beside: 2,
        rank: 82,
        read: |hit| {
            let all = hit.amounts().any(|quantity| quantity.exact() == Some(26))
                || hit
                    .earlier_amount("sentences?")
                    .is_some_and(|quantity| quantity.exact() == Some(26))
                || says!(
                    hit.text(),
                    r"\b(?:per|each|every) letter\b{x}\balphabet|\ba\b[^\n]*\bz\b[^\n]*|\balphabet[^\n]*\b(?:per|each|every) letter\b"
                );
            if all {
                hit.claim_between()
                    .emit("custom:sentence_alphabet", Default::default());
            }
        },
    },
    Rule {
        cues: &["csv", "comma", "tab", "delimit", "column"],
        about: r"\b(?:csv|tsv|comma (?:separated|delimited)|tab (?:separated|delimited))\b",
        parts: &[],
        unless: "",
        beside: 0,
        rank: 85,
        read: table_of_data,
    },
    Rule {
        cues: &["napoleon"],
        about: r"\bnapoleon[a-z]*\b(?:'s)?",
        parts: &[
            r"\b(?:battles?|fought|campaigns?|engagements?)\b",
            r"\b(?:dates?|day|days|when|yyyy)\b",
            r"\byyyy\b|\biso(?: \x01| format)?\b|\byear,? (?:then )?month",
        ],
        unless: "",
        beside: 2,
        rank: 82,
        read: |hit| {
            hit.claim_between()
                .emit("custom:date_format_list", Default::default());
        },
    },
];

/// Capitals by their latitude, which may be asked for in a plain question: read from the prompt as it stands.
pub fn capitals(document: &Document, out: &mut Vec<Found>) {
    let prompt = document.lexed.prompt;
    if !says!(prompt, r"(?i)\b(?:latitude|parallel|degrees)|°") {
        return;
    }
    static CAPITALS: Pattern = Pattern::new(
        r"(?is)\b(?:capitals|capital cities)\b.{0,160}?(?:latitude|parallel|degrees|°)|(?:latitude|parallel|degrees|°).{0,160}?\b(?:capitals|capital cities)\b",
    );
    let is_asked = says!(prompt, r"(?i)\beurope")
        && says!(
            prompt,
            r"(?i)\b4[56] ?(?:th\b|°|deg|[n]\b|$)|\bforty[ -]five|\b4[56]\b"
        );
    if let Some(place) = CAPITALS.find(prompt).filter(|_| is_asked) {
        out.push(Found {
            id: "custom:european_capitals_sort",
            kwargs: Default::default(),
            span: place.range(),
            rank: 82,
            numbered: true,
            claims: Vec::new(),
            source: (u32::MAX, 1),
        });
    }
}

/// What an id says already is not asked for beside it: the number of its sentences, the word its questions begin with.
pub fn assemble(_document: &Document, found: &mut Vec<Found>) {
    let has = |found: &[Found], id: &str| found.iter().any(|other| other.id == id);
    if has(found, "custom:sentence_alphabet") {
        found.retain(|other| {
            other.id != "raif:exact_sentences" || other.kwargs.get("num_sentences") != Some(&26.into())
        });
    }
    if has(found, "custom:mcq_count_length") {
        found.retain(|other| {
            let phrase = other.kwargs.get("phrase").and_then(|phrase| phrase.as_str());
            other.id != "raif:starts_with" || !phrase.is_some_and(|phrase| phrase.starts_with("Question"))
        });
    }
}

const BACKWARDS: &str = r"\b(?:revers(?:e|ed|ing|al)|back to front|backwards?|flipped|mirrored|in mirror|last word (?:comes |goes |stands )?(?:first|\x04)|from (?:the |its )?(?:last|final|end)\b{w}\bto (?:the |its )?(?:first|\x04|start|beginning)|last to first|(?:opposite|inverse|inverted) order|the other way round|last one (?:first|\x04))|\x04 to \x04";

/// What these ids check is the national animal of the United States.
fn about_the_eagle(hit: &Hit) -> bool {
    let prompt = hit.document.lexed.prompt.to_lowercase();
    [
        "eagle",
        "national animal",
        "national bird",
        "national symbol",
        "national emblem",
    ]
    .iter()
    .any(|name| prompt.contains(name))
        || prompt.contains("symbol") && prompt.contains("animal")
}

/// The data are known by their columns.
fn table_of_data(hit: &mut Hit) {
    let prompt = hit.document.lexed.prompt.to_lowercase();
    let mut letters = String::with_capacity(prompt.len());
    letters.extend(prompt.chars().filter(|c| c.is_alphanumeric()));
    let id = if letters.contains("idcountrycityyear") {
        "custom:csv_city"
    } else if letters.contains("productidcategorybrandprice") {
        "custom:csv_special_character"
    } else if letters.contains("studentidsubjectgrade") {
        "custom:csv_quotes"
    } else {
        return;
    };
    hit.emit(id, Default::default());
}
