//! Tokens of a sentence, token for token as `nltk.word_tokenize` (NLTK 3.9, `nltk/tokenize/destructive.py`): an improved
//! Penn Treebank tokenizer that rewrites the sentence step by step until white space separates the tokens.

use std::{borrow::Cow, sync::LazyLock};

use regex::{NoExpand, Regex, Replacer};

use super::chars::split;

/// One rewriting step; it is tried only if the sentence holds one of `needs`.
struct Step {
    needs: &'static [char],
    pattern: Regex,
    replacement: &'static str,
}

impl Step {
    fn new(needs: &'static [char], pattern: &str, replacement: &'static str) -> Option<Self> {
        let pattern = Regex::new(pattern).ok()?;
        Some(Self {
            needs,
            pattern,
            replacement,
        })
    }
}

/// In the published order; each works on what those before it left.
static BEFORE_PADDING: LazyLock<Vec<Step>> = LazyLock::new(|| {
    [
        // Opening quotes.
        Step::new(&['«', '“', '‘', '„', '`'], "([«“‘„]|[`]+)", " $1 "),
        Step::new(&['"'], r#"^""#, "``"),
        Step::new(&['`'], "(``)", " $1 "),
        Step::new(&['"', '\''], r#"([ (\[{<])("|'{2})"#, "$1 `` "),
        Step::new(&['\''], r"(?i)(')([\w--mtsdn])\b", "$1 $2"),
        // Punctuation.
        Step::new(&['.'], r#"([^.])(\.)([\])}>"'»”’ ]*)\s*$"#, "$1 $2 $3 "),
        Step::new(&[':', ','], r"([:,])(\D)", " $1 $2"),
        Step::new(&[':', ','], r"([:,])$", " $1 "),
        Step::new(&['.'], r"(\.{2,})", " $1 "),
        Step::new(&[';', '@', '#', '$', '%', '&'], "([;@#$%&])", " $1 "),
        Step::new(&['.'], r#"([^.])(\.)([\])}>"']*)\s*$"#, "$1 $2$3 "),
        Step::new(&['?', '!'], "([?!])", " $1 "),
        Step::new(&['\''], r"([^'])' ", "$1 ' "),
        Step::new(&['*'], r"(\*)", " $1 "),
        Step::new(
            &['(', ')', '[', ']', '{', '}', '<', '>'],
            r"([\]\[(){}<>])",
            " $1 ",
        ),
        Step::new(&['-'], "--", " -- "),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// As [`BEFORE_PADDING`], on the sentence with a space on both sides.
static AFTER_PADDING: LazyLock<Vec<Step>> = LazyLock::new(|| {
    [
        // Closing quotes and clitics.
        Step::new(&['»', '”', '’'], "([»”’])", " $1 "),
        Step::new(&['\''], "''", " '' "),
        Step::new(&['"'], r#"""#, " '' "),
        Step::new(&['\n', '\t', '\'', '"'], r"\s+", " "),
        Step::new(&['\''], r"([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
        Step::new(&['\''], r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
        // Contractions.
        Step::new(&['C', 'c'], r"(?i)\b(can)(not)\b", " $1 $2 "),
        Step::new(&['\''], r"(?i)\b(d)('ye)\b", " $1 $2 "),
        Step::new(&['G', 'g'], r"(?i)\b(gim)(me)\b", " $1 $2 "),
        Step::new(&['G', 'g'], r"(?i)\b(gon)(na)\b", " $1 $2 "),
        Step::new(&['G', 'g'], r"(?i)\b(got)(ta)\b", " $1 $2 "),
        Step::new(&['L', 'l'], r"(?i)\b(lem)(me)\b", " $1 $2 "),
        Step::new(&['\''], r"(?i)\b(more)('n)\b", " $1 $2 "),
        Step::new(&['W', 'w'], r"(?i)\b(wan)(na)(\s)", " $1 $2 $3"),
        Step::new(&['\''], r"(?i) ('t)(is)\b", " $1 $2 "),
        Step::new(&['\''], r"(?i) ('t)(was)\b", " $1 $2 "),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Hands the tokens of one sentence to `token`, in order.
pub fn tokens(sentence: &str, mut token: impl FnMut(&str)) {
    let mut text = Cow::Borrowed(sentence);
    rewrite(&mut text, &BEFORE_PADDING);
    text = format!(" {text} ").into();
    rewrite(&mut text, &AFTER_PADDING);
    split(&text).for_each(&mut token);
}

fn rewrite(text: &mut Cow<str>, steps: &[Step]) {
    for step in steps {
        if !text.contains(step.needs) {
            continue;
        }
        let rewritten = if step.replacement.contains('$') {
            replace(&step.pattern, text, step.replacement)
        } else {
            replace(&step.pattern, text, NoExpand(step.replacement))
        };
        if let Some(rewritten) = rewritten {
            *text = Cow::Owned(rewritten);
        }
    }
}

fn replace(pattern: &Regex, text: &str, replacement: impl Replacer) -> Option<String> {
    match pattern.replace_all(text, replacement) {
        Cow::Owned(rewritten) => Some(rewritten),
        Cow::Borrowed(_) => None,
    }
}

/// All tokens of one sentence.
#[cfg(test)]
fn all(sentence: &str) -> Vec<String> {
    let mut found = Vec::new();
    tokens(sentence, |token| found.push(token.to_owned()));
    found
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn published_edge_cases() {
        for (sentence, wanted) in [
            ("I'M", "I|'M"),
            ("DON'T go.", "DO|N'T|go|."),
            ("the U.S. army", "the|U.S.|army"),
            (
                "\"Well-known,\" he said (twice).",
                "``|Well-known|,|''|he|said|(|twice|)|.",
            ),
            ("1,000 at 5:30, a,b", "1,000|at|5:30|,|a|,|b"),
            ("cannot wanna gimme", "can|not|wan|na|gim|me"),
            ("Wait... what?!", "Wait|...|what|?|!"),
            ("$5 & #1", "$|5|&|#|1"),
            ("**BOLD** --x", "*|*|BOLD|*|*|--|x"),
            ("", ""),
        ] {
            assert_eq!(all(sentence).join("|"), wanted);
        }
    }
}
