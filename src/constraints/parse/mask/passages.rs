//! Texts that the prompt asks to work on.

use std::ops::Range;

use super::{flat, names_answer};
use crate::{
    constraints::wording::{
        lex::{Lexed, TokenKind},
        pattern::Indexed,
    },
    says,
};

/// Whether a block of sentences begins by telling the assistant what to do.
fn instructs(text: &Indexed) -> bool {
    says!(
        text,
        r"^(?:[•\s]|\(?9[.)]? ?)*(?:please |now |then |finally |also |and |so |but |ok,? |okay,? |hi,? |hello,? |\w+:\s*)?(?:please|look at|compare|consider|judge|rank|decide|say|write|summari[sz]e|explain|rewrite|re write|reword|rephrase|translate|give|tell|use|using|make|list|answer|keep|do not|respond|reply|output|include|avoid|boil|turn|put|highlight|italici[sz]e|mention|ensure|proofread|edit|improve|expand|shorten|condense|describe|create|generate|draft|compose|can you|could you|would you|will you|i want|i need|i'd like|i would like|your|provide|return|format|wrap|limit|max|maximum|minimum|at most|at least|no more|requirements?|constraints?|rules?|based on|from the|for the above|in your|with the|critique|analy[sz]e|what does this|what is the|who|when|convert|classify|extract|identify|the (?:response|answer|reply|summary|output|above)|exactly|only|end|start|begin|finish|check|fix|correct|simplify|paraphrase|polish|add|suggest|find|help|read|review|pick|choose|maintain|copy|repeat|alternate|nest|count|each|every|no two|first|in (?:one|two|three|four|five|9)|under|within|(?:it |this |that )?(?:must|has to|have to|should|needs to|cannot|can not) (?:be|not|have|contain|include|mention|use|fit|end|start|begin|stay|sound|read)|(?:about |around |roughly |between )?9 (?:words?|characters?|chars|sentences?|lines?|paragraphs?) (?:max|maximum|tops|or|at most|minimum|please|long))\b"
    )
}

/// Whether the text to work on comes after this block.
fn announces(text: &Indexed) -> bool {
    // `explain our club's rules to a newcomer: …`, `here is the brief a client sent me`
    let others = says!(
        text,
        r"\b(?:explain|summari[sz]e|translate|proofread|check|review|comment on|critique) (?:our|my|his|her|their|these|the) [^.!?\n]{0,40}\b(?:rules|guidelines|requirements|instructions|policy|brief)\b"
    ) || says!(
        text,
        r"\b(?:here is|here's|here are|this is|these are|below is|below are) (?:the|a|my|their|our|his|her|what) (?:[a-z]+ ){0,3}(?:brief|spec|email|message|rules|guidelines|list|assignment|requirements|instructions)? ?(?:that |which )?(?:a|an|my|the|our|his|her|some|they|she|he|we) (?:[a-z]+ ){0,2}(?:sent|gave|wrote|handed|got|set|use|uses)\b"
    ) && !says!(
        text,
        r"\b(?:write|draft|compose|create|make|produce|follow|stick to|use it|do it)\b"
    );
    if others {
        return true;
    }
    // `Forwarded from the head teacher:`, `Got this from my landlord today:`
    let handed_on = says!(text, r"^[^.!?]{0,120}:\s*$")
        && says!(
            text,
            r"\b(?:forwarded|got|received|found|saw|came across|sent|pasted|reads|read|says|said|wrote|posted|told|from (?:the|my|our|a|his|her)|(?:email|e mail|letter|notice|sign|memo|message|note|ad|advert|listing|post|text|comment|review) (?:from|by|of|in|on|at))\b"
        )
        && !says!(
            text,
            r"\b(?:write|draft|compose|create|make|produce|requirements?|constraints?|rules?|format|keywords?|template|conditions|criteria|structure|follow|stick to|use|using|include|answer|explain|give|need|want)\b"
        );
    if handed_on {
        return true;
    }
    // `Summarise this for me, please`, and the text after a blank line.
    if says!(
        text,
        r"\b(?:summari[sz]e|translate|proofread|rewrite|reword|simplify|shorten|explain|edit|correct|sum up) (?:this|it)(?: (?:for me|for us|please|pls|briefly|quickly|again))*[.,:;!?\n]"
    ) {
        return true;
    }
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

/// `I inherited this style guide. Which of the rules are out of date?`: what is asked about are the rules in the list after it.
fn judges_rules(text: &Indexed) -> bool {
    text.trim_end().ends_with('?')
        && says!(
            text,
            r"\b(?:this|these|the following|the attached|our|my|their|his|her|the|some) (?:[a-z']+ ){0,3}?(?:style guide|guide|rules?|guidelines?|policy|policies|rubric|checklist|brief|terms|instructions|rulebook|code of conduct|criteria|requirements|commandments|contract|memo|notice|e ?mail|advice|tips|sign|letter)\b"
        )
        && says!(
            text,
            r"\b(?:which|any|what|some|all|none|one|most|how many|how much) (?:of|in|about) (?:the|these|this|them|it|those|that)\b|\b(?:is|are|does|do|could|would) (?:this|these|they|it|any|that|all)\b|\bout of date|\boutdated|\bmake sense|\bwhat do you (?:think|make)|\bwhat does\b"
        )
        && !says!(
            text,
            r"\b(?:write|draft|compose|create|follow|stick to|(?:can|could|would|will) you|please)\b"
        )
}

/// Whether the text to work on comes before this block.
fn points_up(text: &Indexed) -> bool {
    says!(
        text,
        r"\b(?:the above|above (?:text|passage|email|article|message|notes?|story)|facts above|text above|passage above|from the above|this (?:text|passage|email|article|letter|message|paragraph|query|code|notice|transcript|thread|review|memo|story))\b"
    )
}

/// Whether a block is one quotation or one block of code.
fn is_quoted(lexed: &Lexed, block: Range<usize>) -> bool {
    let mut rest = lexed.tokens[block]
        .iter()
        .filter(|token| !matches!(token.kind, TokenKind::Break { .. }));
    matches!(
        rest.next().map(|token| &token.kind),
        Some(TokenKind::Quote(_) | TokenKind::Fence)
    ) && rest.next().is_none()
}

/// Whether what stands before a colon says only what is to be done with the text behind it: `Please proofread`, `Translate to
/// French`, `Correct my English`.
fn is_errand(before: &str) -> bool {
    says!(
        before,
        r"^(?:please |pls |kindly |now |hi,? |hey,? |(?:can|could|would) you (?:please )?)*(?:proofread|proof read|translate|correct|reword|rephrase|paraphrase|rewrite|re write|polish|fix|edit|check|spellcheck|spell check|summari[sz]e|sum up|condense|shorten)(?: (?:in|to|into) [a-z0-9 ]{1,24}| (?:more|less) [a-z]+| for (?:tone|style|grammar|spelling|typos|clarity|me|mistakes)| (?:my|the) (?:english|spelling|grammar|typos|punctuation|mistakes|wording)| please| nicely| politely|,)*$"
    )
}

/// Marks the text that the prompt asks to work on; `said` are the sentences as words.
pub(super) fn passages(
    lexed: &Lexed,
    blocks: &[Range<usize>],
    sentences: &[Range<usize>],
    said: &[Indexed],
    masked: &mut [bool],
) {
    let tokens = |block: &Range<usize>| sentences[block.start].start..sentences[block.end - 1].end;
    let texts: Vec<Indexed> = blocks.iter().map(|block| flat(lexed, tokens(block))).collect();
    let mut hide = |block: &Range<usize>| {
        for (sentence, text) in sentences[block.clone()].iter().zip(&said[block.clone()]) {
            if !names_answer(text) {
                masked[sentence.clone()].fill(true);
            }
        }
    };
    // A passage announced goes on until a block gives an instruction.
    let mut announced = false;
    let mut judged = Vec::new();
    let mut letter = false;
    let mut last_up = 0;
    for (at, text) in texts.iter().enumerate() {
        if instructs(text) {
            (announced, letter) = (false, false);
        } else if announced || letter {
            hide(&blocks[at]);
            // A text in quotation marks ends with them.
            announced &= !is_quoted(lexed, tokens(&blocks[at]));
        }
        announced |= announces(text);
        if let Some(list) = blocks.get(at + 1).filter(|_| judges_rules(text)).map(tokens)
            && lexed.tokens[list.start].kind == TokenKind::Bullet
        {
            judged.push(list);
        }
        if points_up(text) {
            last_up = at;
        }
        // `Review: …`, `Email: …`: a labelled passage, or the head of a letter.
        if blocks.len() > 1
            && says!(
                text,
                r"^(?:text|review|e ?mail|passage|article|message|letter|transcript|post|notes?|paragraph|abstract|input|context|source|document|story|poem|speech|minutes|quote|comment|tweet|pitch|ticket|customer|query|from|subject|to|dear \w+|hi \w+|hey \w+) ?[:,]"
            )
        {
            hide(&blocks[at]);
            letter = says!(text, r"^(?:from|subject|to|dear|hi|hey)\b");
            // A letter to the assistant is the request itself.
            letter &= !says!(
                text,
                r"^(?:dear|hi|hey) (?:assistant|ai|bot|chatbot|model|computer|robot|machine|friend)\b"
            );
        }
    }
    for at in 0..last_up {
        if !instructs(&texts[at]) {
            hide(&blocks[at]);
        }
    }
    for list in judged {
        masked[list].fill(true);
    }
    // `Rewrite this: …` with the text behind the colon.
    for block in blocks {
        let mut open = false;
        for (sentence, text) in sentences[block.clone()].iter().zip(&said[block.clone()]) {
            if open && !names_answer(text) && !instructs(text) {
                masked[sentence.clone()].fill(true);
                continue;
            }
            let Some((before, after)) = text.split_once(": ") else {
                if open && instructs(text) {
                    open = false;
                }
                continue;
            };
            let works = says!(
                before,
                r"\b(?:rewrite|re write|reword|rephrase|translate|summari[sz]e|proofread|edit|improve|critique|shorten|condense|simplify|paraphrase|polish|expand|correct|continue|classify|soften|warm up|tone down)\b|\bmake (?:this|the following|these) (?:[a-z]+ )?(?:sound|read|less|friendlier|shorter|clearer|politer|nicer|simpler|warmer|softer|kinder)\b"
            ) && says!(
                before,
                r"\b(?:this|the following|these|following|below|it|text|sentences?|paragraph|passage|pitch)\b"
            ) && !says!(before, r"\b(?:rules|requirements|constraints|keywords)\b")
                || is_errand(before);
            let told = says!(after, r"^(?:if|when|unless|should)\b");
            if works && !told && after.split_whitespace().count() > 3 && !after.starts_with('"') {
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
