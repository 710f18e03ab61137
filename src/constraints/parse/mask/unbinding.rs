//! Sentences, or parts of them, that bind something else than the answer: questions, reports, rules for others.

use std::ops::Range;

use super::names_answer;
use crate::{
    constraints::wording::{
        count_of,
        lex::{Lexed, TokenKind},
    },
    says,
};

/// A rule that others gave for a text of the user's. It binds where the prompt asks for that text.
pub(super) fn third_party(text: &str) -> bool {
    says!(
        text,
        r"^(?:and |but |so )?(?:my|our|the|his|her|their) (?:[a-z]+(?:'s|s')? ){0,3}?(?:essay|paper|thesis|dissertation|speech|report|homework|worksheet|textbook|exam|teacher|professor|boss|tutor|client|editor|lecturer|school|university|college|assignment|brief|manager|publisher|journal|company|examiner|landlord|supervisor|essay question|form|website|competition|contest|style guide|guide|policy|guidelines?|handbook|contract|tender document|rubric)s? (?:[a-z]+ )?(?:said|says|say|wants?|told|bans?|forbids?|prohibits?|requires?|asked|asks|insists?|expects?|demands?|set|limits?|allows?|only|must|should|needs?)\b"
    )
}

/// Where what is reported ends: at a comma, or where a limit on the answer begins (`in under 80 words`).
fn limit_in(lexed: &Lexed, range: Range<usize>) -> usize {
    let limits = |at: usize| {
        matches!(
            lexed.word(at),
            "in" | "under" | "within" | "using" | "with" | "without"
        ) && (matches!(lexed.kind(at + 1), Some(TokenKind::Number(_)))
            || count_of(lexed.word(at + 1)).is_some()
            || matches!(
                lexed.word(at + 1),
                "exactly" | "at" | "fewer" | "less" | "under" | "no" | "about"
            ))
    };
    let is_end = |&at: &usize| lexed.tokens[at].kind == TokenKind::Mark(',') || limits(at);
    range.clone().find(is_end).unwrap_or(range.end)
}

/// The part of a sentence that asks nothing of the answer.
pub(super) fn part(
    lexed: &Lexed,
    sentence: &Range<usize>,
    text: &str,
    for_others: bool,
) -> Option<Range<usize>> {
    if text.len() < 8 || text.len() > 4000 {
        return None;
    }
    let from_word = |words: &[&str]| {
        sentence
            .clone()
            .skip(1)
            .find(|&at| words.contains(&lexed.word(at)))
            .map(|at| at..sentence.end)
    };
    if for_others {
        if says!(
            text,
            r"^(?:the |our |my |its |all |each |every )?(?:bot|chatbot|assistant|it|stories|story|entries|entry|students?|users?|writers?|submissions?|participants?|they|posts?|applicants?|candidates?|essays?|pieces?|model|agent|pupils?|authors?|contestants?|replies|answers|people) (?:\w+ )?(?:must|should|can|may|needs?|has|have|will|shall|are|is|never|always|only)\b"
        ) {
            return Some(sentence.clone());
        }
        let colon = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'));
        if let Some(colon) = colon
            && says!(
                text,
                r"\b(?:rules|guidelines|prompt|guide|brief|instructions)\b[^:]*: ?(?:the |all |no |every |each )?[a-z]+ (?:must|should|are|may|can|need|has|have)\b"
            )
        {
            return Some(colon..sentence.end);
        }
        if says!(
            text,
            r"\b(?:prompt|instructions?|guide|question|task|worksheet) (?:(?:i|we|you|they) [^.!?]{0,40}\b)?(?:that|which|telling|asking|where)\b"
        ) {
            return from_word(&["that", "which", "telling", "asking", "where"]);
        }
    }
    // A thing is to be built, and the limits are its own.
    if !names_answer(text)
        && says!(
            text,
            r"\b(?:design|build|code|implement|create|make|write|develop|program)\b[^.!?]*\b(?:form|function|regex|regular expression|validator|class|app|application|text ?area|input field|database|schema|api|endpoint|login page|password generator|parser|unit test|query|spreadsheet|macro)\b[^.!?]* (?:where|that|which|whose|in which|so that|if|to check)\b"
        )
    {
        let range = from_word(&["where", "that", "which", "whose", "so", "if", "check"])?;
        // `a function that validates postcodes, in a code block, followed by …`
        let comma = range.clone().find(|&at| {
            lexed.tokens[at].kind == TokenKind::Mark(',')
                && matches!(lexed.word(at + 1), "in" | "followed" | "as" | "then")
        });
        return Some(range.start..comma.unwrap_or(range.end));
    }
    // `a lesson in which pupils write …`: what others are to write.
    if says!(
        text,
        r"\b(?:lesson|exercise|game|activity|task|quiz|workshop|contest|challenge|worksheet|assignment|homework|puzzle|competition|drill)\b[^.!?]*\b(?:pupils|students|children|kids|users|players|people|participants|learners|contestants|candidates|they|everyone|each player) (?:must |should |have to |can |will |need to |are to )?(?:write|type|use|enter|include|answer|submit|read|learn|give|say|name|describe)\b"
    ) {
        return from_word(&[
            "pupils",
            "students",
            "children",
            "kids",
            "users",
            "players",
            "people",
            "participants",
            "learners",
            "contestants",
            "candidates",
            "they",
            "everyone",
        ]);
    }
    // `a section telling people that subjects are limited to 50 characters`
    if says!(
        text,
        r"\b(?:telling|informing|reminding|warning|advising) (?:people|users|visitors|customers|students|pupils|parents|staff|them|everyone|contributors|guests|members|readers|residents|drivers|applicants|tenants|patients|authors|writers|developers) (?:that|to|not to)\b"
    ) && let Some(range) = from_word(&["telling", "informing", "reminding", "warning", "advising"])
    {
        return Some(range.start..limit_in(lexed, range));
    }
    // `a scene in which an editor tells a reporter to …`: what people in a text say to each other.
    if says!(
        text,
        r"\b(?:scene|story|sketch|dialogue|play|chapter|poem|monologue|skit|episode|conversation|comic|film|fable|tale)\b[^.!?]*\b(?:tells?|orders?|asks?|begs?|warns?|instructs?|forbids?|reminds?|urges?) (?:[a-z]+ ){1,5}?(?:to|that|not to|never to)\b"
    ) && let Some(range) = from_word(&[
        "tell",
        "tells",
        "order",
        "orders",
        "ask",
        "asks",
        "beg",
        "begs",
        "warn",
        "warns",
        "instruct",
        "instructs",
        "forbid",
        "forbids",
        "remind",
        "reminds",
        "urge",
        "urges",
    ]) {
        return Some(range.start..limit_in(lexed, range));
    }
    // `Explain the rule where Perec wrote a novel without the letter e.`
    if says!(
        text,
        r"^(?:please )?(?:explain|describe|discuss|tell me about|what about) [^.!?]*\b(?:where|in which|when|how|who) (?:[a-z]+ ){1,3}?(?:wrote|published|composed|produced|made|managed|created)\b"
    ) && let Some(range) = from_word(&["where", "which", "when", "how", "who"])
    {
        // `Explain how cheese is made, like this: …` goes on with what is asked.
        let colon = range
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'));
        return Some(range.start..colon.unwrap_or(range.end));
    }
    let question = says!(text, r"\?[\s)]*$");
    let request = says!(
        text,
        r"\b(?:can|could|would|will) (?:you|u|it|the (?:answer|reply|response)|i (?:have|get))\b|\bplease\b|\bpls\b|\b(?:your|the) (?:response|answer|reply)\b"
    );
    // Without its mark a question is one if nothing in it can be a request.
    let unmarked = !question
        && says!(
            text,
            r"^(?:and |but |so )?(?:how come|why (?:do|does|did|is|are|was|were)|what (?:is|are|does|do)|what's|whats|who|when did|where|do (?:people|you|i|we)|does|did|are there|is there|how do (?:people|they|you))\b"
        )
        && !says!(
            text,
            r"9|[,;:]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|please|pls|plz|only|just|no|not|without|avoid|using|use|must|should|max|answer|reply|respond|response|keep|tell|give|explain|thanks|thx)\b"
        );
    let wonders_at_rules = !question
        && says!(
            text,
            r"^(?:and |but |so )?(?:how come|(?:is|are) there (?:actually |really |even )?(?:an? |any |some )?(?:rule|law|reason|point|convention)s?|why (?:do|does|did) (?:[a-z]+ ){1,3}?(?:say|tell|ask|want|hate|ban|advise|forbid|recommend|insist)s?)\b"
        )
        && !says!(
            text,
            r"\b(?:please|pls|plz)\b|[;:]|\b(?:answer|reply|respond|explain|keep|use) "
        );
    if unmarked || wonders_at_rules {
        return Some(sentence.clone());
    }
    if question
        && !request
        && says!(
            text,
            r"^(?:and |but |so |in a [a-z]+, |also,? )?(?:what|what's|whats|how|why|which|who|whose|when|where|do|does|did|is|are|was|were|has|have|should|isn't|can (?:i|we|people|one)|could (?:i|we)|may i|am i|would it|will (?:i|it|my)|if i|in which)\b"
        )
    {
        let stated = says!(
            text,
            r"\b(?:in|using|within|with|under)(?: (?:at least|at most|no more than|fewer than|less than|under|over|about|around|exactly|just|only|up to|more than))? (?:9|one|two|three|four|five|six|seven|eight|nine|ten|a|fifty|twenty|thirty|hundred)[\w -]*\b(?:words?|sentences?|bullets?|bullet points|lines|paragraphs?|characters)\b[^?]{0,40}\?|\bwithout (?:using|saying|mentioning)\b"
        );
        let names = says!(
            text,
            r"^(?:what (?:do|would) (?:you|we|people|they) call|what's (?:a|the)|which|who|is there|are there|how many)\b"
        );
        return (names || !stated).then(|| sentence.clone());
    }
    if says!(
        text,
        r"\b(?:i was|i've been|we were|i am always|i'm always|i used to be) (?:always |once |often )?(?:told|taught|advised|asked|instructed|warned) (?:never |always |not )?(?:to|that|not|it)\b"
    ) {
        return Some(sentence.clone());
    }
    // What others said once, and what a text of the user is like.
    let asks = says!(text, r"\bshould\b") && !says!(text, r"\bshould (?:i|we|he|she|they)\b")
        || says!(
            text,
            r"\b(?:must|needs? to|has to|have to|please|pls|can you|could you|would you|would be)\b|(?:^|[,;:.] ?|\band |\bso |\bbut |\bthen |\bto )(?:make|keep|write|use|give|cut|trim|help|rewrite|shorten|get|stay|draft|turn)\b"
        );
    let reported = says!(
        text,
        r"^(?:and |but |well,? )?(?:someone|somebody|people|they|he|she|everyone|some|my [a-z]+|an? [a-z]+)(?: once| always)? (?:told me|said|told us|recommended|suggested|reckoned|mentioned)\b"
    );
    // What happened once, and what is merely so.
    let past = says!(
        text,
        r"\b(?:used to be|was due|were due|was set|i handed|we handed|i heard|i read (?:that|somewhere|in|about)|i saw|i noticed|was once|it turns out|it turned out)\b"
    ) || says!(
        text,
        r"^(?:and |but |so |well,? |yesterday,? |recently,? |last (?:week|month|year|night|time),? |once,? )?(?:i|we|he|she|they|my [a-z]+|our [a-z]+|the [a-z]+) (?:once |just |already |also |recently |then |finally |even |only |ever |always |never |usually )*(?:wrote|submitted|sent|published|posted|got|had|made|used|did|received|counted|needed|ended up|came|ran|failed|lost|won|studied|learned|learnt|began|started|asked|told|said)\b"
    );
    let owned = says!(
        text,
        r"^(?:and |but |so |right now,? |at the moment,? |currently,? )?my (?:[a-z]+ ){1,3}(?:currently |already |now |only )?(?:has|is|was|had|contains|runs|ran|have|are|comes|prints|shows|displays|types|sends|writes|keeps|uses|looks|makes|puts|turns|goes|does|works|starts|ends|speaks|always|keeps)\b"
    ) && !says!(
        text,
        r"\bmy (?:answer|conclusion|request|question|requirements?|rules?|constraints?|only|one|main|limit|condition|preference)\b|\b(?:nothing|no) (?:longer|over|more|past|above)\b|\bat most\b"
    );
    // What there is: `I have 3 bullets in my gun`. A limit that one has is one for the answer.
    let has = says!(
        text,
        r"^(?:and |but |so |well,? |ok(?:ay)?,? |hey,? |hi,? )?(?:i|we|he|she|they|there|it|you|my [a-z]+|our [a-z]+|the [a-z]+|that (?:song|poem|book|film|movie|story|essay|article|line|speech|play|text|lyric|track|band|novel))(?:'ve|'s|'re)? (?:already |currently |now |only |still |just )?(?:have|has|had|got|have got|own|owns|are|is|were|was|bought|found|keep getting|see|written|done|finished|made|drafted|submitted|handed|read|received|seen)\b"
    ) && !says!(
        text,
        r"\b(?:limit|limited|max|maximum|min|minimum|room|space|left|budget|allowed|allows?|cap|capped|at most|at least|no more|no less|only need|need|want|wanted|like|nothing|prefer|expect|require[ds]?|looking for|hoping|after|your|answer|reply|response|it is|it's|not|no|free of|without|off limits|banned|forbidden|out|fine|ok|okay|ideal|best|enough|plenty|great|perfect|good|about|between|the (?:word|title|first|last|limit|format|length|language)|permitted|permissible|choose|pick|options?|choices)\b"
    );
    (!asks && (reported || owned || past || has)).then(|| sentence.clone())
}
