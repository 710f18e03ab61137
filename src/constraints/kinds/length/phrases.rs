//! How people state lengths.

use super::said_of::{a_few, as_labelled, incidental, mentioned, per_item, per_thing};
use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        quantity::Quantity,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["word", "wrod"],
        pattern: r"{n} (?:total |full |english |whole |additional |extra |more |complete |single |actual |simple )?words?\b",
        rank: 50,
        read: words,
    },
    Phrase {
        cues: &["word", "length"],
        pattern: r"\b(?:number of words|word total|word count){w} ?{n}|\b(?:(?:total|overall|maximum|minimum|max|min|target) )*(?:words? ?|total |overall |maximum |minimum |max |min |target )(?:count|limit|length|budget|cap|target|maximum|minimum|total)(?: for \w+(?: \w+)?| of \w+ \w+)?(?: (?:needs to be|should not|should be|has to be|must not|must be|can not|may not|should|to be|must|is|of|at|be)\b)*[:=]? ?{n}(?: words?)?",
        rank: 52,
        read: word_count,
    },
    // `under 40 words … otherwise write at least 100`
    Phrase {
        cues: &["write", "use", "make", "aim", "give", "add"],
        pattern: r"\b(?:write|use|aim for|make it|give me) {n}(?: \x03)?(?:[.,;!)\n]|$| (?:and|but|then)\b)",
        rank: 40,
        read: |hit| {
            let large = |quantity: &Quantity| {
                quantity.related && quantity.lo.or(quantity.hi).is_some_and(|count| count >= 20)
            };
            if let Some(quantity) = hit.amount(0).cloned().filter(large)
                && says!(&hit.document.text[..hit.range.start], r"\x01 words\b")
            {
                emit_words(hit, &quantity);
            }
        },
    },
    // `do not let it go a word beyond 140`
    Phrase {
        cues: &["word"],
        pattern: r"\b(?:a|one|single) (?:single )?word {n}(?:[.,;!?)\n]|$| (?:and|please|or)\b)",
        rank: 52,
        read: |hit| {
            if let Some(quantity) = hit
                .amount(0)
                .cloned()
                .filter(|quantity| quantity.related && quantity.lo.is_none())
            {
                emit_words(hit, &quantity);
            }
        },
    },
    Phrase {
        cues: &["words"],
        pattern: r"\bwords?: ?{n}",
        rank: 51,
        read: |hit| {
            // `no words: 17 x 23?`
            if !says!(
                hit.before(),
                r"\b(?:no|without|in|any|other|of|use)(?: [a-z]+)? $"
            ) {
                word_count(hit);
            }
        },
    },
    // `the word limit is 75`: what it is of stands before it
    Phrase {
        cues: &["word"],
        pattern: r"\bword {n}(?:[.,;:!?)\n]|$| (?:and|so|but|please|for|on|here)\b)",
        rank: 50,
        read: |hit| {
            let limits = says!(
                &hit.spelling().to_lowercase(),
                r"\b(?:limit|cap|ceiling|max|maximum|min|minimum)\b"
            );
            if let Some(quantity) = hit
                .amount(0)
                .cloned()
                .filter(|quantity| limits && quantity.related)
            {
                emit_words(hit, &quantity);
            }
        },
    },
    Phrase {
        cues: &["sentence"],
        pattern: r"{n} (?:[a-z']+ ){0,2}?sentences?\b",
        rank: 50,
        read: sentences,
    },
    Phrase {
        cues: &["sentence"],
        pattern: r"\b(?:in|into|as|down to|with|using|just|only) a sentence\b|\b(?:now|then|add|and|plus|,) a sentence (?:under|below|beneath|above|after|before) (?:it|that|them|the [a-z]+)\b|\bsentences?(?: count)?: ?{n}|\b(?:number of sentences|sentence count)\b{v}{n}",
        rank: 49,
        read: sentences,
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"{n} (?:[a-z']+ ){0,2}?paragraphs?\b",
        rank: 50,
        read: paragraphs,
    },
    Phrase {
        cues: &["paragraph"],
        pattern: r"\bparagraphs?(?: count)?: ?{n}|\b(?:number of paragraphs|paragraph count)\b{v}{n}|\b(?:in|into|as) a paragraph\b",
        rank: 49,
        read: paragraphs,
    },
    Phrase {
        cues: &["sentence", "paragraph"],
        pattern: r"\ba (sentence|paragraph) or {n}(?:[.,;!)\n]|$| (?:max|tops|at most|will do|is fine|please|about|on|is enough|is plenty)\b)",
        rank: 53,
        read: |hit| {
            let Some(most) = hit.amount(0).and_then(|quantity| quantity.hi) else {
                return;
            };
            let quantity = Quantity {
                lo: Some(1),
                ..at_most(most)
            };
            match hit.group(1) {
                Some("sentence") => hit.emit_bounds(
                    "length_constraints:number_sentences",
                    "num_sentences",
                    "relation",
                    &quantity,
                    &Default::default(),
                ),
                _ => hit.emit_bounds(
                    "raif:paragraph_count",
                    "num",
                    "relation",
                    &quantity,
                    &Default::default(),
                ),
            }
        },
    },
    Phrase {
        cues: &["line", "verse"],
        pattern: r"{n} (?:(?:short|long|full|rhyming|text|single|separate|whole|non|empty|complete|simple|punchy|little|neat|tidy) ){0,2}lines?\b",
        rank: 48,
        read: lines,
    },
    Phrase {
        cues: &["char", "letters"],
        pattern: r"{n} (?:total )?(?:characters?|chars?)\b",
        rank: 50,
        read: characters,
    },
    Phrase {
        cues: &["char"],
        pattern: r"\b(?:character|char) (?:count|limit|length|cap|maximum|max)(?: (?:should be|must be|is|of|at)\b)*:? ?{n}|\b(?:characters|chars): ?{n}",
        rank: 51,
        read: characters,
    },
];

/// `anything past 100 words gets cut off`: what is more is lost.
fn cut_off(hit: &Hit, quantity: &Quantity) -> Option<Quantity> {
    let more = quantity.lo.filter(|_| quantity.hi.is_none())?;
    let lost = says!(
        hit.before(),
        r"\b(?:anything|everything|whatever is|text|answers?|replies) $"
    ) && says!(
        hit.after(),
        r"^ (?:will |would |just |simply )?(?:be |gets?|is|are|goes|becomes?|ends up)? ?(?:cut|truncated|chopped|trimmed|rejected|ignored|lost|deleted|binned|dropped|too (?:long|much)|thrown|not (?:read|accepted|shown)|refused|bounced?)\b"
    );
    lost.then(|| at_most(more.saturating_sub(1)))
}

fn words(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0) else {
        return;
    };
    if let Some(most) = cut_off(hit, quantity) {
        return emit_words(hit, &most);
    }
    // `in the 200-word range`
    if let Some(value) = quantity.exact()
        && says!(
            hit.after(),
            r"^ (?:range|mark|region|ballpark|vicinity|neighbou?rhood)\b"
        )
    {
        hit.emit(
            "raif:word_approx",
            kwargs([("num_words", value.into()), ("tolerance_pct", 10.into())]),
        );
        return;
    }
    if says!(
        hit.after(),
        r"^ (?:for word\b|per minute|a minute|per day|than|that rhyme|which rhyme|that (?:start|begin|end|contain|mean|describe)\b|(?:starting|beginning|ending|rhyming) (?:with|in)|\x02|from this|from the|i (?:can|could|should)|for (?:the|a|an) [a-z]+ of|(?:\x03 |over |under |above |below |past |beyond |short of )(?:the|my|our|their|its|his|her|a) (?:[a-z]+ )?(?:limit|maximum|minimum|target|count|cap|allowance)\b|too (?:many|long|short|few)|or phrases (?:in|with)|down to)"
    ) || says!(
        hit.after(),
        r"^(?: or more| or phrases)? (?:that are |which are |should be |must be |written |be |are )?(?:in|with|as|using) (?:[a-z]+ ){0,2}(?:caps|capital|capitals|upper ?case|capitali[sz]ed|bold|italics?)\b"
    ) || says!(
        hit.before(),
        r"\b(?:cut|reduce|reduced|trim|wrote|written|read|know|learn|learned|knows) $|\x01 $"
    ) || a_few(hit, quantity)
        || mentioned(hit, quantity)
    {
        return;
    }
    if per_item(hit) {
        if let Some(max) = quantity.hi {
            hit.emit("raif:words_per_item", kwargs([("max", max.into())]));
        }
        return;
    }
    emit_words(hit, &as_labelled(hit, quantity));
}

fn word_count(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    // "length", "limit" and "target" alone may be of something else than words.
    if !says!(hit.text(), r"\bword") && !says!(hit.sentence(), r"\bwords?\b") {
        return;
    }
    let quantity = match quantity.exact() {
        Some(value) if says!(hit.text(), r"limit|cap|maximum|max |budget") => at_most(value),
        Some(value) if says!(hit.text(), r"minimum|min ") => at_least(value),
        _ => quantity,
    };
    emit_words(hit, &quantity);
}

fn at_most(value: u64) -> Quantity {
    Quantity {
        lo: None,
        hi: Some(value),
        approximate: false,
        related: true,
        after: None,
    }
}

fn at_least(value: u64) -> Quantity {
    Quantity {
        lo: Some(value),
        hi: None,
        ..at_most(value)
    }
}

pub fn emit_words(hit: &mut Hit, quantity: &Quantity) {
    match (quantity.lo, quantity.hi) {
        (Some(value), _) if quantity.approximate => hit.emit(
            "raif:word_approx",
            kwargs([("num_words", value.into()), ("tolerance_pct", 10.into())]),
        ),
        (Some(lo), Some(hi)) if lo == hi && (quantity.related || lo < 10) => {
            hit.emit("raif:exact_words", kwargs([("num_words", lo.into())]));
        }
        // `a 200-word story`: a number that is only named is not meant to the word.
        (Some(lo), Some(hi)) if lo == hi => hit.emit(
            "raif:exact_words",
            kwargs([("num_words", lo.into()), ("tolerance_pct", 10.into())]),
        ),
        (Some(lo), Some(hi)) => hit.emit(
            "raif:word_range",
            kwargs([("min", lo.into()), ("max", hi.into())]),
        ),
        _ => hit.emit_bounds(
            "length_constraints:number_words",
            "num_words",
            "relation",
            quantity,
            &Default::default(),
        ),
    }
}

pub fn sentences(hit: &mut Hit) {
    // `(just 1 or 2 sentences)` only explains.
    if incidental(hit)
        || per_thing(hit) && !per_item(hit)
        || says!(hit.before(), r"\x01 sentences?,? \([^)]*$")
    {
        return;
    }
    let single = Quantity {
        lo: Some(1),
        ..at_most(1)
    };
    let quantity = as_labelled(hit, hit.amount(0).unwrap_or(&single));
    if says!(
        hit.text(),
        r"^\x01[^\x01]* (?:of|and|in|to|word|words|for|the|or|per|with|from|line|lines|paragraph|paragraphs|that|more|times|is|are|different topics) "
    ) || mentioned(hit, &quantity)
        || says!(
            hit.after(),
            r"^ (?:story where each|structures?|types?|patterns?|fragments?|starters?)\b|^ \x02"
        )
    {
        return;
    }
    if per_item(hit) {
        if let Some(max) = quantity.hi {
            hit.emit("raif:sentence_per_item", kwargs([("max", max.into())]));
        }
        return;
    }
    match quantity.exact() {
        Some(value) => hit.emit("raif:exact_sentences", kwargs([("num_sentences", value.into())])),
        None if quantity.approximate => {}
        None => hit.emit_bounds(
            "length_constraints:number_sentences",
            "num_sentences",
            "relation",
            &quantity,
            &Default::default(),
        ),
    }
}

pub fn paragraphs(hit: &mut Hit) {
    if incidental(hit) || per_thing(hit) || says!(hit.after(), r"^ to (?:the next|another)\b") {
        return;
    }
    let one = Quantity {
        lo: Some(1),
        ..at_most(1)
    };
    let quantity = as_labelled(hit, hit.amount(0).unwrap_or(&one));
    if says!(
        hit.text(),
        r"^\x01[^\x01]* (?:of|and|in|to|word|words|for|the|or|per|with|from|sentence|sentences|that|new|line|lines|is|are|blank) "
    ) || mentioned(hit, &quantity)
        || quantity.approximate
    {
        return;
    }
    match super::separators::exact_parts(hit, &quantity) {
        Some(value) => hit.emit("raif:paragraph_count", kwargs([("num", value.into())])),
        None => hit.emit_bounds(
            "raif:paragraph_count",
            "num",
            "relation",
            &quantity,
            &Default::default(),
        ),
    }
}

pub fn lines(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0) else {
        return;
    };
    if mentioned(hit, quantity)
        || quantity.approximate
        || per_item(hit)
        || says!(hit.text(), r"\b(?:new|blank|empty) ")
        || says!(
            hit.after(),
            r"^ (?:breaks?|spac|of code|apart|between|per (?:item|bullet|point|entry|page|inch|second|minute|thing|name|word|person|question)|manager|item)|^s? (?:should )?separat"
        )
        || says!(
            hit.before(),
            r"\b(?:between|by|with|use|using|leave|insert|add) $"
        ) && says!(hit.after(), r"^ (?:between|to sep)")
    {
        return;
    }
    hit.emit_counted("raif:num_lines", "num", &as_labelled(hit, quantity));
}

fn characters(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).map(|quantity| as_labelled(hit, quantity)) else {
        return;
    };
    let limit = says!(hit.text(), r"limit|cap|maximum|max\b");
    let quantity = match quantity.exact() {
        Some(value)
            if limit
                || !quantity.related
                    && says!(
                        hit.sentence(),
                        r"\b(?:longer|exceed|limit|fit|fits|tweet|under|max|takes?|accepts?|allows?)\b"
                    ) =>
        {
            at_most(value)
        }
        _ => quantity,
    };
    let most = quantity.hi.or(quantity.lo).unwrap_or(0);
    // People in a story are characters too, and come in small numbers.
    let name = says!(
        hit.context(),
        r"\b(?:user ?name|password|nickname|handle|title|code|slogan|label|long|spaces|headline|subject|hashtag)\b"
    );
    if (most < 20 && !limit && !name)
        || quantity.approximate
        || mentioned(hit, &quantity)
        || says!(
            hit.after(),
            r"^ (?:in (?:the|a) (?:story|play|novel|cast)|who|named)"
        )
    {
        return;
    }
    let mut arguments = crate::constraints::Kwargs::new();
    if let Some(lo) = quantity.lo {
        arguments.insert("min_chars".into(), lo.into());
    }
    if let Some(hi) = quantity.hi {
        arguments.insert("max_chars".into(), hi.into());
    }
    // A number that is only named is not meant to the character.
    if !quantity.related && quantity.exact().is_some() {
        arguments.insert("tolerance_pct".into(), 10.into());
    }
    hit.emit("raif:char_limit", arguments);
}
