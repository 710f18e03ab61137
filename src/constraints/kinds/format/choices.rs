//! How people state what an answer may be chosen from.

use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &[
            "option", "either", "answer", "reply", "respond", "choose", "pick", "select", "output",
        ],
        pattern: r"\b(?:answer|reply|respond|choose|pick|select|response|output)\b(?: (?:choosing|exactly|should|using|with|only|just|must|your|the|by|be)\b)* {n} of(?: the| these)?(?: following)?(?: (?:options?|choices|words|answers|labels|values|responses))?(?: below)?: ?",
        rank: 64,
        read: options,
    },
    // `your reply must be one of these: …`, `reply with only one of these: …`, `one of these and nothing more: …`
    Phrase {
        cues: &[
            "answer", "reply", "respond", "response", "output", "choose", "pick", "select", "verdict",
        ],
        pattern: r"\b(?:answers?|reply|respond|response|output|choose|pick|select|verdict)\b(?: (?:must|should|has to|have to|needs to|can|may|is to|with|just|only|be|from|the|contain|consist of|nothing but|strictly|simply)\b)* {n} of(?: the| these)?(?: following)?(?: (?:options?|choices|words|answers|labels|values|responses|categories|terms|tags|ones))?(?: below)?,?(?:(?: and)? (?:nothing (?:else|more|but that|besides)|no (?:others?|more|other words?|extra words?)|only that|(?:that is|that's) (?:it|all))(?: (?:at all|please|besides))*)?: ?",
        rank: 65,
        read: only_one_of,
    },
    // `one label only, out of: billing, bug, feature request`
    Phrase {
        cues: &["label", "categor", "option", "word", "answer", "tag"],
        pattern: r"(?:{n}|\ba single|\bjust the) (?:labels?|categor(?:y|ies)|options?|words?|answers?|tags?)(?: only| alone)?,? (?:out of|from|of|chosen from|taken from)(?: the| these| this)?(?: following)?(?: (?:set|list|labels|options|categories))?(?::| -) ?",
        rank: 63,
        read: |hit| {
            if hit.amount(0).is_some_and(|quantity| quantity.exact() != Some(1)) {
                return;
            }
            let Some(rest) = hit.rest_of_sentence() else {
                return;
            };
            let options = listed(rest);
            if options.len() > 1 {
                hit.claim_no_numbers()
                    .emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    // `answer only with Positive, Negative or Neutral`
    Phrase {
        cues: &["answer", "reply", "respond", "say", "choose", "pick", "return"],
        pattern: r"\b(?:answer|reply|respond|say|choose|pick|return)\b(?: me)?(?: (?:only|just|simply|with|by saying|either|from|using|the words?)\b)*:? ((?:[a-z]+, )*[a-z]+,? or [a-z]+|(?:[a-z]+, ){2,}(?:and )?[a-z]+)(?: only)?(?:[.!\n]|$)",
        rank: 58,
        read: |hit| {
            if says!(hit.text(), r"\b(?:only|just|simply|either)\b")
                && !says!(
                    hit.text(),
                    r"\b(?:in|without|about|your|the|a|an|no|please|words|sentences|json)\b(?: or|,|$)"
                )
            {
                one_of_words(hit);
            }
        },
    },
    // `say positive/negative/neutral`
    Phrase {
        cues: &[
            "\u{1}", "answer", "say", "reply", "respond", "choose", "pick", "select", "output", "one",
            "return",
        ],
        pattern: r"(?:\b(?:answer|say|reply|respond|choose|pick|select|output|return|write)\b|\x01 of\b)(?: (?:with|only|just|exactly|either|one|of|from|\x01)\b)*:? ([a-z]+(?:/[a-z]+){2,})",
        rank: 65,
        read: |hit| {
            if let Some(options) = hit.last_group_source() {
                hit.emit("format:options", kwargs([("options", options.into())]));
            }
        },
    },
    Phrase {
        cues: &["yes", "true", "no", "false"],
        pattern: r"\b((?:yes|no|true|false)(?:(?:,| or|, or|/|,? and) ?(?:yes|no|maybe|true|false|unsure|unknown))+)(?: answers?)?(?:,| -| and)? (?:only|nothing else|nothing more|no other words?|no explanation|(?:that is|that's) (?:all|it|enough|everything)|is (?:all|enough|fine|plenty|sufficient)|(?:will|would) (?:do|suffice)|suffices)\b|\b(?:only|just|simply|strictly)\b(?: (?:respond|answer|reply|either|with|say|use|the|words?|a|one|of|by|saying)\b)*:? ((?:yes|no|true|false)(?:(?:,| or|, or|/) ?(?:yes|no|maybe|true|false|unsure|unknown))+)\b",
        rank: 60,
        read: one_of_words,
    },
    Phrase {
        cues: &["yes", "true"],
        pattern: r"\b(?:answer|reply|respond|say)(?: (?:me|with|in|an?|either|simply|simple|by saying)\b)* ((?:yes|true)(?: or |/| / )(?:no|false)(?:(?:,| or|, or|/) ?(?:maybe|unsure|unknown))?)\b|(?:^|[.?!,:;(\n\x06-] ?)(?:a |simple |answer: |straight )*((?:yes|true)(?: or |/| / )(?:no|false))(?: answer| question)?(?: please| pls| thanks)?(?:[.?!:)\n]|$)",
        rank: 59,
        read: |hit| {
            // `yes or no, and why` asks for more than that.
            if !says!(
                hit.after(),
                r"^,? ?(?:and|then|with|plus|followed by|but)\b{x}\b(?:why|explain|reason|because|justify|elaborate|sentence|detail|say|tell|give|add|how)"
            ) {
                one_of_words(hit);
            }
        },
    },
    Phrase {
        cues: &["only", "just", "simply", "nothing"],
        pattern: r"\b(?:reply|respond|answer|say|output|return|write|print)(?: back)? (?:(?:only|just|simply|nothing (?:but|except|besides|other than)|exactly|with|the|words?)\b ?)+{q}|\b(?:only|just|simply) (?:reply|respond|answer|say|output|return|write|print)(?: with)?(?: the words?)? {q}",
        rank: 58,
        read: |hit| {
            let only = says!(
                hit.text(),
                r"\b(?:only|just|simply|nothing (?:but|except|besides|other than))\b"
            );
            let more = says!(hit.after(), r"^ ?(?:{n}|if|when|or|and|,|once|for|to|in|at)");
            if let Some(quote) = hit.quote().filter(|_| only && !more) {
                hit.emit("raif:one_of", kwargs([("options", vec![quote].into())]));
            }
        },
    },
    // `only reply with the word DONE`
    Phrase {
        cues: &["only", "just", "simply", "nothing"],
        pattern: r"\b(?:(?:only|just|simply) (?:reply|respond|answer|say|output|return|write|print)(?: back)?(?: with)?|(?:reply|respond|answer|say|output|return|write|print)(?: back)?(?: with)? (?:only|just|simply|nothing (?:but|except|besides|other than)))(?: the)?(?: single)?(?: words?)? ([a-z]{2,12})(?:[.!\n]|$| when| once| if| and nothing| after)",
        rank: 57,
        read: |hit| {
            // Capitals tell the word from the words around it.
            if let Some(word) = hit
                .group_source(1)
                .filter(|word| word.len() > 2 && word.chars().all(char::is_uppercase))
                && !matches!(word, "JSON" | "YAML" | "XML" | "CSV" | "HTML" | "SQL")
            {
                hit.emit("raif:one_of", kwargs([("options", vec![word].into())]));
            }
        },
    },
    Phrase {
        cues: &[
            "only", "just", "either", "answer", "reply", "respond", "choose", "pick", "classif", "label",
        ],
        pattern: r"{q}(?:(?:,| or|, or|/) ?{q})+,?(?: and)? (?:only|nothing else|and nothing else)\b|\b(?:answer|reply|respond|say|return|output|write|choose|pick|classify|label)\b{v}\b(?:only|just|either|simply|exactly|\x01 of)\b{v}{q}(?:(?:,| or|, or|/| and|, and) ?{q})+|\b(?:only|just|simply) (?:answer|reply|respond|say|return|output|write)\b{v}{q}(?:(?:,| or|, or|/) ?{q})+|\b(?:answer|reply|respond)(?: with| by saying| by)? {q}(?:(?:,| or|, or|/) ?{q})*(?:,? or|/) ?{q}(?:[.;:)\n]|$)",
        rank: 63,
        read: one_of_quotes,
    },
    Phrase {
        cues: &["option", "label", "categor", "choice", "class"],
        pattern: r"\b(?:options|labels|categories|choices|classes)(?: are)?: ?",
        rank: 61,
        read: |hit| {
            let chosen = says!(
                hit.context(),
                r"\b(?:classify|categori[sz]e|label|choose|pick|select|tag|assign|sort)\b|\b(?:option|label|category|choice) only\b|\bonly the (?:option|label|category|choice)\b"
            );
            let options = hit.list();
            if chosen && options.len() > 1 {
                hit.emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    Phrase {
        cues: &["classif", "label", "as", "choose", "pick", "select"],
        pattern: r"\b(?:classify|label|categori[sz]e|tag|rate|mark)\b{v}\bas (?:either )?(?:{n} of)?(?: the following| these)?(?: (?:labels?|categories|classes|values|words))?: ?",
        rank: 62,
        read: |hit| {
            let options = hit.list();
            if options.len() > 1 {
                hit.emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    Phrase {
        cues: &[
            "classif", "label", "as", "choose", "pick", "rate", "say", "tell", "is", "either", "answer",
            "reply",
        ],
        pattern: r"\b(?:as|whether it is|if it is|is it|either) ((?:[a-z]+, )*[a-z]+,? or [a-z]+)\b[^.!?\n]{0,40}(?:{n} word\b|\bsingle word|{n} of (?:these|those|the)(?: words| labels| three| two)?(?: only)?|\bjust the (?:label|word)|\bonly the (?:label|word)|\bnothing else|\b(?:label|word) only)\b",
        rank: 62,
        read: |hit| {
            if hit.amount(0).is_none_or(|quantity| quantity.exact() == Some(1)) {
                one_of_words(hit);
            }
        },
    },
];

fn options(hit: &mut Hit) {
    if hit.amount(0).and_then(|quantity| quantity.exact()) != Some(1) {
        return;
    }
    let Some(rest) = hit.rest_of_sentence() else {
        return;
    };
    if rest.to_lowercase().contains("my answer is") {
        return;
    }
    let quotes = hit.list();
    let text = match quotes.len() {
        0 | 1 => rest.trim_end_matches('.').to_owned(),
        _ if rest.starts_with(['"', '“', '\'']) => quotes.join("/"),
        _ => rest.trim_end_matches('.').to_owned(),
    };
    if !text.is_empty() {
        hit.emit("format:options", kwargs([("options", text.into())]));
    }
}

/// A list of which the answer is one and nothing more. Where options are only offered, they are [`options`].
fn only_one_of(hit: &mut Hit) {
    let alone = says!(
        &hit.spelling().to_lowercase(),
        r"\b(?:only|just|nothing|strictly|simply|no others?|no more|no extra|that's (?:it|all))\b"
    );
    let is_answer = says!(
        hit.text(),
        r"\b(?:must|should|has to|have to|needs to|is to) be\b"
    );
    if hit.amount(0).and_then(|quantity| quantity.exact()) != Some(1)
        || !alone && (!is_answer || says!(hit.text(), r"\b(?:options?|choices)\b"))
    {
        return;
    }
    let Some(rest) = hit.rest_of_sentence() else {
        return;
    };
    let options = listed(rest);
    if options.len() > 1 && !options[0].to_lowercase().starts_with("my answer is") {
        hit.emit("raif:one_of", kwargs([("options", options.into())]));
    }
}

/// Short items between marks, without their quotation marks.
fn listed(text: &str) -> Vec<&str> {
    let options: Vec<&str> = text
        .trim_end_matches(['.', '!'])
        .split([',', ';', '/'])
        .flat_map(|option| option.split(" or "))
        .map(|option| {
            option
                .trim()
                .trim_start_matches("or ")
                .trim_matches(['"', '“', '”', '\''])
        })
        .filter(|option| !option.is_empty())
        .collect();
    let are_short = options.iter().all(|option| option.split_whitespace().count() < 5);
    if are_short { options } else { Vec::new() }
}

/// `yes or no only`.
fn one_of_words(hit: &mut Hit) {
    let Some(words) = hit.last_group() else { return };
    let options: Vec<&str> = words
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !matches!(*word, "" | "or" | "and"))
        .collect();
    hit.emit("raif:one_of", kwargs([("options", options.into())]));
}

/// `reply with only "high", "medium" or "low"`.
fn one_of_quotes(hit: &mut Hit) {
    let options = hit.list_at_quote();
    let published = options
        .iter()
        .any(|option| option.to_lowercase().starts_with("my answer is"));
    if options.len() > 1 && !published {
        hit.emit("raif:one_of", kwargs([("options", options.into())]));
    }
}
