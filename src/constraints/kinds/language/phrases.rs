//! How people state the language of the answer.

use super::names;
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    // `Persian is the only language you may use`, `Bulgarian is what I want the answer in`
    Phrase {
        cues: names::CUES,
        pattern: r"\b({lang}) (?:is|should be|must be|has to be|will be) (?:the |my |our )?(?:only |one |sole )?(?:language|tongue|what|how)\b{w}|\b(?:language|tongue)(?: (?:to|you|should|must|may|use|for|of|your|the|answer|reply|response|here|i|want|need|is|be|can))*:? ({lang})\b",
        rank: 47,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:respond|reply|answer|write|speak|response|output|written|do it|do this|be|tell|explain|give|give me|say|describe|text|text|response|speak to me|talk|summari[sz]e|put it|put this|writing|summari[sz]ing|draft|compose|make|sum up|produce)\b{w}(?:\(| )(?:in|using|use|to)(?: (?:exclusively|nothing but|traditional|simplified|brazilian|entirely|standard|perfect|solely|purely|fluent|proper|formal|modern|only|just|good|full|the|all)\b)* ({lang})(?: language)?\b(?:{w}\b(?:only|nothing else|no other languages?(?: (?:is )?allowed)?|nothing but [a-z]+|only [a-z]+|please))?",
        rank: 50,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:in|using|use|into|only|with|entirely)(?: (?:only|entirely|just|the|solely|purely|exclusively|in|nothing but|use|using))+ ({lang})(?: language)?\b(?:,? (?:no other languages?|nothing else)(?: (?:is |are )?allowed)?)?",
        rank: 51,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:in|using|use|into) (?:the )?({lang})(?: language)?(?:,| \(|\. please,| -)? ?(?:and )?(?:only|nothing else|no other languages?|nothing but|exclusively|only ({lang})|and only|please)(?: (?:is |are )?allowed)?(?: ({lang}))?",
        rank: 52,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:response|answer|reply|output|email|letter|poem|everything|text|it|notice|essay|story|whole thing|lot|language)(?: (?:entirely|response|written|should|answer|needs|shall|must|will|your|all|has|the|is|to|be|of)\b)*:? (?:in |entirely in |only in )?(?:only )?({lang})(?: language)?\b(?: only)?",
        rank: 48,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\bin ({lang})(?: language)?(?:[.,!)]| (?:because|since|so|please|pls|thanks|thx|and (?:not|only|keep|use|make|no)|but)\b)|\bin ({lang})(?: language)?$|\bin ({lang})(?: language)?\n|^({lang}) only\b|[.,!:;(] ?({lang}) only\b|\bonly ({lang})\b",
        rank: 45,
        read: plain,
    },
    // `What is a black hole? Swahili, please.`
    Phrase {
        cues: names::CUES,
        pattern: r"(?:^|[.?!\n\x06] ?|, (?:so |then |ok )?)({lang})(?: language)?(?: only)?,? (?:(?:please|pls|thanks|thank you)(?:[.,;!)\n]|$)|(?:please )?(?:from (?:now|here|this point|today)|going forward|moving forward|henceforth|for the rest of (?:this|the|our)|until (?:i|we|further))\b)",
        rank: 45,
        read: |hit| {
            if let Some(code) = codes(hit).first() {
                hit.emit(
                    "language:response_language",
                    kwargs([("language", (*code).into())]),
                );
            }
        },
    },
    Phrase {
        cues: names::CUES,
        pattern: r"(?:\b(?:bilingual|in both|both in)\b|{n} languages\b){x}({lang}){x}(?:and|then|,|/|first){x}({lang})(?: underneath| below| second| version)?",
        rank: 60,
        read: mix,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"(?:{n} times|\x04(?:ly)?,?|\bthen|\bone|\bversion) in ({lang})\b{w}(?:{n} times|\bthen|\bonce|\bagain|\bone|\banother|\bversion|\band|\x04) in ({lang})",
        rank: 61,
        read: mix,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:write|reply|respond|answer|post|give|greet|produce)\b{w}\bin ({lang})(?:,? and|,? &|, then) (?:in )?({lang})\b",
        rank: 61,
        read: mix,
    },
    // `Email to the whole team in Portuguese about the fire drill.`
    Phrase {
        cues: names::CUES,
        pattern: r"\bin ({lang}) (?:about|to|for|saying|asking|telling|that|explaining|thanking|inviting|announcing|reminding|apologi[sz]ing|complaining|confirming|letting|congratulating|wishing)\b",
        rank: 44,
        read: |hit| {
            let asked = says!(
                hit.before(),
                r"^ ?(?:please |hi,? |hey,? )*(?:an? |the |one |short |quick |polite |formal |brief )*(?:emails?|letters?|notes?|messages?|texts?|cards?|poems?|posts?|invitations?|invites?|replies|reply|complaints?|speech|toast|review|notice|announcement|caption|story|song|report|summary|memo|description|advert|ad)\b|\b(?:write|draft|compose|send|reply|respond|help|need|want|make|create|prepare|give|text|email|message|thank|invite|tell|explain)\b"
            );
            if asked && !says!(hit.before(), r"\b(?:got|received|has|had|have|reads?|found|saw) ") {
                language(hit);
            }
        },
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:switch|change|go|move|revert)(?: back| over)* to ({lang})\b",
        rank: 47,
        read: language,
    },
    // `use English: what does it mean?`
    Phrase {
        cues: names::CUES,
        pattern: r"(?:^|[.,;:!?\n\x06] ?|\b(?:please|now|just|and|but|once) )(?:use|speak|try) ({lang})(?: (?:this time|here|now|for this one|instead|again|only))?[.,:;!]",
        rank: 46,
        read: language,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\bmix(?:ing|ture)?(?: of| up)? ({lang}) and ({lang})",
        rank: 60,
        read: mix,
    },
    Phrase {
        cues: names::CUES,
        pattern: r"\b(?:in|use|using) both ({lang}) and ({lang})\b|\bin ({lang}) (?:as well as|plus|along with|together with|alongside|next to) (?:in )?({lang})\b|\bin ({lang}) (?:and|&) ({lang})(?: both| alike|, both| side by side)\b|\bin ({lang}),? (?:and|then|plus) (?:then |again |also )?in ({lang})\b",
        rank: 61,
        read: mix,
    },
    // A language by its own name: `en français`, `auf Deutsch`.
    Phrase {
        cues: &[
            "français",
            "francais",
            "deutsch",
            "español",
            "espanol",
            "italiano",
            "português",
            "portugues",
        ],
        pattern: r"\b(?:en|auf|in|em) (français|francais|deutsch|español|espanol|italiano|português|portugues)\b",
        rank: 50,
        read: |hit| {
            let code = match hit.group(1) {
                Some("français" | "francais") => "fr",
                Some("deutsch") => "de",
                Some("español" | "espanol") => "es",
                Some("italiano") => "it",
                _ => "pt",
            };
            if !refused(hit) {
                hit.emit("language:response_language", kwargs([("language", code.into())]));
            }
        },
    },
];

fn codes(hit: &Hit) -> Vec<&'static str> {
    (1..hit.groups())
        .filter_map(|nth| hit.group(nth))
        .filter_map(names::code)
        .collect()
}

fn refused(hit: &Hit) -> bool {
    says!(
        hit.text(),
        r"\b(?:translate|plain|simple|how|word for|words for|means?|called)\b"
    ) || says!(
        hit.text(),
        r"(?:\x01|\b(?:one|letters|(?:common|frequent|used|rare|rarest|silent|\x04|last|double) letter|common|used|called|spelled|spelt|spoken|phrase|idiom|name|known)) in (?:[a-z]+ )?{lang}$"
    ) || says!(
        hit.before(),
        r"(?:\x01|\b(?:one|letters|(?:common|frequent|used|rare|rarest|silent|\x04|last|double) letter|called|spelled|spelt|common|used|spoken|idiom|named|pronounced|known)) $"
    ) || says!(
        hit.before(),
        r"\b(?:not|never|no|translate[sd]?|translation|translating|how (?:do|would|can) (?:you|i|we)|what|how to|words? for|reads?|speaks?|say)\b[^.!?,;\n]*$"
    ) && !says!(hit.text(), r"\b(?:only|respond|reply|answer|nothing)\b")
        // `in Polish, nothing in English`
        || says!(
            hit.before(),
            r"\b(?:nothing|none of (?:it|them|this)|no words?|not a (?:single )?word|rather than|instead of|anything)(?: (?:at all|written|said))? $"
        )
        || says!(
            hit.after(),
            r"^ (?:lessons?|class|classes|teacher|literature|history|food|cuisine|speakers?|student|grammar|vocabulary|exam|style|words? for|restaurant|wine|people|homework|words?\b)"
        )
        || says!(
            hit.before(),
            r"\b(?:bot|assistant|it|model|they|he|she|chatbot) (?:should|must|will|always|needs to) (?:always )?$"
        )
}

fn language(hit: &mut Hit) {
    if let (Some(code), false) = (codes(hit).first(), refused(hit)) {
        hit.emit(
            "language:response_language",
            kwargs([("language", (*code).into())]),
        );
    }
}

/// `… in Spanish.` at the end of a clause that asks for a text.
fn plain(hit: &mut Hit) {
    let only = says!(hit.text(), r"\bonly\b")
        && !says!(
            hit.before(),
            r"\b(?:i|we|he|she|they|you|who|it|people|[a-z]+s) (?:can |could )?$"
        );
    let asked = only
        || says!(
            hit.sentence(),
            r"\b(?:respond|reply|answer|write|tell|explain|give|describe|poem|joke|story|email|letter|notice|summari[sz]e|response|message|essay|list|recipe|draft|compose|make|language|speak|sum up|text|note|toast|lyrics|verse|chorus|bridge|song|speech|blurb|caption|stanza|paragraph|only)\b"
        );
    if asked {
        language(hit);
    }
}

fn mix(hit: &mut Hit) {
    let codes = codes(hit);
    if codes.len() > 1 {
        hit.emit("raif:language_mix", kwargs([("languages", codes.into())]));
    }
}
