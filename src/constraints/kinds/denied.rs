//! Things that are named first and denied afterwards: `commas: none`, `emojis annoy me, so leave them out`.
//!
//! The phrases of a group know the forms in which the denial stands before its thing. Here are those in which it stands behind,
//! of whatever can be denied; how it is worded is one part of patterns for all (`{denied}`).

use super::keywords;
use crate::{
    constraints::{
        Kwargs,
        wording::phrase::{Hit, Phrase, kwargs},
    },
    says,
};

/// A thing, then its denial in the same sentence or the next one.
macro_rules! denied {
    ($thing:literal) => {
        concat!(r"\b", $thing, r"\b{denied}")
    };
}

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["comma"],
        pattern: denied!(r"(?:commas|comma key)"),
        rank: 49,
        read: |hit| deny(hit, "punctuation:no_comma", Kwargs::new()),
    },
    Phrase {
        cues: &["emoji", "emoticon", "smiley"],
        pattern: denied!(r"(?:emojis|emoticons|smileys)"),
        rank: 49,
        read: |hit| deny(hit, "raif:emoji", kwargs([("forbidden", true.into())])),
    },
    Phrase {
        cues: &["hashtag", "hash"],
        pattern: denied!(r"hash ?tags"),
        rank: 49,
        read: |hit| deny(hit, "raif:hashtags", kwargs([("forbidden", true.into())])),
    },
    Phrase {
        cues: keywords::phrases::MARK_CUES,
        pattern: r"\b{mark}{denied}",
        rank: 49,
        read: |hit| {
            if !is_wanted(hit) {
                keywords::phrases::no_marks(hit.claim_no_numbers());
            }
        },
    },
    Phrase {
        cues: &["bullet"],
        pattern: denied!(r"bullets?(?: points)?"),
        rank: 49,
        read: |hit| {
            deny(
                hit,
                "detectable_format:number_bullet_lists",
                kwargs([("num_bullets", 0.into())]),
            );
        },
    },
    Phrase {
        cues: &["markdown"],
        pattern: denied!(r"markdown(?: formatting)?"),
        rank: 49,
        read: |hit| deny(hit, "raif:no_markdown", Kwargs::new()),
    },
    Phrase {
        cues: &["capital", "upper"],
        pattern: denied!(r"(?:capitals|capital letters|upper ?case letters)"),
        rank: 49,
        read: |hit| {
            if !says!(hit.before(), r"\bwords? (?:all )?in (?:all )?$") {
                deny(hit, "change_case:english_lowercase", Kwargs::new());
            }
        },
    },
    Phrase {
        cues: &["caps", "capital", "upper"],
        pattern: denied!(
            r"(?:words? (?:written |set |put |entirely |fully )*in (?:all |full |block )*(?:caps|capitals|capital letters|upper ?case)|(?:all caps|capitali[sz]ed|upper ?case|all capital) words)"
        ),
        rank: 54,
        read: |hit| {
            deny(
                hit,
                "change_case:capital_word_frequency",
                kwargs([
                    ("capital_relation", "less than".into()),
                    ("capital_frequency", 1.into()),
                ]),
            );
        },
    },
    Phrase {
        cues: &["whitespace", "white", "space", "blank"],
        pattern: denied!(r"(?:white ?spaces?|spaces|blanks)"),
        rank: 55,
        read: |hit| {
            if !says!(
                hit.before(),
                r"\b(?:parking|green|open|public|leading|trailing|disk|double|extra|work|living|in the) $"
            ) {
                deny(hit, "format:no_whitespace", Kwargs::new());
            }
        },
    },
];

fn deny(hit: &mut Hit, id: &'static str, kwargs: Kwargs) {
    if !is_wanted(hit) {
        hit.claim_no_numbers().emit(id, kwargs);
    }
}

/// `use commas sparingly and avoid them …`, `three emojis, no more of them`: there is to be something of it.
fn is_wanted(hit: &Hit) -> bool {
    // `emojis: 0` denies, and so does `not one of them`; `emojis: 3` does not.
    let not_one = says!(hit.text(), r"\b(?:not|never|cannot)\b[^\x01]*\x01");
    let denies = |count: u64| count == 0 || count == 1 && not_one;
    if hit.amounts().any(|count| !count.exact().is_some_and(denies)) {
        return true;
    }
    says!(
        hit.before(),
        r"\b(?:who|people) (?:[a-z]+ ){0,4}$|\x01 (?:[a-z]+ )?$|\b(?:few|fewer|some|less|more|or|what|why|how|only|oxford|inverted) $|\b(?:use|add|put|include|with) (?:the |some |many |lots of |plenty of )?$"
    ) || says!(
        hit.text(),
        r"\b(?:if|unless|except|when|who|whose|he|she|they|people|rule|ban|limit|requirement|restriction)\b|\b(?:people|they|everyone|many|most|some|others|[a-z]+ers) (?:often |always |usually |all |just |tend to )*(?:avoid|skip|drop|omit|lose|ditch|leave|keep|cut|do|go|manage|take|get)\b"
    )
}
