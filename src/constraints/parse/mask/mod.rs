//! What a prompt holds besides requirements on its answer: pasted passages, rules for others, questions about texts.
//!
//! Owns the decision which sentences bind the answer. What does not is replaced by one [`TokenKind::Masked`] token, so that
//! no phrase can match in it. Quotations and fenced code are single tokens already. A sentence that names the answer itself
//! (`your response must …`) binds wherever it stands.

mod chinese;
mod clauses;
mod code;
mod facts;
mod others;
mod passages;
mod unbinding;

use std::ops::Range;

use crate::{
    constraints::wording::{
        lex::{Lexed, Token, TokenKind},
        pattern::Indexed,
    },
    says,
};

/// Bytes of a sentence that is looked at closely, at most.
const LONGEST_SENTENCE: usize = 4000;

/// Masks what asks nothing of the answer.
pub fn mask(lexed: &mut Lexed) {
    let sentences = sentences(lexed);
    let texts: Vec<Indexed> = sentences
        .iter()
        .map(|sentence| flat(lexed, sentence.clone()))
        .collect();
    let blocks = blocks(lexed, &sentences);
    let mut masked = vec![false; lexed.tokens.len()];
    passages::passages(lexed, &blocks, &sentences, &texts, &mut masked);
    let whole = flat(lexed, 0..lexed.tokens.len().min(400));
    let for_others = says!(
        &whole,
        r"\b(?:system prompt|prompt for (?:a|an|my|our|the)|prompt that|prompt (?:i|we|you|they) (?:can|could|will)|rules page|house rules for (?:my|our|a|the)|(?:write|draft|create|design|make|come up with|need|prepare) (?:me |us )?(?:some |the |a set of |new |clear |simple |our |my )*(?:class|classroom|house|game|club|gym|forum|pool|office|group|community|server|school|library|team) rules|rules for (?:our|the|my|a)|(?:terms|regulations|bylaws|conditions|charter|etiquette|dos and donts) (?:for|of) (?:our|the|my|a|an)|contest rules|competition rules|guidelines for|style guide (?:for|to)|submission guidelines|assignment (?:sheet|brief)|brief for (?:my|our|the|a) (?:writer|designer|copywriter|team|freelancer)|instructions for (?:my|our|the|a) (?:students|team|writers|bot|staff|class|pupils|chatbot)|job description|validation rules?|password (?:rules?|policy|requirements)|(?:rule|task|exercise|question|score) ?(?:sheet|card|book)s?|rulebook|code of conduct|ground rules|terms and conditions|call for (?:papers|entries|submissions)|(?:entry|sign up|application|consent|order) form|questionnaire|rules (?:for|of|to) (?:play|take part|enter|join|a|an|the|our|my|this|next)|homework (?:sheet|task) for|(?:exam|essay) question|essay prompt|writing prompt|lesson plan|writing challenge|(?:social media|dress|privacy|return|refund|attendance|leave|comment|posting) policy|policy (?:for|on))\b"
    );
    code::lines(lexed, &mut masked);
    code::logs(lexed, &mut masked);
    others::names_of_things(lexed, &mut masked);
    others::rates(lexed, &sentences, &texts, &mut masked);
    let chinese = chinese::Prompt::read(lexed, &sentences);
    if chinese.is_some() {
        chinese::rates(lexed, &mut masked);
        chinese::pasted(lexed, &blocks, &sentences, &mut masked);
    }
    retractions(&sentences, &texts, &mut masked);
    let producing: Vec<bool> = texts
        .iter()
        .map(|text| {
            // `What do people usually cut first?` asks for no text.
            let wonders = says!(text, r"^(?:what|which|who|why|when|where|how)\b.*\?\s*$")
                && !says!(text, r"\b(?:can|could|would|will) you\b|\bplease\b");
            produces(text) && !wonders
        })
        .collect();
    let requests = producing.iter().filter(|&&produces| produces).count();
    let asks = texts.iter().any(|text| {
        text.trim_end().ends_with('?') || says!(text, r"\b(?:bug|debug|broken|does not work|goes wrong)\b")
    });
    let only_asks = facts::only_asks(&texts);
    let tells = texts.iter().any(facts::asks_for_a_tale);
    for ((sentence, text), &own) in sentences.iter().zip(&texts).zip(&producing) {
        if let Some(range) = others::part(lexed, sentence, text, for_others)
            .or_else(|| unbinding::part(lexed, sentence, text))
            .or_else(|| facts::topic(lexed, sentence, text))
            .or_else(|| chinese.as_ref()?.part(lexed, sentence))
        {
            masked[range].fill(true);
        } else if requests == usize::from(own) && asks && others::states_rules(text) {
            masked[others::before_conclusion(lexed, sentence)].fill(true);
        } else if requests == usize::from(own)
            && asks
            && (others::third_party(text) || others::describes_program(text))
            || facts::computes(text)
            || tells && facts::is_premise(text)
            || only_asks && facts::states(text)
        {
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

/// Masks a sentence that the next one takes back: `No exclamation marks. Actually, never mind that.`
fn retractions(sentences: &[Range<usize>], texts: &[Indexed], masked: &mut [bool]) {
    for (places, texts) in sentences.windows(2).zip(texts.windows(2)) {
        let ([said, next], [said_text, next_text]) = (places, texts) else {
            continue;
        };
        let all = takes_back(next_text);
        // `Between 4 and 6 paragraphs? No: call it five.`
        let corrected = said_text.trim_end().ends_with('?')
            && !says!(said_text, r"\b(?:can|could|would|will) (?:you|u)\b|\bplease\b")
            && says!(
                next_text,
                r"^(?:no[:,.] |scratch that|on second thoughts?|make (?:it|that) (?:9|one|two|three|four|five|six|seven|eight|nine|ten)\b)"
            );
        if all || corrected {
            masked[said.clone()].fill(true);
        }
        if all {
            masked[next.clone()].fill(true);
        }
    }
}

/// Whether a sentence takes back what was said just before it: `Actually no, leave that.`
pub(super) fn takes_back(text: &str) -> bool {
    says!(
        text,
        r"^(?:(?:oh|ok|okay|hm+|wait|um|uh|well|sorry|no|nah|nope|actually|hang on|hold on|on second thoughts?|on reflection|thinking about it|come to think of it|you know what|but)[,.! ]+)*(?:(?:never mind|nvm|scrap|scratch|ignore|forget|forget about|strike|cancel|skip|drop|undo|disregard|leave out|do not worry about|don't worry about) (?:that|the last|this)(?: last)?(?: one| bit| part| sentence| point| request| idea)?|never ?mind|nvm|forget it|do not bother|don't bother|no need|let's not|better not|rather not)(?: (?:after all|then|please|thanks|actually|for now))?[.!,\n]*$"
    ) || says!(
        text,
        r"^(?:(?:oh|ok|okay|hm+|um|uh|well|sorry)[,.! ]+)*(?:wait|no|nah|nope|actually|hang on|hold on|on second thoughts?|on reflection|thinking about it|come to think of it|you know what)[,.! ]+(?:(?:no|nah|wait)[,.! ]+)?(?:leave|skip|drop|cut|lose) (?:it|that|this)(?: out| off| be| alone)?[.!,\n]*$"
    )
}

/// Whether a sentence asks for a text.
fn produces(text: &Indexed) -> bool {
    says!(
        text,
        r"\b(?:write|draft|compose|create|rewrite|summari[sz]e|shorten|trim|cut|edit|turn|make|give|prepare|produce|answer|reply|respond|describe|explain|tell|list|polish|improve|expand|generate|translate|need|want|do me|can you|could you|please|pls)\b"
    )
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
fn flat(lexed: &Lexed, range: Range<usize>) -> Indexed {
    let mut out = String::with_capacity(range.len() * 6);
    for at in range {
        flatten(lexed, at, &mut out);
    }
    out.into()
}

fn flatten(lexed: &Lexed, at: usize, out: &mut String) {
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

/// The token of a sentence that stands at a place of what [`flat`] makes of it.
fn token_at(lexed: &Lexed, sentence: &Range<usize>, place: usize) -> usize {
    let mut flat = String::new();
    let reaches = |&at: &usize| {
        flatten(lexed, at, &mut flat);
        flat.len() > place
    };
    sentence.clone().find(reaches).unwrap_or(sentence.end)
}

/// A sentence from the first of these words on, if it does not begin with one.
fn from_word(lexed: &Lexed, sentence: &Range<usize>, words: &[&str]) -> Option<Range<usize>> {
    let at = sentence
        .clone()
        .skip(1)
        .find(|&at| words.contains(&lexed.word(at)))?;
    Some(at..sentence.end)
}

/// Whether a sentence speaks of the answer by name.
fn names_answer(text: &Indexed) -> bool {
    says!(
        text,
        r"\b(?:your|the|this) (?:entire |whole |full |complete |final )?(?:response|answer|reply|output|rewrite|summary|translation)s?\b{x}\b(?:must|should|needs?|has to|can|may|in|is|contain|throughout|with|to|be|at)|\b(?:in|throughout|of|for|around|with) your (?:entire |whole |full )?(?:response|answer|reply|output|rewrite|summary)|\b(?:end|finish|begin|start|wrap|keep|limit|write) (?:your|the) (?:entire |whole )?(?:response|answer|reply|output|summary)|\bfirst,? repeat|\brepeat the (?:request|prompt|sentence)|\b(?:do not|avoid|without) (?:use|using|include|including|mention|mentioning) (?:any |the )?(?:commas|keywords?|words?|letter)|\binclude (?:the )?key ?words?"
    )
}
