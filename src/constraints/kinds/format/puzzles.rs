//! How people state the published puzzles of form: indented stairs, one word a line, bullets under bullets.

use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        rule::Rule,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["bullet"],
        pattern: r"\b(?:instead of|rather than|in place of|no|not|without|where|swap|replac[a-z]*|skip|ditch|drop|forget|lose)\b[^.!?\n]*?\bbullet(?: point)?s?\b[^.!?\n]*?\b(?:use|put|with|by|write|place|insert|want|symbol|string|separator|marker|sign|characters?|between)(?: (?:the|a|an|symbol|string|separator|marker|sign|characters?|mark|of|using|just|only|exact))*:? {sep}",
        rank: 68,
        read: list_separator,
    },
    // `bullets are out; use ## for each item`
    Phrase {
        cues: &["bullet"],
        pattern: r"\bbullet(?: point)?s?\b[^.!?\n]{0,30}\b(?:out|banned|forbidden|not allowed|no good|off limits|break[a-z]*|mangle[a-z]*|not wanted|unwanted)\b[^.!?\n]*?\b(?:use|put|with|by|write|place|insert|want)(?: (?:the|a|an|symbol|string|separator|marker|sign|characters?))*:? {sep}",
        rank: 68,
        read: list_separator,
    },
    Phrase {
        cues: &["bullet", "instead", "rather", "replac"],
        pattern: r"\b(?:use|using|put|with|by|write|place|insert|want|symbol|string|separator|marker|prefer)(?: (?:the|a|an|symbol|string|separator|marker|sign|characters?))*:? {sep},? (?:[a-z]+,? ){0,8}?(?:instead|rather|in place|in lieu|not|over|replac[a-z]*)\b(?: (?:of |than |the |any )*bullet(?: point)?s?)?",
        rank: 67,
        read: |hit| {
            if says!(hit.context(), r"\bbullet|\b(?:list|items?)\b") {
                list_separator(hit);
            }
        },
    },
    Phrase {
        cues: &["bullet"],
        pattern: r"{sep} (?:instead of|rather than|in place of|in lieu of|replacing|not) (?:the |any |using |your |ordinary |normal )*bullets?\b",
        rank: 67,
        read: list_separator,
    },
    Phrase {
        cues: &[
            "separat", "divid", "delimit", "mark", "prefix", "preced", "introduc",
        ],
        pattern: r"\b(?:items?|entries|list)\b[^.!?\n]{0,60}?\b(?:separated|separator|separators|divided|delimited|delimiter|marked|prefixed|preceded|introduced|flagged|split|separate|divide|mark|prefix)\b[^.!?\n\x02]{0,30}?(?:by|with|is|as|be|:)(?: the)?(?: (?:symbol|string|separator|marker|sign|characters?))? {sep}",
        rank: 64,
        read: |hit| {
            if says!(hit.context(), r"\bbullet") {
                list_separator(hit);
            }
        },
    },
    Phrase {
        cues: &["word", "line"],
        pattern: r"(?:\x01|\b(?:each|every|one|a|single|all|the)) (?:single |individual |and every )?words?\b{w}\b(?:own|new|separate|fresh|different|individual|single) (?:separate |new |single )?(?:lines?|rows?)\b|(?:\x01|\b(?:each|every|the|all|a)) (?:single |individual )?words? (?:[a-z]+ ){0,4}?(?:a |its )?line (?:of its own|to itself|each)\b|\b(?:own|new|separate|fresh) (?:line|row) (?:[a-z]+ )?(?:for|after|before|between|with) (?:each|every|all) (?:single |individual )?words?\b|\b(?:line ?breaks?|new ?lines?|carriage returns?|return|enter)\b{w}\b(?:after|between|before|follows?) (?:each|every|all|any|the) (?:single |individual )?(?:\x01 )?words?\b|(?:\x01|\b(?:single|a)) (?:single )?word (?:per|to a|to each|on each|on every|in each|each|a|on a) (?:single )?(?:line|row)\b|\b(?:each|every) (?:line|row) (?:[a-z]+ ){0,3}?(?:\x01|a single|a) (?:single )?word\b|\b(?:each|every) (?:single )?word (?:by itself|alone|on its own) (?:on|in) (?:a|each|its) (?:line|row)\b|\bstack(?:ed|ing)? (?:the |all |your )?words\b|\bwords\b{w}\bstacked\b",
        rank: 60,
        read: |hit| {
            if !says!(
                hit.text(),
                r"\b(?:not|never)\b|\b(?:starts?|begins?|ends?|rhym[a-z]*|with a|keyword)\b"
            ) {
                hit.emit("format:newline", Default::default());
            }
        },
    },
    Phrase {
        cues: &["whitespace", "white", "space", "blank"],
        pattern: r"\b(?:leave out|omit|remove|strip|drop|skip|no|not|without)(?: out)? (?:all |any |the )?spaces,? (?:tabs,? )?(?:and|or|nor) (?:tabs|line breaks|new ?lines)\b|\b(?:no|not|never|without|avoid|zero|free of|leave out|strip out|omit)\b(?: (?:contain|include|single|have|use|any|be|a|one|even|all|leave|put|insert|add|of)\b| \x01)* (?:white ?spaces?|spaces?|blanks)(?: (?:at all|whatsoever|anywhere|or line breaks|characters|between (?:the )?words))?|\b(?:run|glue|stick|squash|jam|smash|mash|cram|join)(?:ed|s)? (?:all )?(?:(?:the|your|its|every) )?(?:words?|letters|everything|it all) (?:up )?(?:all )?together\b",
        rank: 60,
        read: |hit| {
            let of_a_name = says!(
                hit.before(),
                r"\b(?:username|password|field|filename|url|id|name|variable|[a-z]+ names?|code|hashtags?) (?:[a-z]+ ){0,2}$"
            );
            let for_something = says!(hit.text(), r"\bspace$")
                && says!(
                    hit.after(),
                    r"^ (?:for|to|left|in|on|between (?:the )?(?:lines|paragraphs))\b"
                );
            if !of_a_name && !for_something && !says!(hit.after(), r"^ (?:around|before|after) ") {
                hit.emit("format:no_whitespace", Default::default());
            }
        },
    },
];

pub const RULES: &[Rule] = &[
    // The fixed template, its labels in quotation marks or not.
    Rule {
        cues: &[
            "my",
            "answer",
            "label",
            "template",
            "heading",
            "section",
            "format",
            "structure",
            "use",
            "slot",
        ],
        about: r"\bmy answer\b|{q}",
        parts: &[],
        unless: "",
        beside: 0,
        rank: 80,
        read: |hit| {
            let prompt = hit.document.lexed.prompt.to_lowercase();
            let labels = ["my answer:", "my conclusion:", "future outlook"];
            let is_label = hit
                .quote()
                .is_none_or(|quote| quote.to_lowercase().starts_with("my answer:"));
            if is_label && labels.iter().all(|label| prompt.contains(label)) {
                hit.emit("format:output_template", Default::default());
            }
        },
    },
    Rule {
        cues: &["bullet", "asterisk", "star", "point", "dash", "hyphen"],
        about: r"\bsub[ -]?(?:bullets?|points?|items?)\b|\b(?:nested|second level|child) (?:bullets?|points?|items?|dash)|(?:\b(?:dash(?:es|ed)?|hyphens?)|[(]-[)]|\x02|-)[)]? (?:bullets?|points?|items?|lines?|sub)\b|\b(?:dash|hyphen)(?: \x02| [(]-[)])?(?: or more)? (?:under|beneath|below)\b",
        parts: &[
            r"\b(?:bullets?|bullet points?|asterisks?|stars?|main points?|top level)\b|\*",
            r"\b(?:each|every|all|any|per)\b|\bno (?:[a-z]+ )?(?:point|bullet)s? without\b|\b(?:under|beneath|below|inside|within) (?:it|each|every|them|any|the|those|which|a|its)\b",
        ],
        unless: r"\b(?:no|never|avoid|skip|not use|never use)(?: any)? (?:sub[ -]?bullets?|sub[ -]?points?|nested|bullets?)\b",
        beside: 1,
        rank: 70,
        read: |hit| hit.claim_between().emit("format:sub-bullets", Default::default()),
    },
    // Two sentences or more, then two bullets or more.
    Rule {
        cues: &["bullet"],
        about: r"{n}{post} (?:[a-z]+ ){0,3}?sentences?\b",
        parts: &[
            r"{n}{post} (?:\* |[a-z]+ ){0,2}?bullets?\b(?: points?)?|\bbullets?\b[^!?\n]{0,60}?{n}{post}(?: of (?:them|those))?(?: [a-z]+)?(?:[.,;!)\n]|$)",
            r"\b(?:then|follow|follows|followed|following|after|before|lead|leading|precede[sd]?|first|begin|start|open|finally|next|later|below|beneath|underneath|under)\b|\x04",
        ],
        unless: r"\b(?:each|every|per) bullet|\bsentences? (?:each|per|long)\b",
        beside: 1,
        rank: 72,
        read: |hit| {
            let amounts: Vec<_> = hit.amounts().cloned().collect();
            let two = amounts.len() > 1
                && amounts
                    .iter()
                    .all(|quantity| quantity.lo == Some(2) && quantity.hi.is_none());
            if two {
                hit.emit("format:no_bullets_bullets", Default::default());
            }
        },
    },
    Rule {
        cues: &["stair", "indent", "line", "margin", "right"],
        about: r"\b(?:indent[a-z]*|stairs?|staircases?|stairway|stepped|further (?:in|to the right|right|over|along)|farther (?:in|right)|deeper|more (?:leading )?(?:spaces|indent[a-z]*)|steps)\b",
        parts: &[
            r"\b(?:lines?|rows?)\b",
            r"\b(?:each|every|next|new|previous|above|before|last|progressively|increasingly|gradually|successive|incrementally|step by step|one by one|more and more|grow[a-z]*|following|subsequent)\b",
            r"\b(?:indent[a-z]*|spaces?|shift[a-z]*|push[a-z]*|mov(?:e|es|ed)|nudg[a-z]*|shov[a-z]*|slid[a-z]*|start[a-z]*|begin[a-z]*|stairs?|staircase|stairway|right|in|set|sits?|margin)\b",
        ],
        unless: r"\b(?:code|python|json|yaml|function|nested|blockquote|no indent[a-z]*|not indent|without indent[a-z]*)\b|\b(?:recipe|numbered|following) steps\b|\bsteps\b{w}\b(?:numbered|bullets?)",
        beside: 1,
        rank: 60,
        read: |hit| {
            // `steps` alone are those of a recipe.
            if says!(
                hit.text(),
                r"\b(?:indent[a-z]*|stair[a-z]*|stepped|right|margin|spaces?)\b|\b(?:line|lines|it|them|edge)\b{x}\b(?:further|farther|deeper)"
            ) {
                hit.emit("format:line_indent", Default::default());
            }
        },
    },
    Rule {
        cues: &["thesis"],
        about: r"\bthes[ei]s\b",
        parts: &[
            r"\bsections?\b|\bparts?\b|\bchapters?\b",
            r"(?:\b(?:in|with|using|via|through) )?(?:html )?\b(?:italic[a-z]*|em|emphasis)\b(?:{w}\bhtml\b)?|\bhtml\b|<",
        ],
        unless: r"\b(?:no|not in|without) italics\b|\b(?:section|chapter) (?:titles?|headings?|names?)\b{w}\bitalic",
        beside: 1,
        rank: 70,
        read: |hit| hit.emit("format:thesis", Default::default()),
    },
    Rule {
        cues: &["emoji", "smiley", "emoticon"],
        about: r"\b(?:emojis?|smileys?|smiley faces?|emoticons?)\b",
        parts: &[
            r"\b(?:each|every|all|any)(?: single| last)?(?: one)?(?: of (?:your|the|its|them)| your| the| its| my)? ?(?:sentences?|line)\b|\bsentences?\b{w}\b(?:each|every|all|without (?:one|an?))\b|\bsentences (?:[a-z]+ ){0,2}?(?:end|close|finish|conclude)\b|\bsentences?\b{x}\b(?:each|every one|all|any) of (?:them|those|these)\b|\b(?:no|not (?:a|one)) (?:single )?sentence\b",
            r"\b(?:end|ends|ending|ended|close|closes|closing|finish|finishes|finishing|after|conclude|concludes|conclusion|cap|caps|capped|sign|signs|signed|round|rounds|rounded|tail|follow|follows|followed|last|final|punctuat[a-z]*|stop|stops|wrap|wraps|behind|trail|trailing|top|tops|topped|with|have|has|get|gets|needs?|add|put|without|at)\b",
        ],
        unless: r"\b(?:no|not use|never|avoid)(?: [a-z]+){0,2} (?:emoji|smiley|emoticon)s?\b|(?:^|[.,;] |\band )without(?: [a-z]+){0,2} (?:emoji|smiley|emoticon)s?\b|\bnot (?:[a-z]+ )?with an emoji|\b(?:begin|begins|start|starts|open|opens)\b{w}\bemoji",
        beside: 1,
        rank: 66,
        read: |hit| hit.emit("format:emoji", Default::default()),
    },
];

/// What is to stand where bullets would.
fn list_separator(hit: &mut Hit) {
    let Some(separator) = separator(hit) else { return };
    let plain = matches!(separator, "," | "." | "(" | ")" | ":");
    let bullet = matches!(separator, "*" | "•");
    if !plain && !bullet && separator.chars().count() < 12 {
        hit.emit("format:list", kwargs([("sep", separator.into())]));
    }
}

fn separator<'p>(hit: &Hit<'_, 'p>) -> Option<&'p str> {
    if let Some(quote) = hit.quotes().last() {
        return Some(quote);
    }
    // The mark that ends the sentence is not part of the separator.
    let word = hit.word_from_last_group()?;
    let word = word.trim_end_matches([',', ')', ';']);
    (!word.is_empty()).then_some(word)
}
