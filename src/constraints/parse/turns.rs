//! Which constraints are active at each turn of a conversation.
//!
//! Owns what persists: standing rules (`from now on`) until cancelled; the rest as long as the talk is of the same piece of work.
//! A new value of the same limit replaces the old one.

use super::{conflicts::bounds, parse};
use crate::{
    constraints::{
        Constraint,
        wording::{
            lex::{self, TokenKind},
            pattern::compile,
        },
    },
    says,
};

/// A constraint in force, with the turn (one-based) that stated it. The span is of that turn's prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    pub constraint: Constraint,
    pub from_turn: usize,
}

struct Held {
    active: Active,
    standing: bool,
}

/// What is active at each turn, in the order of statement.
pub fn follow(prompts: &[&str]) -> Vec<Vec<Active>> {
    let mut held: Vec<Held> = Vec::new();
    let mut ended: Vec<Held> = Vec::new();
    let mut out = Vec::with_capacity(prompts.len());
    for (turn, prompt) in prompts.iter().enumerate() {
        let lower = outside_quotes(prompt);
        let mut stated = parse(prompt).constraints;
        let standing_turn = standing(&lower);
        if turn > 0 {
            let continues = continues(&lower);
            let cancelled = cancelled(&lower);
            let revived = revived(&lower);
            if !revived.is_empty() {
                stated.retain(|constraint| !revived.iter().any(|topic| topic.covers(&constraint.id)));
            }
            if let Some(topics) = &cancelled {
                stated.retain(|constraint| !topics.iter().any(|topic| topic.covers(&constraint.id)));
            }
            let mut kept = Vec::new();
            for item in held.drain(..) {
                let off = cancelled.as_ref().is_some_and(|topics| {
                    topics
                        .iter()
                        .any(|topic| topic.covers(&item.active.constraint.id))
                });
                if off || !(item.standing || continues) {
                    ended.push(item);
                } else {
                    kept.push(item);
                }
            }
            held = kept;
            for topic in revived {
                if let Some(at) = ended
                    .iter()
                    .rposition(|item| topic.covers(&item.active.constraint.id))
                {
                    held.push(ended.remove(at));
                }
            }
        }
        increment(prompt, &lower, &mut stated, &held);
        for mut constraint in stated {
            let same: Vec<usize> = (0..held.len())
                .filter(|&at| replaces(&constraint, &held[at].active.constraint))
                .collect();
            let mut inherits = false;
            for &at in same.iter().rev() {
                let old = held.remove(at);
                adopt_relation(&lower, &mut constraint, &old.active.constraint);
                inherits |= old.standing;
                ended.push(old);
            }
            held.push(Held {
                active: Active {
                    constraint,
                    from_turn: turn + 1,
                },
                standing: standing_turn || inherits,
            });
        }
        out.push(held.iter().map(|item| item.active.clone()).collect());
    }
    out
}

/// Lower case, without what stands in quotation marks.
fn outside_quotes(prompt: &str) -> String {
    let lexed = lex::lex(prompt);
    let mut out = String::with_capacity(prompt.len());
    let mut from = 0;
    for token in &lexed.tokens {
        if let TokenKind::Quote(_) | TokenKind::Fence = token.kind {
            out.push_str(&prompt[from..token.span.start]);
            out.push('"');
            from = token.span.end;
        }
    }
    out.push_str(&prompt[from..]);
    out.to_lowercase()
        .replace('’', "'")
        .replace("p.p.s.", "pps")
        .replace("p.p.s", "pps")
        .replace("p.s.", "ps")
        .replace("p.s", "ps")
}

/// The rules of this turn hold for the whole conversation.
fn standing(text: &str) -> bool {
    says!(
        text,
        r"\b(?:from now on|for (?:this|the|our) (?:whole |entire )?(?:chat|conversation|session|talk|thread)|for the rest of|house rules|ground rules|every (?:answer|reply|response|message|time)|all (?:your |of your |my )?(?:answers|replies|responses)|each (?:answer|reply|response|message)|always|in (?:all|every) (?:of )?(?:your )?(?:answers|replies|responses)|for good|per (?:reply|answer|response|message)|going forward|until i (?:say|tell)|whenever you (?:answer|reply)|throughout (?:this|our) (?:chat|conversation)|henceforth|any answer you)\b"
    )
}

/// The talk is still of the same piece of work.
fn continues(text: &str) -> bool {
    says!(
        text,
        r"^(?:(?:ok|okay|good|great|nice|thanks|thank you|perfect|lovely|hmm|right|cool|now|actually|and|but|also|please|so|well|better|almost|not bad|love it|like it|excellent)\b[,.! ]*)*(?:trim|shorten|cut|make (?:it|that|this|them)|add|rewrite (?:it|that|this)|redo|again|one more|another (?:go|try|version|draft)|try again|once more|remove|lose|drop|change|swap|replace|relax|tighten|expand (?:it|on)|lengthen|turn (?:it|that|this)|put|give it|move|fix|polish|edit|revise|tweak|keep (?:it|the|that|everything)|same (?:again|thing|text|story|but)|with|without|use|mention|include|bump|raise|lower|extend|translate (?:it|that|this)|do (?:it|that) again|start (?:it|over)|end it|begin it|avoid|can you (?:make|add|cut|trim|shorten|rewrite|redo)|could you (?:make|add|cut|trim|shorten|rewrite|redo|also|relax)|the (?:title|ending|opening|second|first|last|tone)|it (?:needs|should|must)|no,|forget the|scrap the|never mind the|ignore the|only|at least|no more than|under|fewer|more|less|\d+)\b|\b(?:same (?:text|story|poem|email|letter|piece|article|essay|draft)|the (?:draft|text|story|poem|email|letter|piece|article|essay|version|caption|speech) (?:again|above|you wrote)|one more (?:go|time|version)|another version|next version|(?:rewrite|redo|trim|shorten|revise) (?:it|that|this)|make it)\b"
    ) && !says!(
        text,
        r"\b(?:new (?:task|topic|question)|different (?:task|topic|question)|something else|unrelated|on another note|separate question)\b"
    )
}

/// What a cancellation or revival speaks of.
enum Topic {
    All,
    Ids(&'static [&'static str]),
}

impl Topic {
    fn covers(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Ids(ids) => ids.iter().any(|prefix| id.starts_with(prefix)),
        }
    }
}

const TOPICS: &[(&str, &[&str])] = &[
    (r"commas?", &["punctuation:no_comma"]),
    (
        r"words? (?:limit|count|cap|minimum|maximum|range|length)|length (?:limit|rule|cap)|length|limit on words|number of words|words limit|minimum|maximum",
        &[
            "length_constraints:number_words",
            "raif:word",
            "raif:exact_words",
            "raif:char_limit",
            "length_constraints:number_sentences",
            "raif:exact_sentences",
        ],
    ),
    (
        r"sentences? (?:limit|count|cap|rule)|number of sentences|sentences",
        &["length_constraints:number_sentences", "raif:exact_sentences"],
    ),
    (r"character (?:limit|count)", &["raif:char_limit"]),
    (
        r"paragraphs?",
        &[
            "length_constraints:number_paragraphs",
            "raif:paragraph_count",
            "length_constraints:nth_paragraph",
        ],
    ),
    (r"titles?", &["detectable_format:title"]),
    (r"emojis?|emoji (?:rule|ban)", &["raif:emoji", "format:emoji"]),
    (r"hashtags?", &["raif:hashtags"]),
    (r"json", &["detectable_format:json_format"]),
    (r"tables?", &["raif:table"]),
    (
        r"bullets?(?: points?)?",
        &[
            "detectable_format:number_bullet_lists",
            "raif:list_items",
            "format:sub-bullets",
        ],
    ),
    (
        r"p\.? ?s\.?|postscript|post-script",
        &["detectable_content:postscript"],
    ),
    (
        r"lower ?case|capitals?(?: letters)?|caps|all caps|upper ?case",
        &["change_case:", "format:title_case"],
    ),
    (r"first person", &["raif:no_first_person"]),
    (r"quotation marks|quotes|quote marks", &["startend:quotation"]),
    (r"placeholders?", &["detectable_content:number_placeholders"]),
    (
        r"highlights?|bold|italics?",
        &["detectable_format:number_highlighted_sections"],
    ),
    (
        r"sections?|section labels?",
        &["detectable_format:multiple_sections"],
    ),
    (r"keywords?", &["keywords:existence", "raif:include_phrase"]),
    (
        r"banned words?|forbidden words?|word ban|ban on",
        &["keywords:forbidden_words", "raif:avoid_phrase"],
    ),
    (
        r"french|german|spanish|italian|welsh|japanese|korean|polish|language(?: rule)?|english",
        &["language:response_language", "raif:language_mix"],
    ),
    (
        r"ending|closing (?:line|phrase)|last line|sign ?off",
        &["startend:end_checker"],
    ),
    (r"opening(?: line| phrase)?", &["raif:starts_with"]),
    (r"lines?(?: limit)?", &["raif:num_lines"]),
    (
        r"letter (?:rule|ban|limit)|letter \w",
        &["keywords:letter_frequency"],
    ),
];

const CANCEL: &str = r"\b(?:forget|scrap|drop|lose|ignore|cancel|lift|remove|never mind|nevermind|ditch|stop|don't need|do not need|no longer need|no need for|no more|disregard|abandon|get rid of|take out|take off|leave out|undo|waive|without the)\b(?:[^.!?\n]*)|\b(?:you can|you may|feel free to|it's ok to|it's fine to|okay to) (?:use|have|write|include)[^.!?\n]*(?:again|now|after all|if you|from here|from now|this time|anyway)";
const REVIVE: &str = r"\b(?:put|bring|reinstate|restore|switch|turn|add)\b[^.!?\n]*\b(?:back|reinstate|again|back on|back in)\b|\breinstate[^.!?\n]*|\brestore[^.!?\n]*";

fn topics_in(text: &str) -> Vec<Topic> {
    use std::sync::LazyLock;
    static PATTERNS: LazyLock<Vec<(regex::Regex, &'static [&'static str])>> = LazyLock::new(|| {
        TOPICS
            .iter()
            .map(|(pattern, ids)| (compile(&format!(r"\b(?:{pattern})\b")), *ids))
            .collect()
    });
    PATTERNS
        .iter()
        .filter(|(regex, _)| regex.is_match(text))
        .map(|(_, ids)| Topic::Ids(ids))
        .collect()
}

/// What this turn cancels; `None` if nothing.
fn cancelled(text: &str) -> Option<Vec<Topic>> {
    use std::sync::LazyLock;
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| compile(CANCEL));
    let mut topics = Vec::new();
    for found in PATTERN.find_iter(text) {
        if says!(
            found.as_str(),
            r"\b(?:all|any|every|everything|my (?:earlier|previous|other))\b[^.]*\b(?:rules?|requirements?|constraints?|restrictions?|instructions?|limits?|conditions?)\b|\b(?:the|those|these) (?:earlier |previous )?(?:rules|restrictions|constraints|requirements)\b|\beverything (?:i said|above|before)"
        ) {
            return Some(vec![Topic::All]);
        }
        topics.extend(topics_in(found.as_str()));
    }
    (!topics.is_empty()).then_some(topics)
}

fn revived(text: &str) -> Vec<Topic> {
    use std::sync::LazyLock;
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| compile(REVIVE));
    PATTERN
        .find_iter(text)
        .flat_map(|found| topics_in(found.as_str()))
        .collect()
}

/// Ids of which an answer has one.
fn family(id: &str) -> &str {
    match id {
        "raif:word_range"
        | "raif:word_approx"
        | "raif:exact_words"
        | "length_constraints:number_words"
        | "count:word_count_range" => "words",
        "raif:exact_sentences" | "length_constraints:number_sentences" => "sentences",
        "raif:paragraph_count" | "length_constraints:number_paragraphs" => "paragraphs",
        "change_case:english_lowercase" | "change_case:english_capital" | "format:title_case" => "case",
        "detectable_format:json_format"
        | "raif:yaml_format"
        | "raif:xml_format"
        | "raif:csv_format"
        | "raif:html_format" => "form",
        "keywords:existence" | "keywords:forbidden_words" | "raif:include_phrase" | "raif:avoid_phrase" => "",
        "keywords:frequency" | "keywords:letter_frequency" => "counted",
        id => id,
    }
}

fn replaces(new: &Constraint, old: &Constraint) -> bool {
    let kind = family(&new.id);
    if new.scope != old.scope {
        return false;
    }
    if kind.is_empty() || kind != family(&old.id) {
        return new.id == old.id && new.kwargs == old.kwargs;
    }
    match (bounds(new), bounds(old)) {
        // A floor and a ceiling that go together are two limits.
        (Some(new), Some(old)) if new.what == old.what => {
            let one_sided = |lo: u64, hi: u64| (lo > 0) != (hi < u64::MAX);
            let opposite =
                one_sided(new.lo, new.hi) && one_sided(old.lo, old.hi) && (new.lo > 0) != (old.lo > 0);
            !(opposite && new.lo <= old.hi && old.lo <= new.hi)
        }
        (Some(_), Some(_)) => false,
        _ => true,
    }
}

/// `relax it to five` keeps the relation of the limit it changes.
fn adopt_relation(text: &str, new: &mut Constraint, old: &Constraint) {
    let bare = matches!(new.id.as_str(), "raif:exact_words" | "raif:exact_sentences");
    let changes = says!(
        text,
        r"\b(?:relax|raise|lower|bump|change|extend|tighten|increase|reduce|make|stretch|loosen|up|drop|cut|push|move|set)\b (?:it|that|the [a-z ]+?)? ?(?:up |down )?to\b|\bmake (?:it|that) \w+ (?:words|sentences)"
    );
    if !(bare && changes) {
        return;
    }
    let Some(value) = bounds(new).map(|bounds| bounds.lo) else {
        return;
    };
    let least = old
        .kwargs
        .get("relation")
        .is_some_and(|relation| relation == "at least");
    let most = old
        .kwargs
        .get("relation")
        .is_some_and(|relation| relation == "less than");
    if !(least || most) || family(&new.id) != family(&old.id) {
        return;
    }
    new.id.clone_from(&old.id);
    let name = if family(&old.id) == "words" {
        "num_words"
    } else {
        "num_sentences"
    };
    new.kwargs.clone_from(&old.kwargs);
    new.kwargs.insert(
        name.into(),
        if most { value.saturating_add(1) } else { value }.into(),
    );
}

/// `add a Section 4`: one more of what is labelled already.
fn increment(prompt: &str, text: &str, stated: &mut Vec<Constraint>, held: &[Held]) {
    let Some(sections) = held
        .iter()
        .map(|item| &item.active.constraint)
        .find(|old| old.id == "detectable_format:multiple_sections")
    else {
        return;
    };
    let Some(label) = sections
        .kwargs
        .get("section_spliter")
        .and_then(|label| label.as_str())
    else {
        return;
    };
    let Some(found) = text
        .find(&format!("{} ", label.to_lowercase()))
        .filter(|_| says!(text, r"\b(?:add|append|another|extra|one more|include)\b"))
    else {
        return;
    };
    let digits: String = text[found + label.len() + 1..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let Ok(number) = digits.parse::<u64>() else { return };
    stated.retain(|constraint| constraint.id != "detectable_format:multiple_sections");
    let mut more = sections.clone();
    more.kwargs.insert("num_sections".into(), number.into());
    let start = text[..found].rfind("add").unwrap_or(found);
    let end = found + label.len() + 1 + digits.len();
    more.span = if prompt.get(start..end).is_some() && prompt.len() == text.len() {
        start..end
    } else {
        0..prompt.len()
    };
    stated.push(more);
}
