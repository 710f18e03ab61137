//! Classes of characters, as Python's `str` methods and `re` define them.

use std::sync::LazyLock;

/// Python's `\s` and `str.strip`: Unicode white space and the four ASCII separators.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// `str.strip()`.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// `str.split()`.
pub fn split(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(is_space).filter(|part| !part.is_empty())
}

/// Python's `string.punctuation`: curly quotes and dashes are not in it.
pub fn is_ascii_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
}

/// The text without ASCII punctuation, in lower case.
pub fn bare(text: &str) -> String {
    text.chars()
        .filter(|&c| !is_ascii_punctuation(c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text without ASCII punctuation and spaces at its ends.
pub fn trim_punctuation(text: &str) -> &str {
    text.trim_matches(|c| is_ascii_punctuation(c) || c == ' ')
}

/// `\w` of Python's `re`: letters, numbers and the underscore, but no combining marks.
pub fn is_word(c: char) -> bool {
    static CLASS: LazyLock<Class> = LazyLock::new(|| Class::new(r"[\p{L}\p{N}_]"));
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        CLASS.contains(c)
    }
}

/// `\d` of Python's `re`: decimal digits of any script.
pub fn is_digit(c: char) -> bool {
    static CLASS: LazyLock<Class> = LazyLock::new(|| Class::new(r"\p{Nd}"));
    if c.is_ascii() {
        c.is_ascii_digit()
    } else {
        CLASS.contains(c)
    }
}

/// A title-case letter such as `ǅ`, which is neither upper nor lower case.
pub fn is_title_case(c: char) -> bool {
    static CLASS: LazyLock<Class> = LazyLock::new(|| Class::new(r"\p{Lt}"));
    !c.is_ascii() && CLASS.contains(c)
}

/// `str.isupper()`: a cased character, and none that is not upper case.
pub fn is_all_upper(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(|c| c.is_lowercase() || is_title_case(c))
}

/// `str.islower()`: a cased character, and none that is not lower case.
pub fn is_all_lower(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(|c| c.is_uppercase() || is_title_case(c))
}

/// A sorted set of ranges.
struct Class(Vec<(char, char)>);

impl Class {
    fn new(pattern: &str) -> Self {
        let parsed = regex_syntax::parse(pattern).map(|hir| hir.into_kind());
        match parsed {
            Ok(regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class))) => Self(
                class
                    .ranges()
                    .iter()
                    .map(|range| (range.start(), range.end()))
                    .collect(),
            ),
            _ => Self(Vec::new()),
        }
    }

    fn contains(&self, c: char) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= c);
        after > 0 && c <= self.0[after - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_characters_are_pythons() {
        assert!(['a', '_', '7', 'é', '你', '²', 'ß'].into_iter().all(is_word));
        assert!(
            [' ', '-', '\u{301}', '\u{94d}', '，', '’']
                .into_iter()
                .all(|c| !is_word(c))
        );
    }

    #[test]
    fn case_of_a_text() {
        assert!(is_all_upper("COVID-19") && is_all_upper("3D") && !is_all_upper("19") && !is_all_upper("Ab"));
        assert!(is_all_lower("a b") && !is_all_lower("ǆ ǅ"));
    }
}
