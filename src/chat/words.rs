//! What somebody who looks for something in conversations has typed.

/// The words to be found, in any order; what stands between double quotes is one. A quote alone is a character.
pub fn words(typed: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('"').and_then(|inside| inside.split_once('"'));
        let (word, after) = match quoted.filter(|(phrase, _)| !phrase.trim().is_empty()) {
            Some(found) => found,
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_and_phrases_are_told_apart() {
        assert_eq!(words("  solar  lantern "), ["solar", "lantern"]);
        assert_eq!(words("a \"b c\" d"), ["a", "b c", "d"]);
        assert_eq!(words("5\" pipe"), ["5\"", "pipe"]);
        assert_eq!(words("\"open"), ["\"open"]);
        assert_eq!(words("\"\" x"), ["\"\"", "x"]);
        assert!(words(" \t").is_empty());
    }
}
