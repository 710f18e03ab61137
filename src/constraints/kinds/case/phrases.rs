//! How people state rules on upper and lower case.

use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["lower", "small"],
        pattern: r"\b(?:(?:in|use|using|only|all|entirely|everything|with|written|fully|completely|strictly|stick to|be|keep|make|put|it|and|is|of|purely|contain|contains|just|please|have|write|stay|style|text|go|section|part \x01) )+(?:in |of )?(?:english )?(?:all |only )?(?:lower ?cases?|lowercased|small letters)(?: (?:letters?|english|please|only|text)\b)*|\ball letters (?:in {w})?(?:must |should )?(?:be |being )?lower ?case[d]?(?: letters?)?|\blower ?case (?:only|everything|all)|\blower ?case (?:letters )?(?:please|throughout|only)\b|\bwith all letters lowercased\b|\b(?:lower ?case|small letters)(?: letters)? (?:from (?:start|beginning|top|first|end) to (?:finish|end|bottom|last)|start to (?:finish|end)|all the way(?: through)?|through and through|the whole way(?: through)?)\b|\b(?:all|every|each)(?: single| of the)? letters? (?:is |are |being |to be |should be |must be |has to be |have to be |in )*(?:a )?(?:small|lower ?cased?|minuscule)\b",
        rank: 50,
        read: lowercase,
    },
    Phrase {
        cues: &["capital", "upper", "caps"],
        pattern: r"\b(?:no|not|never|without|avoid|nothing|zero|nowhere|cannot|refrain|skip|drop|free of|free from|clear of)\b{w}\b(?:capital letters?|capitals|caps|upper ?case(?: letters?)?|capitali[sz]ation|capitali[sz]ed letters?|capitali[sz]ed words?|capitali[sz](?:e|ing) (?:anything|any letters?|a single letter))\b(?: (?:are allowed|whatsoever|permitted|anywhere|are used|allowed|at all|please|pls)\b)*",
        rank: 52,
        read: no_capitals,
    },
    Phrase {
        cues: &["capital", "upper", "caps"],
        pattern: r"\b(?:capital letters|capitals|upper ?case letters) (?:are|is|should be|must be) (?:not allowed|forbidden|banned|prohibited|off limits|not permitted|avoided)",
        rank: 52,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("change_case:english_lowercase", Default::default())
        },
    },
    Phrase {
        cues: &["capital", "upper", "caps", "capitalised", "capitalized"],
        pattern: r"\b(?:(?:in|all|only|use|using|entirely|everything|fully|completely|full|block|go|be|with|put|write|make|of|and|is|purely|shout|written|just|please|type|go|respond|reply) )+(?:english )?(?:capital letters|capitals|caps lock|caps|upper ?case(?: letters)?|capitali[sz]ed|full caps)\b(?: (?:throughout|letters|please|only)\b)*|\b(?:capitals|capital letters|upper ?case|caps) only\b|\b(?:every|each) (?:single )?letter (?:is |in |must be |should be )*(?:upper ?case|capitali[sz]ed|a capital)\b|\bcaps lock (?:is |stays |jammed |stuck |switched )*on\b|\bupper ?case (?:please|throughout|everything)\b|\b(?:all caps|capitals|capital letters|upper ?case)(?: letters)? (?:from (?:start|beginning|top|first|end) to (?:finish|end|bottom|last)|start to (?:finish|end)|all the way(?: through)?|through and through)\b|\b(?:all|every|each)(?: single| of the)? letters? (?:is |are |being |to be |should be |must be |has to be |have to be |in )*(?:a )?(?:capitals?|upper ?cased?|caps|capitali[sz]ed)\b",
        rank: 50,
        read: uppercase,
    },
    // `lowercase.` among other requirements.
    Phrase {
        cues: &["lower", "small"],
        pattern: r"(?:^|[.,;\n\x06•:(+&]) ?(?:all |only |in |and )*(?:lower ?case|small letters)(?: (?:only|please|pls|thanks|letters|text|throughout|everywhere)\b)* ?(?:[.,;!\n)+&]|$)",
        rank: 49,
        read: lowercase,
    },
    Phrase {
        cues: &["caps", "upper", "capitals"],
        pattern: r"(?:^|[.,;\n\x06•:(+&]) ?(?:all |only |in |and )*(?:upper ?case|all caps|caps)(?: (?:only|please|pls|thanks|letters|text)\b)* ?(?:[.,;!\n)+&]|$)",
        rank: 49,
        read: uppercase,
    },
    Phrase {
        cues: &["lower", "small"],
        pattern: r"\b(?:no|not|never|without|avoid|zero)\b{w}\b(?:lower ?case|small letters)(?: letters?)?(?: (?:are allowed|whatsoever|permitted|anywhere|allowed|at all|please)\b)*",
        rank: 52,
        read: |hit| {
            if !says!(hit.text(), r"\x01|words?\b|only") {
                hit.claim_no_numbers()
                    .emit("change_case:english_capital", Default::default());
            }
        },
    },
    // So many words in capitals.
    Phrase {
        cues: &["capital", "caps", "upper"],
        pattern: r"{n} (?:(?:full|fully|all|entire|entirely|completely|such|or more|words?|different|key|whole) )*(?:capitali[sz]ed|capital|all caps|upper ?case|caps)(?: letters?)? words?\b|{n} (?:[a-z]+ ){0,2}?(?:words?|terms?|phrases?)\b{w}\b(?:capital letters|capitals|caps|upper ?case|capitali[sz]ed)(?: letters)?|{n} capitali[sz]ed words?",
        rank: 60,
        read: capital_words,
    },
    Phrase {
        cues: &["capital", "caps", "upper"],
        pattern: r"\b(?:use |have |include |the number of |number of )?(?:words?|terms?)\b(?: (?:which are|that are|entirely|written|with|you|in|of|be)\b)* (?:all |full |only |fully |entirely )*(?:capital letters|capitals|caps|upper ?case(?: letters)?|capitali[sz]ed)\b{w}{n}(?: times?)?",
        rank: 58,
        read: capital_words,
    },
    Phrase {
        cues: &["capital", "caps", "upper"],
        pattern: r"\b(?:capitali[sz]ed|all caps|upper ?case|full caps|all capital) words?\b{w}{n}(?: times?)?",
        rank: 57,
        read: capital_words,
    },
    Phrase {
        cues: &["capital", "caps", "upper"],
        pattern: r"\b(?:capital letters|capitals|all caps|caps|upper ?case|capitali[sz]e)\b(?: (?:for|on|with|in))? {n} (?:[a-z]+ ){0,2}?words?\b",
        rank: 59,
        read: capital_words,
    },
    Phrase {
        cues: &["some", "few", "word"],
        pattern: r"\b(?:a few|some|several|{use}) (?:key )?words? (?:with|in|written in) (?:all |full )?(?:capital letters|capitals|caps|upper ?case)\b",
        rank: 54,
        read: some_capitals,
    },
    Phrase {
        cues: &[
            "title", "capital", "headline", "heading", "initial", "start", "up", "word",
        ],
        pattern: r"\b(?:title|headline)[ -](?:case|caps|style)d?\b(?: capitali[sz]ation)?|\b(?:initial caps|start case|up style)\b|\bcapitali[sz](?:e|ing|ed) (?:the )?(?:(?:\x04|initial|opening) letters? (?:of|in) )?(?:every|each|all)(?: (?:of the|the|single|major|main|important|principal|significant))* words?\b|\b(?:each|every|all)(?: (?:of the|the|single|major|main|important|principal|significant))* words?\b{w}\b(?:start|begin|open|capitali[sz])(?:s|ed)?\b{w}\b(?:capitals?(?: letters?)?|upper ?case|caps?)\b|\b(?:each|every|all)(?: (?:of the|the|single|major|main|important|principal|significant))* words? (?:is |are |should be |must be |gets? |to be )?(?:capitali[sz]ed|an initial capital|a capital letter|a leading capital)\b",
        rank: 50,
        read: |hit| {
            if !says!(hit.text(), r"\b(?:not?|never)\b")
                && !says!(
                    hit.sentence(),
                    r"\b(?:what|why|is) (?:is )?title case|\b(?:headings?|heading|title) (?:should be |must be )?in title case"
                )
            {
                hit.emit("format:title_case", Default::default());
            }
        },
    },
];

fn of_words(hit: &Hit) -> bool {
    says!(hit.text(), r"\bwords?\b")
        // `a boss who writes in capital letters`
        || says!(hit.before(), r"\b(?:who|he|she) (?:always |only |often |never )?(?:writes?|types?|texts?|speaks?|talks?|posts?|replies|emails?|shouts?) (?:[a-z]+ ){0,2}$")
        || says!(
            hit.before(),
            r"\x01 words?,?(?: \x03)?,? (?:(?:may|can|should|must|are|be|written|entirely|all|have|to|shown|put|set)\b ?)+$"
        )
        || says!(hit.text(), r"\x01") && !says!(hit.text(), r"\b(?:part|section|paragraph|step) \x01")
        || !says!(hit.text(), r"^and ")
            && says!(
                hit.before(),
                r"\b(?:words?|terms?|names?|titles|headings?|labels?|first letter|initial|keywords?|acronyms?)\b(?: (?:written|should|with|must|that|are|in|of|is|be)\b)* $"
            )
        || says!(hit.before(), r"\x01 (?:[a-z]+ ){0,2}$")
            && !says!(
                hit.before(),
                r"\x01 (?:[a-z]+ )?(?:lines?|sentences?|paragraphs?|repl(?:y|ies)|messages?|notes?|verses?|stanzas?) (?:all |entirely |written )?$|\b(?:answer|reply|respond|write|use|put|keep|go) $"
            )
            && !says!(hit.text(), r"^and ")
            && !says!(
                hit.before(),
                r"\b(?:part|section|paragraph|step|verse|line) \x01 (?:should |must |has to |needs to |is to |is )?(?:be )?$"
            )
        || says!(hit.after(), r"^ (?:words?|names?|titles?|headings?)\b")
}

fn lowercase(hit: &mut Hit) {
    if of_words(hit)
        && !says!(hit.text(), r"\b(?:entire|everything|all letters)\b")
        && !says!(
            hit.sentence(),
            r"\b(?:entire|whole)\b{w}(?:response|answer|reply|output)|words in your entire response|\b(?:all|every|each) (?:the |single )?words? (?:in {w})?(?:must|should|are|in|have)\b"
        )
    {
        return;
    }
    if says!(
        hit.before(),
        r"\b(?:not|never|avoid|without|no|nor) (?:use |be |write )?$"
    ) {
        return;
    }
    hit.claim_no_numbers()
        .emit("change_case:english_lowercase", Default::default());
}

fn no_capitals(hit: &mut Hit) {
    if says!(hit.text(), r"\bwords?\b") {
        if says!(hit.text(), r"^(?:no|not a|without|avoid|not|never|zero)\b") && !says!(hit.text(), r"\x01") {
            hit.emit(
                "change_case:capital_word_frequency",
                kwargs([
                    ("capital_frequency", 1.into()),
                    ("capital_relation", "less than".into()),
                ]),
            );
        }
        return;
    }
    let text = hit.text().replace(" at all", "");
    if says!(
        &text,
        r"\x01 (?:words|times)|\b(?:all|only|just|but|forget|required)\b"
    ) || says!(hit.after(), r"^ (?:words?|for (?:the )?(?:titles?|headings?))")
    {
        return;
    }
    hit.claim_no_numbers()
        .emit("change_case:english_lowercase", Default::default());
}

fn uppercase(hit: &mut Hit) {
    // `how do I turn off caps lock on a laptop`
    if says!(hit.before(), r"\b(?:turn|switch|disable|how|why)\b") && says!(hit.text(), r"\bcaps lock\b") {
        return;
    }
    let strong = says!(
        hit.text(),
        r"\b(?:all|every|each|only|entirely|full|fully|completely|everything|block|caps|in capitals|upper ?case|in capital letters|be capitals|(?:start|beginning|top|first|end) to (?:finish|end|bottom|last)|through and through|all the way)\b"
    );
    if of_words(hit)
        || !strong
        || says!(
            hit.before(),
            r"\b(?:not|never|avoid|avoiding|without|no|nothing) (?:[a-z]+ ){0,2}$"
        )
    {
        return;
    }
    if says!(hit.text(), r"\bcapitali[sz]ed$") && !says!(hit.text(), r"\b(?:all|fully|everything)\b") {
        return;
    }
    hit.claim_no_numbers()
        .emit("change_case:english_capital", Default::default());
}

pub fn capital_words(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    // `in all caps and fewer than 90 words`: the number is of words of any case.
    let other = says!(
        hit.text(),
        r"\b(?:caps|capitals|capital letters|upper ?case)\b[^\x01]* and[^\x01]*\x01"
    ) && says!(
        hit.after(),
        r"^ (?:words?|sentences?|lines|characters|paragraphs)\b"
    );
    if other || says!(hit.text(), r"\b(?:not|no) more\b") && quantity.hi.is_none() {
        return;
    }
    let quantity = match quantity.exact() {
        Some(value) if !quantity.related && !quantity.approximate => {
            crate::constraints::wording::quantity::Quantity {
                lo: Some(value),
                hi: Some(value),
                ..quantity
            }
        }
        _ => quantity,
    };
    hit.emit_bounds(
        "change_case:capital_word_frequency",
        "capital_frequency",
        "capital_relation",
        &quantity,
        &Default::default(),
    );
}

fn some_capitals(hit: &mut Hit) {
    if says!(hit.text(), r"\b(?:not|no|without)\b")
        || says!(
            hit.before(),
            r"\b(?:not|no|without|never|avoid|\x01|\x01 [a-z]+) $"
        )
    {
        return;
    }
    hit.emit(
        "change_case:capital_word_frequency",
        kwargs([
            ("capital_frequency", 1.into()),
            ("capital_relation", "at least".into()),
        ]),
    );
}
