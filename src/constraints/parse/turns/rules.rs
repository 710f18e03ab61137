//! What a sentence of a later prompt does to the rules so far: calls them off, or puts them back.
//!
//! Owns the words for it and which rules are meant: those that are named ([`super::naming`]), `the second rule`, `all of that
//! except …`, `it`. What then happens to a rule is [`super`]'s.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    naming::{by_topic, forbids, holds, limits_length, literal, names, numbered, topics},
    said::{any, is_once},
    sentence::Sentence,
};
use crate::{
    constraints::{
        Constraint, Kwargs,
        parse::conflicts::bounds,
        wording::{count_of, pattern::Pattern},
    },
    says,
};

/// In a longer sentence, in bytes, nobody calls a rule off.
const LONGEST: usize = 1000;

/// Changes of one sort in one sentence, at most.
const MOST: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// `Drop the title`, `the word limit no longer applies`.
    Off,
    /// `You may use commas again`: what was forbidden or limited is not any more.
    Allow,
    /// `No title this time`: what was asked for is not any more, unless that is a rule of its own.
    Without,
    /// `Bring the sign-off back`.
    Back,
}

/// One thing done to rules, and the words that name them.
pub(super) struct Change {
    pub act: Act,
    /// Bytes of the prompt that say it.
    pub span: Range<usize>,
    text: String,
    /// What the sentence excepts.
    kept: String,
    quoted: Vec<String>,
}

/// What is done in this sentence; the sentences before it tell what `it` is.
pub(super) fn changes(sentences: &[Sentence], nth: usize) -> Vec<Change> {
    static OFF: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/off.txt")));
    static STATES: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/off_states.txt")));
    static ALLOWED: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/allowed.txt")));
    static NONE: Pattern = Pattern::new(
        r"\b(?:no|not an?|not the|rather than|instead of|without|minus|sans|hold|(?:do not|don't) (?:want|like|need)) ",
    );
    static BACK: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/back.txt")));
    static CHINESE: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/off_zh.txt")));
    let sentence = &sentences[nth];
    let text = sentence.text.as_str();
    let mut out = Vec::new();
    if text.len() > LONGEST {
        return out;
    }
    let mut add = |act, range: Range<usize>| {
        let (said, kept) = excepted(&text[range.clone()]);
        // `The ending is cheesy, drop it`: what `it` is stands before.
        let mut named = said.to_owned();
        if says!(said, r"\b(?:it|that|this|them|those|these|one)\b") {
            named = format!("{} {said}", &text[..range.start]);
        }
        out.push(Change {
            act,
            span: sentence.source(range),
            text: named,
            kept: kept.to_owned(),
            quoted: sentence.quoted.clone(),
        });
    };
    // `you can go back to answering at length` puts nothing back.
    let puts_back = |clause: &Range<usize>| {
        BACK.find_iter(&text[clause.clone()]).any(|found| {
            !reported(sentence, clause.start + found.start())
                && !text[clause.start + found.end()..].starts_with(" to ")
        })
    };
    if puts_back(&(0..text.len())) {
        // `Bring rule 2 back and drop rule 1`
        for clause in orders_of(text) {
            if puts_back(&clause) {
                add(Act::Back, clause);
            } else if OFF
                .find_iter(&text[clause.clone()])
                .any(|found| orders(text, clause.start + found.start()..clause.start + found.end()))
            {
                add(Act::Off, clause);
            }
        }
        return out;
    }
    if says!(
        text,
        r"^(?:(?:ok(?:ay)?|right|please|now)[, ]+)*(?:stop|enough|that's enough|that'll do|stop (?:it|that|now|please|there)|(?:you can|you may) stop(?: now| it)?|cut it out|at ease)(?:[, ]+(?:now|please|thanks|thank you))?$|\b(?:answer|reply|respond|talk|speak|act|behave|carry on|go on)(?: again| to me)? (?:normally|as (?:usual|normal|you (?:normally|usually) (?:do|would)))\b|\bgame(?:'s| is)? over\b|\b(?:clean slate|fresh start|start fresh|start afresh|back to square one|wipe the slate(?: clean)?)\b"
    ) {
        out.push(Change {
            act: Act::Off,
            span: sentence.source(0..text.len()),
            text: "all of that".into(),
            kept: String::new(),
            quoted: Vec::new(),
        });
        return out;
    }
    for found in OFF.find_iter(text).take(MOST) {
        if !reported(sentence, found.start()) && orders(text, found.range()) {
            add(Act::Off, found.start()..end_of(text, found.end()));
        }
    }
    for found in NONE.find_iter(text).take(MOST) {
        // `make that Danish rather than Swedish` is another value.
        let other = says!(found.as_str(), r"^(?:rather|instead)")
            && !says!(
                &text[found.end()..],
                r#"^(?:in )?{lang}\b|^(?:the )?(?:words? |phrase )?""#
            );
        // `do it without the moon`
        let lacking = says!(found.as_str(), r"^(?:without|minus|sans)")
            && says!(
                &text[..found.start()],
                r"\b(?:it|that|this|one|version|again|them|draft|another|second|third|fourth) $"
            );
        if (other || lacking || orders(text, found.range())) && !sentence.question {
            add(Act::Without, found.start()..end_of(text, found.end()));
        }
    }
    for found in STATES.find_iter(text).take(MOST) {
        let about = says!(
            &text[found.end()..],
            r"^(?: limits| the top| to\b| \d| [a-z]+ (?:words|sentences)|[- ]limits)"
        );
        if !about && !reported(sentence, found.start()) {
            add(Act::Off, start_of(text, found.start())..found.end());
        }
    }
    for found in CHINESE.find_iter(text).take(MOST) {
        if !reported(sentence, found.start()) {
            add(Act::Off, start_of(text, found.start())..end_of(text, found.end()));
        }
    }
    // `As an exception, use commas`
    if is_once(sentence)
        && says!(text, r"\b(?:use|using|have|include|write|say|put|answer|reply)\b")
        && !says!(text, r"\b(?:no|not|never|without|avoid|don't)\b")
    {
        add(Act::Allow, 0..text.find(':').unwrap_or(text.len()));
    }
    for found in ALLOWED.find_iter(text).take(MOST) {
        let clause = start_of(text, found.start())..end_of(text, found.end());
        let denied = says!(&text[found.end()..], r"^ (?:not|never|only|just)\b")
            || says!(
                found.as_str(),
                r"\b(?:again|allowed|permitted|ok|okay|fine|welcome)$"
            ) && says!(&text[clause.clone()], r"\b(?:no|not|never|without|avoid)\b")
            || says!(&text[..found.start()], r"\b(?:as|if|that|what|which|than) $");
        // `The length is fine`, as it is.
        let stays = says!(
            &text[clause.clone()],
            r"\b(?:length|limit|count|size|number|amount|title|ending|opening|rest|format)s? (?:is|are|was|'s) (?:all |just |perfectly |quite )*(?:fine|ok|okay|good|all right|alright|perfect|great)\b"
        );
        if !denied && !stays && !reported(sentence, found.start()) {
            add(Act::Allow, clause);
        }
    }
    out
}

/// The orders of a sentence that calls rules off and puts others back.
fn orders_of(text: &str) -> Vec<Range<usize>> {
    static NEXT: Pattern = Pattern::new(
        r"(?:,? (?:and|but|then)|[,;]|, while) (?:then |also |please |you can |instead )*((?:{remove}|forget|scratch|pause|suspend|skip|ignore|cancel|lift|stop|disregard|abandon|undo|waive|bring|put|reinstate|restore|resume|revive|turn|switch|re-?(?:enable|introduce|activate|apply)|go back|add back) )",
    );
    let starts = NEXT
        .captures_iter(text)
        .filter_map(|found| Some(found.get(1)?.start()));
    let (mut out, mut from) = (Vec::new(), 0);
    for start in starts.take(MOST) {
        out.push(from..start);
        from = start;
    }
    out.push(from..text.len());
    out
}

/// What others say of rules, or what is asked about them.
fn reported(sentence: &Sentence, at: usize) -> bool {
    let before = &sentence.text[..at];
    // `She says it can be longer, so forget the limit`: what follows from it is ordered.
    static HENCE: Pattern = Pattern::new(r"[,;] (?:and )?(?:so|therefore|hence|thus|which means) ");
    let told = HENCE
        .find_iter(before)
        .last()
        .map_or(before, |found| &before[found.end()..]);
    // `Legal says the headline has to go` passes it on.
    let passed_on = !sentence.question
        && says!(
            &sentence.text,
            r"\b(?:says|thinks|reckons|insists|tells me|wants) (?:that )?(?:the|it|they|this|that|we|i|you|there|your|no)\b[^,;]*\b(?:has to|have to|must|needs? to|should|can|ought to)\b"
        );
    !passed_on
        && says!(
            told,
            r"\b(?:says?|said|saying|tells?|told|thinks?|believes?|claims?|reckons?|one should|people|writers|teachers|someone|everyone|critics|who)\b"
        )
        || sentence.question
            && says!(
                before,
                r"^(?:so |and |but )?(?:what|who|which|where|when|why|how|do|does|did|is|are|was|were|should|if)\b[^:]*$"
            )
}

/// Whether a verb orders, rather than tells or states a rule of its own.
fn orders(text: &str, verb: Range<usize>) -> bool {
    let (before, word, after) = (&text[..verb.start], &text[verb.clone()], &text[verb.end..]);
    // `lose one of the bullets`: there are fewer of them.
    let part = says!(
        after,
        r"^ (?:the )?(?:an?|one|two|three|four|five|\d+|first|last|second|third|fourth|final|middle|some|half|another)\b(?: of)?"
    ) && !says!(
        after,
        r"^[^,;:]*\b(?:{ruled}|caps?|counts?|thing|range|ceiling|minimum|maximum)\b"
    );
    let other = part
        || match word {
            "no more" | "no less" => after.starts_with(" than"),
            "stop" => says!(
                after,
                r"^ (?:after|at|when|by|once|before|using|writing|with (?:a|an|the (?:words?|phrase|sentence)))\b"
            ),
            "end" | "quit" | "done with" | "finished with" => says!(
                after,
                r"^ (?:with|on|by|in|each|every|your|it|a|an|the (?:answer|reply|email|letter|story|poem|note|text)|\x22)"
            ),
            "break" | "bend" => !says!(
                after,
                r"^ (?:that|this|the|your|my|those|these|it)(?: [a-z]+)? ?(?:rules?|limits?|bans?|just|this|for|$)"
            ),
            _ => false,
        };
    // `It doesn't need to end with that`: the text is told of, whatever it is called.
    let told = says!(word, r"^(?:does|will|won|no longer)\b|^doesn't");
    !other
        && (told
            || before.trim_end().is_empty()
            || before
                .trim_end()
                .ends_with([',', ';', ':', '-', '–', '—', '!', '"', '(', '…'])
            || says!(
                before,
                r"\b(?:please|pls|now|just|and|but|so|then|also|you|we|can|could|may|let's|lets|ok|okay|actually|i|i'd|i'll|we'll|should|want|wants|rather|simply|completely|totally|well|even|either|both|will|would|yes|no|fine|right|sorry|nah|hmm|do|like you to|want you to|time to|free to|need to|happy to|like to|are|'re|i've|have|[a-z]+ly|(?:this|that|next) (?:one|answer|reply|time|question|message|turn)|once|on|today|here|moment|chat|conversation|tonight) $"
            ))
}

/// Where what is called off ends, and what is asked for instead begins: `skip the JSON and give me one paragraph`.
fn end_of(text: &str, from: usize) -> usize {
    static INSTEAD: Pattern = Pattern::new(
        r"[;:]|,? (?:and|but) (?:then |please |now |also |from now on,? )?(?:{deed}|never|always|avoid|don't|do not|no longer than|no more than|at most|at least)\b|, (?:please |just |only |then |so |now |i|i'm|i've|we|what|how|who|why|where|when|it|he|she|they|{deed})\b|,? instead\b| [-–—] |，",
    );
    INSTEAD
        .find_at(text, from)
        .map_or(text.len(), |found| match says!(found.as_str(), r"\bleave$") {
            true => text.len(),
            false => found.start(),
        })
}

/// Where the clause that ends in a state begins: `the title stays, the word limit is off`.
fn start_of(text: &str, at: usize) -> usize {
    let cut = text[..at].rfind([',', ';', ':', '，']).map_or(0, |cut| {
        cut + text[cut..].chars().next().map_or(1, char::len_utf8)
    });
    let subject = &text[cut..at];
    // `…, that is over`: the subject stands in the clause before.
    match says!(
        subject,
        r"^ ?(?:(?:so|and|but|now) )?(?:it|that|this|they|those|these|which)?(?:'s)? ?$"
    ) {
        true => 0,
        false => cut,
    }
}

/// What is meant, and what is excepted from it: `all of that except the word limit`.
fn excepted(text: &str) -> (&str, &str) {
    static EXCEPT: Pattern = Pattern::new(
        r"\b(?:except(?: for| that)?|apart from|other than|save for|but (?:not|keep|leave|for|the|my)|aside from|besides|bar the|with the exception of|excluding|(?:and|just|only|do) keep)\b|除了",
    );
    match EXCEPT.find(text) {
        Some(found) => (&text[..found.start()], &text[found.end()..]),
        None => (text, ""),
    }
}

impl Change {
    /// Which of these rules, in the order of their statement and with the numbers that they have, are meant.
    pub fn meant(&self, rules: &[&Constraint], numbers: &[usize]) -> Vec<usize> {
        let text = self.text.as_str();
        let mut nth = numbered(text, rules, numbers);
        if !nth.is_empty() {
            return nth;
        }
        let kept = |rule: &Constraint| {
            !self.kept.is_empty() && names(&self.kept, &[], rule) || limits_otherwise(text, rule)
        };
        let chosen = |matches: &dyn Fn(&Constraint) -> bool| -> Vec<usize> {
            (0..rules.len())
                .filter(|&at| matches(rules[at]) && !kept(rules[at]))
                .collect()
        };
        if says!(
            text,
            r"\b(?:everything|(?:all|both) of (?:it|that|this|them|those|these)|(?:drop|lift|relax|scrap|forget|cancel|suspend) both|all (?:that|those|this)$|the lot|(?:all|both|any|every|none|two|three) (?:of )?(?:(?:my|the|your|those|these|of) )*(?:[a-z]+ )?{ruled}|(?:the|my|those|these|your) (?:(?:earlier|previous|old|other|above|first|extra) )?(?:rules|restrictions|constraints|requirements|orders|conditions|instructions|limits|preferences|bans))\b|(?:所有|全部)(?:的)?(?:规则|要求|限制)"
        ) && !topics().iter().any(|topic| topic.names.is_match(text))
        {
            return chosen(&|_| true);
        }
        // A rule is called one where a ban is called off; its bare noun forbids once more.
        let called = says!(
            text,
            r"\b(?:{ruled}|thing|things|stuff|game|business|phase|nonsense|gimmick|bit|avoid|avoiding|without|said|told|asked|changed my mind)\b|\x22|限制|规则|要求"
        );
        let suits = |rule: &Constraint| match self.act {
            Act::Off => called || !forbids(rule) || literal(text, &self.quoted, rule),
            // `You can go to 90 words` sets another limit.
            Act::Allow => {
                forbids(rule)
                    || limits_length(rule) && !self.has_number()
                    || rule.id.starts_with("change_case")
                    || rule.id.starts_with("language")
                    || says!(text, r"\b(?:plain|ordinary|prose|normal|full) ?")
                    || rule.id.starts_with("format:title")
                    || says!(text, r"\byou (?:like|want|please|prefer|wish|fancy|choose)\b")
            }
            Act::Without => !forbids(rule) || called && says!(text, r"{ruled}"),
            Act::Back => true,
        };
        nth = chosen(&|rule| suits(rule) && names(text, &self.quoted, rule));
        let specific = topics().iter().any(|topic| topic.names.is_match(text));
        if !nth.is_empty() || specific {
            return nth;
        }
        if says!(
            text,
            r"\b(?:as (?:long|much|detailed|verbose|wordy|long-winded|many words) as|(?:longer|long|lengthy|detailed|fuller|full) (?:answers|replies|responses|ones)|(?:write|go|ramble) (?:on|longer|more)|(?:over|past|beyond|exceed|ignore) (?:the|that|your)|(?:any|whatever) length|lengths?|minimum|maximum|how(?:ever)? long|long as|limits?|caps?|ceiling|cut-?off|(?:be|go|keep it|keeping it|stay) (?:brief|short)|in detail|at length|elaborate)\b|篇幅|长短"
        ) {
            return match self.act == Act::Allow && self.has_number() {
                true => Vec::new(),
                false => chosen(&limits_length),
            };
        }
        // `You may use it again`: what was forbidden last.
        if self.act == Act::Allow
            && says!(
                text,
                r"\b(?:use|say|write|include|have|mention|add) (?:it|them|that|those)\b(?: (?:again|now|freely|after all|if)\b|$)"
            )
        {
            return chosen(&forbids).pop().into_iter().collect();
        }
        if self.act != Act::Allow && says!(text, r"\bbans?\b") {
            return chosen(&forbids);
        }
        // The last rule set, where it is called a rule or nothing but `it`.
        let bare = says!(
            text,
            r"^ ?(?:(?:now|please|and|but|ok|okay|no|right|sorry|actually|hmm+|on second thoughts?|you can|let's)[, ]+)*(?:un-?pause|resume|reinstate|restore|suspend|pause|lift|waive|bring|put|turn|switch|drop|scrap|break|bend) (?:it|that|them|this)\b|\b(?:stop|quit|cease|leave off|give up) (?:doing |saying |writing )?(?:it|that|this)\b|\bno more of (?:it|that|this)\b|\bthe (?:other|remaining)(?: one| rule)?\b|\b(?:rule|ban|requirement|constraint|restriction|condition|thing|stuff|gimmick|nonsense|shtick|business|joke|game)(?:'s)?\b"
        );
        match rules.len().checked_sub(1) {
            Some(last) if bare && self.act != Act::Allow => vec![last],
            _ => Vec::new(),
        }
    }

    /// Whether something is excepted, so that what the sentence names is no statement either.
    pub fn excepts(&self) -> bool {
        !self.kept.is_empty()
    }

    /// Of these rules those that forbid what is named.
    pub fn forbidden(&self, rules: &[&Constraint]) -> Vec<usize> {
        (0..rules.len())
            .filter(|&at| forbids(rules[at]) && names(&self.text, &self.quoted, rules[at]))
            .collect()
    }

    /// `Go back to the first word limit`: of the ended rules that are meant, the one whose value is wanted instead of the present.
    pub fn earlier_value(&self, meant: &[usize]) -> Option<usize> {
        let returns = says!(
            &self.text,
            r"\b(?:(?:go|going|switch|change|revert|return|get|move|put (?:it|that)|set (?:it|that)) (?:it |that )?(?:back )?to|back to|restore|reinstate|return to|revert to)\b"
        );
        if !returns || self.has_number() {
            return None;
        }
        match says!(&self.text, r"\b(?:first|original|initial|very first|starting)\b") {
            true => meant.first().copied(),
            false => meant.last().copied(),
        }
    }

    /// Takes what is named out of a rule's list of words; true if nothing of the rule is left.
    pub fn lift(&self, rule: &mut Constraint) -> bool {
        if let Some((count, relation)) = other_end(&self.text, rule) {
            rule.id = "length_constraints:number_words".into();
            rule.kwargs = Kwargs::from_iter([
                ("num_words".to_owned(), count.into()),
                ("relation".to_owned(), relation.into()),
            ]);
            return false;
        }
        let whole = by_topic(&self.text, rule) || says!(&self.text, r"\ball of that\b|\beverything\b");
        let Some(name) = list_of(&rule.id).filter(|_| !whole) else {
            return true;
        };
        let Some(words) = rule.kwargs.get_mut(name).and_then(Value::as_array_mut) else {
            return true;
        };
        let rest: Vec<Value> = words
            .iter()
            .filter(|word| {
                !word
                    .as_str()
                    .is_some_and(|word| holds(&self.text, &self.quoted, word))
            })
            .cloned()
            .collect();
        if rest.is_empty() || rest.len() == words.len() {
            return true;
        }
        *words = rest;
        false
    }

    /// Whether it says a number: then it puts back another rule, not the one so far.
    pub fn has_number(&self) -> bool {
        self.text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word != "a" && word != "one" && count_of(word).is_some())
    }
}

/// Whether a text speaks of the upper limit and the rule is a lower one, or the other way round.
fn limits_otherwise(text: &str, rule: &Constraint) -> bool {
    let upper = says!(text, r"\b(?:upper (?:limit|bound|end)|maximum|max|ceiling)\b");
    let lower = says!(text, r"\b(?:lower (?:limit|bound|end)|minimum|min|floor)\b");
    bounds(rule).is_some_and(|bounds| {
        upper && !lower && bounds.hi == u64::MAX || lower && !upper && bounds.lo == 0 && limits_length(rule)
    })
}

/// The other end of a range of which a text speaks of one.
fn other_end(text: &str, rule: &Constraint) -> Option<(u64, &'static str)> {
    let number = |name: &str| rule.kwargs.get(name)?.as_u64();
    if rule.id != "raif:word_range" {
        return None;
    }
    if says!(text, r"\b(?:upper (?:limit|bound|end)|maximum|max|ceiling)\b") {
        return Some((number("min")?, "at least"));
    }
    says!(text, r"\b(?:lower (?:limit|bound|end)|minimum|min|floor)\b")
        .then(|| number("max"))?
        .map(|max| (max.saturating_add(1), "less than"))
}

fn list_of(id: &str) -> Option<&'static str> {
    match id {
        "keywords:existence" => Some("keywords"),
        "keywords:forbidden_words" => Some("forbidden_words"),
        "raif:include_phrase" | "raif:avoid_phrase" => Some("phrases"),
        _ => None,
    }
}
