//! Sentences, or parts of them, that bind others than the answer: rules for readers, characters, programs, pupils.

use std::ops::Range;

use super::{
    LONGEST_SENTENCE,
    clauses::{clause_end, limit_in},
    from_word, names_answer, token_at,
};
use crate::{
    constraints::wording::{
        lex::{Lexed, TokenKind},
        pattern::{Indexed, Pattern},
    },
    says,
};

/// A rule that others gave, in a prompt that only asks a question about it.
pub(super) fn states_rules(text: &Indexed) -> bool {
    // `Our poetry slam has the following rules: …`, `the forum's rules are …`
    let rules = says!(
        text,
        r"^(?:and |but |so |now,? )?(?:my|our|the|his|her|their|this|a|an) (?:[a-z']+ ){1,5}?(?:(?:has|have|had|sets?|imposes?|uses?|keeps?|comes? with|follows?|lists?) (?:the following|these|this|those|a few|a couple of|strict|some|certain|9|two|three|four|five|a|an|one)(?: [a-z]+)? (?:rules?|requirements?|guidelines?|limits?|conditions?|restrictions?|polic(?:y|ies)|regulations?|criteria|cap|maximum|minimum)|(?:rules?|requirements?|guidelines?|conditions?|polic(?:y|ies)|regulations?|terms|bylaws) (?:is|are|was|were|says?|said|states?|reads?|goes|go)\b)"
    ) && !says!(
        text,
        r"^(?:and |but |so |now,? )?(?:the|my|this) (?:[a-z]+ )?(?:rules?|requirements?|guidelines?|conditions?|terms)\b"
    );
    // `The council demands …`, `Apparently HR insists that …`
    let insists = says!(
        text,
        r"^(?:and |but |so |now,? |apparently,? )?(?:(?:my|our|the|his|her|their|this|every|each) )?(?:[a-z']+ ){1,4}?(?:bans|forbids|prohibits|requires|insists|demands|stipulates|mandates|specifies|disallows|rejects|only accepts|only takes|only allows|penali[sz]es|deducts|recommends|advises)\b"
    ) && !says!(
        text,
        r"^(?:and |but |so )?(?:your|the|this|my) (?:answer|response|reply|output|task|request)\b"
    );
    rules || insists
}

/// A sentence up to what follows from it: `The field rejects blanks, so there can't be any in your answer.`
pub(super) fn before_conclusion(lexed: &Lexed, sentence: &Range<usize>) -> Range<usize> {
    let concludes = |&at: &usize| {
        matches!(lexed.tokens[at].kind, TokenKind::Mark(',' | ';' | '-'))
            && matches!(lexed.word(at + 1), "so" | "hence" | "therefore" | "thus")
    };
    sentence.start..sentence.clone().find(concludes).unwrap_or(sentence.end)
}

/// What a program does or ought to do (`my regex should only accept titles of 10 to 50 characters`), in a prompt that only asks
/// about it. What follows from it (`so no blanks, please`) is asked for.
pub(super) fn describes_program(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:[a-z' ]{1,30}: |and |but |so |now |currently |sometimes )?(?:my|our|this|his|her|their|the) (?:[a-z]+ ){0,3}?(?:regex|regexp|regular expression|code|function|method|script|validator|validation|linter|query|macro|formula|app|api|parser|tests?|schema|database|column|input|text ?box|field|form|program|website|site|cms|plugin|printer|keyboard|spreadsheet|cell|compiler|loop|endpoint|editor|phone|browser|word processor)\b[^.!?]{0,60}?\b(?:should|must|is supposed to|was supposed to|ought to|accepts?|rejects?|allows?|limits?|only|returns?|throws?|fails?|keeps?|turns?|strips?|cuts?|truncates?|checks?|matches|lets?|prints?|gives?|complains?|refuses?|says?|shows?|breaks?|crashes|converts?|changes|removes?)\b"
    ) && !names_answer(text)
        && !says!(
            text,
            r"\b(?:so|hence|therefore|please|pls|max|maximum|limit is|keep|stick to)\b"
        )
}

/// A rule that others gave for a text of the user's. It binds where the prompt asks for that text.
pub(super) fn third_party(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:and |but |so )?(?:my|our|the|his|her|their) (?:[a-z]+(?:'s|s')? ){0,3}?(?:essay|paper|thesis|dissertation|speech|report|homework|worksheet|textbook|exam|teacher|professor|boss|tutor|client|editor|lecturer|school|university|college|assignment|brief|manager|publisher|journal|company|examiner|landlord|supervisor|essay question|form|website|competition|contest|style guide|guide|policy|guidelines?|handbook|contract|tender document|rubric)s? (?:[a-z]+ )?(?:said|says|say|wants?|told|bans?|forbids?|prohibits?|requires?|asked|asks|insists?|expects?|demands?|set|limits?|allows?|only|must|should|needs?)\b"
    )
}

/// Times of which a number of words makes a speed, not a length.
const TIMES: &[&str] = &[
    "second", "minute", "hour", "day", "night", "week", "month", "year", "evening", "morning", "sitting",
    "session",
];

/// Masks amounts that only name a thing: `a letter from one semicolon to another`, `films with one-word titles`.
pub(super) fn names_of_things(lexed: &Lexed, masked: &mut [bool]) {
    for at in 0..lexed.tokens.len().saturating_sub(3) {
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|on| lexed.word(at + on));
        let to_another = first == "one"
            && matches!(third, "to" | "or" | "after" | "by")
            && matches!(fourth, "another" | "one");
        if to_another {
            masked[at..at + 2].fill(true);
        }
        let titled = matches!(first, "with" | "have" | "has" | "having" | "of")
            && !second.is_empty()
            && matches!(third, "word" | "letter")
            && matches!(fourth, "title" | "titles" | "name" | "names");
        if titled {
            masked[at + 1..at + 3].fill(true);
        }
    }
}

/// Masks what is counted a unit of time: `65 words per minute`, `she writes 1,000 words a day`. A limit on each day of a
/// plan that is asked for is none: no one is said to do it.
pub(super) fn rates(lexed: &Lexed, sentences: &[Range<usize>], texts: &[Indexed], masked: &mut [bool]) {
    for (sentence, text) in sentences.iter().zip(texts) {
        let is_speed = says!(text, r"\b(?:a|an|per|each|every) (?:second|minute|hour)\b");
        let is_habit = says!(
            text,
            r"\b(?:i|we|he|she|they|you|who|people|person|to|can|could|{people}) (?:[a-z]+ ){0,3}?(?:write|type|read|learn|manage|say|speak|check|translate|publish|produce|edit|proofread|memori[sz]e|utter|average|churn|post|do|get)(?:s|ed)?\b"
        );
        if !is_speed && !is_habit {
            continue;
        }
        for at in sentence.clone() {
            let per = matches!(lexed.word(at + 1), "a" | "an" | "per" | "each" | "every");
            if per && at + 2 < sentence.end && TIMES.contains(&lexed.word(at + 2)) {
                masked[at..at + 3].fill(true);
            }
        }
    }
}

/// The part of a sentence that binds others.
pub(super) fn part(
    lexed: &Lexed,
    sentence: &Range<usize>,
    text: &Indexed,
    for_others: bool,
) -> Option<Range<usize>> {
    if text.len() < 8 || text.len() > LONGEST_SENTENCE {
        return None;
    }
    let from_word = |words: &[&str]| from_word(lexed, sentence, words);
    if for_others {
        if says!(
            text,
            r"^(?:the |our |my |its |all |each |every |any |no )?(?:{people}|photos?|pictures?|comments?|messages?|usernames?|passwords?|captions?|headlines?|poems?|jokes?|reviews?|speeches|letters?|slogans?|bot|chatbot|assistant|it|stories|story|entries|entry|students?|users?|writers?|submissions?|participants?|they|posts?|applicants?|candidates?|essays?|pieces?|model|agent|pupils?|authors?|contestants?|replies|answers|people) (?:\w+ )?(?:must|should|can|may|needs?|has|have|will|shall|are|is|never|always|only)\b"
        ) {
            return Some(sentence.clone());
        }
        // `The main ones: …` lists the rules that are asked for.
        if says!(
            text,
            r"^(?:the |my |our |some |a few |here are )?(?:[a-z]+ ){0,2}(?:ones|rules|points|things|ideas|basics|essentials)(?: (?:are|should be|would be|to cover|to include|i want|i have in mind|so far))*: "
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
    // `a school rule that limits emails to 100 words`
    static RULE: Pattern = Pattern::new(
        r"\b(?:rule|law|policy|regulation|guideline|clause|decree|by ?law)s? ((?:that|which) (?:would |will |should )?(?:limits?|says?|states?|caps?|bans?|forbids?|requires?|allows?|makes?|stops?|keeps?|restricts?|tells?|obliges?|prevents?|prohibits?)\b|(?:limiting|saying|stating|telling|capping|banning|forbidding|requiring|restricting)\b)",
    );
    if let Some(rule) = RULE.captures(text).and_then(|found| found.get(1)) {
        return Some(token_at(lexed, sentence, rule.start())..sentence.end);
    }
    // `a validation rule for passwords: minimum 8 characters, no spaces`
    if text.contains(": ")
        && says!(
            text,
            r"\b(?:validation|password|username|naming|input|sign ?up) (?:rules?|polic(?:y|ies)|requirements?|patterns?|regex|schemas?|checks?|criteria)\b[^:]*: "
        )
        && let Some(colon) = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))
    {
        return Some(colon..sentence.end);
    }
    // A thing is to be built, and the limits are its own.
    if !names_answer(text)
        && says!(
            text,
            r"\b(?:design|build|code|implement|create|make|write|develop|program|need|want|give me|find me|looking for)\b[^.!?]*\b(?:form|function|regex|regular expression|validator|class|app|application|text ?area|input field|database|schema|api|endpoint|login page|password generator|parser|unit test|query|spreadsheet|macro)\b[^.!?]* (?:where|that|which|whose|in which|so that|if|to check)\b"
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
    // `a survey where every answer is limited to 100 characters`: what those who take part write.
    static PLAY: Pattern = Pattern::new(
        r"\b(?:design|build|plan|create|make|invent|think of|think up|sketch|come up with|set up|organi[sz]e|develop|code|need|want)\b[^.!?]*?\b(?:survey|quiz|questionnaire|poll|game|contest|competition|network|forum|app|platform|exam|challenge|form|chat|hunt|raffle|board|club|night|evening|event|session|workshop|slam|party|exhibition|display|market|tournament|league|meeting)\b[^.!?]*? ((?:where|in which|whose|that|so that) (?:(?:the|each|every|all|any|its|no|their) )?(?:answers?|responses?|repl(?:y|ies)|respondents?|entr(?:y|ies)|posts?|messages?|comments?|cards?|submissions?|turns?|clues?|tweets?|bios?|usernames?|poems?|stor(?:y|ies)|speech(?:es)?|talks?|songs?|performers?|acts?|teams?|drawings?|photos?|{people})\b|with (?:[a-z]+ )?(?:answers?|responses?|replies|entries|posts|messages|comments|cards|submissions|clues|tweets|bios|usernames) (?:of|under|below|limited|capped|restricted|no longer|no more|at most|up to|that|which)\b)",
    );
    if !names_answer(text)
        && let Some(theirs) = PLAY.captures(text).and_then(|found| found.get(1))
    {
        return Some(token_at(lexed, sentence, theirs.start())..sentence.end);
    }
    // `a box of no more than 200 characters`: the room that a form has.
    static ROOM: Pattern = Pattern::new(
        r"\b(?:text ?box|text ?area|text ?field|input|field|box)(?:es|s)? (?:of|with|limited|restricted|capped|holding|for|taking|accepting|allowing|that|which|has|have|is|are|should|must|can|may|cuts?|takes?|allows?|accepts?)\b[^.!?]{0,40}?\b(?:9|one|two|three|four|five|six|ten|twenty|fifty|hundred) (?:[a-z]+ )?(?:words?|characters?|chars|letters?|lines?|sentences?)\b",
    );
    // `The "summary" field should …` of the JSON that is asked for.
    let of_answer = |at: usize| {
        says!(&text[..at], r#"" $|\b(?:the|its|each|every) (?:[a-z_]+ )?$"#)
            && !says!(
                &text[..at],
                r"\b(?:input|text|form|entry|search|comment|message) $"
            )
            && lexed.tokens[..sentence.start].iter().any(|token| {
                matches!(token.kind, TokenKind::Word(_))
                    && lexed.prompt[token.span.clone()].eq_ignore_ascii_case("json")
            })
    };
    if !names_answer(text)
        && let Some(room) = ROOM.find(text)
        && !(room.as_str().starts_with("field") && of_answer(room.start()))
    {
        return Some(token_at(lexed, sentence, room.start())..sentence.end);
    }
    // `Applicants should be able to cut a line to 42 characters.`
    if says!(
        text,
        r"^(?:and |the |our |all |any |suitable |successful |ideal )*(?:applicants?|candidates?|right person|person|hire) (?:[a-z]+ )?(?:should|must|needs?|will|has to|have to|are|is|can)\b"
    ) {
        return Some(sentence.clone());
    }
    // `for my Year 11s: they should summarise …`, `The children should write …`
    static THEIRS: Pattern = Pattern::new(
        r"(?:^(?:and |but |so )?|[,;:] ?(?:and |where |in which |so that )?)((?:(?:the|our|my|all|each|every|any) )?{people}|they|each (?:player|person|one|team)|every (?:player|team)) (?:((?:must|should|can|could|may|have to|has to|need to|needs to|are to|is to|get to|gets to) )|(?:will|are|is|cannot|can not|only|never) )?(?:also |only |always |never |not |all |each |then |first |be |have to )*(?:write|use|describe|answer|produce|summari[sz]e|submit|give|include|say|type|read|borrow|explain|name|hand in|draw|list|complete|compose|prepare|send|make|keep|avoid|mention|underline|reply|respond|drop|put|draw|pick|choose|bring|hand|leave|allowed|permitted|asked|expected|required)s?\b",
    );
    let for_people = says!(
        text,
        r"\bfor (?:my|our|the|his|her|a|an|some) (?:[a-z0-9']+ ){0,4}?(?:{people}|9s|graders?|formers?|year 9|grade|club|course|workshop|contest|competition|newcomers?|beginners?)\b|\b(?:game|suggestion box|noticeboard|exam|homework|assignment|worksheet|quiz|exercise|lesson|activity|contest|competition)\b"
    );
    if let Some(found) = THEIRS.captures(text)
        && let Some(theirs) = found.get(1)
        && (for_people || theirs.start() == 0 && theirs.as_str() != "they" && found.get(2).is_some())
        && !says!(theirs.as_str(), r"reader|model|class")
    {
        // `My flatmate needs to read it too, so answer in Polish`: what follows from it is asked for.
        static HENCE: Pattern = Pattern::new(
            r",? (?:and )?(?:so|hence|therefore|thus|which is why|that's why) (?:(?:please|just|can you|could you|you should|you must|i want|i need|only|do) )*(?:{deed}|avoid|never|no|limit|skip|nothing|max|at most|stay|translate|summari[sz]e|speak|output|format|in {lang})\b",
        );
        let end = HENCE.captures(text).and_then(|found| found.get(0));
        let end = end.filter(|hence| hence.start() > theirs.end());
        return Some(
            token_at(lexed, sentence, theirs.start())
                ..end.map_or(sentence.end, |hence| token_at(lexed, sentence, hence.start() + 1)),
        );
    }
    // `a lesson in which pupils write …`: what others are to write.
    if says!(
        text,
        r"\b(?:lesson|exercise|game|activity|task|quiz|workshop|contest|challenge|worksheet|assignment|homework|puzzle|competition|drill)\b[^.!?]*\b(?:pupils|students|children|kids|users|players|people|participants|learners|contestants|candidates|they|everyone|each player) (?:must |should |have to |has to |can |will |need to |needs to |are to |gets? to |tries to )?(?:write|type|use|enter|include|answer|submit|read|learn|give|say|name|describe)s?\b"
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
            "each",
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
        r"\b(?:scene|story|sketch|dialogue|play|chapter|poem|monologue|skit|episode|conversation|comic|film|fable|tale)\b[^.!?]*\b(?:tells?|orders|asks?|begs?|warns?|instructs?|forbids?|reminds?|urges?) (?:[a-z]+ ){1,5}?(?:to|that|not to|never to)\b"
    ) && let Some(range) = from_word(&[
        "tell",
        "tells",
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
        return Some(range.start..clause_end(lexed, range));
    }
    // `a scene where the teacher bans the word "nice"`
    if says!(
        text,
        r"\b(?:scene|story|sketch|dialogue|play|chapter|poem|monologue|skit|episode|conversation|comic|film|fable|tale)\b[^.!?]*\b(?:(?:where|in which|about|when) [^.!?]*\b(?:bans|forbids|outlaws|prohibits|demands|declares|decrees|insists|announces|vows|swears|promises|bets|wagers))\b"
    ) && let Some(range) = from_word(&[
        "bans",
        "forbids",
        "outlaws",
        "prohibits",
        "demands",
        "declares",
        "decrees",
        "insists",
        "announces",
        "vows",
        "swears",
        "promises",
        "bets",
        "wagers",
    ]) {
        return Some(range.start..limit_in(lexed, range));
    }
    // `a riddle whose answer is one word`
    if says!(
        text,
        r"\bwhose (?:answer|solution|name|motto|password|nickname|address) (?:is|are|has|was)\b"
    ) && let Some(range) = from_word(&["whose"])
    {
        return Some(range.start..limit_in(lexed, range));
    }
    // `I'd like our chatbot to answer in …`, `I told my ghostwriter never to use …`
    if says!(
        text,
        r"\b(?:(?:want|like|love|prefer|need|expect|train|teach|force|get|tell|ask|tells|told|asked|instructed|warned|begged|advised|reminded|ordered|taught|trained|urged|forced|forbade|expected|wanted|allowed|encouraged) (?:my|our|the|his|her|their|a|an|all|every|each|some) (?:[a-z']+ ){0,4}?{people}|(?:told|asked|instructed|warned|begged|advised|reminded|ordered|taught|urged|forbade) (?:him|her|them|everyone|everybody|people)) (?:not |never |always |only )?to (?:not |never |always |only )?(?:answer|reply|respond|write|use|say|speak|keep|avoid|stop|include|mention|start|begin|end|finish|limit|type|submit|stick|put|cut|capitali[sz]e|produce|hand)\b"
    ) {
        return from_word(&["to"]);
    }
    // `a parrot that was trained to say nothing but …`, `a town where nobody may say no`: what binds people in a text.
    if says!(
        text,
        r"\b(?:story|stories|tale|scene|sketch|play|chapter|poem|novel|skit|episode|comic|film|fable|ballad|limerick|song|joke|monologue|dialogue|conversation|script|plot|diary|meeting|encounter|interview|write|imagine|invent|describe)\b[^.!?]*\b(?:who|that|which|whose [a-z]+|where (?:people|they|everyone|everybody|nobody|no one|he|she|[a-z]+s|the [a-z]+) (?:[a-z]+ ){0,3}?|in which (?:[a-z]+ ){1,4}?) ?(?:(?:is|are|was|were|has|have|had|has been|have been|had been|gets|got) (?:[a-z]+ )?(?:allowed|permitted|forbidden|banned|trained|taught|cursed|doomed|sworn|vowed|promised|condemned|told|ordered|programmed|bound|able|required|sentenced|obliged|forced)\b|(?:can|may|could|must|will|has to|have to|had to|would) (?:[a-z]+ )?(?:say|speak|talk|answer|utter|communicate|reply)\b|(?:only |always |never |just )?(?:greets?|speaks?|says?|talks?|answers?|utters?|communicates?|replies|replied|spoke|said|refuses?|insists?|vows?|swears?)\b)"
    ) && let Some(range) = from_word(&["who", "that", "which", "whose", "where"])
    {
        return Some(range.start..clause_end(lexed, range));
    }
    // `my uncle, who once held a speech of one sentence`: what is said of a person.
    if says!(
        text,
        r"\b(?:write|draft|compose|create|describe|imagine|invent|tell|make|give|prepare|plan|suggest|help|reply|respond|produce|design|need|want|character|portrait|profile|biography)\b[^.!?]* who\b"
    ) && !says!(text, r"\bwho (?:is|are) (?:it|this|that)\b")
        && let Some(range) = from_word(&["who"])
    {
        return Some(range.start..clause_end(lexed, range));
    }
    None
}
