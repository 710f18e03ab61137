//! Sentences, or parts of them, that ask nothing: questions, reports, what merely is so.

use std::ops::Range;

use super::{LONGEST_SENTENCE, from_word, token_at};
use crate::{
    constraints::wording::{
        lex::{Lexed, TokenKind},
        pattern::{Indexed, Pattern},
    },
    says,
};

/// A sentence behind what only leads to it (`In chess notation, what do …`), if that is no wish itself.
fn without_lead(text: &str) -> &str {
    let Some((lead, rest)) = text.split_once([',', ':']) else {
        return text;
    };
    let wishes = says!(
        lead,
        r#"[9"]|\b(?:no|not|without|use|using|only|just|avoid|words?|sentences?|lines?|bullets?|points?|lists?|table|json|caps|capitals?|case|lower|upper|commas?|format|language|{lang}|answer|reply|respond|tell|say|write|explain|describe|keep|under|within|max|briefly|start|begin|end|finish|repeat|one|two|three|four|five|six|seven|eight|nine|ten)\b"#
    );
    // Letters of other scripts are missing in what is read here.
    match lead.is_empty() || wishes || lead.split_whitespace().count() > 8 {
        true => text,
        false => rest.trim_start(),
    }
}

fn opens_question(text: &Indexed) -> bool {
    let opens = |text: &str| {
        says!(
            text,
            r"^(?:and |but |so |in a [a-z]+, |also,? )?(?:what|what's|whats|how|why|which|who|whose|when|where|do|does|did|is|are|was|were|has|have|should|isn't|can (?:i|we|people|one|a|an|the|any|anyone|someone|he|she|they|there)|could (?:i|we|a|an|the|he|she|they)|must (?:i|we|a|an|the|all|every)|may (?:i|a|an)|am i|would it|will (?:i|it|my)|if i|in which)\b"
        )
    };
    // `Don't answer, just repeat it: Why …?` is told, not asked.
    let forbids = says!(
        text,
        r"^(?:and |but |so )?do not (?:answer|reply|respond|just|solve|carry|do|follow|try|bother|actually|even|act|execute|obey|use|write|explain|tell|give|say|include|mention|repeat|make|put|add)\b"
    );
    !forbids && (opens(text) || asks_about_format(text) || opens(without_lead(text)))
}

/// `In JSON, are trailing commas allowed?`: what stands in front is what the question is about.
fn asks_about_format(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:and |so |but )?(?:in|with|for|under|using|when using) (?:[a-z]+ )?(?:json|yaml|csv|tsv|xml|html|markdown|title case|upper ?case|lower ?case|all caps|{lang}|bullets?(?: points)?|lists?|tables?), ?(?:is|are|does|do (?:i|we|you|they|people|the|[a-z]+s)|must|should|may|has|have|can (?:i|we|one|the|a|an|there|it|they|keys|[a-z]+s)|is it|how do (?:i|you|we))\b"
    )
}

/// What somebody or something is known for (`… is famous for sentences of over 1,000 words`), or what one of two was.
fn known_for(lexed: &Lexed, sentence: &Range<usize>, text: &Indexed) -> Option<Range<usize>> {
    static KNOWN: Pattern = Pattern::new(
        r"\b(?:famous|famed|known|renowned|notorious|infamous|celebrated|noted|remembered|praised|mocked|loved|admired|criticised|criticized) for\b|(?:^|[,:;] ?)(?:one|the former|the \x04|he|she) (?:was|were|had|used|wrote|ran)\b[^.!?]*, ?(?:and |but |while |whereas )?(?:the other|the latter)\b",
    );
    static ASKS: Pattern = Pattern::new(
        r"[,;] ?(?:and |but |so )?(?:in|under|within|using|keep|make|max|no more|no longer|at most|use|without|write|do not|please|all in|about|around|exactly) |\b(?:and|but) (?:keep|use|make|do|write|include|end|start|limit|give|put|add)\b",
    );
    let known = KNOWN.find(text)?;
    let end = ASKS
        .find_at(text, known.end())
        .map_or(text.len(), |asks| asks.start());
    Some(token_at(lexed, sentence, known.start())..token_at(lexed, sentence, end))
}

/// The part of a sentence that asks nothing of the answer.
pub(super) fn part(lexed: &Lexed, sentence: &Range<usize>, text: &Indexed) -> Option<Range<usize>> {
    if text.len() < 8 || text.len() > LONGEST_SENTENCE {
        return None;
    }
    let from_word = |words: &[&str]| from_word(lexed, sentence, words);
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
        r"\b(?:can|could|would|will) (?:you|u|it|the (?:answer|reply|response)|i (?:have|get) (?:a|an|the|some|it|this|that|one|two|three|9|my))\b|\bplease\b|\bpls\b|\b(?:your|the) (?:response|answer|reply)\b"
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
    // `In one word or two, is it "anymore"?`
    if question && says!(text, r"\b(?:one|9) words? or (?:two|9)\b") {
        return Some(sentence.clone());
    }
    if question && !request && opens_question(text) {
        let stated = says!(
            text,
            r"\b(?:in|using|within|with|under)(?: (?:at least|at most|no more than|fewer than|less than|under|over|about|around|exactly|just|only|up to|more than))? (?:9|one|two|three|four|five|six|seven|eight|nine|ten|a|fifty|twenty|thirty|hundred)[\w -]*\b(?:words?|sentences?|bullets?|bullet points|lines|paragraphs?|characters)\b[^?]{0,40}\?|\bwithout (?:using|saying|mentioning)\b"
        );
        let names = says!(
            text,
            r"^(?:what (?:do|would) (?:you|we|people|they) call|what's (?:a|the)|which|who|is there|are there|how many)\b"
        );
        // What happened, and how a tool is made to do something: no way to answer, unless it is told apart by a comma.
        let elsewhere = says!(
            text,
            r"^(?:and |but |so |also,? )?(?:did|was|were|has|had|how (?:do|can|could|would|should) (?:i|we|you|one) (?:make|get|stop|force|set|limit|prevent|configure|teach|convince|count|check|validate|find|turn|tell|persuade))\b"
        ) && !says!(text, r"[,:;-] ?(?:in|using|within|with|under|without|max)\b");
        return (names || elsewhere || !stated).then(|| sentence.clone());
    }
    if says!(
        text,
        r"\b(?:i was|i've been|we were|i am always|i'm always|i used to be) (?:always |once |often )?(?:told|taught|advised|asked|instructed|warned) (?:never |always |not )?(?:to|that|not|it)\b"
    ) {
        return Some(sentence.clone());
    }
    // `I keep reading that good posts have 3 hashtags`, `experts say …`, `there is a myth that …`
    let hearsay = says!(
        text,
        r"^(?:and |but |so |well,? )?(?:(?:i|we)(?:'ve| have)? (?:(?:keep|kept|been) (?:on )?(?:reading|hearing|seeing|being told|noticing|finding)|(?:always |often |once |recently |just |also |vaguely )*(?:heard|read|been told|noticed|seen|learned|learnt|gather|hear|remember|recall) (?:that|somewhere|about|in|a|an|the|good|most|every|all|many|some|people))|(?:they|people|experts?|everyone|everybody|(?:some|most|many|all) [a-z]+|teachers|publishers|editors|recruiters|critics|scientists|grammarians|purists|folks|legend|tradition|rumou?r) (?:always |often |usually |generally |keep |still |all )?(?:says?|claims?|recommends?|reckons?|argues?|suggests?|advises?|tells?|telling|agrees?|saying|has it)|(?:it is|it's) (?:often |commonly |widely |sometimes )?(?:said|claimed|believed|known|thought)|(?:most|many) [a-z]+ (?:have|has|are|use|contain|begin|end|start|avoid)|there (?:is|'s|used to be|was) (?:a|an|this|some|that) (?:[a-z]+ ){0,2}(?:myth|saying|legend|theory|convention|tradition|belief|joke|story|rumou?r|superstition|urban legend))\b"
    );
    // What is known of a work: `the Gettysburg Address, famously under 300 words`, `that song has "yeah" in it 47 times`
    let known = says!(
        text,
        r"^(?:and |but |so |well,? )?that (?:song|poem|book|film|movie|story|essay|article|line|speech|play|lyric|track|novel|advert|email|letter|sign) (?:has|had|is|was|says|said|repeats|uses|used|goes|begins|ends|starts|contains)\b"
    );
    if (hearsay || known) && !says!(text, r"\b(?:please|pls|your|you)\b") {
        return Some(sentence.clone());
    }
    if let Some(known) = known_for(lexed, sentence, text) {
        return Some(known);
    }
    if says!(
        text,
        r", (?:famously|notoriously|reportedly|supposedly|allegedly)\b"
    ) {
        return from_word(&["famously", "notoriously", "reportedly", "supposedly", "allegedly"]);
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
        r"^(?:and |but |so |well,? |yesterday,? |recently,? |last (?:week|month|year|night|time),? |once,? )?(?:i|we|he|she|they|someone|somebody|my [a-z]+|our [a-z]+|the [a-z]+|an? [a-z]+) (?:once |just |already |also |recently |then |finally |even |only |ever |always |never |usually )*(?:wrote|submitted|sent|published|posted|got|had|made|used|did|received|counted|needed|ended up|came|ran|failed|lost|won|studied|learned|learnt|began|started|asked|told|said|replied|answered|responded|returned|printed)\b"
    );
    // `Proust wrote sentences of over 900 words.`
    let past = past
        || says!(
            text,
            r"^(?:and |but |so )?[a-z'-]+(?: [a-z'-]+)? (?:once |never |often |only |always |famously |usually )?(?:wrote|penned|composed|published)\b"
        );
    let owned = says!(
        text,
        r"^(?:and |but |so |right now,? |at the moment,? |currently,? )?(?:(?:my|his|her|their) (?:[a-z']+ ){1,3}?|(?:mine|hers|theirs|ours) )(?:currently |already |now |only )?(?:has|is|was|had|contains|runs|ran|have|are|comes|prints|shows|displays|types|sends|writes|keeps|uses|looks|makes|puts|turns|goes|does|works|starts|ends|speaks|always|keeps)\b"
    ) && !says!(
        text,
        r"\bmy (?:answer|conclusion|request|question|requirements?|rules?|constraints?|only|one|main|limit|condition|preference)\b|\b(?:nothing|no) (?:longer|over|more|past|above)\b|\bat most\b|\bso\b|\bdo not\b|: "
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
