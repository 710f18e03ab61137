//! How people state what must be in the answer.

use crate::{
    constraints::wording::{
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["placeholder", "bracket"],
        pattern: r"{n} (?:[a-z']+ ){0,3}?placeholders?\b(?:{w}square[ -]brackets?(?:,? (?:such as|like) \[\])?)?|{n} (?:[a-z]+ ){0,2}?(?:square[ -])?bracketed (?:[a-z]+ )?(?:placeholders?|blanks?|fields?|gaps?|slots?)|{n} (?:blanks?|fields?|gaps?|slots?|variables?){w}square[ -]brackets?",
        rank: 60,
        read: placeholders,
    },
    Phrase {
        cues: &["placeholder", "bracket"],
        pattern: r"\b(?:placeholders?|(?:square[ -])?bracket(?:ed)? (?:blanks?|fields?|gaps?|slots?))\b[^.!?\n]*?{n}",
        rank: 50,
        read: placeholders,
    },
    // `gaps in square brackets, ten of them or more`, `five fill-in fields written like [this]`
    Phrase {
        cues: &[
            "bracket", "them", "those", "these", "blank", "field", "gap", "slot",
        ],
        pattern: r"(?:square[ -]brackets?|brackets|\[\])[^!?\n]{0,120}?{n}(?: \x03)? of (?:them|those|these)\b|{n} (?:[a-z]+ ){0,3}?(?:fields?|blanks?|gaps?|slots?|spots?|spaces?)\b[^.!?\n]{0,40}?(?:\[\]|square[ -]brackets?)",
        rank: 59,
        read: placeholders,
    },
    Phrase {
        cues: &["placeholder"],
        pattern: r"\b(?:use|include|add|with|leave|contain|insert|have|put)\b{w}\bplaceholders?\b{w}(?:square[ -]brackets?|,? (?:such as|like) \[\])",
        rank: 30,
        read: |hit| {
            if hit.amount(0).is_none() && !says!(hit.text(), r"\b(?:no|not|without)\b") {
                hit.emit(
                    "detectable_content:number_placeholders",
                    kwargs([("num_placeholders", 1.into())]),
                );
            }
        },
    },
    // `Leave [NAME] and [ADDRESS] as placeholders.`
    Phrase {
        cues: &["placeholder", "blank"],
        pattern: r"\[\](?:(?:,| and|, and|/| or) ?\[\])* (?:as|for) (?:the )?(?:placeholders?|blanks?|gaps?)\b",
        rank: 45,
        read: |hit| {
            let count = hit.text().matches("[]").count();
            hit.emit(
                "detectable_content:number_placeholders",
                kwargs([("num_placeholders", count.into())]),
            );
        },
    },
    Phrase {
        cues: &["ps", "pps", "post", "p"],
        pattern: r"(?:\b(?:add|include|with|end|finish|put|have|pop|tack|tack on|append|leave|write|contain|close|conclude|a|and|give|start|starting|also|explicitly|please|your response|sign off|stick|slap|throw in|use|need|needs|want|containing|ending|including|has|insert)\b(?: (?:explicitly|response|answer|letter|please|adding|email|short|brief|your|with|also|the|off|and|end|it|an|on|in|at|of|by|a)\b)* )?(?:\bpost[ -]?scripts?\b(?:{w}\b(?:pps|ps)\b)?|\bpps\b|\bps\b)(?: (?:at the (?:bottom|end|very end)(?: of (?:the|your) [a-z]+)?|right at the (?:bottom|end)|for the [a-z]+))?",
        rank: 58,
        read: postscript,
    },
    Phrase {
        cues: &["my", "answer"],
        pattern: r"(?:[^.!?\n:]*[:\n] ?[(•]? ?)?\bmy answer is yes\b(?:[\s.,/;()•'\x22]|\bor\b|\band\b|\bmy answer is (?:no|maybe)\b)*",
        rank: 80,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("detectable_format:constrained_response", Default::default())
        },
    },
    Phrase {
        cues: &[
            "choose",
            "answer",
            "one",
            "phrase",
            "say",
            "pick",
            "contain",
            "use",
            "reply",
            "respond",
            "option",
            "following",
            "select",
            "either",
        ],
        pattern: r"[^.!?\n]*{q}",
        rank: 90,
        read: constrained,
    },
    // The published three phrases, however they are asked for.
    Phrase {
        cues: &[],
        pattern: r"{q}(?:[^.!?\n\x02]{0,12}{q}){2}",
        rank: 90,
        read: constrained,
    },
    Phrase {
        cues: &["hashtag"],
        pattern: r"{n} (?:[a-z]+ ){0,2}?(?:hashtags?|hash tags?)\b|\bhashtags?: ?{n}",
        rank: 50,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned() {
                hit.emit_counted("raif:hashtags", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["hashtag"],
        pattern: r"\b(?:no|without|skip|avoid|not|never|zero)\b(?: (?:include|using|use|any|more|further|the|add)\b)* hash ?tags?(?: at all)?|\bnot\b[^.!?;\n]{0,60}?\b(?:or|nor) (?:use|include|add|have|put in) (?:any )?hash ?tags?\b|\bhash ?tag free\b|\bhash ?tags are (?:banned|forbidden|not allowed|off limits|out)\b",
        rank: 51,
        read: |hit| hit.emit("raif:hashtags", kwargs([("forbidden", true.into())])),
    },
    // `no emojis if it is sad; if it is happy, use exactly two`
    Phrase {
        cues: &["emoji", "hashtag"],
        pattern: r"\b(?:use|add|include|have|put|want|allow|need|with) {n}(?: of (?:them|those))?(?:[.,;!)\n]|$)",
        rank: 41,
        read: |hit| {
            static NAMED: Pattern = Pattern::new(r"\b(emoji|hash ?tag)s?\b[^.!?\n\x01\x02]{0,80}$");
            if let Some(named) = NAMED.captures(hit.before())
                && let Some(quantity) = hit.amount(0).cloned().filter(|quantity| !quantity.approximate)
            {
                let id = match &named[1] {
                    "emoji" => "raif:emoji",
                    _ => "raif:hashtags",
                };
                hit.emit_counted(id, "num", &quantity);
            }
        },
    },
    // `Emojis are fine, but two at most.`
    Phrase {
        cues: &["emoji"],
        pattern: r"\bemojis?\b[^.!?\n\x01\x02]{0,40}{n}(?: \x03| of them| at (?:the )?most| max| tops)?(?:[.,;!)\n]|$)",
        rank: 48,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned()
                && (quantity.related || says!(hit.text(), r"^emojis?:? \x01| of them"))
                && !says!(hit.text(), r"\b(?:and|words?|sentences?|lines?|page)\b")
            {
                hit.emit_counted("raif:emoji", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["emoji", "emoticon"],
        pattern: r"{n} (?:[a-z]+ ){0,2}?(?:emojis?|emoticons?)\b",
        rank: 50,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned() {
                let small = quantity.clone();
                match small.exact() {
                    Some(0) => hit.emit("raif:emoji", kwargs([("forbidden", true.into())])),
                    Some(_) | None => match quantity.exact() {
                        Some(value) => hit.emit(
                            "raif:emoji",
                            kwargs([("num", value.into()), ("relation", "exactly".into())]),
                        ),
                        None => {
                            hit.emit_bounds("raif:emoji", "num", "relation", &quantity, &Default::default())
                        }
                    },
                }
            }
        },
    },
    Phrase {
        cues: &["emoji", "emoticon"],
        pattern: r"\b(?:no|without|skip|avoid|not|never|zero|free of|leave out|lose|refrain|drop)\b(?: (?:exclamation|hashtags|markdown|more|further|ever|even|room for|need for|place for|call for|include|single|using|marks|from|have|use|any|the|add|put|in|or|a)\b)* (?:emojis?|emoticons?)(?: (?:at all|please|whatsoever|anywhere))?|\bnot\b[^.!?;\n]{0,60}?\b(?:or|nor) (?:use|include|add|have|put in) (?:any )?emojis?\b|\bemoji free\b|\bemojis? (?:are|is) (?:banned|forbidden|not (?:allowed|ok|okay|welcome)|off limits|out)\b|\bemojis?: (?:none|no|zero)\b",
        rank: 51,
        read: |hit| hit.emit("raif:emoji", kwargs([("forbidden", true.into())])),
    },
    Phrase {
        cues: &["emoji"],
        pattern: r"\b(?:add|include|use|with|put|end with|append|insert|slip in|pop in)(?: in)? an? (?:[^\s.!?]+ ){0,2}?emoji\b|\b(?:include|use|add|with) (?:some |a few |plenty of |lots of )?emojis\b",
        rank: 40,
        read: |hit| {
            if !says!(
                hit.before(),
                r"\b(?:not|never|without|no)(?: ever| even| please)* $"
            ) {
                hit.emit(
                    "raif:emoji",
                    kwargs([("num", 1.into()), ("relation", "at least".into())]),
                );
            }
        },
    },
];

pub fn placeholders(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if says!(
        hit.text(),
        r"^\x01 (?:[a-z']+ )*(?:sentences?|words?|paragraphs?|bullets?|and)\b"
    ) || says!(hit.text(), r"\b(?:of|contain|with|and|least) $")
    {
        return;
    }
    if says!(
        hit.text(),
        r"^(?:placeholders?|[a-z ]*bracket)[^\x01]*\b(?:and|bullet)\b[^\x01]*\x01"
    ) && !says!(hit.text(), r"\x01(?: \x03)? of (?:them|those|these)$")
        || says!(
            hit.after(),
            r"^ (?:bullet|sentence|word|paragraph|section|time|highlight)"
        )
    {
        return;
    }
    if let Some(count) = quantity.lo {
        hit.emit(
            "detectable_content:number_placeholders",
            kwargs([("num_placeholders", count.into())]),
        );
    }
}

fn postscript(hit: &mut Hit) {
    let marker = if says!(hit.text(), r"\bpps\b") || says!(hit.after(), r"^[^.!?\n]{0,60}\bpps\b") {
        "P.P.S"
    } else {
        "P.S."
    };
    let word = says!(hit.text(), r"^(?:pps|ps)\b");
    if says!(
        hit.before(),
        r"\b(?:no|not|without|never|skip|avoid|drop|remove)(?: (?:include|add|put|any|the|a)\b)* $"
    ) || word && !hit.spelling().to_lowercase().contains("p.") && !hit.spelling().contains("PS")
        || says!(hit.after(), r"^ ?(?:\x01|gift|store|plus|vita)")
        || says!(hit.before(), r"\b(?:what (?:is|does)|why) (?:[a-z]+ )?$")
    {
        return;
    }
    hit.emit(
        "detectable_content:postscript",
        kwargs([("postscript_marker", marker.into())]),
    );
}

/// The published three phrases as quoted strings.
fn constrained(hit: &mut Hit) {
    let says_answer = |text: &str| text.to_lowercase().starts_with("my answer is");
    if hit.quotes().last().is_some_and(|quote| says_answer(quote)) {
        hit.list_at_quote();
        hit.emit("detectable_format:constrained_response", Default::default());
    }
}
