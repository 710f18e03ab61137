//! What a prompt that only asks a question states as a fact: what there is, what others do, what is asked about.

use std::ops::Range;

use super::token_at;
use crate::{
    constraints::wording::{
        lex::Lexed,
        pattern::{Indexed, Pattern},
    },
    says,
};

/// Whether a prompt asks a question and wants no text to be written.
pub(super) fn only_asks(texts: &[Indexed]) -> bool {
    let wants_text = |text: &Indexed| {
        says!(
            text,
            r"(?:^|[.,;:!?\n•-] ?|\b(?:and|then|so|but|just|now|also|please|pls|ok|okay|hi|hey) )(?:please |kindly |now |just |also |me )*(?:write|draft|compose|create|rewrite|reword|rephrase|summari[sz]e|shorten|trim|cut|edit|make|prepare|produce|polish|improve|expand|generate|translate|proofread|describe|give (?:me|us)|come up with|put together|invent|design|turn|do me|fill in|plan|prepare)\b|\b(?:can|could|would|will) (?:you|u)\b|\bplease\b|\bpls\b|\b(?:i|we)(?:'d| would| will)? (?:really |just |also )?(?:need|want|like)\b|\b(?:looking for|after|need|help with) (?:a|an|some|another|two|three|9)\b"
        )
    };
    let asks = |text: &Indexed| says!(text, r#"[a-z0-9"')]\?[\s)"]*$"#);
    texts.iter().any(asks) && !texts.iter().any(wants_text)
}

/// Whether a sentence says how something is that is not the answer: `A sonnet has 14 lines.`, `The judge sentenced him to …`.
pub(super) fn states(text: &Indexed) -> bool {
    // `Is it true that he wrote a story with only six words?`
    if says!(
        text,
        r"^(?:so |and |but )?(?:is|was|isn't|wasn't) it (?:really |actually |still )?(?:true|correct|right|a fact|common|normal|usual|possible|rude|ok|okay|allowed|legal|fair)\b"
    ) {
        return true;
    }
    // `Twelve lines into the poem …`
    if says!(
        text,
        r"^(?:[a-z]+|9) (?:words|lines|pages|paragraphs|sentences|chapters|verses|stanzas) (?:into|down|in|later|below|above)\b"
    ) {
        return true;
    }
    // `We told the agency that every caption has to …`
    if says!(
        text,
        r"^(?:and |but |so |well,? )?(?:i|we|he|she|they|someone|(?:my|our|the) [a-z]+) (?:once |just |recently |already )?(?:told|asked|warned|reminded|informed|instructed|ordered|begged|promised) (?:my|our|the|his|her|their|him|them|a|an|every|all|everyone|people)\b"
    ) && !says!(text, r"\b(?:please|pls|you|your)\b")
    {
        return true;
    }
    let of_answer = says!(
        text,
        r"^(?:and |but |so |also,? )?(?:[a-z'-]+ ){0,2}?(?:answers?|responses?|repl(?:y|ies)|outputs?|explanations?|results?|things?|whole|text|titles?|tone|length|format|language|(?:all|each|both|none|neither|any|every one) of (?:them|these|those)|{part}s?|words?|letters?|commas?|bullets?|points?|headings?|numbers?|emojis?|stop ?words?|vowels?|consonants?|syllables?|pronouns?|verbs?|nouns?|adjectives?|keywords?|phrases?|terms?|names?|quot(?:e|ation)s?|marks?|dashes|hyphens?|capitals?|caps|digits?|figures?|brackets?|parentheses|links?|tags?|hashtags?|tables?|columns?|rows?|steps?|options?|spaces?|blanks?|markdown|bold|italics|stanzas?|verses?|rhymes?|it|this|these|those|you|list)\b"
    ) && !says!(
        text,
        r"^[^.!?]{0,30}\bof (?:my|our|his|her|their|the [a-z]+'s)\b|^(?:the |my |our |a )?[a-z]+'s\b"
    );
    if of_answer
        || says!(
            text,
            r"\b(?:please|pls|your|answer|reply|response|respond|you|thanks|thx)\b|\b(?:unless|until|till) (?:i|we|told|otherwise|instructed|asked|notified|further notice)\b|\b(?:yes|true)(?: or |/)(?:no|false)\b|\bso (?:no|please|keep|make|use|do)\b|\?\s*$|^(?:and |but |so |also,? )?(?:in (?:both|either|each|all|any|every) (?:[a-z]+ )?(?:cases?|events?)|always|never)\b"
        )
    {
        return false;
    }
    let of_any = says!(
        text,
        r"^(?:and |but |so |also,? |well,? )?(?:(?:a|an|most|many|some|all|every|each|several|real|good) (?:[a-z'-]+ ){1,5}?|(?:[a-z'-]+ ){0,2}?[a-z'-]+s (?:[a-z'-]+ ){0,2}?)(?:is|are|was|were|has|have|had|can|could|may|might|must|should|will|would|do|did|used|use|tend|contain|contains|consists?|begins?|ends?|starts?|comes?|needs?|gets?|makes?|holds?|takes?|fits|counts?|costs?|says?|claims?|thinks?|believes?|swears?|argues?|reckons?|keeps?|told|said|wrote|writes?|never|always)\b|^(?:and |but |so |also,? |well,? )?(?:[a-z'-]+ ){1,3}?(?:says|claims|tells (?:me|us)|warns|complains|reckons|argues|asks)\b"
    );
    let of_one = says!(
        text,
        r"^(?:and |but |so |also,? |well,? )?(?:(?:i|we|he|she|they)(?:'m|'ve|'re|'s)?|there|someone|somebody|nobody|everyone|everybody|people|(?:the|my|our|his|her|their|that) [a-z'-]+)(?: [a-z'-]+){0,7}? ?(?:\bam|\bis|\bare|\bwas|\bwere|\bhas|\bhave|\bhad|\bdoes|\bdid|\bcan|\bcould|\bmay|\bmight|\bwill|\bwould|[a-z]+ed|[a-z]{2,}s|\bsaid|\btold|\bmade|\bgot|\bwent|\btook|\bgave|\bcame|\bsaw|\bfound|\bkept|\bput|\bset|\bhit|\bran|\bsent|\bheld|\blost|\bwon|\bleft|\bthought|\bbrought|\bbought|\bcaught|\bchose|\bfell|\bfelt|\bforgot|\bheard|\bknew|\bmet|\bpaid|\bsang|\bsold|\bspent|\bspoke|\bstood|\bwore|\bwrote|\bread|\bcut|\blet|\bthink|\bbelieve|\bfeel|\bguess|\bsuspect|\bknow|\buse|\bsay|\bwrite|translating|reading|writing|editing|learning)\b"
    ) && !says!(
        text,
        r"\b(?:needs?|wants?|prefers?|'d like|would like|looking for|limit|only|max|maximum|minimum|at most|no more than|nothing|room|fits?|space|hates?|allergic|must be|must not|should be|should not|has to|have to|insists?|requires?|cap|enough|fine|ok|do not|can not|cannot|without)\b"
    );
    of_any || of_one
}

/// A sum or a riddle: what is given, and the question about it behind a comma (`If each page holds 300 words, how many …?`).
pub(super) fn computes(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:and |but |so |now |ok,? )*(?:if|suppose|given(?: that)?|assuming|imagine|since|i|we|he|she|they|my|our|his|her|their|the|a|an|there (?:is|are|were)|each|every|people|most)\b[^?]*[,;:-] ?(?:and |so |then |but )*(?:how|what|when|which|where|who|why|is|are|do|does|did|will|would i|should|can i|can we|could i|could we)\b[^,;:?]*\?\s*$"
    ) && (!says!(text, r"\b(?:need|want)\b")
        || says!(
            text,
            r"\b(?:do|does|will|would|should) (?:i|we|you|they) (?:need|want)\b"
        ))
        && !says!(
            text,
            r"\b(?:please|pls|your|answer|reply|response|looking for|'d like|would like|(?:can|could|would|will) (?:you|u))\b"
        )
}

/// What a text is to be about, told before it is asked for: `A genie only grants wishes of three words. Write what happens …`
pub(super) fn is_premise(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:in )?(?:a|an|the last|every|one) (?:[a-z'-]+ ){1,3}?(?:only|never|always|can|may|must|will|lets?|has|have|speaks?|says?|answers?|refuses?|insists?|grants?|is|was)\b"
    ) && !says!(
        text,
        r"^(?:in )?(?:a|an|the last|every|one) (?:[a-z'-]+ ){0,3}?(?:essays?|articles?|poems?|story|letter|emails?|pieces?|posts?|messages?|summary|documents?|songs?|speech|notes?|tweets?|descriptions?|reports?|blurbs?|raps?|riddles?|haiku|limericks?|itinerary|resume|bio|text|{part}|blogs?|paragraphs?|captions?|adverts?|ads?|slogans?|taglines?|headlines?|profiles?|cv|toasts?|jokes?|puns?|quiz|lists?|tables?|recipes?|guides?|plans?|scripts?|scenes?|dialogues?|monologues?|plays?|sketch|fables?|tales?|novels?|chapters?|newsletters?|statements?|proposals?|pitch|memos?|notices?|announcements?|signs?|labels?|menus?|leaflets?|flyers?|invitations?|cards?|complaints?|references?|sermons?|verses?|odes?|sonnets?|ballads?|definitions?|explanations?|overviews?|comparisons?|arguments?|interviews?|tutorials?|lessons?|functions?|programs?|titles?|codes?|words?|minimum|maximum|must)\b"
    )
}

/// Whether a sentence asks for a text about what was told before it.
pub(super) fn asks_for_a_tale(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:and |so |now )?(?:write|describe|tell|imagine|draft|compose|create|narrate) (?:(?:me|us) )?(?:what|how|about|(?:the|a|an|his|her|their|its) (?:[a-z]+ ){0,2}?(?:story|scene|meeting|encounter|day|dialogue|conversation|tale|monologue|reaction|diary|letter)|her|him|them|it)\b"
    )
}

/// What is to be explained, if it is itself something that could be asked of an answer: `the difference between title case and …`,
/// `Twitter's 280-character limit`.
pub(super) fn topic(lexed: &Lexed, sentence: &Range<usize>, text: &Indexed) -> Option<Range<usize>> {
    static TOPIC: Pattern = Pattern::new(
        r"^(?:[a-z]+,? )?(?:please |pls |kindly |(?:can|could|would|will) (?:you|u) (?:please |pls )?)?(?:explain|describe|define|discuss|compare|contrast|clarify|outline|introduce|(?:tell|teach) (?:me|us|him|her|them)(?: a (?:bit|little))?(?: more)?(?: about)?|talk (?:me|us) through|talk about|what about|give (?:me|us) (?:a |an )?(?:[a-z]+ )?(?:overview|history|explanation) of)(?: to (?:me|us|my [a-z]+|a [a-z]+))? ((?:[a-z]+ ){0,3}?(?:differences?|distinction|history|origins?|meaning|purpose|point|rules?|concept|conventions?|tradition|trend|story (?:of|behind)|invention|etymology|idea|grammar)\b|(?:the )?[a-z]+'s 9\b|the (?:[a-z]+ )?9 (?:word|character|line|sentence) (?:limit|rule|cap|maximum|minimum)\b)",
    );
    // `Tell me what the asterisk before the P.S. means`
    static MEANING: Pattern = Pattern::new(
        r"\b(?:tell (?:me|us|him|her)|explain(?: to (?:me|us))?|know|remember|say|understand|find out) ((?:what|who|where|when|which|whether|if) [^,;:.!?\n]*?\b(?:means?|meant|stands? for|refers? to|was|were|did|happened|came from|is called|are called|is for|is about)\b)",
    );
    if let Some(object) = MEANING.captures(text).and_then(|found| found.get(1)) {
        return Some(token_at(lexed, sentence, object.start())..token_at(lexed, sentence, object.end()));
    }
    static END: Pattern = Pattern::new(
        r"[,;:.!?(\n]| (?:in (?:9|one|two|three|four|five|six|a|an|under|at|no|about|less|fewer|exactly|plain|simple|bullet|{lang})|using|with|without|within|under|as if|as a|for a|so|but|then|(?:and|but) (?:keep|make|use|write|do|limit|include|end|start|mention|give|put|add|finish|begin|stick|avoid|leave|never|only|at|no|say|list|format|highlight))\b",
    );
    // `a eulogy for Twitter's 140-character limit`
    static LIMIT: Pattern = Pattern::new(
        r"\b(?:for|about|on|of|over|to|against|lament|mourn|praise|celebrate|criticise|defend|explain|describe|discuss)(?:ing)? (?:the )?((?:[a-z]+ ){0,2}?[a-z]+'s (?:[a-z]+ )?9 (?:word|character|line|sentence|page)s? (?:limit|cap|rule|maximum|minimum))\b",
    );
    if let Some(object) = LIMIT.captures(text).and_then(|found| found.get(1)) {
        return Some(token_at(lexed, sentence, object.start())..token_at(lexed, sentence, object.end()));
    }
    // `a complaint: our posters came out in lower case`: the case that a letter is about.
    if let Some((before, after)) = text.split_once(": ")
        && says!(
            before,
            r"\b(?:complaint|complain|letter|e ?mail|note|message|apology|report|review|request|story|article|post|situation|problem|question|background|context)\b[^.!?]*$"
        )
        && !says!(after, r"^[^.!?]*\b(?:must|should|needs?|it|{ans})\b")
        && states(&after.to_owned().into())
    {
        return Some(token_at(lexed, sentence, before.len() + 1)..sentence.end);
    }
    // `Convert 3 paragraphs per hour into …`
    static SUM: Pattern = Pattern::new(
        r"^(?:please |pls |can you |could you )?((?:convert 9|calculate|compute|work out|divide 9|multiply 9|estimate|solve|add up)) ",
    );
    let object = TOPIC.captures(text).or_else(|| SUM.captures(text))?.get(1)?;
    let end = END
        .find_at(text, object.end())
        .map_or(text.len(), |end| end.start());
    Some(token_at(lexed, sentence, object.start())..token_at(lexed, sentence, end))
}
