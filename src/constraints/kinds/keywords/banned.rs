//! How people state which words must not occur.

use super::words_of::{emit_banned, polarity, subject_items};
use crate::{
    constraints::wording::{
        lists,
        phrase::{Hit, Phrase},
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["neither", "none", "nobody", "no"],
        pattern: r"\b(?:neither|none|nobody|no one)\b[^.!?\n\x02]{0,40}\b(?:say|says|use|uses|mention|mentions|contain|contains|utter|see|hear|read|find|include|includes) (?:the (?:words?|phrase) )?{q}",
        rank: 45,
        read: banned_subject,
    },
    Phrase {
        cues: &["word", "term", "keyword", "phrase", "key", "expression"],
        pattern: r"\b{no}\b(?: (?:want|see|catch|hear|find|read|incorporating|incorporate|containing|mentioning|including|featuring|employing|following|resorting|permitted|includes|contains|mentions|response|specific|negative|positive|anywhere|include|contain|mention|writing|feature|allowed|saying|having|employ|single|either|answer|use of|common|please|should|resort|adding|using|write|utter|these|those|reply|usage|there|uses|used|says|have|from|ever|even|once|with|both|your|must|like|such|rely|make|let|room for|place for|find|another|other|one of|speak|spoken|utter|uttering|use|say|you|the|any|all|add|of|to|in|it|be|my|at|as|a)\b)*(?: \x01(?: of (?:the|these|those))?)? (?:key ?words?|words?|terms?|phrases?|expressions?)\b(?: (?:like|such as|below|of|are|or (?:phrases?|words?|terms?)))?:?",
        rank: 45,
        read: banned_list,
    },
    Phrase {
        cues: &[
            "do", "not", "never", "avoid", "without", "no", "exclud", "skip", "steer", "omit", "refrain",
            "must", "leave",
        ],
        pattern: r"\b{no}\b(?: (?:containing|mentioning|including|include|contain|mention|writing|feature|saying|using|write|utter|used|from|ever|have|use|say|the|any|you|of|to|be|a|single|let|want|see|hear|read|put|another|even|please|circumstances|instance|mention|trace|sign)\b|:)*:? {q}",
        rank: 44,
        read: banned_quotes,
    },
    // `remove the word "campus" from it`
    Phrase {
        cues: &["remov", "delet", "cut", "strip", "take", "get", "eras", "strike"],
        pattern: r"\b(?:remove|delete|cut|strip|take out|get rid of|erase|strike)(?: (?:out|all|every|any))* (?:(?:mentions?|uses?|occurrences?|instances?) of )?the (?:words?|phrases?|terms?) {q}(?:(?:,| and|, and| &) {q})* (?:from|in|out of|throughout|wherever) (?:it|there|this|that|the (?:text|email|letter|story|poem|post|draft|message)|your (?:text|answer|draft|reply))\b",
        rank: 44,
        read: banned_subject,
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
        pattern: r"{q}(?:(?:,| and|, and|,? or| &) {q})*[^.!?\n\x02]{0,90}\b(?:it|this|they|these|those|that|(?:that|this|the|those|these|both) (?:words?|phrases?|terms?|one|ones))\b (?:{verdict}|stays? out|keeps? out|is to stay out|goes(?:[.,;!]|$))",
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
        cues: &["not"],
        pattern: r"{q}(?:(?:,| and|, and|,? or) {q})* (?:not|never) (?:be (?:used|mentioned|included|said|there)|appear|feature|occur|come up)\b",
        rank: 46,
        read: banned_subject,
    },
    // `"ocean" and "water" are words you cannot use`
    Phrase {
        cues: &["word", "term", "phrase", "expression"],
        pattern: r"{q}(?:(?:,| and|, and|,? or| &) {q})* (?:is|are|being) (?:all |both |a |the |on the |among the )?(?:list of )?(?:words?|terms?|phrases?|expressions?) (?:that |which )?(?:you |i |we |it |the [a-z]+ )?(?:(?:can|must|should|may|do|will|is|are) (?:not|never)|cannot|never|to avoid|not to use|to leave out|to skip|to stay away from)\b(?: (?:use|want|mention|say|include|appear|see|be used|to be used))?",
        rank: 47,
        read: banned_subject,
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
            "black",
            "outlawed",
            "vetoed",
            "barred",
            "unwelcome",
            "out",
        ],
        pattern: r"\b(?:forbidden|banned|taboo|prohibited|excluded|off limits|off the table|blacklist(?:ed)?|black list(?:ed)?|outlawed|vetoed|barred|no go|not allowed|not permitted|not welcome|unwelcome|out of bounds|words? that are out)(?: (?:words?|terms?|keywords?|phrases?|vocabulary|list))?(?: (?:are|is|here are|include|includes|today))?: ?|\b(?:words?|terms?|phrases?|vocabulary) (?:to avoid|not to (?:use|be used|be included|be mentioned|appear)|to (?:leave out|stay away from|steer clear of|skip)|(?:that|which) (?:must|should|may|can) not [^.:!?\n\x01\x02]{0,20}|you (?:can|must|may) not use)(?: are)?(?::| -) ?|\b(?:may|must|can|should|do) not (?:use|say|include|mention)(?: any of)? (?:these|the following)(?: words| terms)?: ?",
        rank: 45,
        read: banned_list,
    },
];

/// `"x" …, so it must not appear`; what is neither asked for nor forbidden is only spoken of.
fn banned_later(hit: &mut Hit) {
    if polarity(hit.text()) == Some(false)
        || says!(hit.text(), r", (?:so )?(?:it|that|those|they) goes[.,;!]?$")
    {
        let items = hit.list_at_quote();
        emit_banned(hit, items);
    }
}

/// `I was told to avoid …` tells what others asked for.
fn only_reported(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:told|asked|advised|taught|used) (?:me |us |him |her |them )?to $"
    )
}

fn banned_list(hit: &mut Hit) {
    if only_reported(hit)
        || says!(hit.text(), r"\b(?:forget|more|less|fewer)\b|\x01 words?$")
        || says!(
            hit.after(),
            r"^ (?:cap|caps|count|counts|limit|limits|budget|minimum|maximum|target|length)\b"
        )
    {
        return;
    }
    // `with not a word changed`, `not a word of English`: no word is named.
    if says!(
        hit.text(),
        r"\b(?:not|never|nor|without) (?:even )?(?:a|one|\x01)(?: single)? words?(?: of)?$"
    ) && !says!(hit.after(), r"^:? ?{q}")
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
    if only_reported(hit)
        || says!(hit.text(), r"^(?:no|must not|may not|none|nothing|zero) {q}$")
            && says!(hit.before(), r"\b(?:yes|say|answer) (?:or )?$")
        || says!(hit.text(), r"^(?:not|nothing|none|neither|drop|lose|free) {q}")
    {
        return;
    }
    let items = hit.list_at_quote();
    let first_person = |item: &String| {
        matches!(
            item.to_lowercase().as_str(),
            "i" | "me" | "my" | "mine" | "we" | "us" | "our" | "ours"
        )
    };
    if items.len() > 1 && items.iter().all(first_person) {
        return hit.emit("raif:no_first_person", Default::default());
    }
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
