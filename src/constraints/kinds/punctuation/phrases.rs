//! How people state rules on punctuation.

use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase},
        rule::Rule,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["comma"],
        pattern: r"\b{no}(?: [^.!?\n]*?)?\bcommas?\b(?: (?:anywhere|at all|whatsoever|allowed|please))?",
        rank: 50,
        read: no_comma,
    },
    Phrase {
        cues: &["comma"],
        pattern: r"\bcommas? (?:are|is|should be|must be|were)(?: all| strictly| totally)? (?:not (?:allowed|permitted|used|welcome|present|ok|okay|included)|banned|forbidden|prohibited|off limits|out|verboten|disallowed|avoided)|\bcommas? (?:should|must|can|may|will|shall) not (?:be used|appear|be present|be included|feature|be there)|\bcomma free\b|\bcommas?: (?:none|zero|no)\b|\b(?:leave|keep|take|strip|cut|edit) (?:all |any |the |your )?commas? out\b|\bdo without (?:any )?commas?\b|\bcommas?\b[^.!?\n]{0,30}\bthere (?:should|must|can|may) be none\b|\bcommas? (?:should |must )?(?:be )?(?:left|kept|taken) out\b",
        rank: 51,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("punctuation:no_comma", Default::default())
        },
    },
    Phrase {
        cues: &["quot", "inverted", "speech"],
        pattern: r"\b(?:wrap|wrapped|wrapping|enclose|enclosed|enclosing|put|place|placed|surround|surrounded|encase|encased|bookend|bookended|contain|contained|set|frame|framed|bracket|sandwich|sandwiched|envelop|box|start and end|start and finish|begin and end|begin and finish|open and end|starting and ending|starting and finishing|beginning and ending|open and close|give it|give the answer|give your answer|deliver|present|be|come|goes|go)\b{x}\b(?:double |straight )?(?:quotation marks?|quotations marks?|quote marks?|quotes|quote|inverted commas|speech marks)\b(?:{w}\b(?:entire|whole|complete|full|all)\b{w}\b(?:response|answer|reply|output|text|thing|email|it|[a-z]+))?",
        rank: 50,
        read: quotation,
    },
    // `a double quotation mark at both ends`, `open with a quotation mark and close with one`
    Phrase {
        cues: &["quot", "inverted", "speech", "\""],
        pattern: r"{quotemark}[^.!?\n]{0,50}?\b(?:both|either|each) (?:ends?|sides?)\b|\b(?:open|begin|start|kick off)(?:s|ing)?\b[^.!?\n\x02]{0,40}?{quotemark}[^.!?\n\x02]{0,40}?\b(?:close|end|finish|conclude|stop)(?:s|ing)?\b(?:[^.!?\n\x02]{0,30}?\b(?:one|another|same|too|as well|{quotemark}))?|{quotemark}[^.!?\n\x02]{0,40}?\b(?:first|opens?|starts?|beginning)\b[^.!?\n\x02]{0,40}?\b(?:last|end|final|close[sd]?)\b|\bthe (?:very )?(?:first|last) (?:thing|character|mark|symbol)[^.!?\n\x02]{0,40}?{quotemark}",
        rank: 53,
        read: quotation_ends,
    },
    Phrase {
        cues: &["quot", "inverted"],
        pattern: r"\b(?:respond|reply|answer|write) (?:only )?(?:in|inside|within|between) (?:straight )?double (?:quotation marks?|quotes|quote marks)\b",
        rank: 52,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
    Phrase {
        cues: &["quot", "inverted", "speech"],
        pattern: r"\b(?:use|using|with|put|stick|pop|slap|place) (?:straight |double )*(?:quotation marks?|quotes|quote marks?|inverted commas|speech marks)\b{w}\b(?:wrap|enclose|surround|encase|frame|around|round){w}\b(?:{all}|your|the) ?{w}(?:response|answer|reply|output|text|thing|lot|it)\b",
        rank: 52,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
    Phrase {
        cues: &["quot", "inverted"],
        pattern: r"\b(?:double )?(?:quotation marks?|quotes|quote marks?|inverted commas) (?:should |must |need to |have to )?(?:be |go )?(?:placed |put |wrapped )?(?:around|round|(?:at|on) (?:both|either|each) ends? of|at the (?:start|beginning) and end of){w}\b(?:{all}|your|the) ?{w}(?:response|answer|reply|output|text|thing|it)\b",
        rank: 52,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
    Phrase {
        cues: &["quot", "inverted"],
        pattern: r"\b(?:{all}|your|the|whole) (?:of )?(?:your |the )?(?:response|answer|reply|output|text|thing|lot) (?:goes |go |should be |must be |has to be )?(?:in|inside|within|between|enclosed in|wrapped in) (?:straight |double )*(?:quotation marks|quote marks|quotes|inverted commas|speech marks)",
        rank: 53,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
    Phrase {
        cues: &["quot", "inverted"],
        pattern: r"\b(?:open|begin|start|kick off)s? (?:(?:and|then) (?:close|end|finish) )?with (?:a |an |the )?(?:opening )?(?:double |straight )*(?:quotation mark|quote mark|quote character|quotation character|quote|inverted comma)\b{w}\b(?:close|end|finish)(?:es|s)? (?:it )?(?:with|on) (?:one|\x01|a|another|the same|a closing one)\b|\b(?:{all}|your|the|whole)(?: of)?(?: your| the)? (?:response|answer|reply|output|text|thing|lot|message) (?:should |must |has to |needs to |is to )?(?:sits?|goes?|lives?|belongs?|stands?|comes?) (?:in|inside|within|between) (?:a pair of )?(?:straight |double )*(?:quotation marks|quote marks|quotes|inverted commas|speech marks)",
        rank: 53,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
];

pub const RULES: &[Rule] = &[
    Rule {
        cues: &["parenthes", "bracket", "braces", "aside"],
        about: r"\b(?:parenthes[ei]s|parentheticals?|brackets?|bracketed|braces)\b",
        parts: &[
            r"{n}{post} (?:[a-z]+ ){0,2}?(?:levels?|layers?|deep|tiers?|depths?|nested|nestings?)\b|\b(?:depth|level|layer)s?:? ?(?:of |is |reaches |goes |to )?(?:at )?{n}|\x04 (?:level|layer|tier)\b|{n}{post} of (?:them|those)? ?(?:deep|inside|within)|\bnest[a-z]* {n}",
            r"\b(?:nest[a-z]*|inside|within|deep|deeper|depth|contain[a-z]*|levels?|layers?|in turn)\b",
        ],
        unless: r"\bsquare[ -]brackets?\b{w}\bplaceholder|\bplaceholder",
        beside: 1,
        rank: 60,
        read: |hit| {
            if hit.number_in(hit.part(1)).is_none_or(|depth| depth >= 5) {
                hit.emit("format:parentheses", Default::default());
            }
        },
    },
    Rule {
        cues: &["quot"],
        about: r"\bquot(?:e|es|ed|ing|ations?|ation marks?)\b",
        parts: &[
            r"{n}{post} (?:[a-z]+ ){0,2}?(?:levels?|layers?|deep|tiers?|depths?|nested)\b|\b(?:depth|level|layer)s?:? ?(?:of |is |reaches |to )?(?:at )?{n}|\x04 (?:level|layer|tier)\b|\bnest[a-z]* {n}",
            r"\b(?:nest[a-z]*|inside|within|contain(?:s|ing)?|holding|one another|each other|of quot[a-z]*|in turn|alternat[a-z]*|switch|swap)\b",
        ],
        unless: "",
        beside: 1,
        rank: 70,
        read: |hit| hit.emit("format:quotes", Default::default()),
    },
    // What a quotation says is explained behind it.
    Rule {
        cues: &["quot"],
        about: r"\b(?:quot(?:e|es|ed|ing|ations?)|(?:quote|quotation|speech) marks?|cites?|cited)\b",
        parts: &[
            r"\b(?:every|each|any|all|whenever|always|whatever|no|never|wherever|without|once|when)\b",
            r"\b(?:follow(?:ed|s|ing)?|after|afterwards|afterward|then|next|behind|immediately|straight|directly|come(?:s)?|before moving on|hanging|alone|by itself|unexplained|without)\b",
            r"\b(?:explanations?|explain(?:s|ed|ing)?|commentary|comments?|gloss(?:es|ed)?|interpret[a-z]*|your own words|what (?:they|it|that|this) (?:is|are|means?|tell|tells|say|says)|unpack(?:s|ed)?|clarif[a-z]*|paraphras[a-z]*|remark|analysis|elaborat[a-z]*|say what)\b",
        ],
        unless: r"\b(?:no|never use|avoid|not use|not include) (?:any |direct |using )*quot(?:es|ations?)\b|\bquoted? (?:me|us|him|her|them) (?:an?|the)\b",
        beside: 1,
        rank: 60,
        read: |hit| hit.emit("format:quote_unquote", Default::default()),
    },
    // Every mark there is, the interrobang among them.
    Rule {
        cues: &["punctuation", "interrobang"],
        about: r"\b(?:punctuation|interrobangs?)\b",
        parts: &[
            r"\b(?:all|every|each|full|whole|complete|entire|range|gamut|none|no|once|one of|both)\b|{n}",
            r"\binterrobang|\b(?:standard|marks?|set|sign)\b|[,;:!?.][ ,]*[;:!?][ ,]*[;:!?]",
            r"\b(?:interrobang|at least|set|range|family|gamut|box|once|missing|absent|left out|appear|use[sd]?|show|turn up|include[sd]?|feature[sd]?)\b|{n}|[,;:][ ,]*[;:!?]",
        ],
        unless: r"\b(?:no|without|avoid|zero|never use|not use|drop|skip|remove)(?: any| all)? punctuation|\bpunctuation (?:is|are) (?:legit|correct|right)",
        beside: 2,
        rank: 60,
        read: |hit| {
            let whole = says!(
                hit.text(),
                r"\binterrobang|\b(?:full|whole|entire|complete) (?:set|range|family|gamut|box)|\b(?:every|each|all)\b{w}\bpunctuation"
            );
            if whole {
                hit.emit("count:punctuation", Default::default());
            }
        },
    },
];

fn no_comma(hit: &mut Hit) {
    // `not one comma`, `I do not want to see one comma`; `no more than one comma` is a number's.
    let not_one = says!(
        hit.text(),
        r"^(?:not|never|nor|without|neither)\b[^\x01]*\x01 comma\b"
    );
    let some = (0..4).filter_map(|nth| hit.amount(nth)).any(|quantity| {
        quantity.hi.is_none_or(|hi| hi > 0)
            && says!(hit.text(), r"\x01 commas?\b")
            && !(not_one && !quantity.related && quantity.exact() == Some(1))
    });
    let other = says!(
        hit.text(),
        r"\b(?:separat|delimit|forget|except|instead of|(?:oxford|serial|inverted) commas?)"
    ) || says!(
        hit.after(),
        r"^ (?:separated|delimited|splices?|usage|rule|or (?:semicolons )?(?:twice))"
    );
    if !some && !other {
        hit.claim_no_numbers()
            .emit("punctuation:no_comma", Default::default());
    }
}

fn quotation(hit: &mut Hit) {
    let of_part = says!(
        hit.text(),
        r"\b(?:title|name|headline|heading|each|every|keyword|term|dialogue|word|phrase|quotes within|within quotes|speech|any|not|without|single quot|avoid)\b"
    );
    let whole = says!(
        hit.text(),
        r"\b(?:{all}|response|answer|reply|output|everything|it|double|be|whole|the lot|start|begin|open)\b"
    );
    let of_each = says!(
        hit.before(),
        r"\b(?:each|every|all|any|both|the) (?:single )?(?:(?:of the )?[a-z]+ ){0,2}?(?:fields?|cells?|names?|words?|values?|columns?|titles?|items?|entries|lines?|keywords?|terms?)(?: (?:is|are|must be|should be|to be))? $"
    );
    let of_one = says!(
        hit.before(),
        r"(?:\x01|\b(?:a|one|single)) (?:field|cell|value|column)s?\b[^.!?]*$"
    );
    if whole
        && !of_each
        && !of_one
        && (!of_part || says!(hit.text(), r"\b(?:entire|whole|complete|full)\b"))
        && !says!(hit.before(), r"\b(?:not|never|without|avoid) $")
    {
        hit.claim_no_numbers()
            .emit("startend:quotation", Default::default());
    }
}

/// A mark at the beginning and one at the end, of the answer as a whole.
fn quotation_ends(hit: &mut Hit) {
    let of_part = says!(
        hit.sentence(),
        r"\b(?:each|every|any) (?:of the )?(?:[a-z]+ )?(?:title|name|line|sentence|word|item|quote|quotation|bullet|paragraph|keyword|term|field|cell|value)\b|\b(?:dialogue|title|headline)\b"
    );
    if !of_part && !says!(hit.before(), r"\b(?:not|never|without|avoid)\b") {
        hit.claim_no_numbers()
            .emit("startend:quotation", Default::default());
    }
}
