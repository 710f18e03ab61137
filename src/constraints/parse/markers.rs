//! Where conditions begin: `if`, `when`, `otherwise`, `for a French message`, `good news ->`, `Happy?`; and whether such words make
//! one here or are mere politeness.

use std::ops::Range;

use super::steps;
use crate::{
    constraints::wording::{pattern::Pattern, sketch::Document},
    says,
};

/// Conditions of one prompt, at most.
const MOST: usize = 100;

/// Words that open a condition, at the start of a clause or after what they condition.
static CONDITION: Pattern = Pattern::new(
    r"\b(?:if and only if|only if|else if|if|when|whenever|unless|should (?:the|it|your|my|there|i|you|he|she|they|this|that|an?|anyone|nothing|neither|both)|in case|in the event(?: that)?|provided|providing|assuming|supposing|suppose|on (?:the )?condition that|as long as|so long as|where|otherwise|failing that|failing which|barring that|or else|else|in (?:all|any|every) other (?:cases?|events?|situations?|circumstances?)|in the \w+ case|in that case|in which case|in (?:the )?(?:case|event) of (?:(?:an?|the|any) )?[a-z]+|for (?:a|any) (?:yes|no|positive|negative) (?:answer|one|review)|for an? [a-z]+ (?:message|question|text|email|input|query|review|letter)|for (?:any|every|all|anything|everything) (?:other|others|else)(?: (?:message|question|text|email|input|query|review|letter|one)s?)?|for (?:any|every)(?:one|body) else|(?:any|every)(?:thing|one|body) else|for (?:(?:the|an?|your|my) )?[a-z]+|an? [a-z]+ [a-z]+ (?:gets|means|calls for|earns|should get|deserves|warrants|triggers|gives)|[a-z]+ [a-z]+ (?:gets|get|earns|calls for))\b|(?:^|[.;\n] )with \x01|(?:^|[.;\n!?] |\(?[ab1-4]\) )(?:[a-z]+ ){0,4}[a-z]+\?",
);

/// Cases with the mark behind them: `good news -> …`, `good news: …`.
static CASE: Pattern = Pattern::new(r"(?:^|[.;\n!?•] ?|[\x02\x06]\.? |, )(?:[a-z'/]+ ){0,3}[a-z'/]+ ?:");

/// The words that open a condition, in order; the constraints of the prompt stand at `places`.
pub fn find(document: &Document, places: &[usize]) -> Vec<Range<usize>> {
    let text = &document.text;
    // `for sun, …; for rain, …` are cases only where something says so.
    let has_cases = says!(
        text,
        r"\b(?:depend(?:ing|s|ent)? (?:on|upon)|either|whichever|according to|based on|whether|(?:one|\x01) of (?:the |these |those )?(?:two|three|\x01)|at random|it is (?:up to|one of))\b|\bfor (?:any|every)(?:one|body|thing)? (?:else|others?)\b"
    );
    // `Happy? Two sentences. Angry? A paragraph.`
    let asks = CONDITION
        .find_iter(text)
        .filter(|found| {
            found.as_str().ends_with('?') && places.iter().any(|&at| answers(document, found.end(), at))
        })
        .count()
        > 1;
    // `If it is … No typo? Then …`
    let asks = asks
        || CONDITION
            .find_iter(text)
            .any(|found| matches!(found.as_str(), "if" | "when" | "should it"))
            && says!(
                text,
                r"[.;!\n\x02\x06] (?:no|not|none|nothing|any|still|otherwise|all)(?: [a-z]+){0,3}\? "
            );
    // The sketch has a colon for an arrow; the prompt has it as it is.
    let prompt = document.lexed.prompt;
    const ARROWS: [&str; 4] = ["->", "=>", "→", "⇒"];
    let arrows: usize = ARROWS.iter().map(|arrow| prompt.matches(arrow).count()).sum();
    let has_arrow = |case: &Range<usize>| ARROWS.contains(&&prompt[document.source(case.end - 1..case.end)]);
    // `Yes: … No: …`
    let verdicts = says!(text, r"(?:^|[.;\n!?•,\x02\x06]\.? ?)yes ?:")
        && says!(text, r"(?:^|[.;\n!?•,\x02\x06]\.? ?)no ?:");
    // `- good news: one line`, `- otherwise: …`
    let labels = says!(
        text,
        r"\n[• ]*(?:otherwise|else|anything else|everything else|any other [a-z]+)\b"
    );
    let bare = |found: Range<usize>| {
        let marks = ['.', ',', ';', '!', '?', '•', '\u{2}', '\u{6}', '\n', ' '];
        let lead = found.len() - text[found.clone()].trim_start_matches(marks).len();
        found.start + lead..found.end
    };
    let mut found: Vec<Range<usize>> = CONDITION
        .find_iter(text)
        .map(|found| bare(found.range()))
        .filter(|found| match text[found.clone()].ends_with('?') {
            true => asks && places.iter().any(|&at| answers(document, found.end, at)),
            false => binding(text, found, has_cases),
        })
        .take(MOST)
        .collect();
    if arrows > 1 || labels || verdicts {
        let cases = CASE
            .find_iter(text)
            .map(|case| bare(case.range()))
            .filter(|case| {
                let marked = match has_arrow(case) {
                    true => arrows > 1 && !steps::follows(document, case.end),
                    false
                        if verdicts
                            && matches!(text[case.clone()].trim_end_matches([' ', ':']), "yes" | "no") =>
                    {
                        true
                    }
                    false => {
                        labels
                            && text[..case.start].trim_end_matches(' ').ends_with(['•', '\n'])
                            && before_otherwise(&text[case.start..])
                    }
                };
                marked
                    && !found
                        .iter()
                        .any(|known| case.contains(&known.start) || known.contains(&case.start))
            });
        let cases: Vec<Range<usize>> = cases.collect();
        found.extend(cases);
        found.sort_by_key(|marker| marker.start);
    }
    joined(text, with_outcomes(document, found))
}

/// `Otherwise, if …` as one condition.
fn joined(text: &str, found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for marker in found {
        match out.last_mut() {
            Some(last)
                if matches!(
                    &text[last.clone()],
                    "otherwise" | "else" | "failing that" | "or else"
                ) && matches!(&text[marker.clone()], "if" | "when")
                    && text[last.end..marker.start].trim_matches([',', ' ']).is_empty() =>
            {
                last.end = marker.end;
            }
            _ => out.push(marker),
        }
    }
    out
}

/// Whether the item of a list that begins here is followed by others of which the last is `otherwise`.
fn before_otherwise(text: &str) -> bool {
    says!(
        text,
        r"^[^\n]*\n(?:• ?[^\n]*\n)*?• ?(?:otherwise|else|anything else|everything else|any other [a-z]+)\b"
    )
}

/// With `an even count` after `an odd count gets …, `: the verb is said once.
fn with_outcomes(document: &Document, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let text = &document.text;
    let outcomes: Vec<Range<usize>> = found
        .iter()
        .filter(|marker| {
            text[(*marker).clone()].starts_with("a ") || text[(*marker).clone()].starts_with("an ")
        })
        .cloned()
        .collect();
    for marker in outcomes {
        let Some(noun) = text[marker.clone()].split(' ').nth(2) else {
            continue;
        };
        let end = document.sentence(marker.end).end;
        for link in [", a ", ", an ", "; a ", "; an ", " and a ", " and an "] {
            let Some(at) = text[marker.end..end].find(link).map(|at| marker.end + at) else {
                continue;
            };
            let start = at + link.trim_end().len() - link.trim_end().rsplit(' ').next().map_or(0, str::len);
            let words: Vec<&str> = text[start..end].splitn(4, ' ').collect();
            if let [article, which, known, _] = words[..]
                && known == noun
            {
                found.push(start..start + article.len() + which.len() + known.len() + 2);
            }
        }
    }
    found.sort_by_key(|marker| marker.start);
    let mut end = 0;
    found.retain(|marker| {
        let is_apart = marker.start >= end;
        if is_apart {
            end = marker.end;
        }
        is_apart
    });
    found
}

/// Whether what stands at `place` is said in the sentence behind a question that ends at `at`.
fn answers(document: &Document, at: usize, place: usize) -> bool {
    let start = (at + 1).min(document.text.len());
    document.text[at..].starts_with(' ') && (start..document.sentence(start + 1).end).contains(&place)
}

/// Conditions that are mere politeness or circumstance.
fn binding(text: &str, marker: &Range<usize>, has_cases: bool) -> bool {
    let word = &text[marker.clone()];
    let after = &text[marker.end..];
    let before = &text[..marker.start];
    if before.ends_with("as ")
        || before.ends_with("even ")
        || before.ends_with("ask ")
        || before.ends_with("see ")
        || before.ends_with("know ")
        || before.ends_with("wonder ")
        || before.ends_with("something ")
        || before.ends_with("someone ")
        || before.ends_with("anything ")
        || before.ends_with("what ")
        || before.ends_with("or ") && word == "else"
    {
        return false;
    }
    // `for a French message, …`: the comma tells it from what the answer is for.
    if word.starts_with("for ") && !word.ends_with("answer") && !word.ends_with("one") {
        let told = says!(
            after,
            r"^(?: (?:[a-z]+|\x01)){0,2}?(?:[,:]| (?:please )?(?:{tells}|use|keep|stick|limit|start|begin|go|one|two|just|only|an?|no|at|exactly|under|in)\b| \x01)"
        );
        let rest = word.ends_with(" else") || word.contains(" other");
        if !has_cases || !(told || rest) {
            return false;
        }
        let leads = before.is_empty()
            || before
                .trim_end()
                .ends_with(['.', ';', ':', ',', '\n', '?', '!', '\u{6}'])
            || before.ends_with('\n')
            || says!(before, r"\b(?:and|but|or|while) $");
        return leads || word.contains("message");
    }
    // `I can't stand it when …` says what is not wanted.
    if says!(
        before,
        r"\b(?:stand|like|love|hate|mind|bear|annoys me|bugs me) (?:it )?$"
    ) && word == "when"
    {
        return false;
    }
    // `I'd be grateful if it ran to …` is a request.
    if word == "if"
        && says!(
            before,
            r"\b(?:grateful|great|lovely|nice|good|best|better|appreciate (?:it|that)|glad|happy|love it|like it|prefer|prefer it|ideal|perfect|helpful|cool|awesome|wonderful|amazing|super|fantastic|handy|brilliant|pleased|kind|help|fine|please) $"
        )
    {
        return false;
    }
    let tail = &before[before.floor_char_boundary(before.len().saturating_sub(8))..];
    let leads = says!(tail, r"(?:^|[.;\n!?•,:\x02\x06] ?|\b(?:and|but) )$");
    // `where the applicant …, …`, `anything else gets …`: only where they open a clause.
    if matches!(
        word,
        "where" | "suppose" | "supposing" | "assuming" | "providing" | "as long as" | "so long as"
    ) {
        // `in Spanish where she writes in Spanish; where she writes in English, …`
        let paired = word == "where"
            && text.matches("where ").nth(1).is_some()
            && says!(after, r"^ (?:it|he|she|they|the|an?|there|i|you|someone)\b");
        return paired
            || leads
                && !before.ends_with(", ")
                && (says!(after, r"^[^.;\n?]*,")
                    || word.starts_with("suppos") && says!(after, r"^[^.;\n?]*:"));
    }
    if word.ends_with(" else") && !word.starts_with("for") && !word.starts_with("or") {
        return leads
            && says!(
                after,
                r"^(?:[:,]| (?:gets?|means|calls|earns|goes|should|must|and|is|:))"
            );
    }
    // `an odd count gets me …`
    if says!(word, r"^[a-z]+ [a-z]+ (?:gets?|earns|calls for)$") {
        return leads && text.matches(&word[word.rfind(' ').unwrap_or(0)..]).count() > 1;
    }
    if word.starts_with("a ") || word.starts_with("an ") {
        return leads
            && word != "a"
            && !says!(
                word,
                r"\b(?:answer|reply|response|word|sentence) (?:gets|means|gives)$"
            );
    }
    if word.starts_with("in ") && word.contains(" of ") {
        return leads && says!(after, r"^(?: [a-z]+){0,2}[,:]") && text.matches(" of ").count() > 1;
    }
    match word {
        "if" | "only if" | "if and only if" | "else if" => !says!(
            after,
            r"^ (?:you (?:can|could)(?:$|[.,;:)!?]| (?:[a-mo-z]|n[a-np-z]))|possible|you like\b|you want|you must|you don't mind|needed|necessary|any(?:thing)?(?: ?[.,;)!?]|$)|so\b(?:[^,:]|$)|not\b,? why|you please|that's ok|you(?: would|'d)(?: (?:like|prefer|rather|want|wish|please|kindly|mind|care|be)\b| ?[,.;)?]|$)|at all|i may|i might|appropriate|relevant|desired|only|i remember|you have time|you feel)"
        ),
        "when" | "whenever" => {
            !says!(
                after,
                r"^ (?:done|you're done|writing|you write|you answer|answering|finished|(?:you're|you are) (?:done|finished|through|ready)|in (?:all|small|lower|upper|capitals?|caps|english|{lang}|\x01)|giving|i |we |you |he |she |they (?:are|do|have|were|see|come)|possible|needed|creating|it comes|referring|dealing|the user|(?:the|your|this) [a-z]+(?:'s| is) (?:finished|done|over|written|complete))"
            ) || says!(before, r"(?:^|[.;\n] ?)$")
                && says!(
                    after,
                    r"^ (?:(?:i|we) (?:do not|don't|do|am|am not|ask|write|text|message|speak|talk|chat|type|send|post|paste|share|give|email)|you list|the user)\b"
                )
        }
        // `unless you are told otherwise`
        "otherwise" => !says!(
            before,
            r"\b(?:told|says?|said|stated?|states|noted|specified|instructed|indicated|informed|thinks?|want|wish) $"
        ),
        "else" => {
            before.ends_with("; ")
                || before.ends_with(", ")
                || before.ends_with(". ")
                || before.ends_with("or ")
        }
        // `they will not sign it off unless you …` is a demand.
        "unless" => !says!(
            before,
            r"\b(?:will|would) not (?:sign|accept|take|approve|pass|publish|print|let|allow|read|run|open)\b[^.;!?\n]*$"
        ),
        word if word.starts_with("should") => {
            says!(before, r"(?:^|[.;:\n!?\x02\x06] ?|, and )$") && !says!(after, r"^[^.;\n]*\?")
        }
        word if word.starts_with("with") => {
            says!(after, r"^[^.;\n]*;") || says!(before, r"(?:^|[.\n] )with \x01[^.;\n]*; ?$")
        }
        _ => true,
    }
}
