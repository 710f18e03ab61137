//! How people state the form of an answer: lists, sections, titles, JSON, templates.

use crate::{
    constraints::wording::{
        lex::TokenKind,
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["bullet"],
        pattern: r"{n} (?:[a-z']+ ){0,3}?(?:bullets?\b(?: points?| items?)?|bulleted (?:points?|items?|list items?))",
        rank: 54,
        read: bullets,
    },
    Phrase {
        cues: &["bullet"],
        pattern: r"\bbullet(?:ed)? (?:point )?list(?: (?:of|with|containing|that has) |, ?| ?\(|: ?| - ?){n}(?: (?:items?|points?|entries|bullets?))?|\bbullet(?:s| points)?: ?{n}|\bbullet(?:s| points|ed)?(?: list)?(?: please| pls| thanks)?,? ?[-(:]? ?{n} of (?:them|em|'em|those|these)\b|\bnumber of bullet(?:s| points)\b{v}{n}",
        rank: 55,
        read: bullets,
    },
    // `as bullet points, ten at most`
    Phrase {
        cues: &["bullet"],
        pattern: r"\bbullet(?:s| points?| form| list|ed list|ed)?(?:,| -| \() ?{n}(?: \x03)?(?:[.,;!)\n]|$)",
        rank: 53,
        read: bullets,
    },
    Phrase {
        cues: &["bullet"],
        pattern: r"{n} (?:[a-z]+,? ){1,12}?(?:using|as|in|with) (?:a )?(?:markdown )?bullet(?:ed|s)?\b(?: points?| list)?",
        rank: 45,
        read: bullets_of,
    },
    Phrase {
        cues: &["bullet"],
        pattern: r"\b(?:no|not|never|without|avoid|skip|zero|refrain)\b(?: (?:format|using|from|have|with|want|need|like|see|add|include|including|give|me|to|use|any|the|put|do|in|as|a)\b)* (?:bullets?\b(?: points?| lists?)?|bulleted lists?)(?: at all)?",
        rank: 56,
        read: |hit| {
            if !says!(hit.after(), r"^ (?:longer|with more|over|under|shorter|\x01)") {
                hit.emit(
                    "detectable_format:number_bullet_lists",
                    kwargs([("num_bullets", 0.into())]),
                );
            }
        },
    },
    // `I can't stand bullet points, so leave them out`
    Phrase {
        cues: &["bullet"],
        pattern: r"\b(?:hate|can not stand|dislike|do not like|detest|loathe|sick of|tired of) bullets?(?: points?)?\b,? (?:so |and |please )*(?:(?:leave|keep|take) them (?:all |well )?out|(?:do|go|manage) without them|none of (?:those|them|that))\b",
        rank: 56,
        read: |hit| {
            hit.emit(
                "detectable_format:number_bullet_lists",
                kwargs([("num_bullets", 0.into())]),
            );
        },
    },
    Phrase {
        cues: &["number"],
        pattern: r"\bnumbered (?:list|steps|points|items)(?:(?: (?:of|with|containing|that has|which has|having|comprising|made up of) (?:exactly )?|,? ?[-(:]? ?){n}(?: (?:items?|steps?|points?|entries|things))?)?|{n} (?:[a-z]+ ){1,4}?(?:as|in|into|using) (?:a |the )?numbered (?:list|points|steps|items)|\bnumber (?:them|each(?: one)?|the [a-z]+)(?: from)? {n}|(?:^|[.!?;,\n\x06] ?|\band |\bplease )number (?:them|'em|each \x01|each|the [a-z]+s)\b(?:(?: from)? {n})?|{n} [a-z]+,? (?:all )?numbered\b|{n} of (?:them|em|those|these),? (?:all )?numbered\b|{n} numbered (?:steps?|points?|items?|list items?|entries|rules?|tips|reasons|questions|tasks|lines|facts|ideas|sentences|paragraphs)|{n} (?:step|item|point|entry) numbered list",
        rank: 55,
        read: numbered,
    },
    Phrase {
        cues: &["list", "check", "item", "entries"],
        pattern: r"\b(?:list|listing|checklist)(?: (?:of|with|containing|that has|has))? {n} (?:items?|entries|elements)|\b(?:list|checklist),? (?:for [^.!?\n,]{1,40},? )?(?:with |of )?{n} (?:items?|entries|elements|things)\b|\blist of (?:exactly )?{n}(?:[.,;!\n]|$)|{n} (?:list items?|item list|item checklist)\b|{n} (?:items?|entries|things|lines) (?:on|in) (?:the|your|my|this|that|it) ?(?:list|checklist)?\b",
        rank: 40,
        read: list_items,
    },
    Phrase {
        cues: &["number"],
        pattern: r"\b(?:no|not|never|without|avoid|skip|zero|drop)\b(?: (?:format|using|from|have|with|use|any|the|put|do|in|as|a|bullets?|bulleted|points?|lists?|or|and|nor)\b|,)* (?:numbering|numbered lists?|numbered (?:points|steps|items)|number (?:them|the (?:items|points|list|lines|steps)))\b(?: at all)?",
        rank: 57,
        read: |hit| hit.emit("raif:numbered_list", kwargs([("num_items", 0.into())])),
    },
    // `a dozen or more, with dots or numbers as you see fit`
    Phrase {
        cues: &["bullet", "dot", "number", "dash"],
        pattern: r"{n}(?: \x03)?[^.!?\n\x01]{0,60}?{eithermark}",
        rank: 58,
        read: list_items,
    },
    // `nine ideas for a rainy day. a list, bullets or numbers`
    Phrase {
        cues: &["bullet", "dot", "number", "dash"],
        pattern: r"\b(?:a|in a|as a) list\b[^.!?\n\x01]{0,20}?{eithermark}",
        rank: 58,
        read: |hit| {
            if let Some(count) = hit.first_amount() {
                hit.claim_no_numbers()
                    .emit("raif:list_items", kwargs([("num_items", count.into())]));
            }
        },
    },
    // `Make a to-do list. 12 items.`
    Phrase {
        cues: &["item", "entries", "thing", "point"],
        pattern: r"{n} (?:items?|entries|things|points)(?: \x03)?(?:[.,;!)\n]|$| (?:max|total|in total|please|pls)\b)",
        rank: 39,
        read: |hit| {
            let opens = says!(hit.before(), r"(?:^|[;,:(\x06]) ?$");
            if (opens || says!(hit.before(), r"\b(?:want|need|have|be|it|me|with|give|list|of) $"))
                && says!(hit.context(), r"\b(?:list|checklist)\b")
                && let Some(quantity) = hit.amount(0).cloned()
                && !quantity.approximate
            {
                hit.emit_counted("raif:list_items", "num_items", &quantity);
            }
        },
    },
    // Highlights, bold and italics.
    Phrase {
        cues: &["highlight", "bold", "italic", "emphasi", "embolden"],
        pattern: r"\b(?:highlight|highlights|highlighting|bold|italici[sz]e|emphasi[sz]e|embolden|boldface|bolded|italicise)\b(?: (?:(?:markdown|response|emphasis|answer|using|with|your|use|the|and|for|in|of|by|at|to|a)\b|,))*,? ?{n}(?: (?:[a-z]+ ){0,3}?(?:sections?|parts?|phrases?|words?|terms?|points?|text|sentences?|places?|key|names?|keywords?|bits?|spots?|passages?|ideas?|facts?|items?|times?)(?: (?:sections?|parts?|terms?|phrases?|words?|points?))?)?",
        rank: 56,
        read: highlights,
    },
    Phrase {
        cues: &["highlight", "bold", "italic", "emphasi"],
        pattern: r"{n} (?:[a-z]+ ){0,3}?(?:highlight(?:ed|s)?|bold(?:ed|face)?|italici[sz]ed|italics?|emphasi[sz]ed)\b(?: (?:sections?|passages?|keywords?|phrases?|section|points?|parts?|words?|terms?|text)\b)*",
        rank: 55,
        read: highlights,
    },
    Phrase {
        cues: &["highlight", "bold", "italic", "emphasi"],
        pattern: r"{n} (?:[a-z]+ ){0,4}?(?:sections?|parts?|phrases?|words?|terms?|text|points?|places?|keywords?|names?|ideas?|facts?|passages?|bits?|spots?|details|things|lines|dates)\b{v} (?:highlighted|highlight|in bold|bold|bolded|in italics|italics|italici[sz]ed|in italic|emphasi[sz]ed)(?: (?:in|with|using) markdown| markdown| in italics)?",
        rank: 56,
        read: highlights,
    },
    Phrase {
        cues: &["highlight", "bold", "italic"],
        pattern: r"\b(?:highlight|bold|italici[sz]e|emphasi[sz]e) (?:some|each|the|every|a few|one|key|important)\b{x}(?:\*|markdown|{n} times|name)",
        rank: 50,
        read: highlight_once,
    },
    // Titles.
    Phrase {
        cues: &[
            "title", "headline", "name", "angle", "angular", "angled", "<", "heading", "bracket",
        ],
        pattern: r"(?:\b(?:a |the |with |include |has |have |contain |add |put |give |your )*(?:titles?|headline|name|heading|header|answer)\b{x})?(?:<<>>|\bdouble[ -]?(?:angular|angled|angle|pointy) ?brackets?|<< ?>>)(?:(?:,| like| as| such| ie| eg| in| for| example| \()*(?:<<>>)\)?)?",
        rank: 60,
        read: |hit| {
            if !says!(hit.text(), r"\b(?:no|not|without)\b") || says!(hit.text(), r"title") {
                hit.claim_no_numbers()
                    .emit("detectable_format:title", Default::default());
            }
        },
    },
    // JSON.
    Phrase {
        cues: &["json"],
        pattern: r"\b(?:in|as|with|wrap|wrapped|into|using|to|only|valid|raw|parse?able|output|return|respond|reply|answer|format|formatted|just|pure|bare|hand back|hand me|send back|send|give|be|is|single|produce|strict|proper|well formed)(?: (?:(?:everything|parse?able|formatted|response|contain|wrapped|compact|entire|output|answer|should|single|strict|proper|formed|whole|valid|your|this|just|must|with|only|flat|pure|well|the|one|raw|me|an|it|be|in|as|of|is|a)\b|\x01))* json\b(?: (?:format|object|array|block|document|string|only|blob|output|list|structure))?|\bjson (?:format|object|array|block|output|only)\b|\bnothing (?:but|except|other than|besides) (?:valid |raw |the )*json\b|\bjson (?:payload|response|reply|document) is (?:all|what|the only thing)\b|\b(?:format|output|response|type)(?: format)?(?: is)?: ?(?:(?:a|an|valid|strict) )*json\b",
        rank: 55,
        read: json,
    },
];

pub fn bullets(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if says!(
        hit.text(),
        r"^\x01 (?:[a-z']+ )*(?:of|sentence|sentences|word|words|paragraph|paragraphs|per|and|sub|under|for|characters|times)\b"
    ) || !quantity.related
        && says!(hit.before(), r"\b(?:the|first|last|these|those|each|per|your) $")
        && !says!(hit.before(), r"\b(?:in|as|into) the $")
        || !hit.text().ends_with(',')
            && says!(
                hit.after(),
                r"^ (?:for each|each|per section|per paragraph|under each|in each)"
            )
        || quantity.approximate
        || hit.is_of_a_thing()
    {
        return;
    }
    match quantity.exact() {
        Some(value) => hit.emit(
            "detectable_format:number_bullet_lists",
            kwargs([("num_bullets", value.into())]),
        ),
        None => hit.emit_bounds(
            "raif:list_items",
            "num_items",
            "relation",
            &quantity,
            &Default::default(),
        ),
    }
}

/// `five tips as bullet points`.
fn bullets_of(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if says!(
        hit.text(),
        r"\b(?:words?|sentences?|paragraphs?|times|letters?|characters)\b|^\x01 (?:[a-z]+ )?lines?\b"
    ) || quantity.approximate
    {
        return;
    }
    if let Some(value) = quantity.exact() {
        hit.emit(
            "detectable_format:number_bullet_lists",
            kwargs([("num_bullets", value.into())]),
        );
    }
}

fn numbered(hit: &mut Hit) {
    let counted = says!(hit.text(), r"^\x01 ");
    if !counted && says!(hit.before(), r"\b(?:the|this|my) $")
        || says!(
            hit.before(),
            r"\b(?:not|no|without|avoid|never|does|go in a) $|\b(?:not|no|without|avoid|never|skip)\b[^.;!?\n]{0,40}\b(?:or|and|nor) (?:any |a )?$"
        )
        || says!(hit.before(), r"\b(?:does|do|is|should) a [a-z]+ ")
    {
        return;
    }
    // `a numbered list with one sentence per step`
    let of_steps = !says!(
        hit.after(),
        r"^ (?:[a-z]+ )?(?:sentences?|words?|lines?|paragraphs?|characters)\b"
    );
    let told = hit
        .amount(0)
        .filter(|_| of_steps)
        .and_then(|quantity| match quantity.lo {
            // `number them 1 to 5`
            Some(1) => quantity.hi,
            _ => quantity.exact(),
        });
    // `give me five questions … number them`
    let items = told.or_else(|| {
        says!(hit.text(), r"\bnumber ")
            .then(|| hit.first_amount())
            .flatten()
            .or_else(|| listed(hit))
            .or_else(|| named_before(hit))
            .or_else(|| enough(hit))
    });
    if !of_steps {
        hit.claim_no_numbers();
    }
    hit.emit("raif:numbered_list", kwargs([("num_items", items.into())]));
    // `numbered steps, eight at most`
    if let Some(quantity) = hit
        .amount(0)
        .cloned()
        .filter(|quantity| quantity.exact().is_none() && told.is_none() && of_steps)
        && !quantity.approximate
    {
        hit.emit_bounds(
            "raif:list_items",
            "num_items",
            "relation",
            &quantity,
            &Default::default(),
        );
    }
}

/// `ten names for a hiking app as a numbered list`: how many things are listed.
fn listed(hit: &Hit) -> Option<u64> {
    static THINGS: Pattern = Pattern::new(r"\x01 ((?:[a-z]+,? ){1,10}?)(?:as|in|into|using) (?:a |the )?$");
    let before = hit.before();
    let found = THINGS.captures(before)?;
    if says!(
        &found[1],
        r"\b(?:words?|sentences?|paragraphs?|times|letters?|characters|lines?|pages?|minutes?|hours?|days?|people|years?|and|then|give|put|of)\b"
    ) {
        return None;
    }
    let at = hit.document.text.len().min(hit.range.start - before.len()) + found.get(0)?.start();
    match hit.document.lexed.tokens[hit.document.token_at(at)].kind {
        TokenKind::Amount(index) => hit.document.quantities.get(index)?.exact(),
        _ => None,
    }
}

/// `… as a numbered list. Ten will do.`
fn enough(hit: &Hit) -> Option<u64> {
    static ENOUGH: Pattern = Pattern::new(
        r"^[^!?\n\x01]{0,50}[.;,] ?(\x01) (?:of (?:them|those) )?(?:(?:will|would|should) (?:do|be enough|be plenty|suffice)|(?:is|are) (?:enough|plenty)|of (?:them|those)\b|suffices?|please)",
    );
    let document = hit.document;
    let at = ENOUGH.captures(&document.text[hit.range.end..])?.get(1)?.start();
    match document.lexed.tokens[document.token_at(hit.range.end + at)].kind {
        TokenKind::Amount(index) => document.quantities.get(index)?.exact(),
        _ => None,
    }
}

/// `Name five board games. Numbered list please.`: what is asked for in the sentence before is what is listed.
fn named_before(hit: &Hit) -> Option<u64> {
    static NAMED: Pattern = Pattern::new(
        r"(?:^|[.!?\n\x06] ?)(?:please |(?:can|could) you |hi,? |hey,? )*(?:name|list|give me|tell me|suggest|recommend|come up with|(?:i|we) (?:want|need)|i would like|find me|think of|share|which|what are) (?:the |me |my |us )?(\x01) (?:[a-z'-]+ ){0,3}?[a-z-]+s\b[^.!?\n]*(?:[.!?] ?(?:[^.!?\n]{0,40} )?)?$",
    );
    let text = &hit.document.text[..hit.range.start];
    let text = text.get(text.len().saturating_sub(240)..)?;
    let found = NAMED.captures(text)?;
    let count = found.get(1)?.start();
    if says!(
        &text[count..],
        r"^\x01 (?:words|times|letters|characters|pages|minutes|hours|days|years|stars|people|paragraphs|sentences)\b"
    ) {
        return None;
    }
    let offset = hit.range.start - text.len();
    match hit.document.lexed.tokens[hit.document.token_at(offset + count)].kind {
        TokenKind::Amount(index) => hit.document.quantities.get(index)?.exact(),
        _ => None,
    }
}

fn list_items(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if !quantity.approximate {
        hit.emit_counted("raif:list_items", "num_items", &quantity);
    }
}

pub fn highlights(hit: &mut Hit) {
    let amounts = (0..3)
        .filter_map(|nth| hit.amount(nth))
        .cloned()
        .collect::<Vec<_>>();
    let Some(quantity) = amounts.last() else {
        return;
    };
    let least = quantity.lo.or(quantity.hi).unwrap_or(0);
    if least == 0
        || says!(hit.text(), r"\b(?:not|no|never)\b")
        || says!(hit.before(), r"\b(?:not|never|without|avoid) $")
    {
        return;
    }
    if says!(
        hit.text(),
        r"^\x01 (?:[a-z]+ )*(?:sentences?|paragraphs?|bullets?|of|and)\b"
    ) && !says!(
        hit.text(),
        r"\bsentences? (?:in|should|must|highlighted)|\bof (?:your|the|my|this|its) "
    ) {
        return;
    }
    if quantity.lo.is_some() {
        hit.emit(
            "detectable_format:number_highlighted_sections",
            kwargs([("num_highlights", least.into())]),
        );
    }
}

/// A highlight without a number of its own: once, as often as said, or as often as there are sections.
fn highlight_once(hit: &mut Hit) {
    if says!(hit.text(), r"\b(?:not|never)\b")
        || says!(hit.before(), r"\b(?:not|never|to) (?:please )?$")
            && !says!(hit.before(), r"\*, to $|use[^.]* to $")
    {
        return;
    }
    let sections = says!(hit.text(), r"\b(?:each|every) section")
        .then(|| hit.earlier_amount(r"sections?"))
        .flatten();
    let count = hit
        .amount(0)
        .or(sections)
        .and_then(|quantity| quantity.lo)
        .unwrap_or(1);
    hit.emit(
        "detectable_format:number_highlighted_sections",
        kwargs([("num_highlights", count.into())]),
    );
}

fn json(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:not|no|never|parse|parses|parsing|explain|converts?|reads?|the|without|about|from|what is|difference between|how) (?:[a-z]+ )?$"
    ) && !says!(
        hit.text(),
        r"^(?:in|as|output|return|respond|reply|answer|format|wrap|wrapped|valid)\b"
    ) || says!(
        hit.after(),
        r"^ (?:parser|library|libraries|schema|api|config|path|web|editor|viewer|files?)\b"
    ) || says!(
        hit.before(),
        r"\b(?:how (?:do|does|can|to)|what|why|which)\b[^.!?\n]*$"
    ) && !says!(hit.before(), r"[,]")
    {
        return;
    }
    hit.claim_no_numbers()
        .emit("detectable_format:json_format", Default::default());
}
