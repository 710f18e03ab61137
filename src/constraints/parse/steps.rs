//! Words of sequence: `first`, `then`, `below that`, `to finish`; and those with which a statement holds for every step.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::conditions::Clause;
use crate::{
    constraints::wording::{lex::TokenKind, pattern::compile, sketch::Document},
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
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    compile(
        r"\b(?:and only then|only then|and then|then|after that|after this|after which|after (?:it|them|those|these)|after (?:the|your|that|this) [a-z]+,|(?:right |directly |just )?(?:below|beneath|underneath|under|following) (?:that|it|this|them|those|which)|(?:below|beneath|underneath),|afterwards?|thereafter|thereupon|next|finally|lastly|last of all|last but not least|last[,:]|followed by|once (?:you've|you have|that's|that is|it's|this is|you're|done|finished|it is|they are|you are)(?: \w+){0,3}|as soon as (?:that|this|it|you) (?:is|are|have)(?: \w+){0,3}|when (?:that's|you're|you are|that is|(?:the|your|this) \w+(?:'s| is)) (?:done|finished|over|written|complete)|(?:with )?that (?:done|finished|out of the way)|having done (?:that|so)|from there,|to (?:finish|close|end|conclude|cap)(?: (?:it|things|that))?(?: all)?(?: (?:off|up))?|as an? (?:final|last|closing) (?:step|thing|touch|task|act)|the (?:final|last) (?:step|thing|task)(?: is|:)|(?:and |to )?(?:round|finish|top) (?:it|things|that|it all|them)(?: all)? off|to wrap (?:it |things )?up|(?:end|close|finish|conclude|wrap up) with|and at the end|following that|last thing[,:]|subsequently|secondly|thirdly|fourthly|(?:and |but )?before (?:that|this|you do),?|(?:but |and )first,?|beforehand|(?:to (?:start|begin)(?: with| off)?|for starters|first off|first up|first of all|firstly)[,:]?|(?:in |for )?(?:step|stage|phase|task) \x01:?)|\x04(?:ly)?(?: of all| off| up)?[,:]? ",
    )
});

/// The places of a range at which steps begin.
pub fn openings(document: &Document, range: Range<usize>, clauses: &[Clause]) -> Vec<Opening> {
    let text = &document.text[range.clone()];
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
        if let Some(opening) = opening(document, at, found.as_str(), clauses, !out.is_empty()) {
            out.push(opening);
        }
    }
    out
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
            || rest.starts_with(" up");
        let verb = nth == 1
            && (says!(after, r"^{tells}\b")
                || (before.is_empty() || before.ends_with(['.', '!', '?', '\n']))
                    && says!(after, r"^(?:an?|the|\x01) "));
        return (clause_start && (marked || verb))
            .then_some(nth == 1)
            .and_then(opens);
    }
    if word.starts_with("to start")
        || word.starts_with("to begin")
        || word.starts_with("for starters")
        || word.starts_with("first")
    {
        return clause_start.then_some(true).and_then(opens);
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
    if word == "next" && !after.starts_with([',', ':']) && !told {
        return None;
    }
    // What begins a clause of another sort as well opens a step only where something is told.
    let weak = says!(
        word,
        r"^(?:after (?:it|them|those|these)|after (?:the|your|that|this) [a-z]+,|(?:right |directly |just )?(?:below|beneath|underneath|under|following) )"
    );
    let leads =
        before.is_empty() || before.ends_with(['.', ';', '!', '?', '\n', '\u{2}', '•', '\u{6}', '\u{5}']);
    // `After the slogan, …` of a slogan spoken of.
    let known = word
        .strip_suffix(',')
        .and_then(|word| word.rsplit(' ').next())
        .is_none_or(|noun| text[..at].contains(noun));
    if weak && !known {
        return None;
    }
    // `Under it, no more than two sentences`: no step of its own.
    let place = says!(
        word,
        r"\b(?:below|beneath|underneath|under) (?:that|it|this|them|those|which)$"
    );
    let counts = place && says!(after, r"^,? (?:only |just )?\x01 ");
    if weak && !(leads && !counts && (told || word.ends_with(',') || after.starts_with(','))) {
        return None;
    }
    // These go on with a sequence, they do not begin one.
    let goes_on = word == "and at the end" || says!(word, r"^(?:end|close|finish|conclude|wrap up) with$");
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

/// Whether the sentence at `place` wants one thing and nothing beside it.
pub fn says_nothing_else(document: &Document, place: usize) -> bool {
    says!(
        &document.text[document.sentence(place)],
        r"\bnothing (?:else|more|further|besides|other)\b|\bnothing but\b|\band (?:that's|that is) (?:it|all)\b|\bno (?:other|further|additional|extra) (?:text|words|content|output)\b"
    )
}

/// Whether a statement at `place`, in a step that begins at `from`, says of itself that it holds for the whole.
pub fn holds_everywhere(document: &Document, place: usize, from: usize) -> bool {
    let sentence = document.sentence(place);
    let start = sentence.start.max(from.min(place));
    says!(
        &document.text[start..sentence.end.max(start)],
        r"\b(?:throughout|overall|(?:either|both) ways?|in (?:any|either|every|both) (?:cases?|events?|steps|parts|texts|versions)|in all (?:cases|steps|parts|of|three|\x01)|(?:in|for|of|across|within) (?:both|neither|either|any|each|every one|none|all)(?: \x01)?(?: of (?:the )?(?:\x01 )?)? ?(?:parts?|steps?|phases?|stages?|tasks?|texts?|pieces?|answers|versions?)\b|(?:neither|none|both|any) of (?:them|these|those|(?:the )?\x01|the two|which)|in (?:both|either|each) of (?:them|these|those|the \x01)|(?:neither|both) (?:should|must|may|can|is|are|has|have)|(?:neither|none) (?:of it|of this)|the whole (?:thing|reply|answer|response|lot|text)|entire (?:response|reply|answer|thing|text)|in total|everything|all of it|all of this|in any of it|all parts|all three|regardless|nowhere|anywhere|whatever (?:you|it|the|happens)|whichever (?:way|it|one|you)|no matter (?:what|which|how)|from (?:start|first|beginning) to (?:finish|last|end)|at (?:any|no) point|(?:response|reply|answer) as a whole)\b"
    )
}
