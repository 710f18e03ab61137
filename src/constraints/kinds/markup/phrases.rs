//! How people state markup.

use crate::{
    constraints::wording::{
        lex::TokenKind,
        lists,
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["table", "tabular"],
        pattern: r"\b(?:in|as|into|make|use|using|create|draw|build|give me|produce|present|with|format|show|include|add|give|put|want|need|write|prepare|generate|provide|a)(?: (?:\x01 column|everything|comparison|two column|markdown|results|summary|answer|simple|single|small|them|this|form|neat|the|me|it|an|up|of|a)\b)* (?:table|tabular)\b(?: (?:form|format))?(?: (?:with|of|having) (?:the )?(?:columns? [^.!?\n]*|{n} columns?))?|\b(?:make|create|draw up|draw|build|produce|generate|prepare|write|put together|give)(?: (?:me|us))? an? (?:[a-z]+ ){1,2}table (?:of|for|with|comparing|showing|listing|that|about)\b|\bformat: ?(?:a |markdown )*table\b|(?:^|[.!?\n\x06:] ?)(?:a |markdown )*table,? (?:please|pls)\b|(?:^|[.!?\n\x06:] ?)table (?:with|of) (?:the )?(?:columns? [^.!?\n]*|{n} columns?)|(?:^|[.!?\n\x06] ?)a (?:small |simple |quick )?table (?:of|comparing|showing|listing)\b",
        rank: 50,
        read: table,
    },
    Phrase {
        cues: &["heading", "header", "subheading"],
        pattern: r"{n} (?:[a-z]+ ){0,2}?(?:headings?|headers?|subheadings?|subheads?|section headings?)\b|\b(?:headings?|headers?|subheadings?)(?:,| -| \() ?{n} of (?:them|those|these|em)\b|\b(?:headings?|headers?|subheadings?): ?{n}",
        rank: 52,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned()
                && !says!(hit.text(), r"^\x01.*\b(?:of|and|in|word|words|with)\b")
                && !quantity.approximate
            {
                // `under five headings` says where, not how many.
                let mut quantity = quantity;
                if hit.spelling().to_lowercase().starts_with("under ") {
                    quantity.hi = quantity.hi.map(|hi| hi + 1);
                    quantity.lo = quantity.hi;
                }
                hit.emit_counted("raif:heading_count", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["code", "fenced"],
        pattern: r"\b(?:fenced|markdown|single|a|in|one) (?:([a-z+#]+) )?code ?blocks?\b(?: (?:tagged|labelled|labeled|marked|for|in|with language|annotated|tagged as)(?: as)? ([a-z+#]+))?|\bfenced (?:([a-z+#]+) )?(?:code|block)\b(?: block)?(?: (?:tagged|labelled|labeled|marked|annotated)(?: as)? ([a-z+#]+))?|{n} (?:([a-z+#]+) )?code ?blocks?\b(?: (?:tagged|labelled|labeled|marked|for|in|with language|annotated)(?: as)? ([a-z+#]+))?",
        rank: 50,
        read: code_block,
    },
    Phrase {
        cues: &[
            "code", "sql", "query", "regex", "script", "command", "snippet", "formula", "liner", "python",
        ],
        pattern: r"\b(?:code|sql|query|regex|script|command) only\b|\b(?:only|just|nothing but|nothing except)(?: (?:give me|return|output|plain|write|show|send|want|the|raw|me|fixed|corrected|final|finished|complete|working|updated|new|improved)\b)* (?:code|script|function|query|snippet|command|sql|regex|formula|one liner|python|bash|javascript)\b|\bonly (?:output|return|reply with|respond with|give me|show|write)(?: the)?(?: fixed| corrected| final| working)? (?:code|script|query)\b|\b(?:code|script|function) (?:and|with) nothing else\b|\bno (?:explanation|prose|commentary|text)s?,? (?:just|only)(?: the)? code\b|\bcode ?block (?:only|alone|and nothing else)\b|\b(?:nothing|no (?:text|prose|words?|commentary)|not a word) (?:outside|around|besides|beyond|before or after|above or below)(?: of)? (?:the|that|this|your) code(?: ?block)?\b",
        rank: 55,
        read: |hit| {
            if !says!(hit.after(), r"^ (?:of|in) the (?:book|building)") {
                hit.emit("raif:code_only", kwargs([("lang", language_of(hit).into())]));
            }
        },
    },
    Phrase {
        cues: &["key", "field", "propert", "attribute"],
        pattern: r"\b(?:keys?|fields?|properties|property|attributes?)\b(?: (?:should be|must be|are|is|called|named|like|being|exactly|only)\b)*:? ?",
        rank: 53,
        read: json_keys,
    },
    Phrase {
        cues: &["yaml"],
        pattern: r"{formatted} yaml\b(?: (?:format|only|document|page|file|block))?|\byaml{alone}\b|{converted}yaml\b|\bnothing (?:but|except|other than|besides) (?:valid |raw |the )*yaml\b|\b(?:format|output)(?: format)?: ?(?:valid )?yaml\b",
        rank: 50,
        read: |hit| markup(hit, "raif:yaml_format"),
    },
    Phrase {
        cues: &["xml"],
        pattern: r"{formatted} xml\b(?: (?:format|only|document|page|file|block))?|\bxml{alone}\b|{converted}xml\b|\bnothing (?:but|except|other than|besides) (?:valid |raw |the )*xml\b|\b(?:format|output)(?: format)?: ?(?:valid )?xml\b",
        rank: 50,
        read: |hit| markup(hit, "raif:xml_format"),
    },
    Phrase {
        cues: &["csv", "comma"],
        pattern: r"\b(?:in|as|with|valid|raw|output|return|only|give me|write|respond|reply|format|parse?able|be|just|plain|generate|send|produce)(?: (?:response|output|valid|plain|your|with|only|just|pure|back|the|raw|me|an|in|as|be|it|a)\b)* csv\b(?: (?:format|only|file|data))?|\bcsv,? only\b|\b(?:convert|turn|change|put|export|transform|reformat)\b{w}\b(?:in)?to (?:a |valid |proper )*csv\b|\bnothing (?:but|except|other than|besides) (?:valid |raw |the )*csv\b|\bcomma separated values\b|\b(?:format|output)(?: format)?: ?(?:valid )?csv\b",
        rank: 50,
        read: |hit| markup(hit, "raif:csv_format"),
    },
    Phrase {
        cues: &["html"],
        pattern: r"{formatted} html5?\b(?: (?:format|only|document|page|file|block))?|\bhtml5?{alone}\b|{converted}html5?\b|\bnothing (?:but|except|other than|besides) (?:valid |raw |the )*html5?\b|\b(?:format|output)(?: format)?: ?(?:valid )?html5?\b",
        rank: 50,
        read: |hit| markup(hit, "raif:html_format"),
    },
    Phrase {
        cues: &["markdown", "formatting"],
        pattern: r"\b(?:can|will|does|do|could) not (?:show|render|display|handle|read|understand|cope with) markdown\b|\b(?:no|not|without|avoid|never|skip|free of|zero|drop)\b(?: (?:include|using|use|any|the|of|in)\b)* (?:markdown|markdown formatting|markdown syntax)\b(?: (?:formatting|syntax|at all|please))?",
        rank: 50,
        read: |hit| {
            if !says!(
                hit.before(),
                r"\b(?:italics?|bold|emphasis|links?)\b[^.!?\n]*\bhtml\b[^.!?\n]{0,12}$|\bhtml (?:tags )?for (?:the )?(?:italics?|bold|emphasis|links?)\b[^.!?\n]{0,12}$"
            ) {
                hit.emit("raif:no_markdown", Default::default());
            }
        },
    },
    Phrase {
        cues: &["plain"],
        pattern: r"\b(?:in|as|plain|use|only|just|pure|return|output)? ?plain ?text\b(?: (?:only|please))?",
        rank: 49,
        read: |hit| {
            if !says!(hit.after(), r"^ (?:file|editor|email|version)")
                && !says!(hit.before(), r"\b(?:what|why|is|the) $")
            {
                hit.emit("raif:plain_text", Default::default());
            }
        },
    },
];

fn table(hit: &mut Hit) {
    // `a table` by itself is one where nothing else can be meant: `a table of four birds.`, `…; else, a table;`
    let wanted_alone = says!(
        hit.before(),
        r"\b(?:be|want|need|format:?|of|like|please:?) $|(?:\x04|\b(?:answer|output|format|reply|last)) is $"
    ) || says!(hit.before(), r", $") && says!(hit.after(), r"^ ?(?:[;.]|$)")
        || says!(hit.before(), r"^ ?$") && says!(hit.after(), r"^ (?:of|comparing|showing|listing|with)\b");
    if says!(
        hit.after(),
        r"^ (?:of contents|tennis|for \x01|salt|manners|top|reservation|read|lamp|leg|cloth|setting|football|booking|at (?:the|a))"
    ) || says!(
        hit.text(),
        r"\b(?:dinner|coffee|kitchen|dining|periodic|multiplication|times|pool|wooden|side|bedside|picnic|folding|card|operating|water|poker|night|head) table"
    ) || says!(
        hit.before(),
        r"\b(?:not|no|without|avoid|never|put (?:it|them)? on|what goes) (?:[a-z]+ )?$"
    ) || says!(
        hit.before(),
        r"\bpart of (?:your|the) [a-z]+ (?:should |must )?(?:be )?$"
    ) || says!(hit.text(), r"^a table$") && !wanted_alone
        || says!(
            hit.text(),
            r"^(?:build|make|with|need|want|draw|put|show|add|use) (?:me )?a (?:small |simple |neat )?table$"
        ) && says!(
            hit.after(),
            r"^ (?:out of|from (?:wood|pallets)|in the (?:room|kitchen|corner)|lamp)"
        )
    {
        return;
    }
    hit.emit(
        "raif:table",
        match hit.amount(0).and_then(|quantity| quantity.exact()) {
            Some(columns) if says!(hit.text(), r"\bcolumns?") => kwargs([("columns", columns.into())]),
            _ => match columns_stated_after(hit) {
                Some(columns) => kwargs([("columns", columns.into())]),
                None => Default::default(),
            },
        },
    );
}

/// `a revision table for French verbs. 3 columns please.`
fn columns_stated_after(hit: &Hit) -> Option<u64> {
    static COLUMNS: Pattern = Pattern::new(r"{n} columns?\b");
    let text = &hit.document.text;
    let at = hit.range.end + COLUMNS.find(&text[hit.range.end..])?.start();
    match hit.document.lexed.kind(hit.document.token_at(at)) {
        Some(&TokenKind::Amount(index)) => hit.document.quantities.get(index)?.exact(),
        _ => None,
    }
}

/// Keys of one object, at most.
const MOST_KEYS: usize = 40;

/// `JSON with the keys name, age and city`: names of keys are words without spaces between.
fn json_keys(hit: &mut Hit) {
    static KEY: Pattern = Pattern::new(
        r#"^[\s:(\[]*(?:(?:and|&|,|plus)\s+)*(?:["'`“‘]([^"'`”’\n]{1,40})["'`”’]|([A-Za-z_][A-Za-z0-9_-]{0,39}))\s*(?:\([^)\n]{0,60}\)\s*)?(,|/|&|and\b|$|[.;)\]]|[a-z])?"#,
    );
    if !says!(hit.context(), r"\bjson\b")
        || says!(
            hit.before(),
            r"\x01 (?:[a-z]+ ){0,2}$|\b(?:no|without|arrow|primary|foreign|which|what|whose) (?:[a-z]+ )?$"
        )
    {
        return;
    }
    let prompt = hit.document.lexed.prompt;
    let (mut at, mut end) = (hit.source_end(), 0);
    let mut keys = Vec::<&str>::new();
    while keys.len() < MOST_KEYS
        && let Some(found) = KEY.captures(&prompt[at..])
    {
        let (quoted, bare) = (found.get(1), found.get(2));
        let Some(name) = quoted.or(bare) else { break };
        if quoted.is_none() && lists::is_common(name.as_str()) {
            break;
        }
        keys.push(name.as_str());
        end = at + name.end() + usize::from(quoted.is_some());
        match found.get(3) {
            Some(link) if matches!(link.as_str(), "," | "/" | "&" | "and") => at += link.end(),
            _ => break,
        }
    }
    hit.extend_to(end);
    if !keys.is_empty() {
        hit.claim_no_numbers()
            .emit("raif:json_keys", kwargs([("keys", keys.into())]));
    }
}

/// The language that the prompt wants its code in: what is to be translated to, else the only one that is named with code.
fn language_of(hit: &Hit) -> Option<String> {
    static NAMED: Pattern = Pattern::new(
        r"\b(python|javascript|typescript|rust|java|sql|bash|ruby|php|kotlin|swift|golang|powershell|perl|scala|haskell|lua) (?:function|script|code|snippet|program|class|one liner|query|command|method|solution)\b",
    );
    static TARGET: Pattern = Pattern::new(
        r"\b(to|into|in) (python|javascript|typescript|rust|java|sql|bash|ruby|php|kotlin|swift|golang|powershell|perl|scala|haskell|lua)\b",
    );
    let text = &hit.document.text;
    let mut targets = TARGET.captures_iter(text).filter(|found| &found[1] != "in");
    if let Some(found) = targets.next() {
        return Some(found[2].to_owned());
    }
    let beside = TARGET
        .captures_iter(hit.sentence())
        .map(|found| found[2].to_owned());
    let mut named: Vec<String> = NAMED
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .chain(beside)
        .collect();
    named.dedup();
    (named.len() == 1).then(|| named.remove(0))
}

fn code_block(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:no|not|without|avoid|never|this|the|following|above) $"
    ) {
        return;
    }
    let language = (1..7).filter_map(|nth| hit.group(nth)).find(|word| {
        !says!(
            word,
            r"^(?:single|markdown|fenced|the|a|one|separate|its|own|proper|code|and|that|so|please)$"
        )
    });
    if is_alone(hit) {
        let language = language.map(str::to_owned).or_else(|| language_of(hit));
        return hit.emit("raif:code_only", kwargs([("lang", language.into())]));
    }
    hit.emit("raif:code_block", kwargs([("lang", language.into())]));
}

/// `nothing but a code block`, `your answer must be a code block`, `a code block with it, nothing before or after`.
fn is_alone(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:nothing (?:but|except|other than|besides|more than)|only|just|solely|exclusively|purely|no text but)(?: (?:with|return|reply|respond|answer|give|output|send|show|write|want|me|as|in|inside|the|of)\b)* $|\b(?:answer|reply|response|output|message)(?: (?:must|should|has to|have to|needs to|is to|will|may|can|just|only|simply))* (?:be|consists? of|is)(?: (?:just|only|simply|entirely|of|as))* $"
    ) || says!(
        hit.after(),
        r"^(?: (?:with|for|containing|holding|around|of) [^.!?\n,;]{1,30}?)?,?(?: [-(])? ?(?:(?:and|with|but) )?(?:only|alone|nothing (?:else|more|before|after|around|outside|above|below)|(?:no|without(?: any)?|zero) (?:other |extra |surrounding |additional |further )?(?:text|prose|words?|explanations?|commentary|comments?|chat|chatter|intro|introduction|preamble|talk|notes)\b|(?:that is|that's) (?:it|all))"
    )
}

/// `do the italics in HTML, not markdown`: what is marked up so are a few words.
fn of_emphasis(before: &str, after: &str) -> bool {
    says!(
        before,
        r"\b(?:italics?|bold|emphasis|underlin(?:e|es|ing)|highlight(?:s|ing)?|links?|tags?)\b(?: (?:should|must|needs?|has|have|to|is|are|be|go|done|made|marked|set|put|written|shown|them|it|up|and|do|so)\b|,)* $"
    ) || says!(
        after,
        r"^ (?:tags?|italics?|for (?:the )?(?:italics?|bold|emphasis|links?))\b"
    )
}

fn markup(hit: &mut Hit, id: &'static str) {
    if of_emphasis(hit.before(), hit.after()) {
        return;
    }
    if says!(
        hit.after(),
        r"^ (?:parser|library|files? (?:that|from|with)|schema|importer|reader|export|tag|email|course|lesson|element|attribute|to indicate)"
    ) || says!(
        hit.before(),
        r"\b(?:not|no|how|what|why|learn|explain|never|parse|from|between|which)\b[^.!?\n]*$"
    ) && !says!(
        hit.text(),
        r"\b(?:only|alone|nothing|must|should|has to|have to|needs? to|means|be)\b"
    ) {
        return;
    }
    hit.emit(id, Default::default());
}
