//! Which part of the answer a constraint binds: `the second paragraph`, `each bullet`, `the subject line`, `the "notes" column`.
//!
//! Owns the words for parts and how far they reach: from a part to the constraint that is said of it, within a sentence and
//! without another clause between. What has no part binds the whole answer.

use std::ops::Range;

use crate::{
    constraints::{
        Constraint, Scope,
        checker::Units,
        kinds,
        wording::{lex::TokenKind, pattern::Pattern, sketch::Document},
    },
    says,
};

/// A mention of a part. Groups: 1 and 3 an ordinal or its like, 2 and 4 its part; 5 a part and 6 its number; 7 to 9 a part of
/// which all are meant; 10 and 11 a named part; 12 a quoted column or field; 13 what the part follows; 14 a quoted field; 15 a
/// lone `each`; 16 and 17 one of several parts; 18 and 19 one of several things that were counted: `two signs …, the first sign`.
static PART: Pattern = Pattern::new(
    r"\b(?:the |your |its )?(?:very )?(\x04|last|final|opening|closing|concluding|penultimate)(?: and (?:last|final))? ({part})\b|(\x04) ({part})\b|\b({part}) (?:number )?(\x01)|\b(?:each|every|per) (?:single |of the |new |other )?({part})\b|\ball (?:of )?(?:the )?({part})s\b|(?:^\s*|[.!?;\n•]\s*)(?:the |your )?({part})s (?:must|should|need|have|are|can|may|shall)\b|\bthe ({name})\b|(?:^\s*|[.!?;\n•]\s*|, |\band |\bwith )(?:a |an |the )?({name})(?: (?:in|of|under|should|must|with|at|between|is|has to|needs to)\b|:| \x01)|(?:\bthe |\bits )?({q}) (?:column|field)\b|\b(?:under|after|below|beneath|following) (?:the |it |this )?(table|list|code|code block|poem)\b|^\s*({q})|\b(each)\b|\bthe (?:very )?(\x04|last|final|closing|middle) one\b|(?:^\s*|[.;,\n] ?(?:and |but |while )?)the (\x04|last)(?:,[^,.;\n]{1,40},| \([^)\n]{1,40}\))? (?:with|without|must|should|is|has|runs|needs|gets|contains|in|all|under|below|exactly|over|no|at|may|can)\b|\b(?:the )?(\x04|last|final) ([a-z]{3,})\b",
);

/// The part of the answer that a constraint is said of.
pub fn find(document: &Document, constraint: &Constraint, others: &[Constraint]) -> Option<Scope> {
    kinds::find(&constraint.id).filter(|kind| kind.reach.has_parts())?;
    let range = sketch_range(document, &constraint.span);
    let sentence = document.sentence(range.start).start.min(range.start)
        ..document.sentence(range.end).end.max(range.end);
    let text = &document.text;
    let fields = others
        .iter()
        .any(|other| other.id == "detectable_format:json_format");
    if let Some(scope) = chinese(document, &range).or_else(|| {
        counted_parts(
            &text[sentence.start..range.start],
            COUNTED.contains(&constraint.id.as_str()),
        )
    }) {
        return Some(scope);
    }
    let mut best: Option<(usize, Scope)> = None;
    for found in PART.captures_iter(&text[sentence.clone()]) {
        let Some(whole) = found.get(0) else { continue };
        let at = sentence.start + whole.start()..sentence.start + whole.end();
        let scope = match found.get(15) {
            // `4 stanzas of 4 lines each`: the stanzas, not the lines.
            Some(_) if COUNTED.contains(&constraint.id.as_str()) => {
                each_of(&text[..at.start.min(range.start)])
            }
            Some(_) => None,
            None if found.get(16).or(found.get(17)).is_some() => {
                one_of(document, &text[..at.start], at.start, &found)
            }
            None if found.get(18).is_some() => counted_thing(document, &text[..at.start], at.start, &found),
            None => scope(document, &found, sentence.start),
        };
        let Some(scope) = scope.filter(|scope| fields || scope.part != "json_field") else {
            continue;
        };
        // `ten words per line and 12 lines`: no line has lines.
        if scope.index == "each" && counts(&constraint.id) == Some(scope.part.as_str()) {
            continue;
        }
        // What a part has is not a limit on it: `three paragraphs`, `the last line`.
        let distance = if at.end <= range.start {
            let between = &text[at.end..range.start];
            // After the name of a part a sentence more easily goes on to something else.
            let named = found.get(10).or(found.get(11)).is_some();
            // `in section 2, do not …`
            let direct = says!(between, r"^,? ?(?:please )?(?:do)?$")
                || says!(&text[..at.start], r"\b(?:in|for|within|inside|throughout) $")
                    && says!(
                        between,
                        r"^,? (?:please )?(?:use|include|mention|avoid|write|keep (?:it )?to|have)$"
                    );
            if !direct && parted(between) || named && says!(between, r",| and\b") {
                continue;
            }
            range.start - at.end
        } else if at.start >= range.end {
            // What `the second` opens is not said of what stands before it.
            if found.get(17).is_some() || !adjoins(&text[range.end..at.start]) {
                continue;
            }
            at.start - range.end
        } else {
            0
        };
        if best.as_ref().is_none_or(|(other, _)| distance <= *other) {
            best = Some((distance, scope));
        }
    }
    let scope = best.map(|(_, scope)| scope)?;
    let whole = &text[sentence];
    let deliverable = named_deliverable(text, &scope.part)
        || says!(
            whole,
            r"\b(?:(?:entire|whole|complete|full) (?:response|reply|answer|thing|text|output|letter|email|essay|story)|in total|overall|altogether|throughout)\b"
        );
    // The last sentence ends the answer, the first line begins it.
    let edge = match constraint.id.as_str() {
        "startend:end_checker" => scope.index == "last",
        "raif:starts_with" | "words:start_verb" => scope.index == "1" && Units::of(&scope.part).is_some(),
        _ => false,
    };
    (!deliverable && !edge).then_some(scope)
}

/// `4 stanzas of 4 lines`, `three paragraphs with two sentences`, `keep sentences under 12 words`: what each of several parts
/// has. The last only of what is counted.
fn counted_parts(before: &str, counted: bool) -> Option<Scope> {
    static PARTS: Pattern = Pattern::new(
        r"\x01 (?:[a-z]+ ){0,2}?({part})s (?:(?:that|which) (?:have|contain|are)|of|with|containing|having)(?: only| just)? ?$",
    );
    static ALL: Pattern = Pattern::new(
        r"(?:^|[.,;:!?\n] ?|\b(?:keep|make|use|write|with|in|have|your|the|all|short|and|keeping|using) )({part})s(?: (?:that are|should be|must be|of|to|be|are|stay|at)\b)* ?$",
    );
    let found = PARTS
        .captures(before)
        .or_else(|| ALL.captures(before).filter(|_| counted))?;
    Some(Scope {
        part: part_name(found.get(1)?.as_str()).into(),
        index: "each".into(),
    })
}

/// 每行五个字, 第二段不超过50字, 最后一句: the part stands in front of what is said of it, in its clause.
fn chinese(document: &Document, range: &Range<usize>) -> Option<Scope> {
    static PART: Pattern = Pattern::new(
        r"(每)(?:一|\x01)?(?:个|条|项|首)?(行|诗句|句|段|点|条|要点|项|部分|小节|节)|第(\x01|[一二三四五六七八九十])(?:个|条)?(行|句|段|点|条|要点|项|部分|小节|节)|(最后|末)(?:一|\x01)?(?:个|条)?(行|句|段|点|条|要点|部分|节)|(标题|题目)",
    );
    // Behind the last mark that ends a clause, or behind the comma before that: 第二段写景，不超过50字.
    let text = &document.text;
    let start = document.sentence(range.start).start.min(range.start);
    let before = &text[start..range.start];
    if before.is_ascii() {
        return None;
    }
    let clause = before.rfind([',', ';', ':']).map_or(0, |at| at + 1);
    let found = PART.captures_iter(&before[clause..]).last()?;
    let group = |nth: usize| found.get(nth).map(|group| group.as_str());
    let between = &before[clause + found.get(0)?.end()..];
    if between.chars().count() > 12 {
        return None;
    }
    let (index, part) = match (group(2), group(4), group(6)) {
        (Some(part), ..) => ("each".to_owned(), part),
        (_, Some(part), _) => {
            let at = clause + found.get(3)?.start();
            let index = match group(3)?.chars().next()? {
                '\u{1}' => match document.lexed.tokens[document.token_at(start + at)].kind {
                    TokenKind::Amount(amount) => document.quantities[amount].exact()?,
                    _ => return None,
                },
                numeral => 1 + "一二三四五六七八九十".chars().position(|c| c == numeral)? as u64,
            };
            (index.to_string(), part)
        }
        (.., Some(part)) => ("last".to_owned(), part),
        _ => ("1".to_owned(), "标题"),
    };
    let part = match part {
        "行" | "诗句" => "line",
        "句" => "sentence",
        "段" => "paragraph",
        "点" | "条" | "要点" | "项" => "bullet",
        "标题" => "title",
        _ => "section",
    };
    Some(Scope {
        part: part.into(),
        index,
    })
}

/// The part of which an id says how many there are.
fn counts(id: &str) -> Option<&'static str> {
    match id {
        "raif:num_lines" => Some("line"),
        "raif:paragraph_count" => Some("paragraph"),
        "raif:exact_sentences" | "length_constraints:number_sentences" => Some("sentence"),
        _ => None,
    }
}

/// Bytes of the sketch in which `the last one` looks for what it is one of.
const NEAR: usize = 600;

/// Ids of which a lone `each` speaks: `three taglines, each under six words`.
const COUNTED: &[&str] = &[
    "length_constraints:number_words",
    "length_constraints:number_sentences",
    "raif:word_range",
    "raif:word_approx",
    "raif:exact_words",
    "raif:exact_sentences",
    "raif:char_limit",
    "raif:num_lines",
    "raif:hashtags",
    "raif:emoji",
];

/// What a lone `each` means: the things of which there are several before it.
fn each_of(before: &str) -> Option<Scope> {
    static SEVERAL: Pattern = Pattern::new(r"\x01 (?:[a-z]+ ){0,3}?([a-z]+)s\b");
    let part = SEVERAL.captures_iter(before).last()?.get(1)?.as_str();
    (!matches!(part, "word" | "time" | "character" | "letter")).then(|| Scope {
        part: part_name(part).into(),
        index: "each".into(),
    })
}

/// `three paragraphs …, the middle one`: the part that was counted before, of the byte `at` of the sketch.
fn one_of(document: &Document, before: &str, at: usize, found: &regex::Captures) -> Option<Scope> {
    static SEVERAL: Pattern = Pattern::new(r"(\x01) (?:[a-z]+ ){0,3}?({part}|[a-z]+)s\b");
    // What was counted long before is not meant.
    let near = before.ceil_char_boundary(before.len().saturating_sub(NEAR));
    let parts = SEVERAL
        .captures_iter(&before[near..])
        .filter(|found| {
            !matches!(
                &found[2],
                "word" | "time" | "character" | "letter" | "minute" | "hour" | "day" | "year"
            )
        })
        .last()?;
    let which = found.get(16).or(found.get(17))?;
    let index = match which.as_str() {
        "middle" => {
            let TokenKind::Amount(amount) =
                document.lexed.tokens[document.token_at(near + parts.get(1)?.start())].kind
            else {
                return None;
            };
            let count = document.quantities[amount]
                .exact()
                .filter(|count| count % 2 == 1)?;
            (count / 2 + 1).to_string()
        }
        "last" | "final" | "closing" => "last".into(),
        _ => {
            let ordinal = at + which.start() - found.get(0)?.start();
            match document.lexed.tokens[document.token_at(ordinal)].kind {
                TokenKind::Ordinal(nth) => nth.to_string(),
                _ => return None,
            }
        }
    };
    Some(Scope {
        part: part_name(parts.get(2)?.as_str()).into(),
        index,
    })
}

/// `Two signs …, the first sign …`: one of the things that were counted before, of the byte `at` of the sketch.
fn counted_thing(document: &Document, before: &str, at: usize, found: &regex::Captures) -> Option<Scope> {
    let (which, noun) = (found.get(18)?, found.get(19)?.as_str());
    let several = format!("{noun}s");
    // What was counted long before is not meant.
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    let counted = near.match_indices(&several).any(|(start, _)| {
        near[..start]
            .rsplit([',', '.', ';', ':', '\n'])
            .next()
            .is_some_and(|clause| clause.contains('\u{1}'))
    });
    let ordinal = at + which.start() - found.get(0)?.start();
    let index = match document.lexed.tokens[document.token_at(ordinal)].kind {
        TokenKind::Ordinal(nth) => nth.to_string(),
        _ => "last".into(),
    };
    counted.then(|| Scope {
        part: noun.into(),
        index,
    })
}

/// What stands between a part and what is said of it begins something else.
fn parted(between: &str) -> bool {
    between.len() > 120
        || says!(
            between,
            r"[;.!?\n]|, (?:and |but |then |so )?(?:the (?:whole|entire|total)|use|using|keep|make|do|avoid|write|no|not|then|please|finish|end|start|begin|include|mention|add|give|put|with)\b|\b(?:and|but) (?:use|keep|make|avoid|write|finish|then|please)\b|\b(?:response|answer|reply)\b"
        )
}

/// `under 12 words each`, `fewer than 40 words in the first paragraph`.
fn adjoins(between: &str) -> bool {
    says!(
        between,
        r"^(?: \x03)?,? ?\(?(?:in|of|for|within|on|at|inside|throughout|to)? ?$"
    )
}

fn sketch_range(document: &Document, span: &Range<usize>) -> Range<usize> {
    let tokens = &document.lexed.tokens;
    let first = tokens.partition_point(|token| token.span.end <= span.start);
    let last = tokens.partition_point(|token| token.span.start < span.end);
    document.position(first)..document.position(last)
}

fn scope(document: &Document, found: &regex::Captures, from: usize) -> Option<Scope> {
    let group = |nth: usize| found.get(nth).map(|group| group.as_str());
    let token = |nth: usize| {
        found
            .get(nth)
            .map(|group| document.token_at(from + group.start()))
    };
    let of = |part: &str, index: String| {
        Some(Scope {
            part: part_name(part).into(),
            index,
        })
    };
    let ordinal = |at: usize| match document.lexed.tokens[at].kind {
        TokenKind::Ordinal(nth) => Some(nth.to_string()),
        _ => None,
    };
    for (which, part) in [(1, 2), (3, 4)] {
        if let (Some(which), Some(part), Some(at)) = (group(which), group(part), token(which)) {
            let index = match which {
                "last" | "final" | "closing" | "concluding" => "last".into(),
                "opening" => "1".into(),
                "penultimate" => return None,
                _ => ordinal(at)?,
            };
            return of(part, index);
        }
    }
    if let (Some(part), Some(at)) = (group(5), token(6)) {
        let TokenKind::Amount(index) = document.lexed.tokens[at].kind else {
            return None;
        };
        let quantity = &document.quantities[index];
        let number = quantity.exact().filter(|_| !quantity.related)?;
        return of(part, number.to_string());
    }
    if let Some(part) = group(7).or(group(8)).or(group(9)) {
        return of(part, "each".into());
    }
    if let Some(name) = group(10).or(group(11)) {
        return of(name, "1".into());
    }
    if let Some(at) = token(12) {
        let name = document.quoted(at)?;
        let part = if found.get(0)?.as_str().ends_with("column") {
            "column"
        } else {
            "json_field"
        };
        return of(part, name.into());
    }
    if let Some(what) = group(13) {
        return of("after", what.into());
    }
    let name = document.quoted(token(14)?)?;
    of("json_field", name.into())
}

/// One name a part, however it is called.
fn part_name(part: &str) -> &str {
    match part {
        "bullet point" | "bullet" | "list item" => "bullet",
        "verse" | "stanza" => "stanza",
        "part" | "section" | "chapter" => "section",
        "subject line" | "subject" => "subject",
        "introduction" | "intro" => "intro",
        "headline" | "title" => "title",
        "middle" | "body" => "body",
        part => part,
    }
}

/// Whether a name is that of the whole text which the prompt asks for: `write a summary`, `the summary …`.
fn named_deliverable(text: &str, part: &str) -> bool {
    match part {
        "summary" => says!(
            text,
            r"\b(?:summari[sz]e|sum up|(?:write|give|provide|draft|make|create|produce|need|want)(?: me| us)? (?:a|the) (?:[a-z]+ ){0,3}summary)\b"
        ),
        "title" => says!(
            text,
            r"\b(?:write|give|suggest|come up with|need|create|propose)(?: me| us)? (?:a|the|\x01) (?:[a-z]+ ){0,3}(?:title|headline)s?\b"
        ),
        "caption" => says!(
            text,
            r"\b(?:write|give|need|want|draft)(?: me| us)? (?:a|an|the) (?:[a-z]+ ){0,3}caption\b"
        ),
        "conclusion" | "intro" => says!(
            text,
            r"\b(?:write|draft|compose|give)(?: me| us)? (?:a|an|the) (?:[a-z]+ ){0,2}(?:conclusion|introduction|intro)\b"
        ),
        _ => false,
    }
}
