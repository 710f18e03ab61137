//! What a later prompt makes of a rule so far: more or fewer of what it counts, another word, another language.

use serde_json::Value;

use super::{
    Held, Turn, elliptic,
    replaced::has_relation,
    said::{Deed, once_more},
    sentence::Sentence,
    words,
};
use crate::{
    constraints::{
        Constraint,
        kinds::language,
        parse::conflicts::bounds,
        wording::{count_of, pattern::Pattern},
    },
    says,
};

/// Gives rules so far other values, as this turn says: more or fewer of what is counted, another word, another language.
/// The rules as they were until then.
pub(super) fn change(turn: &mut Turn, held: &mut [Held], prompts: &[&str]) -> Vec<Held> {
    let mut ended = Vec::new();
    for at in 0..turn.sentences.len() {
        if turn.deeds[at] == Deed::Asks {
            continue;
        }
        let sentence = &turn.sentences[at];
        if turn.deeds[at] != Deed::Leaves {
            let stated = elliptic::read(sentence, held, &turn.stated);
            if !stated.is_empty() {
                turn.stated.extend(stated);
                continue;
            }
        }
        let changed = section(&sentence.text, held)
            .or_else(|| counted(&sentence.text, held, prompts))
            .or_else(|| other_number(sentence, held, &turn.stated))
            .or_else(|| words::other_word(sentence, held, &turn.stated))
            .or_else(|| other_language(sentence, held, &turn.stated));
        let Some((at, values)) = changed else {
            continue;
        };
        let span = sentence.source(0..sentence.text.len());
        let instead = words::instead(sentence);
        let old = &mut held[at];
        // What was read as a rule of its own was the new value.
        let id = old.active.constraint.id.clone();
        turn.stated.retain(|stated| {
            let read = stated.id == id || instead.is_some_and(|quoted| words::only_says(stated, quoted));
            !(read && span.contains(&stated.span.start))
        });
        let mut new = old.active.constraint.clone();
        new.kwargs
            .extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
        new.span = span;
        if turn.once && old.standing {
            turn.stated.push(new);
        } else {
            ended.push(old.clone());
            old.active.constraint = new;
            old.active.from_turn = turn.number;
        }
    }
    ended
}

/// A rule so far, and the arguments that it gets.
pub(super) type Changed = Option<(usize, Vec<(&'static str, Value)>)>;

/// What is counted, the id that counts it, and the argument that says how many.
const COUNTED: [(&str, &str, &str); 11] = [
    ("hashtag", "raif:hashtags", "num"),
    ("emoji", "raif:emoji", "num"),
    ("bullet", "detectable_format:number_bullet_lists", "num_bullets"),
    ("point", "detectable_format:number_bullet_lists", "num_bullets"),
    ("paragraph", "raif:paragraph_count", "num"),
    (
        "paragraph",
        "length_constraints:number_paragraphs",
        "num_paragraphs",
    ),
    ("sentence", "raif:exact_sentences", "num_sentences"),
    ("line", "raif:num_lines", "num"),
    ("item", "raif:numbered_list", "num_items"),
    ("heading", "raif:heading_count", "num"),
    (
        "placeholder",
        "detectable_content:number_placeholders",
        "num_placeholders",
    ),
];

/// The argument with which a rule counts things of this name: by its id, by the label of its sections, or as its own prompt
/// calls them (`six questions`).
fn counts(item: &Held, noun: Option<&str>, prompts: &[&str]) -> Option<(&'static str, u64)> {
    let rule = &item.active.constraint;
    let number = |name: &'static str| Some((name, rule.kwargs.get(name)?.as_u64()?));
    let known = COUNTED
        .iter()
        .find(|(known, id, _)| rule.id == *id && noun.is_none_or(|noun| noun == *known));
    if let Some((.., name)) = known {
        return number(name);
    }
    let noun = noun?;
    if rule
        .kwargs
        .get("section_spliter")
        .and_then(Value::as_str)
        .is_some_and(|label| label.to_lowercase() == noun)
    {
        return number("num_sections");
    }
    let (.., name) = COUNTED.iter().find(|(_, id, _)| rule.id == *id)?;
    let (_, count) = number(name)?;
    let prompt = prompts.get(item.active.from_turn.checked_sub(1)?)?.to_lowercase();
    let words: Vec<&str> = prompt
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let called = words.iter().enumerate().any(|(at, word)| {
        count_of(word) == Some(count)
            && words
                .iter()
                .skip(at + 1)
                .take(3)
                .any(|word| singular(word) == noun)
            || word
                .split_once('-')
                .is_some_and(|(number, word)| count_of(number) == Some(count) && singular(word) == noun)
    });
    called.then_some((name, count))
}

fn singular(noun: &str) -> &str {
    noun.strip_suffix('s').unwrap_or(noun)
}

/// How many of what is counted there are to be.
enum Step {
    More(u64),
    Fewer(u64),
    Now(u64),
}

/// `one more hashtag`, `stick two more questions on the end`, `lose two of the bullets`, `make it eight weeks`.
fn counted(text: &str, held: &[Held], prompts: &[&str]) -> Changed {
    if once_more(text) {
        return None;
    }
    let (step, noun, bare) = step(text)?;
    let find = |noun: Option<&str>| {
        (0..held.len())
            .rev()
            .find_map(|at| counts(&held[at], noun, prompts).map(|(name, count)| (at, name, count)))
    };
    // A noun that is counted nowhere is none: `two more please`.
    let named = noun.as_deref().and_then(|noun| find(Some(singular(noun))));
    let (at, name, count) = named.or_else(|| find(None).filter(|_| bare))?;
    let limit = ["at least", "less than"]
        .iter()
        .any(|relation| has_relation(&held[at].active.constraint, relation));
    let value = match step {
        Step::More(more) if !limit => count.saturating_add(more),
        Step::Fewer(fewer) if !limit && fewer < count => count - fewer,
        Step::Now(now) if now > 0 => now,
        _ => return None,
    };
    Some((at, vec![(name, value.into())]))
}

/// What a text does to a count, the noun that it names, and whether it may leave the noun out.
fn step(text: &str) -> Option<(Step, Option<String>, bool)> {
    static MORE: Pattern = Pattern::new(
        r"\b(?:(?:add )?(?:another {amount}|{amount} (?:more|extra|additional|further)|another|an extra|an additional|one extra|a further)|add an? \w+th|(?:put|bring|add|take) {amount} back(?: in| on)?|add {amount})(?: of (?:them|those|these)| ([a-z]+))?",
    );
    static FEWER: Pattern = Pattern::new(
        r"\b(?:{remove} (?:the|that|your) (?:very )?(?:(?:first|last|final|other) (two|three|four|five|couple|[2-9])|first|second|third|fourth|fifth|last|final|middle)|{amount} (?:fewer|less)|{remove} {amount}(?: off| out| away)?(?: of)?(?: (?:the|them|those|these|my|your))?)(?: ([a-z]+))?\b",
    );
    static NOW: Pattern = Pattern::new(
        r"\b(?:make (?:it|that|them|this)|(?:cut|bring|get|take|trim|pare|whittle|reduce|extend|expand|stretch|bump|raise|lower|increase|change|up|shrink)(?: (?:it|that|them|this|the [a-z]+))?(?: (?:up|down|back|out))? to|go (?:up |down |back )?to|(?:let's )?(?:have|do|try|go for|go with|make do with)|i(?:'d)? (?:only |just )?(?:want|need|like|prefer)|only|just|use)(?: just| only)? {amount} (?:of (?:them|those|these)\b|([a-z]+))",
    );
    // `Three examples from here on`
    static ALONE: Pattern = Pattern::new(
        r"^(?:(?:ok|now|actually|and|but|rather|maybe),? )*{amount} (?:of (?:them|those|these)\b|([a-z]+))",
    );
    let read = |found: &regex::Captures, nouns: usize| {
        let number = (1..nouns)
            .find_map(|nth| found.get(nth))
            .map_or("one", |count| count.as_str());
        Some((
            amount(number)?,
            found.get(nouns).map(|noun| noun.as_str().to_owned()),
        ))
    };
    let bare = |found: &regex::Captures, nouns: usize| {
        found
            .get(0)
            .is_some_and(|whole| bare_end(&text[whole.end()..], found.get(nouns)))
    };
    if let Some(found) = MORE.captures(text) {
        // `another bullet` has its noun where `another two` has its number.
        if let Some(noun) = found.get(1).filter(|said| amount(said.as_str()).is_none()) {
            return Some((Step::More(1), Some(noun.as_str().to_owned()), false));
        }
        let (more, noun) = read(&found, 5)?;
        let alone = (1..5).any(|nth| found.get(nth).is_some());
        return Some((Step::More(more), noun, alone && bare(&found, 5)));
    }
    if let Some(found) = FEWER.captures(text) {
        let (fewer, noun) = read(&found, 4)?;
        return Some((Step::Fewer(fewer), noun, bare(&found, 4)));
    }
    let found = NOW.captures(text).or_else(|| ALONE.captures(text))?;
    let (now, noun) = read(&found, 2)?;
    Some((Step::Now(now), noun, found.get(2).is_none()))
}

/// A number as people write it.
fn amount(said: &str) -> Option<u64> {
    match said {
        "half a dozen" | "half-a-dozen" => Some(6),
        "a dozen" => Some(12),
        "another" | "an extra" => Some(1),
        "a couple" | "couple" | "a couple of" => Some(2),
        said => count_of(said),
    }
}

/// Whether nothing is named behind `two more`, so that it is what was counted last.
fn bare_end(after: &str, noun: Option<regex::Match>) -> bool {
    let next = noun.map_or_else(|| after.trim_start(), |noun| noun.as_str());
    next.is_empty()
        || matches!(next, "one" | "ones")
        || next.starts_with([',', ';', ':', '-', ')', '"'])
        || says!(
            next,
            r"^(?:please|pls|would|though|and|then|at|to|if|on|for|in|now|from|should|as|because|since|off|out|will|instead)\b"
        )
}

/// `Make that 3`, `even shorter, 25 tops`, `twice is plenty`: another number for what was counted last.
fn other_number(sentence: &Sentence, held: &[Held], stated: &[Constraint]) -> Changed {
    static PATTERN: Pattern = Pattern::new(
        r"\b(?:shorter|longer|tighter|briefer|less|fewer|more)\b[^.!?\n]{0,30}[ ,]{amount} (?:tops|max|maximum|at (?:the )?most)(?:[.,!;]|$)|\b(?:make (?:that|it|them)|(?:bump|raise|lower|drop|cut|change|take|bring|push|up|move|reduce|increase|shrink|trim|get|extend|go)(?: (?:it|that|them|the (?:limit|cap|number|maximum|minimum)))?(?: (?:up|down|back))? to|(?:the )?(?:limit|cap|maximum|minimum|number) (?:is|should be) now|actually|(?:but |and )?(?:just|only)|(?:let's )?(?:say|go for|go with|have|do)|i (?:only )?(?:want|need)) {amount}(?: (?:words?|sentences?|lines?|paragraphs?|characters?))?(?:[,;]|$| (?:of (?:them|those)|from (?:now|here)|instead|please|then|now|for (?:this|the next|your next|my next|once|now))\b)|^(?:(?:ok|no|actually|hm+|sorry),? )*{amount} (?:instead|now|then|again)$|\b(?:back to|mind,?|(?:same(?: thing| again)?|again|it|that|this|try) in) {amount}(?: again)?(?:$|[,;:.)]| [-–—]| (?:please|pls|then|now|thanks|if|because|since|as|for)\b)|\b{amount} (?:is (?:fine|enough|plenty|better)|will do|would do|are (?:enough|plenty)|should do)\b",
    );
    const NUMBERS: [&str; 7] = [
        "num_bullets",
        "num_sentences",
        "num_words",
        "num_items",
        "num_sections",
        "num_highlights",
        "num",
    ];
    if stated
        .iter()
        .any(|stated| sentence.holds(stated.span.start) && bounds(stated).is_some())
    {
        return None;
    }
    if let Some(changed) = times(&sentence.text, held) {
        return Some(changed);
    }
    let found = PATTERN.captures(&sentence.text)?;
    let said = (1..6)
        .find_map(|nth| found.get(nth))
        .map_or("", |said| said.as_str());
    let count = amount(said)?;
    let name_of = |rule: &Constraint| NUMBERS.iter().find(|name| rule.kwargs.contains_key(**name));
    // `Fewer hashtags, just one`: what is counted stands in the sentence.
    let named = held.iter().rposition(|item| {
        COUNTED
            .iter()
            .any(|(noun, id, _)| item.active.constraint.id == *id && sentence.text.contains(noun))
            || bounds(&item.active.constraint)
                .is_some_and(|bounds| sentence.text.contains(singular(&bounds.what)))
    });
    let at = match named {
        Some(at) => at,
        None if count > 1 || sentence.text.ends_with(" again") => {
            elliptic::of_that_size(held, count, |rule| name_of(rule).is_some())?
        }
        None => return None,
    };
    let rule = &held[at].active.constraint;
    let below = u64::from(has_relation(rule, "less than"));
    Some((at, vec![(*name_of(rule)?, count.saturating_add(below).into())]))
}

/// `From now on just code. Write it in Python`: the language is that of the first task, unless the rule itself names it.
pub(super) fn leave_language_open(text: &str, rule: &mut Constraint) {
    if rule.id == "raif:code_only" {
        let named = |language: &Value| language.as_str().is_some_and(|language| text.contains(language));
        if !rule.kwargs.get("lang").is_some_and(named) {
            rule.kwargs.remove("lang");
        }
    }
}

/// `Make that Danish rather than Swedish`, `switch to javascript blocks`: another language for the one so far.
fn other_language(sentence: &Sentence, held: &[Held], stated: &[Constraint]) -> Changed {
    static SPOKEN: Pattern = Pattern::new(
        r"\b(?:make (?:it|that|them|this)|(?:do|have|answer|say|write|get|put|try) (?:it|that|this|them)(?: one| time)? in|(?:switch|change|go|move|swap|turn|shift|revert|return)(?: (?:it|that|them|over|back|the language|your answers))*(?: to| into| with)?|let's (?:have|try|do|go for|use|switch to)|now|use|try|back to|on to) (?:in )?({lang})\b|(?:^|[,;:] )(?:(?:and|so|now|ok|actually|please|just|then|but),? )*({lang}) (?:only )?(?:now|instead|please|from (?:now|here)|again|this time|rather than|for (?:a change|this))\b",
    );
    static CODED: Pattern = Pattern::new(
        r"\b(?:make (?:it|that|them|those)|(?:switch|change|go|move|swap)(?: (?:it|that|them|over|back|the (?:code|blocks?|snippets?)))*(?: to| for| into)?|use|now in|now) (?:fenced )?([a-z+#]+)(?: (?:code|blocks?|snippets?|fences?)| (?:instead|rather than|from (?:now|here)))",
    );
    let new = |id: &str| {
        !stated
            .iter()
            .any(|stated| stated.id == id && sentence.holds(stated.span.start))
    };
    let find = |id: &str| {
        held.iter()
            .rposition(|item| item.active.constraint.id == id && new(id))
    };
    if let Some(at) = find("language:response_language")
        && let Some(found) = SPOKEN.captures(&sentence.text)
        && let Some(name) = found.get(1).or(found.get(2))
        && let Some(code) = language::code(name.as_str())
    {
        return Some((at, vec![("language", code.into())]));
    }
    let at = find("raif:code_block").filter(|&at| {
        held[at]
            .active
            .constraint
            .kwargs
            .get("lang")
            .is_some_and(Value::is_string)
    })?;
    let name = CODED.captures(&sentence.text)?.get(1)?.as_str();
    Some((at, vec![("lang", name.into())]))
}

/// `Twice is plenty`: how often the word is to be said that was counted.
fn times(text: &str, held: &[Held]) -> Changed {
    let found = {
        static TIMES: Pattern = Pattern::new(
            r"^(?:just |only )?(?:(once|twice|thrice)|(\d+|[a-z]+) times) (?:is|will|would|should) (?:be )?(?:plenty|enough|fine|do|the (?:limit|maximum))\b",
        );
        TIMES.captures(text)?
    };
    let count = match found.get(1).map(|word| word.as_str()) {
        Some("once") => 1,
        Some("twice") => 2,
        Some(_) => 3,
        None => count_of(found.get(2)?.as_str())?,
    };
    let at = held
        .iter()
        .rposition(|item| item.active.constraint.id == "keywords:frequency")?;
    Some((
        at,
        vec![
            ("frequency", count.saturating_add(1).into()),
            ("relation", "less than".into()),
        ],
    ))
}

/// `add a Section 4`: one more of what is labelled already.
fn section(text: &str, held: &[Held]) -> Changed {
    let at = held
        .iter()
        .position(|item| item.active.constraint.id == "detectable_format:multiple_sections")?;
    let label = held[at]
        .active
        .constraint
        .kwargs
        .get("section_spliter")?
        .as_str()?;
    let named = format!("{} ", label.to_lowercase());
    let found = text
        .find(&named)
        .filter(|_| says!(text, r"\b(?:add|append|another|extra|one more|include)\b"))?;
    let digits: String = text[found + named.len()..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    Some((at, vec![("num_sections", digits.parse::<u64>().ok()?.into())]))
}
