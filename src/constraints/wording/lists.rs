//! Lists of words in a prompt: `"a", "b" and 'c'`, `field, thanks, issue`, `students & teachers`.

use super::{lex::TokenKind, sketch::Document};

/// Whether a bare word is hardly meant as itself.
pub fn is_common(item: &str) -> bool {
    NOT_ITEMS.contains(&item.to_lowercase().as_str())
}

/// Items of a list, at most.
const LONGEST: usize = 64;

pub struct List {
    pub items: Vec<String>,
    /// The token after the last item.
    pub end: Option<usize>,
}

/// Words that cannot be items of a list without quotation marks: they go on with the sentence.
const NOT_ITEMS: &[&str] = &[
    "in",
    "at",
    "for",
    "the",
    "a",
    "an",
    "to",
    "of",
    "on",
    "as",
    "is",
    "are",
    "be",
    "your",
    "you",
    "your",
    "throughout",
    "should",
    "must",
    "can",
    "may",
    "not",
    "do",
    "does",
    "with",
    "without",
    "somewhere",
    "anywhere",
    "that",
    "which",
    "please",
    "when",
    "but",
    "if",
    "while",
    "so",
    "then",
    "also",
    "make",
    "use",
    "include",
    "from",
    "within",
    "each",
    "will",
    "need",
    "needs",
    "have",
    "has",
    "appear",
    "appears",
    "because",
    "since",
    "by",
    "it",
    "this",
    "exactly",
    "only",
    "these",
    "those",
    "them",
    "i",
    "we",
    "my",
    "write",
    "keep",
    "no",
    "add",
    "avoid",
    "never",
    "ever",
    "more",
    "less",
    "before",
    "after",
    "everyone",
    "until",
    "like",
    "such",
    "there",
    "their",
    "its",
    "any",
    "all",
    "i'm",
    "i'd",
    "you'd",
    "count",
    "counts",
    "limit",
    "or",
    "characters",
    "unless",
    "than",
    "at",
    "per",
    "itself",
    "anyway",
    "naturally",
    "and",
    "or",
    "end",
    "finish",
    "mention",
    "respectively",
    "both",
    "wrap",
    "put",
    "then",
    "also",
    "thx",
    "pls",
    "around",
    "outside",
    "besides",
    "beyond",
    "either",
    "out",
    "will",
    "gets",
];

/// Verbs that begin another instruction where a word follows them: `the word roses and sign off with …`.
const INSTRUCTIONS: &[&str] = &[
    "sign",
    "begin",
    "start",
    "close",
    "make",
    "give",
    "stick",
    "stay",
    "leave",
    "skip",
    "do",
    "try",
    "format",
    "cover",
    "talk",
    "ask",
    "tell",
    "let",
    "set",
    "highlight",
    "bold",
    "limit",
    "aim",
    "respond",
    "reply",
    "answer",
    "explain",
];

/// Reads the list that starts at a token: quoted strings, else bare words.
pub fn read(document: &Document, from: usize) -> List {
    let kind = |at: usize| document.lexed.kind(at);
    let mut at = from;
    while matches!(
        kind(at),
        Some(TokenKind::Mark(':' | '[' | '(' | '-') | TokenKind::Bullet)
    ) || (at < from + 3
        && matches!(kind(at), Some(TokenKind::Break { blank: false }))
        && opens_item(kind(at + 1)))
    {
        at += 1;
    }
    // `: the words a and b`
    let named = usize::from(document.lexed.word(at) == "the");
    if matches!(
        document.lexed.word(at + named),
        "word" | "words" | "keyword" | "keywords" | "term" | "terms" | "phrase" | "phrases"
    ) {
        at += named + 1;
    }
    if matches!(kind(at), Some(TokenKind::Quote(_))) {
        return quoted_items(document, at);
    }
    bare_items(document, at)
}

fn opens_item(kind: Option<&TokenKind>) -> bool {
    matches!(kind, Some(TokenKind::Bullet | TokenKind::Quote(_)))
}

fn quoted_items(document: &Document, mut at: usize) -> List {
    let tokens = &document.lexed.tokens;
    let mut items = Vec::new();
    let mut end = None;
    while items.len() < LONGEST
        && let Some(token) = tokens.get(at)
    {
        match &token.kind {
            // `"a", and "b" should be …`: another thing is spoken of.
            TokenKind::Quote(_)
                if !items.is_empty()
                    && document.lexed.word(at - 1) == "and"
                    && at > 1
                    && matches!(document.lexed.kind(at - 2), Some(TokenKind::Mark(',')))
                    && matches!(document.lexed.word(at + 1), "should" | "must" | "has" | "needs") =>
            {
                break;
            }
            TokenKind::Quote(_) => {
                items.extend(document.quoted(at).map(|item| trim(item).to_owned()));
                end = Some(at + 1);
            }
            TokenKind::Mark(',' | '&' | '/' | ';' | '+') => {}
            TokenKind::Break { blank: false } if opens_item(document.lexed.kind(at + 1)) => {}
            TokenKind::Bullet => {}
            TokenKind::Han('和' | '与' | '及' | '或' | '跟') => {}
            TokenKind::Word(_)
                if matches!(
                    document.lexed.word(at),
                    "and" | "or" | "nor" | "plus" | "as" | "well"
                ) => {}
            TokenKind::Word(_)
                if matches!(
                    document.lexed.word(at),
                    "the" | "word" | "words" | "keyword" | "term" | "phrase" | "from" | "of"
                ) && next_quote(document, at) => {}
            _ => break,
        }
        at += 1;
    }
    List { items, end }
}

/// A quotation within the next three tokens: `and the word "x"`.
fn next_quote(document: &Document, at: usize) -> bool {
    (at + 1..at + 3).any(|at| matches!(document.lexed.kind(at), Some(TokenKind::Quote(_))))
}

/// `kitten` of `kitten,` in American quotation.
fn trim(item: &str) -> &str {
    item.strip_suffix([',', '，']).unwrap_or(item)
}

fn bare_items(document: &Document, from: usize) -> List {
    let tokens = &document.lexed.tokens;
    let mut items: Vec<String> = Vec::new();
    let (mut end, mut before_last) = (None, None);
    let mut at = from;
    let mut open = true;
    while items.len() < LONGEST
        && let Some(token) = tokens.get(at)
    {
        match &token.kind {
            TokenKind::Word(_) => {
                let word = document.lexed.word(at);
                let link = matches!(word, "and" | "or" | "nor" | "plus");
                if link {
                    open = true;
                } else if open && !NOT_ITEMS.contains(&word) {
                    items.push(document.lexed.source(at).to_owned());
                    before_last = end;
                    end = Some(at + 1);
                    open = false;
                } else {
                    // `roses, and sign off with …`: the last word began another clause.
                    let instruction = items
                        .last()
                        .is_some_and(|item| INSTRUCTIONS.contains(&item.to_lowercase().as_str()));
                    if !open && items.len() > 1 && (instruction || !NOT_ITEMS.contains(&word)) {
                        items.pop();
                        end = before_last;
                    }
                    break;
                }
            }
            TokenKind::Quote(_) if open => {
                items.extend(document.quoted(at).map(|item| trim(item).to_owned()));
                end = Some(at + 1);
                open = false;
            }
            TokenKind::Mark(',' | '&' | '/' | ';') if !items.is_empty() => open = true,
            TokenKind::Break { blank: false }
                if matches!(document.lexed.kind(at + 1), Some(TokenKind::Bullet)) =>
            {
                open = true;
            }
            TokenKind::Bullet => {}
            _ => break,
        }
        at += 1;
    }
    List { items, end }
}
