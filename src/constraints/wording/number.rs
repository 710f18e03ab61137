//! Numbers as people write them: digits, words, dozens, `twice`, Chinese numerals.

use super::lex::{Lexed, TokenKind};

/// A number and how many tokens state it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    pub lo: u64,
    /// Equal to `lo` but where one expression states a range (`两三`).
    pub hi: u64,
    pub tokens: usize,
    /// `once`, `twice`, `thrice`: the noun is part of the number.
    pub times: bool,
}

/// The number that starts at a token.
pub fn number_at(lexed: &Lexed, at: usize) -> Option<Number> {
    let exact = |value, tokens| {
        Some(Number {
            lo: value,
            hi: value,
            tokens,
            times: false,
        })
    };
    match &lexed.tokens.get(at)?.kind {
        TokenKind::Number(value) => {
            let tens = match lexed.kind(at + 1) {
                Some(TokenKind::Han('万')) => Some(10_000),
                Some(TokenKind::Han('千')) => Some(1_000),
                Some(TokenKind::Han('百')) => Some(100),
                _ => None,
            };
            match tens {
                Some(tens) => exact(value.saturating_mul(tens), 2),
                None => exact(*value, 1),
            }
        }
        TokenKind::Word(_) => word_number(lexed, at),
        TokenKind::Han(_) => han_number(lexed, at),
        _ => None,
    }
}

fn word_number(lexed: &Lexed, at: usize) -> Option<Number> {
    let word = |offset| lexed.word(at + offset);
    let some = |value, tokens, times| {
        Some(Number {
            lo: value,
            hi: value,
            tokens,
            times,
        })
    };
    match (word(0), word(1), word(2)) {
        ("half", "a", "dozen") => return some(6, 3, false),
        ("a", "half", "dozen") => return some(6, 3, false),
        ("a", "couple" | "pair" | "brace", "of") => return some(2, 3, false),
        ("a", "trio", "of") => return some(3, 3, false),
        ("a", "quartet", "of") => return some(4, 3, false),
        ("a", "couple", _) => return some(2, 2, false),
        ("a", "dozen", _) => return some(12, 2, false),
        // `not a single comma` is `no comma`.
        ("a", "single", _) if denied(lexed, at) => {}
        ("single", ..) if at > 0 && lexed.word(at - 1) == "a" && denied(lexed, at - 1) => return None,
        ("a", "single", _)
            if !matches!(
                word(2),
                "quote" | "quotes" | "quotation" | "spaced" | "space" | ""
            ) =>
        {
            return some(1, 2, false);
        }
        ("a", "hundred" | "thousand", _) => {}
        ("single", next, _)
            if !matches!(
                at.checked_sub(1).map_or("", |at| lexed.word(at)),
                "each" | "every" | "any" | "no" | "the" | "one" | "per" | "not"
            ) && !matches!(next, "quote" | "quotation" | "spaced" | "space" | "")
                // `single words` are no number of them.
                && !next.ends_with('s') =>
        {
            return some(1, 1, false);
        }
        // `zero commas` is `no commas`.
        ("zero", next, _) if !matches!(next, "" | "times" | "or" | "to" | "and" | "in" | "points") => {
            return None;
        }
        ("one", ..) if pronoun(lexed, at) => return None,
        ("twice", ..) => return some(2, 1, true),
        ("thrice", ..) => return some(3, 1, true),
        ("once", next, _) if once(lexed, at, next) => return some(1, 1, true),
        _ => {}
    }
    let (mut total, mut group, mut tokens) = (0u64, None::<u64>, 0);
    while tokens < LONGEST {
        let part = word(tokens);
        match small(part) {
            Some(value)
                if group.is_none_or(|group| {
                    group.is_multiple_of(100) || (group % 10 == 0 && group % 100 != 10 && value < 10)
                }) =>
            {
                group = Some(group.unwrap_or(0).saturating_add(value));
            }
            _ => match part {
                "hundred" if group.is_some_and(|group| group < 100) => group = group.map(|group| group * 100),
                "dozen" if group.is_some_and(|group| group < 100) && total == 0 => {
                    group = group.map(|group| group * 12)
                }
                "thousand" if group.is_some() => {
                    total = total.saturating_add(group.take().unwrap_or(0).saturating_mul(1000))
                }
                "a" if tokens == 0 && matches!(word(1), "hundred" | "thousand") => group = Some(1),
                "and"
                    if group.is_some_and(|group| group >= 100 && group.is_multiple_of(100))
                        && small(word(tokens + 1)).is_some()
                        // `between one hundred and one hundred and fifty` are two numbers.
                        && !matches!(word(tokens + 2), "hundred" | "thousand" | "dozen") => {}
                _ => break,
            },
        }
        tokens += 1;
    }
    if tokens == 0 {
        None
    } else {
        some(total.saturating_add(group.unwrap_or(0)), tokens, false)
    }
}

/// Whether one of the three words before a token denies what follows: `not a single comma`, `without using a single …`.
fn denied(lexed: &Lexed, at: usize) -> bool {
    (at.saturating_sub(3)..at)
        .rev()
        .map(|before| lexed.word(before))
        .take_while(|word| !word.is_empty())
        .any(|word| matches!(word, "not" | "without" | "never" | "nor" | "avoid"))
}

/// Whether `one` stands for a noun: `the one before`, `this one.`
fn pronoun(lexed: &Lexed, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |at| lexed.word(at));
    let last = !matches!(lexed.kind(at + 1), Some(TokenKind::Word(_) | TokenKind::Han(_)));
    // `write one in French`
    if matches!(
        before,
        "write" | "make" | "give" | "do" | "compose" | "draft" | "try" | "create" | "want"
    ) && matches!(
        lexed.word(at + 1),
        "in" | "with" | "using" | "without" | "about" | "for" | "on" | "myself" | "yourself"
    ) {
        return true;
    }
    let nth = ordinal_word(before).is_some();
    (nth || matches!(
        before,
        "the"
            | "this"
            | "that"
            | "another"
            | "which"
            | "previous"
            | "next"
            | "last"
            | "other"
            | "each"
            | "every"
            | "middle"
            | "closing"
            | "opening"
            | "final"
            | "longer"
            | "shorter"
    )) && (last
        || matches!(before, "each" | "every")
            && (small(lexed.word(at + 1)).is_some()
                || matches!(lexed.kind(at + 1), Some(TokenKind::Number(_))))
        || matches!(
            lexed.word(at + 1),
            "before"
                | "after"
                | "above"
                | "below"
                | "preceding"
                | "prior"
                | "that"
                | "which"
                | "who"
                | "you"
                | "i"
                | "all"
                | "in"
                | "off"
                | "of"
                | "has"
                | "must"
                | "should"
                | "needs"
                | "no"
                | "not"
                | "at"
                | "under"
                | "being"
                | "with"
                | "beginning"
                | "starting"
                | "opening"
                | "ending"
                | "begins"
                | "starts"
                | "opens"
                | "ends"
                | "to"
                | "can"
                | "will"
                | "ought"
        ))
}

/// Whether `once` counts occurrences rather than meaning `as soon as`.
fn once(lexed: &Lexed, at: usize, next: &str) -> bool {
    matches!(
        next,
        "in" | "or" | "only" | "per" | "each" | "throughout" | "within" | "overall" | "exactly" | "and"
    ) || next == "is" && matches!(lexed.word(at + 2), "the" | "enough" | "plenty")
        || matches!(
            lexed.kind(at + 1),
            None | Some(TokenKind::Mark(_) | TokenKind::Break { .. })
        )
        || (at > 0
            && matches!(
                lexed.word(at - 1),
                "least" | "only" | "exactly" | "than" | "most" | "just" | "precisely"
            ))
}

fn small(word: &str) -> Option<u64> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// A whole number in one word: `7`, `seven`.
pub fn count_of(word: &str) -> Option<u64> {
    small(word).or_else(|| word.parse().ok())
}

/// `first` and its like.
pub fn ordinal_word(word: &str) -> Option<u64> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        _ => return None,
    })
}

/// Numerals of one number, at most.
const LONGEST: usize = 12;

fn han_digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '兩' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn han_number(lexed: &Lexed, at: usize) -> Option<Number> {
    let (mut total, mut section, mut digit, mut tokens) = (0u64, 0u64, None::<u64>, 0);
    let (mut lower, mut unit) = (None::<u64>, false);
    while tokens < LONGEST
        && let Some(TokenKind::Han(c)) = lexed.kind(at + tokens)
    {
        let scale = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            _ => 0,
        };
        if scale > 0 {
            unit = true;
            let value = digit.take().unwrap_or(1).saturating_mul(scale);
            if scale == 10_000 {
                total = total.saturating_add(section).max(1).saturating_mul(scale);
                section = 0;
            } else {
                section = section.saturating_add(value);
            }
        } else if let Some(value) = han_digit(*c) {
            // 两三 and its like name a range; anything else with two digits in a row is read as one number.
            match digit {
                Some(first) if Some(value) == first.checked_add(1) && lower.is_none() && !unit => {
                    lower = Some(first)
                }
                Some(first) => {
                    digit = Some(first.saturating_mul(10).saturating_add(value));
                    tokens += 1;
                    continue;
                }
                None => {}
            }
            digit = Some(value);
        } else {
            break;
        }
        tokens += 1;
    }
    let value = total.saturating_add(section).saturating_add(digit.unwrap_or(0));
    (tokens > 0).then_some(Number {
        lo: lower.unwrap_or(value),
        hi: value,
        tokens,
        times: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::wording::lex::lex;

    fn read(text: &str) -> Option<(u64, u64, usize)> {
        number_at(&lex(text), 0).map(|number| (number.lo, number.hi, number.tokens))
    }

    #[test]
    fn words_add_up() {
        assert_eq!(read("twenty-five words"), Some((25, 25, 2)));
        assert_eq!(read("one hundred and fifty words"), Some((150, 150, 4)));
        assert_eq!(read("one hundred and one hundred and fifty"), Some((100, 100, 2)));
        assert_eq!(read("a hundred words"), Some((100, 100, 2)));
        assert_eq!(read("three thousand two hundred"), Some((3200, 3200, 4)));
        assert_eq!(read("half a dozen"), Some((6, 6, 3)));
        assert_eq!(read("two dozen"), Some((24, 24, 2)));
        assert_eq!(read("a story"), None);
        assert_eq!(read("one two"), Some((1, 1, 1)));
        assert_eq!(read("ten one-word names"), Some((10, 10, 1)));
    }

    #[test]
    fn chinese_numerals_add_up() {
        assert_eq!(read("二百五十字"), Some((250, 250, 4)));
        assert_eq!(read("一百二十"), Some((120, 120, 4)));
        assert_eq!(read("十五句"), Some((15, 15, 2)));
        assert_eq!(read("两三句"), Some((2, 3, 2)));
        assert_eq!(read("两千字"), Some((2000, 2000, 2)));
        assert_eq!(read("300字"), Some((300, 300, 1)));
    }

    #[test]
    fn once_counts_only_where_it_counts() {
        assert_eq!(read("once in the text"), Some((1, 1, 1)));
        assert_eq!(read("once you are done"), None);
    }
}
