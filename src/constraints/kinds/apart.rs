//! Amounts that stand apart from what they count: `use markdown bullets, and make it seven of them`.
//!
//! The phrases of a group know the forms in which noun and number are neighbours. Here are those in which words stand between,
//! of whatever is counted; they rank below all others, so that a number that belongs to something else stays there.

use super::{case, content, format, keywords, length};
use crate::{
    constraints::wording::phrase::{Hit, Phrase},
    says,
};

/// A noun, then its number within the same sentence or the next one.
macro_rules! apart {
    ($noun:literal) => {
        concat!(
            r"\b",
            $noun,
            r"\b(?:{gap}{n}{tail}|[^!?\n\x01\x02]{0,70}?{n}(?: \x03)? (?:of (?:them|those|these)|(?:will|would|should) (?:do|be enough|be plenty|suffice)|(?:is|are) (?:enough|plenty)|suffices?)\b)"
        )
    };
}

/// Beginnings of the words for what is set off from the rest.
const EMPHASIS: &[&str] = &[
    "highlight",
    "bold",
    "italic",
    "emphasi",
    "asterisk",
    "star",
    "marked",
];

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["bullet"],
        pattern: apart!(r"bullet(?:s|ed)?(?: points?| lists?)?"),
        rank: 22,
        read: |hit| told(hit, format::phrases::bullets),
    },
    // `5 ideas, one line each, as bullets`
    Phrase {
        cues: &["bullet"],
        pattern: r"{n} (?:[a-z'-]+ ){0,2}?[a-z-]+s\b[^.!?\n]{0,50}?,? (?:all )?(?:as|in|into|using|with) (?:a )?(?:bullets?(?: points?)?|bulleted list|bullet list)\b",
        rank: 49,
        read: |hit| {
            let measures = says!(
                hit.text(),
                r"^\x01 (?:[a-z]+ )?(?:words|sentences|paragraphs|lines|characters|times|pages|minutes|hours|days|years|people|versions|sections|emojis|hashtags)\b"
            );
            let known = hit.found().iter().any(|found| {
                matches!(
                    found.id,
                    "detectable_format:number_bullet_lists" | "raif:list_items"
                )
            });
            if !measures
                && !known
                && says!(
                    hit.before(),
                    r"^ ?$|[,:;] $|\b(?:give me|suggest|list|name|write|need|want|recommend|make|share|tell me|with|find|come up with|the|me|us) $"
                )
            {
                format::phrases::bullets(hit.claim_no_numbers());
            }
        },
    },
    Phrase {
        cues: EMPHASIS,
        pattern: apart!(
            r"(?:highlight(?:s|ed|ing)?|bold(?:ed|face)?|italics?|italici[sz]ed|emphasi[sz]ed|emphasis|asterisks|starred)"
        ),
        rank: 22,
        read: |hit| told(hit, format::phrases::highlights),
    },
    Phrase {
        cues: EMPHASIS,
        pattern: r"\b(?:highlight(?:s|ed|ing)?|bold(?:ed|face)?|italics?|italici[sz]ed?|emphasi[sz]ed?|emphasis|asterisks|starred)\b{gap}{n} (?:[a-z]+ ){0,2}?(?:passages?|phrases?|spots?|places?|bits?|parts?|chunks?|stretches|terms?|points?|spans?)\b",
        rank: 23,
        read: |hit| told(hit, format::phrases::highlights),
    },
    Phrase {
        cues: EMPHASIS,
        pattern: r"{n} (?:[a-z]+ ){0,3}?(?:passages?|phrases?|spots?|places?|bits?|parts?|chunks?|stretches|terms?|words?|points?|spans?)\b[^.!?\n\x01]{0,50}?\b(?:(?:single )?asterisks?|stars|emphasis|highlighted|bold|italics)\b",
        rank: 24,
        read: format::phrases::highlights,
    },
    Phrase {
        cues: &["placeholder", "bracket", "slot", "blank", "gap", "["],
        pattern: r"(?:\bplaceholders?\b|\bsquare brackets?\b|\[\]){gap}{n}(?: (?:such |of these |of those )?(?:slots?|blanks?|gaps?|spots?|fields?|spaces?|placeholders?|brackets?))?{tail}",
        rank: 23,
        read: |hit| told(hit, content::phrases::placeholders),
    },
    Phrase {
        cues: &["sentence"],
        pattern: apart!(r"sentences"),
        rank: 21,
        read: |hit| told(hit, length::phrases::sentences),
    },
    Phrase {
        cues: &["paragraph"],
        pattern: apart!(r"paragraphs"),
        rank: 21,
        read: |hit| told(hit, length::phrases::paragraphs),
    },
    // `not one sentence more than ten`
    Phrase {
        cues: &["sentence"],
        pattern: r"\b(?:not|no|never) (?:even )?(?:\x01|a|a single) sentence {n}{tail}",
        rank: 60,
        read: |hit| {
            let most = hit.amount(1).or_else(|| hit.amount(0)).cloned();
            if let Some(most) = most.filter(|most| most.related && most.hi.is_some()) {
                hit.emit_bounds(
                    "length_constraints:number_sentences",
                    "num_sentences",
                    "relation",
                    &most,
                    &Default::default(),
                );
            }
        },
    },
    Phrase {
        cues: &["letter"],
        pattern: r"\bletters? (?:{q}|([\p{L}])\b)[^!?\n\x01]{0,70}?{n}(?: \x03)?(?: (?:or more|or fewer|separate|different|of|them|those))* ?(?:{times}|or more|or fewer|of (?:them|those|these)\b)",
        rank: 30,
        read: keywords::phrases::letter,
    },
    // `four w's is the most you can have in it`
    Phrase {
        cues: &[],
        pattern: r"{n} (?:(?:letter|small|lower ?case) )?(?:{q}s\b|\b([a-z])'s\b)",
        rank: 30,
        read: keywords::phrases::letter,
    },
    Phrase {
        cues: &[
            "time",
            "occasion",
            "appearance",
            "occurrence",
            "instance",
            "mention",
            "use",
            "outing",
            "airing",
            "go",
        ],
        pattern: r"{q}[^!?\n\x01\x02]{0,70}?{n}(?: \x03)?(?: (?:or more|or fewer|separate|different))* ?{times}\b",
        rank: 28,
        read: keywords::phrases::quoted_times,
    },
    // `words in all caps: no more than three`
    Phrase {
        cues: &["caps", "capital", "upper"],
        pattern: r"\b(?:words? (?:written |set |put |entirely |fully |completely |all )*in (?:all |full |block )*(?:caps|capitals|capital letters|upper ?case)|all caps words?|capitali[sz]ed words?)\b(?:[:,(-]| (?:should|must|may|can|total|number|come to|be|limited|kept|but|only|and))* ?(?:to )?{n}{tail}",
        rank: 56,
        read: case::phrases::capital_words,
    },
    Phrase {
        cues: &["caps", "capital", "upper"],
        pattern: r"{n} (?:\x03 )?words?,?[^.!?\n\x01]{0,40}?\b(?:in|written|may be|can be|are|be)(?: (?:entirely|all|written|only|completely|in|be|full))* (?:capitals?|caps|capital letters|upper ?case|capitali[sz]ed)\b",
        rank: 56,
        read: case::phrases::capital_words,
    },
];

/// An amount is only of the noun where it is one asked for: with a relation, or in words that ask.
fn told(hit: &mut Hit, read: fn(&mut Hit)) {
    // `8 bullets; if there are under thirty …`: the noun has its number already.
    if says!(hit.before(), r"\x01 (?:[a-z]+ )?$")
        || says!(hit.text(), r"\b(?:if|else|otherwise|unless|when)\b")
    {
        return;
    }
    let related = hit.amount(0).is_some_and(|quantity| quantity.related);
    if related
        || says!(
            hit.text(),
            r"\b(?:must|should|shall|needs?|want|make (?:it|that|them)|has to|have to|there (?:are|is|be|will|should|must|ought|need|has|have)|number(?:s|ing)?|total(?:s|ling)?|of (?:them|those|these)|altogether|in all|will do|would do|should do|enough|plenty|suffices?)\b"
        )
    {
        read(hit);
    }
}
