//! How people state rules that every sentence or paragraph keeps, and what stands at a place in one.

use super::placed;
use crate::constraints::wording::{
    phrase::{Found, kwargs},
    rule::Rule,
    sketch::Document,
};

pub const RULES: &[Rule] = &[
    Rule {
        cues: &["sentence"],
        about: r"{n}{post} (?:more|extra|additional|further) words?\b|{n}{post} words? (?:[a-z]+ ){0,3}?(?:added|gained|appended|tacked on)\b|{n}{post} words? (?:longer|more|extra|bigger|further|on top|up)\b|\b(?:grow|grows|growing|increase|increases|increased|increasing|gain|gains|gaining|add|adds|adding|lengthen|lengthens|lengthening|expand|expands|climb|climbs|rise|rises|jumps|swell|swells|stretch|stretches|goes up|go up|longer|beat|beats|exceed|exceeds|outdoes|outgrows|up)\b{w}{n}{post}(?: words?)?\b|\bplus {n}(?: words?)?",
        parts: &[
            r"\bsentences?\b",
            r"\b(?:the|its|one|each|whichever|that|than) (?:[a-z]+ )?(?:previous|preceding|prior|last|predecessor|earlier)\b(?: one| sentence)?|\b(?:one|sentence|it|that|came|comes|goes|went|stands?|just) (?:right |just |immediately )?(?:before|ahead|above|in front|preceding)\b|\bpredecessor|\b(?:each|every) time|\bone by one|\bsentence by sentence|\b(?:each|every) (?:new |next |successive |following |subsequent |single |later )?(?:sentence|one)\b|\bfrom (?:one )?sentence to (?:the next|sentence)|\bfrom one to the next|\bsuccessive|\bsentence (?:must |should |has to |to )?(?:adds?|gains?|grows?)",
        ],
        unless: r"\balliterat|\b(?:bullet|paragraph|line|stanza)s?\b{w}\blonger|\b(?:no|not) longer than",
        beside: 1,
        rank: 74,
        read: |hit| {
            let step = hit.amounts().next().and_then(|quantity| quantity.lo);
            if let Some(step) = step {
                hit.emit("sentence:increment", kwargs([("small_n", step.into())]));
            }
        },
    },
    Rule {
        cues: &["alliterat", "letter", "sound"],
        about: r"\balliterat[a-z]*\b|\b(?:same|identical|shared?|sharing|matching) (?:an? |the |one )?(?:\x04 |opening |initial |starting )?(?:letters?|sounds?|initials?)\b",
        parts: &[
            r"\bsentences?\b",
            r"\b(?:longer|more|grow[a-z]*|build[a-z]*|increas[a-z]*|outdo[a-z]*|bigger|extend[a-z]*|lengthen[a-z]*|beats?|exceeds?|escalat[a-z]*|mount[a-z]*|climb[a-z]*|rises?|ramp[a-z]*|tops?|topping|surpass[a-z]*|one up|snowball[a-z]*|greater|higher|crescendo|adds?|adding|stretch[a-z]*|further)\b",
            r"\b(?:previous|preceding|prior|last|before|next|after|each|every|successive|following|earlier|as (?:it|you|we|they) go(?:es)?|sentence by sentence|sentence to sentence)\b",
        ],
        unless: r"\b(?:no|not|never|avoid|without|allergic to)\b{w}\b(?:alliterat|same)|\bno longer than\b",
        beside: 1,
        rank: 73,
        read: |hit| {
            hit.claim_between()
                .emit("sentence:alliteration_increment", Default::default());
        },
    },
    Rule {
        cues: &["sentence"],
        about: r"\b(?:same|equal|equally|identical|identically|matching|match|matches|as many|as long|uniform|equivalent|alike)\b",
        parts: &[
            r"{n} (?:[a-z]+ )?sentences?\b|\b(?:all|the) {n}\b",
            r"\bsentences?\b",
            r"\b(?:characters?|letters?|lengths?|long|chars?|letter count)\b",
        ],
        unless: r"\b(?:start|begin|open|end|sound)[a-z]*\b{w}\bsame\b{w}\b(?:letter|character)|\b(?:longer|shorter)\b|\bsame (?:number of words|word count)",
        beside: 1,
        rank: 76,
        read: |hit| {
            if hit.amounts().any(|quantity| quantity.exact() == Some(3)) {
                hit.emit("ratio:sentence_words", Default::default());
            }
        },
    },
    // The last word of one sentence is the first of the next.
    Rule {
        cues: &["sentence"],
        about: r"\bsentences?\b",
        parts: &[
            r"\bwords?\b",
            r"\b(?:last|final|closing|ending|end) word\b|\bsentence's (?:last|final|closing|end)\b|\bword\b{w}\b(?:ends|ended|finishes|finished|closes|closed|concludes|concluded|stops|stopped|left off|leaves off)\b|\b(?:ends|ended|finishes|finished|closes|closed|concludes|concluded|stops|stopped|leaves off|left off)\b(?: [a-z]+){0,3} (?:on|with)\b|\bsentences? (?:[a-z]+ )?(?:end|finish|close) (?:on|with)\b",
            r"\x04 word|\b(?:begins?|beginning|starts?|starting|opens?|opening|launch(?:es)?|kicks?|picks? up|carr(?:y|ies) on|start|begin|repeats?|leads?|first|recycles?|takes? up|resumes?)\b",
            r"\b(?:next|following|follows|previous|preceding|before|prior|after|predecessor|successor|ahead|earlier|chain[a-z]*|handed on|passed on|one above)\b|\bthe last (?:sentence|one)\b",
            r"\b(?:each|every|any|all|whatever|whichever|a sentence|the sentence|sentences|always|throughout|you)\b|{n} (?:sentence\b|[=])|\bof {n} ",
        ],
        unless: r"\b(?:begin|start|open|end|finish)[a-z]* {w}(?:the|your|with the|my) (?:response|answer|reply|\x04 sentence|last sentence)\b|\b(?:lines?|paragraphs?|stanzas?|verses?)\b{w}\b(?:begin|start|open|end|finish)|\bletters?\b|\bunrelated\b|\b(?:not|never|avoid)\b{w}\b(?:begin|start|same word)",
        beside: 1,
        rank: 72,
        read: |hit| hit.claim_between().emit("words:last_first", Default::default()),
    },
    // A paragraph ends with the word that it begins with.
    Rule {
        cues: &["paragraph"],
        about: r"\bparagraphs?\b",
        parts: &[
            r"\b(?:last|final|closing|end(?:s|ed|ing)?|finish(?:es|ed|ing)?|clos(?:es|ed|e)|conclud(?:es|ed|e)|stops?|bookend[a-z]*)\b",
            r"\x04|\b(?:begins?|began|begun|starts?|started|opens?|opened|opening|first|launched)\b",
            r"\b(?:same|identical|very|whatever|whichever|that|matching|match(?:es)?|its own) (?:[a-z]+ ){0,2}?words?\b|\bwords?\b{w}\b(?:same|identical|match(?:es)?|(?:it|they) (?:began|begins?|started|starts?|opened|opens?)(?: with)?|both|twice|again|mirror(?:s|ed)?|bookend(?:s|ed)?|that (?:began|begins|started|starts|opened|opens))\b|\b(?:on|with) \x02{x}\b(?:on|with) \x02",
            r"\b(?:each|every|any|all|whatever|whichever|a paragraph|paragraphs|always|the paragraph)\b",
        ],
        unless: r"\b(?:next|following) paragraph|\bletters?\b|\b(?:not|never|avoid)\b{w}\bsame word",
        beside: 1,
        rank: 75,
        read: |hit| {
            hit.claim_between()
                .emit("words:paragraph_last_first", Default::default());
        },
    },
    // A word in a sentence, which is named by its number.
    Rule {
        cues: &["sentence"],
        about: placed::SENTENCE,
        parts: &[],
        unless: "",
        beside: 0,
        rank: 77,
        read: placed::read,
    },
    // The second word and the second to last word.
    Rule {
        cues: &["second", "word", "penultimate", "\u{4}"],
        about: r"\b(?:last|final)(?: word)? but (?:one\b|\x01)|\bpenultimate\b|\x04 (?:to|from)(?: the)? (?:last|end|final)\b|\x04 (?:last|word from the end)\b|\bnext to last\b|\b(?:word|one) (?:right |just )?before the (?:last|final)\b",
        parts: &[
            r"\x04 (?:word|and|in|of|place|position|spot)\b|\bwords? (?:number |no\.? |#)?{n}|\x04,? and (?:the )?(?:\x04|penultimate|last)",
            r"{q}|\b(?:the|be|is|being|exactly) word [\p{L}][\p{L}'-]*|\b(?:be|is|are|read|being|say|of|:) (?:the word )?[\p{L}][\p{L}'-]*(?:[.,;!)\n]|$)",
            r"\bwords?\b",
        ],
        unless: r"\b(?:sentence|paragraph|line|stanza)s?\b",
        beside: 1,
        rank: 78,
        read: |hit| {
            if let Some(word) = placed::word_in(hit, hit.part(2)) {
                hit.emit("words:words_position", kwargs([("keyword", word.into())]));
            }
        },
    },
];

/// Three sentences of equal length are to share no word anyway.
#[allow(clippy::ptr_arg, reason = "one of the assemblers, which may add to the list")]
pub fn assemble(_document: &Document, found: &mut Vec<Found>) {
    let equally_long = found.iter().any(|other| other.id == "ratio:sentence_words");
    for other in found.iter_mut().filter(|_| equally_long) {
        if other.id == "words:repeats" && other.kwargs.get("small_n") == Some(&1.into()) {
            other.id = "ratio:sentence_words";
            other.kwargs.clear();
        }
    }
}
