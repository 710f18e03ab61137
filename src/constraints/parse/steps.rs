//! Words of sequence: `first`, `then`, `below that`, `to finish`; and those with which a statement holds for every step.

use std::ops::Range;

use super::conditions::Clause;
use crate::{
    constraints::wording::{lex::TokenKind, pattern::Pattern, sketch::Document},
    says,
};

/// Steps of one prompt, at most.
const MOST: usize = 100;

/// Where a step begins.
pub struct Opening {
    /// A byte of the sketch.
    pub at: usize,
    /// What stands before it belongs to no step.
    pub first: bool,
    /// It comes before the step that is told before it.
    pub before: bool,
}

/// Words that may open a step.
static STEP: Pattern = Pattern::new(
    r"\b(?:and only then|only then|and then|then|after that|after this|after which|(?:and )?after (?:it|them|those|these)|after (?:the|your|that|this) [a-z]+(?:,| comes?\b| goes\b)|(?:right |directly |just )?(?:below|beneath|underneath|under|following) (?:that|it|this|them|those|which)(?: all)?|(?:below|beneath|underneath),|afterwards?|thereafter|thereupon|next|finally|lastly|and last|last of all|last but not least|last[,:]|followed by|(?:and )?follow (?:that|this|it|them|the [a-z]+)(?: up)? with|follow up with|now|once (?:you've|you have|that's|that is|it's|this is|you're|done|finished|it is|they are|you are)(?: \w+){0,3}|after (?:you've|you have)(?: \w+){0,3}|as soon as (?:that|this|it|you) (?:is|are|have)(?: \w+){0,3}|when (?:that's|you're|you are|that is|(?:the|your|this) \w+(?:'s| is)) (?:done|finished|over|written|complete)|(?:with )?that (?:done|finished|out of the way)|having done (?:that|so)|from there,|to (?:finish|close|end|conclude|cap)(?: (?:it|things|that))?(?: all)?(?: (?:off|up))?|as an? (?:final|last|closing) (?:step|thing|touch|task|act)|(?:the|your) (?:very )?(?:final|last|next|\x04) (?:step|thing|task|job|assignment|round)(?: is|:| will be| should be)|(?:and |to )?(?:round|finish|top) (?:it|things|that|it all|them)(?: all)? off|to wrap (?:it |things )?up|(?:end|close|finish|conclude|wrap|round|top|sign|cap)(?: (?:it|things|that|everything))?(?: all)?(?: (?:up|off|out))? (?:with|by)|(?:move|go|carry|pass) on (?:to|by|with)|(?:continue|proceed|follow) with|(?:and )?(?:leave|send) (?:me|us|them|him|her)(?: off)? with|(?:and )?by way of (?:an? )?(?:conclusion|closing|ending|finale|finish|farewell)|in closing,|(?:and )?(?:as an?|for the|for a) (?:finale|coda|closer|finisher|dessert|encore),?|(?:now that|as soon as|once) (?:that|this|it|they|those|these|you|(?:the|your|this) [a-z]+)(?:'s|'re|'ve| is| are| have| has)(?: been)?(?: \w+){0,2}|(?:and )?(?:right |down )?at the (?:very )?(?:end|bottom|foot|close),?|following that|last thing[,:]|subsequently|secondly|thirdly|fourthly|(?:and |but )?before (?:that|this|you do),?|(?:but |and )first,?|beforehand|(?:start|begin|open|kick (?:it |things )?off|lead) (?:off )?(?:with|by)|(?:to (?:start|begin|open|kick)(?: things)?(?: with| off)?|for starters|first off|first up|first of all|firstly)[,:]?|(?:in |for )?(?:step|stage|phase|task|round|job|assignment|exercise) \x01:?)|\x04(?:ly)?(?: of all| off| up| and (?:last|finally))?[,:]? ",
);

/// The places of a range at which steps begin.
pub fn openings(document: &Document, range: Range<usize>, clauses: &[Clause]) -> Vec<Opening> {
    let text = &document.text[range.clone()];
    let items = items(document, range.clone());
    if !items.is_empty() {
        return items;
    }
    let mut out: Vec<Opening> = Vec::new();
    let mut end = 0;
    for found in STEP.find_iter(text).take(MOST) {
        let at = range.start + found.start();
        // `Step 3: finish with …` opens one step.
        let same = !out.is_empty()
            && text[end..found.start()]
                .trim_matches([' ', ',', ':', '-', '–'])
                .is_empty();
        end = found.end();
        if same {
            continue;
        }
        // One that stands behind its word (`after you have …, pick one`) leaves none before it.
        let follows =
            |opening: &Opening| opening.at < range.end && out.last().is_none_or(|last| last.at < opening.at);
        if let Some(opening) = opening(document, at, found.as_str(), clauses, !out.is_empty()).filter(follows)
        {
            out.push(opening);
        }
    }
    if out.is_empty() {
        out.extend(after_preparation(document, range));
    }
    out
}

/// `1. Summarise … 2. Translate …`: numbered items of which each is a task.
fn items(document: &Document, range: Range<usize>) -> Vec<Opening> {
    static ITEM: Pattern = Pattern::new(r"• ?|\(?\x01\) ");
    let text = &document.text[range.clone()];
    let mut out: Vec<Opening> = Vec::new();
    if !text.contains(['•', ')']) {
        return out;
    }
    let (mut tasks, mut closed) = (true, false);
    for found in ITEM.find_iter(text).take(MOST) {
        let at = range.start + found.start();
        let number = document.text[at..].find(['•', '\u{1}']).map_or("", |mark| {
            &document.lexed.prompt[document.source(at + mark..at + mark + 1)]
        });
        let number = number.trim_matches(|c: char| !c.is_ascii_digit());
        if number.parse() != Ok(out.len() + 1) {
            continue;
        }
        let item = &document.text[range.start + found.end()..];
        // The last one may close what the others made.
        let closing = !out.is_empty()
            && says!(
                item,
                r"^(?:then |finally |and )*(?:finish|end|close|conclude|wrap up|add) "
            );
        let own = says!(
            item,
            r"^(?:please |then |next |finally |first |now |and |,|lastly )*(?:repeat|list|explain|summari[sz]e|tell|describe|draft|name|outline|translate|identify|define|compose|quote|suggest|propose|recommend|retell|rate|pick|choose|compare|rewrite|convert|turn|extract|judge|assess|sum|come up|brainstorm|say|state|give|write|answer|quiz|analy[sz]e|decide|create|generate|provide|show|correct|fix|paraphrase|condense|reply)\b"
        ) && !says!(
            item,
            r"^(?:please |then |and |finally )*[a-z]+ (?:it |your |the |me )?(?:(?:whole |entire )?(?:response|answer|reply|output|text) )?(?:in|at|with|only|no|exactly|under|fewer|less|more|everything|using|without|entirely|all)\b"
        );
        tasks &= !closed && (own || closing);
        closed |= closing;
        out.push(Opening {
            at,
            first: out.is_empty(),
            before: false,
        });
    }
    if out.len() < 2 || !tasks {
        out.clear();
    }
    out
}

/// `Before you answer, list what is unclear. The answer …`: what is to be done first is a sentence of its own.
fn after_preparation(document: &Document, range: Range<usize>) -> Option<Opening> {
    static BEFORE: Pattern = Pattern::new(
        r"(?:^|[.!?\n] ?)before (?:you |writing |answering |giving |replying |responding |getting |doing |starting |the (?:answer|reply|response))[^.,;:\n]{0,60}, (?:please )?(?:list|write|give|set out|name|state|say|tell|summari[sz]e|outline|show|explain|describe|identify|put)\b",
    );
    let text = &document.text[range.clone()];
    if !text.contains("before ") {
        return None;
    }
    let found = BEFORE.find(text)?;
    let end = document.sentence(range.start + found.end()).end;
    let next = end + document.text[end..range.end.max(end)].find(|c: char| c.is_alphabetic())?;
    says!(
        &document.text[next..],
        r"^(?:the (?:[a-z]+ )?(?:answer|reply|response|text|email|letter|review|essay|story|message|article)(?: itself| proper)?|(?:your|my) (?:answer|reply|response)|{tells})\b"
    )
    .then_some(Opening {
        at: next,
        first: false,
        before: false,
    })
}

/// Whether a word of sequence opens a step here.
fn opening(
    document: &Document,
    at: usize,
    word: &str,
    clauses: &[Clause],
    under_way: bool,
) -> Option<Opening> {
    let text = &document.text;
    let before = text[..at].trim_end();
    let after = &text[at + word.len()..];
    let opens = |first| {
        Some(Opening {
            at,
            first,
            before: false,
        })
    };
    let clause_start = before.is_empty()
        || before.ends_with([
            '.', ',', ';', ':', '!', '?', '\n', ')', '-', '\u{2}', '•', '\u{5}', '\u{6}',
        ])
        || before.ends_with(" and")
        || before.ends_with("\nand")
        || text[..at].ends_with('\n');
    let told = says!(after, r"^,? (?:(?:comes |is |up )?(?:a|an|the|\x01) |{tells}\b)");
    if let Some(number) = word.find('\u{1}') {
        let first = document.lexed.tokens[document.token_at(at + number)].span.clone();
        let one = matches!(document.lexed.prompt[first].to_lowercase().as_str(), "1" | "one");
        // `Stage 2 mustn't …` speaks of a part of that name.
        let marked = word.contains("step") || word.ends_with(':') || after.starts_with([')', '-']);
        return (clause_start && marked).then_some(one).and_then(opens);
    }
    if let Some(rest) = word.strip_prefix('\u{4}') {
        let nth = match document.lexed.tokens[document.token_at(at)].kind {
            TokenKind::Ordinal(nth) => nth,
            _ => return None,
        };
        let marked = rest.trim_end().ends_with([',', ':'])
            || rest.starts_with("ly")
            || rest.starts_with(" of")
            || rest.starts_with(" off")
            || rest.starts_with(" up")
            || rest.starts_with(" and");
        let verb = nth == 1
            && (says!(after, r"^{tells}\b")
                || (before.is_empty() || before.ends_with(['.', '!', '?', '\n']))
                    && says!(after, r"^(?:an?|the|\x01) "));
        return (clause_start && (marked || verb))
            .then_some(nth == 1)
            .and_then(opens);
    }
    if says!(word, r"^(?:to (?:start|begin|open|kick)|for starters|first)\b") {
        return clause_start.then_some(true).and_then(opens);
    }
    // `Start with a summary`: a part of its own, not the words with which something starts.
    if says!(word, r"^(?:start|begin|open|kick|lead)\b") {
        let part = says!(after, r"^ (?:an?|the|your|my|\x01|[a-z]+ing)\b")
            && !says!(
                after,
                r"^ (?:(?:an?|the|your|my|exact|same|single|capital|very) )*(?:words?|phrase|letters?|sentence|lines?|quote|quotation|greeting|verb|noun|vowel|consonant|emoji|number|question|line|hashtag|capital|title)\b|^[^.;\n]*\x02"
            );
        return (clause_start && !under_way && part)
            .then_some(true)
            .and_then(opens);
    }
    // `Now explain it`, of what was ordered just before.
    if word == "now" {
        let last = document.sentence(at.saturating_sub(2)).start;
        let ordered = says!(
            &text[last.min(at)..at],
            r"^ ?(?:• ?)?(?:please |ok,? |so,? |now,? )*{tells}\b"
        );
        let sentence_start = before.ends_with(['.', '!', '\n', '\u{2}']);
        return (sentence_start && told && (ordered || under_way))
            .then_some(false)
            .and_then(opens);
    }
    if word.contains("before ") || word.contains("first") || word == "beforehand" {
        let late =
            says!(word, r"^(?:and |but )") || before.ends_with(['.', ';']) && word.starts_with("before ");
        return (late && !before.is_empty() && told).then_some(Opening {
            at,
            first: false,
            before: true,
        });
    }
    if word == "then" {
        // `no commas, then.` agrees; `if …, then …` is a condition.
        let said = after.trim_start();
        let condition = clauses.iter().any(|clause| {
            clause.body.contains(&at)
                && text[clause.body.start..at]
                    .trim_matches([',', ':', ' '])
                    .is_empty()
                || clause.condition.contains(&at)
        });
        if said.is_empty()
            || said.starts_with(['.', '!', '?', ',', ';']) && !says!(said, r"^, [a-z]")
            || condition
            || says!(
                after,
                r"^ (?:there|he|she|they|it|you|we|i|my [a-z]+) (?:is|are|was|were|am|had|has)\b"
            )
        {
            return None;
        }
    }
    // `After you have listed five, pick one`, of nothing before it: the step is what follows.
    let done = says!(
        word,
        r"^(?:once|after|when|as soon as) (?:you've|you have|you are|you're)\b"
    );
    if done && before.is_empty() {
        let comma = after.find([',', '.', ';', '\n'])?;
        return after[comma..].starts_with(", ").then_some(Opening {
            at: at + word.len() + comma + 2,
            first: false,
            before: false,
        });
    }
    if word == "and last" && !told {
        return None;
    }
    // `No typo? Then …` is a condition.
    if word == "then" && before.ends_with('?') {
        let asked = document.sentence(before.len() - 1);
        if text[asked.start.min(at)..at].split_whitespace().count() < 5 {
            return None;
        }
    }
    if word == "next" && !after.starts_with([',', ':']) && !told {
        return None;
    }
    // What begins a clause of another sort as well opens a step only where something is told.
    let weak = says!(
        word,
        r"^(?:(?:and )?after (?:it|them|those|these)|after (?:the|your|that|this) [a-z]+(?:,| )|(?:right |directly |just )?(?:below|beneath|underneath|under|following) )"
    );
    let leads =
        before.is_empty() || before.ends_with(['.', ';', '!', '?', '\n', '\u{2}', '•', '\u{6}', '\u{5}']);
    // `After the slogan, …` of a slogan spoken of.
    let known = word
        .strip_suffix([',', 's'])
        .or(word.strip_suffix("come"))
        .filter(|word| word.starts_with("after "))
        .and_then(|word| word.split(' ').nth(2))
        .is_none_or(|noun| {
            // `After the explanation`, of what is to be explained.
            let stem = &noun[..noun.floor_char_boundary(4)];
            text[..at].split([' ', '\n']).any(|word| word.starts_with(stem))
        });
    if weak && !known {
        return None;
    }
    // `Under it, no more than two sentences`: no step of its own.
    let place = says!(
        word,
        r"\b(?:below|beneath|underneath|under) (?:that|it|this|them|those|which)$"
    );
    let counts = place && says!(after, r"^,? (?:only |just )?\x01 ");
    let leads =
        leads || before.ends_with(',') && word.starts_with("and ") || under_way && before.ends_with(" and");
    if weak && !(leads && !counts && (told || word.ends_with(',') || after.starts_with(','))) {
        return None;
    }
    // These go on with a sequence, they do not begin one.
    let goes_on = says!(
        word,
        r"\bat the (?:very )?(?:end|bottom|foot|close)\b|\b(?:leave|send) [a-z]+\b.*with$|^(?:continue|proceed|end|close|finish|conclude|wrap|round|top|sign|cap|move|go|carry|pass)\b.* (?:with|by|to)$"
    );
    if goes_on
        && (!under_way
            || says!(
                after,
                r"^ (?:the )?(?:exact )?(?:words?|phrase|sentence|line|question)? ?\x02|^ p"
            ))
    {
        return None;
    }
    (clause_start || word.starts_with("followed") || word.starts_with("and ") || word == "after that")
        .then_some(false)
        .and_then(opens)
}

/// Whether what stands behind an arrow at `at` is the next step: `a limerick -> then explain it`.
pub fn follows(document: &Document, at: usize) -> bool {
    says!(
        &document.text[at..],
        r"^ ?(?:and )?(?:then|next|finally|lastly|after (?:that|this|which)|now)\b"
    )
}

/// Whether the sentence at `place` wants one thing and nothing beside it.
pub fn says_nothing_else(document: &Document, place: usize) -> bool {
    says!(
        &document.text[document.sentence(place)],
        r"\bnothing (?:else|more|further|besides|other)\b|\bnothing but\b|\b(?:nothing|no (?:prose|text|words|commentary|explanations?|chatter)) (?:around|before|after|outside|above|below|surrounding|in front of|either side of|on either side|wrapped around)\b|\band (?:that's|that is) (?:it|all)\b|\bno (?:other|further|additional|extra) (?:text|words|content|output)\b"
    )
}

/// Whether a statement at `place`, in a step that begins at `from`, says of itself that it holds for the whole.
pub fn holds_everywhere(document: &Document, place: usize, from: usize) -> bool {
    let sentence = document.sentence(place);
    let start = sentence.start.max(from.min(place));
    let text = &document.text[start..sentence.end.max(start)];
    // `After that, either way, …` is a step whatever was the case before it.
    static CASES: Pattern = Pattern::new(
        r"\b(?:(?:either|both) ways?|in (?:any|either|every|both|all) (?:cases?|events?)|regardless|whatever (?:you|it|the|happens)|whichever (?:way|it|one|you)|no matter (?:what|which|how))\b",
    );
    let cases = CASES
        .find(text)
        .is_some_and(|found| start != from || from == 0 || found.start() > 30);
    cases
        || says!(
            text,
            r"\b(?:throughout|overall|in (?:any|either|every|both) (?:steps|parts|texts|versions)|in all (?:steps|parts|of|three|\x01)|(?:in|for|of|across|within) (?:both|neither|either|any|each|every one|none|all)(?: \x01)?(?: of (?:the )?(?:\x01 )?)? ?(?:parts?|steps?|phases?|stages?|tasks?|texts?|pieces?|answers|versions?)\b|(?:neither|none|both|any) of (?:them|these|those|(?:the )?\x01|the two|which)|in (?:both|either|each) of (?:them|these|those|the \x01)|(?:neither|both) (?:should|must|may|can|is|are|has|have)|(?:neither|both|either|each|no|every) (?:of the )?(?:parts?|steps?|texts?|pieces?|sections?|versions?|answers?|halves|half)|(?:neither|none) (?:of it|of this)|the whole (?:thing|reply|answer|response|lot|text)|entire (?:response|reply|answer|thing|text)|in total|everything|all of it|all of this|in any of it|all parts|all three|nowhere|anywhere|from (?:start|first|beginning) to (?:finish|last|end)|at (?:any|no) point|(?:response|reply|answer) as a whole)\b"
        )
}
