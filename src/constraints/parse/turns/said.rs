//! What a sentence of a later prompt says of the talk: that its rules hold on, that they hold once, that the talk goes on with
//! the same piece of work or leaves it. The words are in `said/`, an alternative a line.

use std::sync::LazyLock;

use regex::Regex;

use super::sentence::Sentence;
use crate::{
    constraints::wording::{
        count_of,
        pattern::{Pattern, compile},
    },
    says,
};

/// The lines of a list as one pattern, each of which begins and ends with a word unless it is Chinese.
pub(super) fn any(lines: &str) -> Regex {
    let alternatives: Vec<String> = lines
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| match line.is_ascii() {
            true => format!(r"\b(?:{line})\b"),
            false => line.to_owned(),
        })
        .collect();
    compile(&alternatives.join("|"))
}

/// A pattern that begins a sentence, behind the words that open no sentence of their own: `ok, now please …`.
fn opening(lines: &str) -> Regex {
    let alternatives: Vec<&str> = lines.lines().filter(|line| !line.is_empty()).collect();
    compile(&format!("^(?:{})", alternatives.join("|")))
}

/// The text behind `ok`, `now`, `please`, …
fn opened(text: &str) -> &str {
    static OPENERS: Pattern = Pattern::new(
        r"^(?:(?:ok(?:ay)?|good|great|nice|thanks?(?: you)?(?: very much| so much)?|thx|ta|cheers|perfect|lovely|hmm*|right|cool|now|so|well|actually|and|but|also|then|fine|fair(?: enough)?|yes|yeah|yep|no|nah|please|pls|plz|alright|all right|sure|excellent|brilliant|wonderful|love it|like it|not bad|still|lol|haha|hey|hi|hello|wow|oh|ah|sorry|finally|lastly|last thing|one more thing|one last thing|(?:one|a|just one|another)(?: (?:more|last|quick|final|other|small|little|further|different))* question|got it|gotcha|super|awesome|sweet|done|sent|neat|first|second|just|maybe|perhaps|today|ditto)(?:[,:;!.\p{Pd}…]* +|[,:;!.]*$))+",
    );
    OPENERS.find(text).map_or(text, |found| &text[found.end()..])
}

/// What is asked for politely, as it would be ordered: `could you please add …`.
fn ordered(text: &str) -> &str {
    static POLITE: Pattern = Pattern::new(
        r"^(?:(?:can|could|would|will|won't|can't) (?:you|u|ya)(?: mind)?|(?:can|could|shall|may) we|would you be so kind as to|i(?:'d| would) (?:like|love|want|prefer) (?:you to|it if you)|i (?:want|need) you to|i'd be glad if you|let's|why don't you|why not|how about you|do you mind|try to|go ahead and|you (?:should|could|can|may|might|must|need to|have to)|it's time to|time to|your (?:job|task) is to|try and)(?: (?:please|also|maybe|perhaps|just|then|now|kindly|quickly|possibly|at least))* ",
    );
    let found = POLITE.find(text);
    opened(found.map_or(text, |found| &text[found.end()..]))
}

/// The rules of this sentence hold for the whole conversation, or for several turns of it.
pub(super) fn stands(sentence: &Sentence) -> bool {
    static STANDING: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/standing.txt")));
    STANDING.is_match(&sentence.text) || stands_for(sentence).is_some_and(|turns| turns > 1)
}

/// The rules of this sentence hold for this turn.
pub(super) fn is_once(sentence: &Sentence) -> bool {
    static ONCE: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/once.txt")));
    ONCE.is_match(&sentence.text) && stands_for(sentence).is_none_or(|turns| turns == 1)
}

/// A sentence asks for nothing: it greets, thanks, or asks who is there.
pub(super) fn is_small_talk(sentence: &Sentence) -> bool {
    static SMALL_TALK: LazyLock<Regex> = LazyLock::new(|| {
        compile(&format!(
            "^(?:{})[ ,;:!.)-]*$",
            include_str!("said/small_talk.txt").trim().replace('\n', "|")
        ))
    });
    SMALL_TALK.is_match(&sentence.text)
}

/// Another answer like the last one is asked for: `another one, please`, not one more of what was counted.
pub(super) fn once_more(text: &str) -> bool {
    says!(
        opened(text),
        r"^(?:(?:and|just|give (?:me|us)|let's have|i want|can i have|(?:can|could) you (?:do|give me)|do) )*(?:another(?: one)?|one more(?: time)?|once more|a second one)(?:,? (?:please|pls|plz|thanks|thank you|hello|hi|hey|now|then|like (?:that|it|this)|of (?:those|these)))*(?:, (?:about|on|for) [^,;:]+)?$"
    )
}

/// For how many turns the rules of this sentence hold, where that is said: `for the next two answers`, `for this answer and the
/// next one`, `for your next reply only`.
pub(super) fn stands_for(sentence: &Sentence) -> Option<usize> {
    static THIS_AND_NEXT: Pattern = Pattern::new(
        r"\b(?:for|in|on|with) (?:just |only )?this(?: (?:one|answer|reply|message|turn|response|question))?,? and (?:for )?(?:also )?(?:the|your|my) (?:next|following|one after)(?: (couple)(?: of)?\b| (\d+|[a-z]+))?",
    );
    if let Some(found) = THIS_AND_NEXT.captures(&sentence.text) {
        let next = match (found.get(1), found.get(2)) {
            (Some(_), _) => 2,
            (_, Some(count)) => usize::try_from(count_of(count.as_str()).unwrap_or(1)).ok()?,
            _ => 1,
        };
        return Some(next.saturating_add(1));
    }
    if says!(
        &sentence.text,
        r"\b(?:for|in|on|with) (?:only |just )?(?:your|the|my) (?:very )?next (?:answer|reply|message|response|turn)\b|\b(?:this|that|the next|your next|one) (?:answer|reply|message|response|turn) (?:only|alone)\b|\b(?:only|just) (?:for|in|with) this (?:answer|reply|message|response|turn)\b"
    ) {
        return Some(1);
    }
    static NEXT: Pattern = Pattern::new(
        r"\b(?:for|in|over|during|with) (?:the|your|my) next (?:(couple)(?: of)?|(\d+|[a-z]+)) (?:answers|replies|messages|turns|responses|questions)\b",
    );
    let found = NEXT.captures(&sentence.text)?;
    match found.get(2) {
        Some(count) => usize::try_from(count_of(count.as_str())?).ok(),
        None => Some(2),
    }
}

/// What a sentence does with the piece of work that the talk is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Says that something else comes, or asks for another text.
    Leaves,
    Edits,
    /// Asks for information.
    Asks,
    Other,
}

pub(super) fn deed(sentence: &Sentence) -> Deed {
    static LEAVES: LazyLock<Regex> = LazyLock::new(|| opening(include_str!("said/leaves.txt")));
    static ANYWHERE: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/leaves_anywhere.txt")));
    static EDITS: LazyLock<Regex> = LazyLock::new(|| opening(include_str!("said/edits.txt")));
    static ASKS_FOR: LazyLock<Regex> = LazyLock::new(|| opening(include_str!("said/asks_for.txt")));
    static NEW_TEXT: LazyLock<Regex> = LazyLock::new(|| opening(include_str!("said/new_text.txt")));
    static OF_IT: LazyLock<Regex> = LazyLock::new(|| any(include_str!("said/of_it.txt")));
    let text = sentence.text.as_str();
    let said = opened(text);
    if LEAVES.is_match(said) || ANYWHERE.is_match(text) {
        return Deed::Leaves;
    }
    let order = ordered(said);
    // `write it again`, `give me a shorter version`, `a bit more about the smell`: the piece of work is spoken of.
    let of_it = !says!(order, r"^(?:is|are|was|were|do|does|did|has|have|had|am)\b") && OF_IT.is_match(order);
    // `Now a queue.`, `give me three names`; a part of the text is none of its own.
    let named = says!(
        text,
        r"\bnow (?:do |for |on to |onto )?(?:an?|the next|some|one) "
    ) && !EDITS.is_match(order);
    let given = says!(order, r"^give (?:me|us) ")
        && !says!(
            order,
            r"^give (?:me|us) (?:[a-z0-9-]+ ){0,3}(?:title|ending|opening|tables?|lists?|paragraphs?|sentences?|words?|bullets?|points?|lines?|headings?|hashtags?|characters|emojis?|items?)\b"
        );
    let asked_for = || NEW_TEXT.is_match(order) || ASKS_FOR.is_match(order);
    if !of_it && (named || given || asked_for()) {
        return Deed::Leaves;
    }
    // `What do you think?` of the text so far.
    if says!(
        text,
        r"\bwhat do you (?:think|reckon)$|\bany thoughts$|\b(?:how does (?:it|that|this) (?:sound|look|read)|(?:is|was) (?:it|that|this) (?:any |good|better|ok\b|okay|fine|too |long enough|short enough)|do you like (?:it|that|this))\b"
    ) {
        return Deed::Other;
    }
    let asked = sentence.question && !says!(said, r"^(?:please|ok(?:ay)?|right|yes|no)$");
    let proposed = says!(
        said,
        r"^(?:(?:what|how) (?:about|if)|why not|is (?:it possible to|there (?:a|any) way)|would you mind|could i|can i|may i|do you think (?:you|we|it)|any chance(?: of| you)|(?:can|could|would|should|may|might|shall) (?:it|this|that|we|they|i have|the (?:[a-z]+ ){1,3}(?:be|have|get|start|end|sound|go|come|use)))\b"
    ) && says!(
        said,
        r"\b(?:it|this|that|them|more|less|fewer|[a-z]{2,}er|[a-z]{2,}ing|without|with|adding|making|cutting|ending|opening|title|tone|version|second|first|last)\b"
    );
    if (of_it && !says!(said, r"^(?:who|which|what|where|when|why|how)s?\b"))
        || proposed
        || (EDITS.is_match(order) && !(asked && order == said))
    {
        // What holds for the talk is said of no piece of work.
        return match stands(sentence) {
            true => Deed::Other,
            false => Deed::Edits,
        };
    }
    if asked
        || says!(
            said,
            r"^(?:what(?:'?s)?|who(?:'?s)?|whose|which|where(?:'?s)?|when|why|how(?:'?s)?)\b"
        )
    {
        return Deed::Asks;
    }
    Deed::Other
}

/// Whether the talk leaves the piece of work that it was about.
pub(super) fn leaves(deeds: &[Deed]) -> bool {
    deeds.contains(&Deed::Leaves) || deeds.contains(&Deed::Asks) && !deeds.contains(&Deed::Edits)
}

/// The rules so far hold for this piece of work as well.
pub(super) fn same_rules(sentence: &Sentence) -> bool {
    says!(
        &sentence.text,
        r"\b(?:same|usual|identical) {ruled}\b|\b(?:stick|keep|hold|stay|write|according|going) (?:to|with|by) (?:her|his|their|those|these|the same|my|our|the earlier|the old) {ruled}\b|\b{ruled} as (?:before|above|last time|for the)\b|\bfollow (?:her|his|their|those|these|the same) {ruled}\b"
    )
}
