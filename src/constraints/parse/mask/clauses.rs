//! Where a clause about somebody else ends, and what is asked of the answer goes on.

use std::ops::Range;

use crate::{
    constraints::wording::{
        count_of,
        lex::{Lexed, TokenKind},
    },
    says,
};

/// Where what is reported ends: at a comma, or where a limit on the answer begins (`in under 80 words`).
pub(super) fn limit_in(lexed: &Lexed, range: Range<usize>) -> usize {
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

/// Where a clause about a person ends: at a mark, where a limit on the answer begins, or where it is said how to write.
pub(super) fn clause_end(lexed: &Lexed, range: Range<usize>) -> usize {
    let speaks = range.clone().any(|at| {
        matches!(
            lexed.word(at),
            "say"
                | "says"
                | "speak"
                | "speaks"
                | "answer"
                | "answers"
                | "reply"
                | "replies"
                | "greet"
                | "talk"
                | "talks"
                | "communicate"
                | "communicates"
                | "utter"
                | "utters"
                | "express"
                | "phrase"
                | "describe"
                | "order"
                | "explain"
                | "introduce"
                | "allowed"
                | "given"
        )
    });
    let ends = |at: usize| {
        let next = lexed.word(at + 1);
        match lexed.word(at) {
            "and" | "but" | "then" | "while" => matches!(
                next,
                "keep"
                    | "make"
                    | "use"
                    | "write"
                    | "do"
                    | "limit"
                    | "include"
                    | "end"
                    | "start"
                    | "mention"
                    | "give"
                    | "put"
                    | "add"
                    | "finish"
                    | "begin"
                    | "stick"
                    | "avoid"
                    | "list"
                    | "format"
                    | "highlight"
                    | "please"
            ),
            "that" => matches!(
                next,
                "includes"
                    | "contains"
                    | "uses"
                    | "mentions"
                    | "has"
                    | "ends"
                    | "begins"
                    | "starts"
                    | "must"
                    | "should"
            ),
            "so" => matches!(
                next,
                "no" | "not"
                    | "please"
                    | "keep"
                    | "make"
                    | "use"
                    | "write"
                    | "do"
                    | "every"
                    | "everything"
                    | "all"
                    | "it"
            ),
            "including" | "include" | "containing" | "mentioning" | "please" => true,
            "in" | "using" | "as" => {
                !speaks
                    && (matches!(
                        next,
                        "all"
                            | "lower"
                            | "upper"
                            | "lowercase"
                            | "uppercase"
                            | "capital"
                            | "capitals"
                            | "caps"
                            | "title"
                            | "json"
                            | "bullet"
                            | "bullets"
                            | "markdown"
                            | "a"
                    ) || says!(next, r"^{lang}$"))
            }
            _ => false,
        }
    };
    // `answers in exactly seven words`: a few words are what someone says, not how long a text is.
    let few = |at: usize| {
        speaks
            && (at + 1..(at + 4).min(range.end)).any(|at| {
                let number = match lexed.kind(at) {
                    Some(TokenKind::Number(number)) => Some(*number),
                    _ => count_of(lexed.word(at)),
                };
                let noun = lexed.word(at + 1);
                number.is_some_and(|number| {
                    number <= FEW && noun.starts_with("word") || number == 1 && noun == "sentence"
                })
            })
    };
    let mark = |at: usize| {
        matches!(
            lexed.tokens[at].kind,
            TokenKind::Mark('.' | '!' | '?') | TokenKind::Break { .. }
        )
    };
    let last = range.clone().rev().find(|&at| !mark(at)).unwrap_or(range.start);
    let range = range.start..last + 1;
    let mut from = range.start + 1;
    loop {
        let end = limit_in(lexed, from..range.end);
        let inner = (from..end)
            .find(|&at| ends(at) || matches!(lexed.tokens[at].kind, TokenKind::Mark(';' | ':' | '(' | '-')));
        match inner {
            Some(inner) => return inner,
            None if end < range.end && few(end) => from = end + 1,
            None => return end,
        }
    }
}

/// Words that someone in a text may say, at most.
const FEW: u64 = 20;
