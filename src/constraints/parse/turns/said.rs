//! What a later prompt says of the rules so far: that they hold on, for this once, no more, or again.

use std::sync::LazyLock;

use crate::{
    constraints::{
        Constraint,
        wording::{
            count_of,
            lex::{self, TokenKind},
            pattern::compile,
        },
    },
    says,
};

/// Lower case, without what stands in quotation marks.
pub(super) fn outside_quotes(prompt: &str) -> String {
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
pub(super) fn standing(text: &str) -> bool {
    says!(
        text,
        r"\b(?:from (?:now|here|this point) on(?:wards?)?|for (?:this|the|our) (?:whole |entire )?(?:chat|conversation|session|talk|thread)|for the rest of|house rules|ground rules|every (?:answer|reply|response|message|time)|all (?:your |of your |my )?(?:answers|replies|responses)|each (?:answer|reply|response|message)|always|in (?:all|every) (?:of )?(?:your )?(?:answers|replies|responses)|for good|per (?:reply|answer|response|message)|going forward|until i (?:say|tell)|whenever you (?:answer|reply)|throughout (?:this|our) (?:chat|conversation)|henceforth|any answer you|(?:in|with) (?:anything|everything|whatever) you (?:write|say|send|tell)|never ever|ever again|with me,? (?:ever|please)|while we(?:'re| are) (?:chatting|talking|at it)|from you (?:today|now|here)|standing (?:rule|order)s?|(?:never|don't|do not) ever|for (?:the|your|my) next \w+ (?:answers|replies|messages|turns|responses|questions))\b|, ever[.!]"
    )
}

/// The rules of this turn hold for this turn.
pub(super) fn this_once(text: &str) -> bool {
    says!(
        text,
        r"\b(?:just this once|this once|(?:just |only )?for this (?:first |next |one )?(?:one|answer|reply|question|message|response|time)|(?:just |only )this time|this time only|for once|just for now)\b"
    )
}

/// What was set aside last is in force again.
pub(super) fn resumes(text: &str) -> bool {
    says!(
        text,
        r"(?:^|[.,;!?] ?|\b(?:now|please|and) )(?:un-?pause|resume) (?:it|that|this rule|the (?:rule|limit)|the [a-z]+ (?:rule|limit))\b|\b(?:rule's|rule is|rules are) back(?: on| in force)?\b"
    )
}

/// Positions of rules that are called off by their number: `the first rule is off now`.
pub(super) fn rules_named_by_number(text: &str, all: usize) -> Vec<usize> {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| {
        compile(
            r"\b(first|second|third|fourth|last) (?:rule|requirement|condition)(?:'s| is| can be)? (?:off|out|gone|dropped|cancelled|lifted)\b|\b(?:drop|cancel|scrap|forget|lift|ignore) (?:the )?(first|second|third|fourth|last) (?:rule|requirement|condition)\b",
        )
    });
    let named = PATTERN
        .captures_iter(text)
        .filter_map(|found| found.get(1).or(found.get(2)));
    let nth = named.filter_map(|name| match name.as_str() {
        "first" => Some(0),
        "second" => Some(1),
        "third" => Some(2),
        "fourth" => Some(3),
        _ => all.checked_sub(1),
    });
    nth.filter(|&nth| nth < all).collect()
}

/// For how many turns the rules of this one hold, where that is said: `for the next two answers`.
pub(super) fn standing_until(text: &str) -> Option<usize> {
    let (_, rest) = ["for the next ", "for your next ", "for my next "]
        .iter()
        .find_map(|start| text.split_once(start))?;
    let mut words = rest.split_whitespace();
    let count = match words.next()? {
        "couple" => 2,
        word => usize::try_from(count_of(word)?).ok()?,
    };
    says!(
        words.next()?,
        r"^(?:answers|replies|messages|turns|responses|questions)\b"
    )
    .then_some(count)
}

/// Whether a constraint belongs to a task of its own in a turn that also sets rules: its sentence begins by asking for a text.
pub(super) fn of_one_task(prompt: &str, constraint: &Constraint) -> bool {
    let (start, sentence) = sentence_of(prompt, constraint);
    start > 0
        && says!(
            &sentence,
            r"^(?:now |then |so |ok,? |first,? )*(?:write|summari[sz]e|list|explain|describe|tell me|draft|compose|name|translate|what|who|why|how|when|where)\b"
        )
        && !standing(&sentence)
}

/// The sentence that states a constraint, in lower case, and where it begins.
fn sentence_of(prompt: &str, constraint: &Constraint) -> (usize, String) {
    let (Some(before), Some(after)) = (
        prompt.get(..constraint.span.start),
        prompt.get(constraint.span.end..),
    ) else {
        return (0, String::new());
    };
    let start = before.rfind(['.', '!', '?', '\n']).map_or(0, |at| at + 1);
    let end = after
        .find(['.', '!', '?', '\n'])
        .map_or(prompt.len(), |at| constraint.span.end + at);
    (start, prompt[start..end].trim().to_lowercase())
}

/// Whether a constraint is stated for this turn only, where others of it may hold on.
pub(super) fn stated_once(prompt: &str, constraint: &Constraint) -> bool {
    this_once(&sentence_of(prompt, constraint).1)
}

/// The rules so far hold for this piece of work as well.
pub(super) fn same_rules(text: &str) -> bool {
    says!(
        text,
        r"\b(?:same|usual) (?:rules|constraints|limits|requirements|conditions|restrictions)\b"
    )
}

/// What may be said again: the rest of `you can say … again`.
pub(super) fn allowed_again(text: &str) -> Vec<String> {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:you can|you may|feel free to|it's (?:ok|fine|okay) to|i do not mind|i don't mind) (?:use|say|mention|write|saying|using)([^.!?\n]*)",
        )
    });
    let found = PATTERN.captures_iter(text);
    found.map(|found| found[1].to_owned()).collect()
}

/// Takes the words that may be said again out of a ban; true if none is left.
pub(super) fn lift_words(constraint: &mut Constraint, allowed: &[String]) -> bool {
    let name = match constraint.id.as_str() {
        "keywords:forbidden_words" => "forbidden_words",
        "raif:avoid_phrase" => "phrases",
        _ => return false,
    };
    let Some(words) = constraint
        .kwargs
        .get_mut(name)
        .and_then(|words| words.as_array_mut())
    else {
        return false;
    };
    let is_allowed = |word: &str| {
        let word = word.to_lowercase();
        allowed.iter().any(|said| {
            said.match_indices(&word).any(|(at, _)| {
                let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !letter(said[..at].chars().next_back()) && !letter(said[at + word.len()..].chars().next())
            })
        })
    };
    words.retain(|word| !word.as_str().is_some_and(is_allowed));
    words.is_empty()
}

/// The talk is still of the same piece of work.
pub(super) fn continues(text: &str) -> bool {
    // `Funnier please.`, `Less soppy.`
    let comparison = text.len() < 60
        && says!(
            text,
            r"^(?:(?:ok|hmm|no|but|still|and|a (?:bit|little|touch))\b[, ]*)*(?:funnier|shorter|longer|warmer|softer|simpler|clearer|nicer|politer|bolder|lighter|darker|sharper|tighter|louder|quieter|friendlier|kinder|gentler|happier|sadder|snappier|punchier|spicier|cheekier|drier|better|stronger|weaker|slower|faster|(?:more|less|not so|too) [a-z]+)\b"
        );
    comparison
        || says!(
            text,
            r"^(?:(?:ok|okay|good|great|nice|thanks|thank you|perfect|lovely|hmm|right|cool|now|actually|and|but|also|please|so|well|better|almost|not bad|love it|like it|excellent)\b[,.! ]*)*(?:trim|shorten|cut|make (?:it|that|this|them)|add|rewrite (?:it|that|this)|redo|again|one more|another (?:go|try|version|draft)|have another|try it again|too (?:long|short|wordy|dry|formal)|get (?:it|that|this)|bring (?:it|that) |try again|once more|remove|lose|drop|change|swap|replace|relax|tighten|expand (?:it|on)|lengthen|turn (?:it|that|this)|put|give it|move|fix|polish|edit|revise|tweak|keep (?:it|the|that|everything)|same (?:again|thing|text|story|but)|with|without|use|mention|include|bump|raise|lower|extend|translate (?:it|that|this)|do (?:it|that) again|start (?:it|over)|scratch the|work in|weave in|slip in|leave out|take out|never mind|nearly|closer|you can go|you may go|(?:one|two|three|four|five|\d+) more|no \w+ at all|an? (?:sentence|line|paragraph|title|bullet|section|table|summary|note|caption|postscript)|end it|begin it|avoid|can you (?:make|add|cut|trim|shorten|rewrite|redo)|could you (?:make|add|cut|trim|shorten|rewrite|redo|also|relax)|the (?:title|ending|opening|second|first|last|tone)|it (?:needs|should|must)|no,|forget (?:about )?the|scrap the|never mind the|ignore the|only|at least|no more than|under|fewer|more|less|\d+)\b|\b(?:same (?:text|story|poem|email|letter|piece|article|essay|draft)|the (?:draft|text|story|poem|email|letter|piece|article|essay|version|caption|speech) (?:again|above|you wrote)|one more (?:go|time|version)|another version|next version|(?:forget|scrap|drop|ignore|lose|never mind) (?:about )?the (?:word|length|limit|title|range|\w+ (?:limit|rule|range|count))|(?:rewrite|redo|trim|shorten|revise) (?:it|that|this)|make it)\b"
        ) && !says!(
            text,
            r"\b(?:new (?:task|topic|question)|different (?:task|topic|question)|something else|unrelated|on another note|separate question)\b"
        )
}

/// What a cancellation or revival speaks of.
pub(super) enum Topic {
    All,
    Ids(&'static [&'static str]),
}

impl Topic {
    /// Whether it speaks of this id, rather than of everything.
    pub(super) fn names(&self, id: &str) -> bool {
        matches!(self, Self::Ids(_)) && self.covers(id)
    }

    pub(super) fn covers(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Ids(ids) => ids.iter().any(|prefix| id.starts_with(prefix)),
        }
    }
}

const TOPICS: &[(&str, &[&str])] = &[
    (r"commas?", &["punctuation:no_comma"]),
    (
        r"words? (?:limit|count|cap|minimum|maximum|range|length)|limit on words|number of words|words limit",
        &["length_constraints:number_words", "raif:word", "raif:exact_words"],
    ),
    (
        r"as long as you|(?:any|whatever) length|length (?:limit|rule|cap)|length|minimum|maximum",
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
        r"lower ?case|capitals?(?: letters)?|caps|all caps|upper ?case|normal case|shouting",
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
        r"ending|closing (?:line|phrase)|last line|sign[ -]?off",
        &["startend:end_checker"],
    ),
    (r"opening(?: line| phrase)?", &["raif:starts_with"]),
    (r"lines?(?: limit)?", &["raif:num_lines"]),
    (
        r"letter (?:rule|ban|limit)|letter \w",
        &["keywords:letter_frequency"],
    ),
];

const CANCEL: &str = r"\b(?:go|be|make it) as long as you (?:like|want|need|wish)|\b(?:any|whatever) length\b|\b(?:normal|ordinary|regular|sentence) (?:case|capitals|capitali[sz]ation)\b|\b[a-z]+(?: points?)? (?:are|is) (?:ok|okay|fine|allowed)(?: again| now)\b|\benough (?:shouting|caps|capitals)\b|\b(?:forget|scrap|scratch|pause|drop|lose|skip|ignore|cancel|lift|remove|never mind|nevermind|ditch|stop|don't need|do not need|no longer need|no need for|no more|disregard|abandon|get rid of|take out|take off|leave out|undo|waive|without the)\b(?:[^.!?\n]*)|\b(?:you can|you may|feel free to|it's ok to|it's fine to|okay to) (?:use|have|write|include)[^.!?\n]*(?:again|now|after all|if you|from here|from now|this time|anyway)";
const REVIVE: &str = r"\b(?:put|bring|reinstate|restore|switch|turn|add)\b[^.!?\n]*\b(?:back|reinstate|again|back on|back in)\b|\breinstate[^.!?\n]*|\brestore[^.!?\n]*";

fn topics_in(text: &str) -> Vec<Topic> {
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
pub(super) fn cancelled(text: &str) -> Option<Vec<Topic>> {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| compile(CANCEL));
    let mut topics = Vec::new();
    if says!(
        text,
        r"\b(?:all|both) (?:the |of the |my )?rules? (?:are |is )?off\b|\b(?:break|pause|suspend|lift|bend) (?:that|this|the) rule\b|\b(?:clean slate|fresh start|start fresh|forget everything|forget all of (?:that|it)|ignore everything i)\b"
    ) {
        return Some(vec![Topic::All]);
    }
    for found in PATTERN.find_iter(text) {
        // `skip the JSON and give me one paragraph`: what is asked for instead is not cancelled.
        static INSTEAD: LazyLock<regex::Regex> = LazyLock::new(|| {
            compile(
                r",? (?:and|but) (?:then )?(?:give|make|use|write|keep|have|do|answer|reply|just|instead|add|put)\b",
            )
        });
        let said = INSTEAD
            .find(found.as_str())
            .map_or(found.as_str(), |at| &found.as_str()[..at.start()]);
        if says!(
            said,
            r"\b(?:all|any|every|everything|my (?:earlier|previous|other))\b[^.]*\b(?:rules?|requirements?|constraints?|restrictions?|instructions?|limits?|conditions?)\b|\b(?:the|those|these) (?:earlier |previous )?(?:rules|restrictions|constraints|requirements)\b|\beverything (?:i said|above|before)"
        ) {
            return Some(vec![Topic::All]);
        }
        topics.extend(topics_in(said));
    }
    (!topics.is_empty()).then_some(topics)
}

pub(super) fn revived(text: &str) -> Vec<Topic> {
    static PATTERN: LazyLock<regex::Regex> = LazyLock::new(|| compile(REVIVE));
    PATTERN
        .find_iter(text)
        .flat_map(|found| topics_in(found.as_str()))
        .collect()
}
