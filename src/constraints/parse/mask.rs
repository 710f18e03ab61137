//! What a prompt holds besides requirements on its answer: pasted passages, rules for others, questions about texts.
//!
//! Owns the decision which sentences bind the answer. What does not is replaced by one [`TokenKind::Masked`] token, so that
//! no phrase can match in it. Quotations and fenced code are single tokens already. A sentence that names the answer itself
//! (`your response must …`) binds wherever it stands.

use std::ops::Range;

use crate::{
    constraints::wording::lex::{Lexed, Token, TokenKind},
    says,
};

/// Masks what asks nothing of the answer.
pub fn mask(lexed: &mut Lexed) {
    let sentences = sentences(lexed);
    let blocks = blocks(lexed, &sentences);
    let mut masked = vec![false; lexed.tokens.len()];
    passages(lexed, &blocks, &sentences, &mut masked);
    let whole = flat(lexed, 0..lexed.tokens.len().min(400));
    let for_others = says!(
        &whole,
        r"\b(?:system prompt|prompt for (?:a|an|my|our|the)|prompt that|rules page|house rules for (?:my|our|a|the)|(?:write|draft|create|design|make|come up with|need|prepare) (?:me |us )?(?:some |the |a set of |new |clear |simple |our |my )*(?:class|classroom|house|game|club|gym|forum|pool|office|group|community|server|school|library|team) rules|rules for (?:our|the|my|a)|contest rules|competition rules|guidelines for|style guide|submission guidelines|assignment (?:sheet|brief)|brief for (?:my|our|the|a) (?:writer|designer|copywriter|team|freelancer)|instructions for (?:my|our|the|a) (?:students|team|writers|bot|staff|class|pupils|chatbot)|job (?:ad|advert|posting)|homework (?:sheet|task) for|exam question)\b"
    );
    let producing: Vec<bool> = sentences
        .iter()
        .map(|sentence| produces(&flat(lexed, sentence.clone())))
        .collect();
    let requests = producing.iter().filter(|&&produces| produces).count();
    for (sentence, &own) in sentences.iter().zip(&producing) {
        if let Some(range) = unbinding(lexed, sentence, for_others).or_else(|| chinese(lexed, sentence)) {
            masked[range].fill(true);
        } else if requests == usize::from(own) && third_party(&flat(lexed, sentence.clone())) {
            masked[sentence.clone()].fill(true);
        }
    }
    let mut out: Vec<Token> = Vec::with_capacity(lexed.tokens.len());
    for (token, masked) in lexed.tokens.drain(..).zip(masked) {
        match (masked, out.last_mut()) {
            (false, _) => out.push(token),
            (true, Some(last)) if last.kind == TokenKind::Masked => last.span.end = token.span.end,
            (true, _) => out.push(Token {
                kind: TokenKind::Masked,
                capital: false,
                ..token
            }),
        }
    }
    lexed.tokens = out;
}

/// Whether a sentence asks for a text.
fn produces(text: &str) -> bool {
    says!(
        text,
        r"\b(?:write|draft|compose|create|rewrite|summari[sz]e|shorten|trim|cut|edit|turn|make|give|prepare|produce|answer|reply|respond|describe|explain|tell|list|polish|improve|expand|generate|translate|need|want|do me|can you|could you|please|pls)\b"
    )
}

/// A rule that others gave for a text of the user's. It binds where the prompt asks for that text.
fn third_party(text: &str) -> bool {
    says!(
        text,
        r"^(?:and |but |so )?(?:my|our|the|his|her|their) (?:[a-z]+(?:'s|s')? ){0,3}?(?:homework|worksheet|textbook|exam|teacher|professor|boss|tutor|client|editor|lecturer|school|university|college|assignment|brief|manager|publisher|journal|company|examiner|landlord|supervisor|essay question|form|website|competition|contest|style guide|guide|policy|guidelines?|handbook|contract|tender document|rubric)s? (?:[a-z]+ )?(?:said|says|say|wants?|told|bans?|forbids?|prohibits?|requires?|asked|asks|insists?|expects?|demands?|set|limits?|allows?|only|must|should|needs?)\b"
    )
}

/// What asks nothing in a Chinese sentence: a question about a rule, a rule of others, a text to translate.
fn chinese(lexed: &Lexed, sentence: &Range<usize>) -> Option<Range<usize>> {
    lexed.tokens[sentence.clone()]
        .iter()
        .find(|token| matches!(token.kind, TokenKind::Han(_)))?;
    let mut text = String::new();
    for token in &lexed.tokens[sentence.clone()] {
        match &token.kind {
            TokenKind::Quote(_) => text.push('"'),
            TokenKind::Mark(c) => text.push(*c),
            _ => text.push_str(&lexed.prompt[token.span.clone()]),
        }
    }
    let asks = says!(&text, r"请|用|写|帮|答|讲|介绍|总结|列|给|控制");
    if says!(&text, r"\?\s*$") {
        let how = says!(
            &text,
            r"^(?:请问|我想知道|想问一下|你知道)?(?:如何|怎么|怎样|为什么|为啥|什么|哪|是不是|\p{Han}{1,6}(?:是什么|为什么|怎么))"
        );
        // 我的论文要求不少于八千字，怎么才能写完？
        let worried = says!(
            &text,
            r"怎么办|怎么才能|该怎么|我该|是不是|会不会|好不好|正常吗|够吗|合适吗|算不算|多不多|难吗|可以吗|哪里有问题|有没有问题|有什么问题|什么问题|^(?:他|她|他们|她们|孩子|我儿子|我女儿|我朋友|同学|老师|我写|我的)[^?]*(?:为什么|怎么回事|什么意思|对吗|正常吗|吗)\?"
        );
        // 作文里能不能用感叹号？ but 能不能用三句话介绍成都？ is asked for.
        let may = says!(&text, r"能不能|可不可以|是否|要不要|该不该|能否")
            && !says!(
                &text,
                r"介绍|写|解释|回答|总结|说明|讲|告诉|列出|翻译|改|推荐|描述|概括|生成"
            );
        let requested = says!(&text, r"请(?:用|写|帮|以|给)|帮我|帮忙|给我");
        let wonders = !asks && says!(&text, r"怎么|如何|为什么|什么|哪|吗|几|多少|是不是|区别");
        if (how || worried || may) && !requested || wonders {
            return Some(sentence.clone());
        }
    }
    if says!(&text, r"^(?:请)?(?:把下面的?话)?翻译(?:一下|成\p{Han}{2})?:") {
        let colon = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))?;
        return Some(colon + 1..sentence.end);
    }
    None
}

/// Token ranges of the sentences; a line break ends one.
fn sentences(lexed: &Lexed) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, token) in lexed.tokens.iter().enumerate() {
        let next = lexed.tokens.get(at + 1);
        let ends = match &token.kind {
            TokenKind::Mark('.' | '!' | '?') => {
                next.is_none_or(|next| next.spaced) || !lexed.prompt[token.span.clone()].is_ascii()
            }
            TokenKind::Break { blank } => {
                *blank || next.is_none_or(|next| next.capital || !matches!(next.kind, TokenKind::Word(_)))
            }
            TokenKind::Quote(inner) => {
                lexed.prompt[inner.clone()].ends_with(['.', '!', '?'])
                    && next.is_some_and(|next| next.capital)
            }
            _ => false,
        };
        if ends {
            out.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < lexed.tokens.len() {
        out.push(start..lexed.tokens.len());
    }
    out
}

/// Ranges of sentences between blank lines.
fn blocks(lexed: &Lexed, sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, sentence) in sentences.iter().enumerate() {
        if matches!(
            lexed.tokens[sentence.end - 1].kind,
            TokenKind::Break { blank: true }
        ) {
            out.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < sentences.len() {
        out.push(start..sentences.len());
    }
    out
}

/// The words of a range with single spaces, quotations as `"`.
fn flat(lexed: &Lexed, range: Range<usize>) -> String {
    let mut out = String::new();
    for at in range {
        let token = &lexed.tokens[at];
        if token.spaced && !out.is_empty() {
            out.push(' ');
        }
        match &token.kind {
            TokenKind::Word(_) => out.push_str(lexed.word(at)),
            TokenKind::Number(_) => out.push('9'),
            TokenKind::Mark(c) => out.push(*c),
            TokenKind::Quote(_) => out.push('"'),
            TokenKind::Break { .. } => out.push('\n'),
            _ => {}
        }
    }
    out
}

/// Whether a sentence speaks of the answer by name.
fn names_answer(text: &str) -> bool {
    says!(
        text,
        r"\b(?:your|the|this) (?:entire |whole |full |complete |final )?(?:response|answer|reply|output|rewrite|summary|translation)s?\b{x}\b(?:must|should|needs?|has to|can|may|in|is|contain|throughout|with|to|be|at)|\b(?:in|throughout|of|for|around|with) your (?:entire |whole |full )?(?:response|answer|reply|output|rewrite|summary)|\b(?:end|finish|begin|start|wrap|keep|limit|write) (?:your|the) (?:entire |whole )?(?:response|answer|reply|output|summary)|\bfirst,? repeat|\brepeat the (?:request|prompt|sentence)|\b(?:do not|avoid|without) (?:use|using|include|including|mention|mentioning) (?:any |the )?(?:commas|keywords?|words?|letter)|\binclude (?:the )?key ?words?"
    )
}

/// Whether a block of sentences begins by telling the assistant what to do.
fn instructs(text: &str) -> bool {
    says!(
        text,
        r"^(?:[•\s]|\(?9[.)]? ?)*(?:please |now |then |finally |also |and |so |but |ok,? |okay,? |hi,? |hello,? |\w+:\s*)?(?:please|write|summari[sz]e|explain|rewrite|re write|reword|rephrase|translate|give|tell|use|using|make|list|answer|keep|do not|respond|reply|output|include|avoid|boil|turn|put|highlight|italici[sz]e|mention|ensure|proofread|edit|improve|expand|shorten|condense|describe|create|generate|draft|compose|can you|could you|would you|will you|i want|i need|i'd like|i would like|your|provide|return|format|wrap|limit|max|maximum|minimum|at most|at least|no more|requirements?|constraints?|rules?|based on|from the|for the above|in your|with the|critique|analy[sz]e|what does this|what is the|who|when|convert|classify|extract|identify|the (?:response|answer|reply|summary|output|above)|exactly|only|end|start|begin|finish|check|fix|correct|simplify|paraphrase|polish|add|suggest|find|help|read|review|pick|choose|maintain|copy|repeat|alternate|nest|count|each|every|no two|first|in (?:one|two|three|four|five|9)|under|within)\b"
    )
}

/// Whether the text to work on comes after this block.
fn announces(text: &str) -> bool {
    says!(
        text,
        r"\b(?:the following|below|following (?:text|passage|email|message|paragraph|article|letter|notes?|review|sentences?|blog|post))\b|:\s*$"
    ) && says!(
        text,
        r"\b(?:summari[sz]|rewrite|re write|reword|rephrase|translat|proofread|edit|improve|critique|critici[sz]e|analy[sz]e|shorten|condense|simplify|paraphrase|polish|expand|explain|correct|reply|respond|answer|review|convert|based on|using|turn|classify|read|boil|evaluate|comment|text|passage|article|email|notes|transcript|facts|fix|check|sum up|tl ?dr)"
    ) && !says!(
        text,
        r"\b(?:requirements|constraints|rules|format|keywords|template|conditions|instructions|criteria|skeleton|structure)\b[^.!?]*:\s*$"
    )
}

/// Whether the text to work on comes before this block.
fn points_up(text: &str) -> bool {
    says!(
        text,
        r"\b(?:the above|above (?:text|passage|email|article|message|notes?|story)|facts above|text above|passage above|from the above|this (?:text|passage|email|article|letter|message|paragraph|query|code|notice|transcript|thread|review|memo|story))\b"
    )
}

/// Marks the text that the prompt asks to work on.
fn passages(lexed: &Lexed, blocks: &[Range<usize>], sentences: &[Range<usize>], masked: &mut [bool]) {
    let tokens = |block: &Range<usize>| sentences[block.start].start..sentences[block.end - 1].end;
    let texts: Vec<String> = blocks.iter().map(|block| flat(lexed, tokens(block))).collect();
    let mut hide = |block: &Range<usize>| {
        for sentence in &sentences[block.clone()] {
            if !names_answer(&flat(lexed, sentence.clone())) {
                masked[sentence.clone()].fill(true);
            }
        }
    };
    // A passage announced goes on until a block gives an instruction.
    let mut announced = false;
    let mut letter = false;
    let mut last_up = 0;
    for (at, text) in texts.iter().enumerate() {
        if instructs(text) {
            (announced, letter) = (false, false);
        } else if announced || letter {
            hide(&blocks[at]);
        }
        announced |= announces(text);
        if points_up(text) {
            last_up = at;
        }
        // `Review: …`, `Email: …`: a labelled passage, or the head of a letter.
        if blocks.len() > 1
            && says!(
                text,
                r"^(?:text|review|e ?mail|passage|article|message|letter|transcript|post|notes?|paragraph|abstract|input|context|source|document|story|poem|speech|minutes|quote|comment|tweet|from|subject|to|dear \w+|hi \w+|hey \w+) ?[:,]"
            )
        {
            hide(&blocks[at]);
            letter = says!(text, r"^(?:from|subject|to|dear|hi|hey)\b");
        }
    }
    for at in 0..last_up {
        if !instructs(&texts[at]) {
            hide(&blocks[at]);
        }
    }
    // `Rewrite this: …` with the text behind the colon.
    for block in blocks {
        let mut open = false;
        for sentence in &sentences[block.clone()] {
            let text = flat(lexed, sentence.clone());
            if open && !names_answer(&text) && !instructs(&text) {
                masked[sentence.clone()].fill(true);
                continue;
            }
            let Some((before, after)) = text.split_once(": ") else {
                if open && instructs(&text) {
                    open = false;
                }
                continue;
            };
            let works = says!(
                before,
                r"\b(?:rewrite|re write|reword|rephrase|translate|summari[sz]e|proofread|edit|improve|critique|shorten|condense|simplify|paraphrase|polish|expand|correct|continue|classify)\b"
            ) && says!(
                before,
                r"\b(?:this|the following|these|following|below|it|text|sentences?|paragraph|passage|pitch)\b"
            ) && !says!(before, r"\b(?:rules|requirements|constraints|keywords)\b");
            if works && after.split_whitespace().count() > 3 && !after.starts_with('"') {
                let colon = sentence
                    .clone()
                    .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'));
                if let Some(colon) = colon {
                    masked[colon + 1..sentence.end].fill(true);
                    open = true;
                }
            }
        }
    }
}

/// The part of a sentence that asks nothing of the answer.
fn unbinding(lexed: &Lexed, sentence: &Range<usize>, for_others: bool) -> Option<Range<usize>> {
    let text = flat(lexed, sentence.clone());
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
            &text,
            r"^(?:the |our |my |its |all |each |every )?(?:bot|chatbot|assistant|it|stories|story|entries|entry|students?|users?|writers?|submissions?|participants?|they|posts?|applicants?|candidates?|essays?|pieces?|model|agent|pupils?|authors?|contestants?|replies|answers|people) (?:\w+ )?(?:must|should|can|may|needs?|has|have|will|shall|are|is|never|always|only)\b"
        ) {
            return Some(sentence.clone());
        }
        let colon = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'));
        if let Some(colon) = colon
            && says!(
                &text,
                r"\b(?:rules|guidelines|prompt|guide|brief|instructions)\b[^:]*: ?(?:the |all |no |every |each )?[a-z]+ (?:must|should|are|may|can|need|has|have)\b"
            )
        {
            return Some(colon..sentence.end);
        }
        if says!(
            &text,
            r"\b(?:prompt|instructions?|guide|question|task|worksheet) (?:that|which|telling|asking|where)\b"
        ) {
            return from_word(&["that", "which", "telling", "asking", "where"]);
        }
    }
    // A thing is to be built, and the limits are its own.
    if !names_answer(&text)
        && says!(
            &text,
            r"\b(?:design|build|code|implement|create|make|write|develop|program)\b[^.!?]*\b(?:form|function|regex|regular expression|validator|class|app|application|text ?area|input field|database|schema|api|endpoint|login page|password generator|parser|unit test|query|spreadsheet|macro)\b[^.!?]* (?:where|that|which|whose|in which|so that|if|to check)\b"
        )
    {
        return from_word(&["where", "that", "which", "whose", "so", "if", "check"]);
    }
    // `a lesson in which pupils write …`: what others are to write.
    if says!(
        &text,
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
    let question = says!(&text, r"\?[\s)]*$");
    let request = says!(
        &text,
        r"\b(?:can|could|would|will) (?:you|u|it|the (?:answer|reply|response)|i (?:have|get))\b|\bplease\b|\bpls\b|\b(?:your|the) (?:response|answer|reply)\b"
    );
    // Without its mark a question is one if nothing in it can be a request.
    let unmarked = !question
        && says!(
            &text,
            r"^(?:and |but |so )?(?:how come|why (?:do|does|did|is|are|was|were)|what (?:is|are|does|do)|what's|whats|who|when did|where|do (?:people|you|i|we)|does|did|are there|is there|how do (?:people|they|you))\b"
        )
        && !says!(
            &text,
            r"9|[,;:]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|please|pls|plz|only|just|no|not|without|avoid|using|use|must|should|max|answer|reply|respond|response|keep|tell|give|explain|thanks|thx)\b"
        );
    if unmarked {
        return Some(sentence.clone());
    }
    if question
        && !request
        && says!(
            &text,
            r"^(?:and |but |so |in a [a-z]+, |also,? )?(?:what|what's|whats|how|why|which|who|whose|when|where|do|does|did|is|are|was|were|has|have|should|isn't|can (?:i|we|people|one)|could (?:i|we)|may i|am i|would it|will (?:i|it|my)|if i|in which)\b"
        )
    {
        let stated = says!(
            &text,
            r"\b(?:in|using|within|with|under)(?: (?:at least|at most|no more than|fewer than|less than|under|over|about|around|exactly|just|only|up to|more than))? (?:9|one|two|three|four|five|six|seven|eight|nine|ten|a|fifty|twenty|thirty|hundred)[\w -]*\b(?:words?|sentences?|bullets?|bullet points|lines|paragraphs?|characters)\b[^?]{0,40}\?|\bwithout (?:using|saying|mentioning)\b"
        );
        let names = says!(
            &text,
            r"^(?:what (?:do|would) (?:you|we|people|they) call|what's (?:a|the)|which|who|is there|are there|how many)\b"
        );
        return (names || !stated).then(|| sentence.clone());
    }
    if says!(
        &text,
        r"\b(?:i was|i've been|we were|i am always|i'm always|i used to be) (?:always |once |often )?(?:told|taught|advised|asked|instructed|warned) (?:never |always |not )?(?:to|that|not|it)\b"
    ) {
        return Some(sentence.clone());
    }
    // What others said once, and what a text of the user is like.
    let asks = says!(&text, r"\bshould\b") && !says!(&text, r"\bshould (?:i|we|he|she|they)\b")
        || says!(
            &text,
            r"\b(?:must|needs? to|has to|have to|please|pls|can you|could you|would you|would be)\b|(?:^|[,;:.] ?|\band |\bso |\bbut |\bthen |\bto )(?:make|keep|write|use|give|cut|trim|help|rewrite|shorten|get|stay|draft|turn)\b"
        );
    let reported = says!(
        &text,
        r"^(?:and |but |well,? )?(?:someone|somebody|people|they|he|she|everyone|some|my [a-z]+|an? [a-z]+)(?: once| always)? (?:told me|said|told us|recommended|suggested|reckoned|mentioned)\b"
    );
    // What happened once, and what is merely so.
    let past = says!(
        &text,
        r"\b(?:used to be|was due|were due|was set|i handed|we handed|i heard|i read (?:that|somewhere|in|about)|i saw|i noticed|was once|turns out|it turned out)\b"
    ) || says!(
        &text,
        r"^(?:and |but |so |well,? |yesterday,? |recently,? |last (?:week|month|year|night|time),? |once,? )?(?:i|we|he|she|they|my [a-z]+|our [a-z]+|the [a-z]+) (?:once |just |already |also |recently |then |finally |even |only |ever |always |never |usually )*(?:wrote|submitted|sent|published|posted|got|had|made|used|did|received|counted|needed|ended up|came|ran|failed|lost|won|studied|learned|learnt|began|started|asked|told|said)\b"
    );
    let owned = says!(
        &text,
        r"^(?:and |but |so |right now,? |at the moment,? |currently,? )?my (?:[a-z]+ ){1,3}(?:currently |already |now |only )?(?:has|is|was|had|contains|runs|ran|have|are|comes|prints|shows|displays|types|sends|writes|keeps|uses|looks|makes|puts|turns|goes|does|works|starts|ends|speaks|always|keeps)\b"
    ) && !says!(
        &text,
        r"\bmy (?:answer|conclusion|request|question|requirements?|rules?|constraints?|only|one|main|limit|condition|preference)\b|\b(?:nothing|no) (?:longer|over|more|past|above)\b|\bat most\b"
    );
    // What there is: `I have 3 bullets in my gun`. A limit that one has is one for the answer.
    let has = says!(
        &text,
        r"^(?:and |but |so |well,? |ok(?:ay)?,? |hey,? |hi,? )?(?:i|we|he|she|they|there|it|you|my [a-z]+|our [a-z]+|the [a-z]+)(?:'ve|'s|'re)? (?:already |currently |now |only |still |just )?(?:have|has|had|got|have got|own|owns|are|is|were|was|bought|found|keep getting|see|written|done|finished|made|drafted|submitted|handed|read|received|seen)\b"
    ) && !says!(
        &text,
        r"\b(?:limit|limited|max|maximum|min|minimum|room|space|left|budget|allowed|allows?|cap|capped|at most|at least|no more|no less|only need|need|want|wanted|like|nothing|prefer|expect|require[ds]?|looking for|hoping|after|your|answer|reply|response|it is|it's|not|no|free of|without|off limits|banned|forbidden|out|fine|ok|okay|ideal|best|enough|plenty|great|perfect|good|about|between|the (?:word|title|first|last|limit|format|length|language))\b"
    );
    (!asks && (reported || owned || past || has)).then(|| sentence.clone())
}
