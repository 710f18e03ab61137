//! How people state which words must occur, and statements about words that may go either way.

use super::words_of::{emit_banned, emit_required, emit_required_quotes, polarity, subject_items};
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
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
            "naming",
            "make",
            "making",
            "find",
            "finding",
            "throw",
            "squeeze",
            "fit",
            "sneak",
            "cite",
            "bring",
            "need",
            "want",
            "like",
            "nod",
            "get",
        ],
        pattern: r"\b(?:include|includes|including|included|mention|mentions|mentioning|contain|contains|containing|use|uses|using|incorporate|incorporates|incorporating|feature|features|featuring|weave in|slip in|work in|working in|drop in|reference|throw in|squeeze in|name check|fit in|sneak in|name|naming|cite|citing|bring up|bring in|(?:make|making|find|finding|leave) (?:some )?(?:room|space|a place|a spot|a home|a slot) for|get in|(?:need|want|like|love)s? to (?:see|read|hear|find)|give a nod to|a nod to|a mention of|refer to|referring to)(?: (?:somewhere|there|both|also|the|in|all of|words?|names?|terms?|phrases?|either|each of)\b)*:? {q}",
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
        cues: &["word", "term", "phrase", "name", "key"],
        pattern: r"(?:\n|• ?)(?:(?:the|these|and|also|exact) )*(?:key ?words?|words?|terms?|phrases?|names?):? {q}(?:(?:,| and|, and| &|,? plus) {q})*(?: (?:somewhere|at some point|in it|in there|both|each))*[.;,]?(?:\n|$)",
        rank: 39,
        read: listed_words,
    },
    // `three paragraphs, and the words "rigour" and "forklift" somewhere`
    Phrase {
        cues: &["word", "term", "phrase"],
        pattern: r"(?:\band|,|\bplus|\bwith) the (?:words?|terms?|phrases?) {q}(?:(?:,| and|, and| &) {q})*(?: both| each)? (?:somewhere|in (?:it|there|the text)|worked in|included|too|as well)\b",
        rank: 39,
        read: required_quotes,
    },
    // `I want to read the words courage and patience in it`
    Phrase {
        cues: &["word", "term", "name"],
        pattern: r"\b(?:want|like|love|need|hope|expect) to (?:see|read|hear|find) (?:both |all )?(?:of )?(?:the )?(?:key ?)?(?:words?|terms?|names?)\b:?",
        rank: 39,
        read: required_list,
    },
    // `exactly 25 words, with "gravel" among them`
    Phrase {
        cues: &["with", "plus", "having", "somewhere", "at"],
        pattern: r"(?:\bwith|\bplus|\bhaving) (?:the (?:words?|terms?|names?|phrases?) )?{q}(?:(?:,| and|, and| &) {q})*(?: both| each| all)? (?:among (?:them|those|the words)|along the way|in the mix|on board|somewhere (?:in there|among them|along the way)|in (?:it|there) somewhere|thrown in|dropped in|woven in|as part of it|at some point)\b|\b(?:somewhere|at some point)(?: in (?:it|there|the [a-z]+|your [a-z]+))?[:,] (?:the (?:words?|terms?|names?|phrases?) )?{q}(?:(?:,| and|, and| &) {q})*",
        rank: 39,
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
    // `can you put "dry all day" in there`
    Phrase {
        cues: &[
            "put", "add", "bring", "stick", "pop", "drop", "throw", "insert", "use", "get",
        ],
        pattern: r"\b(?:put|add|bring|stick|pop|drop|throw|insert|use|get)(?: in)? (?:the )?(?:words? |terms? |phrases? |names? )?{q}(?:(?:,| and|, and| &) {q})*,? (?:in(?:to)? (?:there|it|the (?:text|mix|copy|body))|in somewhere|somewhere|as a phrase)\b",
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
        cues: &["word", "term", "keyword", "phrase", "key", "expression", "name"],
        pattern: r"\b(?:the )?(?:key ?words?|words?|terms?|phrases?|expressions?|names?) {items},? (?:{verdict})",
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
        pattern: r"(?:\b(?:make sure|ensure|be sure|see to it|check|see)(?: that)?(?: (?:both|all|the words?|the terms?))* )?{q}(?:(?:,|,? and|,? or| &) {q})* (?:both |all |each )?(?:must |should |needs? to |need to |have to |has to |ought to )?(?:both |all |each )?(?:appear|appears|turn up|turns up|show up|shows up|feature|features|come up|comes up|crop up|crops up|gets? in(?:to (?:it|the text)| there| it)?|makes? it in(?:to (?:it|the text)| there)?|is (?:in|on) (?:it|there)|are (?:in|on) (?:it|there)|get a mention|gets a mention|are included|is included|be included|be mentioned|are mentioned|be used)\b(?: somewhere)?",
        rank: 41,
        read: required_sure,
    },
    // `make sure the words dice and teamwork both turn up somewhere`
    Phrase {
        cues: &["word", "term", "name", "phrase"],
        pattern: r"\b(?:make sure|ensure|be sure|see to it|see|check)(?: that)? (?:both |all )?(?:of )?the (?:key ?words?|words?|terms?|names?|phrases?) {items},? (?:both |all |each )*(?:do |does )?(?:appears?|turns? up|shows? up|features?|comes? up|crops? up|gets? (?:in|mentioned|used|a mention)|finds? (?:a place|(?:its|their) way in)|makes? (?:it in|an appearance)|(?:is|are|get) (?:in|used|included|mentioned|there|present|worked in))\b(?: somewhere)?",
        rank: 46,
        read: |hit| {
            let items = subject_items(hit);
            emit_required(hit, items);
        },
    },
    // `hang on to the word "provisional"` of a text that is rewritten
    Phrase {
        cues: &[
            "keep", "retain", "preserv", "hang", "hold", "save", "stick", "leave",
        ],
        pattern: r"\b(?:keep|keeping|retain|retaining|preserve|preserving|hang on to|hold on to|hold onto|leave in|keep in) (?:in )?(?:both )?(?:the |my |her |his )?(?:exact )?(?:words?|terms?|phrases?|names?|expressions?) {q}(?:(?:,| and|, and| &) {q})*",
        rank: 38,
        read: |hit| {
            if !says!(
                hit.after(),
                r"^ (?:out|to (?:a minimum|one|\x01)|for|away|until|from)\b"
            ) {
                required_quotes(hit);
            }
        },
    },
    // `work the following into the text: …`, `vocabulary that has to be in it: …`
    Phrase {
        cues: &[
            "work", "weav", "fit", "get", "put", "build", "squeeze", "slip", "key", "word", "term", "vocab",
        ],
        pattern: r"\b(?:work|weave|fit|get|put|build|squeeze|slip) (?:all )?(?:of )?(?:the following|these)(?: (?:key ?)?(?:words|terms))?(?: all)? in(?:to)?\b[^.:!?\n]{0,30}: ?|\b(?:key ?words|words|terms|vocabulary|vocab) (?:to be (?:included|used|worked in|mentioned)|(?:that|which) (?:has to|have to|needs? to|must|should) (?:be|appear|go|get|turn up|show up|feature)\b[^.:!?\n\x01]{0,20})(?::| -) ?",
        rank: 40,
        read: |hit| {
            if !negated(hit) && !says!(hit.text(), r"\b(?:not|never)\b") {
                let items = hit.list();
                emit_required(hit, items);
            }
        },
    },
    Phrase {
        cues: &["keyword", "key", "required", "must"],
        pattern: r"\b(?:keywords?|key words?|required (?:words?|terms?)|must (?:have|include)(?: words| keywords)?|words to (?:use|include)|must use)(?: to (?:use|include))?(?: are)?: ?|(?:\n|^|• ?|\b(?:must|should|needs to|has to|shall) )(?:mention|include|contains?|containing|use)s?: ?",
        rank: 36,
        read: required_list,
    },
];

/// `• the keywords "a" and "b"`, an item of a list: what is above the list says whether they are wanted.
fn listed_words(hit: &mut Hit) {
    let above = &hit.document.text[..hit.range.start];
    let head = above
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('•'));
    let Some(head) = head else { return };
    let head = head.get(head.len().saturating_sub(120)..).unwrap_or(head);
    if !says!(
        head,
        r":[ \x06]*$|\b(?:needs?|must|should|requirements?|rules?|include|contain|have|has|following|with|nots|avoid|banned|taboos?)\b"
    ) {
        return;
    }
    if says!(head, r"\b(?:{no}|banned|forbidden|cannot)\b[^.!?\n]{0,40}$") {
        let items = hit.list_at_quote();
        emit_banned(hit, items);
    } else {
        emit_required_quotes(hit);
    }
}

fn negated(hit: &Hit) -> bool {
    says!(
        hit.before(),
        r"\b(?:not|never|no|without|avoid|avoiding|refrain from|neither|none|nor|cannot|nowhere)(?: (?:please|which|ever|able|want|wish|that|you|the|use|any|to|be|of|them|these|those|do|does|i|we)\b)*[,:]? ?$"
    )
}

/// `with the word x in it`, `it needs the words grill, salad and garden`.
fn announces_bare_words(hit: &Hit) -> bool {
    says!(hit.text(), r"\bwith the (?:key)?word$")
        && says!(
            hit.after(),
            r"^ [\p{L}'-]+ (?:in (?:it|there)|somewhere|included|worked in)\b"
        )
        || says!(hit.text(), r"\bthe (?:key ?)?words$")
            && says!(hit.after(), r"^ [\p{L}'-]+(?:,| and) [\p{L}'-]+")
}

/// A list of words that follows. Without quotation marks the words must be announced as words.
fn required_list(hit: &mut Hit) {
    if negated(hit)
        || says!(
            hit.text(),
            r"\b(?:write|say|give|provide|place|show|produce|with|list|require|requires|offer|supply|want|need|needs)\b{w} words?$"
        ) && !says!(hit.after(), r"^:? {q}")
            && !announces_bare_words(hit)
        || says!(
            hit.text(),
            r"\x01 words?(?: of)?$|\x01 of (?:these|those|the)(?: following)? (?:words|terms)"
        )
        || says!(hit.text(), r"\b(?:no|not|without)\b")
    {
        return;
    }
    let items = hit.list();
    // `must mention: Rome, Cairo`: bare words only where they are names, or a list on a line of its own; for others say what
    // it is about.
    let announced = says!(
        hit.text(),
        r"\b(?:mention|include|contains?|containing|use)s?: ?$"
    );
    let literal = says!(hit.after(), r"^ ?{q}")
        || items.iter().all(|item| item.starts_with(char::is_uppercase))
        || says!(hit.text(), r"^(?:\n|• ?|must |should )*mention: ?$")
            && says!(
                hit.after(),
                r"^[\p{L}'-]+(?:,? (?:and )?[\p{L}'-]+)+[.;]?(?:\n|$)"
            );
    if announced && !literal {
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

/// A statement about a text unless it is asked for.
fn required_sure(hit: &mut Hit) {
    let asked = says!(
        hit.text(),
        r"\b(?:sure|ensure|see|check|must|should|needs?|have to|has to|ought to)\b"
    );
    if asked && !says!(hit.text(), r"\b(?:not|never|no)\b") && !says!(hit.after(), r"^{w}{n} times") {
        emit_required_quotes(hit);
    }
}

/// `the words "a" and "b" must appear`, `the word c is banned`.
fn subject(hit: &mut Hit) {
    let sure = says!(
        hit.before(),
        r"\b(?:make sure|ensure|be sure|see to it|check|sure)(?: that)?(?: the)? $"
    );
    // `mention "a", do not mention "b"`: what follows the comma is another instruction.
    if says!(
        hit.text(),
        r"{q}, (?:and |but )?(?:do|does) |,? (?:do|does) not (?:ever |even |please )*(?:mention|use|include)$"
    ) {
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
    // `the name Edith should appear`: what is no name is spoken of.
    let no_names = hit.quotes().is_empty()
        && says!(hit.text(), r"^(?:the )?names?\b")
        && !items.iter().all(|item| item.starts_with(char::is_uppercase));
    if no_names {
        return;
    }
    if required {
        emit_required(hit, items);
    } else {
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
