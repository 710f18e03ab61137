//! How people state which words must and which must not occur.

use crate::{
    constraints::wording::{
        lists,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
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
        cues: &[
            "includ", "mention", "contain", "us", "work", "quot", "featur", "give", "giving",
        ],
        pattern: r"\b(?:include|includes|including|mention|mentions|mentioning|contain|contains|containing|use|using|feature|featuring|work in|quote|quoting|give|giving)(?: (?:both|also|the|these|our|my|her|his|their|following)\b)* (?:dates?|names?|slogan|tagline|motto|hashtags?|line|lines|lyric|catchphrase|product|brand|url|website|address|price|prices|code|hotline|figures|numbers|places|towns|cities|times)[:,]? {q}",
        rank: 38,
        read: required_quotes,
    },
    Phrase {
        cues: &["say", "state", "read"],
        pattern: r"\b(?:must|should|needs? to|has to|have to)(?: (?:also|somewhere|at some point)\b)* (?:say|state) {q}",
        rank: 39,
        read: required_quotes,
    },
    Phrase {
        cues: &["must", "should", "has", "have", "need"],
        pattern: r"\b(?:must|should|has to|have to|needs? to) (?:be|appear|come|stand)(?: (?:in|on) (?:it|there))? (?:the )?(?:key ?words?|words?|terms?|phrases?|names?) {q}",
        rank: 40,
        read: required_quotes,
    },
    Phrase {
        cues: &["work", "weave", "slip", "get", "sneak", "squeeze", "fit"],
        pattern: r"\b(?:work|weave|slip|get|sneak|squeeze|fit|bring|put) (?:the )?(?:words? |terms? |phrases? )?{q}{w} (?:in|into|in there|somewhere)\b",
        rank: 39,
        read: required_quotes,
    },
    Phrase {
        cues: &["includ", "mention", "work", "somewhere"],
        pattern: r"\b(?:like|want|need|love|appreciate|obliged|grateful|glad|happy|nice|great|good|prefer|please|with|have)\b[^.!?\n\x02]{0,60}{q}(?:(?:,| and|, and|,? or| &) {q})*,? (?:(?:were|was|be|being|to be|got|get) )?(?:included|mentioned|worked in|in (?:it|there)|somewhere)\b",
        rank: 37,
        read: required_quotes,
    },
    // What is said of words: `the words a and b must appear`, `"a" is banned`.
    Phrase {
        cues: &["word", "term", "keyword", "phrase", "key", "expression"],
        pattern: r"\b(?:the )?(?:key ?words?|words?|terms?|phrases?|expressions?) {items},? (?:{verdict})",
        rank: 46,
        read: subject,
    },
    Phrase {
        cues: &["word", "term", "keyword", "phrase", "key", "expression"],
        pattern: r"\b(?:the following|these|those|all of these|following) (?:key ?words?|words?|terms?|phrases?|expressions?) (?:{verdict}){w}: ?",
        rank: 47,
        read: subject_list,
    },
    Phrase {
        cues: &[],
        pattern: r"(?:\b(?:neither|nor) )?{q}(?:(?:,|,? and|,? or|,? nor| &) (?:the (?:key ?word|word|term|phrase) )?{q})*,? (?:{verdict})",
        rank: 46,
        read: subject,
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
        pattern: r"\b(?:keywords?|key words?|required (?:words?|terms?)|must (?:have|include)(?: words| keywords)?|words to (?:use|include)|must use)(?: to (?:use|include))?(?: are)?: ?|(?:\n|^|• ?|\b(?:must|should|needs to|has to|shall) )(?:mention|include|contains?|containing|use)s?: ?",
        rank: 36,
        read: required_list,
    },
    // Banned.
    Phrase {
        cues: &["word", "term", "keyword", "phrase", "key", "expression"],
        pattern: r"\b{no}\b(?: (?:want|see|catch|hear|find|read|incorporating|incorporate|containing|mentioning|including|featuring|employing|following|resorting|permitted|includes|contains|mentions|response|specific|negative|positive|anywhere|include|contain|mention|writing|feature|allowed|saying|having|employ|single|either|answer|use of|common|please|should|resort|adding|using|write|utter|these|those|reply|usage|there|uses|used|says|have|from|ever|even|once|with|both|your|must|like|such|rely|make|use|say|you|the|any|all|add|of|to|in|it|be|my|at|as|a)\b)*(?: \x01)? (?:key ?words?|words?|terms?|phrases?|expressions?)\b(?: (?:like|such as|below|of|are|or (?:phrases?|words?|terms?)))?:?",
        rank: 45,
        read: banned_list,
    },
    Phrase {
        cues: &[
            "do", "not", "never", "avoid", "without", "no", "exclud", "skip", "steer", "omit", "refrain",
            "must", "leave",
        ],
        pattern: r"\b{no}\b(?: (?:containing|mentioning|including|include|contain|mention|writing|feature|saying|using|write|utter|used|from|ever|have|use|say|the|any|you|of|to|be)\b|:)*:? {q}",
        rank: 44,
        read: banned_quotes,
    },
    // `do not mention Google or Microsoft`
    Phrase {
        cues: &["mention", "nam", "say", "refer"],
        pattern: r"\b{no}\b(?: (?:ever|even|any|please|you|to|do|should)\b)* (?:mention|mentioning|mentions|name|naming|say|saying|refer to|referring to)(?: (?:the|names?|words?|of)\b)*",
        rank: 37,
        read: banned_names,
    },
    Phrase {
        cues: &["out", "clear", "away"],
        pattern: r"\b(?:leave|leaving|keep|keeping|cut|cutting|take|edit) (?:the )?(?:words?|terms?|phrases?|names?)? ?{items} out\b(?: of (?:it|this|that|there|the \w+|your \w+))?",
        rank: 47,
        read: banned_subject,
    },
    Phrase {
        cues: &["mention", "nam", "say", "includ", "us"],
        pattern: r"\b{no}\b(?: (?:ever|even|please|you|to|do|should)\b)* (?:mention|mentioning|name|naming|say|saying|include|including|use|using) (?:my|our|the|his|her|their|any) (?:[a-z]+ ){1,2}{q}",
        rank: 43,
        read: banned_quotes,
    },
    // `The term "x" is not on our syllabus, so it must not crop up.`
    Phrase {
        cues: &["it", "that", "they", "those", "them", "this", "these"],
        pattern: r"{q}(?:(?:,| and|, and|,? or| &) {q})*[^.!?\n\x02]{0,90}\b(?:it|this|they|these|those|that|(?:that|this|the|those|these|both) (?:words?|phrases?|terms?|one|ones))\b (?:{verdict}|stays? out|stay out|keeps? out|is to stay out|goes)",
        rank: 45,
        read: banned_later,
    },
    Phrase {
        cues: &["keep", "leave", "cut", "take", "without"],
        pattern: r"{q}(?:(?:,| and|, and|,? or| &) {q})*[^.!?\n\x02]{0,90}\b(?:keep|leave|cut|take|edit) (?:it|this|them|these|those|that|(?:that|this|the|those|these|both) (?:words?|phrases?|terms?|one|ones)) (?:well )?(?:out|away)\b|{q}[^.!?\n\x02]{0,90}\b(?:do|go|manage|get by) without (?:it|this|them|these|those|that|(?:that|this) (?:word|phrase|term))\b",
        rank: 45,
        read: banned_subject,
    },
    // `Avoid: adventure, unforgettable` on a line of its own.
    Phrase {
        cues: &["avoid", "ban", "never", "do", "not", "leave"],
        pattern: r"(?:^|\n)(?:• ?)?(?:avoid|banned|never (?:say|use)|do not (?:say|use)|leave out|not to be used): ?",
        rank: 44,
        read: |hit| {
            let line = hit.after().split('\n').next().unwrap_or_default();
            // One word alone may as well be a thing: `Avoid: jargon`.
            if says!(
                line,
                r"^(?:{q}|[\p{L}'-]+)(?:,? (?:and |or )?(?:{q}|[\p{L}'-]+))+[.;]?$|^{q}[.;]?$"
            ) && !says!(
                line,
                r"\b(?:jargon|slang|cliches?|clichés?|hype|buzzwords?|profanity|swearing|repetition|humou?r|sarcasm|politics|religion|spoilers|emojis?|commas|contractions|adverbs|adjectives|exclamation|acronyms|abbreviations|bullets|lists|headings|markdown)\b"
            ) {
                let items = hit.list();
                emit_banned(hit, items);
            }
        },
    },
    Phrase {
        cues: &["nowhere"],
        pattern: r"\bnowhere should (?:the )?(?:words?|terms?|phrases?) {q} (?:appear|occur|be used|show up)",
        rank: 47,
        read: banned_subject,
    },
    Phrase {
        cues: &[
            "forbidden",
            "banned",
            "taboo",
            "prohibited",
            "off",
            "avoid",
            "not",
        ],
        pattern: r"\b(?:forbidden|banned|taboo|prohibited|excluded|off limits)(?: (?:words?|terms?|keywords?|phrases?))?: ?|\b(?:words?|terms?|phrases?) (?:to avoid|not to use|you (?:can|must|may) not use)(?: are)?: ?",
        rank: 45,
        read: banned_list,
    },
];

/// `do not exceed 100 words or use the words …`: what is said after `or` is forbidden as well.
fn forbidden_too(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:not|never|without|avoid|avoiding)\b[^.!?;:\n]*\b(?:or|nor) (?:to )?$|\bdo \x01[^.!?;:\n]*\b(?:or|nor) (?:to )?$"
    )
}

pub fn emit_required(hit: &mut Hit, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    if forbidden_too(hit) {
        return emit_banned(hit, items);
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
        r"\b(?:not|never|no|without|avoid|avoiding|refrain from|neither|nor|cannot|nowhere)(?: (?:please|which|ever|able|want|that|you|the|use|any|to|be)\b)*[,:]? ?$"
    )
}

/// A list of words that follows. Without quotation marks the words must be announced as words.
fn required_list(hit: &mut Hit) {
    if negated(hit)
        || says!(
            hit.text(),
            r"\b(?:write|say|give|provide|place|show|produce|with|list|require|requires|offer|supply|want|need|needs)\b{w} words?$"
        ) && !says!(hit.after(), r"^:? {q}")
            && !(says!(hit.text(), r"\bwith the (?:key)?word$")
                && says!(
                    hit.after(),
                    r"^ [\p{L}'-]+ (?:in (?:it|there)|somewhere|included|worked in)\b"
                ))
        || says!(
            hit.text(),
            r"\x01 words?$|\x01 of (?:these|those|the)(?: following)? (?:words|terms)"
        )
        || says!(hit.text(), r"\b(?:no|not|without)\b")
    {
        return;
    }
    let items = hit.list();
    // `must mention: Rome, Cairo`: bare words only where they are names, for others say what it is about.
    if says!(
        hit.text(),
        r"\b(?:mention|include|contains?|containing|use)s?: ?$"
    ) && !says!(hit.after(), r"^ ?{q}")
        && !items.iter().all(|item| item.starts_with(char::is_uppercase))
        && !(says!(hit.text(), r"^(?:\n|• ?|must |should )*mention: ?$")
            && says!(
                hit.after(),
                r"^[\p{L}'-]+(?:,? (?:and )?[\p{L}'-]+)+[.;]?(?:\n|$)"
            ))
    {
        return;
    }
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
        let start = (from..from + 5).find(|&token| {
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

/// Whether a statement about words forbids them, asks for them, or does neither (`may be used`, `is used`).
fn polarity(text: &str) -> Option<bool> {
    if says!(
        text,
        r"\b(?:not|never|off limits|banned|forbidden|out|taboo|out of bounds|verboten|disallowed|off the table|barred|prohibited|avoided|excluded|omitted|left out|skipped|neither|nor)\b"
    ) {
        return Some(false);
    }
    says!(
        text,
        r"\b(?:must|should|shall|needs? to|has to|have to|ought to)\b"
    )
    .then_some(true)
}

/// `the words "a" and "b" must appear`, `the word c is banned`.
fn subject(hit: &mut Hit) {
    let sure = says!(
        hit.before(),
        r"\b(?:make sure|ensure|be sure|see to it|check|sure)(?: that)?(?: the)? $"
    );
    // `mention "a", do not mention "b"`: what follows the comma is another instruction.
    if says!(hit.text(), r"{q}, (?:and |but )?(?:do|does) ") {
        return;
    }
    let Some(required) = polarity(hit.text()).or(sure.then_some(true)) else {
        return;
    };
    if required
        && says!(
            hit.after(),
            r"^{w}\x01 (?:times?|or more)\b|^ \x01|^{w} in {w}\x04 sentence"
        )
    {
        return;
    }
    let items = subject_items(hit);
    if required {
        emit_required(hit, items);
    } else {
        emit_banned(hit, items);
    }
}

/// `"x" …, so it must not appear`; what must appear is said of the word itself.
fn banned_later(hit: &mut Hit) {
    if polarity(hit.text()) != Some(true)
        && !says!(
            hit.text(),
            r"\b(?:may|can|will|is|are) (?:appear|be|used|fine|ok)\b"
        )
    {
        let items = hit.list_at_quote();
        emit_banned(hit, items);
    }
}

/// `the following words must not appear: a, b`.
fn subject_list(hit: &mut Hit) {
    let Some(required) = polarity(hit.text()) else {
        return;
    };
    let items = hit.list();
    if required {
        emit_required(hit, items);
    } else {
        emit_banned(hit, items);
    }
}

fn banned_list(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:told|asked|advised|taught|used) (?:me |us |him |her |them )?to $"
    ) || says!(hit.text(), r"\b(?:forget|more|less|fewer)\b|\x01 words?$")
        || says!(
            hit.after(),
            r"^ (?:cap|caps|count|counts|limit|limits|budget|minimum|maximum|target|length)\b"
        )
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

/// Names, which capital letters tell from the words of the sentence.
fn banned_names(hit: &mut Hit) {
    let names = hit.capitalised();
    if !names.is_empty() {
        emit_banned(hit, names);
    }
}

pub fn banned_subject(hit: &mut Hit) {
    let items = subject_items(hit);
    emit_banned(hit, items);
}
