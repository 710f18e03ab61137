//! How people state what an answer or a part of it begins or ends with.

use crate::{
    constraints::wording::{
        lists,
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &[
            "end", "finish", "conclud", "clos", "sign", "wrap", "round", "last", "final", "ending", "bottom",
            "foot", "parting",
        ],
        pattern: r"\b(?:end(?:s|ing)?|finish(?:es|ing)?|conclud(?:e|es|ing)|close|closes|closing|sign(?:s|ing|ed)? off|sign(?:ed)? (?:it|this|the (?:letter|email|note|message|card))|wrap(?:s|ping)? up|finish(?:es)? off|round off|(?:round|finish|close|sign|wrap)(?:s|ing)? (?:things|it|this) (?:off|up)|last (?:sentence|line|words?|phrase|thing|ones?)|(?:parting|closing) words?|final (?:sentence|line|words?|phrase|ones?)|say (?:goodbye|farewell)|bid (?:them |us |me )?(?:goodbye|farewell)|bow out|sign ?off|very end|end line|at the (?:very )?(?:bottom|foot)(?: of (?:it|the (?:page|letter|email|note)))?)\b(?: [\p{L}'-]+){0,9}?[:,]? {q}",
        rank: 62,
        read: end_quoted,
    },
    // `end your answer with the word Bye`
    Phrase {
        cues: &["end", "finish", "conclud", "clos"],
        pattern: r"\b(?:end|ends|ending|finish|finishes|finishing|conclude|concludes|concluding|close|closes|closing) (?:it |off |everything |(?:the |your |my )(?:whole |entire )?{ans} )?(?:off )?(?:with|by saying) (?:just |only )?(?:the word|the single word|the one word|the exact word|the last word):? ([\p{L}][\p{L}'-]*)(?:[.,;!)\n]|$| (?:and|please|alone|only|but)\b)",
        rank: 60,
        read: |hit| {
            let word = hit.group_source(1).unwrap_or_default();
            let of_part = says!(
                hit.before(),
                r"\b(?:not|never|each|every|{part}s?|words?|one)\b(?: [a-z]+){0,3} $"
            );
            if !of_part && !lists::is_common(word) {
                hit.emit("startend:end_checker", kwargs([("end_phrase", word.into())]));
            }
        },
    },
    // `use "Terms apply." as the very last thing`
    Phrase {
        cues: &["as", "for"],
        pattern: r"{q}(?: is| being| to be)? (?:as|for) (?:the|your|my|its|an?) (?:very )?(last|final|closing|parting|\x04|opening) (?:thing|lines?|words?|sentences?|bit|part|phrase)\b",
        rank: 66,
        read: |hit| {
            let of_part = says!(
                hit.after(),
                r"^ (?:of|in) (?:the |each |every |a )?(?:\x04|last|final|each|every|{part})\b"
            );
            let Some(phrase) = hit.quote().filter(|_| !of_part) else {
                return;
            };
            match (hit.group(1), hit.ordinal(0)) {
                (Some("opening"), _) | (_, Some(1)) => {
                    hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
                }
                (_, Some(_)) => {}
                _ => hit.emit("startend:end_checker", kwargs([("end_phrase", phrase.into())])),
            }
        },
    },
    // `sign off with Kind regards`
    Phrase {
        cues: &["sign"],
        pattern: r"\bsign(?:s|ed|ing)? (?:it |this |the (?:letter|e ?mail|note|message|card|text|reply|answer|post|piece|thing) )?off (?:with|as|by saying|saying)(?: a| the| just| simply)*:? ([\p{L}][^.!?\n\x01\x02;:()]{1,40})(?:[.!?\n]|$)",
        rank: 61,
        read: |hit| {
            let words = hit.group_source(1).unwrap_or_default();
            let postscript = says!(hit.text(), r"\bp ?p?s\b");
            if words.starts_with(char::is_uppercase)
                && !postscript
                && !says!(hit.text(), r",|\b(?:and|then|but)\b")
            {
                hit.emit(
                    "startend:end_checker",
                    kwargs([("end_phrase", words.trim().into())]),
                );
            }
        },
    },
    Phrase {
        cues: &[
            "end", "finish", "conclud", "clos", "sign", "last", "final", "bottom", "foot",
        ],
        pattern: r"\b(?:end(?:s|ing)?|finish(?:es|ing)?|conclud(?:e|es|ing)|close|closes|closing|sign(?:s|ing)? off|wrap up|last (?:sentence|line|words?)|final (?:sentence|line|words?)|very end|at the (?:very )?(?:bottom|foot))\b(?: (?:(?:the|your|this|my|our|his|her) [a-z]+|stands?|goes|comes|has|needs|following|response|sentence|exactly|precise|closing|entire|answer|output|should|saying|phrase|words?|letter|whole|reply|exact|email|essay|story|your|this|text|must|read|like|with|line|very|poem|the|say|of|it|be|is|on|by|to)\b)*(?:,? and (?:then )?(?:stop|nothing (?:after|else)|no more|leave it)(?: there| after that| after it)?)?(?::| exact phrase| exact line| exact words| exact sentence) ?",
        rank: 60,
        read: end_rest,
    },
    Phrase {
        cues: &[
            "begin", "start", "open", "kick", "lead", "opening", "first", "\u{4}",
        ],
        pattern: r"(?:\x04 (?:words?|line|sentence)|\b(?:begin(?:s|ning)?|start(?:s|ing)?|open(?:s|ing)?|(?:kick|start|set)(?:s|ing)? (?:things |it |this )?off|lead(?:s)? with|opening line|opening words?|first words?))\b(?: [\p{L}'-]+){0,9}?[:,]? {q}",
        rank: 61,
        read: start_quoted,
    },
    // `start with the sentence: Time is running out.`
    Phrase {
        cues: &["begin", "start", "open", "kick"],
        pattern: r"\b(?:begin|start|open|kick (?:it |things )?off)(?:s|ing)? (?:it |the [a-z]+ |your [a-z]+ )?(?:off )?(?:with|by saying)(?: (?:the|this|these|exact|following|words?|phrase|line|sentence|greeting|exactly)\b)*: ?",
        rank: 59,
        read: start_rest,
    },
    Phrase {
        cues: &["begin", "start", "open", "kick"],
        pattern: r"\b(?:begin|begins|start|starts|open|opens|kick off|kicks off) (?:it |the (?:reply|response|answer|letter|email|message|note|text) |your (?:reply|response|answer|letter|email|message) |off )?(?:with|by saying)(?: the (?:words?|phrase|greeting))?:? ([\p{L}]+(?:'[a-z]+)?(?: [\p{L}]+(?:'[a-z]+)?){0,4})",
        rank: 30,
        read: start_bare,
    },
    // `a person named "X" … should start with the name of the person`
    Phrase {
        cues: &["begin", "start", "open"],
        pattern: r"\b(?:begin|begins|start|starts|open|opens) with (?:the |their |his |her |its )(?:full )?name(?: of (?:the|this) [a-z]+)?\b",
        rank: 40,
        read: |hit| {
            static NAMED: Pattern = Pattern::new(r"\b(?:named|called|name is|known as) {q}");
            let before = &hit.document.text[..hit.range.start];
            if let Some(found) = NAMED.find_iter(before).last()
                && let Some(name) = hit.document.quoted(hit.document.token_at(found.end() - 1))
            {
                hit.emit("raif:starts_with", kwargs([("phrase", name.into())]));
            }
        },
    },
    // A first or last word without quotation marks.
    Phrase {
        cues: &["\u{4}", "last", "final", "closing"],
        pattern: r"(\x04|\b(?:last|final|closing|very last)) word(?: (?:of|in) (?:the|your|it)(?: (?:entire |whole )?[a-z]+)?)? (?:(?:must|should|has to|needs to|have to|is to|ought to|will) be|is|being|as):? (?:the word |exactly )?([\p{L}][\p{L}'-]*)(?:[.,;!\n]|$| and\b| please)",
        rank: 60,
        read: edge_word,
    },
    // The nth paragraph's first word.
    Phrase {
        cues: &["paragraph"],
        pattern: r"(?:\x04|last|final|very \x04|opening|closing|middle)(?: (?:and )?only)? paragraph\b(?: (?:should|needs?|shall|ought|must|have|will|has|can|to|is)\b)* (?:start|starts|begin|begins|open|opens|kick off|kicks off|lead|starting|beginning|opening|launch|launches|launching)(?: off| out)? (?:with|by|on)?(?: the| a)?(?: single| exact| \x04)?(?: words?| phrase| term)?:? (?:{q}|([\p{L}'-]+))",
        rank: 72,
        read: paragraph_word,
    },
    // `"Swimming" as the first word of paragraph one`, `the second one's opening word is "meanwhile"`
    Phrase {
        cues: &["word"],
        pattern: r"{q} (?:is |as |being |for |should be |must be |has to be |to be )?(?:the )?(?:very )?(?:opening|\x04|first) word (?:of|in) (?:the )?(?:(?:very )?\x04 paragraph|last paragraph|final paragraph|paragraph (?:number )?{n})|(?:\x04|\b(?:last|final|middle)) (?:one|paragraph)'?s (?:very )?(?:opening|\x04|first|starting) word (?:(?:should|must|has to|needs to|is to|ought to|will) be|is|being|:)(?: the word)? ?(?:{q}|([\p{L}'-]+))",
        rank: 73,
        read: paragraph_word,
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"\bparagraph (?:number |no\.? )?{n},?(?: (?:should|needs?|shall|must|have|will|has|can|to)\b)* (?:start|starts|begin|begins|open|opens|kick off|kicks off|starting|beginning|opening|launch|launches|launching)(?: off| out)? (?:with|by|on)?(?: the| a)?(?: single| exact)?(?: words?| phrase| term)?:? (?:{q}|([\p{L}'-]+))",
        rank: 72,
        read: paragraph_word,
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"\b(?:start|begin|open|kick off|kick)(?:s|ing)? (?:off )?(?:the )?(?:(?:very )?\x04|last|final|middle)? ?paragraph(?: (?:number )?{n})? (?:off )?with(?: the| a)?(?: words?| phrase| term)?:? (?:{q}|([\p{L}'-]+))",
        rank: 72,
        read: paragraph_word,
    },
    // `five paragraphs … kick the second one off with "Logistics"`
    Phrase {
        cues: &["start", "begin", "open", "kick"],
        pattern: r"\b(?:start|begin|open|kick) (?:off )?the (?:(?:very )?\x04|last|final|middle) (?:one|of them|of these) (?:off )?with(?: the| a)?(?: words?| phrase| term)?:? {q}|\bthe (?:(?:very )?\x04|last|final|middle)(?: one| of them| of these)? (?:should |must |has to |needs to |is to |ought to )(?:start|begin|open|kick off)(?: off)? (?:with|on)(?: the| a)?(?:(?: words?| phrase| term)?:? {q}| word ([\p{L}'-]+))|\bthe (?:(?:very )?\x04|last|final|middle) (?:one|of them|of these) (?:should |must |has to |needs to |is to )?(?:start|starts|begin|begins|open|opens|kick off|kicks off|starting|beginning|opening) (?:with|on)(?: the| a)?(?:(?: words?| phrase| term)?:? {q}| word ([\p{L}'-]+))",
        rank: 71,
        read: |hit| {
            if says!(hit.context(), r"\bparagraphs?\b")
                && !says!(
                    hit.context(),
                    r"\x01 (?:[a-z]+ )?(?:bullets?|lines?|stanzas?|verses?|items?)\b"
                )
            {
                paragraph_word(hit);
            }
        },
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"(?:\x04|\b(?:last|final|closing|opening|middle)) paragraph's (?:very )?(?:\x04|opening|first) word (?:(?:should|must|has to|needs to|is to|ought to) be|is|being|:)(?: the word)? ?(?:{q}|([\p{L}'-]+))",
        rank: 73,
        read: paragraph_word,
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"(?:\b(?:first|opening|starting)|\x04) word (?:of|in) (?:the )?(?:(?:very )?\x04|last|final|middle)? ?paragraph(?: (?:number )?{n})? ?(?:(?:should|must|is|has|needs|to|be|will)(?: be| to be)?)?:? ?(?:{q}|([\p{L}'-]+))",
        rank: 72,
        read: paragraph_word,
    },
];

/// The quotation is not what comes first or last, but what is mentioned there, or a label.
fn something_else(hit: &Hit) -> bool {
    // `end with an emoji and the word "den" is in sentence 4`
    if says!(hit.text(), r"\band (?:the )?(?:words?|phrase|name|term) {q}$")
        && says!(
            hit.after(),
            r"^ (?:is|are|must|should|has to|needs to|appears?|goes|comes|occurs)\b"
        )
    {
        return true;
    }
    // `the last line needs the word "drain"`
    if says!(
        hit.text(),
        r"\b(?:needs?|gets?|wants?|carry|carries|holds?|has) (?:to have )?(?:the )?(?:words?|phrase|term) {q}$"
    ) {
        return true;
    }
    says!(
        hit.text(),
        r"\b(?:include|includes|including|mention|mentions|mentioning|use|uses|using|called|titled|named|about|contains?|containing|describ[a-z]+|explain[a-z]*|where|who|when|if|but|add|before|after|not|never|feature|features|write|writing|instead|of a|sound|every word)\b"
    ) && !says!(
        hit.text(),
        r"\b(?:exact|following|phrase|words?|sentence|line) {q}$|: {q}$"
    ) || says!(
        hit.text(),
        r"\b(?:not|never|include|mention|contain|without|avoids?|avoiding|excluding)\b"
    ) || hit
        .quote()
        .and_then(|quote| quote.rsplit_once(' '))
        .is_some_and(|(_, number)| matches!(number, "X" | "N" | "#"))
}

pub fn end_quoted(hit: &mut Hit) {
    let of_part = something_else(hit)
        || says!(
            hit.before(),
            r"\b(?:words?|title|names?|emails?|hashtags?) (?:that |which |must |should |to |each |all )*$"
        )
        || says!(hit.before(), r"\b(?:each|every) $")
        || says!(hit.before(), r"\b(?:not|never) $")
        || says!(hit.before(), r"(?:starting|start|begin|beginning) and $")
        || says!(hit.before(), r"\b(?:why|how|what) (?:does|did|do)\b");
    let Some(phrase) = hit.quotes().last().copied() else {
        return;
    };
    if !of_part {
        hit.emit("startend:end_checker", kwargs([("end_phrase", phrase.into())]));
    }
}

/// The phrase without quotation marks: what follows, to the end of its sentence or line.
fn end_rest(hit: &mut Hit) {
    // `in title case from start to finish: …`
    let idiom = says!(hit.before(), r"\b(?:start|beginning|begin|top|front) to $");
    if idiom
        || says!(hit.text(), r"\beach\b")
        || says!(hit.after(), r"^ ?(?:{q}|\x06|$)")
        || !hit.quotes().is_empty()
    {
        return;
    }
    let Some(phrase) = hit.rest_of_sentence() else {
        return;
    };
    hit.emit("startend:end_checker", kwargs([("end_phrase", phrase.into())]));
}

fn start_quoted(hit: &mut Hit) {
    let lone = says!(hit.before(), r"\x01 sentences? (?:that |which )?$");
    if something_else(hit)
        || !lone
            && says!(
                hit.before(),
                r"\b(?:words?|section name|hashtags|emails|names|postscript|ps|pps|letter) (?:[a-z]+ ){0,4}$"
            )
        || says!(hit.before(), r"\b(?:not|never) $")
        || says!(hit.before(), r"\b(?:by) (?:start|end)ing and $")
        || says!(hit.text(), r"^\x04 word")
            && !says!(hit.text(), r"(?:response|answer|reply|text|be|is|should|must|:)")
            && !says!(hit.before(), r"\bmake (?:the|its|your) (?:very )?$")
        || hit.ordinal(0).is_some_and(|nth| nth != 1)
    {
        return;
    }
    let Some(phrase) = hit.quotes().last().copied() else {
        return;
    };
    if phrase.chars().any(char::is_alphanumeric) {
        hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
    }
}

/// The phrase without quotation marks, behind a colon: what follows, to the end of its sentence.
fn start_rest(hit: &mut Hit) {
    if says!(hit.after(), r"^ ?(?:{q}|\x06|$)")
        || says!(
            hit.before(),
            r"\b(?:each|every|all|not|never|words?|lines?|sentences?|paragraphs?) (?:[a-z]+ )?$"
        )
    {
        return;
    }
    let named = says!(
        hit.text(),
        r"\b(?:words?|phrase|line|sentence|greeting|exact|exactly)\b"
    );
    let Some(phrase) = hit.rest_of_sentence() else {
        return;
    };
    if phrase.starts_with(char::is_uppercase) && (named || phrase.split_whitespace().count() < 9) {
        hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
    }
}

/// Capitalised words after "begin with".
fn start_bare(hit: &mut Hit) {
    // `the second one should open with the word x` is said of a paragraph.
    if says!(
        hit.before(),
        r"\b(?:the (?:very )?\x04|last|final|middle)(?: one| of them| of these| paragraph)?(?: (?:should|must|has to|needs to|is to|ought to))? $"
    ) {
        return;
    }
    if says!(
        hit.before(),
        r"\b(?:each|every|paragraph|sentence|line|bullet|section|words?|not|never|to) (?:\x01 )?(?:[a-z]+ ){0,3}$"
    ) {
        return;
    }
    let Some(range) = hit.captures_range(1) else {
        return;
    };
    let document = hit.document;
    let tokens = document.token_at(range.start)..document.token_at(range.end - 1) + 1;
    let capital = |at: usize| document.lexed.tokens[at].capital;
    if !capital(tokens.start) {
        return;
    }
    let all = says!(hit.after(), r"^[.,;!\n]|^$");
    let end = match all {
        // `start with the word YES and …`
        _ if says!(hit.text(), r"\bthe word\b") => tokens.start + 1,
        true => tokens.end,
        false => tokens
            .clone()
            .find(|&at| !capital(at) && document.lexed.word(at).len() < 3)
            .unwrap_or(tokens.end),
    };
    let source = document.lexed.tokens[tokens.start].span.start..document.lexed.tokens[end - 1].span.end;
    let phrase = &document.lexed.prompt[source];
    hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
}

fn edge_word(hit: &mut Hit) {
    let (Some(which), Some(word)) = (hit.group(1), hit.group_source(2)) else {
        return;
    };
    if lists::is_common(word) || says!(hit.text(), r"\b(?:paragraph|sentence|line|stanza|verse)\b") {
        return;
    }
    match (which, hit.ordinal(0)) {
        ("\u{4}", Some(1)) => hit.emit("raif:starts_with", kwargs([("phrase", word.into())])),
        ("\u{4}", _) => {}
        _ => hit.emit("startend:end_checker", kwargs([("end_phrase", word.into())])),
    }
}

fn nth_word(hit: &Hit) -> Option<(i64, String)> {
    let word = match hit.quotes().last() {
        Some(quote) => (*quote).to_owned(),
        None => hit.last_group_source()?.to_owned(),
    };
    let nth = match (
        hit.amount(0).and_then(|quantity| quantity.exact()),
        hit.paragraph_ordinal(),
    ) {
        (Some(nth), _) => nth as i64,
        (None, Some(nth)) => nth as i64,
        _ if says!(hit.text(), r"\b(?:last|final|closing) (?:paragraph|one|of)\b") => -1,
        _ if says!(hit.text(), r"\bmiddle (?:paragraph|one|of)\b") => -2,
        _ if says!(
            hit.text(),
            r"\x04 (?:one|of|should|must|has to|needs to|is to|ought to)\b"
        ) =>
        {
            hit.ordinal(0)? as i64
        }
        _ if says!(hit.text(), r"\bopening paragraph") => 1,
        _ => return None,
    };
    Some((nth, word.trim_end_matches(['.', ',']).to_owned()))
}

/// A part of `nth_paragraph_first_word`; the number of paragraphs is stated elsewhere.
fn paragraph_word(hit: &mut Hit) {
    let Some((nth, word)) = nth_word(hit) else {
        return;
    };
    let article =
        hit.quotes().is_empty() && !says!(hit.text(), r"\b(?:words?|term)\b") && lists::is_common(&word);
    if word.contains(' ') || article {
        return;
    }
    hit.emit(
        "length_constraints:nth_paragraph_first_word",
        kwargs([("nth_paragraph", nth.into()), ("first_word", word.into())]),
    );
}
