//! Statements of a later prompt that leave out what they are about: `get it under 70`, `it has to be in there twice`, `blank
//! lines instead of the asterisks`. They are about a rule so far, and read as if they named it.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::{Value, json};

use super::{Held, naming::limits_length, sentence::Sentence};
use crate::{
    constraints::{
        Constraint, Kwargs,
        kinds::language,
        parse::conflicts::bounds,
        wording::{
            count_of,
            pattern::{Pattern, compile},
        },
    },
    says,
};

/// What a sentence states of rules so far, as statements of its own.
pub(super) fn read(sentence: &Sentence, held: &[Held], stated: &[Constraint]) -> Vec<Constraint> {
    let here: Vec<&Constraint> = stated
        .iter()
        .filter(|stated| sentence.holds(stated.span.start))
        .collect();
    let mut out = times(sentence, held, &here);
    if out.is_empty() {
        out.extend(range(&sentence.text, held, &here));
    }
    // A number that states something is no other limit.
    let numbered = here
        .iter()
        .any(|stated| stated.kwargs.values().any(Value::is_number));
    if out.is_empty() && here.is_empty() {
        out.extend(language(&sentence.text).or_else(|| form(&sentence.text, held)));
    }
    if out.is_empty() && !numbered {
        out.extend(
            limit(&sentence.text, held)
                .or_else(|| change_of_limit(&sentence.text, held))
                .or_else(|| separator(&sentence.text, held)),
        );
    }
    for constraint in &mut out {
        constraint.span = sentence.source(0..sentence.text.len());
    }
    out
}

/// `And in Dutch`, `translate it into Dutch`: the language of what is there already.
fn language(text: &str) -> Option<Constraint> {
    static IN: Pattern = Pattern::new(
        r"^(?:(?:and|now|but|ok|all|same|again|please|just|only|exceptionally|(?:for )?this (?:time|one|once)|for (?:now|once)|once|try|do it),? )*(?:in|(?:translate|put|turn|render|convert) (?:it|that|this|them|everything|the (?:whole thing|lot|{piece})) (?:in)?to) ({lang})(?:,? (?:please|pls|now|instead|this time|for (?:me|her|him|them|us)|too|as well))?(?:$|[;:]|, ?(?:please|pls|keep|make|write|explain|tell|describe|with|using|same|and|but|no|under|max|thanks)\b| (?:and|but) (?:keep|make|please|in|with|use|no|not|only|then|under|at|shorter|longer|as)\b)|^(?:(?:and|now|but|ok|just|only|please),? )*(?:for|in|with) (?:this|the next|your next|my next)(?: (?:one|answer|reply|message|question|time))(?: only)?[,:]? (?:in |use )?({lang})(?: please)?(?:$|[,;:])|^(?:(?:and|now|but|ok|just|only|please),? )*({lang}) (?:just |only )?(?:for|in) (?:this|the next|your next|my next)(?: (?:one|answer|reply|message|question|time))\b",
    );
    let found = IN.captures(text)?;
    let name = (1..4).find_map(|group| found.get(group))?;
    let code = language::code(name.as_str())?;
    let kwargs = Kwargs::from_iter([("language".to_owned(), code.into())]);
    Some(Constraint {
        id: "language:response_language".into(),
        kwargs,
        span: 0..0,
        scope: None,
    })
}

/// `Switch to YAML`, `CSV from now on please`: another form for the one so far.
fn form(text: &str, held: &[Held]) -> Option<Constraint> {
    static FORM: Pattern = Pattern::new(
        r"\b(?:switch|change|go|going|move|swap|convert|turn|put|make|shift|revert|return|back|reformat|render|export|output|answer|reply|respond|use|let's (?:have|do|try|use))(?: (?:it|that|this|them|everything|over|back|now|the (?:format|output|lot|whole thing|answers?|{piece})|your (?:answers|replies|output|format)))*(?: (?:to|into|in|as|with|for|on to|using|valid|proper|plain|pure))* (json|yaml|xml|csv|html)\b|^(?:(?:and|now|ok|okay|but|actually|same|again|please|the same|all|then|just|only|next),? )*(?:(?:in|as|to) )?(?:valid |proper |plain |pure )?(json|yaml|xml|csv|html)(?:(?: format| output| only)?,? (?:please|pls|now|instead|rather|from|for|this time|again|then|not)\b| format$| only$|$)",
    );
    let ids = [
        ("json", "detectable_format:json_format"),
        ("yaml", "raif:yaml_format"),
        ("xml", "raif:xml_format"),
        ("csv", "raif:csv_format"),
        ("html", "raif:html_format"),
    ];
    let found = FORM.captures(text)?;
    let name = found.get(1).or(found.get(2))?;
    let negated = says!(
        &text[..name.start()],
        r"\b(?:not?|never|don't|without|stop|instead of|rather than)\b"
    );
    let id_of = |said: &str| ids.iter().find(|(name, _)| *name == said).map(|(_, id)| *id);
    let old = held
        .iter()
        .rev()
        .map(|item| &item.active.constraint)
        .find(|rule| ids.iter().any(|(_, id)| rule.id == *id))?;
    let id = id_of(name.as_str()).filter(|id| !negated && old.id != *id)?;
    Some(instead_of(old, id, Value::Null))
}

/// A rule as another one, of the same part.
fn instead_of(old: &Constraint, id: &str, kwargs: Value) -> Constraint {
    let kwargs = match kwargs {
        Value::Object(kwargs) => kwargs,
        _ => Kwargs::new(),
    };
    Constraint {
        id: id.to_owned(),
        kwargs,
        ..old.clone()
    }
}

/// A count, and how the number of a statement bounds it.
#[derive(Clone, Copy)]
enum Bound {
    AtLeast(u64),
    LessThan(u64),
}

impl Bound {
    /// The bound that the first group of several names: below, at most, at least, above.
    fn of(found: &Captures, groups: [usize; 4], count: u64) -> Option<Self> {
        let nth = groups.iter().position(|&group| found.get(group).is_some())?;
        Some(match nth {
            0 => Self::LessThan(count),
            1 => Self::LessThan(count.saturating_add(1)),
            2 => Self::AtLeast(count),
            _ => Self::AtLeast(count.saturating_add(1)),
        })
    }

    fn parts(self) -> (u64, &'static str) {
        match self {
            Self::AtLeast(count) => (count, "at least"),
            Self::LessThan(count) => (count, "less than"),
        }
    }

    /// This bound on what a rule limits.
    fn on(self, rule: &Constraint) -> Option<Constraint> {
        let (count, relation) = self.parts();
        let (id, kwargs) = match bounds(rule)?.what.as_str() {
            "words" => (
                "length_constraints:number_words",
                json!({"num_words": count, "relation": relation}),
            ),
            "sentences" => (
                "length_constraints:number_sentences",
                json!({"num_sentences": count, "relation": relation}),
            ),
            "characters" => match self {
                Self::AtLeast(count) => ("raif:char_limit", json!({"min_chars": count})),
                Self::LessThan(count) => ("raif:char_limit", json!({"max_chars": count.saturating_sub(1)})),
            },
            "lines" | "paragraphs" | "headings" | "hashtags" | "emoji" if rule.kwargs.contains_key("num") => {
                (rule.id.as_str(), json!({"num": count, "relation": relation}))
            }
            _ => return None,
        };
        Some(instead_of(rule, id, kwargs))
    }
}

/// The rule of whose amount a number without a noun speaks: one of about that size, the later of several.
pub(super) fn of_that_size(held: &[Held], count: u64, suits: impl Fn(&Constraint) -> bool) -> Option<usize> {
    let near = |rule: &Constraint| {
        bounds(rule).is_some_and(|bounds| {
            let known = match bounds.hi {
                u64::MAX => bounds.lo,
                hi => hi,
            };
            count <= known.saturating_mul(4) && known <= count.saturating_mul(4)
        })
    };
    held.iter()
        .rposition(|item| suits(&item.active.constraint) && near(&item.active.constraint))
}

/// `Can you get it under 70`, `no more than 40 please`, `60 max`.
fn limit(text: &str, held: &[Held]) -> Option<Constraint> {
    const END: &str = r"(?:$|[,;:.!)]| [-–—]| (?:please|pls|plz|instead|now|then|if|thanks|this time|from now|or so|though|and|for|or|but|as|because|since|so|when|with)\b)";
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        compile(&format!(
            r"(?:^|[,;:(–—-] ?|\b(?:to|and|but|please|now|make|get|keep|bring|take|cut|trim|squeeze|want|need|be|(?:it|this|that|length|limit|count) is|stay|go|drop|push|shrink|hold|aim|stick|knock|whittle|it|this|that|them|down|back|up|stays?|remains?|just|still|well|way|limit|cap|maximum|minimum|length|count) )(?:(under|below|less than|fewer than|beneath|shorter than)|(at (?:the )?most|no more than|not more than|no longer than|(?:a |the )?max(?:imum)?(?: of)?|within|up to|not (?:over|above|beyond|exceeding))|(at least|no (?:less|fewer|shorter) than|not (?:less|fewer|under|below)(?: than)?|(?:a |the )?min(?:imum)?(?: of)?)|(over|above|more than|past|beyond|longer than)) {{amount}}{END}"
        ))
    });
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        compile(&format!(
            r"(?:^|[,;:–—-] ?|\b(?:to|of|is|be|say|at|just|only|now|it|that|and|but|please|with|or|actually|make|have) ){{amount}} (?:(tops|max|maximum|at (?:the )?most|or (?:less|fewer|under|below)|and no (?:more|longer)|(?:is|as) (?:the|my|a) (?:limit|max|maximum|most|cap))|(min|minimum|at (?:the )?least|or (?:more|over|above)|and up|(?:is|as) (?:the|my|a) (?:minimum|least|floor))){END}"
        ))
    });
    let amount_of = |said: &str| match said {
        "half a dozen" | "half-a-dozen" => Some(6),
        "a dozen" => Some(12),
        said => count_of(said).filter(|count| *count > 1),
    };
    static CAP: LazyLock<Regex> = LazyLock::new(|| {
        compile(&format!(
            r"\b(?:cap|limit|hold|restrict|keep|confine) (?:it |this |that |them )?(?:at|to) {{amount}}{END}"
        ))
    });
    let capped = || {
        let count = amount_of(CAP.captures(text)?.get(1)?.as_str())?;
        Some(Bound::LessThan(count.saturating_add(1)))
    };
    let bound = BEFORE
        .captures(text)
        .and_then(|found| Bound::of(&found, [1, 2, 3, 4], amount_of(found.get(5)?.as_str())?))
        .or_else(|| {
            let found = BEHIND.captures(text)?;
            let count = amount_of(found.get(1)?.as_str())?;
            Some(match found.get(2) {
                Some(_) => Bound::LessThan(count.saturating_add(1)),
                None => Bound::AtLeast(count),
            })
        })
        .or_else(capped)?;
    let at = of_that_size(held, bound.parts().0, |rule| bound.on(rule).is_some())?;
    bound.on(&held[at].active.constraint)
}

/// `Between 50 and 60`, of words so far.
fn range(text: &str, held: &[Held], here: &[&Constraint]) -> Option<Constraint> {
    static RANGE: Pattern = Pattern::new(
        r"(?:\b(?:between|from) (\d+) (?:and|to) (\d+)|(?:^|[,;:] )(?:(?:make it|say|more like|rather|ok|no|just|now),? )*(\d+)(?:-|–| to )(\d+))(?:$|[,;:]| (?:please|instead|now|then)\b)",
    );
    if !here.is_empty() {
        return None;
    }
    let found = RANGE.captures(text)?;
    let number = |a, b| found.get(a).or(found.get(b))?.as_str().parse::<u64>().ok();
    let (min, max) = (number(1, 3)?, number(2, 4)?);
    let at = of_that_size(held, max, |rule| {
        bounds(rule).is_some_and(|bounds| bounds.what == "words")
    })?;
    (min < max).then(|| {
        instead_of(
            &held[at].active.constraint,
            "raif:word_range",
            json!({"min": min, "max": max}),
        )
    })
}

/// `Raise the limit by 20`, `double the word count`: the number of a limit so far, more or less.
fn change_of_limit(text: &str, held: &[Held]) -> Option<Constraint> {
    static BY: Pattern = Pattern::new(
        r"\b(?:(raise|increase|bump|up|extend|lift|stretch|push|lengthen|expand|relax|loosen)|(lower|cut|reduce|shorten|trim|shrink|drop|tighten|bring|take))\b[^,;.]{0,40}? by (?:about |another |a further )?(\d+|[a-z]+)(?: words| sentences| lines| characters)?(?:$|[,;:.!)]| (?:please|pls|now|then|from|for|and)\b)|\b(\d+|[a-z]+) (?:words|sentences|lines|characters) (?:(more|longer|extra)|(fewer|less|shorter))\b",
    );
    static TIMES: Pattern = Pattern::new(
        r"\b(?:(double|twice)|(triple|treble|three times)|(halve|half))\b (?:of )?(?:the|that|my|your|this) (?:[a-z]+ ){0,2}?(?:limit|count|cap|length|number|maximum|minimum|allowance|budget|ceiling)\b|\b(?:can|may|could) be (?:(twice)|(three times)|(half)) as long\b|^(?:please |so |now |ok,? )*(?:(double)|(triple|treble)|(halve)) (?:it|that)\b",
    );
    let at = held.iter().rposition(|item| {
        let rule = &item.active.constraint;
        let noun = ["sentence", "line", "character", "word"]
            .into_iter()
            .find(|noun| {
                text.split(|c: char| !c.is_alphabetic())
                    .any(|word| word.strip_suffix('s').unwrap_or(word) == *noun)
            });
        limits_length(rule)
            && noun.is_none_or(|noun| bounds(rule).is_some_and(|bounds| bounds.what.starts_with(noun)))
    })?;
    let rule = &held[at].active.constraint;
    let name = ["num_words", "num_sentences", "num", "max_chars"]
        .into_iter()
        .find(|name| rule.kwargs.contains_key(*name))?;
    let known = rule.kwargs.get(name)?.as_u64()?;
    // `At most 50` is held as `less than 51`: what is doubled is the number that was said.
    let said_below = u64::from(
        rule.kwargs
            .get("relation")
            .is_some_and(|relation| relation == "less than")
            && known % 5 == 1,
    );
    let count = if let Some(found) = TIMES.captures(text) {
        let said = known - said_below.min(known);
        let factor = (1..10)
            .find(|&nth| found.get(nth).is_some())
            .map_or(0, |nth| nth % 3);
        let said = match factor {
            1 => said.saturating_mul(2),
            2 => said.saturating_mul(3),
            _ => said / 2,
        };
        said + said_below
    } else {
        let found = BY.captures(text)?;
        let by = count_of(found.get(3).or(found.get(4))?.as_str())?;
        match found.get(1).or(found.get(5)) {
            Some(_) => known.saturating_add(by),
            None => known.checked_sub(by).filter(|count| *count > 0)?,
        }
    };
    let mut new = rule.clone();
    new.kwargs.insert(name.into(), count.into());
    Some(new)
}

/// `It has to be in there at least twice`: how often a word is to be said that a rule so far asks for.
fn times(sentence: &Sentence, held: &[Held], here: &[&Constraint]) -> Vec<Constraint> {
    static TIMES: Pattern = Pattern::new(
        r"(?:\b(?:(less than|fewer than|under)|(at most|no more than|not more than|only|just|max(?:imum)?(?: of)?|up to)|(at least|no fewer than|no less than|a minimum of)|(more than|over)|(exactly|precisely)) )?\b(once|twice|thrice|(?:\d+|[a-z]+|a couple of) times)\b(?: (?:(at most|tops|max|maximum|or (?:less|fewer)|and no more)|(exactly|precisely)))?",
    );
    let text = sentence.text.as_str();
    let speaks = says!(
        text,
        r"\b(?:it|that|the (?:key)?word|that word|this word|the phrase|that phrase)\b"
    ) && says!(
        text,
        r"\b(?:must|should|has to|have to|needs? to|wants?|needs?|can|may|use|say|mention|include|work|get|put|make|repeat|slip|squeeze|sneak|appear|i'd like|let's)\b"
    );
    let counted = here.iter().any(|stated| stated.id == "keywords:frequency");
    let Some(found) = TIMES.captures_iter(text).last().filter(|_| !counted) else {
        return Vec::new();
    };
    let count = match &found[6] {
        "once" => 1,
        "twice" | "a couple of times" => 2,
        "thrice" => 3,
        said => match said.strip_suffix(" times").and_then(count_of) {
            Some(count) => count,
            None => return Vec::new(),
        },
    };
    let word_of = |rule: &Constraint| match rule.id.as_str() {
        "keywords:frequency" => rule.kwargs.get("keyword")?.as_str().map(str::to_owned),
        "keywords:existence" | "raif:include_phrase" => {
            let words = rule.kwargs.get("keywords").or(rule.kwargs.get("phrases"))?;
            match words.as_array()?.as_slice() {
                [word] => word.as_str().map(str::to_owned),
                _ => None,
            }
        }
        _ => None,
    };
    let named = |word: &String| text.contains(&word.to_lowercase());
    let wanted = held.iter().rev().find_map(|item| {
        let rule = &item.active.constraint;
        word_of(rule)
            .filter(|word| speaks || named(word))
            .map(|word| (rule, word))
    });
    let Some((rule, word)) = wanted else {
        return Vec::new();
    };
    let exactly = found.get(5).or(found.get(8)).is_some();
    let bounds = match Bound::of(&found, [1, 2, 3, 4], count) {
        _ if exactly => vec![Bound::AtLeast(count), Bound::LessThan(count.saturating_add(1))],
        Some(bound) => vec![bound],
        None if found.get(7).is_some() => vec![Bound::LessThan(count.saturating_add(1))],
        None => vec![Bound::AtLeast(count)],
    };
    bounds
        .into_iter()
        .map(|bound| {
            let (count, relation) = bound.parts();
            let kwargs = json!({"keyword": word, "frequency": count, "relation": relation});
            instead_of(rule, "keywords:frequency", kwargs)
        })
        .collect()
}

/// `Use blank lines instead of the asterisks`: as many paragraphs, parted by something else.
fn separator(text: &str, held: &[Held]) -> Option<Constraint> {
    let stars = says!(text, r"\*\*\*|\b(?:asterisks?|stars?|dividers?|separators?)\b");
    let blank = says!(
        text,
        r"\b(?:blank|empty) lines?\b|\bdouble (?:line breaks?|newlines?|spacing)\b|\bnormal (?:paragraph )?breaks\b"
    );
    let other = says!(
        text,
        r"\b(?:instead|rather than|not|replace|swap|change|switch|separated?|divided?|between|use|put)\b"
    );
    if !other || !(stars || blank) {
        return None;
    }
    let count = |id: &str, name: &str| {
        let item = held.iter().rfind(|item| item.active.constraint.id == id)?;
        let rule = &item.active.constraint;
        Some((rule, rule.kwargs.get(name)?.as_u64()?))
    };
    if blank {
        let (rule, count) = count("length_constraints:number_paragraphs", "num_paragraphs")?;
        return Some(instead_of(rule, "raif:paragraph_count", json!({"num": count})));
    }
    let (rule, count) = count("raif:paragraph_count", "num")?;
    (!rule.kwargs.contains_key("relation") && says!(text, r"\*\*\*|\basterisks\b")).then(|| {
        instead_of(
            rule,
            "length_constraints:number_paragraphs",
            json!({"num_paragraphs": count}),
        )
    })
}
