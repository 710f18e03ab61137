//! How people state which words and letters must, may or must not occur.

use crate::{
    constraints::parse::{
        lists,
        phrase::{Hit, Phrase, kwargs},
        quantity::Quantity,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    // So many times.
    Phrase {
        cues: &["time", "once"],
        pattern: r"(?:\b(?:key ?)?(?:words?|terms?|name|phrase|expression|string|title)s? )?{q}(?:\)|,| ,)?{w}{n} (?:or more |or fewer |or less |separate |different |\x03 )?(?:times?|occasions?|x)\b",
        rank: 66,
        read: quoted_times,
    },
    Phrase {
        cues: &["time", "once"],
        pattern: r"\b(?:key ?word|word|term|name)s? (?:of )?([\p{L}\p{N}][\p{L}\p{N}'-]*)(?: {w}| ?,? ){n} (?:or more |or fewer |or less |separate |\x03 )?(?:times?|occasions?)\b",
        rank: 64,
        read: word_times,
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
    Phrase {
        cues: &["keyword", "word"],
        pattern: r"\b(?:include|use|mention) (?:the )?(?:key)?word (?:\x02|[\p{L}'-]+) {n} times?(?: in (?:your|the) response)?(?:,? (?:and )?(?:the )?(?:key)?word (?:\x02|[\p{L}'-]+) {n} times?(?: in (?:your|the) response)?){4}",
        rank: 78,
        read: five_keywords,
    },
    // Letters.
    Phrase {
        cues: &["letter", "character", "symbol"],
        pattern: r"\b(?:no )?(?:letters?|character|symbol)s? (?:{q}|([\p{L}#!])\b)(?: (?:whatsoever|mentioned|response|anywhere|featured|included|appears|should|appear|occurs|entire|shall|occur|never|whole|must|your|used|show|will|does|more|may|can|the|all|for|not|is|to|in|be|up|at|do)\b)*(?: ?\(?{n}(?: times?)?)?",
        rank: 70,
        read: letter,
    },
    Phrase {
        cues: &["letter"],
        pattern: r"{n} (?:or more |or fewer )?(?:instances?|occurrences?|uses|copies|appearances?)? ?(?:of )?(?:the )?letters? (?:{q}|([\p{L}])\b)",
        rank: 71,
        read: letter,
    },
    // Required.
    Phrase {
        cues: &["word", "term", "keyword", "key"],
        pattern: r"\b{use}\b(?: (?:(?:vocabulary|following|somewhere|naturally|specific|required|somehow|single|target|these|those|least|exact|every|three|both|each|also|four|all|the|one|two|of|at|in|it|my)\b|\x01))*(?: \x01)?(?: of)?(?: the)? (?:key ?words?|words?|terms?)\b(?: (?:below|of|like|such as|are|listed))?:?",
        rank: 40,
        read: required_list,
    },
    Phrase {
        cues: &["phrase", "expression", "sentence", "string"],
        pattern: r"\b{use}\b(?: (?:following|somewhere|words?|these|exact|both|each|also|all|the|and|of|in|it|or)\b)*(?: the)? (?:phrases?|expressions?|sentences?|strings?)\b:? {q}",
        rank: 42,
        read: required_quotes,
    },
    Phrase {
        cues: &[
            "includ",
            "mention",
            "contain",
            "use",
            "using",
            "incorporat",
            "feature",
            "work",
            "slip",
            "weav",
            "reference",
            "drop",
            "add",
            "name",
        ],
        pattern: r"\b(?:include|includes|including|included|mention|mentions|mentioning|contain|contains|containing|use|uses|using|incorporate|incorporates|incorporating|feature|features|featuring|weave in|slip in|work in|working in|drop in|reference|throw in|squeeze in|name check|fit in|sneak in)(?: (?:somewhere|there|both|also|the|in)\b)*:? {q}",
        rank: 38,
        read: required_quotes,
    },
    Phrase {
        cues: &["work", "weave", "slip", "get", "sneak", "squeeze", "fit"],
        pattern: r"\b(?:work|weave|slip|get|sneak|squeeze|fit|bring|put) (?:the )?(?:words? |terms? |phrases? )?{q}{w} (?:in|into|in there|somewhere)\b",
        rank: 39,
        read: required_quotes,
    },
    Phrase {
        cues: &["word", "term", "keyword", "phrase"],
        pattern: r"\b(?:the )?(?:key ?words?|words?|terms?|phrases?) (?:{q}|[\p{L}'-]+)(?:(?:,| and|,? or|,? and| &) (?:{q}|[\p{L}'-]+))* (?:must|should|needs? to|has to|have to|ought to) (?:also |both |all |each )?(?:appear|be included|be used|be mentioned|be present|be in|be there|feature|show up|occur|be part|come up|turn up|be featured)\b",
        rank: 41,
        read: required_subject,
    },
    Phrase {
        cues: &[
            "appear", "turn", "show", "feature", "come", "crop", "includ", "mention", "get", "used",
        ],
        pattern: r"(?:\b(?:make sure|ensure|be sure|see to it|check|see)(?: that)?(?: (?:both|all|the words?|the terms?))* )?{q}(?:(?:,|,? and|,? or| &) {q})* (?:both |all |each )?(?:must |should |needs? to |need to |have to |has to |ought to )?(?:both |all |each )?(?:appear|appears|turn up|turns up|show up|shows up|feature|features|come up|comes up|crop up|get a mention|gets a mention|are included|is included|be included|be mentioned|are mentioned|be used)\b(?: somewhere)?",
        rank: 41,
        read: required_sure,
    },
    Phrase {
        cues: &["keyword", "key", "required", "must"],
        pattern: r"\b(?:keywords?|key words?|required (?:words?|terms?)|must (?:have|include)(?: words| keywords)?|words to (?:use|include)|must use)(?: to (?:use|include))?(?: are)?: ?",
        rank: 36,
        read: required_list,
    },
    // Banned.
    Phrase {
        cues: &["word", "term", "keyword", "phrase", "key", "expression"],
        pattern: r"\b{no}\b(?: (?:incorporating|incorporate|containing|mentioning|including|featuring|employing|following|resorting|permitted|includes|contains|mentions|response|specific|negative|positive|anywhere|include|contain|mention|writing|feature|allowed|saying|having|employ|single|either|answer|use of|common|please|should|resort|adding|using|write|utter|these|those|reply|usage|there|uses|used|says|have|from|ever|even|once|with|both|your|must|like|such|rely|make|use|say|you|the|any|all|add|of|to|in|it|be|my|at|as|a)\b)*(?: \x01)? (?:key ?words?|words?|terms?|phrases?|expressions?)\b(?: (?:like|such as|below|of|are|or (?:phrases?|words?|terms?)))?:?",
        rank: 45,
        read: banned_list,
    },
    Phrase {
        cues: &[
            "do", "not", "never", "avoid", "without", "no", "exclud", "skip", "steer", "omit", "refrain",
            "must", "leave",
        ],
        pattern: r"\b{no}\b(?: (?:containing|mentioning|including|include|contain|mention|writing|feature|saying|using|write|utter|used|from|ever|have|use|say|the|any|you|of|to|be)\b)*:? {q}",
        rank: 44,
        read: banned_quotes,
    },
    Phrase {
        cues: &["word", "term", "keyword", "phrase"],
        pattern: r"\b(?:key ?words?|words?|terms?|phrases?) (?:{q}|[\p{L}'-]+)(?:(?:,| and|,? or|,? and|,? nor| &|,) (?:the (?:word|term|phrase) )?(?:{q}|[\p{L}'-]+))*,? (?:(?:must|should|can|may|shall|do|does|will|is|are|ought) (?:not |never |all be |be |both be |each be )(?:to )?(?:be |ever )?(?:appear|used|mentioned|included|in|present|allowed|permitted|said|anywhere|show up|feature|occur|there|be|part|off limits|banned|forbidden|out|not)?|(?:is|are) (?:strictly |completely |totally |both |all )?(?:off limits|banned|forbidden|not allowed|prohibited|out|taboo|out of bounds|verboten|disallowed|off the table|barred))",
        rank: 46,
        read: banned_subject,
    },
    Phrase {
        cues: &[
            "off",
            "banned",
            "forbidden",
            "taboo",
            "prohibited",
            "not",
            "never",
        ],
        pattern: r"{q} (?:(?:is|are) (?:strictly |completely )?(?:off limits|banned|forbidden|not allowed|prohibited|out|taboo|out of bounds|disallowed|off the table)|(?:is|are|must|should|can|may)(?: be)? (?:not|never) (?:to be )?(?:appear|be used|used|said|mentioned|included|be mentioned|be included|be in|feature|show up))",
        rank: 46,
        read: banned_subject,
    },
    Phrase {
        cues: &["nowhere"],
        pattern: r"\bnowhere should (?:the )?(?:words?|terms?|phrases?) {q} (?:appear|occur|be used|show up)",
        rank: 47,
        read: banned_subject,
    },
    Phrase {
        cues: &["forbidden", "banned", "taboo", "prohibited", "off"],
        pattern: r"\b(?:forbidden|banned|taboo|prohibited|excluded|off limits)(?: (?:words?|terms?|keywords?|phrases?))?: ?",
        rank: 45,
        read: banned_list,
    },
];

/// `war` of `the word war`, or the quoted string of the match.
fn object(hit: &Hit) -> Option<String> {
    let quoted = hit.quotes().last().map(|quote| (*quote).to_owned());
    quoted.or_else(|| {
        let word = hit.group(1)?;
        let taken = says!(
            word,
            r"^(?:in|the|a|an|at|for|to|of|should|must|appears?|is|are|and|or|count|limit|with|that|which|more|less|than|used?|can|be|each|exactly|by|from|on|as|per|no|not|it|times?|repeated|if|only|all|will|does|do)$"
        );
        if taken { None } else { hit.group_source(1).map(str::to_owned) }
    })
}

fn frequency(hit: &mut Hit, keyword: &str, quantity: &Quantity) {
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
        r"\b(?:make sure|ensure|sure|be sure|so that|see that|want|need|must|should|such that|where|in which)\b"
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
    if described(hit) || says!(hit.text(), r"\b(?:capital|caps|upper ?case|letter)\b|{q}") {
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
    if let Some(name) = crate::constraints::parse::phrase::quoted(hit.document, hit.document.token_at(at)) {
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

fn letter(hit: &mut Hit) {
    let letters: Vec<String> = match hit.quotes() {
        quotes if !quotes.is_empty() => quotes.iter().map(|quote| (*quote).to_owned()).collect(),
        _ => hit.group(1).map(str::to_owned).into_iter().collect(),
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
    let quantity = match hit.amount(0) {
        Some(quantity) => quantity.clone(),
        None if negated => Quantity {
            lo: None,
            hi: Some(0),
            approximate: false,
            related: true,
            after: None,
        },
        None => return,
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

pub fn emit_required(hit: &mut Hit, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    let phrases = items.iter().any(|item| item.split_whitespace().count() > 1);
    match phrases {
        true => hit.emit("raif:include_phrase", kwargs([("phrases", items.into())])),
        false => hit.emit("keywords:existence", kwargs([("keywords", items.into())])),
    }
}

fn emit_banned(hit: &mut Hit, items: Vec<String>) {
    let (phrases, words): (Vec<String>, Vec<String>) = items
        .into_iter()
        .partition(|item| item.split_whitespace().count() > 1);
    if !words.is_empty() {
        hit.emit(
            "keywords:forbidden_words",
            kwargs([("forbidden_words", words.into())]),
        );
    }
    if !phrases.is_empty() {
        hit.emit("raif:avoid_phrase", kwargs([("phrases", phrases.into())]));
    }
}

fn negated(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:not|never|no|without|avoid|avoiding|refrain from|neither|nor|cannot|nowhere)(?: (?:please|which|ever|able|want|that|you|the|use|any|to|be)\b)*,? ?$"
    )
}

/// A list of words that follows. Without quotation marks the words must be announced as words.
fn required_list(hit: &mut Hit) {
    if negated(hit)
        || says!(
            hit.text(),
            r"\b(?:write|say|give|provide|place|show|produce|with|list|require|requires|offer|supply|want|need|needs)\b{w} words?$"
        ) && !says!(hit.after(), r"^:? {q}")
        || says!(hit.text(), r"\x01 words?$")
        || says!(hit.text(), r"\b(?:no|not|without)\b")
    {
        return;
    }
    let items = hit.list();
    // `suggest two names … the keyword "brand" each time`: as often as there are answers.
    if says!(hit.sentence(), r"{q} (?:each|every) time\b")
        && let (Some(count), [item]) = (hit.first_amount(), items.as_slice())
    {
        hit.emit(
            "keywords:frequency",
            kwargs([
                ("keyword", item.as_str().into()),
                ("frequency", count.into()),
                ("relation", "at least".into()),
            ]),
        );
        return;
    }
    if says!(
        &hit.document.text[hit.range.end..]
            .chars()
            .take(4)
            .collect::<String>(),
        r"^ ?{q}"
    ) || !says!(hit.text(), r"\b(?:words|terms)$")
        || items.len() > 1
    {
        emit_required(hit, items);
    }
}

fn required_quotes(hit: &mut Hit) {
    if negated(hit)
        || says!(
            hit.after(),
            r"^ (?:as (?:the|a) (?:title|name|label|heading|separator|delimiter)|to (?:separate|indicate|highlight|mark|denote))"
        )
    {
        return;
    }
    let items = hit.list_at_quote();
    if items
        .iter()
        .any(|item| item.chars().all(|c| !c.is_alphanumeric()))
    {
        return;
    }
    emit_required(hit, items);
}

fn subject_items(hit: &mut Hit) -> Vec<String> {
    if hit.quotes().is_empty() {
        let from = hit.document.token_at(hit.range.start);
        let start = (from..from + 4).find(|&token| {
            matches!(
                hit.document.lexed.word(token),
                "word" | "words" | "keyword" | "keywords" | "term" | "terms" | "phrase" | "phrases"
            )
        });
        return start.map(|token| hit.list_from(token + 1)).unwrap_or_default();
    }
    hit.list_at_quote()
}

/// A statement about a text unless it is asked for.
fn required_sure(hit: &mut Hit) {
    let asked = says!(
        hit.text(),
        r"\b(?:sure|ensure|see|check|must|should|needs?|have to|has to|ought to)\b"
    );
    if asked && !says!(hit.text(), r"\b(?:not|never|no)\b") && !says!(hit.after(), r"^{w}{n} times") {
        let items = hit.list_at_quote();
        emit_required(hit, items);
    }
}

fn required_subject(hit: &mut Hit) {
    if says!(
        hit.after(),
        r"^(?: in (?:the|your) (?:response|answer|text|story|song|poem))? ?(?:for )?\x01 times?|^ \x01"
    ) {
        return;
    }
    if says!(hit.text(), r"\b(?:not|never|no)\b") || says!(hit.after(), r"^{w} \x01 times") {
        return;
    }
    let items = subject_items(hit);
    emit_required(hit, items);
}

fn banned_list(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:told|asked|advised|taught|used) (?:me |us |him |her |them )?to $"
    ) || says!(hit.text(), r"\b(?:forget|more|less|fewer)\b|\x01 words?$")
    {
        return;
    }
    let singular = says!(hit.text(), r"\b(?:word|term|keyword|key word|phrase|expression)$");
    if says!(hit.text(), r"\bany\b{w}(?:words?|phrases?)$")
        && !says!(hit.after(), r"^ ?(?:\(?(?:like|such as)|:|of the following|{q})")
    {
        return;
    }
    let quoted = says!(hit.after(), r"^(?: (?:like|such as|as))?:? ?\[?{q}");
    let mut items = hit.list();
    if singular && !quoted && !says!(hit.after(), r"^ [^.!?\n]*?\b(?:and|or|nor)\b|^ [^.!?\n]*&") {
        items.truncate(1);
    }
    if !quoted && items.iter().any(|item| lists::is_common(item)) && !singular {
        return;
    }
    emit_banned(hit, items);
}

fn banned_quotes(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:told|asked|advised|taught|used) (?:me |us |him |her |them )?to $"
    ) || says!(hit.text(), r"^(?:no|must not|may not|none|nothing|zero) {q}$")
        && says!(hit.before(), r"\b(?:yes|say|answer) (?:or )?$")
        || says!(hit.text(), r"^(?:not|nothing|none|neither|drop|lose|free) {q}")
    {
        return;
    }
    let items = hit.list_at_quote();
    emit_banned(hit, items);
}

pub fn banned_subject(hit: &mut Hit) {
    let items = subject_items(hit);
    emit_banned(hit, items);
}

/// Once, twice, three, five and seven times: a constraint of its own.
fn five_keywords(hit: &mut Hit) {
    let counts: Vec<u64> = (0..5).filter_map(|nth| hit.amount(nth)?.exact()).collect();
    if counts != [1, 2, 3, 5, 7] {
        return;
    }
    let mut arguments = crate::constraints::Kwargs::new();
    let document = hit.document;
    let from = document.token_at(hit.range.start);
    let to = document.token_at(hit.range.end - 1);
    let words = (from..to).filter(|&token| matches!(document.lexed.word(token), "keyword" | "word"));
    for (nth, token) in words.enumerate() {
        let word = crate::constraints::parse::phrase::quoted(document, token + 1)
            .unwrap_or(document.lexed.source(token + 1));
        arguments.insert(format!("keyword{}", nth + 1), word.into());
    }
    hit.emit("count:keywords_multiple", arguments);
}
