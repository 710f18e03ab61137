//! How people state which words and letters must, may or must not occur.

use crate::{
    constraints::wording::{
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
        quantity::Quantity,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    // So many times.
    Phrase {
        cues: &["time", "occasion", "place", "spot", "x"],
        pattern: r"(?:\b(?:key ?)?(?:words?|terms?|name|phrase|expression|string|title)s? )?{quotes}(?:\)|,| ,|:)?{v}{n} (?:or more |or fewer |or less |separate |different |\x03 )?(?:times?|occasions?|places|spots|x)\b",
        rank: 66,
        read: quoted_times,
    },
    Phrase {
        cues: &["time", "once"],
        pattern: r"\b(?:key ?word|word|term|name),? (?:of )?([\p{L}\p{N}][\p{L}\p{N}'-]*),?(?: {w}| ?,? ){n} (?:or more |or fewer |or less |separate |\x03 )?(?:times?|occasions?)\b",
        rank: 64,
        read: word_times,
    },
    Phrase {
        cues: &["mention", "say", "repeat", "includ", "us"],
        pattern: r"\b(?:mention|mentions|mentioning|say|saying|include|including|use|using) ([\p{L}][\p{L}'-]*)(?: (?:by name|in passing|somewhere))? {n} (?:or more |or fewer |\x03 )?(?:times?|occasions?)\b",
        rank: 62,
        read: word_times,
    },
    // `mention Paris at least 3 times and London once`
    Phrase {
        cues: &["time", "once", "twice"],
        pattern: r"(?:,|,? and|,? but|;|,? plus) ([\p{L}][\p{L}'-]*) {n} (?:or more |or fewer |\x03 )?(?:times?|occasions?)\b",
        rank: 61,
        read: |hit| {
            let goes_on = says!(
                hit.before(),
                r"\b(?:mention|mentions|mentioning|say|saying|include|including|use|using|name|naming)\b[^:]*\x01 (?:times?|occasions?)(?: \x03)?$"
            );
            let named = hit
                .group_source(1)
                .is_some_and(|word| word.starts_with(char::is_uppercase))
                || says!(hit.before(), r"\b(?:words?|terms?) [\p{L}'-]+ \x01 times?");
            if goes_on && named {
                word_times(hit);
            }
        },
    },
    Phrase {
        cues: &["time"],
        pattern: r"{n} times?,? (?:(?:use|include|mention|say|write|the) )*(?:the )?(?:key ?words?|words?|terms?|phrase|name)? ?{q}",
        rank: 60,
        read: quoted_times,
    },
    Phrase {
        cues: &[
            "mention",
            "instance",
            "occurrence",
            "use",
            "repetition",
            "appearance",
        ],
        pattern: r"{n} (?:mentions?|instances?|occurrences?|uses|repetitions?|appearances?|references?)(?: of| to)(?: the)?(?: (?:key ?)?(?:words?|terms?|phrase|name))? (?:{q}|([\p{L}]+))",
        rank: 65,
        read: quoted_times,
    },
    Phrase {
        cues: &["mention", "use", "appearance", "occurrence", "outing", "instance"],
        pattern: r"(?:\b(?:words?|terms?|name|phrase|expression) )?{q}{v}{n} (?:or more |or fewer |separate |different )?(?:mentions?|uses|appearances?|occurrences?|outings?|instances?)\b",
        rank: 65,
        read: quoted_times,
    },
    // `our founder Ezekiel has to be named four times`
    Phrase {
        cues: &[
            "named",
            "mentioned",
            "appear",
            "come",
            "crop",
            "feature",
            "land",
            "called",
            "get",
        ],
        pattern: r"\b([\p{L}][\p{L}'-]*) (?:must|should|has to|needs to|have to|need to) (?:be |get |come )?(?:named|mentioned|appear|up|feature|called out|land|a mention){v} {n} (?:or more |or fewer |\x03 )?times?\b",
        rank: 61,
        read: |hit| {
            if hit
                .group_source(1)
                .is_some_and(|name| name.starts_with(char::is_uppercase))
            {
                word_times(hit);
            }
        },
    },
    Phrase {
        cues: &["name"],
        pattern: r"\bname of the (?:company|product|brand|app|business|team|shop|person|place|client|firm){w}{n} times?",
        rank: 60,
        read: company_times,
    },
    Phrase {
        cues: &["likewise", "same", "ditto", "too"],
        pattern: r"{q},? (?:likewise|ditto|the same|too|as often|as many times|the same number of times)\b",
        rank: 67,
        read: likewise,
    },
    // Letters.
    Phrase {
        cues: &["letter", "character", "symbol"],
        pattern: r"\b(?:letters?|character|symbol)s? (?:{q}|([\p{L}#!])\b){v} \(?{n}(?: or more| or fewer)? ?(?:times?|occurrences?|instances?)|\b(?:no )?(?:letters?|character|symbol)s? (?:{q}|([\p{L}#!])\b)(?: (?:whatsoever|mentioned|response|anywhere|featured|included|appears|should|appear|occurs|entire|shall|occur|never|whole|must|your|used|show|will|does|more|may|can|the|all|for|not|is|to|in|be|up|at|do)\b)*(?: ?\(?{n}(?: times?)?)?",
        rank: 70,
        read: letter,
    },
    Phrase {
        cues: &["letter"],
        pattern: r"{n} (?:or more |or fewer )?(?:instances?|occurrences?|uses|copies|appearances?)? ?(?:of )?(?:the )?letters? (?:{q}|([\p{L}])\b)",
        rank: 71,
        read: letter,
    },
    // `ration the letter e: five of them`
    Phrase {
        cues: &["letter"],
        pattern: r"\bletters? (?:{q}|([\p{L}])\b)[:,-]? ?{n}(?: \x03)? of (?:them|those|these)\b",
        rank: 71,
        read: letter,
    },
    // Marks, which count as letters do.
    Phrase {
        cues: MARK_CUES,
        pattern: r"\b{no}\b(?: (?:exclamations?|ellips[ei]s|including|hashtags?|hash tags?|numbering|include|contain|commas?|emojis?|single|adding|using|marks?|puts?|from|have|even|with|your|ever|use|any|the|add|put|of|in|or|to|a)\b|,)* {mark}(?:(?:,| and|,? or|,? and|,? nor| \&|/) ?(?:any |no |the )?(?:{mark}|emojis?|hashtags?|commas?))*(?: (?:anywhere|at all|whatsoever|please|pls))?",
        rank: 52,
        read: no_marks,
    },
    Phrase {
        cues: MARK_CUES,
        pattern: r"\b{mark}(?:(?:,| and|,? or|,? and|,? nor| \&) {mark})* (?:are|is|should be|must be)(?: all| strictly)? (?:not (?:allowed|permitted|used|welcome|ok|okay)|banned|forbidden|prohibited|off limits|out|disallowed|avoided)\b|\b{mark}: (?:none|zero|no)\b|\b(?:skip|drop|lose|cut|ditch|leave out) (?:all |any |the )*{mark}",
        rank: 52,
        read: no_marks,
    },
    Phrase {
        cues: MARK_CUES,
        pattern: r"{n} (?:[a-z]+ )?(?:{mark}|commas?\b)",
        rank: 52,
        read: marks,
    },
];

/// Beginnings of the names of marks.
pub const MARK_CUES: &[&str] = &[
    "exclam",
    "question",
    "semi",
    "colon",
    "dash",
    "em",
    "en",
    "hyphen",
    "ampersand",
    "apostrophe",
    "full",
    "period",
    "comma",
];

/// The marks of which `name` speaks.
fn mark(name: &str) -> Option<char> {
    [
        ("exclam", '!'),
        ("comma", ','),
        ("question", '?'),
        ("semi", ';'),
        ("colon", ':'),
        ("hyphen", '-'),
        ("en", '–'),
        ("ampersand", '&'),
        ("apostrophe", '\''),
        ("em", '—'),
        ("dash", '—'),
        ("full", '.'),
        ("period", '.'),
        ("long", '—'),
    ]
    .into_iter()
    .find(|(stem, _)| name.starts_with(stem))
    .map(|(_, mark)| mark)
}

/// The marks that a match names, each once.
fn marks_of(text: &str) -> Vec<char> {
    static MARK: Pattern = Pattern::new(r"\b(?:{mark}|commas?\b)");
    let mut marks = Vec::new();
    for mark in MARK.find_iter(text).filter_map(|found| mark(found.as_str())) {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    marks
}

pub fn no_marks(hit: &mut Hit) {
    let none = Quantity {
        lo: None,
        hi: Some(0),
        approximate: false,
        related: true,
        after: None,
    };
    // `no more than two question marks` is a number's.
    if hit.amount(0).is_some_and(|quantity| quantity.exact() != Some(0))
        || says!(
            hit.after(),
            r"^ (?:at the (?:end|start)|in the (?:title|headline|subject)|except|unless)\b"
        )
    {
        return;
    }
    // A ban on commas has an id of its own.
    for mark in marks_of(hit.text()).into_iter().filter(|&mark| mark != ',') {
        emit_mark(hit, mark, &none);
    }
}

fn marks(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    // `a sentence with two commas` is what something has.
    let commas = says!(hit.text(), r"\bcommas?$");
    if commas && !quantity.related || hit.is_of_a_thing() || says!(hit.after(), r"^ (?:separated|delimited)")
    {
        return;
    }
    for mark in marks_of(hit.text()).into_iter().take(1) {
        emit_mark(hit, mark, &quantity);
    }
}

fn emit_mark(hit: &mut Hit, mark: char, quantity: &Quantity) {
    let rest = kwargs([("letter", mark.to_string().into())]);
    hit.emit_bounds(
        "keywords:letter_frequency",
        "let_frequency",
        "let_relation",
        quantity,
        &rest,
    );
}

/// `war` of `the word war`, or the quoted string of the match.
fn object(hit: &Hit) -> Option<String> {
    let quoted = hit.quotes().last().map(|quote| (*quote).to_owned());
    quoted.or_else(|| {
        let word = hit.group(1)?;
        let taken = says!(
            word,
            r"^(?:in|the|a|an|at|for|to|of|may|any|will|should|must|appears?|is|are|and|or|count|limit|with|that|which|more|less|than|used?|can|be|each|exactly|by|from|on|as|per|no|not|it|times?|repeated|if|only|all|will|does|do|this|that|them|each|everything|yourself|both|him|her|me|us|these|those|words?|commas?|emojis?|hashtags?|bullets?)$"
        );
        (!taken).then(|| whole_name(hit)).flatten()
    })
}

/// The word of the first group, with the words behind it that are part of a name: `the name Rug Republic`.
fn whole_name(hit: &Hit) -> Option<String> {
    let document = hit.document;
    let range = hit.captures_range(1)?;
    let first = document.token_at(range.start);
    let tokens = &document.lexed.tokens;
    let is_capital = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| token.capital && !document.lexed.word(at).is_empty())
    };
    let mut last = first;
    while is_capital(first) && is_capital(last + 1) {
        last += 1;
    }
    Some(document.lexed.prompt[tokens[first].span.start..tokens[last].span.end].to_owned())
}

pub(super) fn frequency(hit: &mut Hit, keyword: &str, quantity: &Quantity) {
    // `"Caesar" not even once`
    let never = Quantity {
        lo: None,
        hi: Some(0),
        ..quantity.clone()
    };
    let is_never = quantity.exact() == Some(1) && says!(hit.text(), r"\bnot (?:even |a single )?\x01");
    let quantity = if is_never { &never } else { quantity };
    let keyword = keyword.trim_end_matches([',', '.']);
    let existence =
        |hit: &mut Hit| hit.emit("keywords:existence", kwargs([("keywords", vec![keyword].into())]));
    let bound = |hit: &mut Hit, relation: &str, value: u64| {
        hit.emit(
            "keywords:frequency",
            kwargs([
                ("keyword", keyword.into()),
                ("frequency", value.into()),
                ("relation", relation.into()),
            ]),
        );
    };
    match (quantity.lo, quantity.hi) {
        (Some(0), Some(0)) | (None, Some(0)) => {
            hit.emit(
                "keywords:forbidden_words",
                kwargs([("forbidden_words", vec![keyword].into())]),
            );
        }
        (Some(1), Some(1)) => {
            existence(hit);
            bound(hit, "less than", 2);
        }
        (Some(lo), Some(hi)) => {
            bound(hit, "at least", lo);
            bound(hit, "less than", hi.saturating_add(1));
        }
        (Some(1), None) => existence(hit),
        (Some(lo), None) => bound(hit, "at least", lo),
        (None, Some(hi)) => bound(hit, "less than", hi.saturating_add(1)),
        (None, None) => {}
    }
}

/// Of a text that exists already, not of the answer: `the word appears ten times in my essay`.
fn described(hit: &Hit) -> bool {
    says!(
        hit.text(),
        r"\b(?:appears|occurs|is used|was used|appeared|shows up|is mentioned)\b"
    ) && !says!(
        hit.sentence(),
        r"\b(?:make sure|ensure|sure|be sure|so that|so the|see that|want|need|must|should|such that|where|in which|write|rewrite|redo|compose|draft|make|check)\b"
    ) || says!(hit.after(), r"^ in my \b")
}

pub fn quoted_times(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if described(hit) || says!(hit.text(), r"\bletters?\b") {
        return;
    }
    let quotes = hit.quotes();
    if quotes.len() > 1 {
        // `"a" and "b" twice each`; otherwise the nearest one.
        let shared = says!(hit.text(), r"{q}(?:,| and|, and|,? or| &) ") || says!(hit.after(), r"^ each\b");
        if shared {
            for quote in quotes {
                frequency(hit, quote, &quantity);
            }
            return;
        }
    }
    if let Some(keyword) = object(hit) {
        frequency(hit, &keyword, &quantity);
    }
}

fn word_times(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    // `no word gets to come up …` is of every word.
    if described(hit)
        || says!(hit.text(), r"\b(?:capital|caps|upper ?case|letter)\b|{q}")
        || says!(hit.before(), r"\b(?:no|any|each|every|a|one|single) $")
    {
        return;
    }
    if let Some(keyword) = object(hit) {
        frequency(hit, &keyword, &quantity);
    }
}

/// `a company called "Grid" … the name of the company five times`.
fn company_times(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    let text = &hit.document.text[..hit.range.start];
    let Some(at) = text.rfind('\u{2}') else { return };
    if let Some(name) = hit.document.quoted(hit.document.token_at(at)) {
        frequency(hit, name, &quantity);
    }
}

/// Takes its number from the constraint before it.
fn likewise(hit: &mut Hit) {
    let Some(keyword) = hit.quote() else { return };
    let model = hit
        .found()
        .iter()
        .rev()
        .find(|found| {
            found.id == "keywords:frequency" && found.span.end <= hit.document.source(hit.range.clone()).start
        })
        .map(|found| found.kwargs.clone());
    if let Some(mut arguments) = model {
        arguments.insert("keyword".into(), keyword.into());
        hit.emit("keywords:frequency", arguments);
    }
}

pub fn letter(hit: &mut Hit) {
    let letters: Vec<String> = match hit.quotes() {
        quotes if !quotes.is_empty() => quotes.iter().map(|quote| (*quote).to_owned()).collect(),
        _ => hit.last_group().map(str::to_owned).into_iter().collect(),
    };
    let negated = says!(hit.text(), r"^no |\b(?:not|never|no)\b")
        || says!(
            hit.before(),
            r"\b{no}\b(?: (?:that contain|containing|including|response|contain|include|writing|saying|single|of the|letter|having|answer|using|words|write|which|used|ever|once|from|with|word|even|have|your|use|say|the|any|all|you|has|for|to|of|in|it|at|we|a|i)\b)*,? ?$"
        )
        || says!(
            hit.after(),
            r"^ (?:is |are )?(?:banned|forbidden|off limits|not allowed|prohibited|taboo|out)\b"
        );
    if letters.iter().any(|letter| letter.chars().count() != 1) {
        return;
    }
    if says!(
        hit.before(),
        r"\b(?:who|whom|trying to|tries to|try to|people|wants? to) [^,;]*$"
    ) {
        return;
    }
    if says!(hit.text(), r"^(?:character|symbol)") && hit.amount(0).is_none() {
        return;
    }
    // `never shows its face, not even once`
    let never = says!(hit.text(), r"\b(?:not|never) (?:even |a single )*\x01");
    let quantity = match hit.amount(0) {
        Some(quantity) if !never => quantity.clone(),
        _ if negated => Quantity {
            lo: None,
            hi: Some(0),
            approximate: false,
            related: true,
            after: None,
        },
        _ => return,
    };
    for letter in letters {
        let rest = kwargs([("letter", letter.to_lowercase().into())]);
        hit.emit_bounds(
            "keywords:letter_frequency",
            "let_frequency",
            "let_relation",
            &quantity,
            &rest,
        );
    }
}
